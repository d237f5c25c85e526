"""Rates in packages per shipping day: what any figure comes to beside the deal's own."""

from __future__ import annotations

import re

from bot.language.statement import Quantity

Range = tuple[float, float]

_COUNTED = re.compile(r"(\d{1,3}(?:\.\d+)?) (day|week)s?")
_OF_TEST = re.compile(r"\b(?:test|trial|pilot)\b", re.IGNORECASE)
_WEEKS = {"week": 1.0, "fortnight": 2.0, "month": 52 / 12, "quarter": 13.0, "year": 52.0}


def days_in(period: str | None, days_per_week: float) -> float | None:
    """Shipping days in a period ("week", "13 days", "2 weeks"); None for one that is no stretch of time (per order, per pallet)."""
    if period is None or period == "day":
        return 1.0
    counted = _COUNTED.fullmatch(period)
    if counted:
        return float(counted[1]) * (days_per_week if counted[2] == "week" else 1)
    share = _WEEKS.get(period)
    return share * days_per_week if share else None


def per_shipping_day(quantity: Quantity, *, shipping_days: float, test: float, committed: float) -> Range | None:
    """A quantity as packages per shipping day [low, high], with so many shipping days a week; None where it is no volume.

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
        whole = test if quantity.of and _OF_TEST.search(quantity.of) else committed
        scale = whole / 100 if quantity.kind == "percent" else whole
        return low * scale, high * scale
    if quantity.days_per_week and quantity.per in (None, "day"):
        share = quantity.days_per_week / shipping_days
        return low * share, high * share
    days = days_in(quantity.per, shipping_days)
    return (low / days, high / days) if days else None
