"""`jumpin read`: what the reader sees in a sentence, before any judging."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.commands import lines
from bot.commands.explanation import of_sentence
from bot.commands.report import console_for_reading, print_rows
from bot.commands.scan import starts_at
from bot.language.model.guess import guess
from bot.language.own_words import answering
from bot.language.read import read as read_utterance
from bot.language.statement import Side, Utterance, Vocabulary
from store.sources.plain import NotReadable, from_json
from templates.explained import Row, rows
from templates.quote import clean

Said = Annotated[
    list[str] | None, typer.Argument(metavar="[TEXT]...", help="Messages, each in quotes; without any, one per line of standard input.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per message instead of readable lines.")]
SaidAt = Annotated[
    str | None, typer.Option("--said-at", metavar="TIME", help="When it was said, for words such as tomorrow: 2026-11-02T09:00.")
]

_SIDES: dict[str, Side] = {"customer": "customer", "implementation": "implementation", "own": "own", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to read, with what was said before it."""

    said: Utterance
    before: tuple[Utterance, ...] = ()


def read(said: Said = None, *, as_json: Json = False, said_at: SaidAt = None) -> None:
    """Show what the reader sees in messages: quantities, statements and their rules, what the trained reader thinks. No deal is needed."""
    at = starts_at(said_at)
    console = console_for_reading()
    for line in said or _standard_input():
        asked = asked_in(line, at)
        words = Vocabulary()
        own, before = answering(asked.said, asked.before)
        reading = guess(own, before, words, read_utterance(own, before, words))
        explanation = of_sentence(asked.said.text, reading)
        if as_json:
            told = lines.explanation_of(explanation)
            sys.stdout.write(lines.line({"text": asked.said.text, **lines.reading_of(reading), "explained": told}))
        else:
            _show(console, asked.said.text, rows(explanation))


def asked_in(line: str, at: datetime | None) -> Asked:
    """A line as a message: as JSON when it is an object with `text` (and perhaps `before` and `side`), else as it stands."""
    plain: object = None
    if line.lstrip().startswith("{"):
        try:
            plain = from_json(line)
        except NotReadable:
            plain = None  # a brace is no promise: people write those too
    if not isinstance(plain, dict) or not isinstance(plain.get("text"), str):
        return Asked(Utterance(line, "customer", at=at, key="0"))
    earlier = plain.get("before")
    before = (_utterance(one, at, number) for number, one in enumerate(earlier if isinstance(earlier, list) else [], start=1))
    return Asked(_utterance(plain, at, 0), tuple(before))


def _utterance(plain: object, at: datetime | None, number: int) -> Utterance:
    if isinstance(plain, dict):
        side = _SIDES.get(str(plain.get("side")), "customer" if number == 0 else "unknown")
        return Utterance(str(plain.get("text", "")), side, str(plain.get("speaker", "")), at, str(number))
    return Utterance(plain if isinstance(plain, str) else json.dumps(plain), "unknown", at=at, key=str(number))


def _standard_input() -> Iterator[str]:
    for number, raw in enumerate(sys.stdin.buffer):
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        yield line.removeprefix("\ufeff") if number == 0 else line


def _show(console: Console, text: str, seen: list[Row]) -> None:
    console.print(Text(clean(text, 2000), style="bold"))
    print_rows(console, seen or [("nothing", "that concerns volumes or terms")])
