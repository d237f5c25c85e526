"""The readable report of a scan: per finding who said what when, both figures and the script; at the end the count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.explanation import of_heard
from bot.commands.lines import terms_of_day
from bot.commands.opinions import told
from bot.deal import Deal
from bot.listening import Heard
from bot.playbook.explanation import Explanation
from bot.playbook.finding import Finding
from bot.playbook.scenarios import title
from store.sources.conversation import Conversation
from templates.explained import Row, rows
from templates.quote import clean
from templates.words import headline, script

WIDEST = 100
"""Columns: longer lines are hard to read, however wide the terminal is."""

LABEL = 9
"""Columns of what a row of an explanation is about."""

_MARKS = {"now": ("DM now", "bold red"), "digest": ("daily digest", "yellow"), "log": ("signal", "green")}

_ROW_STYLES = {"raised": "bold", "signal": "bold", "held": "bold", "nothing": "dim", "like": "dim", "note": "dim"}


class Report:
    """Prints conversations as they are heard, and keeps count; with `explain` every message and what was read in it."""

    def __init__(self, *, explain: bool, console: Console | None = None) -> None:
        self._console = console or console_for_reading()
        self._explain = explain
        self._talks = self._messages = self._quiet = 0
        self._raised: dict[str, Counter[str]] = {}
        self._held: Counter[str] = Counter()

    def conversation(self, conversation: Conversation, deal: Deal, heard: Iterator[Heard]) -> None:
        """Print one conversation: nothing for a quiet one, unless every message is to be explained."""
        self._talks += 1
        opened = self._explain
        if opened:
            self._open(conversation, deal)
        sent = False
        for turn in heard:
            self._messages += 1
            if self._explain:
                self._message(turn, of_heard(turn, deal, conversation.id))
            if turn.hearing.findings and not opened:
                self._open(conversation, deal)
                opened = True
            if turn.hearing.findings and not self._explain:
                self._head(turn)
            for finding in turn.hearing.findings:
                self._finding(deal, turn, finding)
                sent = sent or (finding.urgency == "now" and not finding.suppressed)
        self._quiet += not sent

    def close(self) -> None:
        """Print the count."""
        total = Text(
            f"{_many(self._talks, 'conversation')} ({self._quiet:,} without a DM), {_many(self._messages, 'message')}", style="bold"
        )
        counts = Table.grid(padding=(0, 2))
        counts.add_column(justify="right")
        counts.add_column(no_wrap=True)
        counts.add_column()
        for urgency, (mark, style) in _MARKS.items():
            raised = self._raised.get(urgency, Counter())
            if raised or urgency == "now":
                kinds = ", ".join(f"{title(scenario)} {count:,}" for scenario, count in raised.most_common())
                counts.add_row(f"{raised.total():,}", Text(mark, style=style if raised else "dim"), kinds)
        if self._held:
            counts.add_row(f"{self._held.total():,}", "held back", ", ".join(f"{why} {count:,}" for why, count in self._held.most_common()))
        self._console.print(Text("─" * self._console.width, style="dim"))
        self._console.print(total)
        self._console.print(counts)

    def _open(self, conversation: Conversation, deal: Deal) -> None:
        count = _many(len(conversation.turns), "message")
        line = Text.assemble((clean(conversation.id, 60), "bold"), f" · {clean(deal.customer, 60)} · {conversation.medium}, {count}")
        self._console.print(Text("─" * self._console.width, style="dim"))
        self._console.print(line)

    def _head(self, heard: Heard) -> None:
        self._console.print()
        self._console.print(Text.assemble(_when(heard.at), "  ", (_who(heard), "bold"), (f"  #{heard.turn.key}", "dim")))

    def _message(self, heard: Heard, explanation: Explanation) -> None:
        self._head(heard)
        self._lines(Text(clean(heard.turn.text, 2000)), 2)
        print_rows(self._console, rows(explanation))
        for line in told(heard.opinion):
            self._lines(Text(line, style="magenta"), 4)

    def _finding(self, deal: Deal, heard: Heard, finding: Finding) -> None:
        deal = terms_of_day(deal, heard)
        if finding.suppressed:
            self._held[finding.suppressed] += 1
        else:
            self._raised.setdefault(finding.urgency, Counter())[finding.scenario] += 1
        mark, style = _MARKS[finding.urgency]
        if finding.suppressed:
            mark, style = f"{mark}: held back, {finding.suppressed}", "dim"
        self._lines(Text.assemble((mark, style), "  ", (title(finding.scenario), "bold")), 2)
        self._lines(Text(headline(finding, deal)), 2)
        self._lines(Text(f"“{clean(finding.quote)}”", style="italic"), 2)
        words = script(finding, deal, heard.name) if not finding.suppressed else ""
        if words:
            self._lines(Text(words), 4, "│ ")

    def _lines(self, text: Text, columns: int, mark: str = "") -> None:
        """Print a text wrapped and indented, without the blanks at line ends that would spoil copying."""
        for line in text.wrap(self._console, self._console.width - columns - len(mark)) or [Text()]:
            line.rstrip()
            self._console.print(Text.assemble(" " * columns, (mark, "blue"), line))


def print_rows(console: Console, found: Iterable[Row]) -> None:
    """Rows of an explanation, what each is about on the left, wrapped beside it."""
    before = ""
    for about, sentence in found:
        label = "" if about == before else about
        before = about
        lines = Text(sentence, style=_ROW_STYLES.get(about, "")).wrap(console, console.width - 4 - LABEL)
        for number, line in enumerate(lines):
            line.rstrip()
            console.print(Text.assemble(" " * 4, (f"{label if number == 0 else '':<{LABEL}}", "cyan"), line))


def console_for_reading() -> Console:
    """A console as wide as reads well; plain text where the output is no terminal."""
    console = Console(highlight=False, soft_wrap=False)
    console.width = min(console.width, WIDEST)
    return console


def _who(heard: Heard) -> str:
    return f"{clean(heard.name or heard.speaker or 'unknown speaker', 60)} ({'our side' if heard.side == 'own' else heard.side})"


def _when(at: datetime | None) -> str:
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}" if at else "no time"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
