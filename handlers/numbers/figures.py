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

Key = tuple[str, tuple[int, ...]]
"""Whose deals, by their ids."""


class Figures:
    """The figures of the last few people who asked, each counted once however often they ask meanwhile."""

    def __init__(self, house: House, seconds: float = SECONDS) -> None:
        self._house = house
        self._kept: Kept[Key, asyncio.Task[list[Facts]]] = Kept(4, seconds)

    async def of(self, user_id: str) -> list[Facts] | None:
        """The figures of the deals that this person may see; None for somebody who may see none."""
        if not await is_member(self._house, user_id):
            return None
        async with self._house.store.reading() as s:
            key = user_id, tuple(sorted(await deal_people.names(s, user_id)))
        return (await self._counted(key) if key[1] else None) or None

    async def numbers(self, there: Sequence[Facts], chosen: Chosen) -> Numbers:
        """Their numbers, narrowed down to what was chosen."""
        today = self._house.now().astimezone(ZoneInfo(self._house.timezone)).date()
        return await asyncio.to_thread(numbers, there, today, chosen)

    async def _counted(self, key: Key) -> list[Facts]:
        """What is asked for now is counted to its end, also where whoever asked has gone."""
        task = self._kept.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._kept.put(key, asyncio.create_task(self._count(key)))
        return await asyncio.shield(task)

    async def _count(self, key: Key) -> list[Facts]:
        """The index says which deals these are; the terms themselves say whether this person may see them."""
        user_id, ids = key
        found: list[Facts] = []
        async for some in everything(self._house.store, self._house.timezone, self._house.now(), ids):
            found += await asyncio.to_thread(_facts, [one for one in some if one.deal.may_see(user_id)])
        return found


def _facts(some: Sequence[Source]) -> list[Facts]:
    return [facts(one) for one in some]
