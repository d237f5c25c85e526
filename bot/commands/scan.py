"""`jumpin scan`: the bot's ears on files, by the same path as the live bot, without Slack."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

import typer

from bot.commands import lines
from bot.commands.opening import settings, strong_reader
from bot.commands.report import Report
from bot.commands.trouble import Trouble
from bot.deal import Deal
from bot.listening import Heard, Second, listen
from store.sources.conversation import Conversation
from store.sources.deal_file import parse_deal
from store.sources.files import Call, read_talk
from store.sources.plain import NotReadable, decode

Files = Annotated[
    list[Path], typer.Argument(help="Conversation files, Slack exports (channel folder, day file, .zip), transcripts or .jsonl.")
]
DealOption = Annotated[Path | None, typer.Option("--deal", help="Deal file with the agreed terms, for talk that brings none.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of the readable report.")]
Explain = Annotated[bool, typer.Option("--explain", help="Also what was read in every message, and why it was raised or not.")]
SaidAt = Annotated[str | None, typer.Option("--said-at", metavar="TIME", help="When a transcript's call began: 2026-11-02T10:00.")]
Zone = Annotated[str, typer.Option("--timezone", envvar="JUMPIN_TIMEZONE", help="The customer's time zone where the deal names none.")]


class Readers(StrEnum):
    """Who reads."""

    local = "local"
    both = "both"


Reader = Annotated[
    Readers,
    typer.Option("--reader", help="both: also ask the strong reader (docs/strong-reader.md), for deals whose terms say reader: both."),
]


class Out(Protocol):
    """Where what was heard goes: readable or as JSON lines."""

    def conversation(self, conversation: Conversation, deal: Deal, heard: Iterator[Heard]) -> None:
        """Take one conversation, turn by turn."""

    def close(self) -> None:
        """Everything has been heard."""


class JsonLines:
    """One line per finding or signal; with `explain` one more per message, before its findings."""

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain

    def conversation(self, conversation: Conversation, deal: Deal, heard: Iterator[Heard]) -> None:
        """Print a conversation's lines as they come."""
        for turn in heard:
            if self._explain:
                sys.stdout.write(lines.line(lines.explained(conversation, deal, turn)))
            for finding in turn.hearing.findings:
                sys.stdout.write(lines.line(lines.finding_of(conversation, deal, turn, finding)))

    def close(self) -> None:
        """Nothing is left to say."""


def scan(
    files: Files,
    *,
    deal: DealOption = None,
    as_json: Json = False,
    explain: Explain = False,
    said_at: SaidAt = None,
    timezone: Zone = "America/New_York",
    reader: Reader = Readers.local,
) -> None:
    """Hear what was said in files, as the live bot would: findings, figures and the script for each."""
    terms = read_deal(deal) if deal else None
    call = Call(starts_at(said_at), tuple(person.name for person in terms.people) if terms else ())
    out: Out = JsonLines(explain=explain) if as_json else Report(explain=explain)
    clean = True
    with asked_of(reader) as second:
        for path in files:
            clean = _scan_one(path, _Ears(call, terms, zone_named(timezone), second, explain), out) and clean
    out.close()
    if not clean:
        raise typer.Exit(2)


def read_deal(path: Path) -> Deal:
    """The deal of a deal file; Trouble with a line per mistake."""
    try:
        found = parse_deal(decode(path.read_bytes()), str(path))
    except NotReadable as reason:
        raise Trouble(f"{path}: {reason}") from None
    except OSError as refused:
        raise Trouble(f"{path}: cannot be read: {refused.strerror or refused}") from None
    if found.deal is None:
        raise Trouble("\n".join(found.mistakes))
    return found.deal


def starts_at(said_at: str | None) -> datetime | None:
    """The time given on the command line."""
    try:
        return datetime.fromisoformat(said_at) if said_at else None
    except ValueError:
        raise Trouble(f"--said-at {said_at} is not a time; write the local time such as 2026-11-02T10:00") from None


def zone_named(name: str) -> ZoneInfo:
    """The time zone given on the command line."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Trouble(f"--timezone {name} is not a time zone; write a name such as America/New_York") from None


@contextmanager
def asked_of(reader: Readers) -> Iterator[Second | None]:
    """How to ask the strong reader, one question after the other; None where nobody wants to."""
    if reader is Readers.local:
        yield None
        return
    strong = strong_reader(settings().model_copy(update={"reader": "both"}))
    assert strong is not None
    with asyncio.Runner() as runner:
        try:
            yield lambda asking: runner.run(strong.opinion(asking))
        finally:
            runner.run(strong.close())


@dataclass(frozen=True, slots=True)
class _Ears:
    """How files are heard: when a call began and who was there, the terms given, the time zone, and the strong reader."""

    call: Call
    terms: Deal | None
    zone: ZoneInfo
    second: Second | None
    thorough: bool


def _scan_one(path: Path, ears: _Ears, out: Out) -> bool:
    """Scan all that one argument holds; whether everything could be used."""
    call, terms = ears.call, ears.terms
    clean = True
    for found in read_talk(path, call):
        say(found.notes)
        say(found.mistakes)
        clean = clean and not found.mistakes
        for conversation in found.conversations:
            deal = terms or conversation.deal
            if deal is None:
                if not found.mistakes:
                    say([f"{path}: {conversation.id}: brings no deal; give its terms with --deal FILE"])
                clean = False
            elif terms and conversation.channel and terms.channels and not set(conversation.channel) & set(terms.channels):
                say([f"{path}: {conversation.channel[0]} is not a channel of {terms.customer} and was left out"])
            else:
                if ears.second and deal.reader != "both":
                    say([f"{path}: {conversation.id}: the deal does not say reader: both; nothing of it was sent"])
                out.conversation(conversation, deal, listen(conversation, deal, ears.zone, ears.second, thorough=ears.thorough))
    return clean


def say(sentences: tuple[str, ...] | list[str]) -> None:
    """Sentences to the user on standard error, beside whatever is printed."""
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
