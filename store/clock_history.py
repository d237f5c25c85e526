"""The history of deals as due() takes it: what people entered and what findings and signals tell, in a few questions for many deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Enum, Select, String, and_, bindparam, case, func, or_, type_coerce
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Phase
from bot.playbook.clock.enforcement import DELAYING
from bot.playbook.clock.history import Delay, Happened, History, Mark, Next, OpenFinding, Own, RungMark, Stated, Tick
from bot.playbook.clock.signals import event_of, open_finding
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding, Urgency
from bot.playbook.scenarios import SIGNALS
from store.clock import BOX, MILESTONE, RUNG, delay_key, finding_key, own_key
from store.clock_tables import DelayRow, HappenedRow, MarkRow, NextRow, OwnMilestoneRow
from store.columns import Said
from store.finding_rows import said_pair
from store.records import KnownDeal
from store.tables import FindingRow, TermsRow, metadata

AT_ONCE = 100
"""Deals in one question: others get their turn in between."""

_NOTHING = ("withdrawn", "not-an-issue", "suppressed")
_OPEN = ("open", "snoozed")


class _Heard(NamedTuple):
    """What the clock asks of a finding; its words only where they are shown."""

    id: int
    deal_id: int
    scenario: str
    state: str
    urgency: Urgency
    phase: Phase
    rule: str
    speaker: str
    said_at: datetime
    permalink: str | None
    said_low: float | None
    said_high: float | None
    agreed_per_day: float | None
    said: str | None
    quote: str | None


_FINDINGS = metadata.tables["findings"].c
_COLUMNS = _Heard._fields[:-2]
"""The columns that are taken as they are."""


@dataclass(slots=True)
class _Gathered:
    """A deal's history while it is being put together; `names` are people's, `nexts` the steps agreed, by the key of their delay."""

    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    stated: Stated | None = None
    happened: list[Happened] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    own: list[Own] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)
    rungs: list[RungMark] = field(default_factory=list)
    findings: list[OpenFinding] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    nexts: dict[str, NextRow] = field(default_factory=dict)

    def history(self) -> History:
        lists = {name: tuple(getattr(self, name)) for name in ("happened", "marks", "own", "rungs", "findings", "ticks")}
        delays = tuple(sorted((self._followed(delay) for delay in self.delays), key=lambda one: one.raised))
        return History(since=self.since, stated=self.stated, delays=delays, **lists)

    def _followed(self, delay: Delay) -> Delay:
        """With what was agreed to come next, or since when it is settled."""
        row = self.nexts.get(delay.key)
        if row is None:
            return delay
        return replace(delay, next=Next(row.title, row.day)) if row.title is not None else replace(delay, resolved=row.day)


async def histories(s: AsyncSession, deals: Sequence[KnownDeal], zone: str) -> dict[int, History]:
    """The history of each deal by its id; `zone` holds for deals that name none."""
    found = {known.id: _Gathered(ZoneInfo(known.deal.timezone or zone), {one.id: one.name for one in known.deal.people}) for known in deals}
    ids = list(found)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        await _since(s, found, some)
        await _happened(s, found, some)
        await _entered(s, found, some)
        await _marked(s, found, some)
        await _heard(s, found, some)
    return {deal_id: gathered.history() for deal_id, gathered in found.items()}


async def outline(s: AsyncSession, known: KnownDeal, zone: str) -> History:
    """As much of a deal's history as its plan takes (events, marks, findings, what was stated): half the questions of all of it."""
    found = {known.id: _Gathered(ZoneInfo(known.deal.timezone or zone), {one.id: one.name for one in known.deal.people})}
    for ask in (_since, _happened, _marked, _heard):
        await ask(s, found, [known.id])
    return found[known.id].history()


async def _since(s: AsyncSession, found: Mapping[int, _Gathered], ids: Sequence[int]) -> None:
    for deal_id, since in (await s.exec(_SINCE, params={"deals": ids})).all():
        found[deal_id].since = since.astimezone(found[deal_id].zone).date()


async def _happened(s: AsyncSession, found: Mapping[int, _Gathered], ids: Sequence[int]) -> None:
    for one in (await s.exec(_HAPPENED, params={"deals": ids})).all():
        kind: Any = one.kind
        found[one.deal_id].happened.append(Happened(kind, one.day, one.evidence, one.per_day, one.about, one.link))


