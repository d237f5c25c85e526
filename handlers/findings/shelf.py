"""Deals and their findings in figures, remembered: only deals that have changed are read anew, only those with news counted anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.book import NOTHING, Entry, Standing
from handlers.kept import Kept
from store import book

AGE = 600.0
"""Seconds after which a deal is counted anew in any case."""


class Shelf:
    """Deals by the version of their terms, and their standings for this week, as of an event of the store."""

    def __init__(self, size: int = 5_000) -> None:
        self._deals: Kept[int, tuple[int, Deal]] = Kept(size, AGE)
        self._entries: Kept[int, tuple[Deal, Entry]] = Kept(size, AGE)
        self._kept: Kept[int, Standing] = Kept(size, AGE)
        self._event: int | None = None
        self._since: datetime | None = None

    async def deals_of_person(self, s: AsyncSession, user_id: str) -> dict[int, Deal]:
        """Every deal that this person may see by its people, by row id."""
        versions = await book.versions(s, user_id)
        known = {number: kept[1] for number in versions if (kept := self._deals.get(number)) and kept[0] == versions[number]}
        found = await book.deals_by_id(s, [number for number in versions if number not in known])
        for number, deal in found.items():
            self._deals.put(number, (versions[number], deal))
        return {number: deal for number, deal in (known | found).items() if deal.may_see(user_id)}

    def entry(self, number: int, deal: Deal, today: date, standing: Standing) -> Entry:
        """The deal with the terms of today: the same entry as before while nothing has changed."""
        kept = self._entries.get(number)
        if kept is not None and kept[0] is deal and kept[1].today == today and kept[1].standing is standing:
            return kept[1]
        return self._entries.put(number, (deal, Entry(number, deal.on(today), today, standing)))[1]

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
