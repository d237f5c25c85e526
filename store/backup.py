"""Backups that fit either database: a compressed file of lines of JSON, taken while the bot runs, restored into an empty database.

The first line says which schema the rows are of, the last how many there are, those between are one row each. Words stay as they lie in
the database: sealed ones sealed.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Column, Connection, Date, DateTime, MetaData, Table, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from store.address import normalised, unreachable
from store.migrate import config
from store.schema import VERSION_TABLE, revision, run_once, state, steps

_MARK, _END = "jumpin-backup", "end"
_AT_ONCE = 500
_DAMAGED = "is damaged, or no backup that this version can read; nothing was restored."


class NoBackup(ValueError):
    """It cannot be done; the text is one plain sentence with the next step."""


def backup(url: str, file: Path) -> int:
    """Write all rows as they stand at one moment; how many. The file is there whole or not at all, and only its owner may read it."""
    beside = file.with_name(f"{file.name}.part")
    beside.unlink(missing_ok=True)  # of a backup that was cut short, or somebody else's, who could read what is written into it
    with (
        os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        gzip.open(raw, "wt", encoding="utf-8") as out,
    ):

        def write(connection: Connection) -> int:
            rows = sum(bool(out.write(_line(line))) for line in _lines(connection)) - 1
            out.write(_line([_END, rows]))
            return rows

        count = run_once(url, write, begin="BEGIN")
    beside.replace(file)
    return count


def restore(url: str, file: Path) -> int:
    """Bring a backup into an empty database, and that to the newest schema; how many rows. Raises NoBackup and changes nothing else."""
    if state(url) != "empty":
        raise NoBackup("The database is not empty: name a new one in DATABASE_URL, or move the old file away, then try again.")

    def read(connection: Connection) -> int:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            head = json.loads(next(lines, "null"))
            if not isinstance(head, dict) or head.get("what") != _MARK:
                raise NoBackup(f"{file}: is not a backup that jumpin has made.")
            if head["schema"] not in steps():
                raise NoBackup(f"{file}: was made by a newer version of jumpin: restore it with that version, or a later one.")
            command.upgrade(config(connection), head["schema"])
            rows = _take(connection, _counted(lines) if head.get("ends") else map(json.loads, lines))
            _count_on(connection, head["last"])
            command.upgrade(config(connection), "head")
        return rows

    try:
        return run_once(url, read)
    except DBAPIError as refused:
        if isinstance(refused, OperationalError) or refused.connection_invalidated:
            raise unreachable(normalised(url), refused) from None
        raise NoBackup(f"{file}: {_DAMAGED}") from None
    except (OSError, EOFError, zlib.error, ValueError, TypeError, LookupError, StatementError) as wrong:
        if isinstance(wrong, NoBackup):
            raise
        raise NoBackup(f"{file}: {_DAMAGED}") from None


def _lines(connection: Connection) -> Iterator[dict[str, Any] | list[Any]]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    tables = _tables(connection)
    yield {
        "what": _MARK,
        "schema": revision(connection),
        "ends": True,
        "last": {table.name: _last(connection, table) for table in tables if _numbered(table)},
    }
    for table in tables:
        for row in connection.execute(select(table)):
            yield [table.name, {column.name: _out(value) for column, value in zip(table.columns, row, strict=True)}]


def _line(line: object) -> str:
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n"


def _counted(lines: Iterator[str]) -> Iterator[Any]:
    """The rows. Raises ValueError when the last line is missing, or says that they are more or fewer."""
    for count, line in enumerate(map(json.loads, lines)):
        if line == [_END, count]:
            return
        yield line
    raise ValueError("not whole")


def _take(connection: Connection, lines: Iterator[Any]) -> int:
    tables = {table.name: table for table in _tables(connection)}
    count = 0
    for name, rows in groupby(lines, key=lambda line: line[0]):
        while some := list(islice(rows, _AT_ONCE)):
            table = tables[name]
            connection.execute(table.insert(), [{key: _in(table.columns[key], value) for key, value in row.items()} for _, row in some])
            count += len(some)
    return count


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are there, each after those that it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE and not table.name.startswith("sqlite_")]


def _numbered(table: Table) -> bool:
    return [column.name for column in table.primary_key.columns] == ["id"]


def _last(connection: Connection, table: Table) -> int:
    """The highest number that was ever given, as far as the database knows."""
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar()
        return int(connection.execute(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")).scalar() or 0)  # noqa: S608
    counted = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar()
    return int(counted or 0)


def _count_on(connection: Connection, last: dict[str, int]) -> None:
    """Go on counting where the other database was."""
    for table in _tables(connection):
        if not _numbered(table):
            continue
        highest = max(
            int(last.get(table.name, 0)), int(connection.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1)).scalar() or 0)
        )
        if connection.dialect.name == "postgresql":
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, :called)")
            connection.execute(sequence, {"name": table.name, "last": max(1, highest), "called": highest > 0})
        else:
            counted = {"name": table.name, "last": highest}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), counted)
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), counted)


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _in(column: Column[Any], value: Any) -> Any:
    if value is None or not isinstance(column.type, DateTime | Date):
        return value
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    at = datetime.fromisoformat(value)
    return at if column.type.timezone else at.replace(tzinfo=None)
