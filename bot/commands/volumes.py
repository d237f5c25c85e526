"""`jumpin volumes`: what was really shipped, from files and the carrier's own database, and whose accounts it is of."""

from __future__ import annotations

import asyncio
import csv
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.cells import safe_cell
from bot.commands.furnishing import warehouse
from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from bot.playbook.clock.history import Actual
from bot.settings import Settings
from handlers.volumes import pulling
from handlers.volumes.pulling import Warehouse
from store import deals, volume_accounts, volumes
from store.engine import Store
from store.records import KnownDeal
from store.sources.plain import NotReadable
from store.sources.values import closest
from store.sources.volume_apart import read_at_leisure
from store.sources.volume_file import VolumeFile
from store.sources.volume_query import Refused
from store.volume_owners import Owners, changes, owners
from store.volume_records import Came, Counts, Import, Replaced, Waiting
from templates.volume_words import AccountView, OddView, Understood, changing, counted, oddities, span, summary

app = typer.Typer(
    no_args_is_help=True, help="Actual volumes: what was really shipped, by deal and day, from files or the carrier's database."
)

SHOWN_DAYS = 30

Deal = Annotated[str | None, typer.Option("--deal", help="The customer whose volumes these are; else the file's accounts tell.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Take it without asking.")]


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file: daily totals, or a row for each label.")],
    *,
    deal: Deal = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take volumes from a file. What was understood is shown first; days known already are corrected, their history kept."""
    ready = settings()
    found = _read(file, ready.timezone)
    asyncio.run(_import(ready.database_url, file, found, deal, take=not dry_run, ask=not yes))


@app.command("pull")
def pull(*, dry_run: DryRun = False) -> None:
    """Take volumes from the database of VOLUMES_URL by the query in the file VOLUMES_SQL, as the bot does by itself."""
    ready = settings()
    database = warehouse(ready)
    if database is None:
        raise Trouble(
            "Set VOLUMES_URL to the database, and VOLUMES_SQL to a file with a SELECT that gives account, ship_date and packages."
        )
    asyncio.run(_pull(ready, database, take=not dry_run))


@app.command("list")
def list_volumes(
    customer: Annotated[
        str | None, typer.Argument(help="A customer: the last days, and what was corrected. Default: what came in.")
    ] = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="All days of the customer as CSV.")] = False,
) -> None:
    """What came in and which accounts wait for a deal; or one customer's days."""
    url = settings().database_url
    if customer is None:
        _show_imports(*asyncio.run(_imports(url)))
        return
    known, days, corrected = asyncio.run(_days(url, customer))
    if as_csv:
        _write(known, days)
    else:
        _show_days(known, days, corrected)


@app.command("map")
def map_account(
    account: Annotated[str, typer.Argument(help="The account's name, as the files and feeds write it.")],
    customer: Annotated[str | None, typer.Argument(help="The customer whose account it is.")] = None,
    *,
    ignore: Annotated[bool, typer.Option("--ignore", help="It is nobody's whom we follow; do not ask again.")] = False,
) -> None:
    """Say whose an account is. What waits for it is taken; lines that went to another deal come along."""
    if (customer is None) != ignore:
        raise Trouble('Name the customer, or say --ignore: jumpin volumes map "ACME WH 2" "Acme"')
    typer.echo(asyncio.run(_map(settings().database_url, account, customer)))


def _read(file: Path, zone: str) -> VolumeFile:
    today = datetime.now(ZoneInfo(zone)).date()
    try:
        columns = TextColumn("reading"), BarColumn(), TextColumn("{task.fields[rows]:,} rows"), TimeRemainingColumn()
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
            bar = progress.add_task("", total=1.0, rows=0)
            return read_at_leisure(file, today, lambda rows, share: progress.update(bar, completed=share, rows=rows))
    except OSError as refused:
        raise Trouble(f"{file}: cannot be read: {refused.strerror or refused}") from None
    except NotReadable as reason:
        raise Trouble(f"{file}: {reason}") from None


async def _import(url: str, file: Path, found: VolumeFile, customer: str | None, *, take: bool, ask: bool) -> None:
    async with opened(url) as store:
        known = await _deal(store, customer) if customer else None
        async with store.reading() as s:
            whose = await owners(s, found, known.id if known else None)
            change = await changes(s, found, whose, known.id if known else None)
        if known is not None:
            _fits(known, whose)
        elif any(not one.account.name for one in whose.accounts):
            raise Trouble(f"{file}: has no column of accounts, so say whose volumes these are: --deal CUSTOMER")
        typer.echo("\n".join(_told(file.name, found, whose, known)))
        for sentence in changing([(one.day, one.before, one.after) for one in change]):
            typer.echo(f"  note: {sentence}")
        if not take:
            return
        if ask and not _confirmed():
            typer.echo("Nothing was taken.")
            return
        came = Came("file", file.name, getpass.getuser(), datetime.now(UTC))
        ours, given = list[str](), Counts()
        if known is not None:
            async with store.writing() as s:
                ours, given = await volume_accounts.adopt(
                    s, [one.account.name for one in whose.accounts], known.id, by=came.by, now=came.at
                )
        made = await volumes.take(store, came, found.lines, known.id if known else None)
        typer.echo(_became(made.counts + given))
        for name in ours:
            typer.echo(f"  “{name}” is the account of {known.deal.customer if known else ''} from now on.")
        for one in whose.unknown if known is None else ():
            typer.echo(f'  jumpin volumes map "{one.account.name}" CUSTOMER')


