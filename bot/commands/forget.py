"""`jumpin forget`: takes out of the database what is not to be kept, shown first. `jumpin export-person`: all that is kept of a person."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.commands import private
from bot.commands.furnishing import keep
from bot.commands.opening import settings
from bot.commands.stores import deal_called, opened
from bot.commands.trouble import Trouble
from bot.settings import Settings
from store import forget, retention
from store.engine import Store, StoreUnreachable
from store.forget import Gone
from store.kept_of import kept_of

_ONE = "Say what to forget: one of --customer, --user, --before, --due or --all."


def forget_command(
    *,
    customer: Annotated[str | None, typer.Option(help="A customer's deal and everything of it.")] = None,
    user: Annotated[str | None, typer.Option(help="A person, by Slack id: their words, what is theirs, their name elsewhere.")] = None,
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Words said, and findings last changed, before this day (UTC).")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="What the retention settings say; for cron where no bot runs.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it you see only what would go.")] = False,
) -> None:
    """Take out of the database what is not to be kept any more; shows first what that is, and does it with --yes."""
    if sum((customer is not None, user is not None, before is not None, due, everything)) != 1:
        raise Trouble(_ONE)
    ready = settings()

    async def work(s: AsyncSession) -> Gone:
        if customer is not None:
            return await forget.customer(s, await _deal(s, customer))
        if user is not None:
            return await forget.person(s, user)
        if before is not None:
            return await forget.older(s, before.replace(tzinfo=UTC), before.replace(tzinfo=UTC))
        return await (forget.everything(s) if everything else retention.due(s, keep(ready), datetime.now(UTC)))

    asyncio.run(_do(ready, work, yes=yes))


def export_person(
    user: Annotated[str, typer.Argument(help="The person's Slack id, such as U024BE7LH.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write. Default: print it.")] = None,
) -> None:
    """Everything that is kept about a person, as JSON: by table, row by row."""
    made = json.dumps(asyncio.run(_kept(settings(), user)), ensure_ascii=False, indent=2)
    if output is None:
        typer.echo(made)
        return
    try:
        private.write(output, made + "\n")
    except OSError as refused:
        raise Trouble(f"{output}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"Written to {output}")


class _Undo(Exception):
    """Ends a transaction of which nothing is to stay."""


def _undo_unless(*, sure: bool) -> None:
    if not sure:
        raise _Undo


async def _do(ready: Settings, work: retention.Work, *, yes: bool) -> None:
    gone = Gone()
    async with opened(ready.database_url) as store:
        try:
            async with store.writing() as s:
                gone = await work(s)
                _undo_unless(sure=yes)
        except _Undo:
            pass
        told = [f"  {count:>7,}  {what}" for what, count in sorted(gone.items()) if count]
        if not told:
            typer.echo("There is nothing of that.")
            return
        typer.echo("\n".join(["Forgotten:" if yes else "This would go:", *told]))
        if not yes:
            typer.echo("Nothing is changed yet: the same with --yes does it. It cannot be undone; backups keep what they hold.")
            return
        await _clear(store)


async def _clear(store: Store) -> None:
    try:
        await store.leave_no_trace()
    except StoreUnreachable as busy:
        raise Trouble(str(busy)) from None


async def _deal(s: AsyncSession, customer: str) -> int:
    return (await deal_called(s, customer)).id


async def _kept(ready: Settings, user: str) -> object:
    async with opened(ready.database_url) as store, store.reading() as s:
        return {"user": user, "kept": await kept_of(s, user)}
