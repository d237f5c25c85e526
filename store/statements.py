"""Statements for rows that several processes want at once: insert unless there, insert or change, read and hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Row = TypeVar("Row", bound=SQLModel)


def insert(s: AsyncSession, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, for the session's database."""
    return _insert(s.get_bind().dialect.name, table)


@cache
def _unless_there(dialect: str, table: type[SQLModel], key: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(key))


def _insert(dialect: str, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    columns: Any = table
    if dialect == "sqlite":
        return sqlite.insert(columns)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - its driver is loaded where the database is PostgreSQL, and only there

    return postgresql.insert(columns)


async def add_unless_there(s: AsyncSession, table: type[SQLModel], values: Mapping[str, Any], key: Sequence[str]) -> bool:
    """Insert one row unless a row has the same `key` columns; whether it was inserted. Waits for a rival that is about to."""
    statement = _unless_there(s.get_bind().dialect.name, table, tuple(key))
    return (await (await s.connection()).execute(statement, dict(values))).rowcount == 1


@cache
def _unless_there_told(dialect: str, table: type[SQLModel], key: tuple[str, ...]) -> Any:
    return _unless_there(dialect, table, key).returning(*table.__table__.c)  # type: ignore[attr-defined]


async def added_unless_there(s: AsyncSession, table: type[Row], values: Mapping[str, Any], key: Sequence[str]) -> Row | None:
    """The same, with the row as it was inserted (the session does not know it); None where there was one."""
    statement = _unless_there_told(s.get_bind().dialect.name, table, tuple(key))
    made = (await (await s.connection()).execute(statement, dict(values))).mappings().first()
    return None if made is None else table(**made)


async def add_those_not_there(
    s: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], key: Sequence[str], tell: str
) -> set[Any]:
    """Insert many rows at once, each unless a row has the same `key` columns; the column `tell` of those inserted.

    Rivals that insert the same rows wait for each other, so give rows in the order of their keys.
    """
    if not rows:
        return set()
    statement = insert(s, table).on_conflict_do_nothing(index_elements=list(key))
    told = statement.returning(table.__table__.c[tell])  # type: ignore[attr-defined]
    return set((await (await s.connection()).execute(told, [dict(row) for row in rows])).scalars())


async def upsert(s: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> None:
    """Insert rows, all of the same columns; a row that is there by its `key` columns is changed."""
    there = insert(s, table)
    changed = {name: there.excluded[name] for name in rows[0] if name not in key}
    await (await s.connection()).execute(there.on_conflict_do_update(index_elements=list(key), set_=changed), [dict(row) for row in rows])


def held(query: SelectOfScalar[Row], *, pass_over: bool = False) -> SelectOfScalar[Row]:
    """The rows as they are now, held until the transaction ends; `pass_over` leaves out those that somebody else holds.

    On SQLite the transaction holds everything anyway.
    """
    return query.with_for_update(skip_locked=pass_over).execution_options(populate_existing=True)
