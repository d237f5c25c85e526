"""Deals' findings in figures, remembered: only deals whose findings have changed are counted anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.book import NOTHING, Standing
from handlers.kept import Kept
from store import book

AGE = 600.0
"""Seconds after which a deal is counted anew in any case."""


class Shelf:
    """The standings of deals for this week, as of an event of the store."""

    def __init__(self, size: int = 5_000) -> None:
        self._kept: Kept[int, Standing] = Kept(size, AGE)
        self._event: int | None = None
        self._since: datetime | None = None

    async def standings(self, s: AsyncSession, ids: Collection[int], since: datetime) -> dict[int, Standing]:
        """The standing of each of these deals; the week begins at `since`."""
        newest, changed = await book.events_since(s, self._event)
        if since != self._since:
            self._kept.clear()
            self._since = since
        for number in changed:
            self._kept.drop(number)
        known = {number: standing for number in ids if (standing := self._kept.get(number)) is not None}
        missing = [number for number in ids if number not in known]
        found = await book.standings(s, missing, since)
        if since == self._since and newest >= (self._event or 0):  # else somebody else has looked meanwhile, and later than we
            for number in missing:
                self._kept.put(number, found.get(number, NOTHING))
            self._event = newest
        return known | {number: found.get(number, NOTHING) for number in missing}
