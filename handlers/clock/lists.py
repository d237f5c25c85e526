"""The checklists of deals as they stand now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.checklists import Checklist, checklists
from handlers.clock.days import days_of, histories_of
from handlers.house import House
from store.records import KnownDeal


async def lists_now(house: House, s: AsyncSession, known: Sequence[KnownDeal]) -> dict[int, tuple[Checklist, ...]]:
    """All lists of each deal by its id."""
    days = await days_of(house, s, known, house.now())
    found = await histories_of(house, s, known)
    return {one.id: checklists(days[one.id], found[one.id]) for one in known}
