"""What services send of calls: each service's shape comes to the same words, and nothing that may be sent breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sources.plain import NotReadable
from store.sources.streams import Segment, meeting_key, read_stream, turn_of, turns_of

BEGAN = datetime(2026, 11, 4, 14, 0, tzinfo=UTC)
MS = int(BEGAN.timestamp() * 1000)
WORDS = "we start with 15 a day"


def recall(event: str = "transcript.data", **inner: Any) -> dict[str, Any]:
    words = [{"text": word, "start_timestamp": {"relative": 12.0 + n}} for n, word in enumerate(WORDS.split())]
    data = {"words": words, "participant": {"id": 7, "name": "Dana Ortiz", "email": "dana@acme.example"}} | inner
    return {"event": event, "data": {"data": data, "bot": {"id": "b1", "metadata": {"deal": "Acme"}}}}


SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "recall": (recall(), "recall:b1"),
    "zoom": (
        {
            "msg_type": 17,
            "meeting_uuid": "u==",
            "started_at": MS,
            "content": {"user_id": 7, "user_name": "Dana Ortiz", "start_time": MS + 12_000, "end_time": MS + 14_000, "data": WORDS},
        },
        "zoom:u==",
    ),
    "fathom": (
        {
            "meeting_title": "Kickoff",
            "recording_id": 99,
            "recording_start_time": "2026-11-04T14:00:00Z",
            "transcript": [{"speaker": {"display_name": "Dana Ortiz"}, "text": WORDS, "timestamp": "00:00:12"}],
        },
        "fathom:99",
    ),
    "fireflies": (
        {"id": "f1", "title": "Kickoff", "date": MS, "sentences": [{"speaker_name": "Dana Ortiz", "text": WORDS, "start_time": 12.0}]},
        "fireflies:f1",
    ),
    "fireflies live": (
        {"transcript_id": "f1", "chunk_id": 4, "text": WORDS, "speaker_name": "Dana Ortiz", "start_time": "12", "end_time": 14},
        "fireflies:f1",
    ),
    "plain": ({"call": "c1", "segments": [{"id": "1", "speaker": "Dana Ortiz", "start": 12, "text": WORDS}]}, "call:c1"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_comes_to_the_same_words(name: str) -> None:
    body, call = SHAPES[name]
    told = read_stream(body)
    [segment] = told.segments
    assert told.call == call
    assert (segment.text, segment.who, segment.second) == (WORDS, "Dana Ortiz", 12.0)
    assert told.kind == ("whole" if name in ("fathom", "fireflies") else "words")
    assert told.began in (None, BEGAN)
    assert read_stream(body).segments[0].key == segment.key


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (recall("transcript.partial_data"), "partial"),
        (recall("bot.call_ended"), "ended"),
        (recall("bot.joining_call"), "other"),
        (recall(words=[]), "words"),
        ({"event": "meeting.rtms_stopped", "payload": {"meeting_uuid": "u=="}}, "ended"),
        ({"event": "meeting.rtms_started", "payload": {"meeting_uuid": "u=="}}, "other"),
        ({"msg_type": 14, "meeting_uuid": "u=="}, "other"),
        ({"call": "c1", "ended": True}, "ended"),
        ({"call": "c1", "final": False, "segments": [{"text": "we st"}]}, "partial"),
    ],
)
def test_what_an_event_is(body: dict[str, Any], kind: str) -> None:
    assert read_stream(body).kind == kind


def test_addresses_and_names_of_deals_come_along() -> None:
    told = read_stream(recall())
    assert (told.deal, told.segments[0].email) == ("Acme", "dana@acme.example")
    nameless = read_stream(recall(participant={"id": 7, "name": None}))
    assert nameless.segments[0].who == "Participant 7"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("https://us02web.zoom.us/j/8123456789?pwd=abc", "8123456789"),
        ("812 345 6789", "8123456789"),
        ("812-345-6789", "8123456789"),
        ("https://meet.google.com/abc-defg-hij", "meet.google.com/abc-defg-hij"),
        ("meet.google.com/ABC-defg-hij/", "meet.google.com/abc-defg-hij"),
        (" weekly ", "weekly"),
    ],
)
def test_a_meeting_has_one_name(given: str, key: str) -> None:
    assert meeting_key(given) == key


def test_pieces_of_a_sentence_become_one_turn() -> None:
    pieces = [("Dana", 1.0, "we start with"), ("Dana", 2.5, "15 a day."), ("Ivan", 4.0, "Fine."), ("Dana", 5.0, "Good.")]
    turns = turns_of([turn_of(Segment(str(n), text, who, None, at), BEGAN) for n, (who, at, text) in enumerate(pieces)], BEGAN)
    assert [(turn.key, turn.name, turn.text, turn.moment) for turn in turns] == [
        ("0", "Dana", "we start with 15 a day.", "0:01"),
        ("2", "Ivan", "Fine.", "0:04"),
        ("3", "Dana", "Good.", "0:05"),
    ]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([
    "event", "data", "bot", "words", "participant", "transcript", "sentences", "segments", "msg_type", "content", "chunk_id", "id", "call",
    "start_time", "began", "date", "meeting", "ended", "text", "speaker", "metadata", "payload", "meeting_uuid",
])  # fmt: skip


@given(
    st.dictionaries(NAMES, ANY | st.dictionaries(NAMES, ANY, max_size=4) | st.lists(st.dictionaries(NAMES, ANY, max_size=4), max_size=2))
)
def test_nothing_that_may_be_sent_breaks_it(body: dict[str, Any]) -> None:
    try:
        told = read_stream(body)
    except NotReadable:
        return
    assert turns_of([turn_of(segment, BEGAN) for segment in told.segments if segment.second < 1e8], BEGAN) is not None


@given(st.text(max_size=80))
def test_any_text_is_a_meeting(given: str) -> None:
    assert len(meeting_key(given)) <= 500
