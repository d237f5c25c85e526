"""The weekly message of everybody who leads: once, on the first business day of their week at their hour, as things stand then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp

from bot.playbook.clock.daily import Reader, hour_of
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.preferences import free_at, preferences_of
from bot.playbook.terms import warnings
from bot.playbook.weekly import Weekly, weekly
from handlers.clock.desks import Desk
from handlers.house import House
from store import deal_people, deals, outbox, preferences
from store.numbers import everything
from store.records import Errand
from templates.kit import Message
from templates.weekly import weekly_message

WHAT = "weekly"
"""What the errand of a weekly message is about."""

LATE = timedelta(days=3)
"""After so long a week's message is not sent any more: the next one comes soon."""


def register(_app: AsyncApp | None, house: House) -> None:
    """Say what a weekly message shows when it is sent."""

    async def say(errand: Errand) -> Message | None:
        week = await week_of(house, errand.recipient, house.now())
        return await asyncio.to_thread(weekly_message, week) if week.deals else None

    house.notices[WHAT] = say


async def ask(house: House, desks: Iterable[Desk], now: datetime) -> int:
    """Leave the message of everybody who leads and whose hour has come; how many are new."""
    due = {desk.reader.id: monday for desk in desks if _leads(desk) and (monday := _week_due(desk.reader, now, house)) is not None}
    due = {person: monday for person, monday in due.items() if house.weeks.get(errand_key(person, monday)) is None}
    if not due:
        return 0
    async with house.store.writing() as s:
        chosen = await preferences.chosen_by(s, list(due))
        left = await outbox.notify_all(
            s,
            [
                outbox.Notice(
                    errand_key(person, monday),
                    person,
                    {"what": WHAT, "week": monday.isoformat()},
                    free_at(preferences_of(chosen.get(person, {}), house.timezone), now),
                )
                for person, monday in due.items()
            ],
        )
    for person, monday in due.items():
        house.weeks.put(errand_key(person, monday), True)
    if left:
        house.log.info("weekly messages", count=left)
        house.wake.set()
    return left


async def week_of(house: House, person: str, now: datetime) -> Weekly:
    """The week of the deals that a person leads, as things stand now."""
    async with house.store.reading() as s:
        theirs = await deals.deals_by_id(s, sorted(await deal_people.names(s, person)))
    led = {known.id: known.deal for known in theirs if (there := known.deal.person(person)) and there.role == "leadership"}
    portfolio: list[Facts] = []
    if led:
        async for some in everything(house.store, house.timezone, now, list(led)):
            portfolio += await asyncio.to_thread(list, map(facts, some))
    day = now.astimezone(ZoneInfo(house.zones.get(person) or house.timezone)).date()
    missing = {number: told for number, deal in led.items() if (told := warnings(deal.on(day)))}
    return await asyncio.to_thread(weekly, portfolio, day, missing)


def errand_key(person: str, monday: date) -> str:
    """The key of the errand of a person's message of a week."""
    return f"weekly:{person}:{monday.isoformat()}"


def _leads(desk: Desk) -> bool:
    return any(role == "leadership" for _, role in desk.deals)


def _week_due(reader: Reader, now: datetime, house: House) -> date | None:
    """The Monday of the week whose message is due; None while its hour has not come, or once it is long past."""
    today = now.astimezone(ZoneInfo(reader.zone)).date()
    monday = today - timedelta(days=today.weekday())
    due = hour_of(reader, reader.days.on_or_after(monday), house.habits)
    return monday if due <= now < due + LATE else None
