"""Pulls volumes from the carrier's own database: once in each stretch of time, by whichever process comes first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.house import House
from store import volumes
from store.engine import Store
from store.sources.volume_file import VolumeFile
from store.sources.volume_query import Refused, query_apart
from store.volume_records import Came, Import

SOURCE, BY = "pull", "schedule"

LOOK = 30.0
"""Seconds between two looks whether it is time again."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The database and the query: its address, the file of the query, how often, and the seconds that it may take."""

    url: str = field(repr=False)
    sql: Path
    every: timedelta = timedelta(hours=1)
    seconds: float = 60.0

    def slot(self, now: datetime) -> str:
        """The stretch of time that `now` lies in, as the key of its import."""
        return f"{SOURCE}:{int(now.timestamp() // self.every.total_seconds())}:{int(self.every.total_seconds())}"


async def run(house: House, warehouse: Warehouse) -> None:
    """Pull in each stretch of time, until cancelled. What fails is logged and tried in the next one."""
    tried = ""
    while True:
        slot = warehouse.slot(house.now())
        if slot != tried:
            tried = slot
            try:
                with house.traces.span("volumes") as span:
                    made = await tick(house, warehouse, slot)
                    if made is not None:
                        span.note(new=made.counts.new, replaced=made.counts.replaced)
            except Exception as failed:
                house.log.warning("volumes not pulled", error=type(failed).__name__, exc_info=failed)
        await asyncio.sleep(LOOK)


async def tick(house: House, warehouse: Warehouse, slot: str) -> Import | None:
    """Pull for one stretch of time; None where another process has, or the query is refused."""
    async with house.store.reading() as s:
        if await volumes.is_done(s, slot):
            return None
    now = house.now()
    try:
        file = await asked(warehouse, now, house.timezone)
    except Refused as reason:
        house.log.warning("volumes not pulled", why=str(reason))
        return None
    made = await taken(house.store, file, BY, now, slot)
    counts = made.counts
    house.log.info("volumes pulled", new=counts.new, replaced=counts.replaced, same=counts.same, waiting=counts.waiting, rows=file.rows)
    return made


async def asked(warehouse: Warehouse, now: datetime, zone: str, sample: int | None = None) -> VolumeFile:
    """What the database says, or `sample` rows of it. Raises Refused, in one sentence."""
    try:
        sql = await asyncio.to_thread(warehouse.sql.read_text, encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"VOLUMES_SQL names a file that cannot be read: {warehouse.sql}") from None
    today = now.astimezone(ZoneInfo(zone)).date()
    return await asyncio.to_thread(query_apart, warehouse.url, sql, today, warehouse.seconds, sample)


async def taken(store: Store, file: VolumeFile, by: str, now: datetime, key: str | None = None) -> Import:
    """Take in what was pulled."""
    return await volumes.take(store, Came(SOURCE, "VOLUMES_URL", by, now, key), file.lines)
