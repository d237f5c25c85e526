"""Which findings have been told to whom as a direct message, and which stand behind one that was told the same day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.finding_rows import stored
from store.outbox import errand_of
from store.records import Errand, StoredFinding
from store.statements import held
from store.tables import ErrandRow, FindingRow


@dataclass(frozen=True, slots=True)
class Matter:
    """What rings once a day: a scenario of a deal, and of a contradiction its subject."""

    deal_id: int
    scenario: str
    subject: str | None = None

    @classmethod
    def of(cls, found: StoredFinding) -> Matter:
        """The matter of a finding."""
        return cls(found.deal_id, found.finding.scenario, found.finding.subject)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and the direct message with which somebody was, or is about to be, told of it; `at`: when, once it was sent (UTC)."""

    found: StoredFinding
    errand: Errand
    at: datetime | None


_SINCE: BindParameter[datetime] = bindparam("since")


def of_matter() -> tuple[ColumnElement[bool], ...]:
    """What makes a finding one of a matter (deal, scenario, subject)."""
    return (
        col(FindingRow.deal_id) == bindparam("deal"),
        col(FindingRow.scenario) == bindparam("scenario"),
        col(FindingRow.subject) == bindparam("subject"),
    )


_TOLD = (
    select(ErrandRow, FindingRow)
    .join(FindingRow, col(FindingRow.id) == col(ErrandRow.finding_id))
    .where(
        *of_matter(),
        col(ErrandRow.kind) == "alert",
        col(ErrandRow.state) != "failed",
        or_(col(ErrandRow.done_at).is_(None), col(ErrandRow.done_at) >= _SINCE),
    )
    .order_by(col(ErrandRow.id))
)


def fits() -> tuple[ColumnElement[bool], ...]:
    """What makes a finding fit for a direct message about a matter (deal, scenario, subject) that came up since a time (since, UTC)."""
    return (
        *of_matter(),
        col(FindingRow.urgency) == "now",
        col(FindingRow.state).not_in(("withdrawn", "suppressed")),
        or_(col(FindingRow.raised_at) >= _SINCE, col(FindingRow.changed_at) >= _SINCE),
    )


_FIT = select(FindingRow).where(*fits()).order_by(col(FindingRow.id))


async def told(s: AsyncSession, matter: Matter, since: datetime) -> list[Told]:
    """The direct messages about a matter sent since a time (UTC), or not sent yet; those that will never be sent are left out."""
    rows = (await s.exec(_TOLD, params=_named(matter, since))).all()
    return [Told(stored(found), errand_of(errand), errand.done_at) for errand, found in rows]


async def for_a_dm(s: AsyncSession, matter: Matter, since: datetime) -> list[StoredFinding]:
    """The findings of a matter that are fit for a direct message and came up since a time (UTC), in the order in which they came up."""
    return [stored(row) for row in (await s.exec(_FIT, params=_named(matter, since))).all()]


async def waiting(s: AsyncSession, deal_id: int) -> list[Told]:
    """The direct messages about findings of a deal that wait and were never tried, held, in the order in which the findings were said."""
    theirs = select(FindingRow.id).where(FindingRow.deal_id == deal_id)
    untried = (col(ErrandRow.kind) == "alert", col(ErrandRow.state) == "waiting", col(ErrandRow.tries) == 0)
    errands = (await s.exec(held(select(ErrandRow).where(*untried, col(ErrandRow.finding_id).in_(theirs))))).all()
    numbers = {errand.finding_id for errand in errands}
    found = {row.id: row for row in (await s.exec(select(FindingRow).where(col(FindingRow.id).in_(numbers)))).all()}
    told = [Told(stored(row), errand_of(errand), None) for errand in errands if (row := found.get(errand.finding_id))]
    return sorted(told, key=lambda one: (one.found.origin.said_at, one.found.id))


async def told_of(s: AsyncSession, finding_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Who has been, or will be, told of each finding by a message of its own."""
    query = select(ErrandRow.finding_id, ErrandRow.recipient).where(
        col(ErrandRow.finding_id).in_(finding_ids), col(ErrandRow.kind) == "alert", col(ErrandRow.state) != "failed"
    )
    people: dict[int, set[str]] = {}
    for finding_id, recipient in (await s.exec(query)).all():
        people.setdefault(finding_id or 0, set()).add(recipient)
    return {finding_id: frozenset(those) for finding_id, those in people.items()}


def _named(matter: Matter, since: datetime) -> dict[str, Any]:
    return {"deal": matter.deal_id, "scenario": matter.scenario, "subject": matter.subject or "", "since": since}
