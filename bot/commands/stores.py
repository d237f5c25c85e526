"""How commands come by the store: at the newest schema and reachable, or one plain sentence of trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.commands.opening import settings
from bot.commands.trouble import Trouble
from store import deals, installation
from store.engine import Store, StoreUnreachable, open_store
from store.records import KnownDeal
from store.schema import state
from store.sources.values import closest

STANDS = {
    "current": "The database has the newest schema.",
    "empty": "The database has no tables yet: run `jumpin db upgrade`.",
    "behind": "The database has an older schema: run `jumpin db upgrade`.",
    "ahead": "The database has a newer schema than this version of jumpin knows: install the version that made it, or a later one.",
}


@asynccontextmanager
async def opened(url: str, keys: Sequence[str] | None = None, newer: Callable[[], None] | None = None) -> AsyncIterator[Store]:
    """The store at `url`; SQLite is brought to the newest schema, PostgreSQL must have been.

    Words are sealed with `keys`, by default those of the settings; a key that does not fit is trouble, before anything is read.
    A schema from a newer version is trouble, unless the caller has something to do then (`newer`): migrations only add, so that a bot
    of the older version can go on with it.
    """
    store: Store | None = None
    try:
        stands = await asyncio.to_thread(state, url)
        if url.startswith("sqlite") and stands in ("empty", "behind"):
            await asyncio.to_thread(_upgrade, url)
        elif stands == "ahead" and newer is not None:
            newer()
        elif stands != "current":
            raise Trouble(STANDS[stands])
        store = open_store(url, settings().keys if keys is None else keys)
        async with store.writing() as s:
            await installation.check_key(s, store.seal, datetime.now(UTC))
        yield store
    except StoreUnreachable as away:
        raise Trouble(str(away)) from None
    finally:
        if store is not None:
            await store.close()


def _upgrade(url: str) -> None:
    from store.migrate import upgrade  # noqa: PLC0415 - Alembic takes long to load, and is needed once a version

    upgrade(url)


async def deal_called(s: AsyncSession, customer: str) -> KnownDeal:
    """The deal of a customer named on the command line; Trouble, with the name that may have been meant, where there is none."""
    known = await deals.deal_named(s, customer)
    if known is None:
        names = [one.deal.customer for one in await deals.all_deals(s)]
        meant = closest(customer, names) or next((name for name in names if customer and customer.casefold() in name.casefold()), None)
        hint = f"did you mean {meant}?" if meant else "jumpin deals list shows all."
        raise Trouble(f'There is no deal with "{customer}"; {hint}')
    return known
