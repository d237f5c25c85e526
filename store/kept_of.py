"""Everything that is kept about a person, as plain values: by table, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, Text, false, or_, select, type_coerce
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from store.places import GONE_WITH_THEIR_WORDS, PLAIN, SPOKE, WROTE, holds, in_set, is_person, known_as, tables, terms, words

OTHERS = "[words of others]"
"""Stands where somebody else said the words, or where it is not known who did."""


async def kept_of(s: AsyncSession, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold about a person: rows that name them, with their own words; of a deal's terms only their own line in it."""
    connection = await s.connection()
    return await connection.run_sync(_all, user_id)


def _all(connection: Connection, user_id: str) -> dict[str, list[dict[str, Any]]]:
    ids = [user_id, *sorted(_names(connection, user_id))]
    found = {table.name: _rows(connection, table, ids) for table in tables()}
    return {name: rows for name, rows in found.items() if rows}


def _rows(connection: Connection, table: Table, ids: Sequence[str]) -> list[dict[str, Any]]:
    if table.name in GONE_WITH_THEIR_WORDS and not any(map(is_person, table.columns)):
        rows = [row for row in connection.execute(select(table)).mappings() if any(holds(row[one.name], ids) for one in words(table))]
        return [{name: _plain(value, ids[0]) for name, value in row.items()} for row in rows]
    mine = or_(false(), *(_mentions(column, ids) for column in table.columns if _may_mention(column)))
    return [_shown(table, row, ids) for row in connection.execute(select(table).where(mine)).mappings()]


def _shown(table: Table, row: RowMapping, ids: Sequence[str]) -> dict[str, Any]:
    """A row without the words of others in it."""
    theirs = any(row[one.name] in ids for one in table.columns if in_set(one, SPOKE) or f"{table.name}.{one.name}" in WROTE)
    others = frozenset() if theirs else {one.name for one in words(table) if row[one.name]}
    return {name: OTHERS if name in others else _plain(value, ids[0]) for name, value in row.items()}


def _may_mention(column: Column[Any]) -> bool:
    return is_person(column) or in_set(column, PLAIN) or column in terms(column.table)


def _mentions(column: Column[Any], ids: Sequence[str]) -> Any:
    if is_person(column):
        return column.in_(ids)
    # ids stand in JSON text between quotation marks
    return type_coerce(column, Text).contains(f'"{ids[0]}"', autoescape=True)


def _names(connection: Connection, user_id: str) -> set[str]:
    """What terms call a person."""
    found: set[str] = set()
    for table in tables():
        for column in terms(table):
            for (deal,) in connection.execute(select(column).where(_mentions(column, [user_id]))):
                found |= known_as(deal.people, user_id)
    return found


def _plain(value: Any, user_id: str) -> Any:
    """A value fit for JSON; of a deal the customer and the person's own line."""
    if isinstance(value, Deal):
        return {"customer": value.customer, "people": [one.model_dump(mode="json") for one in value.people if one.id == user_id]}
    return value.isoformat() if isinstance(value, datetime | date) else value
