"""The day of deals as it stands now: their history from the store, and what it makes due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.clock.due import DealDay, due
from bot.playbook.clock.history import Actuals, History, OpenFinding
from bot.playbook.clock.plan import EARLY, Plan, planned
from handlers.house import House
from handlers.people import recipients
from store import clock, tellings, volume_days, volumes
from store.clock import finding_number
from store.clock_history import histories, outline
from store.records import KnownDeal

LOOKED_BACK = timedelta(days=200)
"""Days of actual volumes that a deal's day looks at, beside the first one: a test, its ramp, and the reviews after it."""


async def days_of(
    house: House, s: AsyncSession, deals: Sequence[KnownDeal], now: datetime, told_before: date | None = None
) -> dict[int, DealDay]:
    """The day of each deal by its id. Worked out in a thread: many deals take their time, and nobody else is to wait for them.

    `told_before`: a day whose messages do not count as told yet, since it is they that are being written.
    """
    found = await histories_of(house, s, deals, told_before)
    actuals = await volume_days.since_the_first(s, _begins(deals), now.date() - LOOKED_BACK)
    habits = house.habits

    def work() -> dict[int, DealDay]:
        return {known.id: due(known.deal, found[known.id], actuals.get(known.id), now, habits) for known in deals}

    return await asyncio.to_thread(work)


async def shipped(s: AsyncSession, deals: Sequence[KnownDeal], now: datetime) -> dict[int, Actuals]:
    """What deals really shipped, by deal: all that a day's work looks at. A deal without data is left out."""
    return await volumes.since_the_first(s, _begins(deals), now.date() - LOOKED_BACK)


def _begins(deals: Sequence[KnownDeal]) -> dict[int, date]:
    """From which day on a first shipment counts, by deal."""
    return {one.id: earliest_pickup(one.deal) for one in deals}


def earliest_pickup(deal: Deal) -> date:
    """The first day on which a pickup begins the test."""
    return deal.test.starts - EARLY


async def histories_of(house: House, s: AsyncSession, deals: Sequence[KnownDeal], told_before: date | None = None) -> dict[int, History]:
    """The history of each deal by its id; findings that a daily message has told of do not wait for one any more."""
    found = await histories(s, deals, house.timezone)
    told = await clock.told(s, list(found))
    heard = {deal_id: {one.key for one in lines if told_before is None or one.day < told_before} for deal_id, lines in told.items()}

    alerted = await tellings.told_of(s, [finding_number(one.key) for history in found.values() for one in history.findings if one.rings])

    def settled(known: KnownDeal, history: History) -> History:
        keys, people = heard.get(known.id, set()), recipients(known.deal)

        def as_told(one: OpenFinding) -> OpenFinding:
            untold = frozenset(people) - alerted.get(finding_number(one.key), frozenset()) if one.rings else frozenset()
            return replace(one, waits=one.waits and f"heard:{one.key}" not in keys, untold=untold)

        return replace(history, findings=tuple(map(as_told, history.findings)))

    return {known.id: settled(known, found[known.id]) for known in deals}


async def as_it_lies(house: House, s: AsyncSession, known: KnownDeal, today: date) -> Deal:
    """The deal with the terms of `today`, its test where it really lies."""
    history = await outline(s, known, house.timezone)
    actuals = (await shipped(s, [known], house.now())).get(known.id)
    return dated(known.deal.on(today), planned(known.deal, history, actuals, today))


def dated(deal: Deal, plan: Plan) -> Deal:
    """The deal with its test from the first pickup on, once that has been seen; as agreed until then."""
    if plan.first is None or plan.start == deal.test.starts:
        return deal
    return deal.model_copy(update={"test": deal.test.model_copy(update={"starts": plan.start}), "amendments": ()})
