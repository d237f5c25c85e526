"""How fast the bot answers with 10,000 deals, a million findings and five million daily volumes. `make bench-big` (SCALE=0.1 a tenth).

DATABASE: "sqlite" or "postgresql" (a server of its own, from this machine's programs); without it both, one after the other. Or the URL of
an empty database, which is filled and kept: named again, it is measured as it is. All goes from Slack's signed request, or the clock's
tick, to its end; Slack is faked on this machine. Of each measure: time by the clock, and processor time of the process (PostgreSQL's is
not in it).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from handlers.clock import daily, weekly
from handlers.telling.tell import Courier
from store import findings
from store.address import normalised, place
from store.migrate import state, upgrade
from templates.weekly import weekly_message
from tests.bench.big_fill import CUSTOMER, Plan, channel, fill, filled, leader, rep
from tests.handlers.telling import QUICK, START, Stage, stage
from tests.postgres import PostgresMissing, start_postgres

NINE = datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC)
"""The morning after, at nine in New York."""

FIRES = "we'll start with {figure} packages a day"
QUIET = "thanks, the sample parcel came out at 3.2 lb, zone 5, see you at the dock at 9:30"

Step = Callable[[int], Awaitable[object]]


def main(scale: float, database: str = "") -> None:
    """Fill and measure each database, and print a table for each."""
    plan = Plan(deals=max(400, int(10_000 * scale)))
    if "://" in database:
        _one(database, place(normalised(database)), plan)
    if database in ("", "sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.sqlite3"
            _one(f"sqlite+aiosqlite:///{path.as_posix()}", "SQLite", plan)
            print(f"SQLite: {path.stat().st_size / 1e9:.1f} GB")
    if database in ("", "postgresql"):
        try:
            with start_postgres() as url:
                _one(url, "PostgreSQL", plan)
        except PostgresMissing as reason:
            print(f"PostgreSQL: not measured. {reason}")


def _one(url: str, name: str, plan: Plan) -> None:
    began, stands = perf_counter(), state(url)
    before = asyncio.run(filled(url)) if stands in ("current", "behind") else 0
    if stands != "empty" and not before:
        sys.exit(f"{name} holds something else: name an empty database.")
    upgrade(url)
    if before:
        plan = replace(plan, deals=before)
    else:
        fill(url, plan, START)
    how = "filled before" if before else f"filled in {perf_counter() - began:.0f} s"
    print(f"{name}: {_sizes(plan)}; {how}", flush=True)
    asyncio.run(_measure(url, plan))


def _sizes(plan: Plan) -> str:
    return f"{plan.deals:,} deals, {plan.deals * plan.findings:,} findings, {plan.deals * plan.days:,} daily volumes"


async def _measure(url: str, plan: Plan) -> None:
    async with stage(url) as at:
        reps, leaders = _people(at, plan)
        gc.collect()
        gc.freeze()  # as `jumpin run` does once it listens
        print(f"| {'what':64} | times | p50 ms | p99 ms | processor p50 | p99 |")
        async for line in _lines(at, plan, reps, leaders):
            print(line, flush=True)


def _people(at: Stage, plan: Plan) -> tuple[list[str], list[str]]:
    reps = sorted({rep(plan, number) for number in range(plan.deals)})
    leaders = sorted({leader(plan, number) for number in range(plan.deals)})
    for one in (*reps, *leaders):
        at.slack.person(one, one)
        at.house.zones.put(one, "America/New_York")
    for number in range(plan.deals):
        at.slack.channel(channel(number), f"impl-{number}")
    return reps, leaders


async def _lines(at: Stage, plan: Plan, reps: list[str], leaders: list[str]) -> AsyncIterator[str]:
    """The measures in their order: what is asked for the first time comes before what is in memory then."""
    courier = Courier(at.house, at.slack.client(1), QUICK)
    metrics = "/deal-metrics"
    few, some, many = min(5, len(leaders)), min(20, len(reps)), 50

    async def status(number: int) -> object:
        return await at.command(rep(plan, number), "", channel(number))

    async def named(number: int) -> object:
        return await at.command(leader(plan, number), f"customer {number:05}")

    async def decided(number: int) -> object:
        async with at.house.store.writing() as s:
            return await findings.change(s, 7 + 10 * number, "used", by=reps[0], now=at.clock.now())

    async def says(number: int) -> object:
        return await at.says(CUSTOMER, FIRES.format(figure=11 + number % 40), channel(number))

    async def nobody(_number: int) -> None:
        """Nothing before."""

    async def week(number: int) -> object:
        return weekly_message(await weekly.week_of(at.house, leaders[number], at.clock.now()))

    async def day(number: int) -> object:
        return await daily.message_of(at.house, reps[number], NINE.date())

    yield await _timed("/deal-status in its channel, a rep", many, status)
    yield await _timed("/deal-status by name, a leader", many, named)
    yield await _timed("Home of a rep, for the first time", min(many, len(reps)), lambda n: at.opens_home(reps[n]))
    yield await _timed("Home of a rep, something decided meanwhile", many, lambda n: at.opens_home(reps[n % some]), decided)
    yield await _timed("Home of a leader, for the first time", len(leaders), lambda n: at.opens_home(leaders[n]))
    yield await _timed("Home of a leader, something decided meanwhile", many, lambda n: at.opens_home(leaders[n % few]), decided)
    yield await _timed(f"{metrics}, a rep, for the first time", some, lambda n: at.asks(reps[n], "", name=metrics))
    yield await _timed(f"{metrics}, a leader, for the first time", few, lambda n: at.asks(leaders[n], "", name=metrics))
    yield await _timed(f"{metrics}, a leader, again within two minutes", few, lambda n: at.asks(leaders[few - 1], f"{n}", name=metrics))
    yield await _timed("ordinary message", many, lambda n: at.says(CUSTOMER, QUIET, channel(n)))
    yield await _timed("message that is a finding: read, judged, recorded", many, says)
    await courier.drain()  # those of the findings before
    yield await _timed("its direct message, until it stands", many, lambda _: courier.drain(), lambda n: says(many + n))
    yield await _timed("weekly message of a leader", few, week, nobody)
    at.clock.ahead(seconds=(NINE - at.clock.now()).total_seconds())
    yield await _timed(f"daily run of all {len(reps) + len(leaders)} people", 1, lambda _: daily.tick(at.house))
    yield await _timed("daily message of a rep, written when it is sent", min(many, len(reps)), day)


async def _timed(what: str, times: int, step: Step, before: Step | None = None) -> str:
    waits, work, missed = list[float](), list[float](), 0
    for number in range(times):
        if before is not None:
            await before(number)
        began, used = perf_counter(), process_time()
        answer = await step(number)
        waits.append((perf_counter() - began) * 1000)
        work.append((process_time() - used) * 1000)
        missed += answer == {}  # Home was not there within its time
    if missed:
        what = f"{what} ({missed} too late)"
    return f"| {what:64} | {times:5} | {_p50(waits):6.0f} | {_p99(waits):6.0f} | {_p50(work):13.0f} | {_p99(work):3.0f} |"


def _p50(times: list[float]) -> float:
    return statistics.median(times)


def _p99(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.99) - 1)]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.bench.big")
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--database", default="", help="sqlite, postgresql, or the URL of an empty database; without it the first two")
    given = asked.parse_args()
    main(given.scale, given.database)
