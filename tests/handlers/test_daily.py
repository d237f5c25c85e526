"""The daily DM: once a business day at each person's own hour, only with something to say, and up to date afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.deal import Call
from bot.playbook.clock.history import Mark
from bot.playbook.clock.patience import Habits
from handlers.clock import daily
from handlers.clock.zones import MOST_ASKED, zones_of
from handlers.findings import learning
from store import clock, deals, findings, preferences
from store.records import KnownDeal, Origin
from templates.presses import SNOOZE, USED
from tests.handlers.dms import LOW
from tests.handlers.telling import PEOPLE, QUICK, START, Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault
from tests.templates.samples import finding as sample_finding

LEADER = "U4"
REP = "U3"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def delivered(at: Stage, user: str = REP) -> list[str]:
    """What the person's daily DMs say, once the courier has done its round."""
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


def to(at: Stage, moment: datetime) -> None:
    """Turn the clock to a moment (UTC)."""
    at.clock.ahead(seconds=(moment - at.clock.now()).total_seconds())


async def test_one_dm_at_nine_and_no_second_one_whoever_asks(at: Stage) -> None:
    await at.know()
    to(at, datetime(2026, 11, 5, 13, 59, tzinfo=UTC))  # Thursday, 8:59 in New York
    assert 1 <= await daily.tick(at.house) <= 60
    assert await delivered(at) == []
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await asyncio.gather(*(daily.tick(at.house) for _ in range(3)))
    [told] = await delivered(at)
    assert "Thursday, 5 November: 1 deal" in told
    assert "Acme Outfitters" in told
    assert "test day 4 of 14" in told
    await daily.tick(at.house)
    assert len(await delivered(at)) == 1


async def test_each_at_their_own_hour(at: Stage) -> None:
    at.slack.people[LEADER]["tz"] = "America/Los_Angeles"
    at.slack.people[REP]["tz"] = "Europe/Berlin"
    await at.know()
    to(at, datetime(2026, 11, 5, 8, 0, 1, tzinfo=UTC))
    async with at.house.store.reading() as s:
        assert await clock.last_asked(s, [REP, LEADER]) == {}
    await daily.tick(at.house)
    async with at.house.store.reading() as s:
        assert await clock.last_asked(s, [REP, LEADER]) == {REP: date(2026, 11, 5)}


