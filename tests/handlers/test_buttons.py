"""The buttons of a DM: answered at once, only for the deal's own people, and every DM about the finding follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from handlers.findings import snooze
from store.records import StoredFinding
from templates.blocks import MORE, NOT_AN_ISSUE, OPEN, SNOOZE, USED
from tests.handlers.telling import Stage, acme, stage, until
from tests.live.block_kit import texts


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def told(at: Stage, **deal: Any) -> StoredFinding:
    """A finding whose DM has been sent."""
    stored = await at.hear(await at.know(acme(**deal)))
    await at.told(stored.id)
    return stored


def button(at: Stage, action_id: str, user: str = "U3") -> dict[str, Any]:
    """The element as it stands in somebody's last DM."""
    elements = [element for block in at.slack.dms(user)[-1]["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return next(element for element in elements if element["action_id"] == action_id)


def shows(at: Stage, user: str, line: str) -> bool:
    """Whether somebody's first DM says so."""
    return any(line in text for text in texts(at.slack.dms(user)[0]["blocks"]))


@pytest.mark.parametrize(
    ("action_id", "state", "line"),
    [
        (USED, "used", "✅ Used by <@U3>"),
        (NOT_AN_ISSUE, "not-an-issue", "☑️ Not an issue, said <@U3>"),
        (SNOOZE, "snoozed", "💤 Snoozed by <@U3> until"),
    ],
)
async def test_a_press_is_stored_and_shown_in_place(at: Stage, action_id: str, state: str, line: str) -> None:
    async with at.courier():
        stored = await told(at)
        assert (await at.press("U3", button(at, action_id))).status == 200
        await until(partial(shows, at, "U3", line))
    after = await at.state(stored.id)
    assert (after.state, after.changed_by) == (state, "U3")
    assert len(at.slack.dms("U3")) == 1


async def test_the_others_see_it_too(at: Stage) -> None:
    both = [{"id": "U3", "name": "Riley Chen", "role": "rep"}, {"id": "U5", "name": "Sam Stone", "role": "rep"}]
    async with at.courier():
        await told(at, people=both)
        await at.press("U5", button(at, USED, "U5"))
        for user in ("U3", "U5"):
            await until(partial(shows, at, user, "Used by <@U5>"))


async def test_leadership_of_the_deal_may_press(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await at.press("U4", button(at, USED))
    assert (await at.state(stored.id)).changed_by == "U4"


async def test_a_rep_who_has_become_a_guest_is_refused(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
    at.slack.person("U3", "Riley Chen", is_restricted=True)
    at.house.users.clear()
    await at.press("U3", button(at, USED))
    assert (await at.state(stored.id)).state == "open"
    assert len(at.slack.responses) == 1


async def test_a_double_click_changes_nothing_more(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        action = button(at, USED)
        await at.press("U3", action)
        once = await at.state(stored.id)
        await at.press("U3", action)
        await at.told(stored.id)
    assert await at.state(stored.id) == once
    assert at.slack.count("chat.update") == 1


async def test_a_press_on_a_finding_that_is_over_leaves_it_so(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        action = button(at, USED)
        await at.withdraw(stored)
        await at.press("U3", action)
        await at.told(stored.id)
    assert (await at.state(stored.id)).state == "withdrawn"


async def test_the_link_button_is_acknowledged(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
    assert (await at.press("U3", button(at, OPEN))).status == 200
    assert (await at.state(stored.id)).state == "open"


@pytest.mark.parametrize("value", ["", "x", "1:2:3x", "9" * 30, "-1", "١"])
async def test_a_value_that_is_not_ours_is_refused(at: Stage, value: str) -> None:
    assert (await at.press("U3", {"action_id": USED, "value": value})).status == 200
    assert len(at.slack.responses) == 1


async def test_a_snoozed_finding_comes_back_as_a_new_dm(at: Stage) -> None:
    async with at.courier() as courier:
        stored = await told(at)
        await at.press("U3", button(at, SNOOZE))
        after = await at.state(stored.id)
        assert after.until == datetime(2026, 11, 5, 14, 0, tzinfo=UTC)
        await courier.drain()
        assert len(at.slack.dms("U3")) == 1
        at.clock.ahead(days=1)
        at.house.wake.set()
        await until(lambda: len(at.slack.dms("U3")) == 2)
    assert (await at.state(stored.id)).state == "open"
    assert button(at, USED)


async def test_a_snoozed_finding_that_was_settled_meanwhile_does_not_come_back(at: Stage) -> None:
    async with at.courier() as courier:
        stored = await told(at)
        snoozing = button(at, MORE)
        await at.press("U3", {"action_id": MORE, "type": "overflow", "selected_option": snoozing["options"][0]})
        after = await at.state(stored.id)
        assert after.until is not None
        assert timedelta(minutes=59) < after.until - at.clock.now() <= timedelta(hours=1)
        await until(lambda: at.slack.count("chat.update") == 1)
        await at.press("U3", button(at, USED))
        at.clock.ahead(hours=2)
        await courier.drain()
        await at.told(stored.id)
    assert len(at.slack.dms("U3")) == 1


@pytest.mark.parametrize(
    ("how_long", "now", "end"),
    [
        ("", "2026-11-04T14:16", "2026-11-05T14:00"),  # Wednesday, to Thursday 9:00 in New York
        ("", "2026-11-06T23:00", "2026-11-09T14:00"),  # Friday evening, to Monday
        ("", "2026-10-31T12:00", "2026-11-02T14:00"),  # over the end of daylight saving
        ("", "2026-11-05T03:00", "2026-11-05T14:00"),  # still Wednesday in New York
        ("week", "2026-11-04T14:16", "2026-11-09T14:00"),
        ("week", "2026-11-09T14:16", "2026-11-16T14:00"),
        ("hour", "2026-11-06T23:30", "2026-11-07T00:30"),
    ],
)
def test_until_when_a_snooze_lasts(how_long: str, now: str, end: str) -> None:
    began = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert snooze.until(how_long, began, ZoneInfo("America/New_York")) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_an_unknown_time_zone_falls_back() -> None:
    assert snooze.zone_named("Mars/Olympus", "Europe/Berlin") == ZoneInfo("Europe/Berlin")
    assert snooze.zone_named("", "Europe/Berlin") == ZoneInfo("Europe/Berlin")
