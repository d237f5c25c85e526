"""The shortcut "Why / why not?": every reason for a DM and for none, in words, to the deal's own people alone, and without any effect."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text as sql

from bot.playbook.preferences import SETTINGS
from bot.playbook.usefulness import Usefulness
from handlers.findings import learning
from handlers.findings.why import SHORTCUT
from handlers.hearing import watch
from handlers.hearing.message import Change, Said
from store import demotions, findings, preferences
from store.records import Origin
from store.tables import MuteRow, metadata
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import texts, view_mistakes
from tests.live.fake_slack import Fault
from tests.templates.samples import finding

LOW = "let's start with 15 packages a day"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def message(at: Stage, channel: str, ts: str) -> dict[str, Any]:
    return next(one for one in at.slack.messages[channel] if one["ts"] == ts)


async def hears(at: Stage, ts: str, channel: str = "C1") -> str:
    """The live bot hears a message that was said."""
    said = message(at, channel, ts)
    change = Change("said", Said(channel, ts, said["text"], said.get("user"), said.get("bot_id"), said.get("thread_ts")))
    return await watch.take(at.house, change)


async def why(at: Stage, ts: str, user: str = "U3", channel: str = "C1") -> str:
    """What the modal says, once the message is read."""
    before = len(at.slack.views)
    await at.points(user, SHORTCUT, channel, message(at, channel, ts))
    await until(lambda: len(at.slack.views) == before + 2, within=20)
    return told(at.slack.views[-1])


def told(view: dict[str, Any]) -> str:
    assert view_mistakes(view) == []
    return "\n".join(texts(view["blocks"]))


async def everything(at: Stage) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with at.house.store.reading() as s:
        return {name: list((await s.exec(sql(f"SELECT * FROM {name}"))).all()) for name in metadata.tables}  # type: ignore[call-overload]


async def test_a_message_that_rang_is_explained_from_reading_to_dm(at: Stage) -> None:
    async with at.courier():
        await at.know()
        ts = at.slack.say("U1", "C1", LOW)
        assert await hears(at, ts) == "finding"
        await until(lambda: at.slack.dms("U3"))
        said = await why(at, ts)
    assert "*Acme Outfitters*" in said
    assert "direct message now" in said
    assert "90% under the agreed test volume 150/day" in said
    assert "*Held against*\n• Test volume 150/day (2 Nov - 15 Nov)" in said
    assert "Trained reader" in said
    assert "• Lower starting volume: it is open.\n• The direct message went to <@U3>." in said


async def test_reading_it_again_has_no_effect(at: Stage) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    before, rooms = await everything(at), dict(at.house.rooms.of("C1").talks)
    said = await why(at, ts)
    assert "Nothing was recorded when it was said" in said
    assert await everything(at) == before
    assert at.house.rooms.of("C1").talks == rooms == {}


async def test_each_reason_for_no_dm(at: Stage) -> None:
    await at.know()
    ours, quiet = at.slack.say("U3", "C1", LOW), at.slack.say("U1", "C1", "thanks, the driver was on time")
    assert await hears(at, ours) == "own-side"
    assert await hears(at, quiet) == "quiet"
    assert "Our own side is never judged." in await why(at, ours)
    assert "Nothing: there was nothing to record." in await why(at, quiet)
    first = at.slack.say("U1", "C1", LOW)
    await hears(at, first)
    again = at.slack.say("U1", "C1", "as I said, we start with 15 packages a day")
    assert await hears(at, again) == "repeat"
    said = await why(at, again)
    assert "Lower starting volume: it repeats what was said <!date" in said
    assert "(2 times now)" in said
    await at.know(acme(coverage="standard"))
    at.house.deals.clear()
    assert "standard coverage" in await why(at, first)
    bot = at.slack.say("UBOT", "C1", LOW)
    assert "the bot's own words" in await why(at, bot)


async def test_muted_of_little_use_and_by_choice(at: Stage) -> None:
    known, now = await at.know(), at.clock.now()
    async with at.house.store.writing() as s:
        await demotions.begin(s, "U3", "volume-bait-and-switch", Usefulness(9, 20), now)
        s.add(MuteRow(deal_id=known.id, scenario="volume-gap", until=now + timedelta(days=2), by="U3", at=now))
        await learning.prefer(at.house, s, "U3", "not-ramping", "digest")
    for scenario, words in (
        ("volume-bait-and-switch", "since <!date"),
        ("volume-bait-and-switch", "9 of the last 20 had been of use (45%)"),
        ("volume-gap", "this was muted for the deal until"),
        ("not-ramping", "<@U3>: they have chosen the digest for this"),
        ("wait-and-see", "it was not sure enough to ring"),
    ):
        ts = at.slack.say("U1", "C1", LOW)
        await recorded(at, known.id, ts, scenario)
        assert words in await why(at, ts), scenario


async def test_who_wants_no_direct_messages_is_named(at: Stage) -> None:
    known = await at.know()
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {SETTINGS: {"threshold": "digest"}}, at.clock.now())
    ts = at.slack.say("U1", "C1", LOW)
    await recorded(at, known.id, ts, "volume-gap", "now")
    assert "No direct message to <@U3>: they want only the surest as direct messages, or none" in await why(at, ts)


async def recorded(at: Stage, deal_id: int, ts: str, scenario: str, urgency: str = "digest") -> None:
    async with at.house.store.writing() as s:
        made = finding(scenario, urgency=urgency)
        await findings.record(s, deal_id, made, Origin("C1", ts, "U1", at.clock.now()), at.clock.now())


async def test_replies_in_threads_and_messages_that_are_gone(at: Stage) -> None:
    known = await at.know()
    parent = at.slack.say("U2", "C1", "how many packages a day will you start with?")
    reply = at.slack.say("U1", "C1", "15 a day at first", thread_ts=parent)
    assert "15 packages a shipping day" in await why(at, reply)
    stored = await at.hear(known)
    gone = message(at, "C1", stored.origin.ts)
    at.slack.messages["C1"].remove(gone)
    await at.points("U3", SHORTCUT, "C1", gone)
    await until(lambda: "went to" in str(at.slack.views[-1]) or "on its way" in str(at.slack.views[-1]))
    at.slack.messages["C1"].append(gone)
    empty = at.slack.say("U1", "C1", "")
    assert "There are no words in that message" in await why(at, empty)
    lost = {**gone, "ts": "1500000000.000001"}
    await at.points("U3", SHORTCUT, "C1", lost)
    await until(lambda: "it was deleted" in str(at.slack.views[-1]))


async def test_a_channel_without_a_deal_or_without_the_bot_says_how_to_mend_it(at: Stage) -> None:
    await at.know()
    ts = at.slack.say("U1", "C9", LOW)
    assert "linked to no deal of yours" in await why(at, ts, channel="C9")
    ts = at.slack.say("U1", "C1", LOW)
    at.slack.channels["C1"]["is_member"] = False
    assert "/invite @Jump-In" in await why(at, ts)


async def test_an_expired_trigger_and_a_silent_slack_are_told(at: Stage) -> None:
    await at.know()
    ts = at.slack.say("U1", "C1", LOW)
    await at.points("U3", SHORTCUT, "C1", message(at, "C1", ts), trigger="1.late")
    await until(lambda: at.slack.responses)
    assert at.slack.responses[-1]["text"] == "Slack closed this before the form could open. Please try again."
    at.slack.fail("conversations.history", Fault(status=503))
    assert "Slack did not answer in time" in await why(at, ts)
    at.house.users.clear()
    at.slack.fail("users.info", Fault(status=503))  # with a page, and not with JSON
    await at.points("U3", SHORTCUT, "C1", message(at, "C1", ts))
    await until(lambda: len(at.slack.responses) == 2)
    assert at.slack.responses[-1]["text"] == "Slack did not answer in time. Please try again."


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_the_door_is_shut_to_others(at: Stage, user: str) -> None:
    await with_outsiders(at)
    ts = at.slack.say("U1", "C1", LOW)
    if user == "U5":
        assert "linked to no deal of yours" in await why(at, ts, user)
    else:
        await at.points(user, SHORTCUT, "C1", message(at, "C1", ts))
        await until(lambda: at.slack.responses)
        assert "open only to our own people" in at.slack.responses[-1]["text"]
        assert at.slack.views == []
    assert "Acme" not in str([*at.slack.responses, *at.slack.views])