async def _entered(s: AsyncSession, found: Mapping[int, _Gathered], ids: Sequence[int]) -> None:
    for own in (await s.exec(select(OwnMilestoneRow).where(col(OwnMilestoneRow.deal_id).in_(ids)).order_by(col(OwnMilestoneRow.id)))).all():
        owner: Any = own.owner
        found[own.deal_id].own.append(Own(own_key(own.id or 0), own.title, own.day, owner))
    for delay in (await s.exec(select(DelayRow).where(col(DelayRow.deal_id).in_(ids)).order_by(col(DelayRow.id)))).all():
        found[delay.deal_id].delays.append(Delay(delay_key(delay.id or 0), delay.scenario, delay.raised))
    for step in (await s.exec(select(NextRow).where(col(NextRow.deal_id).in_(ids)).order_by(col(NextRow.id)))).all():
        found[step.deal_id].nexts[step.delay] = step


async def _marked(s: AsyncSession, found: Mapping[int, _Gathered], ids: Sequence[int]) -> None:
    for row in (await s.exec(_MARKED, params={"deals": ids})).all():
        there, state = found[row.deal_id], row.state
        made: Any = state
        if row.what == MILESTONE:
            there.marks.append(Mark(row.key, made, row.day, row.reason, row.by))
        elif row.what == RUNG:
            there.rungs.append(RungMark(made, row.day, int(row.key), row.by))
        elif row.what == BOX:
            there.ticks.append(Tick(row.key, row.day, state == "ticked", row.by))


async def _heard(s: AsyncSession, found: Mapping[int, _Gathered], ids: Sequence[int]) -> None:
    """Signals are events, objections and delays want a next step, open findings are reminded of, and the last figure is the one stated."""
    for line in await (await s.connection()).execute(_HEARD, {"deals": ids}):
        one = _Heard._make(line)
        _take(found[one.deal_id], one)


def _plainly(name: str) -> ColumnElement[Any]:
    """A column; of a text from a list as it is kept: this runs over every finding of thousands of deals."""
    column = _FINDINGS[name]
    return type_coerce(column, String) if isinstance(column.type, Enum) else column


def _only(where: ColumnElement[bool], words: Mapped[Any]) -> ColumnElement[Any]:
    """Words only where somebody will read them: each may have to be opened."""
    return type_coerce(case((where, words)), Said())


def _what_was_heard() -> Select[Any]:
    row = FindingRow
    open_now = and_(col(row.state).in_(_OPEN), col(row.urgency) != "log")
    worded = or_(open_now, col(row.scenario).in_(SIGNALS))
    wanted = or_(worded, col(row.scenario).in_(DELAYING), col(row.said_low).is_not(None))
    words = (_only(worded, col(row.said)), _only(and_(worded, or_(col(row.said).is_(None), col(row.said) == "")), col(row.quote)))
    what = sa_select(*map(_plainly, _COLUMNS), *words).where(col(row.deal_id).in_(_IDS), col(row.state).not_in(_NOTHING), wanted)
    return what.order_by(col(row.said_at), col(row.id))


_IDS: BindParameter[Any] = bindparam("deals", expanding=True)
_SINCE = select(TermsRow.deal_id, func.min(TermsRow.since)).where(col(TermsRow.deal_id).in_(_IDS)).group_by(col(TermsRow.deal_id))
_HAPPENED = select(HappenedRow).where(col(HappenedRow.deal_id).in_(_IDS)).order_by(col(HappenedRow.id))
_MARKED = select(MarkRow).where(col(MarkRow.deal_id).in_(_IDS)).order_by(col(MarkRow.id))
_HEARD = _what_was_heard()


def _take(there: _Gathered, one: _Heard) -> None:
    day, key, stated = one.said_at.astimezone(there.zone).date(), finding_key(one.id), said_pair(one.said_low, one.said_high)
    waits = one.state in _OPEN and one.urgency != "log"
    if waits or one.scenario in SIGNALS:
        finding = _finding(one, stated)
        event = event_of(finding, day, one.permalink)
        if event is not None:
            there.happened.append(event)
        if waits:
            there.findings.append(open_finding(key, finding, day, told=one.state == "snoozed", link=one.permalink))
    if one.scenario in DELAYING:
        resolved = day if one.state == "resolved" else None
        there.delays.append(Delay(key, one.scenario, day, resolved=resolved, finding=key))
    if stated is not None and one.rule != FEED:
        there.stated = Stated(stated, day, there.names.get(one.speaker, ""), one.agreed_per_day)


def _finding(one: _Heard, stated: tuple[float, float] | None) -> Finding:
    """As much of it as the clock asks for."""
    return Finding(
        one.scenario, one.quote or "", "", one.urgency, "customer", one.phase, 0, said_per_day=stated, said=one.said, rule=one.rule
    )
