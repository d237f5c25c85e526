"""Escalated to leadership: they are told after the minute to undo, see what becomes of it, and nobody else is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from templates.presses import MORE, SNOOZE, UNDO, USED
from tests.handlers.dms import AGREED, LOW, choose, element, labels, replies, shown
from tests.handlers.doors import SHUT_OUT
from tests.handlers.telling import PEOPLE, Stage, acme, stage
from tests.live.block_kit import texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def escalated(at: Stage, user: str = "U3", **deal: Any) -> str:
    """Something said, told and escalated; its ts."""
    await at.know(acme(**deal))
    ts = await at.says("U1", LOW)
    await at.settle()
    await at.press(user, choose(element(at, MORE), "Escalated to leadership"))
    await at.settle()
    return ts


async def test_leadership_gets_the_finding_who_escalated_and_the_quote(at: Stage) -> None:
    async with at.courier():
        ts = await escalated(at)
        assert "📣 Escalated to leadership by <@U3>, <!date^" in shown(at)
        assert "They are told a minute later, unless it is undone." in shown(at)
        assert at.slack.dms("U4") == []
        at.clock.ahead(seconds=62)
        await at.settle()
    notice = shown(at, "U4").splitlines()
    assert notice[0] == "Acme Outfitters: 15/day said, 150/day agreed — test day 3 of 14"
    assert notice[1].startswith("📣 Escalated to leadership by <@U3>, <!date^")
    assert LOW in notice
    assert ts.replace(".", "") in shown(at, "U4")
    assert "Jump in with:" not in notice
    assert len(at.slack.dms("U3")) == 1
    assert replies(at) == []


async def test_the_deal_card_says_so(at: Stage) -> None:
    async with at.courier():
        await escalated(at)
    card = await at.command("U3", channel="C1")
    assert ", escalated to leadership" in "\n".join(texts(card["blocks"]))


async def test_what_they_see_follows_the_finding(at: Stage) -> None:
    async with at.courier():
        ts = await escalated(at)
        at.clock.ahead(seconds=62)
        await at.settle()
        await at.says("U1", AGREED)
        await at.settle()
        assert "✅ Resolved by what came later" in shown(at, "U4")
        await at.deletes(ts)
        await at.settle()
    assert LOW not in shown(at, "U4")
    assert "nothing to do" in shown(at, "U4")
    assert len(at.slack.dms("U4")) == 1


async def test_undone_or_decided_otherwise_in_time_nobody_is_told_and_escalated_again_they_are_told_once(at: Stage) -> None:
    async with at.courier():
        await escalated(at)
        await at.press("U3", element(at, UNDO))
        await at.settle()
        await at.press("U3", choose(element(at, MORE), "Escalated to leadership"))
        await at.settle()
        await at.press("U3", element(at, USED))
        at.clock.ahead(minutes=5)
        await at.settle()
        assert at.slack.dms("U4") == []
        await at.press("U3", choose(element(at, MORE), "Escalated to leadership"))
        at.clock.ahead(minutes=5)
        await at.settle()
    assert len(at.slack.dms("U4")) == 1


async def test_a_double_click_escalates_once(at: Stage) -> None:
    async with at.courier():
        await at.know()
        await at.says("U1", LOW)
        await at.settle()
        option = choose(element(at, MORE), "Escalated to leadership")
        for _ in range(2):
            await at.press("U3", option)
        at.clock.ahead(minutes=5)
        await at.settle()
    assert len(at.slack.dms("U4")) == 1


@pytest.mark.parametrize("why", ["foreign team", "multi-channel guest", "single-channel guest", "deactivated", "a bot", "unknown to Slack"])
async def test_only_members_of_our_own_team_are_told(at: Stage, why: str) -> None:
    user, facts = SHUT_OUT[why]
    if facts is not None:
        at.slack.person(user, f"Name of {user}", **facts)
    async with at.courier():
        await escalated(at, people=[*PEOPLE, {"id": user, "name": user, "role": "leadership"}])
        at.clock.ahead(minutes=5)
        await at.settle()
    assert len(at.slack.dms("U4")) == 1
    assert at.slack.dms(user) == []


async def test_who_is_of_the_leadership_no_more_is_not_told(at: Stage) -> None:
    async with at.courier():
        await escalated(at)
        await at.know(acme(people=[person for person in PEOPLE if person["id"] != "U4"]))
        at.clock.ahead(minutes=5)
        await at.settle()
    assert at.slack.dms("U4") == []


async def test_without_leadership_it_is_marked_and_said_so(at: Stage) -> None:
    async with at.courier():
        await escalated(at, people=[person for person in PEOPLE if person["id"] != "U4"])
    assert (await at.state(1)).state == "escalated"
    [reply] = replies(at)
    assert reply.startswith("Marked as escalated. The deal of *Acme Outfitters* names nobody else of your leadership, so nobody was told")


async def test_a_snooze_does_not_remind_those_to_whom_it_was_escalated(at: Stage) -> None:
    async with at.courier():
        await escalated(at)
        at.clock.ahead(minutes=5)
        await at.settle()
        assert "Still open" not in labels(at, "U4")
        await at.press("U3", {"action_id": SNOOZE, "value": "1:escalated"})
        at.clock.ahead(days=1)
        await at.settle()
    assert len(at.slack.dms("U3")) == 2
    assert len(at.slack.dms("U4")) == 1
