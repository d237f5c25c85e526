"""Deals of a CRM as last seen, how far it was read, and where a deal and its record differ. What goes back is in crm_out.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import and_, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.crm_tables import CrmDifferenceRow, CrmPassRow, CrmRecordRow
from store.statements import add_unless_there, held

RecordState = Literal["waiting", "linked", "second", "left", "gone"]
"""Waits for its rep; belongs to a deal; another one for a customer that has a deal; left alone by its rep; deleted in the CRM."""

STATES: tuple[RecordState, ...] = get_args(RecordState)


@dataclass(frozen=True, slots=True)
class Known:
    """A record as last seen. `terms`: what it said then (values, notes, missing, unclear); `base`: the values that both sides had last.

    `owner` is the CRM's email, `rep` the Slack id behind it; `version` grows with every change; `told`: its people know of it;
    `by` and `at`: who put it into its state, and when.
    """

    id: int
    source: str
    external: str
    state: RecordState
    customer: str
    stage: str
    terms: Mapping[str, Any]
    base: Mapping[str, Any]
    modified: datetime
    version: int
    told: bool
    at: datetime
    deal_id: int | None = None
    url: str | None = None
    owner: str | None = None
    rep: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """How far a CRM was read: changes since (None: all of it) are read by id, `after` being the last one of this pass."""

    source: str
    since: datetime | None = None
    after: str | None = None
    began: datetime | None = None
    done: int = 0
    polled_at: datetime | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A term that differs. `both`: both sides have changed it since they last agreed."""

    id: int
    record_id: int
    term: str
    ours: Any
    theirs: Any
    ours_by: str | None
    ours_at: datetime | None
    theirs_by: str | None
    theirs_at: datetime | None
    both: bool
    state: str
    decided_by: str | None = None


async def record(s: AsyncSession, source: str, external: str) -> Known | None:
    """The record with this id in the CRM, held until the transaction ends."""
    rows = await s.exec(held(select(CrmRecordRow).where(CrmRecordRow.source == source, CrmRecordRow.external == external)))
    row = rows.first()
    return None if row is None else _known(row)


async def known_ids(s: AsyncSession, source: str, externals: Iterable[str]) -> set[str]:
    """Which of these ids of the CRM are known."""
    query = select(CrmRecordRow.external).where(CrmRecordRow.source == source, col(CrmRecordRow.external).in_(list(externals)))
    return set((await s.exec(query)).all())


async def by_id(s: AsyncSession, number: int) -> Known | None:
    """The record with this row id."""
    row = await s.get(CrmRecordRow, number)
    return None if row is None else _known(row)


async def hold(s: AsyncSession, number: int) -> Known | None:
    """The same, held until the transaction ends: two people cannot confirm it both."""
    row = (await s.exec(held(select(CrmRecordRow).where(CrmRecordRow.id == number)))).first()
    return None if row is None else _known(row)


async def add(s: AsyncSession, values: Mapping[str, Any], now: datetime) -> bool:
    """Enter a record that was not known; False where another process was first."""
    whole = {"base": {}, "version": 1, "told": False, "at": now, **values}
    return await add_unless_there(s, CrmRecordRow, whole, ["source", "external"])


async def change(s: AsyncSession, number: int, **values: Any) -> None:
    """Set columns of a record that is held."""
    statement = update(CrmRecordRow).where(col(CrmRecordRow.id) == number).values(**values)
    await s.exec(statement.execution_options(synchronize_session=False))


async def of_deal(s: AsyncSession, deal_id: int) -> Known | None:
    """The record that a deal follows."""
    query = select(CrmRecordRow).where(CrmRecordRow.deal_id == deal_id, CrmRecordRow.state == "linked").order_by(col(CrmRecordRow.id))
    row = (await s.exec(query)).first()
    return None if row is None else _known(row)


async def in_state(s: AsyncSession, source: str, state: RecordState, *, after: int = 0, limit: int = 500) -> list[Known]:
    """Records in a state, by row id."""
    query = select(CrmRecordRow).where(CrmRecordRow.source == source, CrmRecordRow.state == state, col(CrmRecordRow.id) > after)
    return [_known(row) for row in (await s.exec(query.order_by(col(CrmRecordRow.id)).limit(limit))).all()]


async def untold(s: AsyncSession, source: str, limit: int = 1000) -> list[Known]:
    """Records of which their people do not know yet, held; those that another process is about to tell of are passed over."""
    wanted = col(CrmRecordRow.state).in_(("waiting", "second"))
    query = select(CrmRecordRow).where(CrmRecordRow.source == source, col(CrmRecordRow.told).is_(False), wanted)
    return [_known(row) for row in (await s.exec(held(query.order_by(col(CrmRecordRow.id)).limit(limit), pass_over=True))).all()]


