"""Three replicas on one PostgreSQL, minutes apart by their clocks: killed, paused past their lease, and every finding is told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store.engine import Store
from store.schema import VERSION_TABLE
from tests.live.soak import Plan, soak

SOON = timedelta(seconds=30)

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
        began = datetime.now(UTC)
        report = await run.run()
        raised = await times_of_findings(run.store)
    # the first one starts once more at the end, on the later version's schema
    assert "going on with it" in (tmp_path / "bot0.log").read_text(encoding="utf-8")
    # whichever replica wrote it down: all go by the database's clock
    assert began - SOON < min(raised) <= max(raised) < datetime.now(UTC) + SOON, report.lines()
    assert (report.lost, report.doubled, report.unwanted) == ([], [], []), report.lines()
    assert report.kills > 1, report.lines()
    assert report.paused > 0, report.lines()
    assert report.told > 8, report.lines()


async def times_of_findings(store: Store) -> list[datetime]:
    """When each finding was raised."""
    async with store.reading() as s:
        return [at for (at,) in await (await s.connection()).execute(text("SELECT raised_at FROM findings"))]
