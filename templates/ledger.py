"""The answers of /deal-terms: the terms in force, what is to change, how they came about, and the deal as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.deal import Amendment, Deal, Term, plain_term
from bot.ledger import TERMS, changes
from templates.kit import SCRIPT, Block, Message, button, copyable, header, lines, link, moment, section, usable
from templates.quote import neutral
from templates.term_words import LABELS, long_day, term_words

CHANGE, EXPORT = "jumpin-terms-change", "jumpin-terms-export"
"""Action ids of the buttons; a button's value is the deal's id."""

MOST_LINES = 12
"""Lines of history shown; the deal file has all."""

MOST_PIECES = 4
"""Pieces of a deal file in one message; Slack takes about 13,000 characters of blocks."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The terms as somebody entered them: by whom (Slack user id or login), from where, when (UTC)."""

    deal: Deal
    by: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TermsView:
    """A deal with its ledger, and all terms that were entered, oldest first; `today` is the customer's calendar day."""

    deal: Deal
    deal_id: int
    today: date
    entered: Sequence[Entered] = ()
    timezone: str = "America/New_York"


def terms_card(view: TermsView) -> Message:
    """The terms in force today, those to come, and the history."""
    there, zone = view.deal.on(view.today), ZoneInfo(view.timezone)
    agreed = {term: value for term in TERMS if (value := plain_term(there, term)) is not None}
    fields = [_field(LABELS[term], term_words(term, value)) for term, value in agreed.items()]
    blocks: list[Block] = [header("— terms", of=view.deal.customer), lines(f"In force on {long_day(view.today)}")]
    blocks += [{"type": "section", "fields": fields[first : first + 10]} for first in range(0, len(fields), 10)]
    coming = [one for one in view.deal.amendments if one.effective > view.today]
    if coming:
        blocks.append(section(_listed("Agreed, but not in force yet", [partial(_amendment, one, zone) for one in coming])))
    blocks.append(section(_listed("History", _history(view, zone))))
    value = str(view.deal_id)
    buttons = [button("Terms have changed", CHANGE, value), button("As deal file", EXPORT, value)]
    blocks.append({"type": "actions", "elements": buttons})
    return Message(f"{neutral(view.deal.customer)}: terms in force on {long_day(view.today)}", blocks)


def file_message(customer: str, text: str) -> Message:
    """A deal file to copy, in as many pieces as Slack's limits ask for."""
    pieces = _pieces(text)
    blocks = [lines(f"Deal file of *{neutral(customer, 80)}*, to copy:"), *map(copyable, pieces[:MOST_PIECES])]
    if len(pieces) > MOST_PIECES:
        blocks.append(lines("It goes on: `jumpin deals export` writes the whole file."))
    return Message(f"Deal file of {neutral(customer, 80)}", blocks)


def terms_fields(deal: Deal) -> str:
    """Every term that is agreed, one a line, for mrkdwn."""
    agreed = ((term, plain_term(deal, term)) for term in TERMS)
    return "\n".join(f"*{LABELS[term]}* {neutral(term_words(term, value), 200)}" for term, value in agreed if value is not None)


def change_words(term: Term, old: Any, new: Any) -> str:
    """As "*Test volume* 150/day → 120/day", for mrkdwn."""
    return f"*{LABELS[term]}* {neutral(term_words(term, old), 200)} → {neutral(term_words(term, new), 200)}"


def terms_help() -> Message:
    """How the command is used."""
    text = (
        "*/deal-terms* — the terms of this channel's deal, and how they came about\n"
        "*/deal-terms Acme* — by the customer's name; part of it is enough\n"
        "*/deal-terms help* — this text\n"
        "*Terms have changed* records what was newly agreed: from which day, with whom, and where it was said. Nothing is overwritten.\n"
        "Only you see the answer, and only your own deals are shown."
    )
    return Message(text, [section(text)])


def _field(label: str, words: str) -> Block:
    return {"type": "mrkdwn", "text": f"*{label}*\n{neutral(words)}", "verbatim": True}


def _listed(title: str, told: Sequence[Callable[[], str]]) -> str:
    """The first lines; the others, of which there may be hundreds, are only counted."""
    more = [f"… and {len(told) - MOST_LINES} more, in the deal file"] if len(told) > MOST_LINES else []
    return "\n".join([f"*{title}*", *(f"• {line()}" for line in told[:MOST_LINES]), *more])


def _history(view: TermsView, zone: ZoneInfo) -> list[Callable[[], str]]:
    """Newest first: amendments, what was entered without one, and the first terms."""
    told: list[tuple[datetime, Callable[[], str]]]
    told = [(one.at or _EARLIEST, partial(_amendment, one, zone)) for one in view.deal.amendments]
    amended = {(one.term, repr(one.new)) for one in view.deal.amendments}
    before: Deal | None = None
    for entry in view.entered:
        corrected = changes(before, entry.deal) if before else []
        plain = [one for one in corrected if (one[0], repr(one[2])) not in amended]
        if before is None or plain:
            told.append((entry.at, partial(_entered, entry, plain, zone)))
        before = entry.deal
    return [line for _, line in sorted(told, key=lambda one: one[0], reverse=True)] or [lambda: "nothing recorded"]


def _entered(entry: Entered, corrected: Sequence[tuple[Term, Any, Any]], zone: ZoneInfo) -> str:
    who = f"{_who(entry.by)}, {neutral(entry.source, 60)}, {moment(entry.at, zone)}"
    if not corrected:
        return f"first terms: {who}"
    return f"corrected, for all days: {'; '.join(change_words(*one) for one in corrected)[:600]} — {who}"


def _amendment(one: Amendment, zone: ZoneInfo) -> str:
    agreed = f"{neutral(one.ours, 60)} with {neutral(one.theirs, 60)}"
    where = f" · {link(one.link, 'where it was said') if usable(one.link) else neutral(one.link, 120)}" if one.link else ""
    recorded = f" · recorded by {_who(one.by)}" + (f", {moment(one.at, zone)}" if one.at else "") if one.by else ""
    return f"from {long_day(one.effective)}: {change_words(one.term, one.old, one.new)} — {agreed}{where}{recorded}"


def _who(by: str) -> str:
    slack = by[:1] in "UW" and by.isalnum() and by.isupper()
    return f"<@{by}>" if slack else neutral(by, 60)


def _pieces(text: str) -> list[str]:
    """The text in pieces that fit a code block, cut at ends of lines where there are any."""
    pieces = [""]
    for line in text.splitlines(keepends=True):
        for part in (line[first : first + SCRIPT] for first in range(0, len(line), SCRIPT)):
            if len(pieces[-1]) + len(part) > SCRIPT:
                pieces.append("")
            pieces[-1] += part
    return pieces


_EARLIEST = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
