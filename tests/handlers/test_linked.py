"""Which deals a channel has, when somebody else changes them: from memory, and never old for long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest_asyncio

from handlers.deals.linked import deals_of
from store import channels, deals
from store.engine import open_store
from tests.handlers.telling import Stage, acme, stage

NOW = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def test_each_change_by_another_process_is_seen_at_the_next_look(at: Stage) -> None:
    known = await at.know()
    other = open_store(at.house.store.url)

    async def customers(channel: str = "C1") -> list[str]:
        at.house.deals_stamp.clear()  # as if some seconds had passed
        return [found.deal.customer for found in await deals_of(at.house, channel)]

    assert await customers() == ["Acme Outfitters"]
    assert await customers("C9") == []
    async with other.writing() as s:
        await deals.save_deal(s, acme(customer="Beta", channels=["C1"]), by="t", source="t", now=NOW)
    assert await customers() == ["Acme Outfitters", "Beta"]
    async with other.writing() as s:
        await channels.link(s, known.id, "C9", by="U3", at=NOW)
    assert await customers("C9") == ["Acme Outfitters"]
    async with other.writing() as s:
        await deals.save_deal(s, acme(channels=["#impl-new"]), by="t", source="t", now=NOW)
    assert await customers() == ["Beta"]
    async with other.writing() as s:
        await channels.resolve_name(s, "impl-new", "C1")
    assert await customers() == ["Acme Outfitters", "Beta"]
    await other.close()


async def test_without_a_change_the_store_is_not_asked_again(at: Stage) -> None:
    await at.know()
    first = await deals_of(at.house, "C1")
    at.house.deals_stamp.clear()
    assert (await deals_of(at.house, "C1"))[0] is first[0]
