"""Mutes: a scenario of a deal that raises no direct message until a time. They end by themselves or by hand, and are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.statements import held
from store.tables import MuteRow


def still_holds(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a mute holds at a time (UTC)."""
    return and_(col(MuteRow.until) > now, or_(col(MuteRow.ended_at).is_(None), col(MuteRow.ended_at) > now))


_ACTIVE = (
    select(MuteRow)
    .where(col(MuteRow.deal_id).in_(bindparam("deals", expanding=True)), still_holds(bindparam("now")))
    .order_by(col(MuteRow.id))
)


@dataclass(frozen=True, slots=True)
class Mute:
    """A scenario of a deal, quiet from `at` until `until` (UTC), at somebody's wish; `ended_by` ended it early."""

    id: int
    deal_id: int
    scenario: str
    until: datetime
    by: str
    at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


async def mute(s: AsyncSession, deal_id: int, scenario: str, until: datetime, *, by: str, now: datetime) -> tuple[Mute, Mute | None]:
    """Keep a scenario quiet until a time (UTC); the mute, and the one that it takes the place of. The same wish again changes nothing.

    Hold the deal before (deals.hold).
    """
    before = (await active(s, [deal_id], now)).get((deal_id, scenario))
    if before is not None:
        if before.until == until:
            return before, None
        before = await end(s, before.id, by=by, now=now)
    row = MuteRow(deal_id=deal_id, scenario=scenario, until=until, by=by, at=now)
    s.add(row)
    await s.flush()
    return _mute(row), before


async def end(s: AsyncSession, mute_id: int, *, by: str, now: datetime) -> Mute | None:
    """End a mute early; None where it is over already, or there is none."""
    row = (await s.exec(held(select(MuteRow).where(MuteRow.id == mute_id)))).first()
    if row is None or row.ended_at is not None or row.until <= now:
        return None
    row.ended_at, row.ended_by = now, by
    s.add(row)
    await s.flush()
    return _mute(row)


async def get(s: AsyncSession, mute_id: int) -> Mute | None:
    """The mute with this id."""
    row = await s.get(MuteRow, mute_id)
    return None if row is None else _mute(row)


async def active(s: AsyncSession, deal_ids: Collection[int], now: datetime) -> dict[tuple[int, str], Mute]:
    """The mutes that hold now, by deal and scenario."""
    rows = (await s.exec(_ACTIVE, params={"deals": list(deal_ids), "now": now})).all()
    return {(row.deal_id, row.scenario): _mute(row) for row in rows}


async def of_deal(s: AsyncSession, deal_id: int) -> list[Mute]:
    """All mutes that a deal has had, oldest first."""
    return [_mute(row) for row in (await s.exec(select(MuteRow).where(MuteRow.deal_id == deal_id).order_by(col(MuteRow.id)))).all()]


def _mute(row: MuteRow) -> Mute:
    assert row.id is not None
    return Mute(row.id, row.deal_id, row.scenario, row.until, row.by, row.at, row.ended_at, row.ended_by)
