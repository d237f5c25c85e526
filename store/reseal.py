"""Brings words that are kept already to the present key: encrypted, with a new key, or plain again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, Text, literal, select, tuple_, type_coerce, update

from store import installation
from store.columns import Said, SaidPlain
from store.engine import Store
from store.places import tables
from store.sealing import Seal

AT_ONCE = 500
"""Rows in one transaction: others may write in between."""


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that are sealed where there is a key."""
    return [column for column in table.columns if isinstance(column.type, Said | SaidPlain)]


async def reseal(store: Store, to: Seal, now: datetime) -> int:
    """Seal all words as `to` does; how many pieces changed. Safe at any time, and to be run again when it was cut short."""
    async with store.writing() as s:
        if to.closes:
            await installation.check_key(s, store.seal, now)
        else:
            await installation.key_fits(s, store.seal)
    changed = 0
    for table in tables():
        columns = sealed_columns(table)
        if columns:
            changed += await _table(store, table, columns, to)
    async with store.writing() as s:
        await installation.changed_key(s, to, now)
    await store.flush_traces()
    return changed


async def _table(store: Store, table: Table, columns: Sequence[Column[Any]], to: Seal) -> int:
    keys = list(table.primary_key.columns)
    raw = [type_coerce(column, Text).label(column.name) for column in columns]
    changed, last = 0, None
    while True:
        query = select(*keys, *raw).order_by(*keys).limit(AT_ONCE)
        if last is not None:
            query = query.where(tuple_(*keys) > tuple_(*(literal(value, key.type) for value, key in zip(last, keys, strict=True))))
        async with store.reading() as s:
            rows = (await (await s.connection()).execute(query)).all()
        if not rows:
            return changed
        last = rows[-1][: len(keys)]
        async with store.writing() as s:
            connection = await s.connection()
            for row in rows:
                here = [key == value for key, value in zip(keys, row[: len(keys)], strict=True)]
                for column, kept, made in _changes(columns, row[len(keys) :], store.seal, to):
                    # unless somebody has written other words meanwhile, with the present key
                    same = type_coerce(column, Text) == literal(kept, Text)
                    done = await connection.execute(update(table).where(*here, same).values({column.name: literal(made, Text)}))
                    changed += done.rowcount


def _changes(columns: Sequence[Column[Any]], kept: Sequence[Any], has: Seal, to: Seal) -> Iterator[tuple[Column[Any], str, str]]:
    for column, words in zip(columns, kept, strict=True):
        if words is not None and not to.is_current(words):
            yield column, words, to.close(has.open(words))
