"""Whose day it is: everybody of our own side in a deal that runs, with ids only, so that a large team's deals need not all be in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import OWN_SIDE, Role
from bot.playbook.clock.calls import starts
from bot.playbook.clock.daily import Reader, is_time, next_hour
from bot.playbook.clock.due import RUNNING
from bot.playbook.preferences import preferences_of
from handlers.clock.zones import zones_of
from handlers.house import House
from store import clock, deals, preferences
from store.records import KnownDeal

DEALS_AT_ONCE = 50
"""Deals read in one go: a few milliseconds."""

TOGETHER = 50
"""People asked for in one transaction; Slack tells who is not to be disturbed of as many at once."""

DEALS_TOGETHER = 500
"""Deals that may be worked out for them at once: all that they hold lies in memory."""

PEOPLE_AT_ONCE = 500
"""People in one question to the store."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A person and the ids of their deals, each with the person's role in it."""

    reader: Reader
    deals: tuple[tuple[int, Role], ...]


@dataclass(frozen=True, slots=True)
class Desks:
    """All desks whose person's time zone is known; `complete` where that is everybody; `calls`: deals with a call ahead."""

    desks: tuple[Desk, ...]
    complete: bool
    calls: tuple[KnownDeal, ...]

    async def waiting(self, house: House, now: datetime) -> list[Desk]:
        """The desks of those whose hour has come."""
        return await asyncio.to_thread(lambda: [desk for desk in self.desks if is_time(desk.reader, now, house.habits)])

    async def next_hour(self, house: House, now: datetime) -> datetime | None:
        """When somebody's hour comes next (UTC)."""
        return await asyncio.to_thread(lambda: min((next_hour(desk.reader, now, house.habits) for desk in self.desks), default=None))


def shared_out(desks: Sequence[Desk]) -> Iterator[list[Desk]]:
    """The desks some at a time: people with deals in common together, for few deals to be worked out twice, and few enough for memory.

    Somebody who has more deals than that is taken all the same.
    """
    some: list[Desk] = []
    there: set[int] = set()
    for desk in _by_nearness(desks):
        theirs = {deal_id for deal_id, _ in desk.deals}
        if some and (len(some) == TOGETHER or len(there | theirs) > DEALS_TOGETHER):
            yield some
            some, there = [], set()
        some.append(desk)
        there |= theirs
    if some:
        yield some


def _by_nearness(desks: Sequence[Desk]) -> Iterator[Desk]:
    """Whoever has most deals, then everybody who has some of them, then those who have deals in common with these, and so on."""
    left = {desk.reader.id: desk for desk in sorted(desks, key=lambda desk: -len(desk.deals))}
    whose: dict[int, list[str]] = {}
    for desk in left.values():
        for deal_id, _ in desk.deals:
            whose.setdefault(deal_id, []).append(desk.reader.id)
    near: deque[str] = deque()
    while left:
        found = left.pop(near.popleft() if near else next(iter(left)), None)
        if found is not None:
            yield found
            for deal_id, _ in found.deals:
                near.extend(whose.pop(deal_id, ()))


@dataclass(slots=True)
class _Theirs:
    """What is gathered of a person: the place of their first deal, by which their holidays go, and their deals."""

    country: str
    state: str | None
    deals: list[tuple[int, Role]]


async def desks_now(house: House, now: datetime) -> Desks:
    """Everybody's desk as things stand now."""
    theirs: dict[str, _Theirs] = {}
    calls: list[KnownDeal] = []
    async with house.store.reading() as s:
        async for known in _running(s):
            if any(starts(call, known.deal, house.timezone) > now for call in known.deal.calls):
                calls.append(known)
            for person in known.deal.people:
                if person.role in OWN_SIDE:
                    there = theirs.setdefault(person.id, _Theirs(known.deal.country, known.deal.state, []))
                    there.deals.append((known.id, person.role))
        asked, chosen = await _asked_and_chosen(s, list(theirs))
    zones = await zones_of(house, list(theirs))

    def reader(person: str, zone: str) -> Reader:
        at = preferences_of(chosen.get(person, {}), house.timezone, time(house.habits.hour)).digest_at
        return Reader(person, zone, theirs[person].country, theirs[person].state, asked.get(person), at)

    def made() -> tuple[Desk, ...]:
        return tuple(Desk(reader(person, zone), tuple(theirs[person].deals)) for person, zone in zones.items())

    return Desks(await asyncio.to_thread(made), len(zones) == len(theirs), tuple(calls))


def runs(known: KnownDeal) -> bool:
    """Whether the clock runs for a deal."""
    return known.deal.stage in RUNNING and known.deal.coverage == "white-glove"


async def _running(s: AsyncSession) -> AsyncIterator[KnownDeal]:
    """The deals whose clock runs, read in parts."""
    last = 0
    while some := await deals.deals_after(s, last, DEALS_AT_ONCE):
        last = some[-1].id
        for known in some:
            if runs(known):
                yield known


async def _asked_and_chosen(s: AsyncSession, people: Sequence[str]) -> tuple[Mapping[str, date], Mapping[str, dict[str, Any]]]:
    asked: dict[str, date] = {}
    chosen: dict[str, dict[str, Any]] = {}
    for first in range(0, len(people), PEOPLE_AT_ONCE):
        some = people[first : first + PEOPLE_AT_ONCE]
        asked |= await clock.last_asked(s, some)
        chosen |= await preferences.chosen_by(s, some)
    return asked, chosen
