"""`jumpin call`: the report of a call that a rep gets after it, from a transcript, without Slack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.text import Text

from bot.calls.belongs import Belonging
from bot.commands.opening import scripts, settings
from bot.commands.report import console_for_reading
from bot.commands.scan import read_deal, say, starts_at, zone_named
from bot.commands.trouble import Trouble
from bot.deal import Deal, Role
from bot.listening import Heard, doubt_of, listen, report_of
from bot.names import told
from store.sources.conversation import Conversation
from store.sources.files import Call, read_talk
from templates.call import CallView, Part, about, call_headline, call_report, parts

File = Annotated[Path, typer.Argument(help="The call's transcript: .vtt, .srt, .txt, .docx or a conversation file.")]
DealOption = Annotated[Path | None, typer.Option("--deal", help="Deal file with the agreed terms, for a call that brings none.")]
SaidAt = Annotated[str | None, typer.Option("--said-at", metavar="TIME", help="When the call began: 2026-11-02T10:00.")]
Zone = Annotated[str, typer.Option("--timezone", envvar="JUMPIN_TIMEZONE", help="The customer's time zone where the deal names none.")]
Anyway = Annotated[bool, typer.Option("--anyway", help="Report even if the call does not seem to be of this deal.")]
Who = Annotated[list[str] | None, typer.Option("--who", metavar="NAME=ID", help="Who a speaker is: an id of the deal's people, or a role.")]
AsBlocks = Annotated[bool, typer.Option("--blocks", help="The message as JSON for Slack's Block Kit Builder.")]

_DOUBTS = {
    "another-customer": "names {other}, and nobody and nothing of {customer}",
    "nobody-known": "has no speaker who is among the people of {customer}",
    "no-names": "names no speakers, and never {customer}",
    "not-about-shipping": "is hardly about shipping, and never names {customer}",
}


def call(
    file: File,
    *,
    deal: DealOption = None,
    said_at: SaidAt = None,
    timezone: Zone = "America/New_York",
    anyway: Anyway = False,
    who: Who = None,
    blocks: AsBlocks = False,
) -> None:
    """Report a call as the rep would get it afterwards: what to set right, promises, open questions, and a follow-up email."""
    terms = read_deal(deal) if deal else None
    names = tuple(person.name for person in terms.people) if terms else ()
    found = list(read_talk(file, Call(starts_at(said_at), names)))
    for one in found:
        say(one.notes)
        say(one.mistakes)
    talks = [conversation for one in found for conversation in one.conversations]
    if len(talks) != 1:
        if not talks and any(one.mistakes for one in found):  # said above already
            raise typer.Exit(2)
        raise Trouble(f"{file}: holds {len(talks)} conversations; name the file of one call")
    [conversation] = talks
    agreed = terms or conversation.deal
    if agreed is None:
        raise Trouble(f"{file}: brings no deal; give its terms with --deal FILE")
    known = _known(who or [], agreed)
    doubt = doubt_of(conversation, agreed, known=known)
    if doubt.asks and not anyway:
        raise Trouble(f"{file}: {doubt_in_words(doubt, agreed)}. If it is this deal's call all the same, add --anyway")
    view = view_of(conversation, agreed, list(listen(conversation, agreed, zone_named(timezone), known=known)))
    if blocks:
        sys.stdout.write(json.dumps({"blocks": call_report(view).blocks}, indent=1) + "\n")
    else:
        _print(console_for_reading(), view)
    if any(one.mistakes for one in found):
        raise typer.Exit(2)


def doubt_in_words(doubt: Belonging, deal: Deal) -> str:
    """Why one should ask, as the end of a sentence about the file."""
    assert doubt.doubt is not None
    return _DOUBTS[doubt.doubt].format(other=doubt.other, customer=deal.customer)


def view_of(conversation: Conversation, deal: Deal, heard: Sequence[Heard]) -> CallView:
    """The report of a call that was heard, as it is shown on the day of the call."""
    made = report_of(heard, deal)
    return CallView(conversation.id, made, deal.on(made.day), made.day, scripts(settings(), lambda _wrong: None))


def _answer(given: str, deal: Deal) -> tuple[str, str]:
    name, _, answer = given.rpartition("=")
    if not name.strip() or (deal.person(answer.strip()) is None and answer.strip() not in get_args(Role)):
        ids = ", ".join(person.id for person in deal.people)
        raise Trouble(f"--who {given}: write NAME=ID with one of {ids}, or a role such as customer")
    return told(name), answer.strip()


def _known(answers: Sequence[str], deal: Deal) -> dict[str, str]:
    return dict(_answer(one, deal) for one in answers)


def _print(console: Console, view: CallView) -> None:
    console.print(Text(call_headline(view), style="bold"))
    console.print(Text(about(view), style="dim"))
    for part in parts(view):
        for line in _rows(part):
            _wrapped(console, line)


def _rows(part: Part) -> Iterator[Text]:
    yield Text()
    yield Text(part.heading, style="bold")
    if part.small:
        yield Text(f"  {part.small}", style="dim")
    if part.quote:
        yield Text(f"  “{part.quote}”", style="italic")
    for one in part.told:
        yield Text(f"  - {one}")
    for line in part.copy.split("\n") if part.copy else ():
        yield Text.assemble(("  │ ", "blue"), line)


def _wrapped(console: Console, line: Text) -> None:
    mark = (
        "  │ "
        if line.plain.startswith("  │ ")
        else "    "
        if line.plain.startswith("  - ")
        else "  "
        if line.plain.startswith("  ")
        else ""
    )
    for number, piece in enumerate(line.wrap(console, console.width - len(mark)) or [Text()]):
        piece.rstrip()
        console.print(piece if number == 0 else Text.assemble((mark, "blue" if "│" in mark else ""), piece))