async def counts(s: AsyncSession, source: str) -> dict[str, int]:
    """How many records are in each state."""
    query = select(CrmRecordRow.state, func.count()).where(CrmRecordRow.source == source).group_by(CrmRecordRow.state)
    return dict((await s.exec(query)).all())


async def waiting(s: AsyncSession) -> int:
    """How many records wait for their reps, of any CRM."""
    return (await s.exec(select(func.count()).select_from(CrmRecordRow).where(CrmRecordRow.state == "waiting"))).one()


async def standing(s: AsyncSession, source: str) -> Pass:
    """How far the CRM was read."""
    row = await s.get(CrmPassRow, source)
    return Pass(source) if row is None else _pass(row)


async def take_turn(s: AsyncSession, source: str, owner: str, now: datetime, lease: timedelta) -> Pass | None:
    """The turn to read the CRM until `now + lease`; None while another process has it."""
    await add_unless_there(s, CrmPassRow, {"source": source, "done": 0}, ["source"])
    free = or_(col(CrmPassRow.owner).is_(None), col(CrmPassRow.owner) == owner, col(CrmPassRow.lease_until) <= now)
    statement = update(CrmPassRow).where(col(CrmPassRow.source) == source, free).values(owner=owner, lease_until=now + lease)
    if (await s.exec(statement.execution_options(synchronize_session=False))).rowcount != 1:
        return None
    row = await s.get(CrmPassRow, source, populate_existing=True)
    return None if row is None else _pass(row)


async def note(s: AsyncSession, source: str, mine: str, /, **values: Any) -> bool:
    """Write how far whoever has the turn has come, or that it is over (owner=None). False: somebody else has the turn by now."""
    held_by = and_(col(CrmPassRow.source) == source, col(CrmPassRow.owner) == mine)
    if "more" in values:
        values["done"] = CrmPassRow.done + values.pop("more")
    statement = update(CrmPassRow).where(held_by).values(**values)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount == 1


async def differ(s: AsyncSession, record_id: int, found: Mapping[str, Any], now: datetime) -> bool:
    """Note a difference about a term; False where this very one is open, or was decided, already. What it replaces is closed."""
    query = select(CrmDifferenceRow).where(CrmDifferenceRow.record_id == record_id, CrmDifferenceRow.term == found["term"])
    before = (await s.exec(query.order_by(col(CrmDifferenceRow.id).desc()).limit(1))).first()
    if before is not None and (before.ours, before.theirs) == (found["ours"], found["theirs"]) and before.state != "settled":
        return False
    if before is not None and before.state == "open":
        before.state = "replaced"
        s.add(before)
    s.add(CrmDifferenceRow(record_id=record_id, state="open", at=now, **found))
    await s.flush()
    return True


async def differences(s: AsyncSession, record_id: int, state: str | None = "open") -> list[Difference]:
    """The differences of a record, oldest first."""
    query = select(CrmDifferenceRow).where(CrmDifferenceRow.record_id == record_id)
    if state is not None:
        query = query.where(CrmDifferenceRow.state == state)
    return [_difference(row) for row in (await s.exec(query.order_by(col(CrmDifferenceRow.id)))).all()]


async def with_differences(s: AsyncSession, source: str) -> list[int]:
    """Row ids of the records that have open differences."""
    query = select(CrmDifferenceRow.record_id).join(CrmRecordRow, col(CrmRecordRow.id) == col(CrmDifferenceRow.record_id))
    query = query.where(CrmRecordRow.source == source, CrmDifferenceRow.state == "open")
    return sorted(set((await s.exec(query)).all()))


async def decide(s: AsyncSession, record_id: int, terms: Sequence[str], how: tuple[str, str | None], now: datetime) -> int:
    """Close the open differences about these terms: with the state, and who decided it; how many."""
    mine = and_(col(CrmDifferenceRow.record_id) == record_id, col(CrmDifferenceRow.term).in_(terms), col(CrmDifferenceRow.state) == "open")
    statement = update(CrmDifferenceRow).where(mine).values(state=how[0], decided_by=how[1], decided_at=now)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount


def _known(row: CrmRecordRow) -> Known:
    assert row.id is not None
    state = next(one for one in STATES if one == row.state)
    names = ("source", "external", "customer", "stage", "terms", "base", "modified", "version", "told", "at")
    return Known(
        id=row.id,
        state=state,
        **{name: getattr(row, name) for name in (*names, "deal_id", "url", "owner", "rep", "by")},
    )


def _pass(row: CrmPassRow) -> Pass:
    names = ("source", "since", "after", "began", "done", "polled_at", "trouble", "trouble_at")
    return Pass(**{name: getattr(row, name) for name in names})


def _difference(row: CrmDifferenceRow) -> Difference:
    names = ("record_id", "term", "ours", "theirs", "ours_by", "ours_at", "theirs_by", "theirs_at", "both", "state", "decided_by")
    return Difference(id=row.id or 0, **{name: getattr(row, name) for name in names})
