"""Each term's name and value in words, for cards, forms and the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.deal import Term
from bot.playbook.case import weeks
from templates.figures import days, short_day
from templates.quote import clean

LABELS: Mapping[Term, str] = {
    "volume.committed_per_day": "Committed volume",
    "volume.annual": "Annual volume",
    "volume.share_of_total": "Share of total",
    "volume.shipping_days_per_week": "Shipping days",
    "test.volume_per_day": "Test volume",
    "test.starts": "Test start",
    "test.weeks": "Test length",
    "test.success": "Success criteria",
    "ramp.to_per_day": "Ramp volume",
    "ramp.days_after_test": "Days from test to ramp",
    "services": "Services",
    "price": "Prices",
    "pickup": "Pickup",
    "billing": "Billing",
}

NOTHING = "not agreed"
LONGEST = 300
"""Characters of one value; the deal file has the rest."""


def term_words(term: Term, value: Any) -> str:
    """A term's plain value in one line: "150/day", "2 Nov 2026", "Expedited, Northeast, 2-3 days"."""
    if value is None:
        return NOTHING
    return clean(_WORDS.get(term, str)(value), LONGEST) or NOTHING


def promise_words(promise: Mapping[str, Any]) -> str:
    """A promise as one writes it: "Expedited, Northeast, 2-3 days (note)"."""
    parts = [str(promise["service"]), str(promise.get("lane") or "")]
    if promise.get("days"):
        fewest, most = promise["days"]
        parts.append(days(fewest) if fewest == most else f"{fewest}-{most} days")
    return ", ".join(part for part in parts if part) + _note(promise)


def price_words(price: Mapping[str, Any]) -> str:
    """A price as one writes it: "Expedited: 4.85"."""
    amount = float(price["per_package"])
    shown = f"{amount:.2f}" if round(amount, 2) == amount else str(amount)
    return f"{price['service']}: {shown}{_note(price)}"


def long_day(day: date) -> str:
    """As "2 Nov 2026"."""
    return f"{short_day(day)} {day:%Y}"


def _note(part: Mapping[str, Any]) -> str:
    return f" ({part['note']})" if part.get("note") else ""


def _per_day(value: Any) -> str:
    return f"{value:,}/day"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "volume.committed_per_day": _per_day,
    "volume.annual": lambda value: f"{value:,} a year",
    "volume.share_of_total": lambda value: f"{value * 100:.3g}%",
    "volume.shipping_days_per_week": lambda value: f"{value} a week",
    "test.volume_per_day": _per_day,
    "test.starts": lambda value: long_day(date.fromisoformat(value)),
    "test.weeks": weeks,
    "test.success": ", ".join,
    "ramp.to_per_day": _per_day,
    "ramp.days_after_test": days,
    "services": lambda value: "; ".join(map(promise_words, value)),
    "price": lambda value: "; ".join(map(price_words, value)),
    "pickup": lambda value: " ".join(str(part) for part in (value.get("days"), value.get("time")) if part),
}
