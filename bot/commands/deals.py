"""`jumpin deals`: deal files into the store and out of it, and what is agreed with whom."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.commands import private
from bot.commands.clock_settings import habits
from bot.commands.dates import write_dates
from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.stages import left_behind
from bot.commands.stores import deal_called, opened
from bot.commands.terms import changes, described, ledger, short_day
from bot.commands.trouble import Trouble
from bot.deal import Deal
from bot.playbook.terms import warnings
from bot.settings import Settings
from store import crm as crm_rows
from store import deals
from store.records import KnownDeal, Terms
from store.sources.deal_file import DealFile, export_known
from store.sources.deal_schema import schema_text
from store.sources.deals_file import export_list, export_table, parse_deals
from store.sources.plain import NotReadable, decode

app = typer.Typer(no_args_is_help=True, help="Deals: import their terms from files, list and show them, write them out again.")

Customer = Annotated[str, typer.Argument(help="The customer's name, in any case.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; .json writes JSON. Default: print YAML.")]


@app.command("import")
def import_deals(
    files: Annotated[list[Path], typer.Argument(help="Deal files (YAML, JSON: a deal or a list) and tables (CSV, a deal a row).")],
) -> None:
    """Take deals from files: each deal as a whole or not at all. A customer known already is updated, its history kept."""
    found = [(file, deal) for file in files for deal in _read(file)]
    read = [(file, deal) for file, deal in found if deal is not None]
    taken = asyncio.run(_import(settings(), read)) if read else 0
    if taken < len(found):
        raise typer.Exit(2)


@app.command("list")
def list_deals() -> None:
    """All deals, with where each stands."""
    known, waiting = asyncio.run(_all_and_waiting(settings().database_url))
    if waiting:
        typer.echo(f"{waiting} deal{'' if waiting == 1 else 's'} of the CRM wait to be confirmed by their reps: jumpin crm status")
    if not known:
        typer.echo("No deals yet. Take one from a file: jumpin deals import acme.yml")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("customer", overflow="fold")
    table.add_column("stage", no_wrap=True)
    table.add_column("a day", no_wrap=True)
    table.add_column("test from", no_wrap=True)
    table.add_column("channels", overflow="fold")
    for one in sorted(known, key=lambda one: one.deal.customer.casefold()):
        deal = one.deal
        stage = deal.stage if deal.coverage == "white-glove" else f"{deal.stage} (standard)"
        figures = f"{deal.test.volume_per_day:,} → {deal.ramp_per_day:,}"
        table.add_row(Text(deal.customer), stage, figures, short_day(deal.test.starts), Text(" ".join(_channels(one)) or "-"))
    console_for_reading().print(table)


@app.command()
def show(
    customer: Customer,
    *,
    history: Annotated[bool, typer.Option("--history", help="Also how the terms changed, by whom and from where.")] = False,
) -> None:
    """What is agreed with one customer."""
    known, terms = asyncio.run(_one(settings().database_url, customer))
    typer.echo("\n".join(described(known.deal, _channels(known))))
    for sentence in warnings(known.deal):
        typer.echo(f"note: {sentence}")
    if history:
        typer.echo("\nhistory, oldest first (UTC):")
        typer.echo("\n".join(_history(terms)))
    if known.deal.amendments:
        typer.echo("\namendments, in the order recorded:")
        typer.echo("\n".join(f"  {line}" for line in ledger(known.deal)))


@app.command()
def export(
    customer: Annotated[str | None, typer.Argument(help="The customer's name, in any case; without one: all deals.")] = None,
    *,
    output: Output = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table, a deal a row.")] = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="A list of deals, also of one.")] = False,
) -> None:
    """Deals as files that import to the same deals: one as a deal file, all as a list (YAML, JSON) or a table (CSV)."""
    url = settings().database_url
    known = [asyncio.run(_one(url, customer))[0]] if customer is not None else asyncio.run(_all(url))
    kind = output.suffix.lower() if output is not None else ""
    if as_csv or kind == ".csv":
        text = export_table(known)
    elif customer is None or as_yaml:
        text = export_list(known, as_json=kind == ".json")
    else:
        text = export_known(known[0], as_json=kind == ".json")
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        private.write(output, text)
    except OSError as refused:
        raise Trouble(f"{output}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"{known[0].deal.customer if customer is not None else f'{len(known)} deals'}: written to {output}")


@app.command()
def schema() -> None:
    """The JSON Schema of a deal, for systems that send deals: docs/schema/deal.v1.json."""
    typer.echo(schema_text(), nl=False)


@app.command()
def calendar(
    customer: Customer, *, output: Annotated[Path, typer.Option("--output", "-o", help="File to write, such as acme.ics.")]
) -> None:
    """One deal's dates as a calendar file: test completion, ramp day, reviews. A later file changes the same entries."""
    ready = settings()
    found, _ = asyncio.run(_one(ready.database_url, customer))
    made = asyncio.run(write_dates(ready, found.id, output))
    typer.echo(f"{found.deal.customer}: {made} dates written to {output}")


