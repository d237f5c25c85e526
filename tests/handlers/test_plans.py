"""What the bot asks its database goes by an index: with a million findings a question that goes through all of them takes seconds.

SQLite tells how it would answer whatever is in the tables; PostgreSQL decides by what it knows of them, so there they are filled before.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.engine import make_url

from handlers.clock import daily, weekly
from handlers.findings import deal_findings
from handlers.links import Links
from handlers.telling import together
from store.tables import metadata
from templates.presses import USED
from tests.handlers.dms import HIGHER, LOW, elements
from tests.handlers.telling import Stage, stage

COPIED = ("deals", "deal_people", "findings", "finding_events", "outbox")
LARGE = (*COPIED, "finding_echoes", "volumes", "told", "asked", "marks", "happenings")
"""Tables that grow for as long as the bot runs."""

ALL = re.compile(rf"^SCAN ({'|'.join(LARGE)})\b|^SEARCH findings USING INDEX ix_findings_state_until \(state=\?\)$")
ALL_OF_A_STATE = re.compile(r"^SEARCH outbox USING (?:COVERING )?INDEX ix_outbox_state_due_at \(state=\?\)$")
"""Few messages wait at any time; nearly all that there ever were have been sent."""

ALL_ON_POSTGRESQL = re.compile(rf"Seq Scan on ({'|'.join(COPIED)})\b|Index Cond: \(\(state\)::text = 'sent'::text\)$")


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


@pytest_asyncio.fixture
async def on_postgresql(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"plans_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield there


class Asked:
    """The questions to the store while this stands, and how the database would answer each."""

    def __init__(self, at: Stage) -> None:
        self._store = at.house.store
        self._questions: dict[str, Any] = {}
        for engine in {self._store._reader, self._store._writer}:
            event.listen(engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool) -> None:
        if not executemany and statement.split(None, 1)[0] in ("SELECT", "UPDATE", "DELETE"):
            self._questions.setdefault(statement, parameters)

    async def through_all(self) -> list[str]:
        """Those that go through all rows of a large table."""
        found = []
        async with self._store.reading() as s:
            connection = await s.connection()
            on_sqlite = connection.dialect.name == "sqlite"
            for question, parameters in tuple(self._questions.items()):
                plan = await connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if on_sqlite else ''}{question}", parameters)
                lines = [str(line[3] if on_sqlite else line[0]) for line in plan]
                found += [f"{line}: {question}" for line in lines if goes_through_all(line, parameters, on_sqlite=on_sqlite)]
        assert len(self._questions) > 10
        return found


def goes_through_all(line: str, parameters: Sequence[Any], *, on_sqlite: bool) -> bool:
    """Whether a line of a plan reads a large table as a whole, or all that was ever sent."""
    if on_sqlite:
        return bool(ALL.match(line) or ("sent" in parameters and ALL_OF_A_STATE.match(line)))
    return bool(ALL_ON_POSTGRESQL.search(line))


async def an_ordinary_day(at: Stage) -> None:
    """Something is said, told and decided on; everybody looks at everything; the clock asks the next morning."""
    links = Links(at.house.slack)
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        used = next(one for one in elements(at, number=0) if one["action_id"] == USED)  # what comes later takes it away
        for again in (HIGHER, "the driver picked up 150 packages today", "thanks, see you at the dock"):
            await at.says("U1", again)
        at.house.backlog.reading.add("C1")
        await together.gather(at.house, "C1", heard=True)
        await at.opens_home("U3")
        await at.press("U3", used)
        await at.settle()
        for person in ("U3", "U4"):
            await at.opens_home(person)
        await at.command("U3", "", "C1")
        await deal_findings.answer_to(at.house, links, "U3", "C1", "")
        await deal_findings.answer_to(at.house, links, "U4", "C9", "everywhere")
        await at.asks("U4", "", name="/deal-metrics")
        await weekly.week_of(at.house, "U4", at.clock.now())
        at.clock.ahead(seconds=(datetime(2026, 11, 5, 14, 0, 1, tzinfo=UTC) - at.clock.now()).total_seconds())
        await daily.tick(at.house)
        await at.settle()


async def test_no_answer_and_no_message_goes_through_all_findings(at: Stage) -> None:
    await at.know()
    asked = Asked(at)
    await an_ordinary_day(at)
    assert await asked.through_all() == []


async def test_nor_does_any_on_postgresql(on_postgresql: Stage) -> None:
    at = on_postgresql
    await at.know()
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
    await others(at)
    asked = Asked(at)
    await an_ordinary_day(at)
    assert await asked.through_all() == []


async def others(at: Stage) -> None:
    """1,500 deals beside the one there is, each with ten findings like its one, told and used, and PostgreSQL's knowledge of them."""
    connection = await asyncpg.connect(make_url(at.house.store.url).set(drivername="postgresql").render_as_string(hide_password=False))
    stages = """'"stage":"implementation"', '"stage":"discovery"'"""  # the clock does not run for them
    early = f"""replace(replace(terms, '"id":"U', '"id":"UREP'), {stages})"""
    people = {"deal_id": "n + 1000", "user_id": "'UREP' || (n % 100) || deal_people.role"}
    finding = {"id": "n + 1000", "deal_id": "1001 + n % 1500", "ts": "n::text", "state": "'used'", "changed_by": "'UREP1'"}
    for statement in (
        _copies("deals", 1_500, {"id": "n + 1000", "customer_key": "n::text", "terms": early}),
        _copies("deal_history", 1_500, {"id": "n + 1000", "deal_id": "n + 1000", "terms": early}),
        _copies("deal_people", 1_500, people),
        _copies("findings", 15_000, finding),
        _copies("finding_events", 15_000, {"id": "n + 1000", "finding_id": "n + 1000"}),
        _copies("outbox", 15_000, {"id": "n + 1000", "finding_id": "n + 1000", "key": "n::text", "recipient": "'UREP' || (n % 100)"}),
        "ANALYZE",
    ):
        await connection.execute(statement)
    await connection.close()


def _copies(table: str, count: int, changed: dict[str, str]) -> str:
    """A statement that copies each row of a table so many times, with some columns by the number n of the copy."""
    columns = metadata.tables[table].c.keys()
    values = ", ".join(changed.get(name, f'{table}."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({named}) SELECT {values} FROM {table}, generate_series(1, {count}) AS n ON CONFLICT DO NOTHING"
