"""Findings: recorded once, counted when said again, changed by people, withdrawn with their message; never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import VETOED, Finding, Raised
from store.finding_rows import finding_of, key_values, said_pair, same_figure, stored, values_of
from store.records import FindingState, Origin, StoredFinding
from store.statements import add_unless_there, held
from store.tables import EchoRow, EventRow, FindingRow

_KEY = ("deal_id", "channel", "ts", "scenario", "subject")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a finding's state: `before` is None where it began; `by` None where the message itself changed it."""

    before: FindingState | None
    after: FindingState
    by: str | None
    at: datetime


async def record(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, now: datetime) -> tuple[StoredFinding, bool]:
    """Keep a finding; the bool says whether it is news: new, said with another figure after an edit, or back after it was withdrawn."""
    key = key_values(deal_id, finding, origin)
    state: FindingState = "suppressed" if finding.suppressed else "open"
    values = {**key, **values_of(finding, origin), "state": state, "raised_at": now, "changed_at": now, "count": 1, "version": 1}
    new = await add_unless_there(s, FindingRow, values, _KEY)
    row = (await s.exec(held(select(FindingRow).filter_by(**key)))).one()
    if new:
        _log(s, row, None, None, now)
        await s.flush()
        return stored(row), True
    news = row.state == "withdrawn" or not same_figure(finding_of(row), finding)
    for name, value in values_of(finding, origin).items():
        if name != "permalink" or value is not None:
            setattr(row, name, value)
    if news:
        turn(s, row, state, None, now)
    s.add(row)
    await s.flush()
    return stored(row), news


async def repeat(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, now: datetime) -> StoredFinding | None:
    """Count that an open finding was said again; None when there is none, or when this message was counted already."""
    same = select(FindingRow).where(
        FindingRow.deal_id == deal_id,
        FindingRow.scenario == finding.scenario,
        FindingRow.subject == (finding.subject or ""),
        FindingRow.side == finding.side,
        col(FindingRow.state).in_(("open", "snoozed")),
    )
    row = (await s.exec(held(same.order_by(col(FindingRow.id).desc()).limit(1)))).first()
    if row is None or (row.channel, row.ts) == (origin.channel, origin.ts):
        return None
    echo = {"finding_id": row.id, "channel": origin.channel, "ts": origin.ts}
    words = {"quote": finding.quote, "speaker": origin.speaker, "said_at": origin.said_at}
    if not await add_unless_there(s, EchoRow, {**echo, **words}, list(echo)):
        return None
    row.count += 1
    row.changed_at = now
    s.add(row)
    await s.flush()
    return stored(row)


async def withdraw(
    s: AsyncSession, channel: str, ts: str, *, keep: frozenset[tuple[str, str | None]] = frozenset(), now: datetime
) -> list[StoredFinding]:
    """A message was deleted, or edited so that only `keep` (scenario, subject) still holds: withdraw the rest and forget its words.

    Gives back every finding that changed, also those that this message had only said again and that now count one less.
    """
    kept = {(scenario, subject or "") for scenario, subject in keep}
    said = select(FindingRow).where(FindingRow.channel == channel, FindingRow.ts == ts, FindingRow.state != "withdrawn")
    rows = (await s.exec(held(said.order_by(col(FindingRow.id))))).all()
    gone = [row for row in rows if (row.scenario, row.subject) not in kept]
    for row in gone:
        row.quote = ""
        turn(s, row, "withdrawn", None, now)
        s.add(row)
    return [stored(row) for row in [*gone, *await _uncount(s, (channel, ts), kept, now)]]


async def _uncount(s: AsyncSession, message: tuple[str, str], kept: set[tuple[str, str]], now: datetime) -> list[FindingRow]:
    channel, ts = message
    echoes = select(EchoRow.finding_id).where(EchoRow.channel == channel, EchoRow.ts == ts)
    again = select(FindingRow).where(col(FindingRow.id).in_(echoes), FindingRow.state != "withdrawn")
    rows = [row for row in (await s.exec(held(again.order_by(col(FindingRow.id))))).all() if (row.scenario, row.subject) not in kept]
    for row in rows:
        row.count -= 1
        row.version += 1
        row.changed_at = now
        s.add(row)
        await s.exec(delete(EchoRow).where(col(EchoRow.finding_id) == row.id, col(EchoRow.channel) == channel, col(EchoRow.ts) == ts))
    await s.flush()
    return rows


