"""Puts Home together for one person: their deals and findings as they stand now, in a few queries however many deals there are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal, Role
from bot.playbook.book import Entry, Standing, by_urgency, ranked, those, usefulness, week_of
from bot.playbook.preferences import ONBOARDING, preferences_of
from handlers.home.boxes import boxes_of
from handlers.house import House
from handlers.links import Links
from handlers.people import is_member
from handlers.telling.dm import zone_of
from store import book, preferences
from store.records import StoredFinding
from templates.form import View
from templates.home import FILTERS, PAGE, HomeView, Steps, Tab, Where, closed, home
from templates.home_words import DealLine
from templates.kit import Message
from templates.preferences_form import settings_words
from templates.status import Said

LINKS_WITHIN = 1.0
"""Seconds that Slack gets to tell the links of messages; what it does not tell in time is shown without one."""

_LEADS: frozenset[Role] = frozenset({"leadership", "account-manager"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a person: their deals, the findings of these in figures, what they have chosen, and their first steps."""

    deals: dict[int, Deal]
    standings: dict[int, Standing]
    chosen: dict[str, Any]
    begun: book.Begun | None


async def view_for(house: House, links: Links, user_id: str, where: Where) -> tuple[View, Where]:
    """Home as this person is to see it, and where that is: a page or tab that is not there gives way to one that is.

    Raises what Slack raises when it cannot be asked who this is.
    """
    if not await is_member(house, user_id):
        house.log.info("home refused", user=user_id)
        return closed(), Where()
    async with house.store.reading() as s:
        known = await _known(house, s, user_id)
        tabs = {tab: entries for tab, entries in _entries(house, user_id, known).items() if entries}
        if where.tab not in tabs:
            where = Where(next(iter(tabs), "mine"))
        entries = tabs.get(where.tab, [])
        found = by_urgency(those(entries, where.which, where.named))
        where = replace(where, page=min(where.page, max(0, -(-len(found) // PAGE) - 1)))
        page = found[where.page * PAGE :][:PAGE]
        shown = await book.findings_by_id(s, [number for entry in page for number in _shown_of(entry)])
        there = where.tab == "mine" and any(entry.id == where.unfolded for entry in page)
        boxes = {where.unfolded: await boxes_of(house, s, where.unfolded)} if there else {}
    begun = await _still_begun(house, user_id, known)
    made = HomeView(
        where,
        tuple(tabs),
        [replace(line, boxes=boxes.get(line.entry.id, ())) for line in await _lines(house, links, page, shown, team=where.tab == "team")],
        found=len(found),
        total=len(entries),
        counts={which: sum(which in entry.kinds for entry in entries) for which in FILTERS},
        scenarios=ranked(entries) if where.tab == "team" else (),
        numbers=(house.short.get((user_id, tuple(sorted(known.deals)))) or "") if where.tab == "team" else "",
        week=week_of(entries),
        useful=usefulness(tally for entry in entries for tally in entry.standing.tallies),
        settings=settings_words(preferences_of(known.chosen)) if known.chosen.get("settings") else "",
        steps=Steps(bool(known.deals), begun.invited, begun.told) if begun else None,
    )
    view = home(made)
    return view | {"blocks": house.dress(Message("", view["blocks"])).blocks}, where


def week_begins(now: datetime, zone: str) -> datetime:
    """Monday's midnight before `now`, on the clock of that zone, in UTC."""
    there = now.astimezone(ZoneInfo(zone))
    monday = there.date() - timedelta(days=there.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def _known(house: House, s: AsyncSession, user_id: str) -> Known:
    deals = await house.shelf.deals_of_person(s, user_id)
    standings = await house.shelf.standings(s, tuple(deals), week_begins(house.now(), house.timezone))
    chosen = await preferences.chosen(s, user_id)
    begun = None if chosen.get(ONBOARDING) == "over" else await book.begun(s, user_id, tuple(deals))
    return Known(deals, standings, chosen, begun)


async def _still_begun(house: House, user_id: str, known: Known) -> book.Begun | None:
    """How far the first steps are; None once they are behind this person, for good."""
    begun = known.begun
    if begun is None or not (known.deals and begun.invited and begun.told):
        return begun
    async with house.store.writing() as s:
        await preferences.choose(s, user_id, {ONBOARDING: "over"}, house.now())
    return None


def _entries(house: House, user_id: str, known: Known) -> dict[Tab, list[Entry]]:
    """A person's own deals, and those that they lead or manage."""
    found: dict[Tab, list[Entry]] = {"mine": [], "team": []}
    now = house.now()
    days: dict[str, date] = {}
    for number, deal in known.deals.items():
        zone = zone_of(house, deal)
        today = days.get(zone) or days.setdefault(zone, now.astimezone(ZoneInfo(zone)).date())
        entry = house.shelf.entry(number, deal, today, known.standings[number])
        roles = {person.role for person in deal.people if person.id == user_id}
        if roles & _LEADS:
            found["team"].append(entry)
        if "rep" in roles:
            found["mine"].append(entry)
    return found


def _shown_of(entry: Entry) -> list[int]:
    """The findings, by id, of which a deal's line tells."""
    return [number for number in (entry.standing.stated, entry.standing.newest) if number is not None]


async def _lines(house: House, links: Links, page: Sequence[Entry], found: Mapping[int, StoredFinding], *, team: bool) -> list[DealLine]:
    addresses = await _links(links, [stored for entry in page if (stored := found.get(entry.standing.newest or 0))])

    def said(number: int | None) -> Said | None:
        stored = found.get(number) if number is not None else None
        if stored is None:
            return None
        until = stored.until if stored.state == "snoozed" else None
        return Said(stored.finding, stored.origin.speaker, None, stored.origin.said_at, addresses.get(stored.id), stored.count, until)

    return [DealLine(entry, said(entry.standing.stated), said(entry.standing.newest), team, zone_of(house, entry.deal)) for entry in page]


async def _links(links: Links, findings: Sequence[StoredFinding]) -> dict[int, str]:
    """Where the messages are; those that Slack has not told in time are left out."""
    told = {stored.id: stored.origin.permalink for stored in findings if stored.origin.permalink}

    async def ask(stored: StoredFinding) -> None:
        link = await links.of(stored.origin.channel, stored.origin.ts)
        if link:
            told[stored.id] = link

    try:
        async with asyncio.timeout(LINKS_WITHIN):
            await asyncio.gather(*(ask(stored) for stored in findings if stored.id not in told))
    except TimeoutError:
        pass
    return told
