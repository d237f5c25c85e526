"""Database addresses: the forms people write, the one form the engines want, and what may be said about them aloud."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def no_connection(cause: Exception) -> bool:
    """Whether this is what comes up when no connection can be had: TypeError for an unknown `?word=`, and much of asyncpg's own."""
    if isinstance(cause, OSError | DBAPIError | PoolTimeout | TypeError):
        return True
    from asyncpg.exceptions import InterfaceError, PostgresError  # type: ignore[import-untyped] # noqa: PLC0415 - not for SQLite

    return isinstance(cause, PostgresError | InterfaceError)


class StoreUnreachable(Exception):
    """The database cannot be used. The text is one plain sentence with the next step, without the password."""


class StoreUnready(StoreUnreachable):
    """The database answers, but its tables are not those of this version."""


def normalised(url: str) -> URL:
    """The address with the driver we use. Raises StoreUnreachable when it is no address that we know."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUnreachable(_FORMS) from None
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise StoreUnreachable(_FORMS)
    address = address.set(drivername=driver)
    if driver == "sqlite+aiosqlite":
        if address.database in (None, "", ":memory:"):
            raise StoreUnreachable(
                "DATABASE_URL must name a file for SQLite, as in sqlite:///jumpin.sqlite3: what is only in memory is lost."
            )
        return address.set(database=str(Path(str(address.database)).expanduser()))
    return _without_libpq_words(address)


def _without_libpq_words(address: URL) -> URL:
    """Hosters hand out addresses for libpq; asyncpg has another word for sslmode and none for channel_binding."""
    query = dict(address.query)
    query.pop("channel_binding", None)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return address.set(query=query)


_FORMS = "DATABASE_URL must look like sqlite:///file.sqlite3 or postgresql://user:password@host/database."


def is_sqlite(address: URL) -> bool:
    """Whether the database is a file of ours."""
    return address.get_backend_name() == "sqlite"


def place(address: URL) -> str:
    """The database in words, without user and password."""
    if is_sqlite(address):
        return f"the SQLite file {address.database}"
    port = f":{address.port}" if address.port else ""
    return f"the PostgreSQL database {address.database or address.username or 'postgres'} on {address.host or 'localhost'}{port}"


def make_room(address: URL) -> None:
    """For SQLite, create the folder and the file, readable by this user only: it holds customers' terms."""
    if not is_sqlite(address):
        return
    path = Path(str(address.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as refused:
        raise unreachable(address, refused) from None


def unreachable(address: URL, cause: BaseException) -> StoreUnreachable:
    """The cause as one sentence for the operator."""
    where = place(address)
    if isinstance(cause, DBAPIError):
        cause = cause.orig or cause
    code = str(getattr(cause, "sqlstate", None))
    if code.startswith(_NOT_LET_IN):
        return StoreUnreachable(f"Cannot log in to {where}: check user and password in DATABASE_URL.")
    if code == _NO_SUCH_DATABASE:
        return StoreUnreachable(f"Cannot find {where}: create it (createdb {address.database}) or correct DATABASE_URL.")
    if code == _MAY_NOT:
        return StoreUnreachable(
            f"The user in DATABASE_URL may not work on our tables in {where}: run `jumpin db upgrade` as that user, so that they are its "
            "own, or grant it SELECT, INSERT, UPDATE and DELETE on them, and USAGE on their sequences."
        )
    step = "check that the path is right and this user may write there" if is_sqlite(address) else "check DATABASE_URL and that it runs"
    return StoreUnreachable(f"Cannot reach {where} ({_reason(cause)}): {step}.")


_NOT_LET_IN, _NO_SUCH_DATABASE, _MAY_NOT = "28", "3D000", "42501"
"""PostgreSQL's error codes."""


def _reason(cause: BaseException) -> str:
    if isinstance(cause, TimeoutError | PoolTimeout):
        return "no answer in time"
    if isinstance(cause, OSError) and cause.errno and cause.errno > 0:
        return os.strerror(cause.errno).lower()
    words = str(cause).partition("\n")[0].rpartition(">: ")[2].strip().rstrip(".")
    return words or type(cause).__name__
