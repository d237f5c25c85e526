"""Whether other processes have the same database open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import asyncpg  # type: ignore[import-untyped]
import pytest

from bot import logs
from handlers.hearing.replicas import Replicas
from store.engine import Store, open_store
from tests.store.conftest import database


@pytest.fixture
def empty(postgres_url: str) -> str:
    """A database that nobody else has open."""
    return database(postgres_url)


async def gone(store: Store) -> bool:
    """Whether nobody else is there, once PostgreSQL has noticed that a connection was closed."""
    for _ in range(200):
        if not await store.others():
            return True
        await asyncio.sleep(0.01)
    return False


async def test_processes_on_one_postgresql_see_each_other_until_they_leave(empty: str) -> None:
    one, other = open_store(empty), open_store(empty)
    assert [await one.others(), await other.others(), await one.others()] == [False, True, True]
    await other.close()
    old = await asyncpg.connect(empty.replace("+asyncpg", ""), server_settings={"application_name": "jumpin"})
    assert await one.others()
    await old.close()
    query = await asyncpg.connect(empty.replace("+asyncpg", ""), server_settings={"application_name": "jumpin-volumes"})
    async with one.reading():  # as many connections as it likes are one process
        assert await gone(one)
    await query.close()
    await one.close()


async def test_nobody_else_has_a_file(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}"
    one, other = open_store(url), open_store(url)
    await other.ping()
    assert not await one.others()
    await one.close()
    await other.close()


async def test_whoever_comes_is_noticed_before_it_hears_anything(empty: str) -> None:
    there, new = Replicas(every=0.2), Replicas(every=0.2)
    one, other = open_store(empty), open_store(empty)
    await there.arrive(one, now)
    began = monotonic()
    await there.noticed()
    assert monotonic() - began < 0.2  # it is alone
    watching = asyncio.create_task(there.keep(one, now, logs.get("test")))
    await asyncio.sleep(0.05)
    await new.arrive(other, now)
    assert not there.heard_after(None)
    await new.noticed()
    assert there.heard_after(None)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    for store in (one, other):
        await store.close()


def now() -> datetime:
    """The time (UTC)."""
    return datetime.now(UTC)
