"""`jumpin backup` and `jumpin restore`: all that is kept, as one file that fits SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opening import settings
from bot.commands.stores import STANDS
from bot.commands.trouble import Trouble
from store import backup as backups
from store.engine import StoreUnreachable
from store.schema import state


def backup(file: Annotated[Path, typer.Argument(help="File to write, such as jumpin-2026-11-04.jsonl.gz.")]) -> None:
    """Write all that is kept to one file, as it stands at this moment; safe while the bot runs. Encrypted words stay encrypted."""
    url = settings().database_url
    try:
        stands = state(url)
        if stands != "current":
            raise Trouble(STANDS[stands])
        rows = backups.backup(url, file)
    except StoreUnreachable as away:
        raise Trouble(str(away)) from None
    except OSError as refused:
        raise Trouble(f"{file}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"{rows:,} rows written to {file}. Keep it where such things may be kept, and JUMPIN_KEY, if you have one, elsewhere.")


def restore(file: Annotated[Path, typer.Argument(help="A file that jumpin backup wrote.", exists=True, dir_okay=False)]) -> None:
    """Bring a backup into the empty database of DATABASE_URL, of either kind, and to the newest schema."""
    try:
        rows = backups.restore(settings().database_url, file)
    except (StoreUnreachable, backups.NoBackup) as reason:
        raise Trouble(str(reason)) from None
    typer.echo(f"{rows:,} rows restored. Now: jumpin doctor.")
