"""After an hour and after a weekend away: all that was said is heard in its order, few calls are made, and nobody is flooded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.hearing import catch_up, ringing
from handlers.pace import Pace
from handlers.telling import together
from handlers.telling.together import HOLD
from store import channels, findings, preferences
from store.records import Origin
from templates.presses import BEHIND, MORE, USED
from tests.handlers.dms import LOW, elements, heads, shown
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault
from tests.templates.samples import finding

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


async def test_after_a_weekend_a_deal_rings_once_with_every_matter_in_the_order_said(at: Stage) -> None:
    """Friday to Monday: figure upon figure is one matter in which the later ones stand, and the other matters stand below it."""
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
    [told] = at.slack.dms("U3")
    assert mistakes(told["blocks"]) == []
    words = shown(at)
    assert "things were said while I was away" in words
    assert words.index("15/day said") < words.index(WHY)
    assert "80/day said" in words
    assert "and 4 more" in words
    used = [one["value"] for one in elements(at) if one["action_id"] == USED]
    assert len(used) == len(set(used)) >= 2  # each matter has its own buttons


async def test_a_weekend_of_many_channels_takes_two_calls_each_and_keeps_to_the_rate(at: Stage) -> None:
    at.house.pace = Pace(20, 3600)
    names = [f"C{number}" for number in range(100, 115)]
    for name in names:
        at.slack.channel(name, f"impl-{name}")
        await at.know(acme(customer=f"Customer {name}", channels=[name]))
    await leave(at, *names)
    for name in names:
        talk(at, name, hours=4)
    heard: list[int] = []

    async def back() -> None:
        heard.extend([await catch_up.catch_up(at.house, name) for name in names])

    reading = asyncio.create_task(back())
    await until(lambda: at.slack.count("conversations.history") >= 20)
    await asyncio.sleep(0.3)
    assert at.slack.count("conversations.history") == 20  # of the hour
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    at.house.pace = Pace()
    at.slack.calls.clear()
    await back()
    assert heard == [3] * len(names)
    assert at.slack.count("conversations.history") == 2 * len(names)
    assert at.slack.dms("U3") == []


async def away(at: Stage, *said: str, channel: str = "C1") -> None:
    """The bot hears nothing for hours, in which this is said."""
    await leave(at, channel)
    for words in said:
        talk(at, channel, hours=1)
        at.slack.say("U1", channel, words)
    talk(at, channel, hours=1)


async def test_what_is_decided_on_one_matter_changes_the_message_and_leaves_the_others(at: Stage) -> None:
    await at.know()
    await away(at, LOW, WHY)
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
        first, second = (one for one in elements(at) if one["action_id"] == USED)
        await at.press("U3", first)
        await at.settle()
        assert len(at.slack.dms("U3")) == 1
        assert [one["value"] for one in elements(at) if one["action_id"] == USED] == [second["value"]]
        assert shown(at).count("Used by") == 1
        ts = next(one["ts"] for one in at.slack.messages["C1"] if one["text"] == WHY)
        await at.deletes(ts)
        await at.settle()
    assert WHY not in shown(at)
    assert len(at.slack.dms("U3")) == 1


async def test_what_is_told_in_a_line_only_leads_to_its_message_as_well(at: Stage) -> None:
    await at.know()
    await away(at, LOW, WHY, "can we run the test another two weeks?", PEAK)
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
    [told] = at.slack.dms("U3")
    [line] = [one for one in texts(told["blocks"]) if one.startswith("*Peak season first*: ")]
    assert "|message>" in line


async def test_the_dm_that_comes_after_a_snooze_is_changed_as_well(at: Stage) -> None:
    await at.know()
    await away(at, LOW, WHY)
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
        menu = next(one for one in elements(at) if one["action_id"] == MORE)
        await at.press("U3", {"action_id": MORE, "type": "overflow", "selected_option": menu["options"][0]})
        at.clock.ahead(days=3)
        await at.settle()
        _, again = at.slack.dms("U3")
        used = next(one for block in again["blocks"] for one in block.get("elements", ()) if one.get("action_id") == USED)
        await at.press("U3", used)
        await at.settle()
    together_, again = at.slack.dms("U3")
    assert "Used by" in str(again["blocks"])
    assert str(together_["blocks"]).count("Used by") == 1


async def test_what_is_taken_back_before_it_is_told_is_not_told(at: Stage) -> None:
    await at.know()
    await away(at, LOW, WHY)
    await catch_up.catch_up(at.house, "C1")
    await at.deletes(next(one["ts"] for one in at.slack.messages["C1"] if one["text"] == WHY))
    async with at.courier():
        await at.settle()
    assert heads(at) == ["15/day said"]
    assert WHY not in shown(at)


async def test_a_deal_with_two_channels_waits_for_both(at: Stage) -> None:
    at.slack.channel("C2", "impl-acme-too")
    await at.know(acme(channels=["C1", "C2"]))
    await away(at, LOW)
    await away(at, WHY, channel="C2")
    for channel in ("C1", "C2"):
        at.house.backlog.add(channel)
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
        assert at.slack.dms("U3") == []
        at.house.backlog.done(await at.house.backlog.next())
        await catch_up.catch_up(at.house, "C2")
        await at.settle()
    assert len(at.slack.dms("U3")) == 1
    assert "2 things were said while I was away" in shown(at)


async def caught_up(at: Stage) -> None:
    """The bot is back, and reads all that it watches."""
    work = [asyncio.create_task(part(at.house)) for part in (catch_up.after_gaps, catch_up.run)]
    at.house.backlog.missed_something()
    async with asyncio.timeout(10):
        await at.house.backlog.empty()
    for part in work:
        part.cancel()
    await asyncio.gather(*work, return_exceptions=True)


@pytest.mark.parametrize("other", ["quiet", "quiet and first", "never seen", "not shown", "archived"])
async def test_what_a_deal_s_one_channel_brought_does_not_wait_once_the_other_has_been_tried(at: Stage, other: str) -> None:
    too = "C0" if "first" in other else "C2"
    at.slack.channel(too, "impl-acme-too")
    await at.know(acme(channels=["C1", too]))
    if other != "never seen":
        await leave(at, too)
    await away(at, LOW, WHY)
    if other == "not shown":
        del at.slack.channels[too]
    if other == "archived":
        at.slack.fail("conversations.history", *[Fault()] * 2, Fault(error="is_archived"))
    async with at.courier():
        await caught_up(at)
        await at.settle()
    told = [one for one in at.slack.dms("U3") if "while I was away" in one["text"]]
    assert len(told) == 1
    assert LOW in str(told[0]["blocks"])
    assert WHY in str(told[0]["blocks"])


async def test_two_absences_before_anything_was_told_are_one_message(at: Stage) -> None:
    """A night: the message waits for the morning, and the bot was away twice meanwhile."""
    await at.know()
    at.clock.ahead(hours=8)  # past five in New York
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {"settings": {"quiet": ["17:00", "08:00"]}, "zone": "America/New_York"}, at.clock.now())
    async with at.courier():
        for said in ((LOW, WHY), (PEAK,), ("good morning",)):
            await away(at, *said)
            await caught_up(at)
        await at.settle()
        assert at.slack.dms("U3") == []
        at.clock.ahead(hours=8)
        await at.settle()
    [told] = at.slack.dms("U3")
    words = shown(at)
    assert [words.index(one) for one in (LOW, WHY, PEAK)] == sorted(words.index(one) for one in (LOW, WHY, PEAK))
    assert "3 things were said while I was away" in words
    assert mistakes(told["blocks"]) == []


async def test_should_the_bot_die_before_it_has_read_all_what_it_heard_is_told_alone(at: Stage) -> None:
    await at.know()
    await away(at, LOW, WHY)
    at.house.backlog.add("C2")  # the other channel is never read
    await at.know(acme(channels=["C1", "C2"]))
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.settle()
        assert at.slack.dms("U3") == []
        at.clock.ahead(seconds=HOLD.total_seconds() + 1)
        await at.settle()
    assert len(at.slack.dms("U3")) == 2


async def test_ten_matters_fit_one_message(at: Stage) -> None:
    """Three of them in full at most, the others with a line and a menu each."""
    known = await at.know()
    said = ("objection-too-busy", "not-ramping", "wait-and-see", "new-stakeholder", "avoiding-commitment", "strategic-question")
    at.house.backlog.reading.add("C1")
    for number, scenario in enumerate((*said, "volume-gap", "start-small-and-ramp", "objection-peak-season", "objection-extend-test")):
        ts = f"{at.clock.now().timestamp() - 9000 + number:.6f}"
        async with at.house.store.writing() as s:
            origin = Origin("C1", ts, "U1", datetime.fromtimestamp(float(ts), UTC))
            stored, _ = await findings.record(s, known.id, finding(scenario), origin, at.clock.now())
            await ringing.ring(at.house, s, known, stored)
    await together.gather(at.house, "C1", heard=True)
    async with at.courier():
        await at.settle()
    [told] = at.slack.dms("U3")
    assert mistakes(told["blocks"]) == []
    menus = [one for one in elements(at) if one["action_id"].startswith(BEHIND)]
    buttons = [one for one in elements(at) if one["action_id"] == USED]
    assert len(menus) + len(buttons) == 10
