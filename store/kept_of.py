"""Everything that is kept about a person, as plain values: by table, row by row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, false, or_, select, type_coerce
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from store.places import PLAIN, in_set, is_person, tables, terms


async def kept_of(s: AsyncSession, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold about a person: rows that name them; of a deal's terms only their own line in it."""
    connection = await s.connection()
    return await connection.run_sync(_all, user_id)


def _all(connection: Connection, user_id: str) -> dict[str, list[dict[str, Any]]]:
    names = _names(connection, user_id)
    found = {table.name: _rows(connection, table, user_id, names) for table in tables()}
    return {name: rows for name, rows in found.items() if rows}


def _rows(connection: Connection, table: Table, user_id: str, names: set[str]) -> list[dict[str, Any]]:
    mine = or_(false(), *(_mentions(column, user_id, names) for column in table.columns if _may_mention(column)))
    rows = connection.execute(select(table).where(mine)).mappings().all()
    return [{name: _plain(value, user_id) for name, value in row.items()} for row in rows]


def _may_mention(column: Column[Any]) -> bool:
    return is_person(column) or in_set(column, PLAIN) or column in terms(column.table)


def _mentions(column: Column[Any], user_id: str, names: set[str]) -> Any:
    if is_person(column):
        return column.in_([user_id, *names])
    # ids stand in JSON text between quotation marks
    return type_coerce(column, Text).contains(f'"{user_id}"', autoescape=True)


def _names(connection: Connection, user_id: str) -> set[str]:
    """The names that terms give a person."""
    found: set[str] = set()
    for table in tables():
        for column in terms(table):
            for (deal,) in connection.execute(select(column).where(_mentions(column, user_id, set()))):
                found |= {one.name for one in deal.people if one.id == user_id}
    return found


def _plain(value: Any, user_id: str) -> Any:
    """A value fit for JSON; of a deal the customer and the person's own line."""
    if isinstance(value, Deal):
        return {"customer": value.customer, "people": [one.model_dump(mode="json") for one in value.people if one.id == user_id]}
    return value.isoformat() if isinstance(value, datetime | date) else value
