"""How long the clock's daily run takes: 5,000 reps with four deals each on SQLite, all at nine o'clock, up to the last DM left."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import insert, text

from bot.deal import Deal
from handlers.clock import daily
from store.tables import DealPersonRow, DealRow, TermsRow
from tests.handlers.telling import Stage, acme, stage

REPS, DEALS = 5_000, 4
NINE = datetime(2026, 11, 17, 14, 0, 1, tzinfo=UTC)
"""Day 16 of every deal, in New York."""


async def measure(reps: int = REPS) -> list[str]:
    """One line: how long, how many DMs, and that a second run leaves none."""
    with tempfile.TemporaryDirectory() as folder:
        async with stage(f"sqlite+aiosqlite:///{Path(folder).as_posix()}/bench.sqlite3") as at:
            await _fill(at, reps)
            at.clock.ahead(seconds=(NINE - at.clock.now()).total_seconds())
            gc.collect()
            gc.freeze()  # as `jumpin run` does once it listens
            longest = asyncio.create_task(_longest_pause())
            began, used = perf_counter(), process_time()
            await daily.tick(at.house)
            took, cpu = perf_counter() - began, process_time() - used
            longest.cancel()
            left, _ = await _left(at), await daily.tick(at.house)
            again = await _left(at)
            pause = _pauses[-1] if _pauses else 0.0
    return [
        f"daily run, {reps:,} reps of {DEALS} deals: {took:.1f} s ({cpu:.1f} s on the processor), {left:,} DMs left for the courier, "
        f"{again - left} more by a second run, event loop held {pause * 1000:.0f} ms at most"
    ]


_pauses: list[float] = []


async def _longest_pause() -> None:
    _pauses.append(0.0)
    while True:
        began = perf_counter()
        await asyncio.sleep(0.005)
        _pauses[-1] = max(_pauses[-1], perf_counter() - began - 0.005)


async def _fill(at: Stage, reps: int) -> None:
    now = at.clock.now()
    for rep in range(reps):
        person = f"U{rep:06}"
        at.house.zones.put(person, "America/New_York")
    async with at.house.store.writing() as s:
        connection = await s.connection()
        for first in range(0, reps * DEALS, 2_000):
            numbers = range(first, min(first + 2_000, reps * DEALS))
            made = {number: _deal(number) for number in numbers}
            rows = [{"id": number + 1, "customer_key": made[number].customer.casefold(), "terms": made[number]} for number in numbers]
            history = [{"deal_id": number + 1, "terms": made[number], "since": now, "by": "bench", "source": "bench"} for number in numbers]
            people = [{"deal_id": number + 1, "user_id": f"U{number // DEALS:06}", "role": "rep"} for number in numbers]
            await connection.execute(insert(DealRow), rows)
            await connection.execute(insert(TermsRow), history)
            await connection.execute(insert(DealPersonRow), people)


def _deal(number: int) -> Deal:
    person = {"id": f"U{number // DEALS:06}", "name": f"Rep {number // DEALS}", "role": "rep"}
    return acme(customer=f"Customer {number:06}", people=[person], channels=[])


async def _left(at: Stage) -> int:
    async with at.house.store.reading() as s:
        return int((await (await s.connection()).execute(text("SELECT count(*) FROM outbox WHERE kind = 'notice'"))).scalar_one())
