"""How a figure was said where it was not said per day, so that nobody is quoted with a figure they never named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deal import Deal
from bot.language.quantities import found_before
from bot.language.statement import Quantity
from bot.playbook.arithmetic import per_day, shown
from bot.playbook.finding import Finding
from templates.figures import rate, sensible
from templates.quote import clean

Range = tuple[float, float]
Period = Literal["week", "month", "year"]

_PERIODS: dict[str, Period] = {"week": "week", "month": "month", "year": "year"}
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MOST = 60
"""Characters of somebody's words for a figure; what is longer is no figure that one would name again."""


@dataclass(frozen=True, slots=True)
class SaidAs:
    """The words of the figure, and where it is a count over a longer time, that count [low, high] and the time."""

    words: str
    period: Period | None = None
    count: Range | None = None


def said_as(finding: Finding, deal: Deal) -> SaidAs | None:
    """How the figure of a finding stands in its quote; None where it stands there per day, or not at all."""
    said, found = finding.said_per_day, _figures(finding, deal)
    if said is None or _named(said, [figures for quantity, figures in found if _plain(quantity, figures)]):
        return None
    quantity = next((one for one, figures in found if _same(figures, said)), None)
    if quantity is None:
        return None
    period = _PERIODS.get(quantity.per or "") if quantity.kind == "number" and not quantity.days_per_week else None
    if period and quantity.low is not None and quantity.high is not None:
        return SaidAs(clean(quantity.span, _MOST), period, (quantity.low, quantity.high))
    words = _whole(quantity, finding.quote)
    return SaidAs(words) if len(words) < _MOST else None


def reckoned(finding: Finding, deal: Deal) -> str | None:
    """In a sentence what the daily figure was reckoned from; None where it was said as such, or not in the quote.

    As "300 a week is 60/day on 5 shipping days a week.", "“a third” is 167/day of the committed 500/day.", "40 and 25 make 65/day."
    """
    said, how = finding.said_per_day, said_as(finding, deal)
    if said is None or sensible(said) is None:
        return None
    if how is None:
        return _sum(said, [figures for _, figures in _figures(finding, deal)])
    if how.count is not None:
        days = deal.volume.shipping_days_per_week
        return f"{shown(how.count)} a {how.period} is {rate(said)} on {days} shipping day{'' if days == 1 else 's'} a week."
    return f"“{how.words}” is {rate(said)}{_base(finding, deal)}."


def _figures(finding: Finding, deal: Deal) -> list[tuple[Quantity, Range]]:
    """The quantities in the quote that are volumes, with what each comes to per shipping day."""
    found = [(one, per_day(one, deal)) for one in found_before(finding.quote) if one.role is None]
    return [(one, figures) for one, figures in found if figures is not None]


def _plain(quantity: Quantity, figures: Range) -> bool:
    """Whether a quantity names its own daily figure: "15 a day", "fifty", but not "half of the 150" or "20 every other day"."""
    if quantity.kind != "number" or quantity.per not in (None, "day") or quantity.days_per_week:
        return False
    digits = [float(one.replace(",", "")) for one in _FIGURE.findall(quantity.span)]
    return not digits or any(_near(one, figure) for one in digits for figure in figures)


def _named(said: Range, plain: Sequence[Range]) -> bool:
    """Whether both ends were named, be it in two figures: "60 yesterday and 55 the day before"."""
    return all(any(_near(end, figure) for figures in plain for figure in figures) for end in said)


def _whole(quantity: Quantity, quote: str) -> str:
    """The words of a share with what it is a share of: "10% of our volume"."""
    end = quantity.end
    if quantity.of:
        at = quote.find(quantity.of, end, end + len(quantity.of) + 12)
        end = at + len(quantity.of) if at >= 0 else end
    return clean(quote[quantity.start : end], _MOST)


def _base(finding: Finding, deal: Deal) -> str:
    """What a share was taken of."""
    for quantity, figures in _figures(finding, deal):
        if quantity.kind in ("percent", "fraction") and quantity.high and finding.said_per_day and _same(figures, finding.said_per_day):
            whole = figures[1] / (quantity.high / 100 if quantity.kind == "percent" else quantity.high)
            test, committed = deal.test.volume_per_day, deal.volume.committed_per_day
            if _near(whole, committed):
                return f" of the committed {committed:,}/day"
            return f" of the test's {test:,}/day" if _near(whole, test) else ""
    return ""


def _sum(said: Range, found: Sequence[Range]) -> str | None:
    total = (sum(low for low, _ in found), sum(high for _, high in found))
    if len(found) < 2 or not _same(total, said):
        return None
    *first, last = (shown(figures) for figures in found)
    return f"{', '.join(first)} and {last} make {rate(said)}."


def _same(one: Range, other: Range) -> bool:
    return _near(one[0], other[0]) and _near(one[1], other[1])


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))
