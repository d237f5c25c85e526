"""Deals whose volumes have changed: whoever runs the bot looks at each of them, once, whichever process took the volumes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store import statements
from store.volume_tables import TouchedRow

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A time that has come."""


async def touch(s: AsyncSession, ids: Sequence[int], due_at: datetime = AT_ONCE) -> None:
    """These deals are to be looked at, at once or from a time (UTC) on."""
    if ids:
        await statements.upsert(s, TouchedRow, [{"deal_id": deal_id, "due_at": due_at} for deal_id in ids], ["deal_id"])


async def release(s: AsyncSession, due_at: datetime) -> None:
    """The deals that were to be looked at from just this time on are to be looked at now."""
    await s.exec(update(TouchedRow).where(col(TouchedRow.due_at) == due_at).values(due_at=AT_ONCE))


async def due(s: AsyncSession, now: datetime, limit: int) -> list[int]:
    """The ids of the deals to be looked at now."""
    what = select(TouchedRow.deal_id).where(col(TouchedRow.due_at) <= now).order_by(col(TouchedRow.due_at), col(TouchedRow.deal_id))
    return list((await s.exec(what.limit(limit))).all())


async def take(s: AsyncSession, deal_id: int, now: datetime) -> bool:
    """Take a deal off the list within the transaction that looks at it; False where somebody else has. Hold the deal first."""
    row = delete(TouchedRow).where(col(TouchedRow.deal_id) == deal_id, col(TouchedRow.due_at) <= now)
    return (await s.exec(row)).rowcount == 1
