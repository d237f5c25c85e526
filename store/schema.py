"""Tells where the database stands, without Alembic, which takes a while to load: nearly always there is nothing to bring forward."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal, TypeVar

from sqlalchemy import Connection, NullPool, false, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from store.address import is_sqlite, no_connection, normalised, unreachable
from store.engine import Store, sqlite_engine
from store.every_table import METADATA

State = Literal["current", "behind", "empty", "ahead"]
Answer = TypeVar("Answer")

VERSION_TABLE = "jumpin_schema"
"""Its own name, so that the tables may stand beside another program's."""

MIGRATIONS = Path(__file__).parent / "migrations"


def state(url: str) -> State:
    """Where the database stands: "empty" has no tables of ours, "behind" needs an upgrade, "ahead" is from a newer version."""
    address = normalised(url)
    if is_sqlite(address) and not Path(str(address.database)).exists():
        return "empty"
    try:
        return run_once(url, stands, begin="BEGIN")
    except DBAPIError as refused:
        raise unreachable(address, refused) from None


async def may_write(store: Store) -> None:
    """Raises StoreUnreachable where the database does not let us change our tables."""
    try:
        async with store.writing() as s:
            for table in METADATA.sorted_tables:
                key = next(iter(table.primary_key.columns))
                await (await s.connection()).execute(table.update().where(false()).values({key: key}))
    except DBAPIError as refused:
        raise unreachable(normalised(store.url), refused) from None


def may_be_made(url: str) -> None:
    """Raises StoreUnreachable where an SQLite file cannot be written, or not be made where it is to be; none is made."""
    address = normalised(url)
    path = Path(str(address.database))
    try:
        if path.exists():
            path.open("ab").close()
        with TemporaryFile(dir=next(folder for folder in path.parents if folder.exists())):
            return
    except OSError as refused:
        raise unreachable(address, refused) from None


def stands(connection: Connection) -> State:
    """The same on a connection."""
    here, known = revision(connection), steps()
    if here is None:
        return "empty"
    if here == known[-1]:
        return "current"
    return "behind" if here in known else "ahead"


def steps() -> list[str]:
    """The revisions that this version knows, the newest last: the numbers in the names of their files."""
    return sorted(file.name[1:5] for file in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None without tables of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a name of ours
    return None if found is None else str(found)


def run_once(url: str, work: Callable[[Connection], Answer], begin: str = "BEGIN IMMEDIATE") -> Answer:
    """Do `work` in one transaction, in a thread of its own: the caller may be inside an event loop, and the driver needs one to itself."""
    address = normalised(url)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, _once(address, work, begin)).result()


async def _once(address: URL, work: Callable[[Connection], Answer], begin: str) -> Answer:
    engine = _engine(address, begin)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(engine.dispose)
        try:
            connection = await opened.enter_async_context(engine.begin())
        except Exception as cause:
            if not no_connection(cause):
                raise
            raise unreachable(address, cause) from None
        return await connection.run_sync(work)


def _engine(address: URL, begin: str) -> AsyncEngine:
    if is_sqlite(address):
        # Rebuilding a table drops the old one, which foreign keys would take for deleting its rows. Whoever comes second waits for
        # whoever upgrades first, which may take a while on a slow disk.
        return sqlite_engine(address, begin, connections=1, foreign_keys=False, patience=60)
    return create_async_engine(address, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 5})
