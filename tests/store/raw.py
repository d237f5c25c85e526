"""What really stands in a database, whatever the tables say: SQLite's files as bytes, PostgreSQL's rows as text."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url


def bytes_in(url: str) -> bytes:
    """Everything: the file with its write-ahead log, or a dump of all rows of all tables."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(str(address.database))
        return b"".join(part.read_bytes() for part in (file, Path(f"{file}-wal")) if part.exists())
    return asyncio.run(_rows(address.set(drivername="postgresql").render_as_string(hide_password=False)))


async def _rows(url: str) -> bytes:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [row for table in tables for row in await connection.fetch(f'SELECT t::text FROM "{table[0]}" t')]
    finally:
        await connection.close()
    return "\n".join(str(row[0]) for row in rows).encode()
