"""The small memories: bounded entries, marks, rates, and Slack's timestamps."""

from __future__ import annotations

import asyncio

import pytest

from handlers.hearing.message import Change, Said, from_event, from_history, just_before, micros
from handlers.hearing.seen import Seen
from handlers.kept import Kept
from handlers.pace import Pace


def said(ts: str) -> Change:
    return Change("said", Said("C1", ts))


def test_what_was_used_least_falls_out_and_entries_age() -> None:
    now = 0.0
    kept: Kept[str, int] = Kept(2, seconds=10, clock=lambda: now)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert list(kept) == ["a", "c"]
    now = 11.0
    assert kept.get("a") is None


def test_a_mark_moves_only_past_messages_that_are_done() -> None:
    seen = Seen()
    first, second = said("100.000001"), said("200.000001")
    seen.begin(first)
    seen.begin(second)
    seen.done(second, watched=True)
    assert seen.marks(lambda _: False) == {"C1": "100.000000"}
    assert seen.marks(lambda _: True) == {}
    seen.done(first, watched=True)
    assert seen.marks(lambda _: False) == {"C1": "200.000001"}
    seen.written({"C1": "200.000001"})
    assert seen.marks(lambda _: False) == {}


def test_unwatched_channels_get_no_mark() -> None:
    seen = Seen()
    seen.begin(said("100.000001"))
    seen.done(said("100.000001"), watched=False)
    assert seen.marks(lambda _: False) == {}


async def test_a_burst_passes_and_then_one_waits() -> None:
    pace, loop = Pace(calls=3, window=0.3), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(3):
        await pace.turn()
    assert loop.time() - began < 0.2
    await pace.turn()
    assert loop.time() - began >= 0.29


def test_slack_timestamps_compare_by_their_microseconds() -> None:
    assert micros("1793811600.000100") == 1793811600000100
    assert just_before("1793811600.000000") == "1793811599.999999"
    assert micros("5") == 5_000_000


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "message_replied", "huddle_thread"])
def test_notices_are_nobodys_words(subtype: str) -> None:
    assert from_event({"type": "message", "channel": "C1", "ts": "1.0", "subtype": subtype, "text": "15 a day"}) is None


def test_a_parent_that_was_deleted_under_its_replies_is_a_deletion() -> None:
    tombstone = {"ts": "1.000000", "subtype": "tombstone", "text": "This message was deleted."}
    event = {"channel": "C1", "subtype": "message_changed", "message": tombstone, "previous_message": {"ts": "1.000000", "text": "15"}}
    change = from_event(event)
    assert change is not None
    assert (change.what, change.said.ts) == ("deleted", "1.000000")


def test_a_link_preview_is_no_edit() -> None:
    message = {"ts": "1.000000", "user": "U1", "text": "see <https://x.example>"}
    event = {
        "channel": "C1",
        "subtype": "message_changed",
        "message": {**message, "attachments": [{"text": "preview"}]},
        "previous_message": message,
    }
    assert from_event(event) is None


def test_an_edit_without_a_mark_of_its_own_is_still_another_state() -> None:
    old = {"ts": "1.000000", "user": "U1", "text": "500"}
    change = from_event(
        {"channel": "C1", "subtype": "message_changed", "ts": "9.0", "message": {**old, "text": "15"}, "previous_message": old}
    )
    assert change is not None
    assert change.key == ("C1", "1.000000", "9.0")


def test_a_thread_parent_is_no_reply_and_a_bots_attachment_is_its_text() -> None:
    change = from_history("C1", {"ts": "1.000000", "thread_ts": "1.000000", "bot_id": "B1", "attachments": [{"text": "15 a day"}]})
    assert change is not None
    assert (change.said.thread_ts, change.said.text) == (None, "15 a day")
