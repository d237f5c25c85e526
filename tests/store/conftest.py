"""Each test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from store.engine import Store, open_store
from store.migrate import upgrade

_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'jumpin.sqlite3'}"
    base = make_url(request.getfixturevalue("postgres_url"))
    name = f"store_{next(_numbers)}"
    asyncio.run(_create(base.set(drivername="postgresql").render_as_string(hide_password=False), name))
    return base.set(database=name).render_as_string(hide_password=False)


async def _create(url: str, name: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


@pytest.fixture
def url(empty_url: str) -> str:
    """The address of a database with our tables."""
    upgrade(empty_url)
    return empty_url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store without data."""
    store = open_store(url)
    yield store
    await store.close()
