"""Three replicas on one PostgreSQL, minutes apart by their clocks: killed, paused past their lease, and every finding is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store.schema import VERSION_TABLE
from tests.live.soak import Plan, soak

PLAN = Plan(seconds=4, messages=150, deals=8, bots=3, strikes=5, pauses=True, skew=200.0, deliveries=0.04, calls=0.04)


@pytest_asyncio.fixture
async def database(postgres_url: str) -> AsyncIterator[str]:
    """A database of its own on the test's server."""
    engine = create_async_engine(postgres_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE replicas"))
    yield make_url(postgres_url).set(database="replicas").render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(text("DROP DATABASE replicas WITH (FORCE)"))
    await engine.dispose()


async def test_what_replicas_do_to_each_other_loses_and_doubles_nothing(database: str, tmp_path: Path) -> None:
    """Midway the database gets the schema of a later version, as in a rolling upgrade: those of this version go on and start again."""

    async def upgrade_midway() -> None:
        engine = create_async_engine(database)
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE findings ADD COLUMN later VARCHAR"))
            await connection.execute(text("CREATE TABLE of_a_later_version (id INTEGER PRIMARY KEY)"))
            await connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'v9999'"))
        await engine.dispose()

    async with soak(PLAN, database, tmp_path) as run:
        run.midway = upgrade_midway
        report = await run.run()
    assert (report.lost, report.doubled, report.unwanted) == ([], [], []), report.lines()
    assert report.kills > 1, report.lines()
    assert report.paused > 0, report.lines()
    assert report.told > 8, report.lines()
