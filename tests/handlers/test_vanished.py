"""What was deleted while nobody listened is kept no longer than its message: findings, their quotes, and calls; and nothing else goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text as sql

from handlers.hearing import catch_up
from handlers.hearing.vanished import vanished
from tests.handlers.dms import LOW, shown
from tests.handlers.telling import Stage, stage
from tests.handlers.test_away import CHAT, PEAK, WHY, caught_up, leave
from tests.handlers.test_calls import TALK, drops, found
from tests.live.fake_slack import Fault
from tests.sources.calls import TEXTS


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


@pytest.mark.parametrize("trace", [False, True])
async def test_what_was_deleted_meanwhile_is_withdrawn_and_nothing_else(at: Stage, *, trace: bool) -> None:
    """Slack leaves a tombstone where there were replies, and else nothing."""
    known = await at.know()
    async with at.courier():
        await at.says("U1", CHAT[0])
        gone, kept = await at.says("U1", LOW), await at.says("U1", WHY)
        await at.settle()
        await leave(at, "C1")
        at.clock.ahead(hours=1)
        there = at.slack.messages["C1"]
        there[:] = [one | ({"subtype": "tombstone"} if one["ts"] == gone else {}) for one in there if trace or one["ts"] != gone]
        await caught_up(at)
        await at.settle()
    assert {one.origin.ts: one.state for one in await at.all_found(known)} == {kept: "open", gone: "withdrawn"}
    assert "The message was deleted or edited; nothing to do." in shown(at, number=0)
    assert LOW not in shown(at, number=0)


async def test_a_reply_that_was_deleted_meanwhile_is_withdrawn_and_no_other(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        threads = [await at.says("U2", "questions here please") for _ in range(3)]
        gone = [await reply(at, LOW, threads[0]), await reply(at, WHY, threads[1])]
        kept = [await reply(at, PEAK, threads[1]), await reply(at, "can we run the test another two weeks?", threads[2])]
        await at.settle()
        await leave(at, "C1")
        at.clock.ahead(hours=1)
        lose(at, *gone, threads[0])
        at.slack.calls.clear()
        await caught_up(at)
        await at.settle()
    assert {one.origin.ts: one.state for one in await at.all_found(known)} == dict.fromkeys(kept, "open") | dict.fromkeys(gone, "withdrawn")
    assert at.slack.count("conversations.replies") == 3 + 2  # a look at each thread, and one at each reply that is missing there
    assert LOW not in shown(at, number=0)


async def test_words_said_again_that_were_deleted_meanwhile_are_kept_no_more(at: Stage) -> None:
    known = await at.know()
    await at.says("U1", LOW)
    thread = await at.says("U2", "questions here please")
    again, still = await reply(at, LOW, thread), await at.says("U1", LOW)
    assert [one.count for one in await at.all_found(known)] == [3]
    await leave(at, "C1")
    lose(at, again)
    await caught_up(at)
    assert [one.count for one in await at.all_found(known)] == [2]
    async with at.house.store.reading() as s:
        assert {ts for (ts,) in await (await s.connection()).execute(sql("SELECT ts FROM finding_echoes"))} == {still}


async def test_a_transcript_that_was_deleted_meanwhile_is_forgotten_and_one_that_stands_is_not(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await drops(at, TEXTS["zoom"](TALK))
        await at.settle()
        stands = at.slack.messages["C1"][-1]["ts"]
        await leave(at, "C1")
        await caught_up(at)
        assert len(await found(at, known)) == 1
        lose(at, stands)
        await caught_up(at)
        await at.settle()
        assert await found(at, known) == []


async def test_a_deletion_of_which_slack_never_told_is_seen_at_the_next_look(at: Stage) -> None:
    known = await at.know()
    thread = await at.says("U2", "questions here please")
    gone = [await at.says("U1", LOW), await reply(at, WHY, thread)]
    await leave(at, "C1")
    lose(at, *gone)
    assert await catch_up.overlooked(at.house, "C1") >= 0
    assert {one.origin.ts: one.state for one in await at.all_found(known)} == dict.fromkeys(gone, "withdrawn")


async def reply(at: Stage, text: str, thread: str) -> str:
    """The customer answers in a thread, and the bot hears it; the ts."""
    ts = at.slack.say("U1", "C1", text, thread)
    await at.message_event(channel="C1", user="U1", text=text, ts=ts, thread_ts=thread)
    return ts


def lose(at: Stage, *gone: str) -> None:
    """Messages are deleted, and the bot hears nothing of it."""
    at.slack.messages["C1"] = [one for one in at.slack.messages["C1"] if one["ts"] not in gone]


async def test_what_is_missing_in_history_but_stands_is_kept(at: Stage) -> None:
    """As where a page came short: each message is asked for by itself."""
    known = await at.know()
    said = await at.says("U1", LOW)
    await leave(at, "C1")
    assert await vanished(at.house, "C1", {}, "1.0") == []
    at.slack.fail("conversations.history", Fault(status=503))
    at.slack.messages["C1"] = [one for one in at.slack.messages["C1"] if one["ts"] != said]
    assert await vanished(at.house, "C1", {}, "1.0") == []
    [gone] = await vanished(at.house, "C1", {}, "1.0")
    assert gone.key == ("C1", said, "deleted")
    assert [one.state for one in await at.all_found(known)] == ["open"]
