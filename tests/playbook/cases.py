"""Statements as a reader yields them, and what the judge makes of them in Acme's deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from bot.deal import Deal
from bot.language.statement import Quantity, Reading, Side, Statement, Utterance
from bot.playbook.finding import Finding, Raised
from bot.playbook.judge import judge
from tests.said.sayings import standard_deal

BEFORE, TESTING, ENDING, AFTER = date(2026, 10, 28), date(2026, 11, 5), date(2026, 11, 13), date(2026, 11, 18)


def number(low: float, high: float | None = None, **other: Any) -> Quantity:
    """A rate of packages per day, unless `other` says so."""
    values: dict[str, Any] = {"span": f"{low:g}", "start": 0, "end": 2, "kind": "number", "low": low, "high": low if high is None else high}
    return Quantity(**(values | {"per": "day"} | other))


def proposes(low: float, high: float | None = None, **other: Any) -> Statement:
    """Somebody proposes a volume."""
    return statement("proposes-volume", quantity=number(low, high), **({"stance": "proposed"} | other))


def reports(low: float, high: float | None = None, **other: Any) -> Statement:
    """Somebody reports a volume that ran."""
    return statement("reports-volume", quantity=number(low, high), **other)


def claims(subject: str, quantity: Quantity, **other: Any) -> Statement:
    """Somebody says what an agreed term is."""
    return statement("claims-term", about=subject, quantity=quantity, **other)


def statement(act: str, **other: Any) -> Statement:
    """A statement of this act, surely read."""
    return Statement(**({"act": act, "quote": "as said", "start": 0, "end": 7, "sure": 0.9, "rule": "by hand"} | other))


def verdict(
    *statements: Statement, on: date = TESTING, side: Side = "customer", raised: Sequence[Raised] = (), deal: Deal | None = None
) -> tuple[Finding, ...]:
    """What is found in one utterance that says all of `statements`."""
    utterance = Utterance("as said", side, "U1", datetime.combine(on, time(10)), "1")
    return judge(deal or standard_deal(), Reading(statements=statements), utterance, raised)


def names(found: tuple[Finding, ...]) -> list[str]:
    """The scenarios found."""
    return [finding.scenario for finding in found]
