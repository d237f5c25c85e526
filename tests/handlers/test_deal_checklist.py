"""/deal-checklist: what the bot saw is ticked, the rest is ticked in a form, once, and a change of stage tells what is left open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.playbook.clock.checklists import RepSummary as Summary
from bot.playbook.clock.history import Happened, History
from store import clock, deals
from store.clock_history import histories
from store.records import KnownDeal
from templates.checklist import CHECK, MOST_REPS, team_message
from tests.handlers.doors import WHO, WHY, with_outsiders
from tests.handlers.telling import PEOPLE, Stage, acme, stage
from tests.live.block_kit import mistakes, texts, view_mistakes

DAY_16 = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)
REP, LEADER = "U3", "U4"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.clock.ahead(seconds=(DAY_16 - there.clock.now()).total_seconds())
        yield there


async def asks(at: Stage, text: str = "acme", user: str = REP) -> dict[str, Any]:
    answer = await at.asks(user, text, name="/deal-checklist")
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return answer


async def opened(at: Stage, known: KnownDeal, user: str = REP) -> dict[str, Any]:
    await at.press(user, {"action_id": CHECK, "value": f"{known.id}|"})
    view = at.slack.views[-1]
    assert view_mistakes(view) == []
    return view


async def history(at: Stage, known: KnownDeal) -> History:
    async with at.house.store.reading() as s:
        return (await histories(s, [known], "America/New_York"))[known.id]


def said(answer: dict[str, Any]) -> str:
    return "\n".join(texts(answer["blocks"] if "blocks" in answer else answer["view"]["blocks"]))


def boxes(view: dict[str, Any], name: str) -> list[str]:
    """The keys that a field of the form offers."""
    [block] = [one for one in view["blocks"] if one.get("block_id") == f"list.{name}"]
    return [one["value"] for one in block["element"]["options"]]


async def sent(at: Stage, user: str) -> list[str]:
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def test_the_lists_of_the_stage_and_the_promise_with_what_was_seen(at: Stage) -> None:
    known = await at.know()
    async with at.house.store.writing() as s:
        for day in (2, 3, 4, 5, 6):
            event = Happened("pickup", date(2026, 11, day), "BOL 4711")
            await clock.happened(s, known.id, event, f"p{day}", by=None, now=at.clock.now())
    shown = said(await asks(at))
    assert "06 Implementation, weeks 1-2" in shown
    assert "06 Post-test, days 15-30" in shown
    assert "Partnership promise" in shown
    assert "02 Discovery" not in shown
    assert "☑️ Watched the first pickups, days 3-5 — all 5 confirmed" in shown
    assert "⬜ On all calls" in shown
    view = await opened(at, known)
    assert "first-pickups" not in boxes(view, "implementation"), "what the bot saw itself is not asked for"
    assert "☑️ Watched the first pickups, days 3-5 — all 5 confirmed" in "\n".join(texts(view["blocks"]))


async def test_boxes_are_ticked_once_and_cleared_again(at: Stage) -> None:
    known = await at.know()
    view = await opened(at, known)
    ticks = {"list.implementation": ["on-calls", "in-threads"]}
    answers = await asyncio.gather(*(at.submit(REP, view, ticks) for _ in range(3)))
    assert all("open on the lists of this stage" in said(answer) for answer in answers)
    assert sorted((one.key, one.done, one.by, one.day) for one in (await history(at, known)).ticks) == [
        ("in-threads", True, REP, date(2026, 11, 17)),
        ("on-calls", True, REP, date(2026, 11, 17)),
    ]
    assert "☑️ On all calls — ticked by <@U3>" in said(await asks(at))
    again = await opened(at, known)
    await at.submit(REP, again, {"list.implementation": ["in-threads"]})
    assert "⬜ On all calls" in said(await asks(at))
    assert "☑️ In all threads" in said(await asks(at))


async def test_a_form_changes_only_what_was_changed_in_it(at: Stage) -> None:
    known = await at.know()
    old = await opened(at, known)
    await at.submit(LEADER, await opened(at, known, LEADER), {"list.promise": ["updates"]})
    await at.submit(REP, old, {"list.implementation": ["on-calls"]})
    shown = said(await asks(at))
    assert "☑️ A routine of updates for the customer — ticked by <@U4>" in shown
    assert "☑️ On all calls — ticked by <@U3>" in shown


async def test_a_box_that_there_is_not_is_not_ticked(at: Stage) -> None:
    known = await at.know()
    await at.submit(REP, await opened(at, known), {"list.implementation": ["on-calls", "hunter2"]})
    assert [one.key for one in (await history(at, known)).ticks] == ["on-calls"]


async def test_a_change_of_stage_tells_what_is_left_open_once(at: Stage) -> None:
    people = [*PEOPLE, {"id": "U5", "name": "Sam Stone", "role": "rep"}]
    known = await at.know(acme(stage="proposal", people=people))
    view = await opened(at, known)
    for _ in range(2):
        answer = await at.submit(REP, view, {"stage": "setup", "list.proposal": ["if-then"]})
    confirmed = said(answer)
    assert "05 Setup documents: 4 open" in confirmed or "05 Setup documents:" in confirmed
    async with at.house.store.reading() as s:
        there = await deals.deal_by_id(s, known.id)
    assert there is not None
    assert there.deal == known.deal.model_copy(update={"stage": "setup"})
    [told] = await sent(at, "U5")
    assert "Acme Outfitters is in 05 Setup documents now" in told
    assert "⬜ Put the framework into the proposal or a follow-up email" in told
    assert "if it works, we ramp" not in told
    assert await sent(at, REP) == [], "who moved it has read it in the form"


async def test_the_warning_stands_in_the_confirmation_and_there_is_none_on_the_way_back(at: Stage) -> None:
    known = await at.know(acme(stage="proposal"))
    assert "⚠️ " in said(await at.submit(REP, await opened(at, known), {"stage": "setup"}))
    back = said(await at.submit(REP, await opened(at, known), {"stage": "proposal"}))
    assert "04 Proposal" in back
    assert "⚠️ " not in back


async def test_what_was_done_in_between_is_not_warned_of(at: Stage) -> None:
    known = await at.know(acme(stage="rate-creation", people=[*PEOPLE, {"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    await at.submit(REP, await opened(at, known), {"stage": "proposal", "list.rate-creation": ["commitment", "said-aloud"]})
    assert await sent(at, "U5") == []


async def test_the_teams_summary_is_for_those_who_lead_it(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Bolt", channels=[], people=[*PEOPLE, {"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    await at.know(acme(customer="Not Morgan's", channels=[], people=PEOPLE[:3]))
    shown = said(await asks(at, "team", LEADER))
    assert "Riley Chen: 2 deals" in shown
    assert "Sam Stone: 1 deal," in shown
    assert "Not Morgan" not in shown
    assert "*Bolt*: " in shown
    assert "you are named as leadership in no deal" in said(await asks(at, "team", REP))


def test_a_team_of_any_size_fits() -> None:
    one = Summary("U3", 4, 10, 90, ())
    for count in (0, 1, MOST_REPS, MOST_REPS + 1, 500):
        made = team_message([(one, "🚚<&>*" * 40)] * count)
        assert mistakes(made.blocks) == []


async def test_help(at: Stage) -> None:
    assert "/deal-checklist team" in said(await asks(at, "help"))


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_the_door_is_shut_for_others(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    async with at.house.store.reading() as s:
        known = await deals.deal_by_id(s, number)
    assert known is not None
    for text in ("acme", "team"):
        assert "Outfitters" not in said(await asks(at, text, user))
    await at.press(user, {"action_id": CHECK, "value": f"{number}|"})
    assert at.slack.views == []
    view = await opened(at, known)
    answer = await at.submit(user, view, {"list.implementation": ["on-calls"], "stage": "closed-won"})
    assert "only to our own people" in said(answer)
    assert (await history(at, known)).ticks == ()


async def test_a_warning_reaches_nobody_who_may_not_see_the_deal_any_more(at: Stage) -> None:
    known = await at.know(acme(stage="proposal", people=[*PEOPLE, {"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    await at.submit(REP, await opened(at, known), {"stage": "setup"})
    at.slack.people["U5"]["is_restricted"] = True
    assert await sent(at, "U5") == []


@pytest.mark.parametrize("values", [None, [], {"list.implementation": {"value": {"selected_options": [None, {}, {"value": 7}]}}}])
@pytest.mark.parametrize("metadata", ["{}", '{"deal": 1, "ticked": 7, "stage": []}', '{"deal": 1, "ticked": [[]]}'])
async def test_payloads_of_every_wrong_kind_tick_nothing(at: Stage, values: Any, metadata: str) -> None:
    known = await at.know()
    view = {**await opened(at, known), "private_metadata": metadata}
    await at.send(REP, view, values)
    assert (await history(at, known)).ticks == ()
