"""What daily messages showed, as it is kept for their changes in place: words that are gone elsewhere go there too."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.clock_tables import AskedRow, ToldRow

_REPEATED = 120
"""Characters of a quote that the clock repeats."""


async def strip(s: AsyncSession, deal_id: int, quotes: Collection[str]) -> None:
    """Take words out of all daily messages that told of a deal."""
    days = and_(col(AskedRow.person) == col(ToldRow.person), col(AskedRow.day) == col(ToldRow.day))
    told = select(AskedRow).join(ToldRow, days).where(ToldRow.deal_id == deal_id)
    for row in (await s.exec(told)).unique().all():
        _change(s, row, lambda kept: without(kept, quotes))


async def strip_everywhere(s: AsyncSession, quotes: Collection[str]) -> int:
    """Take words out of everybody's daily messages; how many changed."""
    return await _all(s, lambda kept: without(kept, quotes))


async def drop_deal(s: AsyncSession, deal_id: int) -> int:
    """Take a deal out of everybody's daily messages; how many changed."""

    def rest(kept: Any) -> Any:
        if not isinstance(kept, dict):
            return kept
        this = str(deal_id)
        rest = {name: {one: lines for one, lines in kept.get(name, {}).items() if one != this} for name in ("deals", "more")}
        return {**kept, **rest, "order": [one for one in kept.get("order", ()) if one != this]}

    return await _all(s, rest)


def without(kept: Any, quotes: Collection[str]) -> Any:
    """A plain value without these words, wherever they stand in it."""
    if isinstance(kept, dict):
        return {name: without(value, quotes) for name, value in kept.items()}
    if isinstance(kept, list):
        return [without(value, quotes) for value in kept]
    if isinstance(kept, str):
        for quote in quotes:
            for words in (quote, quote[:_REPEATED]):
                kept = kept.replace(words, "") if words else kept
    return kept


async def _all(s: AsyncSession, change: Callable[[Any], Any]) -> int:
    people = (await s.exec(select(AskedRow.person).distinct().order_by(col(AskedRow.person)))).all()
    changed = 0
    for person in people:
        for row in (await s.exec(select(AskedRow).where(AskedRow.person == person))).all():
            changed += _change(s, row, change)
        await s.flush()
    return changed


def _change(s: AsyncSession, row: AskedRow, change: Callable[[Any], Any]) -> bool:
    made = change(row.shown)
    if made == row.shown:
        return False
    row.shown = made
    s.add(row)
    return True
