"""What `jumpin backtest` prints: the readable report, and the same as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.backtest.gaps import Gap
from bot.backtest.hits import Came, Heard, Hit, Opinion
from bot.backtest.precision import Precision
from bot.commands.lines import number
from bot.playbook.scenarios import title
from templates.backtest import CAME, MOST_GAPS, bar_words, gap_words, said_words, summary
from templates.quote import clean

MOST_DMS = 40
"""Direct messages listed; the page and --json have them all."""

_STYLES: dict[Came, str] = {"dm": "bold red", "same-day": "red", "digest": "yellow", "signal": "green", "repeat": "dim"}


def show(console: Console, name: str, heard: Heard, made: Sequence[Gap] | None, exact: Sequence[Precision]) -> None:
    """Print the report."""
    for line in summary(name, heard):
        console.print(Text(line, style="bold"))
    console.print()
    counts = Table.grid(padding=(0, 2))
    counts.add_column(justify="right")
    counts.add_column(no_wrap=True)
    counts.add_column()
    for came, words in CAME.items():
        found = heard.counts.get(came, Counter())
        kinds = ", ".join(f"{title(scenario)} {count:,}" for scenario, count in found.most_common())
        counts.add_row(f"{found.total():,}", Text(words, style=_STYLES[came]), Text(kinds))
    console.print(counts)
    _dms(console, [hit for hit in heard.hits if hit.came == "dm"])
    if made is not None:
        _gaps(console, made)
    if exact:
        _precision(console, exact)


def _dms(console: Console, told: Sequence[Hit]) -> None:
    if not told:
        return
    console.print(Text("\nDirect messages", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for hit in told[:MOST_DMS]:
        words = Text.assemble((title(hit.finding.scenario), "bold"), f"\n{said_words(hit)}")
        table.add_row(f"{hit.day:%a} {hit.day.day} {hit.day:%b %Y}", Text(clean(hit.customer, 24)), words)
    console.print(table)
    if len(told) > MOST_DMS:
        console.print(f"… and {len(told) - MOST_DMS:,} more (--html FILE or --json shows all)")


def _gaps(console: Console, made: Sequence[Gap]) -> None:
    announced = sum(bool(gap.announced) for gap in made)
    console.print(Text(f"\nGaps in volume: {len(made):,}, of them {announced:,} announced in words before", style="bold"))
    for gap in made[:MOST_GAPS]:
        for line in Text(f"• {gap_words(gap)}").wrap(console, console.width - 2):
            line.rstrip()
            console.print(line)
    if len(made) > MOST_GAPS:
        console.print(f"… and {len(made) - MOST_GAPS:,} smaller ones")


def _precision(console: Console, exact: Sequence[Precision]) -> None:
    console.print(Text("\nJudged by hand", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for one in exact:
        table.add_row(title(one.scenario), f"{one.judged.useful} of {one.judged.decided} useful", Text(bar_words(one)))
    console.print(table)


def plain(heard: Heard, made: Sequence[Gap] | None, exact: Sequence[Precision], judged: Mapping[str, Opinion]) -> dict[str, Any]:
    """The whole result as plain data."""
    return {
        "channels": heard.channels,
        "messages": heard.total,
        "first": heard.first.isoformat() if heard.first else None,
        "last": heard.last.isoformat() if heard.last else None,
        "seconds": round(heard.seconds, 3),
        "counts": {came: dict(heard.counts.get(came, Counter()).most_common()) for came in CAME},
        "hits": [{**_hit(hit), "judged": judged.get(hit.id)} for hit in heard.hits],
        "gaps": None if made is None else [_gap(gap) for gap in made],
        "judged": [
            {
                "scenario": one.scenario,
                "useful": one.judged.useful,
                "judged": one.judged.decided,
                "rests": one.rests,
                "bar": one.bar,
                "above_bar": [one.above.useful, one.above.decided],
                "below_bar": [one.below.useful, one.below.decided],
            }
            for one in exact
        ],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    finding = hit.finding
    return {
        "id": hit.id,
        "customer": hit.customer,
        "channel": hit.channel,
        "ts": hit.key,
        "at": hit.at.isoformat(),
        "speaker": hit.speaker,
        "side": hit.side,
        "scenario": finding.scenario,
        "subject": finding.subject,
        "said_per_day": [number(figure) for figure in finding.said_per_day] if finding.said_per_day else None,
        "agreed_per_day": number(finding.agreed_per_day),
        "quote": finding.quote,
        "sure": round(finding.sure, 3),
        "came": hit.came,
        "settled": hit.settled.isoformat() if hit.settled else None,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "customer": gap.customer,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "days": gap.days,
        "per_day": number(round(gap.per_day, 1)),
        "agreed": gap.agreed,
        "missing": gap.missing,
        "announced_by": [hit.id for hit in gap.announced],
        "days_before": gap.lead,
    }
