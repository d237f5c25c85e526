"""One message that raises two findings rings once: the first as it would stand alone, the other below it with its script and buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store import preferences
from templates.presses import USED
from tests.handlers.dms import LOW, elements, shown
from tests.handlers.telling import Stage, stage
from tests.handlers.test_away import PEAK
from tests.live.block_kit import mistakes
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    """The day of the ramp is over."""
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        await there.know()
        there.clock.ahead(days=16)
        yield there


async def test_two_findings_of_one_message_are_one_dm_with_both_scripts(at: Stage) -> None:
    async with at.courier():
        await at.says("U1", PEAK)
        await at.courier_done()
    [told] = at.slack.dms("U3")
    assert mistakes(told["blocks"]) == []
    words = shown(at)
    assert words.count(PEAK) == 1
    assert words.count("Jump in with:") == 2
    assert words.count("*Also: peak season first") == 1
    assert words.index("not ramping") < words.index("*Also: ")
    assert told["text"].endswith("\nAlso: Peak season first")


async def test_the_second_shows_its_own_words_where_the_first_does_not(at: Stage) -> None:
    async with at.courier():
        await at.says("U1", "We're holding at 200 a day for the time being, and we'd like to extend the test by another two weeks")
        await at.courier_done()
    words = shown(at)
    assert words.index("*Also: wants a longer test") < words.index("and we'd like to extend the test by another two weeks")
    assert words.count("We're holding at 200 a day for the time being") == 1


async def test_each_keeps_its_buttons(at: Stage) -> None:
    async with at.courier():
        await at.says("U1", PEAK)
        await at.courier_done()
        first, second = (one for one in elements(at) if one["action_id"] == USED)
        await at.press("U3", second)
        await at.courier_done()
        assert [one["value"] for one in elements(at) if one["action_id"] == USED] == [first["value"]]
    assert shown(at).count("Used by") == 1
    assert len(at.slack.dms("U3")) == 1


async def test_a_message_that_is_deleted_takes_both_back(at: Stage) -> None:
    async with at.courier():
        ts = await at.says("U1", PEAK)
        await at.courier_done()
        await at.deletes(ts)
        await at.courier_done()
    assert "The message was deleted or edited; nothing to do." in shown(at)
    assert PEAK not in shown(at)


async def test_where_slack_refuses_it_each_comes_by_itself(at: Stage) -> None:
    at.slack.fail("chat.postMessage", Fault(error="invalid_blocks"))
    async with at.courier():
        await at.says("U1", PEAK)
        await at.courier_done()
    assert [shown(at, number=number).count("Jump in with:") for number in range(len(at.slack.dms("U3")))] == [1, 1]


@pytest.mark.parametrize("edited", [LOW, "thanks"])
async def test_what_is_edited_away_before_it_is_told_is_not_told(at: Stage, edited: str) -> None:
    ts = await at.says("U1", PEAK)
    await at.edits(ts, "U1", PEAK, edited)
    async with at.courier():
        await at.courier_done()
    assert [PEAK in str(dm["blocks"]) for dm in at.slack.dms("U3")] == [False] * (edited == LOW)


async def test_in_quiet_hours_it_waits_for_the_morning(at: Stage) -> None:
    at.clock.ahead(hours=8)
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {"settings": {"quiet": ["17:00", "08:00"]}, "zone": "America/New_York"}, at.clock.now())
    async with at.courier():
        await at.says("U1", PEAK)
        await at.settle()
        assert at.slack.dms("U3") == []
        at.clock.ahead(days=3)
        await at.settle()
    assert len(at.slack.dms("U3")) == 1
    assert shown(at).count("Jump in with:") == 2
