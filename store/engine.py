"""Opens the store: one engine for PostgreSQL; for SQLite one connection that writes and a few that read beside it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

import store.every_table  # noqa: F401 - tables refer to each other: whoever opens the store must know all of them
from store import sealing
from store.address import StoreUnreachable, StoreUnready, is_sqlite, make_room, no_connection, normalised, place, unreachable
from store.sqlite_driver import COMPILED, DRIVER

__all__ = ["Store", "StoreUnreachable", "StoreUnready", "open_store", "sqlite_engine"]

_POSTGRES: dict[str, Any] = {
    "pool_size": 5,
    "max_overflow": 10,
    "pool_timeout": 10,
    "pool_pre_ping": True,
    "pool_recycle": 1800,
}
"""Seconds. pool_pre_ping lets the bot go on by itself once a database that was away is back."""

STOPPED = "2min"
"""How long PostgreSQL waits for a process within a transaction: one that is stopped (as a machine that moves) is not to hold a deal."""

_OTHERS = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name ~ '^jumpin( |$)' AND application_name <> current_setting('application_name'))"
)
"""Each process has a name of its own among the database's connections, "jumpin" and a number; versions before had "jumpin" alone."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON")
"""secure_delete: what is deleted or overwritten leaves no trace in the file."""


_BUSY = (
    "It is forgotten, but the database file is too busy to be rewritten, so traces may be left in it: stop the bot for a moment and run "
    "the same again."
)


class Store:
    """An open store. Sessions come from reading() and writing(); the functions beside this module take them."""

    def __init__(self, address: URL, reader: AsyncEngine, writer: AsyncEngine, seal: sealing.Seal = sealing.UNSEALED) -> None:
        self.seal = seal
        self.url = address.render_as_string(hide_password=False)
        self._address = address
        self._reader = reader
        self._writer = writer

    def __repr__(self) -> str:
        return f"<Store: {self.place}>"

    @property
    def place(self) -> str:
        """Where the data is, in words fit for a log: host and database or file, never the password."""
        return place(self._address)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A session for looking; what is changed in it is not kept."""
        async with AsyncSession(self._reader, expire_on_commit=False) as s:
            await self._connect(s)
            yield s

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """One transaction: committed at the end, undone when an exception passes. Do not nest: SQLite has one writer."""
        async with AsyncSession(self._writer, expire_on_commit=False) as s, s.begin():
            await self._connect(s)
            yield s

    async def ping(self) -> None:
        """Raises StoreUnreachable, one plain sentence, when the database does not answer."""
        async with self.reading() as s:
            await (await s.connection()).execute(text("SELECT 1"))

    @property
    def tells_time(self) -> bool:
        """Whether the database has a clock of its own; SQLite has none but the machine's."""
        return not is_sqlite(self._address)

    async def time(self, s: AsyncSession) -> datetime:
        """What the database's clock shows now (UTC), where it tells the time."""
        shown: datetime = (await (await s.connection()).execute(text("SELECT clock_timestamp()"))).scalar_one()
        return shown.astimezone(UTC)

    async def others(self) -> bool:
        """Whether other processes have this database open as their store, where it tells; of SQLite we are the only one."""
        if is_sqlite(self._address):
            return False
        async with self.reading() as s:
            return bool((await (await s.connection()).execute(_OTHERS)).scalar_one())

    async def flush_traces(self) -> None:
        """On SQLite, empty the write-ahead file: what was deleted or overwritten may still stand there. Readers at work only delay it."""
        if is_sqlite(self._address):
            await asyncio.to_thread(sqlite_pragma, self._address, "wal_checkpoint(TRUNCATE)")

    async def leave_no_trace(self) -> None:
        """Also what was deleted long ago goes: SQLite's file is rewritten, PostgreSQL vacuumed. Raises StoreUnreachable when busy."""
        if is_sqlite(self._address):
            try:
                await asyncio.to_thread(sqlite_pragma, self._address, "VACUUM")
            except sqlite3.OperationalError:
                raise StoreUnreachable(_BUSY) from None
            await self.flush_traces()
            return
        async with self._writer.connect() as connection:
            at_once = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await at_once.exec_driver_sql("VACUUM")

    async def close(self) -> None:
        """Close all connections. Sessions still open lose theirs."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()

    async def _connect(self, s: AsyncSession) -> None:
        try:
            await s.connection()
        except Exception as cause:
            if not no_connection(cause):
                raise
            raise unreachable(self._address, cause) from None


class _SqliteConnection(sqlite3.Connection):
    """Lets go of its locks when closed. A task cancelled within a statement leaves a cursor behind that would hold them."""

    def close(self) -> None:
        try:
            self.rollback()
        except sqlite3.Error:
            pass  # closed before, or in a state that closing ends anyway
        super().close()


def open_store(url: str, keys: Sequence[str] = ()) -> Store:
    """The store at `url`, words sealed with the first of `keys`; nothing is connected yet.

    Raises StoreUnreachable for an address we cannot use.
    """
    address = normalised(url)
    make_room(address)
    if is_sqlite(address):
        reader, writer = sqlite_engine(address, "BEGIN", connections=4), sqlite_engine(address, "BEGIN IMMEDIATE", connections=1)
    else:
        server = {"application_name": f"jumpin {token_hex(4)}", "idle_in_transaction_session_timeout": STOPPED}
        own = {"timeout": 5, "command_timeout": 30, "server_settings": server}
        reader = writer = create_async_engine(address, hide_parameters=True, connect_args=own, **_POSTGRES)
    seal = sealing.Seal(keys) if keys else sealing.UNSEALED
    for engine in (reader, writer):
        sealing.give(engine.sync_engine.dialect, seal)
    return Store(address, reader, writer, seal)


def sqlite_engine(address: URL, begin: str, *, connections: int, foreign_keys: bool = True, patience: float = 5) -> AsyncEngine:
    """An engine on an SQLite file whose transactions start with `begin`, and wait `patience` seconds at most for another's to end.

    BEGIN IMMEDIATE takes the write lock at once; a transaction that reads first and writes later would fail where it could have waited.
    """
    engine = create_async_engine(
        address.set(drivername=DRIVER),
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"factory": _SqliteConnection},
        execution_options={"compiled_cache": COMPILED},
    )

    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={patience * 1000:.0f}", *_PRAGMAS, f"foreign_keys={'ON' if foreign_keys else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
    return engine


def sqlite_pragma(address: URL, statement: str) -> None:
    """Run a PRAGMA, or VACUUM, outside of any transaction, on a connection of its own."""
    with closing(sqlite3.connect(str(address.database), timeout=5, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(statement if statement == "VACUUM" else f"PRAGMA {statement}")
