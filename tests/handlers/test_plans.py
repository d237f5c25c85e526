"""What the bot asks its database goes by an index: with a million findings a question that goes through all of them takes seconds."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import event

from handlers.clock import daily, weekly
from handlers.findings import deal_findings
from handlers.links import Links
from handlers.telling import together
from templates.presses import USED
from tests.handlers.dms import HIGHER, LOW, elements
from tests.handlers.telling import Stage, stage

LARGE = ("findings", "finding_events", "finding_echoes", "outbox", "volumes", "told", "asked", "marks", "happenings")
"""Tables that grow for as long as the bot runs."""

ALL = re.compile(rf"^SCAN ({'|'.join(LARGE)})\b|^SEARCH findings USING INDEX ix_findings_state_until \(state=\?\)$")
ALL_OF_A_STATE = re.compile(r"^SEARCH outbox USING (?:COVERING )?INDEX ix_outbox_state_due_at \(state=\?\)$")
"""Few messages wait at any time; nearly all that there ever were have been sent."""


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


class Asked:
    """The questions to the store while this stands, and how SQLite would answer each."""

    def __init__(self, at: Stage) -> None:
        self._store = at.house.store
        self._questions: dict[str, Any] = {}
        for engine in (self._store._reader, self._store._writer):
            event.listen(engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool) -> None:
        if not executemany and statement.split(None, 1)[0] in ("SELECT", "UPDATE", "DELETE"):
            self._questions.setdefault(statement, parameters)

    async def through_all(self) -> list[str]:
        """Those that go through all rows of a large table."""
        found = []
        async with self._store.reading() as s:
            for question, parameters in tuple(self._questions.items()):
                plan = await (await s.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", parameters)
                ever = "sent" in parameters
                found += [f"{line[3]}: {question}" for line in plan if ALL.match(line[3]) or (ever and ALL_OF_A_STATE.match(line[3]))]
        assert len(self._questions) > 10
        return found


async def test_no_answer_and_no_message_goes_through_all_findings(at: Stage) -> None:
    known = await at.know()
    asked = Asked(at)
    links = Links(at.house.slack)
    async with at.courier():
        await at.says("U1", LOW)
        await at.settle()
        for again in (HIGHER, "the driver picked up 150 packages today", "thanks, see you at the dock"):
            await at.says("U1", again)
        at.house.backlog.reading.add("C1")
        await together.gather(at.house, "C1")
        await at.opens_home("U3")
        await at.press("U3", next(one for one in elements(at, number=0) if one["action_id"] == USED))
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
    assert known.id
    assert await asked.through_all() == []
