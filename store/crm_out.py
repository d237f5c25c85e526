"""What goes back to a CRM: left once, claimed under a lease, done once; the rows stay as the audit of what was written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.crm_tables import CrmOutRow, CrmRecordRow
from store.statements import add_unless_there, held

_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Out:
    """One thing for the CRM. `about`: the ids of what it tells; `written`: the CRM's id of it; `by`: who did here what it tells."""

    id: int
    key: str
    record_id: int
    kind: str
    about: Mapping[str, Any]
    state: str
    tries: int
    due_at: datetime
    at: datetime
    owner: str | None = None
    by: str | None = None
    done_at: datetime | None = None
    written: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """What is to be left: under a key that is its own for ever."""

    key: str
    record_id: int
    kind: str
    about: Mapping[str, Any]
    by: str | None = None


async def leave(s: AsyncSession, what: Leave, now: datetime) -> bool:
    """Leave it; False when there is or was one with this key."""
    values = {"key": what.key, "record_id": what.record_id, "kind": what.kind, "about": dict(what.about), "by": what.by}
    return await add_unless_there(s, CrmOutRow, {**values, "state": "waiting", "tries": 0, "due_at": now, "at": now}, ["key"])


async def claim(s: AsyncSession, source: str, owner: str, now: datetime, lease: timedelta, *, limit: int = 10) -> list[Out]:
    """Take what is due, or whose lease has run out, for `owner`; of one record only the oldest, so that what is told comes in its order."""
    mine = select(CrmRecordRow.id).where(CrmRecordRow.source == source)
    first = select(func.min(CrmOutRow.id)).where(col(CrmOutRow.state).in_(("waiting", "sending"))).group_by(col(CrmOutRow.record_id))
    due = and_(col(CrmOutRow.state) == "waiting", col(CrmOutRow.due_at) <= now)
    left = and_(col(CrmOutRow.state) == "sending", col(CrmOutRow.lease_until) <= now)
    query = select(CrmOutRow).where(or_(due, left), col(CrmOutRow.id).in_(first), col(CrmOutRow.record_id).in_(mine))
    rows = (await s.exec(held(query.order_by(col(CrmOutRow.id)).limit(limit), pass_over=True))).all()
    for row in rows:
        row.state, row.owner, row.lease_until = "sending", owner, now + lease
        row.tries += 1
        s.add(row)
    await s.flush()
    return [_out(row) for row in rows]


async def done(s: AsyncSession, out: Out, written: str, now: datetime) -> bool:
    """It stands in the CRM. False: the lease was lost and somebody else has it."""
    return await _finish(s, out, state="done", written=written, done_at=now, error=None)


async def again(s: AsyncSession, out: Out, due_at: datetime, error: str) -> bool:
    """It did not work; try again from `due_at`."""
    return await _finish(s, out, state="waiting", due_at=due_at, error=error[:_LONGEST_ERROR])


async def dropped(s: AsyncSession, out: Out, why: str, now: datetime) -> bool:
    """It will not be written: refused, switched off, or nothing to say any more."""
    return await _finish(s, out, state="dropped", done_at=now, error=why[:_LONGEST_ERROR])


async def counts(s: AsyncSession, source: str) -> dict[str, int]:
    """How many there are in each state."""
    mine = select(CrmRecordRow.id).where(CrmRecordRow.source == source)
    query = select(CrmOutRow.state, func.count()).where(col(CrmOutRow.record_id).in_(mine)).group_by(CrmOutRow.state)
    return dict((await s.exec(query)).all())


async def latest(s: AsyncSession, source: str, limit: int) -> list[tuple[Out, str]]:
    """The audit: the last things left for the CRM with the customer's name, newest first."""
    query = select(CrmOutRow, CrmRecordRow.customer).join(CrmRecordRow, col(CrmRecordRow.id) == col(CrmOutRow.record_id))
    rows = (await s.exec(query.where(CrmRecordRow.source == source).order_by(col(CrmOutRow.id).desc()).limit(limit))).all()
    return [(_out(row), customer) for row, customer in rows]


async def _finish(s: AsyncSession, out: Out, **values: Any) -> bool:
    mine = (
        col(CrmOutRow.id) == out.id,
        col(CrmOutRow.state) == "sending",
        col(CrmOutRow.owner) == out.owner,
        col(CrmOutRow.tries) == out.tries,
    )
    statement = update(CrmOutRow).where(*mine).values(owner=None, lease_until=None, **values)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount == 1


def _out(row: CrmOutRow) -> Out:
    names = ("key", "record_id", "kind", "about", "state", "tries", "due_at", "at", "owner", "by", "done_at", "written", "error")
    return Out(id=row.id or 0, **{name: getattr(row, name) for name in names})
