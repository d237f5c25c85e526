"""`jumpin`: the commands put together, and the one place where trouble becomes a sentence and an exit status.

A command is loaded when it is called: whoever runs the bot need not wait for the tools beside it, nor keep them in memory.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bot.commands.trouble import Trouble
from bot.mistake import SettingsMistake


class Entry(NamedTuple):
    """A command by name: the module of `bot.commands` and what in it is the command, and what the list of commands says of it."""

    name: str
    module: str
    attribute: str
    says: str


ENTRIES = (
    Entry("run", "run", "run", "Listen in Slack and tell the reps, until Ctrl-C or SIGTERM; what was begun is finished first."),
    Entry("scan", "scan", "scan", "Hear what was said in files, as the live bot would: findings, figures and the script for each."),
    Entry(
        "backtest",
        "backtest",
        "backtest",
        "Hear months of history: what the bot would have told whom, when, and which gaps in volume were announced in words before.",
    ),
    Entry(
        "call",
        "call",
        "call",
        "Report a call as the rep would get it afterwards: what to set right, promises, open questions, and a follow-up email.",
    ),
    Entry(
        "live",
        "live",
        "live",
        "Play a transcript to the running bot, word by word as if the call were held now; the report comes when it is over.",
    ),
    Entry(
        "read",
        "read",
        "read",
        "Show what the reader sees in messages: quantities, statements and their rules, what the trained reader thinks. No deal is needed.",
    ),
    Entry(
        "why",
        "why",
        "why",
        "Explain one message, live as it stands in Slack or as it was recorded: what was read, which terms, which rule, "
        "and why (not) a DM.",
    ),
    Entry(
        "report",
        "numbers",
        "report",
        "The numbers: conversion, time to full volume, variance, drop rate; what the bot achieved, where deals wait, and what is to come.",
    ),
    Entry(
        "simulate",
        "simulate",
        "simulate",
        "Show every message that would go out for a deal, day by day. Nothing is sent, and no store is needed.",
    ),
    Entry(
        "demo",
        "demo",
        "demo",
        "Play a sample conversation into an emulated workspace and show what the rep gets. Nothing leaves this machine.",
    ),
    Entry(
        "doctor",
        "doctor",
        "doctor",
        "Check settings, tokens, scopes, clock, database, channels, people, scripts, systems beside; exit status 1: something is wrong.",
    ),
    Entry(
        "manifest", "manifest", "manifest", "Print the Slack app manifest, ready to paste: for Socket Mode, or with --url for HTTP mode."
    ),
    Entry(
        "backup",
        "backup",
        "backup",
        "Write all that is kept to one file, as it stands at this moment; safe while the bot runs. Encrypted words stay encrypted.",
    ),
    Entry(
        "restore",
        "backup",
        "restore",
        "Bring a backup into the empty database of DATABASE_URL, of either kind, and to the newest schema.",
    ),
    Entry(
        "forget",
        "forget",
        "forget_command",
        "Take out of the database what is not to be kept any more; shows first what that is, and does it with --yes.",
    ),
    Entry("export-person", "forget", "export_person", "Everything that is kept about a person, as JSON: by table, row by row."),
    Entry("deals", "deals", "app", "Deals: import their terms from files, list and show them, write them out again."),
    Entry("crm", "crm", "app", "The CRM: where the committed terms come from, and where what happened goes back to."),
    Entry("db", "db", "app", "The database: bring it to the newest schema, tell where it stands, encrypt what was said."),
    Entry("examples", "examples", "app", "Examples: messages whose reading somebody corrected, for those who train the reader."),
    Entry("hooks", "hooks", "app", "The signed hooks, by which other systems bring volumes, transcripts and deals."),
    Entry("pack", "packs", "app", "Packs: pages for meetings with customers and managers, printable as PDF."),
    Entry("playbook", "playbook", "app", "Scripts: which there are, whether your own ones work, and ours to start from."),
    Entry("volumes", "volumes", "app", "Actual volumes: what was really shipped, by deal and day, from files or the carrier's database."),
)
"""All commands in the order of the list; tests/commands/test_cli.py holds what it says equal to what the command says of itself."""


class Commands(TyperGroup):
    """The commands; unusable input ends any of them with one plain sentence on standard error and status 2."""

    def __init__(self, **given: Any) -> None:
        given["commands"] = {entry.name: TyperCommand(entry.name, help=entry.says) for entry in ENTRIES}
        super().__init__(**given)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was named, loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(next(entry for entry in ENTRIES if entry.name == name)), rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (Trouble, SettingsMistake) as trouble:
            typer.echo(str(trouble), err=True)
            raise typer.Exit(2) from None


def loaded(entry: Entry) -> Any:
    """A command with its options and what it needs."""
    module = f"bot.commands.{entry.module}"
    with nullcontext() if module in sys.modules else _undisturbed():
        found = getattr(import_module(module), entry.attribute)
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(entry.name)(found)
    return get_command(alone)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector: what is loaded stays, and to look at it again and again takes a sixth of the time of loading."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The rep's ears in implementation channels: hears volume talk that departs from the deal, and hands over the jump-in script.",
)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(f"jumpin {version('jump-in')}")
    except PackageNotFoundError:
        typer.echo("jumpin, run from a checkout that is not installed")
    raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Options of all commands."""


def main() -> None:
    """Run `jumpin`; an interrupt ends with status 130, a closed pipe quietly."""
    app(prog_name="jumpin")