async def test_at_the_time_that_somebody_chose_and_not_in_their_quiet_hours(at: Stage) -> None:
    await at.know()
    settings = {"digest_at": "07:30", "quiet": ["20:00", "08:00"]}
    async with at.house.store.writing() as s:
        await preferences.choose(s, REP, {"settings": settings, "zone": "America/New_York"}, at.clock.now())
    to(at, datetime(2026, 11, 5, 12, 30, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert await delivered(at) == []
    to(at, datetime(2026, 11, 5, 13, 0, 1, tzinfo=UTC))
    assert len(await delivered(at)) == 1


async def test_nothing_to_say_is_no_dm_and_a_standard_deal_has_no_clock(at: Stage) -> None:
    await at.know(acme(coverage="standard"))
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert await delivered(at) == []


async def test_weekends_and_holidays_are_nobodys_hour(at: Stage) -> None:
    await at.know()
    for day in (7, 8, 26):  # Saturday, Sunday, Thanksgiving
        to(at, datetime(2026, 11, day, 15, 0, tzinfo=UTC))
        await daily.tick(at.house)
    assert await delivered(at) == []


async def test_do_not_disturb_holds_it_back_until_it_ends(at: Stage) -> None:
    await at.know()
    begins, ends = datetime(2026, 11, 5, 13, tzinfo=UTC), datetime(2026, 11, 5, 15, 30, tzinfo=UTC)
    dnd = {"dnd_enabled": True, "next_dnd_start_ts": int(begins.timestamp()), "next_dnd_end_ts": int(ends.timestamp())}
    at.slack.people[REP]["dnd"] = dnd
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert await delivered(at) == []
    to(at, ends)
    assert len(await delivered(at)) == 1


async def test_after_three_days_away_one_dm_says_so(at: Stage) -> None:
    await at.know()
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    to(at, datetime(2026, 11, 11, 14, 0, 1, tzinfo=UTC))  # Veterans Day: no business day
    await daily.tick(at.house)
    to(at, datetime(2026, 11, 12, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    told = await delivered(at)
    assert len(told) == 2
    assert "I was away for 3 business days" in told[1]


async def test_it_changes_in_place_when_something_is_done(at: Stage) -> None:
    known = await at.know()
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    before = (await delivered(at))[-1]
    assert "~" not in before
    async with at.house.store.writing() as s:
        shown = await clock.shown_on(s, REP, date(2026, 11, 5))
        for item in shown["deals"][str(known.id)]:
            await clock.mark(s, known.id, Mark(item["key"], "done", date(2026, 11, 5), by=REP), at.clock.now())
        assert await daily.refresh(s, known, at.clock.now())
    [after] = await delivered(at)
    assert "☑️ ~" in after
    assert at.slack.count("chat.postMessage") == 1


async def test_whoever_left_the_deal_meanwhile_gets_nothing(at: Stage) -> None:
    await at.know()
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    people = [person for person in acme().people if person.id != REP]
    async with at.house.store.writing() as s:
        await deals.save_deal(s, acme(people=people), by="test", source="test", now=at.clock.now())
    assert await delivered(at) == []


async def test_what_waited_for_the_digest_is_told_once(at: Stage) -> None:
    known = await at.know()
    await _waits(at, known)
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    [told] = await delivered(at)
    assert "Wait and see" in told
    to(at, datetime(2026, 11, 6, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert all("Heard" not in one for one in (await delivered(at))[1:])


async def test_what_rests_for_one_rep_only_comes_in_that_ones_daily_dm_once(at: Stage) -> None:
    """U7 wants this scenario in the digest, U3 as it comes: each is told once, in their own way."""
    at.slack.person("U7", "Robin Day")
    known = await at.know(acme(people=[*PEOPLE, {"id": "U7", "name": "Robin Day", "role": "rep"}]))
    async with at.house.store.writing() as s:
        await learning.prefer(at.house, s, "U7", "volume-bait-and-switch", "digest")
    async with at.courier():
        await at.says("U1", LOW)
        await until(lambda: at.slack.dms(REP))
    assert at.slack.dms("U7") == []
    for day in (5, 6):
        to(at, datetime(2026, 11, day, 14, 0, 1, tzinfo=UTC))
        await daily.tick(at.house)
        await delivered(at)
    theirs = await delivered(at, "U7")
    assert ["Heard" in one for one in theirs] == [True] + [False] * (len(theirs) - 1)
    assert "Lower starting volume" in theirs[0]
    assert not any("Heard" in one for one in await delivered(at))
    async with at.house.store.reading() as s:
        assert await clock.people_told(s, known.id, date(2026, 11, 5))


async def test_a_finding_that_is_decided_is_struck_through_in_the_daily_dm_and_comes_back_when_it_is_open_again(at: Stage) -> None:
    known = await at.know()
    await _waits(at, known)
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    struck = []
    for action in (USED, SNOOZE):
        [told] = await delivered(at)
        struck.append("☑️ ~Heard" in told)
        await at.press(REP, {"action_id": action, "value": "1"})
    [told] = await delivered(at)
    assert [*struck, "☑️ ~Heard" in told] == [False, True, True]


async def _waits(at: Stage, known: KnownDeal) -> None:
    async with at.house.store.writing() as s:
        ts = at.slack.say("U1", "C1", "let's see how it goes")
        waiting = sample_finding("wait-and-see", urgency="digest")
        await findings.record(s, known.id, waiting, Origin("C1", ts, "U1", at.clock.now()), at.clock.now())


async def test_the_brief_comes_an_hour_before_the_call_and_once(at: Stage) -> None:
    deal = acme(calls=[Call(at=datetime(2026, 11, 5, 15, 0), title="Kickoff review")])  # 15:00 in New York: 20:00 UTC
    await at.know(deal)
    at.slack.people[REP]["tz"] = "Pacific/Auckland"  # so that no daily DM comes in between
    to(at, datetime(2026, 11, 5, 18, 30, tzinfo=UTC))
    pause = await daily.tick(at.house)
    before = len(await delivered(at))
    assert pause <= 600
    to(at, datetime(2026, 11, 5, 19, 0, 1, tzinfo=UTC))
    for _ in range(2):
        await daily.tick(at.house)
    told = (await delivered(at))[before:]
    assert len([one for one in told if "Kickoff review, 15:00" in one]) == 1


async def test_a_brief_that_could_not_be_sent_does_not_come_after_the_call(at: Stage) -> None:
    await at.know(acme(calls=[Call(at=datetime(2026, 11, 5, 15, 0), title="Kickoff review")]))
    at.slack.people[REP]["tz"] = at.slack.people[LEADER]["tz"] = "Pacific/Auckland"
    to(at, datetime(2026, 11, 5, 18, 30, tzinfo=UTC))
    await daily.tick(at.house)
    before = len(await delivered(at))
    to(at, datetime(2026, 11, 5, 19, 0, 1, tzinfo=UTC))
    tried = at.slack.count("chat.postMessage")
    at.slack.fail("chat.postMessage", Fault(status=503))
    await daily.tick(at.house)
    async with at.courier(replace(QUICK, first_pause=60, longest_pause=60)):
        await until(lambda: at.slack.count("chat.postMessage") > tried)
        at.clock.ahead(hours=2)
        await at.settle()
    assert not [one for one in (await delivered(at))[before:] if "Kickoff review, 15:00" in one]


async def test_a_brief_that_is_switched_off_does_not_come(at: Stage) -> None:
    at.house.habits = Habits(off=frozenset({"call-brief"}))
    await at.know(acme(calls=[Call(at=datetime(2026, 11, 5, 15, 0), title="Kickoff review")]))
    at.slack.people[REP]["tz"] = "Pacific/Auckland"
    to(at, datetime(2026, 11, 5, 19, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert not [one for one in await delivered(at) if "Kickoff review, 15:00" in one]


@pytest.mark.parametrize("method", ["users.info", "dnd.teamInfo"])
async def test_a_slack_that_does_not_answer_costs_nobody_their_dm(at: Stage, method: str) -> None:
    await at.know()
    at.slack.fail(method, *(Fault(status=500) for _ in range(2)))
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    assert await daily.tick(at.house) <= 600
    await daily.tick(at.house)
    async with at.courier():
        await until(lambda: at.slack.dms(REP))
    assert len(at.slack.dms(REP)) == 1


async def test_whoever_has_an_unknown_time_zone_is_not_asked_by_the_houses_clock(at: Stage) -> None:
    """At nine in New York it is six in Los Angeles: a rep whose zone Slack did not tell just now waits until it does."""
    at.slack.people[REP]["tz"] = "America/Los_Angeles"
    await at.know()
    at.slack.fail("users.info", *(Fault(error="internal_error") for _ in range(10)))
    to(at, datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC))
    assert await daily.tick(at.house) <= 60
    at.slack.faults["users.info"].clear()
    await daily.tick(at.house)
    assert await delivered(at) == []
    to(at, datetime(2026, 11, 5, 17, 0, 1, tzinfo=UTC))
    await daily.tick(at.house)
    assert len(await delivered(at)) == 1


async def test_the_zones_of_a_large_team_come_page_by_page_at_the_first_look(at: Stage) -> None:
    team = [f"U1{number:03}" for number in range(700)]
    for number, person in enumerate(team):
        at.slack.person(person, f"Rep {number}", tz="Europe/Berlin" if number % 2 else None)
    at.slack.fail("users.list", Fault(error="internal_error"))
    assert len(await zones_of(at.house, team)) == MOST_ASKED
    found = await zones_of(at.house, [*team, "USTRANGE"])
    assert {found[person] for person in team[1::2]} == {"Europe/Berlin"}
    assert at.slack.count("users.list") == 3
    for _ in range(4):  # Slack has no zone for the others: they live by the house's, once it has said so
        found = await zones_of(at.house, [*team, "USTRANGE"])
    assert len(found) == 701
    assert found[team[0]] == found["USTRANGE"] == "America/New_York"


def test_the_sample_begins_on_a_test_day() -> None:
    known: Any = acme()
    assert known.test_day(START.date()) == 3
