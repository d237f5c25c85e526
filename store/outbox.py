"""The outbox: errands written with their finding in one transaction, claimed under a lease, and each done once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, Update, and_, bindparam, cast, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.tracing import CAUSE
from store.records import Errand, ErrandKind
from store.statements import add_those_not_there, add_unless_there, held
from store.tables import ErrandRow

ALONE = "alone"
"""In what an errand is about: it goes by itself, for the DM with this number, which told of it with others, was refused."""

_LONGEST_ERROR = 500
_OF_FINDING = select(ErrandRow).where(ErrandRow.finding_id == bindparam("finding")).order_by(col(ErrandRow.id))
_NOW: BindParameter[datetime] = bindparam("now")
_FIRST = (
    sa_select(col(ErrandRow.id))
    .where(
        or_(
            and_(col(ErrandRow.state) == "waiting", col(ErrandRow.due_at) <= _NOW),
            and_(col(ErrandRow.state) == "sending", col(ErrandRow.lease_until) <= _NOW),
        )
    )
    .order_by(col(ErrandRow.due_at), col(ErrandRow.id))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("first")
)
_CLAIM = (
    update(ErrandRow)
    .where(col(ErrandRow.id).in_(sa_select(_FIRST.c.id)))
    .values(state="sending", owner=bindparam("by"), lease_until=bindparam("until"), tries=col(ErrandRow.tries) + 1)
    .returning(ErrandRow)
    .execution_options(synchronize_session=False, populate_existing=True)
)
_SINCE = (col(ErrandRow.first_due_at), col(ErrandRow.due_at))
_EARLIEST = sa_select(
    sa_select(func.min(ErrandRow.due_at)).where(col(ErrandRow.state) == "waiting").scalar_subquery(),
    sa_select(func.min(ErrandRow.lease_until)).where(col(ErrandRow.state) == "sending").scalar_subquery(),
    *(sa_select(func.min(time)).where(col(ErrandRow.state).in_(("waiting", "sending"))).scalar_subquery() for time in _SINCE),
)
_NEW: Mapping[str, Any] = {"state": "waiting", "tries": 0}


@dataclass(frozen=True, slots=True)
class Notice:
    """A DM that is about no finding: its key, for whom, `about` with "what" it is and ids, and when it is due (UTC)."""

    key: str
    recipient: str
    about: Mapping[str, Any]
    due_at: datetime


class Ahead(NamedTuple):
    """When there will be something to claim next, the earliest due time or end of a lease; and when what has waited longest, or will
    come first, was due the first time (UTC).
    """

    next: datetime | None
    since: datetime | None


async def enqueue(  # noqa: PLR0917 - the errand's own parts
    s: AsyncSession, key: str, kind: ErrandKind, finding_id: int, recipient: str, due_at: datetime
) -> bool:
    """Leave an errand for the courier, due at a UTC time; False when there is or was one with this key."""
    values = {"key": key, "kind": kind, "finding_id": finding_id, "about": _caused({}), "recipient": recipient, "due_at": due_at}
    return await _leave(s, values)


async def notify(s: AsyncSession, key: str, recipient: str, about: Mapping[str, Any], due_at: datetime) -> bool:
    """Leave a DM that is about no finding; `about` has "what" it is, and ids. False when there is or was one with this key.

    With "of" (an errand's id) it is not sent, but stands in place of that errand's DM from now on.
    """
    return bool(await notify_all(s, [Notice(key, recipient, about, due_at)]))


async def notify_all(s: AsyncSession, notices: Sequence[Notice]) -> int:
    """Leave many DMs that are about no finding at once; how many of them are new."""
    rows = [
        {"key": one.key, "kind": "notice", "about": _caused(one.about), "recipient": one.recipient, "due_at": one.due_at, **_NEW}
        for one in sorted(notices, key=lambda one: one.key)
    ]
    return len(await add_those_not_there(s, ErrandRow, rows, ["key"], "key"))


async def claim(s: AsyncSession, owner: str, now: datetime, lease: timedelta, limit: int) -> list[Errand]:
    """Take up to `limit` errands that are due, or whose lease has run out, for `owner` until `now + lease`; earliest due first.

    Rows that another owner is just taking are passed over on PostgreSQL; on SQLite writing transactions follow each other.
    """
    rows = (await s.exec(_CLAIM, params={"now": now, "most": limit, "by": owner, "until": now + lease})).scalars().all()
    return [errand_of(row) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


async def sent(s: AsyncSession, errand: Errand, channel: str, ts: str, now: datetime) -> bool:
    """The message stands at channel and ts. False: the lease was lost and somebody else has the errand."""
    return await _finish(s, errand, state="sent", channel=channel, ts=ts, done_at=now, error=None)


async def again(s: AsyncSession, errand: Errand, due_at: datetime, error: str) -> bool:
    """It did not work; try again from `due_at`. False: the lease was lost."""
    return await _finish(s, errand, state="waiting", due_at=due_at, first_due_at=errand.since, error=error[:_LONGEST_ERROR])


async def failed(s: AsyncSession, errand: Errand, error: str, now: datetime) -> bool:
    """It will never work. False: the lease was lost."""
    return await _finish(s, errand, state="failed", done_at=now, error=error[:_LONGEST_ERROR])


async def put_off(s: AsyncSession, recipient: str, due_at: datetime, now: datetime, *, notices: str) -> int:
    """DMs that tell of findings, wait for later and have not been tried yet come at this UTC time instead; reminders stay. How many.

    `notices`: how the keys of those begin that tell of several findings.
    """
    later = (col(ErrandRow.state) == "waiting", col(ErrandRow.tries) == 0, col(ErrandRow.due_at) > now)
    alone = and_(
        col(ErrandRow.kind) == "alert",
        col(ErrandRow.key) == literal("alert:") + cast(ErrandRow.finding_id, String) + f":{recipient}",
    )
    several = and_(col(ErrandRow.kind) == "notice", col(ErrandRow.key).startswith(notices, autoescape=True))
    statement = update(ErrandRow).where(col(ErrandRow.recipient) == recipient, *later, or_(alone, several)).values(due_at=due_at)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount


async def bring_forward(s: AsyncSession, errand_id: int, due_at: datetime) -> None:
    """An errand that waits comes at this UTC time instead."""
    await s.exec(update(ErrandRow).where(col(ErrandRow.id) == errand_id, col(ErrandRow.state) == "waiting").values(due_at=due_at))


async def untried_notice(s: AsyncSession, beginning: str, recipient: str) -> Errand | None:
    """The last DM about no finding for somebody whose key begins so and that waits and was never tried, held; None where there is none."""
    untried = (col(ErrandRow.kind) == "notice", col(ErrandRow.state) == "waiting", col(ErrandRow.tries) == 0)
    theirs = (col(ErrandRow.recipient) == recipient, col(ErrandRow.key).startswith(beginning, autoescape=True))
    row = (await s.exec(held(select(ErrandRow).where(*untried, *theirs).order_by(col(ErrandRow.id).desc()).limit(1)))).first()
    return None if row is None else errand_of(row)


async def alter(s: AsyncSession, errand_id: int, about: Mapping[str, Any], due_at: datetime) -> None:
    """A DM that somebody holds is about this now, and comes at this UTC time."""
    await s.exec(update(ErrandRow).where(col(ErrandRow.id) == errand_id).values(about=dict(about), due_at=due_at))


async def told_with(s: AsyncSession, errand_ids: Sequence[int], notice_id: int, now: datetime) -> None:
    """These DMs are not sent by themselves: the DM of another errand tells what they are about, and counts as theirs."""
    mine = (col(ErrandRow.id).in_(errand_ids), col(ErrandRow.state) == "waiting")
    await s.exec(update(ErrandRow).where(*mine).values(state="sent", done_at=now, about={"with": notice_id}))


async def told_alone(s: AsyncSession, notice: Errand, now: datetime) -> int:
    """A DM that told of several findings will never be sent: each of them comes by itself after all, with no others. How many those are.

    To be called in the transaction in which that DM is given up.
    """
    mine = (col(ErrandRow.kind) == "alert", col(ErrandRow.state) == "sent", col(ErrandRow.recipient) == notice.recipient)
    query = select(ErrandRow).where(*mine, col(ErrandRow.finding_id).in_(notice.about["findings"]))
    rows = [row for row in (await s.exec(held(query))).all() if (row.about or {}).get("with") == notice.id]
    about = {ALONE: notice.id} | {name: notice.about[name] for name in ("trace",) if name in notice.about}
    for row in rows:
        row.state, row.done_at, row.due_at, row.about = "waiting", None, now, about
    await s.flush()
    return len(rows)


async def of_finding(s: AsyncSession, finding_id: int) -> list[Errand]:
    """All errands of a finding, in the order they were left."""
    return [errand_of(row) for row in (await s.exec(_OF_FINDING, params={"finding": finding_id})).all()]


async def get(s: AsyncSession, errand_id: int) -> Errand | None:
    """The errand with this id."""
    row = await s.get(ErrandRow, errand_id)
    return None if row is None else errand_of(row)


async def notices(s: AsyncSession, beginning: str) -> list[Errand]:
    """All DMs about no finding whose key begins so, in the order they were left."""
    begins = col(ErrandRow.key).startswith(beginning, autoescape=True)
    query = select(ErrandRow).where(ErrandRow.kind == "notice", begins).order_by(col(ErrandRow.id))
    return [errand_of(row) for row in (await s.exec(query)).all()]


async def with_key(s: AsyncSession, key: str) -> Errand | None:
    """The errand with this key."""
    row = (await s.exec(select(ErrandRow).where(ErrandRow.key == key))).first()
    return None if row is None else errand_of(row)


async def waiting(s: AsyncSession) -> int:
    """How many errands are neither sent nor given up."""
    query = select(func.count()).select_from(ErrandRow).where(col(ErrandRow.state).in_(("waiting", "sending")))
    return (await s.exec(query)).one()


async def ahead(s: AsyncSession) -> Ahead:
    """What there is to do."""
    waiting, lease, *since = (await (await s.connection()).execute(_EARLIEST)).one()
    return Ahead(_earliest(waiting, lease), _earliest(*since))


def _earliest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)


def _caused(about: Mapping[str, Any]) -> dict[str, Any]:
    """The same with what leads back to where the errand is left, where traces are on."""
    cause = CAUSE.get()
    return {**about, "trace": cause} if cause else dict(about)


async def _leave(s: AsyncSession, values: dict[str, Any]) -> bool:
    return await add_unless_there(s, ErrandRow, {**values, **_NEW}, ["key"])


async def _finish(s: AsyncSession, errand: Errand, **values: Any) -> bool:
    asked = {"errand": errand.id, "by": errand.owner, "try": errand.tries} | {f"new_{name}": value for name, value in values.items()}
    return (await (await s.connection()).execute(_finished(*values), asked)).rowcount == 1


@cache
def _finished(*names: str) -> Update:
    """A claim ends with new values of these columns; `tries` tells it from a later one by the same owner."""
    mine = (
        col(ErrandRow.id) == bindparam("errand"),
        col(ErrandRow.state) == "sending",
        col(ErrandRow.owner) == bindparam("by"),
        col(ErrandRow.tries) == bindparam("try"),
    )
    return update(ErrandRow).where(*mine).values(owner=None, lease_until=None, **{name: bindparam(f"new_{name}") for name in names})


def errand_of(row: ErrandRow) -> Errand:
    """The errand as plain values."""
    assert row.id is not None
    return Errand(
        id=row.id,
        key=row.key,
        kind=row.kind,
        finding_id=row.finding_id,
        recipient=row.recipient,
        due_at=row.due_at,
        state=row.state,
        about=row.about or {},
        tries=row.tries,
        owner=row.owner,
        channel=row.channel,
        ts=row.ts,
        error=row.error,
        first_due_at=row.first_due_at,
    )
