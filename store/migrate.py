"""Brings the database to this version's tables; Alembic, run in this process. store.schema tells without it where the database stands."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from store.address import StoreUnready, is_sqlite, make_room, normalised, place
from store.schema import MIGRATIONS, run_once, stands, state

_LOCK = 7_201_806_114
"""Any number that nothing else in the database locks: replicas that start together upgrade one after the other."""


def upgrade(url: str) -> None:
    """Bring the database to the newest tables, creating an SQLite file first. Safe to call at any time, by several processes at once.

    Raises StoreUnreachable, or StoreUnready when the database is from a newer version.
    """
    make_room(normalised(url))
    run_once(url, _upgrade)


def downgrade(url: str, revision: str = "base") -> None:
    """Go back to an older revision; "base" takes every table away, with all that is in it."""
    run_once(url, lambda connection: command.downgrade(config(connection), revision))


def make_ready(url: str) -> None:
    """SQLite is upgraded; PostgreSQL must have been, by `jumpin db upgrade`. Raises StoreUnready, one plain sentence, else."""
    address = normalised(url)
    if is_sqlite(address):
        upgrade(url)
        return
    where = state(url)
    if where in ("empty", "behind"):
        raise StoreUnready(f"The tables in {place(address)} are not there or not the newest: run `jumpin db upgrade`, then try again.")
    if where == "ahead":
        raise _too_new(address)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if stands(connection) == "ahead":
        raise _too_new(connection.engine.url)
    command.upgrade(config(connection), "head")


def _too_new(address: URL) -> StoreUnready:
    return StoreUnready(
        f"{place(address).capitalize()} is from a newer version of jumpin than this one: install that version, or a later one."
    )


def config(connection: Connection) -> Config:
    """What Alembic needs to work on a connection."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made
