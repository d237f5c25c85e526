"""`jumpin report`: the numbers of all deals, to read, to print, for a spreadsheet or for a program."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.metrics import By
from bot.playbook.numbers.report import Numbers, numbers
from bot.settings import Settings
from store.numbers import everything
from templates.numbers.data import as_csv, as_plain
from templates.numbers.page import leaking, page
from templates.numbers.words import (
    BY_NAMES,
    COLUMNS,
    NAMELESS,
    achievements,
    ahead,
    how_good,
    in_and_out,
    scope,
    short,
    stages,
    surveys,
    told,
    unknown_volume,
    waiting,
)
from templates.quote import clean

Csv = Annotated[bool, typer.Option("--csv", help="As a table for a spreadsheet.")]
Json = Annotated[bool, typer.Option("--json", help="As one JSON object.")]
Html = Annotated[bool, typer.Option("--html", help="As a page to look at and print; it loads nothing from anywhere.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead.")]
Rep = Annotated[str | None, typer.Option("--rep", help="Only the deals of this rep, by name.")]
Trade = Annotated[str | None, typer.Option("--trade", help="Only the deals of this trade.")]
Size = Annotated[str | None, typer.Option("--size", help="Only the deals of this size, such as “100 to 499 a day”.")]
Quarter = Annotated[str | None, typer.Option("--quarter", help="Only the deals whose test began in this quarter, such as “2026 Q4”.")]


def report(
    *,
    csv: Csv = False,
    as_json: Json = False,
    html: Html = False,
    output: Output = None,
    rep: Rep = None,
    trade: Trade = None,
    size: Size = None,
    quarter: Quarter = None,
) -> None:
    """The numbers: conversion, time to full volume, variance, drop rate; what the bot achieved, where deals wait, and what is to come."""
    if csv + as_json + html > 1:
        raise Trouble("Choose one of --csv, --json and --html.")
    wanted: dict[By, str | None] = {"rep": rep, "trade": trade, "size": size, "quarter": quarter}
    found = _narrowed(*asyncio.run(_everything(settings())), {by: name for by, name in wanted.items() if name is not None})
    if csv or as_json or html:
        made = as_csv(found) if csv else page(found) if html else json.dumps(as_plain(found), indent=2, ensure_ascii=False) + "\n"
        _write(made, output, bom=csv)
    elif output is not None:
        raise Trouble("Say what to write: --csv, --json or --html.")
    else:
        _show(found, console_for_reading())


async def _everything(chosen: Settings) -> tuple[list[Facts], datetime]:
    now = datetime.now(UTC)
    async with opened(chosen.database_url) as store:
        found = [facts(one) async for some in everything(store, chosen.timezone, now) for one in some]
    return found, now.astimezone(ZoneInfo(chosen.timezone))


def _narrowed(portfolio: list[Facts], now: datetime, wanted: dict[By, str]) -> Numbers:
    """The numbers of what was asked for, whatever the case of its letters. Raises Trouble for a name that no deal has."""
    there = numbers(portfolio, now.date(), {})
    chosen: dict[By, str] = {}
    for by, name in wanted.items():
        names = {" ".join((one or NAMELESS[by]).casefold().split()): one for one in there.choices[by]}
        key = " ".join(name.casefold().split())
        if key not in names:
            known = ", ".join(clean(one or NAMELESS[by], 60) for one in there.choices[by][:20]) or "none"
            raise Trouble(f"No deal has the {BY_NAMES[by].lower()} “{clean(name, 60)}”. There is: {known}.")
        chosen[by] = names[key]
    return numbers(portfolio, now.date(), chosen) if chosen else there


def _write(made: str, output: Path | None, *, bom: bool) -> None:
    if output is None:
        typer.echo(made, nl=False)
        return
    try:
        # spreadsheets take a CSV without this mark for something else than UTF-8
        output.write_bytes(made.encode("utf-8-sig" if bom else "utf-8"))
    except OSError as wrong:
        raise Trouble(f"{output}: cannot be written ({wrong.strerror}).") from None
    typer.echo(f"{output}: written", err=True)


def _show(found: Numbers, console: Console) -> None:
    console.print(Text(scope(found)))
    if not found.deals:
        console.print(Text("No deals yet. Take one from a file: jumpin deals import acme.yml"))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for name in ("", "value", "made of", "target", "left out"):
        table.add_column(name, overflow="fold")
    for metric in found.metrics:
        one = told(metric)
        mark = {True: " ✓", False: " ✗", None: ""}[one.on_target]
        table.add_row(one.title, Text(f"{one.value}{mark}"), one.of, one.target.removeprefix("target "), one.left_out)
    console.print(table)
    for title, lines in _parts(found):
        console.print(Text(f"\n{title}", style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"))
    for by in ("rep", "quarter"):
        console.print()
        console.print(_groups(found, by))


def _parts(found: Numbers) -> list[tuple[str, list[str]]]:
    left = unknown_volume(found.forecast)
    said = surveys(found)
    parts = [
        ("What the bot achieved", achievements(found.achieved)),
        ("Where deals wait", [waiting(found.flow), *filter(None, (clean(leaking(found), 400),))]),
        ("The pipeline", [*stages(found.flow), *in_and_out(found.flow)]),
        ("The volume to come", [*map(ahead, found.forecast.horizons), how_good(found.forecast.checks[0]), *filter(None, (left,))]),
    ]
    return [*parts, *([("What customers say", said)] if said else [])]


def _groups(found: Numbers, by: By) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(BY_NAMES[by].lower(), overflow="fold")
    for name in ("deals", *COLUMNS.values()):
        table.add_column(name, no_wrap=True, justify="right")
    for group in found.groups[by]:
        cells = ["-" if metric.value is None else short(metric) for metric in group.metrics]
        table.add_row(Text(clean(group.name or NAMELESS[by], 40)), f"{group.deals:,}", *cells)
    return table
