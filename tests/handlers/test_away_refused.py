"""Slack will not take the one message after an absence: each matter in it is told by itself, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.hearing import catch_up
from store import outbox
from store.records import Errand
from templates.presses import USED
from tests.handlers.dms import LOW, elements, shown
from tests.handlers.telling import Stage, stage
from tests.handlers.test_away import PEAK, WHY, away, caught_up
from tests.live.fake_slack import Fault

LEASE = timedelta(seconds=120)


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    """Riley's deal, about which two things were said while the bot was away."""
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        await there.know()
        await away(there, LOW, WHY)
        yield there


def told(at: Stage) -> list[str]:
    """Which of the words each DM of Riley's shows."""
    return [" + ".join(one for one in (LOW, WHY, PEAK) if one in shown(at, number=number)) for number in range(len(at.slack.dms("U3")))]


async def the_one_message(at: Stage, owner: str) -> Errand:
    """It is in the hands of a process."""
    async with at.house.store.writing() as s:
        [errand] = [one for one in await outbox.claim(s, owner, at.clock.now(), LEASE, 10) if one.about.get("what") == "away"]
    return errand


@pytest.mark.parametrize("error", ["msg_too_long", "invalid_blocks"])
async def test_each_matter_is_told_by_itself_and_keeps_its_buttons(at: Stage, error: str) -> None:
    at.slack.fail("chat.postMessage", Fault(error=error))
    async with at.courier():
        await catch_up.catch_up(at.house, "C1")
        await at.courier_done()
        assert told(at) == [LOW, WHY]
        used = next(one for one in elements(at, number=0) if one["action_id"] == USED)
        await at.press("U3", used)
        await at.courier_done()
    assert [shown(at, number=number).count("Used by") for number in (0, 1)] == [1, 0]


async def test_what_was_taken_back_meanwhile_is_not_told(at: Stage) -> None:
    await catch_up.catch_up(at.house, "C1")
    await at.deletes(next(one["ts"] for one in at.slack.messages["C1"] if one["text"] == WHY))
    at.slack.fail("chat.postMessage", Fault(error="msg_too_long"))
    async with at.courier():
        await at.courier_done()
    assert told(at) == [LOW]


async def test_a_process_that_died_with_it_leaves_it_to_the_next(at: Stage) -> None:
    """Slack had refused it, which nobody wrote down."""
    await catch_up.catch_up(at.house, "C1")
    await the_one_message(at, "dead")
    at.clock.ahead(seconds=LEASE.total_seconds() + 1)
    at.slack.fail("chat.postMessage", Fault(error="msg_too_long"))
    async with at.courier(), at.courier():
        await at.courier_done()
    assert told(at) == [LOW, WHY]


async def test_a_process_that_died_after_it_stood_tells_nothing_twice(at: Stage) -> None:
    await catch_up.catch_up(at.house, "C1")
    at.slack.fail("chat.postMessage", Fault(cut=True, acted=True), Fault(error="msg_too_long"))
    async with at.courier():
        await at.courier_done()
    assert told(at) == [f"{LOW} + {WHY}"]


async def test_who_comes_late_with_a_refusal_opens_nothing_again(at: Stage) -> None:
    """Its lease is over, and another has sent it."""
    await catch_up.catch_up(at.house, "C1")
    late = await the_one_message(at, "late")
    at.clock.ahead(seconds=LEASE.total_seconds() + 1)
    async with at.courier() as courier:
        await at.courier_done()
        async with at.house.store.writing() as s:
            assert not await outbox.failed(s, late, "msg_too_long", at.clock.now())
        await courier.drain()
        await at.courier_done()
    assert told(at) == [f"{LOW} + {WHY}"]


async def test_another_absence_before_they_are_told_does_not_join_them_again(at: Stage) -> None:
    await catch_up.catch_up(at.house, "C1")
    refused = await the_one_message(at, "dead")
    async with at.house.store.writing() as s:
        assert await outbox.failed(s, refused, "msg_too_long", at.clock.now())
        assert await outbox.told_alone(s, refused, at.clock.now()) == 2
    await away(at, PEAK)
    await caught_up(at)
    async with at.courier():
        await at.courier_done()
    assert sorted(told(at)) == sorted([LOW, WHY, PEAK])


async def test_somebody_who_left_the_deal_is_told_nothing(at: Stage) -> None:
    await catch_up.catch_up(at.house, "C1")
    at.slack.people["U3"]["deleted"] = True
    at.house.asked_lately.drop("U3")
    async with at.courier():
        await at.courier_done()
    async with at.house.store.reading() as s:
        alerts = [one for number in (1, 2) for one in await outbox.of_finding(s, number) if one.recipient == "U3" and one.kind == "alert"]
    assert at.slack.dms("U3") == []
    assert [one.state for one in alerts] == ["sent", "sent"]
