"""A person's deals in figures: read some at a time, counted in a thread, and kept for a moment, for menus are pressed in a row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.playbook.numbers.facts import Facts, Source, facts
from bot.playbook.numbers.report import Chosen, Numbers, numbers
from handlers.house import House
from handlers.kept import Kept
from handlers.people import is_member
from store import deal_people
from store.numbers import everything

SECONDS = 120.0
"""How long figures are taken from memory."""

Ids = tuple[int, ...]


class Figures:
    """The figures of the last few sets of deals that somebody asked for, each counted once for all who ask meanwhile."""

    def __init__(self, house: House, seconds: float = SECONDS) -> None:
        self._house = house
        self._kept: Kept[Ids, asyncio.Task[list[Facts]]] = Kept(4, seconds)

    async def of(self, user_id: str) -> list[Facts] | None:
        """The figures of the deals that this person may see; None for somebody who may see none."""
        ids = await self._theirs(user_id)
        if not ids:
            return None
        found = await self._of_deals(ids)
        return found or None

    async def numbers(self, there: Sequence[Facts], chosen: Chosen) -> Numbers:
        """Their numbers, narrowed down to what was chosen."""
        today = self._house.now().astimezone(ZoneInfo(self._house.timezone)).date()
        return await asyncio.to_thread(numbers, there, today, chosen)

    async def _theirs(self, user_id: str) -> Ids:
        if not await is_member(self._house, user_id):
            return ()
        async with self._house.store.reading() as s:
            return tuple(sorted(await deal_people.names(s, user_id)))

    async def _of_deals(self, ids: Ids) -> list[Facts]:
        """What is asked for now is counted to its end, also where whoever asked has gone."""
        task = self._kept.get(ids)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._kept.put(ids, asyncio.create_task(self._count(ids)))
        return await asyncio.shield(task)

    async def _count(self, ids: Ids) -> list[Facts]:
        found: list[Facts] = []
        async for some in everything(self._house.store, self._house.timezone, self._house.now(), ids):
            found += await asyncio.to_thread(_counted, some)
        return found


def _counted(some: Sequence[Source]) -> list[Facts]:
    return [facts(one) for one in some]
