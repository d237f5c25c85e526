"""The two statements that SQLAlchemy has only per database: insert unless there, and insert or change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Insert = postgresql.Insert | sqlite.Insert


def insert(s: AsyncSession, table: type[SQLModel]) -> Insert:
    """An INSERT that knows ON CONFLICT, for the session's database."""
    columns: Any = table
    return sqlite.insert(columns) if s.get_bind().dialect.name == "sqlite" else postgresql.insert(columns)


async def add_unless_there(s: AsyncSession, table: type[SQLModel], values: Mapping[str, Any], key: Sequence[str]) -> bool:
    """Insert one row unless a row has the same `key` columns; whether it was inserted. Waits for a rival that is about to."""
    statement = insert(s, table).values(**values).on_conflict_do_nothing(index_elements=list(key))
    return (await s.exec(statement)).rowcount == 1
