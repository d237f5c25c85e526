"""Volumes from a database that is not ours: one query, read only and within a time, in a process of its own that is ended if it hangs.

The query gives account, ship_date and packages (or names that a volume file may have). What cannot be done is said in one sentence.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from store.sources.plain import NotReadable
from store.sources.volume_file import VolumeFile, understood
from store.sources.volume_heads import find_heads
from store.sources.volume_rows import Row, Table, as_text

GRACE = 15.0
"""Seconds beyond the query's own time for starting, connecting and reading its rows."""

MOST_ROWS = 5_000_000

REFUSED = 3
"""The exit status of a process that has written why a query cannot be used."""

_FILE = TypeAdapter(VolumeFile)
"""How what was found comes back: as plain data."""

_SECRETS = ("SLACK_", "JUMPIN_", "DATABASE_URL", "VOLUMES_URL")
_ASIDE = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_READS = re.compile(r"\s*(?:select|with|values|table)\b", re.IGNORECASE)
_NAMES = "account, ship_date and packages"
_WRITES = "VOLUMES_SQL may only read: it must be one SELECT, and nothing that writes"

_WRITING = ("not authorized", "prohibited", "readonly", "data-modifying", "INTO is not allowed")
"""What databases say of a query that would write."""

_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION)
)


class Refused(Exception):
    """A query or a database that cannot be used; one sentence, never with the address."""


def query_apart(url: str, sql: str, today: date, seconds: float, sample: int | None = None) -> VolumeFile:
    """What a query says was shipped; days after `today` are left out. Call it in a thread. Raises Refused.

    `sample`: only so many of its rows are read.
    """
    order = [sys.executable, "-X", "utf8", "-m", __name__]
    ways = os.pathsep.join([str(Path(__file__).parents[2]), *(place for place in sys.path if place)])
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)} | {"PYTHONPATH": ways}
    asked = json.dumps({"url": url, "sql": sql, "today": today.isoformat(), "seconds": seconds, "sample": sample}).encode()
    try:
        ran = subprocess.run(order, input=asked, capture_output=True, timeout=seconds + GRACE, env=surroundings, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _too_long(seconds) from None
    if ran.returncode == REFUSED:
        raise Refused(ran.stdout.decode("utf-8", "replace"))
    if ran.returncode != 0:
        raise Refused("The query of the volumes ended badly: it may give more rows than memory holds; ask for fewer days")
    return _FILE.validate_json(ran.stdout)


def query(url: str, sql: str, today: date, seconds: float, sample: int | None = None) -> VolumeFile:
    """The same in this process."""
    asked = _checked(sql)
    try:
        address = make_url(url)
    except ArgumentError:
        raise Refused("VOLUMES_URL is no database address; write it like postgresql://user:password@host/database") from None
    try:
        engine = _engine(address, seconds)
        try:
            with engine.connect() as connection:
                _read_only(connection)
                return _read(connection, asked, today, sample)  # what was begun is undone as the connection closes
        finally:
            engine.dispose()
    except (NoSuchModuleError, ModuleNotFoundError) as missing:
        name = str(missing.name) if isinstance(missing, ModuleNotFoundError) else address.drivername
        raise Refused(f"VOLUMES_URL needs a database driver that is not installed: {name}") from None
    except SQLAlchemyError as wrong:
        raise _in_words(wrong, seconds) from None
    except NotReadable as reason:
        raise Refused(f"The query of the volumes {reason}") from None


def _checked(sql: str) -> str:
    """One statement that reads, without its last semicolon."""
    asked = sql.strip().rstrip(";").strip()
    bare = _QUOTED.sub("''", _ASIDE.sub(" ", asked))
    if not bare.strip():
        raise Refused(f"VOLUMES_SQL is empty; it must be a SELECT that gives {_NAMES}")
    if ";" in bare or not _READS.match(bare):
        raise Refused(_WRITES)
    return asked


def _engine(address: URL, seconds: float) -> Engine:
    kind = address.get_backend_name()
    if kind == "sqlite":
        return create_engine("sqlite://", creator=lambda: _sqlite(address, seconds), hide_parameters=True)
    if kind in ("postgresql", "postgres"):
        ours = address.set(drivername="postgresql+psycopg")
        limits = f"-c default_transaction_read_only=on -c statement_timeout={int(seconds * 1000)}"
        options = {"connect_timeout": 10, "options": limits, "application_name": "jumpin-volumes"}
        return create_engine(ours, connect_args=options, execution_options={"postgresql_readonly": True}, hide_parameters=True)
    return create_engine(address, hide_parameters=True)


def _sqlite(address: URL, seconds: float) -> sqlite3.Connection:
    """Opened for reading alone, and asked while it works whether it has taken too long."""
    place = Path(address.database or "")
    if not place.is_file():
        raise sqlite3.OperationalError("unable to open database file")
    connection = sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
    ends = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > ends, 10_000)
    return connection


def _read_only(connection: Connection) -> None:
    """An SQLite connection from here on lets nothing happen but reading."""
    ours: Any = connection.connection.driver_connection
    if isinstance(ours, sqlite3.Connection):
        ours.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)


def _read(connection: Connection, sql: str, today: date, sample: int | None) -> VolumeFile:
    result = connection.execution_options(stream_results=True, yield_per=2000).execute(text(sql.replace(":", r"\:")))
    with closing(result):
        names = [str(name) for name in result.keys()]  # noqa: SIM118 - no dict
        heads = find_heads([names])
        if heads is None or "account" not in heads.at:
            raise Refused(f"The query of the volumes must give {_NAMES}; it gives {', '.join(names)[:200]}")
        return understood(Table(_rows(names, islice(result, sample))), today)


def _rows(names: Row, result: Iterable[Sequence[object]]) -> Iterator[Row]:
    """The names of the columns, then the rows as text."""
    yield names
    for number, row in enumerate(result):
        if number >= MOST_ROWS:
            raise Refused(f"The query of the volumes gives more than {MOST_ROWS:,} rows; ask for a total per day, or for fewer days")
        yield [as_text(cell) for cell in row]


def _in_words(wrong: SQLAlchemyError, seconds: float) -> Refused:
    cause: Any = wrong.orig if isinstance(wrong, DBAPIError) else wrong
    code, said = str(getattr(cause, "sqlstate", "") or ""), str(cause).strip().partition("\n")[0][:200]
    if code == "57014" or "interrupted" in said:
        return _too_long(seconds)
    if code == "25006" or any(sign in said for sign in _WRITING):
        return Refused(_WRITES)
    if code[:2] in ("08", "28", "57") or "unable to open" in said or (not code and "connection" in said):
        return Refused("The database of VOLUMES_URL cannot be opened: check its address, user and password, and that it runs")
    return Refused(f"The query of the volumes cannot be run: {said}")


def _too_long(seconds: float) -> Refused:
    return Refused(
        f"The query of the volumes took longer than {seconds:g} seconds and was stopped; ask for fewer days, or set VOLUMES_SECONDS"
    )


def main() -> None:
    """Ask what stands on standard input, and write what came of it."""
    asked = json.load(sys.stdin)
    try:
        told = _FILE.dump_json(query(asked["url"], asked["sql"], date.fromisoformat(asked["today"]), asked["seconds"], asked["sample"]))
    except Refused as reason:
        sys.stdout.buffer.write(str(reason).encode("utf-8", "replace"))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
