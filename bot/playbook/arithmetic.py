"""Exact arithmetic: any stated rate into packages per shipping day, and how figures compare with the agreed one."""

from __future__ import annotations

from bot.deal import Deal
from bot.language.rates import Range, per_shipping_day
from bot.language.statement import Quantity

TOLERANCE = 0.10
"""More than this share under the agreed figure is materially below (spec: scenarios.md)."""


def per_day(quantity: Quantity, deal: Deal) -> Range | None:
    """A quantity as packages per shipping day [low, high], by the deal's shipping days and figures; None where it is no volume."""
    volume = deal.volume
    return per_shipping_day(
        quantity, shipping_days=volume.shipping_days_per_week, test=deal.test.volume_per_day, committed=volume.committed_per_day
    )


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
