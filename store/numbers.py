"""What the numbers of a portfolio are made of, read for some deals at a time: history, volumes, the lives of findings, stages, surveys."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, func, or_, type_coerce
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
from store.records import ErrandKind, KnownDeal
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
    row = FindingRow
    mine = (
        col(row.deal_id).in_(zones),
        col(row.urgency) != "log",
        col(row.state).not_in(_GONE),
        or_(col(row.suppressed).is_(None), col(row.suppressed) != VETOED),
    )
    used = sa_select(func.min(col(EventRow.at))).where(col(EventRow.finding_id) == col(row.id), col(EventRow.new_state) == "used")
    # asked for each finding by itself: for all of them at once a database goes through all errands and events that there are
    times = (_sent("alert"), used.correlate(row).scalar_subquery(), _sent("post"))
    what = (row.id, row.deal_id, row.scenario, row.said_at, row.said_high, row.agreed_per_day, row.changed_by, row.rule)
    lines = sa_select(*times, *map(col, what), type_coerce(col(row.state), String)).where(*mine)
    found: dict[int, list[Life]] = {}
    for *at, number, deal_id, scenario, said_at, said, agreed, by, rule, state in await (await s.connection()).execute(
        lines.order_by(col(row.said_at), col(row.id))
    ):
        line = (number, scenario, said_at, said, agreed, by, rule, state)
        found.setdefault(deal_id, []).append(_life(line, zones[deal_id], at))
    return found


def _sent(kind: ErrandKind) -> ColumnElement[Any]:
    """When the first message of a kind about a finding was sent."""
    row = ErrandRow
    # the state as an expression, for it not to be looked up: by its index SQLite would go through all that was ever sent
    sent = type_coerce(col(row.state), String) + "" == "sent"
    first = sa_select(func.min(col(row.done_at))).where(col(row.finding_id) == col(FindingRow.id), col(row.kind) == kind, sent)
    return first.correlate(FindingRow).scalar_subquery()


def _life(line: Any, zone: ZoneInfo, times: Sequence[datetime | None]) -> Life:
    number, scenario, said_at, said, agreed, by, rule, state = line
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
