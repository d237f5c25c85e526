"""The tick boxes that stand in Home: what a press enters, what somebody else's screen leaves alone, and nothing at all for others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.clock.history import Tick
from handlers.home.tab import refresh
from handlers.links import Links
from store import clock, deals
from store.clock_history import histories
from store.records import KnownDeal
from templates.checklist import CHECK
from templates.home_boxes import FOLD, TICK, UNFOLD
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault

REP, SECOND, LEADER = "U3", "U5", "U4"
PEOPLE = [
    {"id": REP, "name": "Riley Chen", "role": "rep"},
    {"id": SECOND, "name": "Sam Stone", "role": "rep"},
    {"id": LEADER, "name": "Morgan Lee", "role": "leadership"},
]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def unfolded(at: Stage, known: KnownDeal, user: str = REP) -> dict[str, Any]:
    view = await at.presses_home(user, await at.opens_home(user), action_id=UNFOLD, value=str(known.id))
    assert mistakes(view["blocks"]) == []
    return view


def lists(view: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Block id and element of each list that can be ticked, by the list's name."""
    rows = [(block["block_id"], block["elements"][0]) for block in view["blocks"] if block["type"] == "actions"]
    return {name.split(".")[2]: (name, element) for name, element in rows if element["type"] == "checkboxes"}


def ticked(view: dict[str, Any]) -> set[str]:
    """The boxes that stand ticked."""
    return {one["value"] for _, element in lists(view).values() for one in element.get("initial_options", ())}


async def tick(at: Stage, view: dict[str, Any], *keys: str, user: str = REP, of: str = "implementation") -> dict[str, Any]:
    """A press in a list after which these boxes are ticked on this person's screen."""
    block_id, element = lists(view)[of]
    chosen = [one for one in element["options"] if one["value"] in keys]
    assert len(chosen) == len(keys)
    press = {"type": "checkboxes", "action_id": TICK, "block_id": block_id, "selected_options": chosen}
    return await at.presses_home(user, view, **press)


async def entered(at: Stage, known: KnownDeal) -> list[tuple[str, bool, str | None]]:
    async with at.house.store.reading() as s:
        made = (await histories(s, [known], "America/New_York"))[known.id]
    return [(one.key, one.done, one.by) for one in made.ticks]


async def all_deals(at: Stage) -> list[KnownDeal]:
    async with at.house.store.reading() as s:
        return await deals.all_deals(s)


async def test_the_boxes_stand_under_the_deal_until_they_are_folded_again(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    view = await at.opens_home(REP)
    assert lists(view) == {}
    view = await unfolded(at, known)
    assert set(lists(view)) == {"implementation", "post-test", "promise"}
    told = "\n".join(texts(view["blocks"]))
    assert "*06 Implementation, weeks 1-2*" in told
    assert "In 06 Implementation: change …" in told
    view = await at.presses_home(REP, view, action_id=FOLD, value=str(known.id))
    assert lists(view) == {}


async def test_a_tick_is_entered_at_once_and_can_be_taken_back(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    first = await unfolded(at, known)
    assert ticked(first) == set()
    view = await tick(at, first, "in-threads")
    assert ticked(view) == {"in-threads"}
    assert lists(view)["implementation"][0] != lists(first)["implementation"][0]
    assert lists(view)["promise"] == lists(first)["promise"]
    view = await tick(at, view)
    assert ticked(view) == set()
    assert await entered(at, known) == [("in-threads", True, REP), ("in-threads", False, REP)]


async def test_presses_faster_than_home_is_shown_anew_all_count(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    old = await unfolded(at, known)
    await tick(at, old, "in-threads")
    await tick(at, old, "in-threads", "on-calls")
    assert ticked(await tick(at, old, "on-calls")) == {"on-calls"}


async def test_what_somebody_else_has_ticked_meanwhile_stays(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    old = await unfolded(at, known)
    await tick(at, await unfolded(at, known, SECOND), "on-calls", user=SECOND)
    assert ticked(await tick(at, old, "in-threads")) == {"in-threads", "on-calls"}


async def test_what_they_ticked_elsewhere_themselves_stays(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    old = await unfolded(at, known)
    async with at.house.store.writing() as s:  # in the form, say, while Home stands open
        await clock.tick(s, known.id, Tick("on-calls", date(2026, 11, 4), done=True, by=REP), datetime(2026, 11, 4, 15, tzinfo=UTC))
    assert ticked(await tick(at, old, "in-threads")) == {"in-threads", "on-calls"}


async def test_of_two_presses_at_the_same_time_the_later_view_stands(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    old = await unfolded(at, known)
    before = at.slack.count("views.publish")
    at.slack.fail("views.publish", Fault(error="hash_conflict", hang=0.3))  # the other press has been shown meanwhile
    press = asyncio.create_task(tick(at, old, "in-threads"))
    await until(lambda: at.slack.count("views.publish") > before)
    async with at.house.store.writing() as s:
        await clock.tick(s, known.id, Tick("on-calls", date(2026, 11, 4), done=True, by=REP), datetime(2026, 11, 4, 15, tzinfo=UTC))
    assert ticked(await press) == {"in-threads", "on-calls"}


async def test_home_shows_within_a_minute_what_others_tick(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    await unfolded(at, known)
    links = Links(at.house.slack)
    await refresh(at.house, links)
    async with at.house.store.writing() as s:
        await clock.tick(s, known.id, Tick("on-calls", date(2026, 11, 4), done=True, by=SECOND), datetime(2026, 11, 4, 15, tzinfo=UTC))
    assert await refresh(at.house, links) == 1
    assert ticked(at.slack.homes[REP]) == {"on-calls"}


async def test_the_form_that_moves_the_stage_opens_from_under_the_boxes(at: Stage) -> None:
    known = await at.know(acme(people=PEOPLE))
    view = await unfolded(at, known)
    [button] = [one for block in view["blocks"] for one in block.get("elements", ()) if one.get("action_id") == CHECK]
    before = len(at.slack.views)
    await at.presses_home(REP, view, action_id=CHECK, value=button["value"])
    assert "checkboxes" in {block["element"]["type"] for block in at.slack.views[before]["blocks"] if "element" in block}


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_nobody_else_sees_or_ticks_them(at: Stage, user: str) -> None:
    await with_outsiders(at)
    [known] = [one for one in await all_deals(at) if one.deal.customer != "Other"]
    theirs = await unfolded(at, known)
    view = await at.presses_home(user, theirs, action_id=UNFOLD, value=str(known.id))
    assert "in-threads" not in str(view)
    await tick(at, theirs, "in-threads", user=user)
    assert await entered(at, known) == []


@pytest.mark.parametrize(
    "press",
    [
        {"block_id": "home-boxes.x.implementation.00000000"},
        {"block_id": "home-boxes.1"},
        {"block_id": "b", "selected_options": "no"},
        {"selected_options": [{"value": "no-such-box"}, None, {}]},
        {"selected_options": [{"value": "early"}]},
    ],
    ids=str,
)
async def test_a_press_that_makes_no_sense_enters_nothing(at: Stage, press: dict[str, Any]) -> None:
    known = await at.know(acme(people=PEOPLE))
    view = await unfolded(at, known)
    there = {"type": "checkboxes", "action_id": TICK, "block_id": lists(view)["implementation"][0], "selected_options": []}
    assert ticked(await at.presses_home(REP, view, **(there | press))) == set()
    assert await entered(at, known) == []
