"""Alembic's way in: takes the connection that store.migrate hands over, or opens the one named by `-x url=...` to write a new step."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from store.address import normalised
from store.migrations.options import OPTIONS


def walk(connection: Connection) -> None:
    """Run the steps on an open connection."""
    context.configure(connection=connection, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


async def walk_alone() -> None:
    """Run the steps on a database of our own choice."""
    engine = create_async_engine(normalised(context.get_x_argument(as_dictionary=True)["url"]))
    async with engine.begin() as connection:
        await connection.run_sync(walk)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(walk_alone())
else:
    walk(given)
