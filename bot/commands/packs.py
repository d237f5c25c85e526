"""`jumpin pack`: pages for meetings, to look at, print, or save as a PDF: a customer's month or quarter, and the managers' workshop."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commands.opening import settings
from bot.commands.stores import deal_called, opened
from bot.commands.trouble import Trouble
from bot.playbook.clock.history import Actuals
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.report import numbers
from bot.playbook.review import Kind, Period, latest, month, quarter, review
from bot.playbook.terms import warnings
from bot.playbook.weekly import weekly
from bot.playbook.workshop import Note, actions, causes
from bot.settings import Settings
from store import deals, volumes
from store import workshop as notes
from store.numbers import everything
from store.records import KnownDeal
from templates.packs import customer_pack
from templates.workshop import Workshop, workshop_page

app = typer.Typer(no_args_is_help=True, help="Packs: pages for meetings with customers and managers, printable as PDF.")

Customer = Annotated[str, typer.Argument(help="The customer's name, in any case.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Where to write the page. Default: named after the customer.")]
Month = Annotated[str | None, typer.Option("--month", metavar="MONTH", help="As 2026-10. Default: the last one that is over.")]
Quarter = Annotated[str | None, typer.Option("--quarter", metavar="QUARTER", help="As 2026-Q3. Default: the last one that is over.")]


Team = Annotated[str, typer.Argument(metavar="TEAM", help="The name of somebody who leads deals: theirs alone. Default: all deals.")]
Days = Annotated[int, typer.Option("--days", min=7, max=366, help="How many days the workshop looks back.")]


@app.command("review")
def review_pack(customer: Customer, *, html: Html = None, of: Month = None) -> None:
    """The monthly business review with one customer: their volume beside the agreement. Holds nothing internal."""
    _customer(customer, "review", of, html)


@app.command("audit")
def audit_pack(customer: Customer, *, html: Html = None, of: Quarter = None) -> None:
    """The quarterly volume audit with one customer: three months beside the commitment. Holds nothing internal."""
    _customer(customer, "audit", of, html)


@app.command()
def workshop(team: Team = "all", *, days: Days = 30, html: Html = None) -> None:
    """The managers' workshop at day 30 or 60: numbers, plusses and deltas, causes, and actions for the next 30 days. Not for customers."""
    ready = settings()
    today = datetime.now(UTC).astimezone(ZoneInfo(ready.timezone)).date()
    portfolio, noted, known = asyncio.run(
        _team(ready, team, (today - timedelta(days=days - 1), today + timedelta(days=1)))
    )  # it is tomorrow somewhere
    first = today - timedelta(days=days - 1)
    missing = {one.id: told for one in known if (told := warnings(one.deal.on(today)))}
    found, week = numbers(portfolio, today), weekly(portfolio, today, missing)
    heard = causes(portfolio, first)
    names = {person.id: person.name for one in known for person in one.deal.people}
    whole = "all deals" if team == "all" else f"the deals of {team}"
    made = Workshop(f"{days} days of {whole}", first, today, found, week, noted, heard, actions(week, found.flow, heard, today), names)
    write(html or Path(f"workshop-{_file_name(team)}-{today.isoformat()}.html"), workshop_page(made))


def _customer(customer: str, kind: Kind, given: str | None, html: Path | None) -> None:
    ready = settings()
    known, shipped = asyncio.run(_deal(ready.database_url, customer))
    today = datetime.now(UTC).astimezone(ZoneInfo(known.deal.timezone or ready.timezone)).date()
    period = _period(kind, given, today)
    made = review(known.deal, shipped, period, today)
    name = f"{_file_name(known.deal.customer)}-{kind}-{period.name.lower().replace(' ', '-')}.html"
    write(html or Path(name), customer_pack(made))


def _period(kind: Kind, given: str | None, today: date) -> Period:
    if given is None:
        return latest(kind, today)
    found = re.fullmatch(r"(\d{4})-(0?[1-9]|1[0-2])" if kind == "review" else r"([1-9]\d{3})-?[Qq]([1-4])", given.strip())
    if found is None or found[1] == "0000":
        what = "--month: write a month such as 2026-10" if kind == "review" else "--quarter: write a quarter such as 2026-Q3"
        raise Trouble(f"{what}; {given} is none")
    made = month(int(found[1]), int(found[2])) if kind == "review" else quarter(int(found[1]), int(found[2]))
    if made.first >= today:
        raise Trouble(f"{given} has not begun; choose one that has")
    return made


def write(file: Path, text: str) -> None:
    """A page into a file, and where it is. Trouble where it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise Trouble(f"{file}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"Written to {file}. Open it in a browser; to get a PDF, print it from there.")


def _file_name(customer: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", customer.casefold()).strip("-")[:60] or "customer"


async def _deal(url: str, customer: str) -> tuple[KnownDeal, Actuals | None]:
    async with opened(url) as store, store.reading() as s:
        known = await deal_called(s, customer)
        return known, await volumes.of_deal(s, known.id)


async def _team(ready: Settings, team: str, span: tuple[date, date]) -> tuple[list[Facts], list[Note], list[KnownDeal]]:
    """The deals of a team in figures, the notes of a span, and the deals themselves."""
    async with opened(ready.database_url) as store:
        async with store.reading() as s:
            known = await deals.all_deals(s)
            noted = await notes.notes(s, *span)
        if team != "all":
            leaders = {person.name for one in known for person in one.deal.people if person.role == "leadership"}
            if team.casefold() not in {name.casefold() for name in leaders}:
                raise Trouble(f"Nobody named {team} leads a deal; choose one of: {', '.join(sorted(leaders)[:10]) or 'nobody yet'}")
            known = [one for one in known if _led_by(one, team)]
        portfolio: list[Facts] = []
        async for some in everything(store, ready.timezone, datetime.now(UTC), [one.id for one in known]):
            portfolio += map(facts, some)
        return portfolio, noted, known


def _led_by(known: KnownDeal, name: str) -> bool:
    return any(person.role == "leadership" and person.name.casefold() == name.casefold() for person in known.deal.people)
