"""Scenarios that went to the digest for somebody, since when, by which figures, and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.usefulness import Usefulness
from store.tables import DemotionRow

_OF = (
    select(DemotionRow)
    .where(DemotionRow.owner == bindparam("owner"), DemotionRow.scenario == bindparam("scenario"))
    .order_by(col(DemotionRow.id))
)


@dataclass(frozen=True, slots=True)
class Demotion:
    """A scenario that waits for the digest for `owner`, because so little of it had been of use; `ended_at` None: still."""

    id: int
    owner: str
    scenario: str
    usefulness: Usefulness
    since: datetime
    ended_at: datetime | None = None


async def begin(s: AsyncSession, owner: str, scenario: str, usefulness: Usefulness, now: datetime) -> Demotion:
    """A scenario goes to the digest for somebody. Only one of rivals may call this: see of()."""
    row = DemotionRow(owner=owner, scenario=scenario, useful=usefulness.useful, decided=usefulness.decided, since=now)
    s.add(row)
    await s.flush()
    return _demotion(row)


async def end(s: AsyncSession, demotion_id: int, now: datetime) -> bool:
    """A scenario comes back. False where it had come back already."""
    standing = (col(DemotionRow.id) == demotion_id, col(DemotionRow.ended_at).is_(None))
    statement = update(DemotionRow).where(*standing).values(ended_at=now)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount == 1


async def get(s: AsyncSession, demotion_id: int) -> Demotion | None:
    """The demotion with this id."""
    row = await s.get(DemotionRow, demotion_id, populate_existing=True)
    return None if row is None else _demotion(row)


async def of(s: AsyncSession, owner: str, scenario: str) -> list[Demotion]:
    """Each time that a scenario went to the digest for somebody, the oldest first.

    Their count is the number by which the next is known to rivals before it begins: who begins with us counts the same, and who
    began before is among them.
    """
    return [_demotion(row) for row in (await s.exec(_OF, params={"owner": owner, "scenario": scenario})).all()]


async def standing(s: AsyncSession, owners: Collection[str], at: datetime | None = None) -> list[Demotion]:
    """What waits for the digest for these people now, or did so at a time (UTC), the oldest first."""
    query = select(DemotionRow).where(col(DemotionRow.owner).in_(owners))
    if at is None:
        query = query.where(col(DemotionRow.ended_at).is_(None))
    else:
        query = query.where(col(DemotionRow.since) <= at, or_(col(DemotionRow.ended_at).is_(None), col(DemotionRow.ended_at) > at))
    return [_demotion(row) for row in (await s.exec(query.order_by(col(DemotionRow.id)))).all()]


def _demotion(row: DemotionRow) -> Demotion:
    assert row.id is not None
    return Demotion(row.id, row.owner, row.scenario, Usefulness(row.useful, row.decided), row.since, row.ended_at)
