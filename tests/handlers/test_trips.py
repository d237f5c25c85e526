"""What a finding and its direct message ask of the database: each question is a trip there, and much of what a finding costs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import event

from handlers.kept import Kept
from handlers.telling.tell import Courier
from tests.handlers.dms import LOW, shown
from tests.handlers.telling import QUICK, Stage, acme, stage

HEARD, TOLD = 11, 16
"""Trips for a finding that rings, and for its direct message, with a second look of the courier that finds nothing more to do."""


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.house.deals_stamp = Kept(1, 3600)  # the look whether a deal has changed comes by the clock, not with a message
        yield there


@contextmanager
def trips(at: Stage) -> Iterator[list[str]]:
    """What goes to the database while this stands: statements, with the beginning and the end of each transaction."""
    made: list[str] = []

    def asked(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(" ".join(statement.split()))

    def ended(how: str) -> Callable[[Any], None]:
        return lambda _connection: made.append(how)

    hears = {"before_cursor_execute": asked, "commit": ended("COMMIT"), "rollback": ended("ROLLBACK")}
    engines = [engine.sync_engine for engine in (at.house.store._reader, at.house.store._writer)]
    for engine in engines:
        for name, hear in hears.items():
            event.listen(engine, name, hear)
    yield made
    for engine in engines:
        for name, hear in hears.items():
            event.remove(engine, name, hear)


async def test_a_finding_takes_few_trips_to_the_database_and_its_direct_message_fewer(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Umbra", channels=["C2"]))
    courier = Courier(at.house, at.slack.client(1), QUICK)
    for channel in ("C1", "C2"):
        await at.says("U1", "hello all, see you at the dock", channel)
    await at.says("U1", LOW)
    await courier.drain()  # what is remembered for a while is known now
    with trips(at) as heard:
        await at.says("U1", LOW, "C2")
    with trips(at) as told:
        await courier.drain()
    assert "Umbra: 15/day said" in shown(at)
    assert len(heard) == HEARD, heard
    assert len(told) == TOLD, told
    assert {where.split()[0] for where in (*heard, *told)} == {"BEGIN", "SELECT", "INSERT", "WITH", "UPDATE", "COMMIT", "ROLLBACK"}


async def test_an_ordinary_message_takes_none(at: Stage) -> None:
    await at.know()
    await at.says("U1", "hello all, see you at the dock")
    with trips(at) as heard:
        await at.says("U1", "thanks, the driver was here at ten")
    assert heard == []
