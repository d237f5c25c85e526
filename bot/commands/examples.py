"""`jumpin examples`: the messages whose reading somebody corrected, listed, and written as labelled conversation files."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from bot.commands import private
from bot.commands.opening import settings
from bot.commands.report import console_for_reading
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from store import deals, examples
from store.examples import Example
from store.records import KnownDeal
from store.sources.deal_file import export_known
from templates.check import entry_words
from templates.quote import clean

app = typer.Typer(no_args_is_help=True, help="Examples: messages whose reading somebody corrected, for those who train the reader.")

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="A folder (one file a deal, as in tests/conversations) or a .jsonl file. Default: print JSONL."),
]

WARNING = (
    "Note: these examples hold customers' own words and the terms agreed with them. Keep them where such things may be kept, and take out "
    "what must not be seen before you share them."
)

Pair = tuple[KnownDeal, list[Example]]


@app.command("list")
def list_examples() -> None:
    """All examples: what was said, what was heard, and what is right."""
    found = asyncio.run(_all(settings().database_url))
    if not found:
        typer.echo("No examples yet. “Check against deal” in a message's menu in Slack makes one: correct the reading there.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in ("customer", "said", "heard", "right", "by"):
        table.add_column(column, overflow="fold")
    for known, ones in found:
        for one in ones:
            told = (_words(one.heard), _words(one.expected), one.by)
            table.add_row(Text(clean(known.deal.customer, 40)), Text(clean(one.text, 120)), *map(Text, told))
    console_for_reading().print(table)


@app.command()
def export(*, output: Output = None) -> None:
    """Write all examples as labelled conversations, one for each deal: what is right stands under `expect`."""
    stored = settings()
    found = asyncio.run(_all(stored.database_url))
    talks = [conversation(known, ones, stored.timezone) for known, ones in found]
    if not talks:
        typer.echo("No examples yet: nothing was written.", err=True)
        return
    typer.echo(WARNING, err=True)
    if output is None:
        sys.stdout.write(_lines(talks))
        return
    count = f"{len(talks)} conversation{'' if len(talks) == 1 else 's'}"
    try:
        if output.suffix.lower() == ".jsonl":
            private.write(output, _lines(talks))
        else:
            output.mkdir(parents=True, exist_ok=True)
            for talk in talks:
                file = output / f"{talk['id']}.json"
                private.write(file, json.dumps(talk, ensure_ascii=False, indent=1) + "\n")
    except OSError as refused:
        raise Trouble(f"{output}: cannot be written: {refused.strerror or refused}") from None
    typer.echo(f"{count} written to {output}")


def conversation(known: KnownDeal, ones: Sequence[Example], default_zone: str) -> dict[str, Any]:
    """One deal's examples as a labelled conversation; people are ids, times the customer's own."""
    zone = ZoneInfo(known.deal.timezone or default_zone)
    deal = json.loads(export_known(known, as_json=True))
    messages: list[dict[str, Any]] = []
    for number, one in enumerate(ones, start=1):
        at = one.origin.said_at.astimezone(zone).replace(tzinfo=None, microsecond=0)
        message: dict[str, Any] = {"n": number, "at": at.isoformat(), "speaker": one.origin.speaker, "side": one.side, "text": one.text}
        messages.append(message | ({"expect": list(one.expected)} if one.expected else {}))
    return {"id": f"x-{known.id:03d}", "medium": "slack", "deal": deal, "messages": messages}


def _lines(talks: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(talk) + "\n" for talk in talks)


def _words(entries: Sequence[dict[str, Any]]) -> str:
    return "; ".join(map(entry_words, entries)) or "nothing"


async def _all(url: str) -> list[Pair]:
    async with opened(url) as store, store.reading() as s:
        known = {one.id: one for one in await deals.all_deals(s)}
        found = groupby(await examples.of_deals(s), key=lambda one: one.deal_id)
        return [(known[number], list(ones)) for number, ones in found]
