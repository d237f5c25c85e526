"""A decision can be undone for a minute; reasons, stale presses, and what people who come second are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store import findings
from store.records import StoredFinding
from templates.presses import MORE, NOT_AN_ISSUE, REASON, SNOOZE, UNDO, USED
from tests.handlers.dms import choose, element, labels, replies, shown
from tests.handlers.telling import Stage, acme, stage

REASONS = ["Wrong figure read", "Not about our volume", "Already agreed", "Other"]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def told(at: Stage, **deal: Any) -> StoredFinding:
    """A finding whose DM has been sent."""
    stored = await at.hear(await at.know(acme(**deal)))
    await at.settle()
    return stored


async def pressed(at: Stage, action: dict[str, Any], user: str = "U3") -> None:
    await at.press(user, action)
    await at.settle()


def in_menu(at: Stage, label: str) -> dict[str, Any]:
    return choose(element(at, MORE), label)


@pytest.mark.parametrize("what", [USED, NOT_AN_ISSUE, SNOOZE, "Escalated to leadership", "Resolved", "Snooze 1 hour"])
async def test_within_a_minute_it_is_undone_and_all_is_kept(at: Stage, what: str) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, element(at, what) if what.startswith("jumpin") else in_menu(at, what))
        decided = (await at.state(stored.id)).state
        undo = element(at, UNDO)
        at.clock.ahead(seconds=50)
        await pressed(at, undo)
        assert "Undo" not in labels(at)
        assert {"Used it", "Not an issue", "Snooze"} <= set(labels(at))
        await pressed(at, undo)  # a second click
        at.clock.ahead(days=7)
        await at.settle()
    after = await at.state(stored.id)
    assert (after.state, after.until, after.changed_by) == ("open", None, None)
    assert replies(at) == []
    assert len(at.slack.dms("U3")) == 1, "the reminder of an undone snooze does not come"
    assert at.slack.dms("U4") == [], "nor does an undone escalation"
    async with at.house.store.reading() as s:
        steps = await findings.steps(s, stored.id)
    assert [(step.after, step.by, step.reason) for step in steps] == [("open", None, None), (decided, "U3", None), ("open", "U3", "undone")]


async def test_after_the_minute_it_says_what_can_be_done_instead(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, element(at, USED))
        undo = element(at, UNDO)
        at.clock.ahead(seconds=61)
        await pressed(at, undo)
        assert (await at.state(stored.id)).state == "used"
        [reply] = replies(at)
        assert reply.startswith("The minute to undo is over. It stays as it is: ✅ used. The other buttons still change it")
        await pressed(at, element(at, NOT_AN_ISSUE))
        at.clock.ahead(seconds=61)
        await pressed(at, element(at, f"{REASON}-other"))
        assert "Undo" in labels(at)
        at.clock.ahead(minutes=2)
        await pressed(at, element(at, USED))
        undo = element(at, UNDO)
        await pressed(at, undo)
    after = await at.state(stored.id)
    assert (after.state, after.reason, after.changed_by) == ("not-an-issue", "other", "U3")
    assert "Undo" not in labels(at), "going back is not undone"


async def test_undo_after_somebody_else_has_decided_changes_nothing_and_says_so(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, element(at, USED))
        undo = element(at, UNDO)
        await pressed(at, element(at, NOT_AN_ISSUE), "U4")
        await pressed(at, undo)
    assert (await at.state(stored.id)).state == "not-an-issue"
    [reply] = replies(at)
    assert reply.startswith("<@U4> found it to be no issue in the meantime, so your press changed nothing.")


async def test_a_reason_is_asked_for_in_place_and_not_needed(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, element(at, NOT_AN_ISSUE))
        after = await at.state(stored.id)
        assert (after.state, after.reason) == ("not-an-issue", None)
        assert labels(at)[:4] == REASONS
        await pressed(at, element(at, f"{REASON}-not-our-volume"))
        await pressed(at, {"action_id": f"{REASON}-not-our-volume", "value": f"not-our-volume:{stored.id}:not-an-issue"})
    after = await at.state(stored.id)
    assert (after.state, after.reason, after.changed_by) == ("not-an-issue", "not-our-volume", "U3")
    assert "— not about our volume" in shown(at)
    assert not set(REASONS) & set(labels(at))
    async with at.house.store.reading() as s:
        steps = await findings.steps(s, stored.id)
    assert [(step.before, step.after, step.reason) for step in steps[1:]] == [
        ("open", "not-an-issue", None),
        ("not-an-issue", "not-an-issue", "not-our-volume"),
    ]


@pytest.mark.parametrize("why", ["", "mine", "snoozed"])
async def test_a_reason_that_is_none_of_ours_is_refused(at: Stage, why: str) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, {"action_id": f"{REASON}-x", "value": f"{why}:{stored.id}:not-an-issue"})
    assert (await at.state(stored.id)).state == "open"
    assert "open only to our own people" in replies(at)[0]


async def test_who_comes_second_sees_what_the_first_has_done(at: Stage) -> None:
    both = [{"id": "U3", "name": "Riley Chen", "role": "rep"}, {"id": "U5", "name": "Sam Stone", "role": "rep"}]
    async with at.courier():
        stored = await told(at, people=both)
        theirs = element(at, NOT_AN_ISSUE, "U5")
        await at.press("U3", element(at, USED))
        await pressed(at, theirs, "U5")  # before the message has changed under them
        assert (await at.state(stored.id)).state == "used"
        [reply] = replies(at)
        assert reply == (
            "<@U3> marked it as used in the meantime, so your press changed nothing. The message shows it now; "
            "press again if you see it differently."
        )
        await pressed(at, element(at, NOT_AN_ISSUE, "U5"), "U5")
    assert (await at.state(stored.id)).state == "not-an-issue"
    assert len(replies(at)) == 1


async def test_both_doing_the_same_is_done_once_and_without_a_word(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        button = element(at, USED)
        await at.press("U3", button)
        await pressed(at, button, "U4")
    assert (await at.state(stored.id)).changed_by == "U3"
    assert replies(at) == []


async def test_changing_ones_own_mind_at_once_counts(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        used, no_issue = element(at, USED), element(at, NOT_AN_ISSUE)
        await at.press("U3", used)
        await pressed(at, no_issue)
    assert (await at.state(stored.id)).state == "not-an-issue"


async def test_a_month_old_message_still_works_and_one_without_its_state_too(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        button = element(at, USED)
        at.clock.ahead(days=31)
        await pressed(at, button)
        assert (await at.state(stored.id)).state == "used"
        await pressed(at, {"action_id": NOT_AN_ISSUE, "value": str(stored.id)})
        assert (await at.state(stored.id)).state == "not-an-issue"
        await pressed(at, {"action_id": MORE, "type": "overflow", "selected_option": {"value": f"hour:{stored.id}"}})
    assert (await at.state(stored.id)).state == "snoozed"


@pytest.mark.parametrize("over", ["withdrawn", "terms-changed"])
async def test_what_is_over_stays_so_and_says_why(at: Stage, over: str) -> None:
    async with at.courier():
        stored = await told(at)
        button = element(at, USED)
        if over == "withdrawn":
            await at.withdraw(stored)
        else:
            async with at.house.store.writing() as s:
                await findings.change(s, stored.id, "terms-changed", by="U3", now=at.clock.now())
        await pressed(at, button)
    assert (await at.state(stored.id)).state == over
    assert len(replies(at)) == 1


@pytest.mark.parametrize("value", ["", "x", "1", "1:", "1:2:3", "9" * 30, "-1:1", "١:1", None, 7])
async def test_an_undo_that_is_none_of_ours_undoes_nothing(at: Stage, value: Any) -> None:
    async with at.courier():
        stored = await told(at)
        await pressed(at, element(at, USED))
        await pressed(at, {"action_id": UNDO, "value": value})
    assert (await at.state(stored.id)).state == "used"
    assert len(replies(at)) == 1
