"""Acme's deal with the strong reader switched on, and messages of its channel as they were heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from bot.deal import Deal
from bot.ears import Hearing, Talk, hear
from bot.language.statement import Side, Utterance
from bot.playbook.finding import Finding
from bot.strong.question import Asking

BEFORE, TESTING, AFTER = date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 18)


def acme(**other: Any) -> Deal:
    """150 a day from 2 November for two weeks, then 500."""
    fields: dict[str, Any] = {
        "customer": "Acme Outfitters",
        "people": [
            {"id": "UDANA", "name": "Dana Ortiz", "role": "customer"},
            {"id": "UIVAN", "name": "Ivan Petrov", "role": "implementation"},
            {"id": "URILEY", "name": "Riley Chen", "role": "rep"},
        ],
        "volume": {"committed_per_day": 500, "annual": 130000},
        "test": {"volume_per_day": 150, "starts": "2026-11-02", "weeks": 2, "success": ["Priya Nair signs off"]},
        "price": [{"service": "Expedited", "per_package": 4.85}],
        "reader": "both",
    }
    return Deal.model_validate(fields | other)


def said(text: str, speaker: str = "UDANA", side: Side = "customer", day: date = TESTING, key: str = "9") -> Utterance:
    """A message on that day."""
    return Utterance(text, side, speaker, datetime.combine(day, time(12)), key)


def heard(utterance: Utterance, before: Sequence[Utterance] = (), deal: Deal | None = None) -> Asking:
    """A message as the bot really hears it."""
    talk, deal = Talk(), deal or acme()
    for other in before:
        talk.add(other)
    hearing = hear(deal, talk, utterance)
    return Asking(deal, utterance, talk.before(utterance), hearing)


def suspected(utterance: Utterance, *scenarios: str, deal: Deal | None = None, before: Sequence[Utterance] = ()) -> Asking:
    """The same, where the local reader suspects exactly these scenarios in the whole message and is unsure."""
    about = heard(utterance, before, deal)
    found = tuple(waiting(scenario, utterance.text) for scenario in scenarios)
    return Asking(about.deal, utterance, about.before, Hearing(about.hearing.reading, found), about.names)


def waiting(scenario: str, quote: str) -> Finding:
    """A finding that waits among the open ones."""
    return Finding(scenario, quote, "by hand", "digest", "customer", "test", 3, rule="trained reader", sure=0.6)
