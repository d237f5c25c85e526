"""SQLite's driver with one trip to the connection's thread for a statement, its rows and its end, where the library takes four.

Each trip wakes two threads, and a message that is a finding takes some dozens of statements. Its dialect makes a statement into SQL once,
for all engines alike: that takes longer than to run it, and a store has an engine that reads and one that writes.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import aiosqlite
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util import LRUCache

from store.sealing import seal_of


class _Done(NamedTuple):
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ("_done",)
    arraysize = 1  # there is nothing to fetch any more

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._done = _Done()

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> Any:
        return self._done.lastrowid

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def close(self) -> None:
        self._rows.clear()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._run("execute", operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._run("executemany", operation, seq_of_parameters)

    async def _run(self, how: str, operation: str, parameters: Any) -> None:
        connection: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            self._done = await connection._execute(_whole, connection._conn, how, operation, parameters)
        self._rows = deque(self._done.rows)


def _whole(connection: sqlite3.Connection, how: str, operation: str, parameters: Any) -> _Done:
    cursor = connection.cursor()
    try:
        getattr(cursor, how)(operation, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        there = super().connect(*given, **options)
        return _Connection(self, there._connection)


_MODULE = _Module(aiosqlite, sqlite3)


class Dialect(SQLiteDialect_aiosqlite):
    """SQLite by the driver above. Dialects that seal alike are equal: what one has compiled, another takes from COMPILED."""

    driver = "jumpin"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        return _MODULE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialect) and seal_of(self) is seal_of(other)

    def __hash__(self) -> int:
        return hash((Dialect, seal_of(self)))


DRIVER = "sqlite+jumpin"
"""Its name in the address of an engine."""

COMPILED: LRUCache[Any, Any] = LRUCache(1_000)
"""Statements made into SQL, for the option `compiled_cache` of an engine."""

registry.register("sqlite.jumpin", __name__, Dialect.__name__)
