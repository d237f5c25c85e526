"""Lists findings of many deals by state, scenario and time, a page at a time, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import VETOED
from store.finding_rows import stored
from store.records import FindingState, StoredFinding
from store.tables import FindingRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings: of these deals, in this state, of this scenario, said from `since` up to `before` (UTC). None: any."""

    deal_ids: Collection[int]
    state: FindingState | None = None
    scenario: str | None = None
    since: datetime | None = None
    before: datetime | None = None


async def page(s: AsyncSession, wanted: Wanted, *, first: int, most: int) -> tuple[list[StoredFinding], int]:
    """So many findings from the first (0: the newest) on, and how many there are in all. Signals, and what was found to be nothing, are
    left out.
    """
    which = _which(wanted)
    count = (await s.exec(select(func.count()).select_from(FindingRow).where(*which))).one()
    newest = select(FindingRow).where(*which).order_by(col(FindingRow.said_at).desc(), col(FindingRow.id).desc())
    rows = (await s.exec(newest.offset(first).limit(most))).all()
    return [stored(row) for row in rows], count


def _which(wanted: Wanted) -> list[ColumnElement[bool]]:
    which = [
        col(FindingRow.deal_id).in_(sorted(wanted.deal_ids)),
        col(FindingRow.urgency) != "log",
        or_(col(FindingRow.suppressed).is_(None), col(FindingRow.suppressed) != VETOED),
    ]
    if wanted.state:
        which.append(col(FindingRow.state) == wanted.state)
    if wanted.scenario:
        which.append(col(FindingRow.scenario) == wanted.scenario)
    if wanted.since:
        which.append(col(FindingRow.said_at) >= wanted.since)
    if wanted.before:
        which.append(col(FindingRow.said_at) < wanted.before)
    return which
