"""How commands come by the store: at the newest schema and reachable, or one plain sentence of trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.commands.db import STANDS
from bot.commands.trouble import Trouble
from store.engine import Store, StoreUnreachable, open_store
from store.migrate import state, upgrade


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """The store at `url`; SQLite is brought to the newest schema, PostgreSQL must have been."""
    store: Store | None = None
    try:
        if url.startswith("sqlite"):
            await asyncio.to_thread(upgrade, url)
        stands = await asyncio.to_thread(state, url)
        if stands != "current":
            raise Trouble(STANDS[stands])
        store = open_store(url)
        yield store
    except StoreUnreachable as away:
        raise Trouble(str(away)) from None
    finally:
        if store is not None:
            await store.close()
