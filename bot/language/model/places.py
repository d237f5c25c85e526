"""How a quantity lies to the deal's own terms, as a word: the trained reader learns "start with LOW", not "start with 15"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from bot.language.statement import Quantity, Vocabulary

_YEARLY = {"week": 52.0, "fortnight": 26.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
"""Periods in a year; per day is none of them."""

_SMALL_MONEY = 60.0
"""Above it money is a total, not a price of a package."""

AT_MOST = 40
"""Quantities of an utterance that are looked at."""


def place(quantity: Quantity, words: Vocabulary, today: date | None) -> str:
    """The word for a quantity: its kind, and how its value lies to the term that it may be compared with."""
    value = quantity.high if quantity.high is not None else quantity.low
    compare = _PLACES.get(quantity.kind)
    return compare(quantity, value, words, today) if compare and value is not None else quantity.kind


def placed(text: str, quantities: Sequence[Quantity], words: Vocabulary, today: date | None) -> Iterator[str]:
    """The text in pieces, each quantity replaced by its word in angle brackets."""
    done = 0
    for quantity in sorted(quantities, key=lambda one: one.start)[:AT_MOST]:
        if done <= quantity.start and quantity.end <= len(text):
            yield text[done : quantity.start]
            yield f" <{place(quantity, words, today)}> "
            done = quantity.end
    yield text[done:]


def _near(value: float, term: float | None, within: float = 0.025) -> bool:
    return bool(term) and abs(value - (term or 0)) <= within * (term or 0)


def _number(quantity: Quantity, value: float, words: Vocabulary, _: date | None) -> str:
    test, committed = words.test_per_day, words.committed_per_day
    if quantity.role or not test or not committed:
        return "n aside"
    if _near(value, words.annual):
        return "annual"
    daily = value * _YEARLY.get(quantity.per or "", 0.0) / (52 * words.shipping_days_per_week) or value
    return f"{'rate' if quantity.per else 'n'} {level(daily, test, committed)}"


def level(daily: float, test: float, committed: float) -> str:
    """Where packages per day lie: far under the test volume, under it, at it, under the commitment, at it, above."""
    tops = (("tiny", 0.08 * test), ("low", 0.9 * test), ("test", 1.12 * test), ("between", 0.9 * committed), ("full", 1.2 * committed))
    return next((name for name, top in tops if daily < top), "above")


def _share(quantity: Quantity, value: float, words: Vocabulary, _: date | None) -> str:
    said, agreed = value / 100 if quantity.kind == "percent" else value, words.share or 0.0
    return "pct share" if _near(said, agreed) else "pct under" if said < agreed else "pct"


def _money(_: Quantity, value: float, words: Vocabulary, __: date | None) -> str:
    if any(abs(value - price) < 0.005 for price in words.prices):
        return "price"
    if any(0.4 * price < value < 2 * price for price in words.prices):
        return "price close"
    return "money small" if value < _SMALL_MONEY else "money"


def _duration(_: Quantity, value: float, words: Vocabulary, __: date | None) -> str:
    days = value / 86_400
    test_days = (words.ends - words.starts).days + 1 if words.starts and words.ends else None
    if _near(days, test_days):
        return "test long"
    if days >= 5:
        return "weeks long"
    return "transit days" if days in words.transit_days else "days" if days >= 1 else "hours"


def _date(quantity: Quantity, value: float, words: Vocabulary, today: date | None) -> str:
    if not (words.starts and words.ends and words.ramps):
        return "date"
    day = date.fromordinal(max(1, int(quantity.low if quantity.low is not None else value)))
    known = {words.starts: "date start", words.ramps: "date ramp"}.get(day)
    if known or abs(day - words.ends) <= timedelta(days=1):
        return known or "date end"
    spans = ((today, "date past"), (words.ends + timedelta(days=1), "date test"), (words.ramps + timedelta(days=15), "date soon"))
    return next((name for until, name in spans if until and day < until), "date late")


_PLACES: dict[str, Callable[[Quantity, float, Vocabulary, date | None], str]] = {
    "number": _number,
    "percent": _share,
    "fraction": _share,
    "money": _money,
    "duration": _duration,
    "date": _date,
}
"""Kind of quantity -> how it is placed; other kinds are words by themselves."""