async def change(
    s: AsyncSession, finding_id: int, state: FindingState, *, by: str, now: datetime, until: datetime | None = None
) -> StoredFinding:
    """Somebody decided on a finding; deciding the same again changes nothing. Raises LookupError for an unknown id."""
    row = await s.get(FindingRow, finding_id, with_for_update=True)
    if row is None:
        raise LookupError(f"no finding {finding_id}")
    if (row.state, row.until) != (state, until):
        turn(s, row, state, by, now)
        row.until = until
        s.add(row)
        await s.flush()
    return stored(row)


async def get(s: AsyncSession, finding_id: int) -> StoredFinding | None:
    """The finding with this id."""
    row = await s.get(FindingRow, finding_id)
    return None if row is None else stored(row)


async def raised(s: AsyncSession, deal_id: int, *, besides: tuple[str, str] | None = None) -> list[Raised]:
    """What has been raised for a deal and stands, oldest first; `besides`: the (channel, ts) of a message to leave out."""
    # asked for each message: plain columns come ten times faster than whole rows
    row = FindingRow
    columns = (col(row.scenario), col(row.subject), col(row.side), col(row.said_low), col(row.said_high), col(row.said))
    what = sa_select(*columns).where(col(FindingRow.deal_id) == deal_id, _stands())
    if besides is not None:
        what = what.where(or_(col(FindingRow.channel) != besides[0], col(FindingRow.ts) != besides[1]))
    rows = await (await s.connection()).execute(what.order_by(col(FindingRow.said_at), col(FindingRow.id)))
    return [Raised(scenario, subject or None, side, said_pair(low, high), said) for scenario, subject, side, low, high, said in rows]


async def open_findings(s: AsyncSession, deal_id: int) -> list[StoredFinding]:
    """What still waits for somebody, snoozed ones included, oldest first; signals wait for nobody."""
    waiting = (col(FindingRow.state).in_(("open", "snoozed")), FindingRow.urgency != "log")
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, *waiting)
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.said_at), col(FindingRow.id)))).all()]


async def latest_stated(s: AsyncSession, deal_id: int, limit: int = 3) -> list[StoredFinding]:
    """The figures stated last, newest first: findings and signals that name packages per shipping day."""
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, col(FindingRow.said_low).is_not(None))
    newest = query.where(_stands()).order_by(col(FindingRow.said_at).desc(), col(FindingRow.id).desc()).limit(limit)
    return [stored(row) for row in (await s.exec(newest)).all()]


async def due_snoozes(s: AsyncSession, now: datetime) -> list[StoredFinding]:
    """Snoozed findings whose time has come, the longest due first."""
    query = select(FindingRow).where(FindingRow.state == "snoozed", col(FindingRow.until) <= now)
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.until), col(FindingRow.id)))).all()]


async def note_permalink(s: AsyncSession, finding_id: int, permalink: str) -> None:
    """Keep the address of the message, once Slack has told it."""
    await s.exec(update(FindingRow).where(col(FindingRow.id) == finding_id).values(permalink=permalink))


async def steps(s: AsyncSession, finding_id: int) -> list[Step]:
    """What became of a finding, from the beginning."""
    rows = (await s.exec(select(EventRow).where(EventRow.finding_id == finding_id).order_by(col(EventRow.id)))).all()
    return [Step(row.old_state, row.new_state, row.by, row.at) for row in rows]


def _stands() -> ColumnElement[bool]:
    """Neither withdrawn nor found to be nothing."""
    return and_(col(FindingRow.state) != "withdrawn", or_(col(FindingRow.suppressed).is_(None), col(FindingRow.suppressed) != VETOED))


def turn(s: AsyncSession, row: FindingRow, state: FindingState, by: str | None, now: datetime) -> None:
    """Bring a finding into another state, and note the step."""
    before, row.state = row.state, state
    row.changed_at, row.changed_by, row.until = now, by, None
    row.version += 1
    _log(s, row, before, by, now)


def _log(s: AsyncSession, row: FindingRow, before: FindingState | None, by: str | None, now: datetime) -> None:
    assert row.id is not None
    s.add(EventRow(finding_id=row.id, old_state=before, new_state=row.state, by=by, at=now))
