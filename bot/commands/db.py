"""`jumpin db`: brings the database to the newest schema and tells where it stands."""

from __future__ import annotations

import typer

from bot.commands.opening import settings
from bot.commands.trouble import Trouble
from store.engine import StoreUnreachable
from store.migrate import state, upgrade

app = typer.Typer(no_args_is_help=True, help="The database: bring it to the newest schema, or tell where it stands.")

STANDS = {
    "current": "The database has the newest schema.",
    "empty": "The database has no tables yet: run `jumpin db upgrade`.",
    "behind": "The database has an older schema: run `jumpin db upgrade`.",
    "ahead": "The database has a newer schema than this version of jumpin knows: install the version that made it, or a later one.",
}


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
