"""One DM a business day for a scenario of a deal, unless it gets worse; the others stand in that one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.playbook.finding import Finding
from handlers.hearing import recording
from handlers.hearing.message import Said
from store.records import KnownDeal
from templates.presses import NOT_AN_ISSUE, SNOOZE
from tests.handlers.dms import HIGHER, LOW, LOWER, choose, element, elements, heads, shown
from tests.handlers.telling import Stage, acme, stage
from tests.templates.samples import finding


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def raise_(at: Stage, known: KnownDeal, scenario: str, **facts: Any) -> str:
    """Somebody says something that is found to be this; the ts."""
    ts = at.slack.say("U1", "C1", "as said")
    found: Finding = finding(scenario, **facts)
    async with at.house.store.writing() as s:
        await recording.record(at.house, s, known, Said("C1", ts, "as said", "U1"), found)
    at.house.wake.set()
    return ts


async def test_another_figure_the_same_day_is_shown_and_does_not_ring(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        at.clock.ahead(hours=1)
        ts = await at.says("U1", HIGHER)
        await at.settle()
    assert heads(at) == ["15/day said"]
    assert "Also today:" in shown(at)
    assert "*20/day said, 150/day agreed* — Dana Ortiz, <!date^" in shown(at)
    assert f"“{HIGHER}” · <https://carrier.slack.com/archives/C1/p{ts.replace('.', '')}|message>" in shown(at)
    assert [found.state for found in await at.all_found(known)] == ["open", "open"]
    status = str(await at.command("U3", channel="C1"))
    assert "15/day" in status
    assert "20/day" in status


async def test_materially_worse_rings_again_and_exactly_a_tenth_does_not(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        for figure in (200.0, 180.0, 179.0, 170.0, 250.0, 160.0):
            await raise_(at, known, "volume-bait-and-switch", said_per_day=(figure, figure))
            await at.settle()
    assert heads(at) == ["200/day said", "179/day said", "160/day said"]
    assert "180/day said" in shown(at, number=0)
    assert "170/day said" in shown(at, number=1)
    assert "250/day said" in shown(at, number=1)


async def test_the_newest_few_are_shown_and_the_rest_counted(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        for figure in range(20, 26):
            await raise_(at, known, "volume-bait-and-switch", said_per_day=(figure, figure))
        await at.settle()
    dm = shown(at)
    assert heads(at) == ["20/day said"]
    assert all(f"*{figure}/day said" in dm for figure in (23, 24, 25))
    assert dm.index("25/day said") < dm.index("24/day said") < dm.index("23/day said")
    assert "… and 2 more, in `/deal-findings`" in dm


async def test_each_scenario_and_each_subject_of_a_contradiction_rings_by_itself(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await raise_(at, known, "volume-bait-and-switch")
        await raise_(at, known, "volume-gap")
        for subject in ("price", "pickup", "price"):
            await raise_(at, known, "contradiction", subject=subject, said="something", said_per_day=None)
        await at.settle()
    assert len(at.slack.dms("U3")) == 4


async def test_the_next_business_day_it_rings_again_and_a_weekend_counts_to_monday(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(15.0, 15.0))
        await at.settle()
        at.clock.ahead(days=1)  # Thursday
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(20.0, 20.0))
        await at.settle()
        at.clock.ahead(days=2)  # Saturday
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(30.0, 30.0))
        await at.settle()
        at.clock.ahead(days=2)  # Monday
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(40.0, 40.0))
        await at.settle()
        assert heads(at) == ["15/day said", "20/day said", "30/day said"]
        assert "40/day said" in shown(at)
        at.clock.ahead(days=1)
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(50.0, 50.0))
        await at.settle()
    assert heads(at)[3:] == ["50/day said"]


async def test_a_public_holiday_of_the_deals_country_counts_to_the_next_business_day(at: Stage) -> None:
    known = await at.know(acme(country="JP", timezone="Asia/Tokyo"))
    at.clock.ahead(days=18, hours=10)  # Monday, 23 November, the morning of Labour Thanksgiving Day there
    async with at.courier():
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(15.0, 15.0))
        await at.settle()
        at.clock.ahead(days=1)
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(20.0, 20.0))
        await at.settle()
        assert heads(at) == ["15/day said"]
        at.clock.ahead(days=1)
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(30.0, 30.0))
        await at.settle()
    assert heads(at) == ["15/day said", "30/day said"]


async def test_the_day_is_the_customers(at: Stage) -> None:
    known = await at.know(acme(timezone="Asia/Tokyo"))  # there it is 23:16
    async with at.courier():
        await raise_(at, known, "volume-bait-and-switch")
        await at.settle()
        at.clock.ahead(hours=1)
        await raise_(at, known, "volume-bait-and-switch", said_per_day=(50.0, 50.0))
        await at.settle()
    assert len(at.slack.dms("U3")) == 2


async def test_when_the_first_is_withdrawn_the_next_gets_its_own(at: Stage) -> None:
    await at.know()
    async with at.courier():
        first = await at.says("U1", LOW)
        await at.says("U1", HIGHER)
        await at.says("U1", "we'll start with 30 packages a day")
        await at.settle()
        assert len(at.slack.dms("U3")) == 1
        await at.deletes(first)
        await at.settle()
    assert heads(at)[1:] == ["20/day said"]
    assert "nothing to do" in shown(at, number=0)
    assert "30/day said" in shown(at, number=1)


async def test_when_a_worse_one_is_withdrawn_the_first_still_speaks_for_the_rest(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        worse = await at.says("U1", LOWER)
        await at.says("U1", "we'll start with 25 packages a day")
        await at.settle()
        assert "25/day said" in shown(at, number=1)
        await at.deletes(worse)
        await at.settle()
    assert len(at.slack.dms("U3")) == 2
    assert "25/day said" in shown(at, number=0)


async def test_one_that_is_taken_back_leaves_the_dm_that_showed_it(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        ts = await at.says("U1", HIGHER)
        await at.settle()
        assert "20/day said" in shown(at)
        await at.deletes(ts)
        await at.settle()
    assert "20/day" not in shown(at)
    assert "Also" not in shown(at)


async def test_an_edit_to_a_worse_figure_rings(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        ts = await at.says("U1", HIGHER)
        await at.edits(ts, "U1", HIGHER, LOWER)
        await at.settle()
    assert heads(at) == ["15/day said", "12/day said"]


async def test_repetitions_update_the_dm_with_the_latest_words(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        at.clock.ahead(days=1)
        again = f"as I wrote, {LOW}"
        ts = await at.says("U1", again)
        await at.settle()
        assert len(at.slack.dms("U3")) == 1
        assert "Said 2 times, last by Dana Ortiz, <!date^" in shown(at)
        assert f"“{again}” · <https://carrier.slack.com/archives/C1/p{ts.replace('.', '')}|message>" in shown(at)
        await at.deletes(ts)
        await at.settle()
    assert "Said 2 times" not in shown(at)
    assert "as I wrote" not in shown(at)


async def test_what_stands_in_another_dm_can_be_decided_there(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.says("U1", HIGHER)
        await at.settle()
        menu = next(one for one in elements(at) if one["action_id"].startswith("jumpin-behind-"))
        await at.press("U3", choose(menu, "Used it"))
        await at.settle()
        assert [found.state for found in await at.all_found(known)] == ["open", "used"]
        assert "· ✅ used" in shown(at)
        menu = next(one for one in elements(at) if one["action_id"].startswith("jumpin-behind-"))
        await at.press("U3", choose(menu, "Open again"))
        await at.settle()
    assert [found.state for found in await at.all_found(known)] == ["open", "open"]


async def test_a_reminder_of_the_day_speaks_for_the_scenario(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.press("U3", element(at, SNOOZE))
        await at.settle()
        at.clock.ahead(days=1)
        await at.settle()
        assert len(at.slack.dms("U3")) == 2
        await at.says("U1", HIGHER)
        await at.settle()
    assert len(at.slack.dms("U3")) == 2
    assert "20/day said" in shown(at)


async def test_before_the_reminder_it_rings(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.press("U3", element(at, SNOOZE))  # until Thursday, 9:00
        await at.settle()
        at.clock.ahead(hours=17)  # Thursday, 7:16 in New York
        await at.says("U1", HIGHER)
        await at.settle()
    assert heads(at) == ["15/day said", "20/day said"]


async def test_no_issue_is_no_reason_to_ring_again_the_same_day(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.press("U3", element(at, NOT_AN_ISSUE))
        await at.says("U1", HIGHER)
        await at.settle()
    assert len(at.slack.dms("U3")) == 1
    assert "20/day said" in shown(at)


async def test_a_new_rep_is_told_what_the_first_had_been_told(at: Stage) -> None:
    await at.know()
    both = [{"id": "U3", "name": "Riley Chen", "role": "rep"}, {"id": "U5", "name": "Sam Stone", "role": "rep"}]
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.know(acme(people=[*acme().model_dump()["people"][:2], *both]))
        at.house.deals.clear()
        await at.says("U1", HIGHER)
        await at.settle()
    assert heads(at, "U3") == ["15/day said"]
    assert heads(at, "U5") == ["20/day said"]


async def test_a_replay_after_a_restart_changes_nothing(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        said = [(text, await at.says("U1", text)) for text in (LOW, HIGHER, LOW, LOWER)]
        await at.settle()
        before = (heads(at), [(found.id, found.state, found.count) for found in await at.all_found(known)])
        at.house.handled.clear()
        at.clock.ahead(days=1)
        for text, ts in said:
            await at.message_event(channel="C1", user="U1", text=text, ts=ts)
        await at.settle()
    assert (heads(at), [(found.id, found.state, found.count) for found in await at.all_found(known)]) == before


async def test_two_at_once_are_one_dm(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        figures = (20.0, 21.0, 22.0, 23.0, 24.0)
        await asyncio.gather(*(raise_(at, known, "volume-bait-and-switch", said_per_day=(figure, figure)) for figure in figures))
        await at.settle()
    assert len(at.slack.dms("U3")) == 1
    assert timedelta(0) < at.clock.now() - (await at.all_found(known))[0].raised_at
