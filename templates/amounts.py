"""Quantities and figures in words."""

from __future__ import annotations

from datetime import datetime

from bot.language.rates import Range
from bot.language.statement import Quantity
from bot.playbook.arithmetic import shown


def value(quantity: Quantity) -> str:
    """What a quantity amounts to, in words: "about 10-15 boxes per day", "up to 20", "2 Nov 2026"."""
    ends = [_end(quantity, end) for end in (quantity.low, quantity.high)]
    if ends[0] == ends[1]:
        figure = ends[0] or "open"
    elif ends[0] and ends[1]:
        figure = f"{ends[0]} to {ends[1]}"
    else:
        figure = f"up to {ends[1]}" if ends[1] else f"at least {ends[0]}"
    about = "about " if quantity.approximate else ""
    unit = f" {quantity.unit}" if quantity.unit and quantity.kind != "duration" else ""
    return f"{about}{figure}{unit}{f' per {quantity.per}' if quantity.per else ''}"


def daily(figures: Range) -> str:
    """Packages per shipping day, in words: "10-15 packages a shipping day"."""
    return f"{shown(figures)} package{'' if figures == (1.0, 1.0) else 's'} a shipping day"


def chance(share: float) -> str:
    """ "62%"; what is not quite nothing or everything is not called so."""
    return "under 1%" if 0 < share < 0.01 else "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def _end(quantity: Quantity, end: float | None) -> str | None:
    if end is None:
        return None
    if quantity.kind == "date":
        try:
            day = datetime.fromordinal(int(end))
        except (ValueError, OverflowError):
            return None
        return f"{day:%a} {day.day} {day:%b %Y}"
    if quantity.kind == "duration":
        days, rest = divmod(end, 86_400)
        return f"{days:g} day{'' if days == 1 else 's'}" if days and not rest else _hours(end / 3600)
    return f"{end:,.10g}"


def _hours(hours: float) -> str:
    if hours < 1:
        return f"{hours * 60:.3g} minutes"
    return f"{hours:.3g} hour{'' if hours == 1 else 's'}"
