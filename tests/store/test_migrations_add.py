"""Migrations only add: a replica of the version before goes on working while the database is upgraded, and after it (CONTRIBUTING.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from store import migrate
from store.schema import VERSION_TABLE

_EARLY = ("finding_echoes.quote", "finding_echoes.speaker", "findings.ambiguous", "outbox.about")
BEFORE_ANY_VERSION = {"0003": {f"{column}: an older version leaves it out, and there is no default" for column in _EARLY}}
"""What was done before there was a version that somebody could upgrade from. Nothing may be added here."""

_KIND = "kind TEXT CONSTRAINT kind CHECK (kind IN ('a', 'b'))"
_BEGIN = f"CREATE TABLE deals (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT, {_KIND})"


@dataclass(frozen=True)
class Table:
    """What an older version meets: columns with their types, those that a row must give, keys that are unique, texts that checks allow."""

    columns: dict[str, str]
    must: frozenset[str]
    unique: frozenset[tuple[str, ...]]
    texts: dict[str, frozenset[str]]


def tables(connection: Connection) -> dict[str, Table]:
    """All tables as they stand."""
    there, found = inspect(connection), dict[str, Table]()
    keys, checks = there.get_multi_pk_constraint(), there.get_multi_check_constraints()
    indexes, uniques = there.get_multi_indexes(), there.get_multi_unique_constraints()
    for at, columns in there.get_multi_columns().items():
        key = keys[at]["constrained_columns"]
        unique = {tuple(one["column_names"]) for one in uniques.get(at, ())}
        unique |= {tuple(map(str, one["column_names"])) for one in indexes.get(at, ()) if one["unique"]}
        found[at[1]] = Table(
            {one["name"]: str(one["type"]) for one in columns},
            frozenset(one["name"] for one in columns if not one["nullable"] and one["default"] is None and key != [one["name"]]),
            frozenset(unique | {tuple(key)}),
            {str(one["name"]): frozenset(re.findall(r"'([^']+)'", one["sqltext"])) for one in checks.get(at, ())},
        )
    return {name: table for name, table in found.items() if name != VERSION_TABLE}


def broken(before: dict[str, Table], after: dict[str, Table]) -> Iterator[str]:
    """What somebody who knows the tables from before would stumble over."""
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield f"{name}: the table is gone"
            continue
        for column, kind in old.columns.items():
            if column not in new.columns:
                yield f"{name}.{column}: the column is gone"
            elif new.columns[column] != kind:
                yield f"{name}.{column}: {kind} has become {new.columns[column]}"
        for column in sorted(new.must - old.must):
            yield f"{name}.{column}: an older version leaves it out, and there is no default"
        for key in sorted(old.unique ^ new.unique):
            yield f"{name}: the unique key ({', '.join(key)}) has {'gone' if key in old.unique else 'come'}"
        for check, texts in new.texts.items():
            if not texts >= old.texts.get(check, frozenset()) or check not in old.texts:
                yield f"{name}: the check {check} allows less than before"


def test_each_migration_leaves_what_the_version_before_uses(empty_url: str) -> None:
    steps = list(migrate.run_once(empty_url, lambda c: ScriptDirectory.from_config(migrate.config(c)).walk_revisions()))[::-1]
    there: dict[str, Table] = {}
    found: dict[str, set[str]] = {}
    for step in steps:

        def go(connection: Connection, to: str = step.revision) -> dict[str, Table]:
            command.upgrade(migrate.config(connection), to)
            return tables(connection)

        before, there = there, migrate.run_once(empty_url, go)
        if wrong := set(broken(before, there)):
            found[step.revision] = wrong
    assert len(there) > 20
    assert found == BEFORE_ANY_VERSION, "a migration may only add: see CONTRIBUTING.md"


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (["DROP TABLE deals"], ["deals: the table is gone"]),
        (["ALTER TABLE deals RENAME TO all_deals"], ["deals: the table is gone"]),
        (["ALTER TABLE deals DROP COLUMN note"], ["deals.note: the column is gone"]),
        (["ALTER TABLE deals RENAME COLUMN note TO notes"], ["deals.note: the column is gone"]),
        (["ALTER TABLE deals ADD COLUMN more TEXT NOT NULL DEFAULT ''"], []),
        (["ALTER TABLE deals ADD COLUMN more TEXT", "CREATE TABLE other (id INTEGER PRIMARY KEY, a TEXT NOT NULL)"], []),
        (["CREATE INDEX found ON deals (note)"], []),
        (["CREATE UNIQUE INDEX found ON deals (note)"], ["deals: the unique key (note) has come"]),
        (
            ["DROP TABLE deals", _BEGIN.replace("note TEXT", "note TEXT NOT NULL")],
            ["deals.note: an older version leaves it out, and there is no default"],
        ),
        (["DROP TABLE deals", _BEGIN.replace("note TEXT", "note INTEGER")], ["deals.note: TEXT has become INTEGER"]),
        (["DROP TABLE deals", _BEGIN.replace(" UNIQUE", "")], ["deals: the unique key (name) has gone"]),
        (["DROP TABLE deals", _BEGIN.replace("'a', ", "")], ["deals: the check kind allows less than before"]),
        (["DROP TABLE deals", _BEGIN.replace("'b'", "'b', 'c'")], []),
    ],
)
def test_what_would_break_an_older_version_is_told(done: list[str], told: list[str]) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text(_BEGIN))
        before = tables(connection)
        for statement in done:
            connection.execute(text(statement))
        assert list(broken(before, tables(connection))) == told
    engine.dispose()
