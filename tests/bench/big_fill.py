"""A company's book of years in a database: deals, findings with what became of them, the messages about them, and daily volumes.

From a seed, straight into the tables. What follows in time follows in the tables, so that what belongs to one deal lies scattered.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Enum
from sqlalchemy.engine import URL
from sqlmodel import select

from bot.deal import Deal
from store.address import is_sqlite, normalised
from store.columns import Said, Words
from store.engine import open_store
from store.migrations.options import OPTIONS
from store.tables import InstallationRow
from tests.handlers.telling import acme

LEAD = "ULEAD"
CUSTOMER = "U1"
SCENARIOS = ("volume-bait-and-switch", "volume-gap", "not-ramping", "wait-and-see", "objection-too-busy", "new-stakeholder")
STATES = ("used", "used", "not-an-issue", "resolved", "terms-changed", "used", "escalated", "resolved", "open", "snoozed")
"""What became of findings, one in ten of each; signals, which nobody is told of, stay open."""
SIGNAL, SIGNAL_EVERY, TOLD_EVERY = "pickup-confirmed", 5, 2
"""One finding in SIGNAL_EVERY is a signal; of the others one in TOLD_EVERY had a direct message, the rest stood behind one."""
SNOOZED = timedelta(days=30)
ROWS_AT_ONCE = 20_000

FILLED = "bench"
"""The name under which a database says that it is full, and with how many deals."""

metadata = OPTIONS["target_metadata"]
"""All tables."""

Rows = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
"""A table, columns of it, and their values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much there is: deals, findings and days of volumes of each on the average, and deals of a representative and of a leader."""

    deals: int = 10_000
    findings: int = 100
    days: int = 500
    of_rep: int = 33
    of_leader: int = 300
    seed: int = 7


def rep(plan: Plan, number: int) -> str:
    """Whose a deal is: some have twenty, some fifty."""
    return f"UREP{number % max(1, plan.deals // plan.of_rep)}"


def leader(plan: Plan, number: int) -> str:
    """Who leads it: the leader of its representative."""
    leaders = max(1, plan.deals // plan.of_leader)
    return f"{LEAD}{number % max(1, plan.deals // plan.of_rep) % leaders}"


def channel(number: int) -> str:
    """Where a deal's customer talks."""
    return f"C{number:06}"


def deal_of(plan: Plan, number: int, now: datetime) -> Deal:
    """A deal: half of them are in their test or shortly behind it, the others run for long."""
    people = [(CUSTOMER, "Dana Ortiz", "customer"), (rep(plan, number), "Rep", "rep"), (leader(plan, number), "Leader", "leadership")]
    starts = (now - timedelta(days=number % 60 if number % 2 else 60 + number % 440)).date()
    return acme(
        customer=f"Customer {number:05}",
        people=[{"id": one, "name": name, "role": role} for one, name, role in people],
        channels=[channel(number)],
        stage="implementation" if number % 2 else "closed-won",
        test={"volume_per_day": 150, "starts": starts, "success": ["transit times"]},
    )


def fill(url: str, plan: Plan, now: datetime) -> None:
    """All of it, as it stands at `now` (UTC), into a database that has our tables and nothing in them."""
    address = normalised(url)
    if is_sqlite(address):
        _into_sqlite(address, _tables(plan, now), _days(plan, now))
    else:
        asyncio.run(_into_postgres(address, _tables(plan, now), _days(plan, now)))


async def filled(url: str) -> int:
    """How many deals a database was filled with here; 0 where it holds something else."""
    store = open_store(url)
    try:
        async with store.reading() as s:
            return int((await s.exec(select(InstallationRow.value).where(InstallationRow.name == FILLED))).first() or 0)
    finally:
        await store.close()


def _tables(plan: Plan, now: datetime) -> Iterator[Rows]:
    deals = [deal_of(plan, number, now) for number in range(plan.deals)]
    numbers, began = range(plan.deals), now - timedelta(days=plan.days)
    yield "deals", ("id", "customer_key", "terms"), ((n + 1, deals[n].customer.casefold(), deals[n]) for n in numbers)
    yield "deal_history", ("deal_id", "terms", "since", "by", "source"), ((n + 1, deals[n], began, "bench", "bench") for n in numbers)
    ours = ((one.id, n + 1, one.role) for n in numbers for one in deals[n].people if one.role != "customer")
    yield "deal_people", ("user_id", "deal_id", "role"), ours
    yield "channel_links", ("deal_id", "given", "channel", "listed"), ((n + 1, channel(n), channel(n), True) for n in numbers)
    yield "channels_seen", ("channel", "seen"), ((channel(n), int(now.timestamp() * 1e6)) for n in numbers)
    yield "findings", _FINDING, _findings(plan, now)
    yield "finding_events", ("finding_id", "old_state", "new_state", "by", "at"), _events(plan, now)
    yield "outbox", _ERRAND, _errands(plan, now)
    came = (1, "bench", "pull", "bench", "bench", now, now, 0, 0, 0, 0, 0)
    yield "volume_imports", tuple(metadata.tables["volume_imports"].c.keys()), [came]


_FINDING = (
    *("id", "deal_id", "channel", "ts", "thread_ts", "speaker", "said_at", "permalink", "scenario", "subject", "side", "phase"),
    *("test_day", "urgency", "quote", "why", "said_low", "said_high", "agreed_per_day", "said", "agreed", "rule", "sure", "suppressed"),
    *("ambiguous", "state", "raised_at", "changed_at", "changed_by", "until", "reason", "link", "count", "version"),
)
_ERRAND = (
    *("key", "kind", "finding_id", "about", "recipient", "due_at", "state", "tries", "owner", "lease_until", "done_at"),
    *("channel", "ts", "error"),
)
_VOLUME = ("deal_id", "day", "source", "account", "packages", "on_time", "billed_right", "transit_days", "import_id")
_WORDS = "we would rather start small and see how it goes, with some boxes a day from the second dock at first"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A finding in its place: its number, its deal's number, when it was said, what it is and what became of it."""

    number: int
    deal: int
    at: datetime
    scenario: str
    state: str
    changed_at: datetime


