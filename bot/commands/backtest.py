"""`jumpin backtest`: months of a Slack export, heard as the live bot would have heard them. Needs no store and no Slack; sends nothing."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.backtest.gaps import Gap, gaps
from bot.backtest.hearing import Group, groups, hear_group, without_channel
from bot.backtest.hits import Heard, Part, together
from bot.backtest.judged import examples
from bot.backtest.kept import Kept, mark_of
from bot.backtest.precision import precision
from bot.commands import private
from bot.commands.backtest_report import plain, show
from bot.commands.judging import judge
from bot.commands.opening import limits_of, settings
from bot.commands.report import console_for_reading
from bot.commands.scan import read_deal, say, zone_named
from bot.commands.shipments import actuals_of
from bot.commands.trouble import Trouble
from bot.deal import Deal
from store.sources.export import open_export
from store.sources.plain import NotReadable
from templates.backtest import page

DEAL_FILES = frozenset({".yml", ".yaml", ".json"})

WARNING = "Note: {folder} holds customers' own words. Keep it where such things may be kept, and delete it when you are done."

Source = Annotated[Path, typer.Argument(metavar="EXPORT", help="A Slack export: the .zip as it was downloaded, or its folder.")]
Deals = Annotated[Path, typer.Option("--deals", help="A folder of deal files, or one deal file; each lists its channels.")]
Volumes = Annotated[
    Path | None, typer.Option("--volumes", metavar="FILE", help="What was really shipped: account, day and packages, as CSV or XLSX.")
]
Keep = Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Where the work is kept. Default: <export>-backtest, here.")]
Json = Annotated[bool, typer.Option("--json", help="The whole result as one JSON object.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also as a page to look at and print.")]
Judge = Annotated[bool, typer.Option("--judge", help="Afterwards go through what would have been told, and say what was useful.")]
Zone = Annotated[
    str | None, typer.Option("--timezone", help="The customers' time zone where a deal names none. Default: as in the settings.")
]


def backtest(
    export: Source,
    *,
    deals: Deals,
    volumes: Volumes = None,
    keep: Keep = None,
    as_json: Json = False,
    html: Html = None,
    judging: Judge = False,
    timezone: Zone = None,
) -> None:
    """Hear months of history: what the bot would have told whom, when, and which gaps in volume were announced in words before."""
    ready = settings()
    zone = zone_named(timezone or ready.timezone)
    agreed, clean = read_deals(deals)
    shipped = actuals_of(volumes, agreed) if volumes else None
    kept = _folder(keep or Path(f"{re.sub(r'[.]zip$', '', export.resolve().name)}-backtest"))
    heard, found = _hear(export, agreed, kept, zone)
    say(heard.mistakes)
    if judging:
        judge(kept, heard, console_for_reading())
    judged = kept.judged()
    known = [deal for group in found for deal in group.deals]
    made = None if shipped is None else gaps(heard.hits, known, shipped, heard.last, limits_of(ready))
    _write(export, heard, made, kept, zone, as_json=as_json, html=html)
    if judged:
        _examples(kept, heard, known, zone)
    typer.echo(WARNING.format(folder=kept.folder), err=True)
    if heard.mistakes or not clean:
        raise typer.Exit(2)


def read_deals(place: Path) -> tuple[list[Deal], bool]:
    """The deals of a folder or file, by name, and whether all could be used; a sentence on standard error for each that could not."""
    paths = sorted(path for path in place.iterdir() if path.suffix.lower() in DEAL_FILES) if place.is_dir() else [place]
    found: dict[str, Deal] = {}
    clean = True
    for path in paths:
        try:
            deal = read_deal(path)
        except Trouble as trouble:
            say([str(trouble)])
            clean = False
            continue
        if deal.customer in found:
            say([f"{path}: there is a deal of {deal.customer} in another file already; this one was left out"])
            clean = False
        elif not deal.channels:
            say([f"{path}: {deal.customer} lists no channels; add a line such as channels: ['#impl-acme'] so that its talk is found"])
            clean = False
        else:
            found[deal.customer] = deal
    if not found:
        raise Trouble(f"{place}: holds no deal that can be heard; put deal files there (docs/deal-file.md), each with its channels")
    return list(found.values()), clean


def _folder(place: Path) -> Kept:
    try:
        return Kept(place)
    except OSError as refused:
        raise Trouble(f"{place}: cannot be used to keep the work: {refused.strerror or refused}; give another folder with --keep") from None


def _hear(source: Path, agreed: Sequence[Deal], kept: Kept, zone: ZoneInfo) -> tuple[Heard, list[Group]]:
    """All groups, those that were heard before from the folder."""
    try:
        with open_export(source) as export:
            found = groups(export.rooms, agreed)
            if not found:
                some = f"{len(export.rooms):,} channels ({', '.join(room.name for room in export.rooms[:5])} …)"
                raise Trouble(f"{source}: none of its {some} is a channel of these deals; check channels: in the deal files")
            for deal in without_channel(agreed, found):
                say([f"{source}: has no channel of {deal.customer} ({', '.join(deal.channels)})"])
            parts = _heard(found, kept, zone)
            whole = together(parts)
            return replace(whole, mistakes=(*export.mistakes, *whole.mistakes)), found
    except NotReadable as reason:
        with suppress(OSError):  # what was heard before stays
            kept.folder.rmdir()
        raise Trouble(f"{source}: {reason}") from None
    except OSError as refused:
        raise Trouble(
            f"{kept.folder}: cannot be written: {refused.strerror or refused}; free some space, and the same command goes on"
        ) from None
    except KeyboardInterrupt:
        typer.echo(f"\nStopped. What was heard is kept in {kept.folder}: the same command goes on from there.", err=True)
        raise typer.Exit(130) from None


def _heard(found: Sequence[Group], kept: Kept, zone: ZoneInfo) -> list[Part]:
    parts: list[Part] = []
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.fields[count]}"))
    with Progress(*columns, TimeRemainingColumn(), console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Hearing", total=sum(group.size for group in found) or 1, count="")
        counting = _Counting(bar, task)
        for group in found:
            mark = mark_of(group, zone.key)
            part = kept.part(mark)
            if part is None:
                began = perf_counter()
                part = replace(hear_group(group, zone, counting), seconds=perf_counter() - began)
                kept.keep(mark, part)
            else:
                bar.advance(task, group.size)
            parts.append(part)
    return parts


class _Counting:
    """Tells the bar how far it is."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task, self._messages = bar, task, 0

    def __call__(self, messages: int, size: int) -> None:
        self._messages += messages
        self._bar.update(self._task, advance=size, count=f"{self._messages:,} messages")


def _write(export: Path, heard: Heard, made: Sequence[Gap] | None, kept: Kept, zone: ZoneInfo, *, as_json: bool, html: Path | None) -> None:
    judged = kept.judged()
    exact = precision(heard.hits, judged)
    if as_json:
        sys.stdout.write(json.dumps(plain(heard, made, exact, judged), indent=1) + "\n")
    else:
        show(console_for_reading(), export.name, heard, made, exact)
    if html is not None:
        try:
            private.write(html, page(export.name, heard, made, exact, zone.key))
        except OSError as refused:
            raise Trouble(f"{html}: cannot be written: {refused.strerror or refused}") from None
        typer.echo(f"Written to {html}", err=True)


def _examples(kept: Kept, heard: Heard, deals: Sequence[Deal], zone: ZoneInfo) -> None:
    talks = examples(heard.hits, kept.judged(), deals, zone)
    if talks:
        path = kept.write("examples.jsonl", "".join(json.dumps(talk) + "\n" for talk in talks))
        count = sum(len(talk["messages"]) for talk in talks)
        typer.echo(f"{count:,} labelled message{'' if count == 1 else 's'} in {path}, as `jumpin examples export` writes them.", err=True)
