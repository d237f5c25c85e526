"""Each test of the store runs on SQLite and on a real PostgreSQL, and begins without data."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.engine import make_url

from store.engine import Store, open_store
from store.migrate import upgrade
from store.tables import metadata

ENGINES = ["sqlite", "postgresql"]

_numbers = count(1)

EMPTY = "SET session_replication_role = replica; " + "; ".join(f"DELETE FROM {name}" for name in metadata.tables)
"""Empties all tables, in any order; TRUNCATE makes new files for each of them, which takes longer than most tests."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'jumpin.sqlite3'}"
    return database(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The address of a database with our tables: on SQLite one to copy, on PostgreSQL, where that takes long, one to empty."""
    made: dict[str, str] = {}

    def of(engine: str) -> str:
        if engine not in made:
            folder = tmp_path_factory.mktemp("blank")
            url = f"sqlite:///{folder / 'blank.sqlite3'}" if engine == "sqlite" else database(request.getfixturevalue("postgres_url"))
            upgrade(url)
            made[engine] = url
        return made[engine]

    return of


@pytest.fixture
def url(engine: str, blank: Callable[[str], str], tmp_path: Path) -> str:
    """The address of a database with our tables and no data."""
    ours = blank(engine)
    if engine == "sqlite":
        shutil.copy(str(make_url(ours).database), tmp_path / "jumpin.sqlite3")
        return f"sqlite:///{tmp_path / 'jumpin.sqlite3'}"
    on_postgres(ours, EMPTY)
    return ours


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store without data."""
    store = open_store(url)
    yield store
    await store.close()


def database(postgres_url: str) -> str:
    """A new database beside the given one; its address."""
    name = f"store_{next(_numbers)}"
    on_postgres(postgres_url, f"CREATE DATABASE {name}")
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


def on_postgres(url: str, statement: str) -> None:
    """Run one statement outside of any transaction."""

    async def once() -> None:
        connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(once())
