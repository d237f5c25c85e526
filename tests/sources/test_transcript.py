"""Transcripts as Zoom, Teams, Meet, Otter and others write them: every word, digit and speaker where it belongs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.sources.conversation import Turn
from store.sources.transcript import day_of, parse_transcript

DATA = Path(__file__).parent / "data" / "transcripts"
NAMES = ("Dana Ortiz", "Ivan Petrov")


def _turns(name: str, starts: datetime | None = None) -> tuple[Turn, ...]:
    found = parse_transcript((DATA / name).read_bytes().decode(), name, starts, NAMES)
    assert found.mistakes == ()
    (conversation,) = found.conversations
    assert conversation.medium == "call"
    return conversation.turns


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zoom-GMT20261102-150000.vtt", [
            ("1", "Dana Ortiz", "We'll start with 15 a day."),
            ("3", "Dana Ortiz", "So the plan: 15 a day, and volume < 20 and > 3."),
            ("4", "Ivan Petrov (SL)", "okay & noted"),
            ("5", "Dana Ortiz", "2,000 in week 3"),
        ]),
        ("teams.vtt", [
            ("1", "Dana Ortiz", "We'll start with 15 a day, maybe 20 by Friday"),
            ("3", "Ivan Petrov", "Right."),
            ("2", "Ortiz, Dana (Acme)", "Ívan?"),
            ("2.2", "Ivan Petrov", "Yes, 150."),
        ]),
        ("teams-old.vtt", [("1", "Dana Ortiz", "Fifteen a day."), ("2", "Ivan Petrov", "15?")]),
        ("captions.srt", [("1", "Dana", "15 a day"), ("2", "Ivan", "[laughter] 2026 was 3.5 a week")]),
        ("zoom-client.txt", [
            ("1", "Dana Ortiz", "We'll start with 15 a day and see: 20 later"),
            ("3", "Ivan Petrov", "Okay"),
        ]),
        ("zoom-chat.txt", [("1", "Dana Ortiz", "15 a day to start"), ("2", "Ivan Petrov", "fine and 20 next week")]),
        ("meet.txt", [("1", "Dana Ortiz", "15 a day"), ("2", "Riley Chen", "The thing is: we agreed 150"), ("3", "Dana Ortiz", "okay")]),
        ("meet-gemini.md", [("1", "Dana Ortiz", "15 a day"), ("2", "Riley Chen", "150 was agreed"), ("3", "Dana Ortiz", "right")]),
        ("otter.txt", [
            ("1", "Dana Ortiz", "We'll start with 15 a day"),
            ("2", "Unknown Speaker", "Okay."),
            ("3", "Unknown Speaker", "More: of it"),
        ]),
        ("slack-copy.txt", [
            ("1", "Dana Ortiz", "we'd start with 15 a day and see how it goes"),
            ("2", "Dana Ortiz", "pickup at 4:30 PM? Tomorrow 4:30 PM"),
            ("3", "Ivan Petrov", "Thanks"),
            ("4", "Ivan Petrov", "Okay"),
        ]),
        ("podcast.txt", [("1", "Dana Ortiz", "15 a day"), ("2", "Riley Chen", "no, 150")]),
        ("voices.txt", [("1", "Dana Ortiz", "15 a day"), ("2", "Riley Chen", "150")]),
    ],
)  # fmt: skip
def test_each_form(name: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(turn.key, turn.speaker, turn.text) for turn in _turns(name)] == expected


def test_when_it_was_said() -> None:
    assert _turns("zoom-GMT20261102-150000.vtt")[2].at == datetime(2026, 11, 2, 15, 0, 6, tzinfo=UTC)
    assert _turns("meet.txt")[2].at == datetime(2026, 11, 2, 10, 10)
    start = datetime(2026, 11, 2, 10, 30)
    assert _turns("otter.txt", start)[1].at == datetime(2026, 11, 2, 11, 32, 3)
    assert _turns("zoom-client.txt", start)[1].at == datetime(2026, 11, 2, 11, 2, 20)
    assert [turn.at for turn in _turns("slack-copy.txt", start)] == [
        datetime(2026, 11, 2, 9, 14), datetime(2026, 11, 2, 9, 15), datetime(2026, 11, 2, 12, 5), datetime(2026, 11, 2, 13, 20)
    ]  # fmt: skip


def test_no_date_is_said_aloud() -> None:
    (note,) = parse_transcript("[Dana] 11:02:09\nhello\n", "call.txt").notes
    assert "--said-at" in note


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("call.vtt", None),
        ("kickoff 2026-11-02.vtt", datetime(2026, 11, 2)),
        ("2026-11-02_1430 acme.txt", datetime(2026, 11, 2, 14, 30)),
        ("2026-13-45.vtt", None),
        ("GMT20269999-999999.vtt", None),
        ("order 12026-11-021.txt", None),
    ],
)
def test_a_date_in_the_name(name: str, expected: datetime | None) -> None:
    assert day_of(name) == expected


@pytest.mark.parametrize("text", ["", "WEBVTT", "\n\n", "00:00:01.000 --> 00:00:02.000\n\n"])
def test_nothing_said_is_a_mistake(text: str) -> None:
    found = parse_transcript(text, "call.vtt")
    assert found.conversations == ()
    assert len(found.mistakes) == 1


def test_the_same_word_twice_is_kept_and_long_talk_is_not_glued_forever() -> None:
    cues = "".join(f"00:00:{number:02d}.000 --> 00:00:{number:02d}.900\n<v Dana>{'word ' * 20}{number}</v>\n\n" for number in range(60))
    turns = [turn.text for turn in parse_transcript(f"WEBVTT\n\n{cues}", "call.vtt").conversations[0].turns]
    assert max(map(len, turns)) <= 800
    assert sum(text.count("word") for text in turns) == 1200


LINES = st.sampled_from(
    [
        "WEBVTT",
        "1",
        "00:00:01.000 --> 00:00:02.000",
        "0:1",
        "Dana: 15",
        "[Dana] 10:00:00",
        "**",
        "<v Dana>15",
        "</v>",
        "",
        "Dana  0:15",
        "x: ",
        "\t",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES | st.text(max_size=12), max_size=20))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    found = parse_transcript("\n".join(lines), "call.txt")
    assert found.conversations or found.mistakes
    keys = [turn.key for conversation in found.conversations for turn in conversation.turns]
    assert len(keys) == len(set(keys))
