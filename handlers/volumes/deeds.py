"""Looks at deals whose volumes have changed: a shortfall is recorded and told like words, ends when it is made up for, and goes with a
correction.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook import deeds
from bot.playbook.clock.due import RUNNING
from bot.playbook.clock.history import Actuals, History
from bot.playbook.clock.plan import Plan, planned
from bot.playbook.deeds import FEED
from handlers.clock import daily
from handlers.clock.days import histories_of, shipped
from handlers.hearing import ringing
from handlers.hearing.message import Said
from handlers.hearing.recording import record, tell, withdraw
from handlers.house import House
from handlers.telling.dm import zone_of
from store import deals, findings, volumes_touched
from store.records import KnownDeal, StoredFinding

LOOK = 3.0
"""Seconds between two looks for volumes that have come in, by whichever process."""

AT_ONCE = 50
"""Deals in one look."""

SETTLES = timedelta(hours=8)
"""How long after midnight a day's figure counts: until then what was scanned late is still coming in."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A deal as it stands: its plan, what was shipped, what is known beside, and the customer's day."""

    known: KnownDeal
    plan: Plan
    actuals: Actuals | None
    history: History
    today: date


async def run(house: House) -> None:
    """Look until cancelled; what fails is looked at again a little later."""
    while True:
        try:
            pause = 0.0 if await tick(house) == AT_ONCE else LOOK
        except Exception as failed:
            house.log.warning("volumes were not looked at", error=type(failed).__name__, exc_info=failed)
            pause = 30.0
        await asyncio.sleep(pause)


async def tick(house: House) -> int:
    """Look at the deals whose volumes have changed, some at a time; how many there were."""
    async with house.store.reading() as s:
        ids = await volumes_touched.due(s, house.now(), AT_ONCE)
    for deal_id in ids:
        with house.traces.span("shipped", deal=deal_id) as span:
            async with house.store.writing() as s:
                news, waiting = await _look(house, s, deal_id)
            span.note(findings=[one.id for one in news], scenarios=[one.finding.scenario for one in news])
        tell(house, news, waiting=waiting)
    return len(ids)


async def _look(house: House, s: AsyncSession, deal_id: int) -> tuple[list[StoredFinding], bool]:
    """One deal in one transaction: what is new, and whether the courier has anything to do."""
    await deals.hold(s, deal_id)
    known, now = await deals.deal_by_id(s, deal_id), house.now()
    if known is None or not await volumes_touched.take(s, deal_id, now):
        return [], False
    if known.deal.coverage != "white-glove" or known.deal.stage not in RUNNING:
        return [], False
    zone = ZoneInfo(zone_of(house, known.deal))
    today = (now.astimezone(zone) - SETTLES).date()
    history = (await histories_of(house, s, [known]))[deal_id]
    actuals = (await shipped(s, [known], now)).get(deal_id)
    await _come_again(s, deal_id, actuals, today, zone)
    at = Looked(known, planned(known.deal, history, actuals, today), actuals, history, today)
    waiting = await _settle(house, s, at)
    news, more = await _raise(house, s, at)
    await daily.refresh(s, known, now)
    return news, waiting or more


async def _come_again(s: AsyncSession, deal_id: int, actuals: Actuals | None, today: date, zone: ZoneInfo) -> None:
    """A day that is not over yet is looked at once it is."""
    last = actuals.days[-1].day if actuals is not None and actuals.days else None
    if last is not None and last >= today:
        midnight = datetime.combine(today + timedelta(days=1), time(0), zone)
        await volumes_touched.touch(s, [deal_id], (midnight + SETTLES).astimezone(UTC))


async def _raise(house: House, s: AsyncSession, at: Looked) -> tuple[list[StoredFinding], bool]:
    """A shortfall that lasts is recorded once, however many days it lasts and whatever comes in late."""
    gap = deeds.gap(at.plan, at.actuals, at.today, house.limits)
    if gap is None:
        return [], False
    days = {one.day for one in gap.days}
    for before in await findings.of_feed(s, at.known.id):
        if _day(before) in days or (before.state in ("open", "snoozed", "escalated") and _day(before) <= gap.first):
            return [], False
    kept = deeds.not_kept(at.plan, at.actuals, at.history.stated, at.today, house.limits)
    stored, waiting = await record(house, s, at.known, _said(gap.first), deeds.finding(at.plan, gap, kept))
    return ([stored] if stored is not None else []), waiting


async def _settle(house: House, s: AsyncSession, at: Looked) -> bool:
    """What a correction takes away is withdrawn, what was made up for is settled. Whether the courier has anything to do."""
    waiting = False
    for found in await findings.of_feed(s, at.known.id):
        day = _day(found)
        if deeds.untrue(at.plan, at.actuals, day):
            waiting |= await withdraw(house, s, _said(day), deal_id=at.known.id)
        elif found.state in ("open", "snoozed", "escalated") and deeds.recovered(at.plan, at.actuals, day, at.today, house.limits):
            settled = await findings.change(s, found.id, "resolved", by=None, now=house.now(), reason=deeds.MADE_UP)
            waiting |= await ringing.changed(house, s, at.known, settled)
    return waiting


def _said(day: date) -> Said:
    """Where a shortfall was "said": once for the day on which it begins."""
    return Said(FEED, f"{int(datetime.combine(day, time(12), UTC).timestamp())}.000000", user=FEED)


def _day(found: StoredFinding) -> date:
    return datetime.fromtimestamp(float(found.origin.ts), UTC).date()
