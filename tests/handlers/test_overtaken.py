"""Events that come in another order than they happened in, or once more: what the message says last is what counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from handlers.hearing import catch_up
from handlers.hearing.message import Change, Said
from store import channels
from store.records import KnownDeal
from tests.handlers.telling import Stage, stage, until
from tests.live.fake_slack import Fault

AGREES = "yes, let's start with that"
LOW, AGREED, LOWER = "we'll start with 15 packages a day", "we'll start with 150 packages a day", "we'll start with 12 packages a day"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def hears(at: Stage, ts: str, text: str) -> None:
    """The event of a message, which may come late."""
    await at.message_event(channel="C1", user="U1", text=text, ts=ts)


async def standing(at: Stage, known: KnownDeal) -> list[tuple[str, int]]:
    """Words and count of what stands."""
    return [(one.finding.quote, one.count) for one in await at.all_found(known) if one.state != "withdrawn"]


async def test_a_message_whose_deletion_comes_first_raises_nothing(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await at.deletes(ts)
    await hears(at, ts, LOW)
    assert await standing(at, known) == []


async def test_a_message_whose_edit_comes_first_is_not_heard_in_its_old_words(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await at.edits(ts, "U1", LOW, AGREED)
    await hears(at, ts, LOW)
    assert [words for words, _ in await standing(at, known) if words == LOW] == []


async def test_of_two_edits_the_later_counts_whichever_comes_first(at: Stage) -> None:
    known = await at.know()
    ts = await at.says("U1", LOW)
    old = {"type": "message", "user": "U1", "text": LOW, "ts": ts}
    for second, words in ((9, AGREED), (5, LOWER)):
        new = {**old, "text": words, "edited": {"user": "U1", "ts": f"{float(ts) + second:.6f}"}}
        await at.message_event(subtype="message_changed", channel="C1", message=new, previous_message=old, ts=new["edited"]["ts"])
    assert [words for words, _ in await standing(at, known) if words != AGREED] == []


async def test_what_is_deleted_while_an_absence_is_caught_up_with_raises_nothing(at: Stage) -> None:
    """History was asked for before the deletion, and is heard after it."""
    known = await at.know()
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C1": at.slack.say("U1", "C1", "good morning")})
    at.clock.ahead(hours=1)
    ts = at.slack.say("U1", "C1", LOW)
    asked = at.slack.count("conversations.history")
    async with at.house.rooms.of("C1").lock:  # so that nothing is heard yet
        catching_up = asyncio.create_task(catch_up.catch_up(at.house, "C1"))
        await until(lambda: at.slack.count("conversations.history") == asked + 2)
        at.house.asked.note(Change("deleted", Said("C1", ts)))
    assert await catching_up == 1
    assert await standing(at, known) == []


async def test_what_another_process_has_heard_is_counted_once_when_it_is_heard_again(at: Stage) -> None:
    known = await at.know()
    said = []
    for words in (LOW, LOWER, LOW):
        at.clock.ahead(minutes=1)
        said.append((await at.says("U1", words), words))
    before = await standing(at, known)
    assert [count for _, count in before] == [1, 1, 1]
    at.house.handled.clear()
    for ts, words in said:
        await hears(at, ts, words)
    assert await standing(at, known) == before


async def test_an_edit_to_what_was_said_since_leaves_none_of_the_old_words(at: Stage) -> None:
    known = await at.know()
    first = await at.says("U1", LOWER)
    at.clock.ahead(minutes=1)
    await at.says("U1", LOW)
    await at.edits(first, "U1", LOWER, LOW)
    assert LOWER not in [words for words, _ in await standing(at, known)]


async def test_an_edit_that_another_process_heard_with_its_context_stands_when_it_is_heard_again_without(at: Stage) -> None:
    """As where Slack does not tell the second process what was said before."""
    known = await at.know()
    await at.says("U2", "shall we start with 15 packages a day instead?")
    ts = await at.says("U1", "hm")
    at.clock.ahead(seconds=5)
    old = {"type": "message", "user": "U1", "text": "hm", "ts": ts}
    new = {**old, "text": AGREES, "edited": {"user": "U1", "ts": f"{at.clock.now().timestamp():.6f}"}}
    edit = {"subtype": "message_changed", "channel": "C1", "message": new, "previous_message": old, "ts": new["edited"]["ts"]}
    await at.message_event(**edit)
    before = await standing(at, known)
    assert AGREES in [words for words, _ in before]
    at.house.handled.clear()
    at.house.rooms.forget("C1")
    at.slack.fail("conversations.history", *[Fault(status=503)] * 4)
    await at.message_event(**edit)
    assert await standing(at, known) == before


async def test_an_edit_withdraws_what_a_late_event_of_the_old_words_had_another_process_record(at: Stage) -> None:
    known = await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    at.clock.ahead(seconds=5)
    edited = f"{at.clock.now().timestamp():.6f}"
    at.clock.ahead(seconds=5)
    await hears(at, ts, LOW)
    old = {"type": "message", "user": "U1", "text": LOW, "ts": ts}
    new = {**old, "text": AGREED, "edited": {"user": "U1", "ts": edited}}
    await at.message_event(subtype="message_changed", channel="C1", message=new, previous_message=old, ts=edited)
    assert [words for words, _ in await standing(at, known) if words == LOW] == []
