"""What scan and read print for machines: one JSON object a line, whole numbers without a point."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from bot.commands.listening import Heard
from bot.commands.opinions import plain
from bot.deal import Deal
from bot.language.statement import Quantity, Reading, Statement
from bot.playbook.finding import Finding
from store.sources.conversation import Conversation
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


def explained(conversation: Conversation, heard: Heard) -> dict[str, Any]:
    """What was read in a message, and why nothing was raised, if nothing was."""
    return {
        "conversation": conversation.id,
        "message": heard.turn.key,
        "at": moment(heard.at),
        "speaker": heard.speaker,
        "side": heard.side,
        "text": heard.turn.text,
        "silent": heard.hearing.silent,
        **reading_of(heard.hearing.reading),
        **({"strong": plain(heard.opinion)} if heard.opinion else {}),
    }


def reading_of(reading: Reading) -> dict[str, Any]:
    """Quantities, statements and notes of a reading."""
    return {
        "quantities": [quantity_of(quantity) for quantity in reading.quantities],
        "statements": [statement_of(statement) for statement in reading.statements],
        "notes": list(reading.notes),
    }


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
