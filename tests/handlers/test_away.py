"""After an hour and after a weekend away: all that was said is heard in its order, few calls are made, and nobody is flooded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from handlers.hearing import catch_up
from store import channels
from tests.handlers.dms import heads, shown
from tests.handlers.telling import Stage, acme, stage

PEAK = "we can't ramp until peak season is over"
WHY = "why are we doing this with you at all?"
CHAT = ("good morning, the scanners are charged", "thanks, see you at the dock at 9:30", "who has the key for dock 12?")


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def leave(at: Stage, *names: str) -> None:
    """The bot has heard all until now, and is away from now on."""
    marks = {channel: at.slack.say("U1", channel, "good morning") for channel in names}
    async with at.house.store.writing() as s:
        await channels.note_seen(s, marks)


def talk(at: Stage, channel: str, **later: float) -> None:
    """Some chat, after a while."""
    at.clock.ahead(**later)
    for words in CHAT:
        at.slack.say("U1", channel, words)


async def test_after_an_hour_an_alert_says_when_it_was_said(at: Stage) -> None:
    await at.know()
    await leave(at, "C1")
    talk(at, "C1", minutes=5)
    said_at = int(at.clock.now().timestamp())
    at.slack.say("U1", "C1", "we'll start with 15 packages a day")
    talk(at, "C1", minutes=55)
    async with at.courier():
        assert await catch_up.catch_up(at.house, "C1") == 7
        await at.settle()
    assert heads(at) == ["15/day said"]
    assert f"<!date^{said_at}^" in shown(at)


async def test_after_a_weekend_a_deal_rings_once_for_each_matter_in_the_order_said(at: Stage) -> None:
    """Friday to Monday: figure upon figure comes as one message in which the later ones stand, beside it two more matters."""
    known = await at.know()
    at.clock.ahead(days=2)  # Friday
    await leave(at, "C1")
    for number, words in enumerate(("we'll start with 15 packages a day", WHY, "we'll start with 20 packages a day", PEAK)):
        talk(at, "C1", hours=5 + number)
        at.slack.say("U1", "C1", words)
        talk(at, "C1", hours=3)
    for figure in range(30, 90, 10):
        talk(at, "C1", hours=2)
        at.slack.say("U1", "C1", f"we'll start with {figure} packages a day")
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        assert at.slack.count("conversations.history") <= 3
        await at.settle()
    found = [one.origin.ts for one in await at.all_found(known)]
    assert found == sorted(found)
    assert len(found) == 10
    assert heads(at)[0] == "15/day said"
    assert sum("/day said" in head for head in heads(at)) == 1
    assert len(heads(at)) <= 3  # what is less sure with all this before it waits for the digest
    first = shown(at, number=0)
    assert "80/day said" in first
    assert "and 4 more" in first


async def test_a_weekend_of_many_channels_takes_two_calls_each_and_keeps_to_the_rate(at: Stage) -> None:
    names = [f"C{number}" for number in range(100, 115)]
    for name in names:
        at.slack.channel(name, f"impl-{name}")
        await at.know(acme(customer=f"Customer {name}", channels=[name]))
    await leave(at, *names)
    for name in names:
        talk(at, name, hours=4)
    for name in names:
        assert await catch_up.catch_up(at.house, name) == 3
    assert at.slack.count("conversations.history") <= 3 * len(names)
    assert at.slack.dms("U3") == []
