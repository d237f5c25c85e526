"""Exact arithmetic: any stated rate into packages per shipping day, and how figures compare with the agreed one."""

from __future__ import annotations

import re

from bot.deal import Deal
from bot.language.statement import Quantity

TOLERANCE = 0.10
"""More than this share under the agreed figure is materially below (spec: scenarios.md)."""

Range = tuple[float, float]

_COUNTED = re.compile(r"(\d{1,3}(?:\.\d+)?) (day|week)s?")
_OF_TEST = re.compile(r"\b(?:test|trial|pilot)\b", re.IGNORECASE)


def days_in(period: str | None, days_per_week: float) -> float | None:
    """Shipping days in a period ("week", "13 days", "2 weeks"); None for one that is no stretch of time (per order, per pallet)."""
    weeks = {None: None, "day": None, "week": 1.0, "fortnight": 2.0, "month": 52 / 12, "quarter": 13.0, "year": 52.0}
    if period is None or period == "day":
        return 1.0
    counted = _COUNTED.fullmatch(period)
    if counted:
        return float(counted[1]) * (days_per_week if counted[2] == "week" else 1)
    share = weeks.get(period)
    return share * days_per_week if share else None


def per_day(quantity: Quantity, deal: Deal) -> Range | None:
    """A quantity as packages per shipping day [low, high], by the deal's shipping days; None where it is no volume.

    Percentages and fractions are of the committed volume unless the words name the test. An open end takes the known one.
    """
    low, high = quantity.low, quantity.high
    if low is None:
        low = high
    if high is None:
        high = low
    if low is None or high is None:
        return None
    if quantity.kind in ("percent", "fraction"):
        whole = deal.test.volume_per_day if quantity.of and _OF_TEST.search(quantity.of) else deal.volume.committed_per_day
        scale = whole / 100 if quantity.kind == "percent" else whole
        return low * scale, high * scale
    shipping_days = deal.volume.shipping_days_per_week
    if quantity.days_per_week and quantity.per in (None, "day"):
        share = quantity.days_per_week / shipping_days
        return low * share, high * share
    days = days_in(quantity.per, shipping_days)
    return (low / days, high / days) if days else None


def materially_below(said: Range, agreed: float) -> bool:
    """Whether the stated range lies more than 10 % under the agreed figure: its middle counts, so "10 to 200" is not "10"."""
    return (said[0] + said[1]) / 2 < agreed * (1 - TOLERANCE) - 1e-9


def same_figure(one: Range | None, other: Range | None) -> bool:
    """Whether two stated figures say the same: both missing, or both ends within the tolerance (or one package)."""
    if one is None or other is None:
        return one is other
    return all(abs(a - b) <= max(1.0, TOLERANCE * max(a, b)) for a, b in zip(one, other, strict=True))


def differs(said: float, term: float) -> bool:
    """Whether a stated term differs materially from the agreed one (over 2 %: terms are exact, speech rounds)."""
    return abs(said - term) > 0.02 * abs(term) + 1e-9


def shown(figures: Range) -> str:
    """A figure or range for people: "10-15", "1,200", "12.5"."""
    low, high = (f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:,.1f}" for value in figures)
    return low if low == high else f"{low}-{high}"


def below(said: Range, agreed: float) -> str:
    """One line on a figure under the agreed one."""
    return f"{shown(said)}/day is {1 - (said[0] + said[1]) / 2 / agreed:.0%} under the agreed {agreed:,.0f}/day."


def meets(said: Range, agreed: float) -> str:
    """One line on a figure that holds what was agreed."""
    return f"{shown(said)}/day meets the agreed {agreed:,.0f}/day."
