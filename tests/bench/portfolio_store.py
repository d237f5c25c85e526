"""The made-up portfolio put into a store, as if the bot had been there all along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from bot.playbook.numbers.lives import Life
from store import clock, deals, volumes
from store.engine import Store
from store.finding_rows import key_values, values_of
from store.records import FindingState, Origin
from store.tables import ErrandRow, EventRow, FindingRow
from store.volume_records import Came, Line
from tests.bench.portfolio import Made


async def fill(store: Store, made: Sequence[Made]) -> dict[int, int]:
    """All of it; the portfolio's ids -> the rows' ids."""
    ids: dict[int, int] = {}
    for one in made:
        async with store.writing() as s:
            ids[one.source.id] = number = await _deal(s, one)
            await _history(s, one, number)
            await _findings(s, one, number)
        for name, days in (("first", one.corrected), ("later", one.source.actuals.days if one.source.actuals else ())):
            lines = [Line("", day.day, day.packages, day.on_time, day.billed_right) for day in days]
            if lines:
                await volumes.take(store, Came("pull", name, "bench", _noon(one.source.today)), lines, number)
    return ids


async def _deal(s: AsyncSession, one: Made) -> int:
    number = 0
    for entered in one.source.stages:
        deal = one.source.deal.model_copy(update={"stage": entered.stage})
        number = (await deals.save_deal(s, deal, by="bench", source="bench", now=_noon(entered.day))).id
    return number


async def _history(s: AsyncSession, one: Made, number: int) -> None:
    source, now = one.source, _noon(one.source.today)
    for place, event in enumerate(source.history.happened):
        await clock.happened(s, number, event, f"bench:{place}", by="bench", now=now)
    for mark in source.history.marks:
        await clock.mark(s, number, mark, now)
    for place, answer in enumerate(source.surveys):
        await clock.record_survey(s, number, answer, f"bench:{place}", by="bench", now=now)


async def _findings(s: AsyncSession, one: Made, number: int) -> None:
    rows = [(life, _row(number, life)) for life in one.source.lives]
    s.add_all([row for _, row in rows])
    await s.flush()
    for life, row in rows:
        s.add_all(_after(life, row))
    await s.flush()


def _row(deal_id: int, life: Life) -> FindingRow:
    said = None if life.said is None else (life.said, life.said)
    finding = Finding(life.scenario, "words", "why", "now", "customer", "test", 3, said_per_day=said, agreed_per_day=life.agreed)
    origin = Origin("C0BENCH", f"{life.said_at.timestamp():.0f}.{life.id:06}", "U0CUST", life.said_at)
    state: FindingState = "used" if life.used else {True: "terms-changed", False: "not-an-issue", None: "open"}[life.useful]  # type: ignore[assignment]
    facts = {**key_values(deal_id, finding, origin), **values_of(finding, origin)}
    return FindingRow(**facts, state=state, raised_at=life.said_at, changed_at=life.answered_at or life.said_at, changed_by="U0REP0")


def _after(life: Life, row: FindingRow) -> Iterator[ErrandRow | EventRow]:
    assert row.id is not None
    if life.told_at is not None:
        told = {"key": f"bench:{row.id}", "kind": "alert", "finding_id": row.id, "recipient": "U0REP0", "due_at": life.said_at}
        yield ErrandRow(**told, state="sent", done_at=life.told_at)
    if life.used:
        yield EventRow(finding_id=row.id, old_state="open", new_state="used", by="U0REP0", at=life.answered_at or life.said_at)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(17), UTC)
