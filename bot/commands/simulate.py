"""`jumpin simulate`: every message that would go out for a deal, day by day, as its reader would read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.text import Text

from bot.commands.clock_settings import habits
from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.scan import read_deal, zone_named
from bot.commands.trouble import Trouble
from bot.deal import Deal
from bot.playbook.clock.daily import Reader
from bot.playbook.clock.rehearsal import Scene, Sent, rehearse
from store.sources.events_file import day_of, parse_events
from store.sources.plain import NotReadable, decode
from store.sources.values import Wrong
from templates.as_text import as_text
from templates.call_brief import brief_message
from templates.daily import daily_message

Terms = Annotated[Path, typer.Argument(metavar="DEAL", help="Deal file with the agreed terms.")]
Until = Annotated[str, typer.Option("--until", help="Last day: day90 of the test, or a date.")]
Begin = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day. Default: the signature, or two weeks before the test.")
]
Events = Annotated[Path | None, typer.Option("--events", help="What comes to pass (docs/clock.md). Default: nothing is ever confirmed.")]
Zone = Annotated[str, typer.Option("--timezone", help="The readers' time zone.")]
Hour = Annotated[int | None, typer.Option("--hour", min=0, max=23, help="The hour of the daily message. Default: as in the settings.")]
Kinds = Annotated[bool, typer.Option("--kinds", help="Only what goes out on which day, a line each.")]

READERS = ("rep", "leadership", "account-manager")
"""Roles that the clock writes to."""


def simulate(
    deal: Terms,
    *,
    until: Until = "day90",
    begin: Begin = None,
    events: Events = None,
    timezone: Zone = "America/New_York",
    hour: Hour = None,
    kinds: Kinds = False,
) -> None:
    """Show every message that would go out for a deal, day by day. Nothing is sent, and no store is needed."""
    terms = read_deal(deal)
    first = _day("--from", begin, terms) if begin else min(terms.signed or date.max, terms.test.starts - timedelta(days=14))
    last = _day("--until", until, terms)
    if last < first:
        raise Trouble(f"--until {until} is before the first day, {first}; write a later one, or an earlier --from")
    scene = _scene(terms, events, zone_named(timezone), hour, first)
    console = console_for_reading()
    counts: Counter[str] = Counter()
    for sent in rehearse(scene, first, last):
        counts[sent.to] += 1
        _show(console, terms, sent, zone_named(timezone), kinds=kinds)
    _close(console, terms, counts, (last - first).days + 1)


def _scene(terms: Deal, events: Path | None, zone: ZoneInfo, hour: int | None, first: date) -> Scene:
    readers = tuple(
        (Reader(person.id, zone.key, terms.country, terms.state), person.role) for person in terms.people if person.role in READERS
    )
    if not readers:
        raise Trouble("nobody in this deal would get a message: name a person with role: rep")
    theirs = habits(settings().model_copy(update={"clock": "on"}))
    theirs = replace(theirs, hour=theirs.hour if hour is None else hour, zone=zone.key)
    if events is None:
        return Scene(terms, readers=readers, since=first, habits=theirs)
    try:
        found = parse_events(decode(events.read_bytes()), str(events), terms)
    except OSError as refused:
        raise Trouble(f"{events}: cannot be read: {refused.strerror or refused}") from None
    except NotReadable as reason:
        raise Trouble(f"{events}: {reason}") from None
    if found.mistakes:
        raise Trouble("\n".join(found.mistakes))
    return Scene(terms, found.beats, readers, found.down, first, theirs)


def _day(option: str, given: str, terms: Deal) -> date:
    try:
        return day_of(given, terms)
    except Wrong as reason:
        raise Trouble(f"{option} {given}: {reason}, or a day of the test such as day90") from None


def _show(console: Console, terms: Deal, sent: Sent, zone: ZoneInfo, *, kinds: bool) -> None:
    there = sent.at.astimezone(zone)
    person = terms.person(sent.to)
    name = person.name if person else sent.to
    when = f"{there:%a} {there.day} {there:%b %Y}"
    if kinds:
        console.print(Text.assemble((f"{when:<16}", "bold"), f"  {name}: ", ", ".join(sent.kinds)))
        return
    console.print(Text(f"── {when}, {there:%H:%M %Z}, to {name} ({person.role if person else 'reader'})", style="bold cyan"))
    message = daily_message(sent.daily) if sent.daily else brief_message(sent.brief) if sent.brief else None
    for line in as_text(message).split("\n") if message else ():
        for part in Text(line).wrap(console, console.width - 4) or [Text()]:
            part.rstrip()
            console.print(Text.assemble("   ", part))
    console.print()


def _close(console: Console, terms: Deal, counts: Counter[str], days: int) -> None:
    told = [f"{count} to {person.name if (person := terms.person(who)) else who}" for who, count in counts.most_common()]
    console.print(Text(f"{counts.total()} messages in {days} days{': ' if told else ''}{', '.join(told)}", style="bold"))
