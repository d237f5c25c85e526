"""What the numbers of a portfolio are made of, read for some deals at a time: history, volumes, the lives of findings, stages, surveys."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, func, or_, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.deeds import FEED
from bot.playbook.finding import VETOED
from bot.playbook.numbers.facts import Entered, Source
from bot.playbook.numbers.lives import Life
from store import clock, deals, volume_days
from store.clock_history import histories
from store.columns import Words
from store.engine import Store
from store.records import KnownDeal
from store.tables import ErrandRow, EventRow, FindingRow, TermsRow
from store.usefulness import USEFUL

AT_ONCE = 40
"""Deals read at once: others get their turn in between, every few hundredths of a second."""

_GONE = ("withdrawn", "suppressed")
_TAKEN_BACK = ("open", "snoozed", "not-an-issue")


async def everything(store: Store, zone: str, now: datetime, ids: Sequence[int] | None = None) -> AsyncIterator[list[Source]]:
    """All deals (None) or these, some at a time, as they stand at `now` (UTC); `zone` holds for deals that name none."""
    wanted = None if ids is None else sorted(set(ids))
    last = 0
    while True:
        async with store.reading() as s:
            if wanted is None:
                some = await deals.deals_after(s, last, AT_ONCE)
            else:
                some = sorted(await deals.deals_by_id(s, wanted[last : last + AT_ONCE]), key=lambda known: known.id)
            found = await sources(s, some, zone, now)
        if found:
            yield found
        if wanted is None:
            if not some:
                return
            last = some[-1].id
        else:
            last += AT_ONCE
            if last >= len(wanted):
                return


async def sources(s: AsyncSession, known: Sequence[KnownDeal], zone: str, now: datetime) -> list[Source]:
    """All that is known of some deals."""
    ids = [one.id for one in known]
    if not ids:
        return []
    zones = {one.id: ZoneInfo(one.deal.timezone or zone) for one in known}
    history, shipped = await histories(s, known, zone), await volume_days.packages(s, ids)
    answers, heard, stages = await clock.surveys(s, ids), await lives(s, zones), await entered(s, zones)
    return [
        Source(
            id=one.id,
            deal=one.deal,
            history=history[one.id],
            actuals=None,
            today=now.astimezone(zones[one.id]).date(),
            lives=tuple(heard.get(one.id, ())),
            stages=tuple(stages.get(one.id, ())),
            surveys=tuple(answers.get(one.id, ())),
            daily=shipped.get(one.id),
        )
        for one in known
    ]


async def lives(s: AsyncSession, zones: dict[int, ZoneInfo]) -> dict[int, list[Life]]:
    """What became of the findings of deals (row id -> its time zone), in the order in which they were said.

    Signals, and what was taken back or found to be nothing at once, are left out.
    """
    row, connection = FindingRow, await s.connection()
    mine = (
        col(row.deal_id).in_(zones),
        col(row.urgency) != "log",
        col(row.state).not_in(_GONE),
        or_(col(row.suppressed).is_(None), col(row.suppressed) != VETOED),
    )
    of_mine = sa_select(col(row.id)).where(*mine)
    told, posted = await _sent(s, of_mine)
    used = sa_select(col(EventRow.finding_id), func.min(col(EventRow.at))).where(
        col(EventRow.finding_id).in_(of_mine), col(EventRow.new_state) == "used"
    )
    first_used = _firsts((await connection.execute(used.group_by(col(EventRow.finding_id)))).all())
    what = (row.id, row.deal_id, row.scenario, row.said_at, row.said_high, row.agreed_per_day, row.changed_by, row.rule)
    lines = sa_select(*map(col, what), type_coerce(col(row.state), String)).where(*mine)
    rows: list[Any] = list((await connection.execute(lines.order_by(col(row.said_at), col(row.id)))).all())
    found: dict[int, list[Life]] = {}
    for line in rows:
        number, deal_id = line[:2]
        times = told.get(number), first_used.get(number), posted.get(number)
        found.setdefault(deal_id, []).append(_life(line, zones[deal_id], times))
    return found


async def _sent(s: AsyncSession, of_findings: Any) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """When each of some findings was first told in a direct message, and when first posted for somebody."""
    row = ErrandRow
    kind, state = (type_coerce(col(text), String) for text in (row.kind, row.state))
    # as an expression, for the state not to be looked up: by its index SQLite would go through all that was ever sent
    which = (col(row.finding_id).in_(of_findings), state + "" == "sent")
    query = sa_select(kind, col(row.finding_id), func.min(col(row.done_at))).where(*which, kind.in_(("alert", "post")))
    found = (await (await s.connection()).execute(query.group_by(kind, col(row.finding_id)))).all()
    told, posted = (_firsts(line[1:] for line in found if line[0] == of_kind) for of_kind in ("alert", "post"))
    return told, posted


def _firsts(rows: Iterable[Any]) -> dict[int, datetime]:
    return {finding: at for finding, at in rows if at is not None}


def _life(line: Any, zone: ZoneInfo, times: tuple[datetime | None, datetime | None, datetime | None]) -> Life:
    number, _, scenario, said_at, said, agreed, by, rule, state = line
    told, used, posted = times
    answered = None if state in _TAKEN_BACK and posted is None else min((at for at in (used, posted) if at), default=None)
    return Life(
        id=number,
        scenario=scenario,
        said_at=said_at,
        day=said_at.astimezone(zone).date(),
        told_at=told,
        answered_at=answered,
        used=answered is not None or state == "used",
        useful=_useful(state, by, used=answered is not None),
        said=said,
        agreed=agreed,
        spoken=rule != FEED,
    )


def _useful(state: str, by: str | None, *, used: bool) -> bool | None:
    """As store.usefulness has it; what a later message resolved is nobody's decision, unless somebody had used it before."""
    if state in USEFUL or used:
        return True
    if state == "not-an-issue":
        return False
    return True if state == "resolved" and by is not None and by[:1] in ("U", "W") else None


async def entered(s: AsyncSession, zones: dict[int, ZoneInfo]) -> dict[int, list[Entered]]:
    """The stages that deals came to, by the history of their terms, in order."""
    terms = type_coerce(col(TermsRow.terms), Words)
    query = sa_select(col(TermsRow.deal_id), terms, col(TermsRow.since)).where(col(TermsRow.deal_id).in_(zones))
    found: dict[int, list[Entered]] = {}
    for deal_id, text, since in await (await s.connection()).execute(query.order_by(col(TermsRow.id))):
        stages, stage = found.setdefault(deal_id, []), json.loads(text)["stage"]
        if not stages or stages[-1].stage != stage:
            stages.append(Entered(stage, since.astimezone(zones[deal_id]).date()))
    return found
