"""Brings the database to this version's tables and tells where it stands; Alembic, run in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from store.address import NO_CONNECTION, StoreUnready, is_sqlite, make_room, normalised, place, unreachable
from store.engine import sqlite_engine
from store.migrations.options import VERSION_TABLE

State = Literal["current", "behind", "empty", "ahead"]
Answer = TypeVar("Answer")

_LOCK = 7_201_806_114
"""Any number that nothing else in the database locks: replicas that start together upgrade one after the other."""


def upgrade(url: str) -> None:
    """Bring the database to the newest tables, creating an SQLite file first. Safe to call at any time, by several processes at once.

    Raises StoreUnreachable, or StoreUnready when the database is from a newer version.
    """
    make_room(normalised(url))
    run_once(url, _upgrade)


def downgrade(url: str, revision: str = "base") -> None:
    """Go back to an older revision; "base" takes every table away, with all that is in it."""
    run_once(url, lambda connection: command.downgrade(config(connection), revision))


def state(url: str) -> State:
    """Where the database stands: "empty" has no tables of ours, "behind" needs an upgrade, "ahead" is from a newer version."""
    address = normalised(url)
    if is_sqlite(address) and not Path(str(address.database)).exists():
        return "empty"
    return run_once(url, _state, begin="BEGIN")


def make_ready(url: str) -> None:
    """SQLite is upgraded; PostgreSQL must have been, by `jumpin db upgrade`. Raises StoreUnready, one plain sentence, else."""
    address = normalised(url)
    if is_sqlite(address):
        upgrade(url)
        return
    stands = state(url)
    if stands in ("empty", "behind"):
        raise StoreUnready(f"The tables in {place(address)} are not there or not the newest: run `jumpin db upgrade`, then try again.")
    if stands == "ahead":
        raise _too_new(address)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _state(connection) == "ahead":
        raise _too_new(connection.engine.url)
    command.upgrade(config(connection), "head")


def _state(connection: Connection) -> State:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    revisions = ScriptDirectory.from_config(config(connection))
    here, newest = context.get_current_revision(), revisions.get_current_head()
    if here is None:
        return "empty"
    if here == newest:
        return "current"
    return "behind" if here in {revision.revision for revision in revisions.walk_revisions()} else "ahead"


def _too_new(address: URL) -> StoreUnready:
    return StoreUnready(
        f"{place(address).capitalize()} is from a newer version of jumpin than this one: install that version, or a later one."
    )


def config(connection: Connection) -> Config:
    """What Alembic needs to work on a connection."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


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
        except NO_CONNECTION as cause:
            raise unreachable(address, cause) from None
        return await connection.run_sync(work)


def _engine(address: URL, begin: str) -> AsyncEngine:
    if is_sqlite(address):
        # Rebuilding a table drops the old one, which foreign keys would take for deleting its rows. Whoever comes second waits for
        # whoever upgrades first, which may take a while on a slow disk.
        return sqlite_engine(address, begin, connections=1, foreign_keys=False, patience=60)
    return create_async_engine(address, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 5})
