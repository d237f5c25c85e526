"""What happened in deals that follow a record of the CRM and is not left for it yet: found by looking, so nothing else has to tell us."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.clock import BOX
from store.clock_tables import MarkRow, NextRow
from store.crm_out import Leave
from store.crm_tables import CrmOutRow, CrmRecordRow
from store.tables import AmendmentRow, EventRow, FindingRow
from store.volume_tables import VolumeRow

AT_ONCE = 200
"""Lines of a kind that are gathered in one go; the rest come with the next."""
SETTLED_FOR = timedelta(minutes=2)
"""How long a press on a finding must have stood: it can be taken back for a minute."""

_RECORD, _OUT, _LINKED = CrmRecordRow, CrmOutRow, col(CrmRecordRow.state) == "linked"


async def happened(s: AsyncSession, source: str, kinds: Collection[str], now: datetime) -> list[Leave]:
    """All that these kinds have to tell, oldest first within a kind."""
    found: list[Leave] = []
    if "amendments" in kinds:
        found += await _amendments(s, source)
    if "findings" in kinds:
        found += await _findings(s, source, now - SETTLED_FOR)
    if "milestones" in kinds:
        found += await _next(s, source)
    if "checklists" in kinds:
        found += await _boxes(s, source, now)
    if "actuals" in kinds:
        found += await _weeks(s, source, now)
    return found


async def _amendments(s: AsyncSession, source: str) -> list[Leave]:
    """Terms that were agreed at once are told at once."""
    row: Any = AmendmentRow
    query = _since(sa_select(row.id, row.at, row.by, row.effective, col(_RECORD.id)), source, row)
    query = query.where(_not_left("amendment", row.id)).order_by(row.id).limit(AT_ONCE)
    together: dict[tuple[int, datetime, str, date], list[int]] = {}
    for number, at, by, effective, record in await _all(s, query):
        together.setdefault((record, at, by, effective), []).append(number)
    left = []
    for (record, _, by, _), ids in together.items():
        left += [Leave(f"amendment:{one}", record, "amendments", {"amendments": ids if one == ids[0] else []}, by) for one in ids]
    return left


async def _findings(s: AsyncSession, source: str, until: datetime) -> list[Leave]:
    """Findings that somebody used and still counts as used."""
    row: Any = EventRow
    finding: Any = FindingRow
    query = sa_select(row.id, row.finding_id, row.by, col(_RECORD.id)).join(finding, finding.id == row.finding_id)
    query = query.join(_RECORD, col(_RECORD.deal_id) == finding.deal_id).where(col(_RECORD.source) == source, _LINKED)
    used = (row.new_state == "used", finding.state == "used", row.at <= until, row.at >= col(_RECORD.at))
    query = query.where(*used, _not_left("used", row.id)).order_by(row.id).limit(AT_ONCE)
    return [Leave(f"used:{number}", record, "findings", {"finding": of}, by) for number, of, by, record in await _all(s, query)]


async def _next(s: AsyncSession, source: str) -> list[Leave]:
    row: Any = NextRow
    query = _since(sa_select(row.id, row.by, col(_RECORD.id)), source, row)
    query = query.where(row.title.is_not(None), _not_left("next", row.id)).order_by(row.id).limit(AT_ONCE)
    return [Leave(f"next:{number}", record, "milestones", {"next": number}, by) for number, by, record in await _all(s, query)]


async def next_step(s: AsyncSession, number: int) -> tuple[str, date, str] | None:
    """What was agreed after an objection or delay: the title, its day, and the key of the delay; None where it is gone."""
    row = await s.get(NextRow, number)
    return None if row is None or row.title is None else (row.title, row.day, row.delay)


async def _boxes(s: AsyncSession, source: str, now: datetime) -> list[Leave]:
    """What was ticked on a day, once that day is over everywhere."""
    row: Any = MarkRow
    query = _since(sa_select(row.day, row.key, row.by, col(_RECORD.id)), source, row)
    over = (row.what == BOX, row.state == "ticked", row.day < (now - timedelta(hours=12)).date())
    query = query.where(*over, _not_left("boxes", _RECORD.id, row.day)).order_by(row.id).limit(AT_ONCE * 5)
    days: dict[tuple[int, date], tuple[list[str], str | None]] = {}
    for day, key, by, record in await _all(s, query):
        days.setdefault((record, day), ([], by))[0].append(key)
    return [
        Leave(f"boxes:{record}:{day}", record, "checklists", {"boxes": list(dict.fromkeys(keys)), "day": day.isoformat()}, by)
        for (record, day), (keys, by) in days.items()
    ]


async def _weeks(s: AsyncSession, source: str, now: datetime) -> list[Leave]:
    """The last whole week of each deal with volumes in it, two days after its end, when most feeds have come."""
    monday = (now - timedelta(days=2)).date() - timedelta(days=7)
    monday -= timedelta(days=monday.weekday())
    row: Any = VolumeRow
    query = select(_RECORD.id).join(row, row.deal_id == col(_RECORD.deal_id)).where(col(_RECORD.source) == source, _LINKED)
    query = query.where(row.day >= monday, row.day < monday + timedelta(days=7), _not_left("week", _RECORD.id, literal(str(monday))))
    found = (await s.exec(query.distinct().limit(AT_ONCE))).all()
    return [Leave(f"week:{one}:{monday}", one or 0, "actuals", {"monday": monday.isoformat()}) for one in found]


async def _all(s: AsyncSession, query: Select[Any]) -> list[Any]:
    """Rows of several columns."""
    return list((await (await s.connection()).execute(query)).all())


def _since(query: Select[Any], source: str, row: Any) -> Select[Any]:
    """Lines about deals that follow a record, entered since they do."""
    joined = query.join(_RECORD, col(_RECORD.deal_id) == row.deal_id)
    return joined.where(col(_RECORD.source) == source, _LINKED, row.at >= col(_RECORD.at))


def _not_left(what: str, *parts: Any) -> ColumnElement[bool]:
    """Nothing is, or was, left under the key of these parts."""
    key: Any = literal(what)
    for part in parts:
        key = key + literal(":") + cast(part, String)
    return ~select(_OUT.id).where(col(_OUT.key) == key).exists()
