"""Packages by day of many deals, for the clock and the numbers of a portfolio: the database lays each deal's days end to end, a row a deal.

Row by row, millions of days would be as many objects on their way through the driver, which takes ten times as long.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select, type_coerce
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.numbers.shipped import Daily
from store.tables import metadata
from store.volumes import settled

AT_ONCE = 40
"""Deals whose days are taken apart in one go: some hundredths of a second in which nobody else gets a turn."""

_BETWEEN = "\x1f"
"""What stands between two entries: a sign that no source and no account has."""

_ROW = metadata.tables["volumes"].c


class _Ordinals(dict[str, int]):
    """The ordinals of days, each read once: the deals of a portfolio have the same days."""

    def __missing__(self, text: str) -> int:
        self[text] = found = date.fromisoformat(text).toordinal()
        return found


_ORDINALS = _Ordinals()


async def packages(s: AsyncSession, ids: Sequence[int]) -> dict[int, Daily]:
    """What deals shipped, by day; one without data is left out. Where several lines speak of a day it is settled as everywhere."""
    found: dict[int, Daily] = {}
    several: list[int] = []
    for deal_id, *texts in await _laid_out(s, ids, _ROW.packages):
        days, counts = array("i", map(_ORDINALS.__getitem__, texts[0].split(_BETWEEN))), array("q", map(int, texts[1].split(_BETWEEN)))
        if len(set(days)) < len(days):
            several.append(deal_id)
        else:
            found[deal_id] = _in_order(days, counts)
    for deal_id, *texts in await _laid_out(s, several, _ROW.packages, _ROW.source, _ROW.account, _ROW.import_id) if several else ():
        found[deal_id] = _settled(deal_id, texts)
    return found


async def since_the_first(s: AsyncSession, begins: Mapping[int, date], since: date) -> dict[int, Actuals]:
    """As store.volumes.since_the_first(), with packages alone: all that the clock asks of thousands of deals each morning."""
    found: dict[int, Actuals] = {}
    ids = sorted(begins)
    for start in range(0, len(ids), AT_ONCE):
        for deal_id, daily in (await packages(s, ids[start : start + AT_ONCE])).items():
            days = _since_the_first(daily, begins[deal_id].toordinal(), since.toordinal())
            if days:
                found[deal_id] = Actuals(days)
    return found


def _since_the_first(daily: Daily, begin: int, since: int) -> tuple[Actual, ...]:
    """The first day with packages from `begin` on, and all days from `since` on (ordinals)."""
    late = bisect_left(daily.days, since)
    early = range(bisect_left(daily.days, begin), late)
    first = next((place for place in early if daily.packages[place] > 0), None)
    places = (*(() if first is None else (first,)), *range(late, len(daily.days)))
    return tuple(Actual(date.fromordinal(daily.days[place]), daily.packages[place]) for place in places)


async def _laid_out(s: AsyncSession, ids: Sequence[int], *columns: ColumnElement[Any]) -> Sequence[Any]:
    """A row for each deal: its id, its days, and these columns of the same lines in the same order."""
    connection = await s.connection()
    day = type_coerce(_ROW.day, String) if connection.dialect.name == "sqlite" else func.to_char(_ROW.day, "YYYY-MM-DD")
    texts = [func.aggregate_strings(cast(one, String), _BETWEEN) for one in (day, *columns)]
    return (await connection.execute(select(_ROW.deal_id, *texts).where(_ROW.deal_id.in_(ids)).group_by(_ROW.deal_id))).all()


def _in_order(days: array[int], counts: array[int]) -> Daily:
    """The database mostly hands them over in order, but need not."""
    if list(days) == sorted(days):
        return Daily(days, counts)
    together = sorted(zip(days, counts, strict=True))
    return Daily(array("i", (day for day, _ in together)), array("q", (count for _, count in together)))


def _settled(deal_id: int, texts: Sequence[str]) -> Daily:
    days, counts, sources, accounts, imports = (text.split(_BETWEEN) for text in texts)
    lines = [
        (deal_id, _ORDINALS[day], source, account, int(count), None, None, None, int(number))
        for day, count, source, account, number in zip(days, counts, sources, accounts, imports, strict=True)
    ]
    by_day = groupby(sorted(lines, key=itemgetter(1, 2, 3)), key=itemgetter(1))
    found = [(day, there[0][4] if len(there) == 1 else settled(there).packages) for day, group in by_day for there in (list(group),)]
    return Daily(array("i", (day for day, _ in found)), array("q", (count for _, count in found)))
