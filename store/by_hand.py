"""Findings that a person raised or corrected: recorded under their name, and changed without a word of anybody's decision lost."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from store.finding_rows import key_values, stored, values_of
from store.findings import Turn, turn
from store.records import Origin, StoredFinding
from store.statements import add_unless_there, held
from store.tables import EventRow, FindingRow

_KEY = ("deal_id", "channel", "ts", "scenario", "subject")
_ASLEEP = frozenset({"withdrawn", "suppressed"})
_OVER = frozenset({"withdrawn", "suppressed", "not-an-issue", "resolved", "terms-changed"})
READ_WRONGLY = "wrong-figure"
"""The reason kept of a finding whose reading was wrong."""

Raised = Literal["raised", "there"]


async def raise_finding(  # noqa: PLR0917 - what, where, by whom and when
    s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, by: str, now: datetime
) -> tuple[StoredFinding, Raised]:
    """Keep a finding that somebody raises: new, or awake again where it was withdrawn or suppressed; `there` where it stands already."""
    key = key_values(deal_id, finding, origin)
    values = {**key, **values_of(finding, origin), "state": "open", "raised_at": now, "changed_at": now, "changed_by": by}
    new = await add_unless_there(s, FindingRow, {**values, "count": 1, "version": 1}, _KEY)
    row = (await s.exec(held(select(FindingRow).filter_by(**key)))).one()
    if new:
        assert row.id is not None
        s.add(EventRow(finding_id=row.id, old_state=None, new_state="open", by=by, at=now))
        await s.flush()
        return stored(row), "raised"
    raised: Raised = "there"
    if row.state in _ASLEEP:
        _take(row, finding, origin)
        turn(s, row, Turn("open", by), now)
        raised = "raised"
    elif row.state in ("open", "snoozed") and row.urgency != "now":
        row.urgency = "now"
        row.version += 1
        raised = "raised"
    s.add(row)
    await s.flush()
    return stored(row), raised


async def correct(s: AsyncSession, finding_id: int, finding: Finding) -> StoredFinding | None:
    """Let a finding say what it should have said: scenario, subject and figure may change, its state does not.

    None where the message has a finding of that scenario and subject already.
    """
    row = await s.get(FindingRow, finding_id, with_for_update=True)
    if row is None:
        raise LookupError(f"no finding {finding_id}")
    key = {"deal_id": row.deal_id, "channel": row.channel, "ts": row.ts, "scenario": finding.scenario, "subject": finding.subject or ""}
    taken = (await s.exec(select(FindingRow.id).filter_by(**key).where(col(FindingRow.id) != row.id))).first()
    if taken is not None:
        return None
    row.scenario, row.subject = finding.scenario, finding.subject or ""
    _take(row, finding, Origin(row.channel, row.ts, row.speaker, row.said_at, row.thread_ts, row.permalink))
    row.version += 1
    s.add(row)
    await s.flush()
    return stored(row)


def _take(row: FindingRow, finding: Finding, origin: Origin) -> None:
    for name, value in values_of(finding, origin).items():
        if name != "permalink" or value is not None:
            setattr(row, name, value)


async def dismiss(s: AsyncSession, finding_id: int, by: str, now: datetime) -> StoredFinding | None:
    """Somebody says that there was nothing; None where the finding is over, or known to be nothing, already."""
    row = await s.get(FindingRow, finding_id, with_for_update=True)
    if row is None or row.state in _OVER:
        return None
    turn(s, row, Turn("not-an-issue", by, reason=READ_WRONGLY), now)
    s.add(row)
    await s.flush()
    return stored(row)
