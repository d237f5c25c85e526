"""The life of a finding after it was told: settled by a later word, taken up again, a decision taken back. History is only added to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.playbook.finding import Finding
from store.finding_rows import stored
from store.findings import Turn, log
from store.records import FindingState, Origin, StoredFinding
from store.tables import EchoRow, EventRow, FindingRow

LIVE: tuple[FindingState, ...] = ("open", "snoozed", "used", "escalated")
"""States in which a later word can settle a finding."""

UNDONE, TAKEN_BACK = "undone", "taken back"
"""Reasons of a step that goes back: somebody undid it, or the message that had settled it is gone."""

_SETTLED_BY = "finding:"


def is_signal_after() -> tuple[ColumnElement[bool], ...]:
    """What makes a finding a signal of these kinds (scenarios) of a deal that was said after a time (after, UTC) and stands."""
    return (
        col(FindingRow.deal_id) == bindparam("deal"),
        col(FindingRow.scenario).in_(bindparam("scenarios", expanding=True)),
        col(FindingRow.state) == "open",
        col(FindingRow.said_at) > bindparam("after"),
    )


_SIGNALS_AFTER = select(FindingRow).where(*is_signal_after()).order_by(col(FindingRow.said_at), col(FindingRow.id))
_ECHOES = (
    select(EchoRow.quote)
    .join(FindingRow, col(FindingRow.id) == EchoRow.finding_id)
    .where(
        col(FindingRow.deal_id) == bindparam("deal"),
        col(FindingRow.scenario) == bindparam("scenario"),
        col(FindingRow.subject) == bindparam("subject"),
        col(EchoRow.channel) == bindparam("channel"),
        col(EchoRow.ts) == bindparam("ts"),
    )
)


@dataclass(frozen=True, slots=True)
class Echo:
    """The words with which a finding was said again: by whom (id), when (UTC), and in which message."""

    quote: str
    speaker: str
    said_at: datetime
    channel: str
    ts: str


def settled_by(signal_id: int) -> str:
    """The `link` of a finding that a signal settled."""
    return f"{_SETTLED_BY}{signal_id}"


def signal_of(found: StoredFinding) -> int | None:
    """The id of the signal that settled a finding; None where none did."""
    link = found.link or ""
    return int(link.removeprefix(_SETTLED_BY)) if found.state == "resolved" and link.startswith(_SETTLED_BY) else None


async def live(s: AsyncSession, deal_id: int) -> list[tuple[StoredFinding, datetime]]:
    """A deal's findings that a later word can settle, each with when it was said last, oldest first."""
    again = select(EchoRow.finding_id, func.max(EchoRow.said_at)).group_by(col(EchoRow.finding_id))
    live = (col(FindingRow.deal_id) == deal_id, col(FindingRow.state).in_(LIVE), col(FindingRow.urgency) != "log")
    rows = (await s.exec(select(FindingRow).where(*live).order_by(col(FindingRow.said_at), col(FindingRow.id)))).all()
    of_them = col(EchoRow.finding_id).in_([row.id for row in rows])
    last = {finding: at for finding, at in (await s.exec(again.where(of_them))).all() if at is not None} if rows else {}
    return [(stored(row), max(row.said_at, last.get(row.id or 0, row.said_at))) for row in rows]


async def signals_after(s: AsyncSession, deal_id: int, scenarios: Collection[str], after: datetime) -> list[StoredFinding]:
    """Signals of these kinds that were said after a time (UTC) and stand, oldest first."""
    asked = {"deal": deal_id, "scenarios": sorted(scenarios), "after": after}
    return [stored(row) for row in (await s.exec(_SIGNALS_AFTER, params=asked)).all()]


async def settled_with(s: AsyncSession, deal_id: int, signal_id: int) -> list[StoredFinding]:
    """The findings of a deal that a signal of it settled, as they stand."""
    # the state is looked at here: SQLite would take all resolved findings of all deals for the smaller lot
    query = select(FindingRow).where(col(FindingRow.deal_id) == deal_id, col(FindingRow.link) == settled_by(signal_id))
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.id)))).all() if row.state == "resolved"]


async def latest_echo(s: AsyncSession, finding_id: int) -> Echo | None:
    """The last message that said a finding again, where its words were kept."""
    query = select(EchoRow).where(EchoRow.finding_id == finding_id, EchoRow.quote != "", col(EchoRow.said_at).is_not(None))
    row = (await s.exec(query.order_by(col(EchoRow.said_at).desc(), col(EchoRow.ts).desc()).limit(1))).first()
    return None if row is None or row.said_at is None else Echo(row.quote, row.speaker, row.said_at, row.channel, row.ts)


async def counted(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin) -> bool:
    """Whether these very words of this message were counted as said again, for a finding of the same matter: then they are no news."""
    asked = {"deal": deal_id, "scenario": finding.scenario, "subject": finding.subject or "", "channel": origin.channel, "ts": origin.ts}
    return finding.quote in (await s.exec(_ECHOES, params=asked)).all()


async def can_undo(s: AsyncSession, finding_id: int) -> bool:
    """Whether the last step of a finding was somebody's, and no going back itself."""
    last = (await s.exec(_steps(finding_id).limit(1))).first()
    return last is not None and last.by is not None and last.old_state is not None and last.reason not in (UNDONE, TAKEN_BACK)


async def go_back(s: AsyncSession, finding_id: int, *, by: str | None, reason: str, now: datetime) -> StoredFinding | None:
    """Bring a finding to where it stood before its present state, with who had decided that and when; None where nothing was before.

    A snooze that would be over by now is not taken up again.
    """
    row = await s.get(FindingRow, finding_id, with_for_update=True)
    steps: list[EventRow] = list((await s.exec(_steps(finding_id))).all())
    came = next((number for number, step in enumerate(steps) if step.old_state != step.new_state), None)
    if row is None or came is None or steps[came].old_state is None:
        return None
    before: FindingState = steps[came].old_state or "open"
    earlier = (step for step in steps[came + 1 :] if step.reason not in (UNDONE, TAKEN_BACK))
    stood = next((step for step in earlier if step.new_state == before), None)
    until = stood.until if stood else None
    if before == "snoozed" and (until is None or until <= now):
        before, stood, until = "open", None, None
    was, row.state = row.state, before
    row.changed_by, row.changed_at = (stood.by, stood.at) if stood else (None, now)
    row.until, row.reason, row.link = until, stood.reason if stood else None, stood.link if stood else None
    row.version += 1
    log(s, row, was, Turn(before, by, until, reason), now)
    s.add(row)
    await s.flush()
    return stored(row)


def _steps(finding_id: int) -> SelectOfScalar[EventRow]:
    return select(EventRow).where(EventRow.finding_id == finding_id).order_by(col(EventRow.id).desc())
