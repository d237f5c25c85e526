"""Who is mentioned in a message is spoken to, and has said nothing: what it says counts as without the mention."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.handlers.dms import LOW, heads, shown
from tests.handlers.telling import Stage, stage


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


@pytest.mark.parametrize("form", ["<@U2> {}", "hi <@U2>, {}", "{} <@U2>", "<!here> {}"])
async def test_a_mention_hides_no_figure(at: Stage, form: str) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", form.format(LOW))
        await at.settle()
    assert heads(at) == ["15/day said"]
    assert LOW in shown(at)


async def test_what_somebody_else_is_said_to_say_stays_hearsay(at: Stage) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", "we heard from someone that they start with 15 packages a day")
        await at.settle()
    assert heads(at) == []
