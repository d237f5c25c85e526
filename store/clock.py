"""What the clock knows of deals: entered line by line, read as the history that due() takes; and who was asked and told on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Happened, Mark, Next, Own, RungMark, Tick, Told
from bot.playbook.clock.survey import Survey
from store.clock_tables import AskedRow, DelayRow, GivenDateRow, HappenedRow, MarkRow, NextRow, OwnMilestoneRow, SurveyRow, ToldRow
from store.statements import add_those_not_there, add_unless_there, insert


@dataclass(frozen=True, slots=True)
class Asking:
    """The clock asks for a person on a day of their calendar. `told`: the items that the day's message tells of, by deal; `shown`: what
    it shows, kept for its changes in place, or None where there is no message.
    """

    person: str
    day: date
    told: Mapping[int, Sequence[str]] = field(default_factory=dict)
    shown: Any = None


_PEOPLE_TOLD = (
    sa_select(col(ToldRow.person), col(ToldRow.day))
    .where(col(ToldRow.deal_id) == bindparam("deal"), col(ToldRow.day) >= bindparam("since"))
    .distinct()
)

MILESTONE, RUNG, BOX = "milestone", "rung", "box"
"""What a line of the table of marks is about."""


async def happened(s: AsyncSession, deal_id: int, event: Happened, source: str, *, by: str | None, now: datetime) -> bool:
    """Enter a real event; False where one from this source (a message, a form's submission) is known already."""
    values = {name: getattr(event, name) for name in ("kind", "day", "evidence", "per_day", "about", "link")}
    return await add_unless_there(
        s, HappenedRow, {**values, "deal_id": deal_id, "source": source, "by": by, "at": now}, ["deal_id", "source"]
    )


async def mark(s: AsyncSession, deal_id: int, made: Mark, now: datetime) -> bool:
    """A milestone is done or postponed; False where the last mark says so already."""
    return await _mark(
        s, MarkRow(deal_id=deal_id, what=MILESTONE, key=made.key, state=made.state, day=made.day, reason=made.reason, by=made.by, at=now)
    )


async def rung(s: AsyncSession, deal_id: int, made: RungMark, now: datetime) -> bool:
    """A rung of the escalation was taken on, or the matter settled; False where the last mark says so already."""
    return await _mark(
        s, MarkRow(deal_id=deal_id, what=RUNG, key=str(made.rung), state=made.what, day=made.day, reason="", by=made.by, at=now)
    )


async def tick(s: AsyncSession, deal_id: int, made: Tick, now: datetime) -> bool:
    """A box was ticked or cleared; False where it stands so already."""
    state = "ticked" if made.done else "cleared"
    return await _mark(s, MarkRow(deal_id=deal_id, what=BOX, key=made.key, state=state, day=made.day, reason="", by=made.by, at=now))


async def add_own(s: AsyncSession, deal_id: int, made: Own, *, by: str, now: datetime) -> bool:
    """Add a milestone of somebody's own; its key is given here. False where the deal has one of that title and day."""
    there = select(OwnMilestoneRow.title).where(OwnMilestoneRow.deal_id == deal_id, OwnMilestoneRow.day == made.day)
    if made.title in (await s.exec(there)).all():
        return False
    s.add(OwnMilestoneRow(deal_id=deal_id, title=made.title, day=made.day, owner=made.owner, by=by, at=now))
    await s.flush()
    return True


async def delay(s: AsyncSession, deal_id: int, scenario: str, raised: date, *, by: str, now: datetime) -> str:
    """Enter an objection or delay that was not heard by the bot; its key."""
    row = DelayRow(deal_id=deal_id, scenario=scenario, raised=raised, by=by, at=now)
    s.add(row)
    await s.flush()
    return delay_key(row.id or 0)


async def agree_next(s: AsyncSession, deal_id: int, delay: str, agreed: Next, *, by: str, now: datetime) -> None:
    """The next milestone that follows a delay, by the delay's key; a later one takes its place."""
    s.add(NextRow(deal_id=deal_id, delay=delay, title=agreed.title, day=agreed.day, by=by, at=now))
    await s.flush()


async def settle_delay(s: AsyncSession, deal_id: int, delay: str, day: date, *, by: str, now: datetime) -> None:
    """A delay is overcome since `day`."""
    s.add(NextRow(deal_id=deal_id, delay=delay, title=None, day=day, by=by, at=now))
    await s.flush()


async def record_survey(s: AsyncSession, deal_id: int, answer: Survey, source: str, *, by: str, now: datetime) -> int | None:
    """Keep an answer to a survey; its number, or None where one from this source (a form's submission) is kept already."""
    values = {name: getattr(answer, name) for name in ("kind", "score", "words", "answered_by", "day")}
    new = await add_unless_there(s, SurveyRow, {**values, "deal_id": deal_id, "source": source, "by": by, "at": now}, ["deal_id", "source"])
    if not new:
        return None
    return (await s.exec(select(SurveyRow.id).where(SurveyRow.deal_id == deal_id, SurveyRow.source == source))).one()


async def survey(s: AsyncSession, number: int) -> tuple[Survey, str] | None:
    """An answer by its number, and who recorded it."""
    row = (await s.exec(select(SurveyRow).where(SurveyRow.id == number))).first()
    return None if row is None else (_survey(row), row.by)


async def surveys(s: AsyncSession, deals: Sequence[int]) -> dict[int, list[Survey]]:
    """The answers by deal, in the order of their days."""
    found: dict[int, list[Survey]] = {}
    rows = select(SurveyRow).where(col(SurveyRow.deal_id).in_(deals)).order_by(col(SurveyRow.day), col(SurveyRow.id))
    for row in (await s.exec(rows)).all():
        found.setdefault(row.deal_id, []).append(_survey(row))
    return found


async def given_dates(s: AsyncSession, deal_id: int) -> dict[str, tuple[date, int, bool]]:
    """What a deal's calendar file said last: milestone key -> its day, how often that has changed, and whether it was taken back."""
    rows = (await s.exec(select(GivenDateRow).where(GivenDateRow.deal_id == deal_id))).all()
    return {row.key: (row.day, row.sequence, row.cancelled) for row in rows}


async def give_dates(s: AsyncSession, deal_id: int, given: Mapping[str, tuple[date, int, bool]]) -> None:
    """Keep what a deal's calendar file says now."""
    for key, (day, sequence, cancelled) in sorted(given.items()):
        await s.merge(GivenDateRow(deal_id=deal_id, key=key, day=day, sequence=sequence, cancelled=cancelled))
    await s.flush()


async def ask(s: AsyncSession, asked: Sequence[Asking], now: datetime) -> set[str]:
    """The clock asks for people, each on a day of their calendar: those for whom nobody had asked on that day yet.

    What their messages tell is kept, so that patience knows of it.
    """
    rows = [{"person": one.person, "day": one.day, "at": now, "shown": one.shown} for one in sorted(asked, key=lambda one: one.person)]
    new: set[str] = await add_those_not_there(s, AskedRow, rows, ["person", "day"], "person")
    told = [
        {"deal_id": deal_id, "person": one.person, "key": key, "day": one.day}
        for one in asked
        if one.person in new
        for deal_id, keys in sorted(one.told.items())
        for key in dict.fromkeys(keys)
    ]
    if told:
        await (await s.connection()).execute(insert(s, ToldRow).on_conflict_do_nothing(index_elements=list(told[0])), told)
    return new


async def last_asked(s: AsyncSession, people: Sequence[str]) -> dict[str, date]:
    """The day on which the clock last asked for each person, where it ever has."""
    latest = sa_select(col(AskedRow.person), func.max(col(AskedRow.day))).where(col(AskedRow.person).in_(people))
    rows = await (await s.connection()).execute(latest.group_by(col(AskedRow.person)))
    return {person: day for person, day in rows}  # noqa: C416 - rows are not pairs to dict()


async def shown_on(s: AsyncSession, person: str, day: date) -> Any:
    """What the day's DM showed a person; None where there was none."""
    return (await s.exec(select(AskedRow.shown).where(AskedRow.person == person, AskedRow.day == day))).first()


async def people_told(s: AsyncSession, deal_id: int, since: date) -> list[tuple[str, date]]:
    """Who was told of a deal in a day's DM from `since` on, and on which days."""
    lines = await (await s.connection()).execute(_PEOPLE_TOLD, {"deal": deal_id, "since": since})
    return sorted((person, day) for person, day in lines)


async def told(s: AsyncSession, deals: Sequence[int]) -> dict[int, tuple[Told, ...]]:
    """What anybody was told of deals, by deal."""
    found: dict[int, tuple[Told, ...]] = {}
    for row in (await s.exec(select(ToldRow).where(col(ToldRow.deal_id).in_(deals)).order_by(col(ToldRow.day)))).all():
        found[row.deal_id] = (*found.get(row.deal_id, ()), Told(row.key, row.day, row.person))
    return found


def delay_key(number: int) -> str:
    """The key of a delay entered by hand."""
    return f"delay:{number}"


def finding_key(number: int) -> str:
    """The key of a finding, among what the clock tells of, and of the delay that it is."""
    return f"finding:{number}"


def finding_number(key: str) -> int:
    """The finding of such a key."""
    return int(key.removeprefix("finding:"))


def own_key(number: int) -> str:
    """The key of a milestone of somebody's own."""
    return f"own-{number}"


def _survey(row: SurveyRow) -> Survey:
    return Survey(row.kind, row.score, row.day, row.words, row.answered_by)


async def _mark(s: AsyncSession, row: MarkRow) -> bool:
    same = select(MarkRow).where(MarkRow.deal_id == row.deal_id, MarkRow.what == row.what, MarkRow.key == row.key)
    last = (await s.exec(same.order_by(col(MarkRow.id).desc()).limit(1))).first()
    if last is not None and (last.state, last.day, last.reason) == (row.state, row.day, row.reason):
        return False
    s.add(row)
    await s.flush()
    return True
