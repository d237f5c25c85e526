"""The clock at work: once a business day for each person it asks what their deals need, and leaves one DM, if any, for the courier."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.daily import Daily, DealLines, Line, Mine, Reader, daily, refreshed
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.items import Item
from bot.playbook.preferences import free_at, preferences_of
from handlers.clock import briefs, weekly
from handlers.clock.days import days_of
from handlers.clock.desks import Desk, desks_now, runs, shared_out
from handlers.clock.zones import quiet_until
from handlers.findings import learning
from handlers.house import House
from handlers.people import may_receive
from store import clock, deals, outbox, preferences
from store.records import Errand, KnownDeal
from templates.daily import daily_message
from templates.kit import Message

WHAT = "daily"
"""What the errand of a daily DM is about."""

LOOK = timedelta(minutes=10)
"""How often new deals and people are looked for when nobody's hour has come."""

LOOK_AGAIN = timedelta(minutes=1)
"""The same while not everybody's time zone is known."""

_ITEMS: TypeAdapter[tuple[Item, ...]] = TypeAdapter(tuple[Item, ...])


def register(_app: AsyncApp | None, house: House) -> None:
    """Say what a daily DM shows when it is sent or changed."""

    async def say(errand: Errand) -> Message | None:
        return await message_of(house, errand.recipient, date.fromisoformat(str(errand.about["day"])))

    house.notices[WHAT] = say


async def run(house: House) -> None:
    """Ask at everybody's hour, until cancelled; what fails is tried again a little later, and nobody is told twice."""
    while True:
        try:
            pause = await tick(house)
        except Exception as failed:
            house.log.warning("the clock was not read", error=type(failed).__name__, exc_info=failed)
            pause = 60.0
        await asyncio.sleep(pause)


async def tick(house: House) -> float:
    """Ask for everybody whose hour has come; seconds until somebody's comes next, at most those until the next look."""
    now = house.now()
    with house.traces.span("clock") as span:
        there = await desks_now(house, now)
        brief = await briefs.ask(house, there.calls, now)
        await weekly.ask(house, there.desks, now)
        waiting = await there.waiting(house, now)
        shares = await asyncio.to_thread(lambda: list(shared_out(waiting)))
        left = [await _ask(house, some, now) for some in shares]
        span.note(people=sum(map(len, shares)), messages=sum(left))
    hours = [moment for moment in (brief, await there.next_hour(house, now)) if moment is not None]
    pause = min(hours, default=now + LOOK) - house.now()
    return max(1.0, min(pause, LOOK if there.complete else LOOK_AGAIN).total_seconds())


async def _ask(house: House, desks: Sequence[Desk], now: datetime) -> int:
    """One transaction for some people: who is asked for here is asked for by nobody else. How many messages that makes."""
    async with house.store.reading() as s:
        found = await deals.deals_by_id(s, sorted({deal_id for desk in desks for deal_id, _ in desk.deals}))
        known = {one.id: one for one in found if runs(one)}
        days = await days_of(house, s, list(known.values()), now)
        told = await clock.told(s, list(known))
        resting = await learning.resting(house, s, [desk.reader.id for desk in desks])

    def mine(desk: Desk) -> list[Mine]:
        return [Mine(str(one), role, days[one], told.get(one, ())) for one, role in desk.deals if one in days]

    def reader(desk: Desk) -> Reader:
        return replace(desk.reader, rests=resting[desk.reader.id])

    made = await asyncio.to_thread(lambda: {one.reader.id: daily(reader(one), mine(one), now, house.habits) for one in desks})
    quiet = await quiet_until(house, [person for person, one in made.items() if one is not None], now)
    async with house.store.writing() as s:
        new = await clock.ask(s, [_asking(desk.reader, made[desk.reader.id], now) for desk in desks], now)
        chosen = await preferences.chosen_by(s, list(new))
        left = [
            _notice(desk.reader, now, free_at(preferences_of(chosen.get(person, {}), desk.reader.zone), quiet.get(person, now)))
            for desk in desks
            if (person := desk.reader.id) in new and made[person] is not None
        ]
        count = await outbox.notify_all(s, left)
    if count:
        house.log.info("daily messages", count=count)
        house.wake.set()
    return count


def _asking(reader: Reader, made: Daily | None, now: datetime) -> clock.Asking:
    day = _today(reader, now)
    if made is None:
        return clock.Asking(reader.id, day)
    told: dict[int, list[str]] = {}
    for deal_id, one in made.told:
        told.setdefault(int(deal_id), []).append(one.key)
    return clock.Asking(reader.id, day, told, _shown(made))


def _notice(reader: Reader, now: datetime, due_at: datetime) -> outbox.Notice:
    day = _today(reader, now)
    return outbox.Notice(errand_key(reader.id, day), reader.id, {"what": WHAT, "day": day.isoformat()}, due_at)


def _today(reader: Reader, now: datetime) -> date:
    return now.astimezone(ZoneInfo(reader.zone)).date()


async def message_of(house: House, person: str, day: date) -> Message | None:
    """A day's DM as it should look now: what is no longer open is struck through, and deals that the person lost are gone."""
    async with house.store.reading() as s:
        shown = await clock.shown_on(s, person, day)
        if not shown:
            return None
        found = await deals.deals_by_id(s, [int(deal_id) for deal_id in shown["deals"]])
        theirs = [one for one in found if await may_receive(house, one.deal, person)]
        days = await days_of(house, s, theirs, house.now(), told_before=day)
    if not days:
        return None
    return await asyncio.to_thread(daily_message, _as_now(person, day, shown, days))


async def refresh(s: AsyncSession, known: KnownDeal, now: datetime) -> bool:
    """Something about a deal was settled: today's DMs that tell of it are to change in place. Whether there is anything to do."""
    asked = False
    for person, day in await clock.people_told(s, known.id, may_change_since(now)):
        sent = await outbox.with_key(s, errand_key(person, day))
        if sent is not None:
            about = {"what": WHAT, "day": day.isoformat(), "of": sent.id}
            asked |= await outbox.notify(s, f"{sent.key}:{now.timestamp():.6f}", person, about, now)
    return asked


def may_change_since(now: datetime) -> date:
    """The first day (of whatever calendar) whose DMs are changed in place at a time (UTC)."""
    return now.date() - timedelta(days=1)


def errand_key(person: str, day: date) -> str:
    """The key of the errand of a person's DM of a day."""
    return f"daily:{person}:{day.isoformat()}"


def _shown(made: Daily) -> dict[str, Any]:
    """A DM as it is kept: the items by deal, in their order."""
    lists = {one.id: _ITEMS.dump_python(tuple(line.item for line in one.lines), mode="json") for one in made.deals}
    more = {one.id: _ITEMS.dump_python(one.more, mode="json") for one in made.deals if one.more}
    return {"away": made.away, "deals": lists, "order": [one.id for one in made.deals], "more": more}


def _as_now(person: str, day: date, shown: Mapping[str, Any], days: Mapping[int, DealDay]) -> Daily:
    ids = [one for one in shown["order"] if int(one) in days]
    made = [
        DealLines(one, days[int(one)], tuple(map(Line, _ITEMS.validate_python(shown["deals"][one]))), _items(shown["more"].get(one)))
        for one in ids
    ]
    return refreshed(Daily(person, day, tuple(made), shown["away"]), {one: days[int(one)] for one in ids})


def _items(kept: Any) -> tuple[Item, ...]:
    return _ITEMS.validate_python(kept or ())
