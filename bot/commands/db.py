"""`jumpin db`: brings the database to the newest schema, tells where it stands, and encrypts the words in it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import typer

from bot.commands.opening import settings
from bot.commands.stores import STANDS, opened
from bot.commands.trouble import Trouble
from store.engine import StoreUnreachable
from store.locks import new_key
from store.migrate import upgrade
from store.reseal import reseal
from store.schema import state
from store.sealing import UNSEALED, Seal

app = typer.Typer(no_args_is_help=True, help="The database: bring it to the newest schema, tell where it stands, encrypt what was said.")


@app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database (DATABASE_URL) to the newest schema; safe to run at any time, also twice."""
    url = settings().database_url
    try:
        if state(url) == "ahead":
            raise Trouble(STANDS["ahead"])
        upgrade(url)
    except StoreUnreachable as away:
        raise Trouble(str(away)) from None
    typer.echo(STANDS["current"])


@app.command()
def current() -> None:
    """Tell where the database stands; exit status 1 when it needs something."""
    try:
        stands = state(settings().database_url)
    except StoreUnreachable as away:
        raise Trouble(str(away)) from None
    typer.echo(STANDS[stands])
    raise typer.Exit(0 if stands == "current" else 1)


@app.command()
def key() -> None:
    """Print a new key for JUMPIN_KEY. Whoever loses it cannot read the words any more."""
    typer.echo(new_key())


@app.command()
def encrypt() -> None:
    """Encrypt the words that are kept already with the (first) key of JUMPIN_KEY; safe while the bot runs, and to run again."""
    keys = settings().keys
    if not keys:
        raise Trouble("JUMPIN_KEY is not set: make a key with `jumpin db key`, keep it where your other secrets are, and set it.")
    changed = asyncio.run(_reseal(Seal(keys)))
    typer.echo(f"All words are encrypted with {'the first key' if len(keys) > 1 else 'the key'} now; {changed:,} were not.")


@app.command()
def decrypt() -> None:
    """Make the words plain again, to do without a key: stop the bot first, and take JUMPIN_KEY away afterwards."""
    changed = asyncio.run(_reseal(UNSEALED))
    typer.echo(f"All words are plain now; {changed:,} were encrypted. Take JUMPIN_KEY away before you start the bot.")


async def _reseal(to: Seal) -> int:
    async with opened(settings().database_url) as store:
        return await reseal(store, to, datetime.now(UTC))
