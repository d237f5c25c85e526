"""A later word settles what was open, with its link; taken back, it is open again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store import findings
from store.findings import Step
from templates.presses import REOPEN, USED
from tests.handlers.dms import AGREED, HIGHER, LOW, choose, element, heads, labels, replies, shown
from tests.handlers.telling import Stage, stage


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def states(at: Stage) -> list[str]:
    """The states of all findings, oldest first."""
    return [found.state for found in await at.all_found(await at.know())]


async def test_the_agreed_volume_settles_it_and_the_dm_says_who_said_so_where(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.says("U1", HIGHER)
        await at.settle()
        ts = await at.says("U1", AGREED)
        await at.settle()
    assert await states(at) == ["resolved", "resolved"]
    assert len(at.slack.dms("U3")) == 1
    assert "✅ Resolved by what came later: Dana Ortiz, <!date^" in shown(at)
    assert f"“{AGREED}” · <https://carrier.slack.com/archives/C1/p{ts.replace('.', '')}|message>" in shown(at)
    assert "· ✅ resolved" in shown(at)
    assert labels(at)[-2:] == ["Open thread", "Still open"]
    async with at.house.store.reading() as s:
        _, settled = await findings.steps(s, 1)
    assert (settled.before, settled.after, settled.by, settled.link) == ("open", "resolved", None, "finding:3")


@pytest.mark.parametrize("how", ["deleted", "edited away"])
async def test_a_confirmation_that_is_taken_back_settles_nothing(at: Stage, how: str) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        ts = await at.says("U1", AGREED)
        await at.settle()
        assert await states(at) == ["resolved"]
        if how == "deleted":
            await at.deletes(ts)
        else:
            await at.edits(ts, "U1", AGREED, "sorry, wrong channel")
        await at.settle()
    assert await states(at) == ["open"]
    assert "Resolved" not in shown(at).replace("\nResolved", "")
    assert "Used it" in labels(at)
    assert len(at.slack.dms("U3")) == 1
    async with at.house.store.reading() as s:
        steps = await findings.steps(s, 1)
    assert [(step.after, step.reason) for step in steps] == [("open", None), ("resolved", None), ("open", "taken back")]


async def test_what_was_used_is_used_again(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.press("U3", element(at, USED))
        ts = await at.says("U1", AGREED)
        await at.settle()
        assert await states(at) == ["resolved"]
        await at.deletes(ts)
        await at.settle()
    assert await states(at) == ["used"]
    assert "✅ Used by <@U3>" in shown(at)


async def test_another_confirmation_keeps_it_settled(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        first = await at.says("U1", AGREED)
        second = await at.says("U1", "yes, we'll start with 160 packages a day")
        await at.deletes(first)
        await at.settle()
    assert await states(at) == ["resolved"]
    assert second.replace(".", "") in shown(at)


async def test_a_confirmation_edited_to_a_lower_figure_is_a_finding_and_opens_the_first_again(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        ts = await at.says("U1", AGREED)
        await at.settle()
        await at.edits(ts, "U1", AGREED, HIGHER)
        await at.settle()
    assert await states(at) == ["open", "open"]
    assert heads(at) == ["15/day said", "20/day said"]


async def test_said_low_again_after_it_was_settled_it_rings_again(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.says("U1", AGREED)
        await at.settle()
        await at.says("U1", LOW)
        await at.settle()
    assert heads(at) == ["15/day said", "15/day said"]
    assert await states(at) == ["resolved", "open"]


async def test_what_was_said_before_settles_nothing_and_what_comes_late_is_settled_at_once(at: Stage) -> None:
    await at.know()
    async with at.courier():
        early = at.slack.say("U1", "C1", LOW)
        await at.says("U1", AGREED)
        await at.message_event(channel="C1", user="U1", text=LOW, ts=early)  # heard only now, as after a time away
        await at.settle()
        assert await states(at) == ["resolved"]
        assert at.slack.dms("U3") == []
        await at.says("U1", LOW)
        await at.settle()
    assert await states(at) == ["resolved", "open"]
    assert len(at.slack.dms("U3")) == 1


async def test_what_came_late_and_was_settled_rings_when_that_is_taken_back(at: Stage) -> None:
    await at.know()
    async with at.courier():
        early = at.slack.say("U1", "C1", LOW)
        ts = await at.says("U1", AGREED)
        await at.message_event(channel="C1", user="U1", text=LOW, ts=early)
        await at.deletes(ts)
        await at.settle()
    assert await states(at) == ["open"]
    assert heads(at) == ["15/day said"]


async def test_implementation_does_not_speak_for_the_customer(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.says("U2", AGREED)
        await at.settle()
    assert (await states(at))[0] == "open"


async def test_what_was_settled_wrongly_is_opened_by_hand_and_stays_open(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        ts = await at.says("U1", AGREED)
        await at.settle()
        button = element(at, REOPEN)
        await at.press("U3", button)
        await at.settle()
        assert await states(at) == ["open"]
        assert "Used it" in labels(at)
        at.house.handled.clear()
        await at.message_event(channel="C1", user="U1", text=AGREED, ts=ts)
        assert await states(at) == ["open"]
        await at.press("U4", button)
    assert await states(at) == ["open"]


async def test_by_hand_it_is_resolved_too(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        await at.press("U3", choose(element(at, "jumpin-snooze-for"), "Resolved"))
        await at.settle()
        assert "✅ Resolved by <@U3>, <!date^" in shown(at)
        assert labels(at) == ["Open thread", "Still open", "Undo"]
        await at.press("U4", {"action_id": USED, "value": "1"})
        await at.says("U1", AGREED)
        await at.settle()
    assert await states(at) == ["resolved"]
    assert replies(at) == ["This is resolved already. If you see it differently, press “Still open”."]
    async with at.house.store.reading() as s:
        assert (await findings.steps(s, 1))[1:] == [Step("open", "resolved", "U3", (await at.state(1)).changed_at)]
