"""`jumpin deals calendar`: a deal's dates as a calendar file, with what was given out last kept for the next one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.clock_settings import habits
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from bot.playbook.clock.due import due
from bot.settings import Settings
from store import clock, deals, volumes
from store.clock_history import histories
from templates.dates_file import Entry, dates_file, entries


async def write_dates(ready: Settings, deal_id: int, output: Path) -> int:
    """Write the file, then keep what it says; how many dates it has."""
    now, ways = datetime.now(UTC), habits(ready)
    async with opened(ready.database_url) as store, store.writing() as s:
        known = await deals.deal_by_id(s, deal_id)
        if known is None:
            raise Trouble("The deal is gone; jumpin deals list shows all.")
        shipped = await volumes.of_deal(s, deal_id)
        there = due(known.deal, (await histories(s, [known], ways.zone))[deal_id], shipped, now, ways)
        line = there.line
        before = {key: Entry(*kept) for key, kept in (await clock.given_dates(s, deal_id)).items()}
        given = entries(line, before, there.today)
        try:
            await asyncio.to_thread(output.write_bytes, dates_file(str(deal_id), known.deal.customer, line, given, now))
        except OSError as refused:
            raise Trouble(f"{output}: cannot be written: {refused.strerror or refused}") from None
        await clock.give_dates(s, deal_id, {key: (one.day, one.sequence, one.cancelled) for key, one in given.items()})
    return sum(not one.cancelled for one in given.values())