def _heard(plan: Plan, now: datetime) -> Iterator[_Heard]:
    """All findings in the order in which they were said; the same each time."""
    dice, total = Random(plan.seed), plan.deals * plan.findings
    began, apart = now - timedelta(days=plan.days), timedelta(days=plan.days) / (total + 1)
    busy = [number for number in range(plan.deals) for _ in range(1 + number % 3)]
    for number in range(total):
        at = began + apart * number
        signal = number % SIGNAL_EVERY == 0
        scenario = SIGNAL if signal else dice.choice(SCENARIOS)
        changed = at if signal else min(now, at + timedelta(hours=dice.randrange(1, 90)))
        state = "open" if signal else STATES[number // SIGNAL_EVERY % len(STATES)]
        if state == "snoozed" and changed + SNOOZED < now:
            state = "used"  # it came back, and somebody used it
        yield _Heard(number, dice.choice(busy), at, scenario, state, changed)


def _findings(plan: Plan, now: datetime) -> Iterator[tuple[Any, ...]]:
    for one in _heard(plan, now):
        ts = f"{one.at.timestamp():.6f}"
        figure = 10.0 + one.number % 90 if one.number % 3 == 0 else None
        until = one.changed_at + SNOOZED if one.state == "snoozed" else None
        by = None if one.state == "open" else rep(plan, one.deal)
        urgency = "log" if one.scenario == SIGNAL else "now"
        link = f"https://carrier.slack.com/archives/{channel(one.deal)}/p{ts.replace('.', '')}"
        yield (
            *(one.number + 1, one.deal + 1, channel(one.deal), ts, None, CUSTOMER, one.at, link, one.scenario, "", "customer", "test"),
            *(3, urgency, _WORDS, _WORDS, figure, figure, 150.0, _WORDS, None, "rule", 0.9, None),
            *(False, one.state, one.at, one.changed_at, by, until, None, None, 1, 1),
        )


def _events(plan: Plan, now: datetime) -> Iterator[tuple[Any, ...]]:
    for one in _heard(plan, now):
        yield one.number + 1, None, "open", None, one.at
        if one.state != "open":
            yield one.number + 1, "open", one.state, rep(plan, one.deal), one.changed_at


def _errands(plan: Plan, now: datetime) -> Iterator[tuple[Any, ...]]:
    for one in _heard(plan, now):
        if one.scenario != SIGNAL and one.number % TOLD_EVERY == 0:
            to, number = rep(plan, one.deal), one.number + 1
            at = one.at + timedelta(seconds=1)
            yield (
                f"alert:{number}:{to}",
                "alert",
                number,
                {},
                to,
                one.at,
                "sent",
                1,
                None,
                None,
                at,
                f"D{to}",
                f"{at.timestamp():.6f}",
                None,
            )


def _days(plan: Plan, now: datetime) -> Iterator[str]:
    """Statements that bring each day's volumes of all deals, and then the note that all is there."""
    for ago in range(plan.days, 0, -1):
        day, packages = (now - timedelta(days=ago)).date().isoformat(), f"40 + (id * 7919 + {ago * (104_729 + plan.seed)}) % 120"
        yield f"INSERT INTO volumes ({', '.join(_VOLUME)}) SELECT id, '{day}', 'pull', '', {packages}, 0.97, 0.99, 2.1, 1 FROM deals"
    yield f"INSERT INTO installation (name, value, at) VALUES ('{FILLED}', '{plan.deals}', '{now:%Y-%m-%d %H:%M:%S.%f}')"


def _into_sqlite(address: URL, tables: Iterable[Rows], days: Iterable[str]) -> None:
    with closing(sqlite3.connect(str(address.database), isolation_level=None)) as file:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            file.execute(f"PRAGMA {setting}")
        file.execute("BEGIN")
        for name, columns, rows in tables:
            named, places = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
            order = f"INSERT INTO {name} ({named}) VALUES ({places})"
            file.executemany(order, _bound(rows, name, columns, address))
        for day in days:
            file.execute(day)
        file.execute("COMMIT")
        file.execute("PRAGMA journal_mode=WAL")


async def _into_postgres(address: URL, tables: Iterable[Rows], days: Iterable[str]) -> None:
    connection = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    for name, columns, rows in tables:
        ready = _bound(rows, name, columns, address)
        for some in iter(lambda ready=ready: list(islice(ready, ROWS_AT_ONCE)), []):  # type: ignore[misc]
            await connection.copy_records_to_table(name, records=some, columns=columns)
        if "id" in metadata.tables[name].c:
            await connection.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
    for day in days:
        await connection.execute(day)
    await connection.execute("ANALYZE")  # as PostgreSQL does by itself a minute later
    await connection.close()


def _bound(rows: Iterable[Sequence[Any]], name: str, columns: Sequence[str], address: URL) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them. Words and texts from a list are taken as they are: there is no key, and they are ours."""
    dialect, types = address.get_dialect()(), metadata.tables[name].c
    written = [(at, types[one].type) for at, one in enumerate(columns) if not isinstance(types[one].type, (Words, Said, Enum))]
    ways = [(at, way) for at, kind in written if (way := kind.dialect_impl(dialect).bind_processor(dialect))]
    for row in rows:
        made = list(row)
        for at, way in ways:
            made[at] = way(made[at])
        yield tuple(made)