def _read(file: Path) -> list[Deal | None]:
    """The deals of a file; None for each that cannot be used, which is told."""
    try:
        found = parse_deals(decode(file.read_bytes()), str(file))
    except NotReadable as reason:
        found = [DealFile(None, (f"{file}: {reason}",))]
    except OSError as refused:
        found = [DealFile(None, (f"{file}: cannot be read: {refused.strerror or refused}",))]
    for line in (line for one in found for line in one.mistakes):
        sys.stderr.write(f"{line}\n")
    return [one.deal for one in found]


async def _import(ready: Settings, read: Sequence[tuple[Path, Deal]]) -> int:
    """How many were taken in."""
    taken, ways = 0, habits(ready)
    async with opened(ready.database_url) as store:
        for file, deal in read:
            left: str | None = None
            try:
                async with store.writing() as s:
                    before = await deals.deal_named(s, deal.customer)
                    if before is not None and not deal.calls:
                        deal = deal.model_copy(update={"calls": before.deal.calls})  # noqa: PLW2901 - noted in Slack since
                    saved = await deals.save_deal(s, deal, by=_user(), source=file.name, now=datetime.now(UTC))
                    if before is not None:
                        left = await left_behind(s, before.deal.stage, saved.id, ways, datetime.now(UTC))
            except deals.Disagreement as wrong:
                sys.stderr.writelines(f"{file}: {line}\n" for line in wrong.lines)
                continue
            taken += 1
            typer.echo(f"{file}: {deal.customer}: {saved.outcome}")
            if before is not None and saved.outcome == "updated":
                typer.echo("\n".join(f"  {line}" for line in changes(before.deal, deal)))
            for sentence in [*warnings(deal), *([left] if left else [])]:
                sys.stderr.write(f"{file}: note: {sentence}\n")
    return taken


async def _all_and_waiting(url: str) -> tuple[list[KnownDeal], int]:
    async with opened(url) as store, store.reading() as s:
        return await deals.all_deals(s), await crm_rows.waiting(s)


async def _all(url: str) -> list[KnownDeal]:
    async with opened(url) as store, store.reading() as s:
        return await deals.all_deals(s)


async def _one(url: str, customer: str) -> tuple[KnownDeal, list[Terms]]:
    async with opened(url) as store, store.reading() as s:
        known = await deal_called(s, customer)
        return known, await deals.history(s, known.id)


def _history(terms: Sequence[Terms]) -> list[str]:
    lines = []
    before: Deal | None = None
    for one in sorted(terms, key=lambda one: one.since):
        what = "first terms" if before is None else "; ".join(changes(before, one.deal)) or "no change of terms"
        lines.append(f"  {one.since:%Y-%m-%d %H:%M}  {one.by}, {one.source}: {what}")
        before = one.deal
    return lines


def _channels(known: KnownDeal) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known.deal.channels, *known.channels)))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        return "command line"
