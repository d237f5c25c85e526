"""How fast a person with 500 deals of 20 findings each sees Home, /deal-status and /deal-findings, on SQLite: time in our own process."""

from __future__ import annotations

import asyncio
import gc
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.deal import Deal
from bot.demo.sample import sample
from bot.playbook.finding import Finding
from handlers.deals import deal_status
from handlers.findings import deal_findings
from handlers.home.view import view_for
from handlers.house import House, User
from handlers.links import Links
from store import deals, findings
from store.engine import Store, open_store
from store.finding_rows import key_values, values_of
from store.migrate import upgrade
from store.records import FindingState, Origin
from store.tables import EventRow, FindingRow
from templates.home import Where

DEALS, FINDINGS, ROUNDS = 500, 20, 200
BOSS = "U0BOSS"
LINK = "https://carrier.slack.com/archives/C0BENCH/p1"
SCENARIOS = ("volume-bait-and-switch", "volume-gap", "not-ramping", "wait-and-see", "objection-too-busy")
STATES: tuple[FindingState, ...] = ("open", "used", "open", "not-an-issue", "snoozed", "resolved", "open", "terms-changed")


async def measure() -> list[str]:
    """Home page after page, a change in between each time; /deal-status by name; /deal-findings of one deal, and of all in a state."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder).as_posix()}/bench.sqlite3"
        await asyncio.to_thread(upgrade, url)
        store = open_store(url)
        ids = await _fill(store, now)
        house = _house(store, now)
        links = Links(house.slack)
        house.asked_lately.put(BOSS, True)
        gc.collect()
        gc.freeze()  # as `jumpin run` does once it listens
        began = perf_counter()
        await view_for(house, links, BOSS, Where("team"))
        first = (perf_counter() - began) * 1000

        async def home(number: int) -> None:
            await view_for(house, links, BOSS, Where("team", page=number % (DEALS // 10)))

        async def status(number: int) -> None:
            await deal_status.answer_to(house, links, BOSS, "C0", f"Customer {number:03}")

        async def listed(number: int) -> None:
            await deal_findings.answer_to(house, links, BOSS, "C0", f"Customer {number:03} open")

        async def everywhere(number: int) -> None:
            await deal_findings.answer_to(house, links, BOSS, "C0", "everywhere snoozed" if number % 2 else "everywhere")

        async def change(number: int) -> None:
            house.asked_lately.put(BOSS, True)  # Slack was asked within the minute, as it is for somebody at work
            async with store.writing() as s:
                await findings.change(s, ids[number % len(ids)], "used" if number % 2 else "open", by=BOSS, now=now)

        lines = [
            await _line(f"Home (first time {first:.0f} ms)", home, change),
            await _line("/deal-status", status, change),
            await _line("/deal-findings of a deal", listed, change),
            await _line("/deal-findings of all", everywhere, change),
        ]
        await store.close()
    return lines


async def _line(name: str, show: Callable[[int], Awaitable[None]], change: Callable[[int], Awaitable[None]]) -> str:
    took, cpu = [], []
    for number in range(ROUNDS):
        await change(number)
        began, used = perf_counter(), process_time()
        await show(number)
        took.append((perf_counter() - began) * 1000)
        cpu.append((process_time() - used) * 1000)
    size = f"{DEALS} deals with {FINDINGS} findings each"
    return f"{name}, {size}: {_figures(took)}; of it on the processor: {_figures(cpu)}"


def _figures(took: list[float]) -> str:
    return f"p50 {statistics.median(took):.1f} ms, p99 {sorted(took)[round(len(took) * 0.99) - 1]:.1f} ms"


async def _fill(store: Store, now: datetime) -> list[int]:
    terms = sample(date(2026, 11, 4)).deal
    rows: list[FindingRow] = []
    async with store.writing() as s:
        for number in range(DEALS):
            saved = await deals.save_deal(s, _deal(terms, number, now), by="bench", source="bench", now=now)
            rows += [_row(saved.id, n, now) for n in range(FINDINGS)]
        s.add_all(rows)
        await s.flush()
        s.add_all([EventRow(finding_id=row.id, old_state=None, new_state=row.state, by=None, at=now) for row in rows])
    return [row.id for row in rows if row.id is not None]


def _row(deal_id: int, n: int, now: datetime) -> FindingRow:
    finding = _finding(n)
    origin = Origin("C0BENCH", f"{1_700_000_000 + n}.000100", "U0PRIYA", now - timedelta(hours=n), permalink=LINK)
    facts = {**key_values(deal_id, finding, origin), **values_of(finding, origin)}
    return FindingRow(**facts, state=STATES[n % len(STATES)], raised_at=now, changed_at=now)


def _deal(terms: dict[str, Any], number: int, now: datetime) -> Deal:
    people = [{"id": "U0PRIYA", "name": "Priya Nair", "role": "customer"}, {"id": BOSS, "name": "Boss", "role": "leadership"}]
    test = {**terms["test"], "starts": (now - timedelta(days=number % 60)).date()}
    return Deal.model_validate(
        {**terms, "customer": f"Customer {number:03}", "people": people, "test": test, "channels": [f"C0BENCH{number}"]}
    )


def _finding(n: int) -> Finding:
    figure = None if n % 5 > 2 else (10.0 + n, 15.0 + n)
    scenario = SCENARIOS[n % len(SCENARIOS)]
    words = "we would rather start small and see how it goes"
    return Finding(scenario, words, "why", "now", "customer", "test", 3, said_per_day=figure, agreed_per_day=150.0)


def _house(store: Store, now: datetime) -> House:
    house = House(store, AsyncWebClient(), lambda: now, logs.get("bench"), "T0", "U0BOT")
    house.users.put(BOSS, User(BOSS, "T0", zone="America/New_York"))
    return house