async def _pull(ready: Settings, database: Warehouse, *, take: bool) -> None:
    now = datetime.now(UTC)
    async with opened(ready.database_url) as store:
        try:
            found = await pulling.asked(database, now, ready.timezone)
        except Refused as reason:
            raise Trouble(f"{reason}.") from None
        async with store.reading() as s:
            whose = await owners(s, found)
        typer.echo("\n".join(_told(database.sql.name, found, whose, None)))
        if take:
            typer.echo(_became((await pulling.taken(store, found, getpass.getuser(), now)).counts))


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise Trouble("Nothing was taken: look at it with --dry-run, and take it with --yes.")
    return typer.confirm("Take it?")


def _fits(known: KnownDeal, whose: Owners) -> None:
    """A file for one deal must be that deal's alone."""
    if whose.other:
        names = ", ".join(f"“{one.account.name}” is {one.customer}" for one in whose.other[:3])
        raise Trouble(f"These are not (only) the volumes of {known.deal.customer}: {names}. Leave --deal away, and each goes to its own.")
    if not whose.whole:
        names = ", ".join(f"“{one.account.name}”" for one in whose.accounts[:3])
        raise Trouble(
            f"The file names {len(whose.accounts)} accounts ({names}{' …' if len(whose.accounts) > 3 else ''}). Leave --deal away, and say "
            'whose each is: jumpin volumes map "ACCOUNT" CUSTOMER'
        )


def _told(name: str, found: VolumeFile, whose: Owners, known: KnownDeal | None) -> list[str]:
    everything = known.deal.customer if known else None
    accounts = [
        AccountView(one.account.name, one.account.days, one.account.packages, everything or one.customer, one.ignored and known is None)
        for one in whose.accounts
    ]
    odd = [OddView(one.kind, one.count, one.row, one.text) for one in found.odd]
    days = len({line.day for line in found.lines})
    view = Understood(
        name,
        found.kind == "labels",
        {str(role): name for role, name in found.columns.items()},
        found.rows,
        found.first,
        found.last,
        days,
        found.packages,
        accounts,
        odd,
        found.sheet,
    )
    return [f"{name}: {summary(view)[0]}", *(f"  {line}" for line in summary(view)[1:]), *(f"  note: {line}" for line in oddities(odd))]


def _became(counts: Counts) -> str:
    return f"Taken: {counted(counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored)}."


async def _imports(url: str) -> tuple[list[Import], list[Waiting]]:
    async with opened(url) as store, store.reading() as s:
        return await volumes.imports(s), await volume_accounts.waiting(s)


def _show_imports(came: Sequence[Import], waiting: Sequence[Waiting]) -> None:
    if not came:
        typer.echo("No volumes yet. Take some from a file: jumpin volumes import november.csv")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for name in ("came (UTC)", "from", "by", "what became of it"):
        table.add_column(name, overflow="fold")
    for one in came:
        counts = one.counts
        became = counted(counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored) if one.done else "not finished"
        table.add_row(f"{one.came.at:%Y-%m-%d %H:%M}", Text(f"{one.came.source}: {one.came.name}"), Text(one.came.by), became)
    console_for_reading().print(table)
    if waiting:
        typer.echo("\naccounts without a deal:")
    for account in waiting:
        typer.echo(
            f"  {account.account}: {account.packages:,} packages, {span(account.first, account.last)} ({', '.join(account.sources)})"
        )
    if waiting:
        typer.echo('\nSay whose they are: jumpin volumes map "ACCOUNT" CUSTOMER, or --ignore')


async def _days(url: str, customer: str) -> tuple[KnownDeal, tuple[Actual, ...], list[Replaced]]:
    async with opened(url) as store:
        known = await _deal(store, customer)
        async with store.reading() as s:
            actuals = await volumes.of_deal(s, known.id)
            return known, actuals.days if actuals else (), await volumes.replaced(s, known.id)


def _show_days(known: KnownDeal, days: Sequence[Actual], corrected: Sequence[Replaced]) -> None:
    if not days:
        typer.echo(f"{known.deal.customer}: no data.")
        return
    typer.echo(f"{known.deal.customer}: {len(days):,} days with data, the last on {days[-1].day}")
    for one in days[-SHOWN_DAYS:]:
        typer.echo(f"  {one.day:%Y-%m-%d %a}  {one.packages:>9,}  of {known.deal.agreed_on(one.day).per_day:,} agreed")
    for gone in corrected:
        at, by = gone.replaced_by.came.at, gone.replaced_by.came
        typer.echo(f"  corrected: {gone.line.day} was {gone.line.packages:,} until {at:%Y-%m-%d %H:%M} ({by.source}: {by.name}, {by.by})")


def _write(known: KnownDeal, days: Sequence[Actual]) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["customer", "day", "packages", "on_time", "billed_right", "transit_days"])
    for one in days:
        shares = ["" if share is None else share for share in (one.on_time, one.billed_right, one.transit_days)]
        out.writerow([safe_cell(known.deal.customer), one.day.isoformat(), one.packages, *shares])


async def _map(url: str, account: str, customer: str | None) -> str:
    async with opened(url) as store:
        known = await _deal(store, customer) if customer else None
        async with store.writing() as s:
            counts = await volume_accounts.map_account(s, account, known.id if known else None, by=getpass.getuser(), now=datetime.now(UTC))
        whose = known.deal.customer if known else "ignored"
        return f"{account} → {whose}: {counted(counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored)}."


async def _deal(store: Store, customer: str) -> KnownDeal:
    async with store.reading() as s:
        known = await deals.deal_named(s, customer)
        if known is not None:
            return known
        near = closest(customer, [one.deal.customer for one in await deals.all_deals(s)])
    hint = f"; did you mean {near}?" if near else "; jumpin deals list shows them all."
    raise Trouble(f"There is no deal named {customer}{hint}")
