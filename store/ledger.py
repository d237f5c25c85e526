"""The ledger of amended terms: lines are added and read, never changed and never taken out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Amendment
from store.tables import AmendmentRow

_OF_DEALS = select(AmendmentRow).where(col(AmendmentRow.deal_id).in_(bindparam("deals", expanding=True))).order_by(col(AmendmentRow.id))


async def of_deals(s: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[Amendment, ...]]:
    """The ledgers of deals that have one, each in the order recorded."""
    found: dict[int, tuple[Amendment, ...]] = {}
    for row in (await s.exec(_OF_DEALS, params={"deals": ids})).all():
        found[row.deal_id] = (*found.get(row.deal_id, ()), _amendment(row))
    return found


async def lines(s: AsyncSession, deal_id: int, ids: Sequence[int]) -> list[Amendment]:
    """These lines of a deal's ledger, in the order recorded."""
    query = select(AmendmentRow).where(AmendmentRow.deal_id == deal_id, col(AmendmentRow.id).in_(ids)).order_by(col(AmendmentRow.id))
    return [_amendment(row) for row in (await s.exec(query)).all()]


async def add(s: AsyncSession, deal_id: int, lines: Sequence[Amendment], *, by: str, now: datetime) -> None:
    """Add lines; one that does not say who recorded it, and when, gets `by` and `now`."""
    for line in lines:
        values = {name: getattr(line, name) for name in ("term", "old", "new", "effective", "ours", "theirs", "link")}
        s.add(AmendmentRow(deal_id=deal_id, **values, by=line.by or by, at=line.at or now))
    await s.flush()


def _amendment(row: AmendmentRow) -> Amendment:
    return Amendment.model_validate(
        {name: getattr(row, name) for name in ("term", "old", "new", "effective", "ours", "theirs", "link", "by", "at")}
    )
