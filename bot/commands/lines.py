"""What scan and read print for machines: one JSON object a line, whole numbers without a point."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from bot.commands.explanation import of_heard
from bot.commands.opinions import plain
from bot.deal import Deal
from bot.language.model.hunch import SUBJECT
from bot.language.rates import Range
from bot.language.statement import Quantity, Reading, Statement
from bot.listening import Heard
from bot.playbook.account import Entry
from bot.playbook.explanation import Explanation
from bot.playbook.finding import Finding
from bot.playbook.outcome import Outcome
from store.sources.conversation import Conversation
from templates.verdicts import verdicts
from templates.words import script


def line(values: dict[str, Any]) -> str:
    """A JSON object on one line, plain ASCII so that no terminal or pipe can spoil it."""
    return json.dumps(values, separators=(", ", ": ")) + "\n"


def finding_of(conversation: Conversation, deal: Deal, heard: Heard, finding: Finding) -> dict[str, Any]:
    """A finding or signal with every field of the format."""
    return {
        "conversation": conversation.id,
        "message": heard.turn.key,
        "at": moment(heard.at),
        "speaker": heard.speaker,
        "scenario": finding.scenario,
        "subject": finding.subject,
        "said_per_day": [number(figure) for figure in finding.said_per_day] if finding.said_per_day else None,
        "agreed_per_day": number(finding.agreed_per_day),
        "said": finding.said,
        "agreed": finding.agreed,
        "quote": finding.quote,
        "urgency": finding.urgency,
        "suppressed": finding.suppressed,
        "script": script(finding, terms_of_day(deal, heard), heard.name) or None,
    }


def terms_of_day(deal: Deal, heard: Heard) -> Deal:
    """The deal with the terms in force when something was said."""
    return deal.on(heard.at.date()) if heard.at else deal


def explained(conversation: Conversation, deal: Deal, heard: Heard) -> dict[str, Any]:
    """What was read in a message, and why it was raised or not."""
    return {
        "conversation": conversation.id,
        "message": heard.turn.key,
        "at": moment(heard.at),
        "speaker": heard.speaker,
        "side": heard.side,
        "text": heard.turn.text,
        "silent": heard.hearing.silent,
        **reading_of(heard.hearing.reading),
        "explained": explanation_of(of_heard(heard, deal, conversation.id)),
        **({"strong": plain(heard.opinion)} if heard.opinion else {}),
    }


def reading_of(reading: Reading) -> dict[str, Any]:
    """Quantities, statements and notes of a reading."""
    return {
        "quantities": [quantity_of(quantity) for quantity in reading.quantities],
        "statements": [statement_of(statement) for statement in reading.statements],
        "notes": list(reading.notes),
    }


def explanation_of(explanation: Explanation) -> dict[str, Any]:
    """All of an explanation: what was set aside, each statement beside its term, the trained reader, an example, and the verdict."""
    near = explanation.example
    return {
        "set_aside": [
            {"span": quantity.span, "start": quantity.start, "why": explanation.asides[quantity.start]}
            for quantity in explanation.quantities
            if quantity.start in explanation.asides
        ],
        "statements": [_entry(entry) for entry in explanation.entries],
        "trained_reader": _trained(explanation),
        "example": None
        if near is None
        else {
            "text": near.example.text,
            "labels": list(near.example.labels),
            "conversation": near.example.conversation,
            "similarity": round(near.similarity, 3),
        },
        "verdict": [_outcome(outcome) for outcome in explanation.outcomes],
        "why": [f"{became}: {why}" for became, why in verdicts(explanation)],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    made = entry.statement
    return {
        "act": made.act,
        "about": made.about,
        "quote": made.quote,
        "said_per_day": _range(entry.said),
        "rule": made.rule,
        "sure": round(made.sure, 3),
        "perhaps": entry.perhaps,
        "compared_with": entry.term,
        "came": entry.came,
        "why": entry.why or None,
    }


def _trained(explanation: Explanation) -> dict[str, Any]:
    hunch = explanation.reading.hunch
    if hunch is None or hunch.foreign:
        return {"asked": False, "why_not": explanation.silent or explanation.unasked}
    likeliest = sorted(hunch.labels.items(), key=lambda named: -named[1])
    return {
        "asked": True,
        "any": round(hunch.any, 3),
        "words_alone": round(hunch.any if hunch.alone is None else hunch.alone, 3),
        "second_look": None if hunch.worth is None else round(hunch.worth, 3),
        "labels": {label: round(chance, 3) for label, chance in likeliest if not label.startswith(SUBJECT)},
        "subjects": {label.removeprefix(SUBJECT): round(chance, 3) for label, chance in likeliest if label.startswith(SUBJECT)},
        "figures": [{"span": one.quantity.span, "per_day": _range(one.said), "chance": round(one.chance, 3)} for one in explanation.meant],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    finding = outcome.finding
    return {
        "scenario": finding.scenario if finding else outcome.scenario,
        "subject": finding.subject if finding else None,
        "raised": finding.urgency if finding else None,
        "suppressed": finding.suppressed if finding else None,
        "by": outcome.by,
        "chance": round(outcome.chance, 3),
        "needed": outcome.needed,
        "at_second_look": outcome.second,
    }


def _range(figures: Range | None) -> list[float | int | None] | None:
    return [number(figure) for figure in figures] if figures else None


def quantity_of(quantity: Quantity) -> dict[str, Any]:
    """A quantity as read; a date as ISO, everything else as a number."""
    as_date = quantity.kind == "date"
    return {
        "span": quantity.span,
        "start": quantity.start,
        "end": quantity.end,
        "kind": quantity.kind,
        "low": day(quantity.low) if as_date else number(quantity.low),
        "high": day(quantity.high) if as_date else number(quantity.high),
        "approximate": quantity.approximate,
        "unit": quantity.unit,
        "per": quantity.per,
        "role": quantity.role,
    }


def statement_of(statement: Statement) -> dict[str, Any]:
    """A statement with what it rests on."""
    return {
        "act": statement.act,
        "quote": statement.quote,
        "sure": round(statement.sure, 3),
        "rule": statement.rule,
        "about": statement.about,
        "stance": statement.stance,
        "quantity": statement.quantity.span if statement.quantity else None,
        "notes": list(statement.notes),
    }


def number(figure: float | None) -> float | int | None:
    """A whole number as an integer, others to six places."""
    if figure is None or not math.isfinite(figure):
        return None
    return int(figure) if figure == int(figure) else round(figure, 6)


def moment(at: datetime | None) -> str | None:
    """A local time to the minute, or to the second where there are seconds."""
    return None if at is None else at.isoformat(timespec="seconds" if at.second or at.microsecond else "minutes")


def day(ordinal: float | None) -> str | None:
    """The ISO day of a proleptic ordinal day number."""
    try:
        return None if ordinal is None else datetime.fromordinal(int(ordinal)).date().isoformat()
    except (ValueError, OverflowError):
        return None
