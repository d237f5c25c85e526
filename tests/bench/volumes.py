"""How fast volumes are read and kept: a million label rows in a CSV file and in a workbook, and a large portfolio in and out of SQLite,
with the event loop's longest wait meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, thread_time

from bot.playbook.numbers.facts import facts
from store import deals, volumes
from store.engine import open_store
from store.migrate import upgrade
from store.numbers import everything
from store.sources.volume_apart import read_apart
from store.volume_records import Came, Line
from tests.bench.workbook import write_labels
from tests.store.samples import acme

ROWS, ACCOUNTS, DAYS = 1_000_000, 37, 100
DEALS, HISTORY = 200, 500
FIRST = date(2024, 1, 1)


async def measure() -> list[str]:
    """One line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        file, book = Path(folder) / "labels.csv", Path(folder) / "labels.xlsx"
        _write(file)
        write_labels(book, ROWS)
        lines = [_alone(file), _alone(book)]
        async with _waited() as longest:
            began = perf_counter()
            found = await asyncio.to_thread(read_apart, file, date(2026, 1, 1))
            took = perf_counter() - began
        lines.append(
            f"the same apart, as in Slack: {took:.1f} s, {found.packages:,} packages; longest work of the event loop {longest[0]:.0f} ms"
        )
        return [*lines, *await _kept(Path(folder) / "bench.sqlite3")]


def main() -> None:
    """Read the file named, in a process of its own as in Slack; seconds by the clock and of the processor, and megabytes at most."""
    file = Path(sys.argv[1])
    began = perf_counter()
    found = read_apart(file, date(2026, 1, 1), patience=300)
    there = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, worked, most = perf_counter() - began, there.ru_utime + there.ru_stime, there.ru_maxrss / 1024
    kind = file.suffix[1:].upper()
    print(f"{found.rows:,} label rows of {kind}: {took:.1f} s, {worked:.1f} s of the processor, {most:.0f} MB")


def _alone(file: Path) -> str:
    order = [sys.executable, "-m", "tests.bench.volumes", str(file)]
    return subprocess.run(order, check=True, capture_output=True, text=True).stdout.strip()


def _write(file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write("Shipment export\nTracking Number,Ship Date,Account Name,Service,Weight\n")
        days = [f"{FIRST + timedelta(days=n):%m/%d/%Y}" for n in range(DAYS)]
        out.writelines(f"1Z{n:016d},{days[n % DAYS]},Customer {n % ACCOUNTS},Ground,{n % 50}.5\n" for n in range(ROWS))


async def _kept(place: Path) -> list[str]:
    url = f"sqlite+aiosqlite:///{place.as_posix()}"
    await asyncio.to_thread(upgrade, url)
    store, now = open_store(url), datetime.now(UTC)
    async with store.writing() as s:
        made = [acme(customer=f"Customer {n}", channels=()) for n in range(DEALS)]
        ids = [(await deals.save_deal(s, deal, by="bench", source="bench", now=now)).id for deal in made]
    lines = [Line(f"Customer {n}", FIRST + timedelta(days=ahead), 100 + ahead) for n in range(DEALS) for ahead in range(HISTORY)]
    gc.freeze()  # a hundred thousand lines of ours are not the bot's to collect
    told = []
    for what in ("kept", "sent again"):
        async with _waited() as longest:
            began = perf_counter()
            await volumes.take(store, Came("file", "bench", "bench", now), lines)
            took = perf_counter() - began
        told.append(f"{len(lines):,} days {what}: {took:.1f} s; longest work of the event loop {longest[0]:.0f} ms")
    async with store.reading() as s, _waited() as longest:
        began = perf_counter()
        found = await volumes.of_deals(s, ids)
        took = perf_counter() - began
    told.append(
        f"{sum(len(one.days) for one in found.values()):,} days of {DEALS} deals read: {took:.2f} s; longest work {longest[0]:.0f} ms"
    )
    async with store.reading() as s:
        began = perf_counter()
        await volumes.since_the_first(s, dict.fromkeys(ids, FIRST), FIRST + timedelta(days=HISTORY - 200))
        told.append(f"what the clock needs of {DEALS} deals: {perf_counter() - began:.2f} s")
        began = perf_counter()
        await volumes.of_deal(s, ids[7])
        told.append(f"one deal of {HISTORY} days: {(perf_counter() - began) * 1000:.0f} ms")
    async with _waited() as longest:
        began = perf_counter()
        figures = [facts(one) async for some in everything(store, "America/New_York", now) for one in some]
        took = perf_counter() - began
    told.append(
        f"figures of {len(figures)} deals with {len(lines):,} days, read from the store: {took:.1f} s; longest work {longest[0]:.0f} ms"
    )
    await store.close()
    return told


@asynccontextmanager
async def _waited() -> AsyncIterator[list[float]]:
    """The longest that the event loop worked without a pause, in milliseconds of the processor: a busy machine does not count."""
    longest = [0.0]

    async def watch() -> None:
        while True:
            began = thread_time()
            await asyncio.sleep(0.001)
            longest[0] = max(longest[0], (thread_time() - began) * 1000)

    watching = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        watching.cancel()


if __name__ == "__main__":
    main()
