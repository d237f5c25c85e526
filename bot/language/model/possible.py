"""Volumes that an utterance may be about: as said, by another period, put together, as a part of what was agreed, or said before.

Which of them is meant the trained reader chooses (bot/language/model/figure.py); nothing here weighs anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, islice

from bot.language.quantities import found_before
from bot.language.rates import Range, per_shipping_day
from bot.language.statement import PERHAPS, Quantity, Reading, Utterance, Vocabulary

COUNTED = frozenset({"number", "percent", "fraction"})
"""Kinds of quantity that can be a volume."""

AT_MOST = 60
"""Volumes of an utterance that are thought of."""

_FIGURES, _PAIRED, _SHARES = 8, 6, 3
"""Numbers of an utterance that are taken by another period, put together two and two, and shares of something."""

_BEFORE, _READ_BEFORE, _FIGURES_BEFORE = 4, 600, 10
"""Utterances before, characters of each, and figures of them that may be meant."""

_LARGEST, _LEAST = 3.0, 1 / 200
"""No volume is larger than so many times the commitment, or smaller than this part of the test's volume."""

_ALIKE = 0.3
"""Figures of which the smaller is at least such a part of the larger may be the ends of a range."""

_DAYS = 14
"""A total of at most so many days is taken by the day."""

_PERIODS = ("day", "week", "month", "year")
_SCALES = (10, 100, 1_000)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = rf"({'|'.join(_WEEKDAYS)})[a-z]{{0,6}}"
_FROM_TO = re.compile(rf"\b{_WEEKDAY}\.?\s{{0,3}}(?:-|–|to|till|until|thru|through)\s{{0,3}}{_WEEKDAY}\b", re.IGNORECASE)

Thought = tuple[str, Quantity, Sequence[Quantity]]
"""By which way a volume was thought of, the volume, and the figures of the utterance that it was made of."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A volume that may be meant: as a quantity, in packages per shipping day, how it can be thought of (the plainest way first), of which
    figures of the utterance."""

    quantity: Quantity
    daily: Range
    ways: tuple[str, ...]
    parts: tuple[Quantity, ...]


def possible(utterance: Utterance, before: Sequence[Utterance], vocabulary: Vocabulary, reading: Reading) -> list[Possible]:
    """What the utterance may be about, each volume once; nothing where the deal's own figures are not known."""
    test, committed = vocabulary.test_per_day, vocabulary.committed_per_day
    if not test or not committed:
        return []
    found: dict[Range, Possible] = {}
    for way, quantity, parts in _thoughts(utterance, before, reading, test, committed):
        daily = per_shipping_day(quantity, shipping_days=vocabulary.shipping_days_per_week, test=test, committed=committed)
        if daily is None or daily[0] < 0 or not max(1.0, test * _LEAST) <= daily[1] <= _LARGEST * committed:
            continue
        known = found.get(_rounded(daily))
        if known is None and len(found) < AT_MOST:
            found[_rounded(daily)] = Possible(quantity, daily, (way,), tuple(parts))
        elif known is not None and way not in known.ways:
            found[_rounded(daily)] = replace(known, ways=(*known.ways, way))
    return list(found.values())


def _rounded(daily: Range) -> Range:
    low, high = daily
    return (round(low), round(high)) if high >= 20 else (round(low, 1), round(high, 1))


def _thoughts(utterance: Utterance, before: Sequence[Utterance], reading: Reading, test: float, committed: float) -> Iterator[Thought]:
    """All ways, the plainest first."""
    numbers = [one for one in reading.quantities if one.kind in ("number", "ordinal", "identifier") and _closed(one)][:_FIGURES]
    plain = [one for one in numbers if one.kind == "number" and not one.role]
    shares = [one for one in reading.quantities if one.kind in ("percent", "fraction") and _closed(one)][:_SHARES]
    agreed = (("test", test), ("committed", committed))
    yield from _stated(reading)
    for number in numbers:
        yield from _otherwise(number, agreed)
    for share in shares:
        yield from _of_agreed(share, agreed)
    yield from ((f"agreed {name}", _daily("", volume, volume), ()) for name, volume in agreed)
    yield from _together(utterance.text, plain, committed)
    yield from _by_days(utterance, before, reading, plain)
    yield from _said_before(utterance, before, plain, shares, committed)


def _closed(quantity: Quantity) -> bool:
    return quantity.low is not None and quantity.high is not None


def _ends(quantity: Quantity) -> Range:
    """The ends of a quantity that has both."""
    return quantity.low or 0.0, quantity.high or 0.0


def _daily(span: str, low: float, high: float, start: int = 0, end: int = 0) -> Quantity:
    return Quantity(span, start, end, "number", low, high, per="day")


def _stated(reading: Reading) -> Iterator[Thought]:
    for made in (*reading.statements, *reading.latent):
        quantity = made.quantity
        if quantity is not None and quantity.kind in COUNTED and (quantity.low is not None or quantity.high is not None):
            yield "perhaps" if made.rule == PERHAPS else made.act, quantity, (quantity,)


def _otherwise(number: Quantity, agreed: Sequence[tuple[str, float]]) -> Iterator[Thought]:
    """A number by each period where none is said, in tens or hundreds ("thirty-one" of 3,100), and what it leaves of what was agreed."""
    low, high = _ends(number)
    committed = agreed[-1][1]
    if number.kind != "number" or number.role:
        yield f"role {number.role or number.kind}", number, (number,)
    for period in _PERIODS if number.per is None else ():
        yield f"as {period}", replace(number, per=period, days_per_week=None), (number,)
    for scale in _SCALES:
        if high < 100 and high * scale <= 1.3 * committed:
            yield f"times {scale}", replace(number, low=low * scale, high=high * scale), (number,)
    for name, volume in reversed(agreed):
        if high < volume:
            yield f"left of {name}", _daily(number.span, volume - high, volume - low, number.start, number.end), (number,)


def _of_agreed(share: Quantity, agreed: Sequence[tuple[str, float]]) -> Iterator[Thought]:
    """A share of what was agreed, and what it leaves of it."""
    scale = 100 if share.kind == "percent" else 1
    low, high = (end / scale for end in _ends(share))
    if high > 1.0:
        return
    for name, whole in agreed:
        yield f"share of {name}", _daily(share.span, low * whole, high * whole, share.start, share.end), (share,)
        yield f"rest of {name}", _daily(share.span, (1 - high) * whole, (1 - low) * whole, share.start, share.end), (share,)


Made = Callable[[float, float], Quantity]


def _together(text: str, plain: Sequence[Quantity], committed: float) -> Iterator[Thought]:
    """Figures put together: sums, ranges, products, differences of two, and what all of them come to."""
    for (at, one), (after, other) in combinations(enumerate(plain[:_PAIRED]), 2):
        near = after == at + 1
        for way, quantity in _pair(one, other, _over(text, (one, other)), committed):
            if near or way in ("sum", "range"):
                yield f"{way} {'next' if near else 'far'}", quantity, (one, other)
    if len(plain) > 2:
        over, lows, highs = _over(text, plain), [_ends(one)[0] for one in plain], [_ends(one)[1] for one in plain]
        mean = sum(lows) / len(lows)
        yield "sum all", over(sum(lows), sum(highs)), plain
        yield "range all", over(min(lows), max(highs)), plain
        yield "mean all", over(mean, mean), plain
        yield from _alike(text, plain)


def _alike(text: str, plain: Sequence[Quantity]) -> Iterator[Thought]:
    """What figures of one size come to, where others stand beside them ("week 2: 148, 155, 151")."""
    least = _ALIKE * max(_ends(one)[1] for one in plain)
    alike = [one for one in plain if _ends(one)[0] >= least]
    if 1 < len(alike) < len(plain):
        over, ends = _over(text, alike), [end for one in alike for end in _ends(one)]
        mean = sum(ends) / len(ends)
        yield "range alike", over(min(ends), max(ends)), alike
        yield "mean alike", over(mean, mean), alike


def _by_days(utterance: Utterance, before: Sequence[Utterance], reading: Reading, plain: Sequence[Quantity]) -> Iterator[Thought]:
    """A figure as the total of so many days named beside it ("four days, 712", "Mon-Thu 3,480"), or in what was said just before."""
    totals = [one for one in plain if one.per is None]
    whole = _over(utterance.text, totals)(sum(_ends(one)[0] for one in totals), sum(_ends(one)[1] for one in totals)) if totals else None
    for days in sorted({*_days_long(reading.quantities), *_days_from_to(utterance.text)}):
        for one in totals:
            yield "over days", _part(one, days), (one,)
        if whole and len(totals) > 1:
            yield "all over days", _part(whole, days), totals
    earlier = {days for said in before[-2:] for days in _days_from_to(said.text[:_READ_BEFORE])}
    for days in sorted(earlier):
        for one in totals:
            yield "over days before", _part(one, days), (one,)


def _part(total: Quantity, days: int) -> Quantity:
    low, high = _ends(total)
    return replace(total, low=low / days, high=high / days, per="day", days_per_week=None)


def _days_long(quantities: Sequence[Quantity]) -> Iterator[int]:
    """The lengths in days that are named."""
    for one in quantities:
        if one.kind == "duration" and one.low == one.high and one.low and one.low % 86_400 == 0 and 2 <= one.low // 86_400 <= _DAYS:
            yield int(one.low // 86_400)


def _days_from_to(text: str) -> Iterator[int]:
    """How many days lie between weekdays named as the first and last."""
    for first, last in _FROM_TO.findall(text):
        days = (_WEEKDAYS.index(last[:3].lower()) - _WEEKDAYS.index(first[:3].lower())) % 7 + 1
        if days > 1:
            yield days


def _over(text: str, parts: Sequence[Quantity]) -> Made:
    """How to make a quantity that stands where these stand."""
    start, end = parts[0].start, max(part.end for part in parts)
    per = next((part.per for part in parts if part.per), None)
    return partial(_as, Quantity(text[start:end], start, end, "number", None, None, per=per))


def _pair(one: Quantity, other: Quantity, made: Made, committed: float) -> Iterator[tuple[str, Quantity]]:
    """Two figures put together; what is said for two different periods does not add up, and a rate is not taken so many times a day."""
    (low, high), (least, most) = _ends(one), _ends(other)
    if one.per and other.per and one.per != other.per:
        return
    yield "sum", made(low + least, high + most)
    if min(low, least) >= _ALIKE * max(high, most):
        yield "range", made(min(low, least), max(high, most))
    if not (one.per and other.per) and min(low, least) > 1 and low * least <= _LARGEST * committed:
        yield "product", made(low * least, high * most)
    if low > most:
        yield "difference", made(low - most, high - least)


def _said_before(
    utterance: Utterance, before: Sequence[Utterance], plain: Sequence[Quantity], shares: Sequence[Quantity], committed: float
) -> Iterator[Thought]:
    """What was said before: by itself, with the figures of this utterance, as a whole of which it names a share, or two of it together."""
    told = ((ago, said, one) for ago, said in enumerate(before[: -_BEFORE - 1 : -1]) for one in _figures(said.text[:_READ_BEFORE]))
    known = list(islice(told, _FIGURES_BEFORE))
    for ago, said, figure in known:
        earlier = replace(figure, start=0, end=0)
        yield f"before {min(ago, 2)} {'own' if said.speaker == utterance.speaker else 'other'}", earlier, ()
        if not figure.per:
            yield "before as week", replace(earlier, per="week"), ()
        for number in plain[:3]:
            for way, quantity in _pair(figure, number, partial(_as, replace(number, per=number.per or figure.per)), committed):
                yield f"before {way}", quantity, (number,)
        for share in shares[:2]:
            yield from _share_of(share, figure)
    for (_, _, one), (_, _, other) in combinations(known[:5], 2):
        unsaid = Quantity("", 0, 0, "number", None, None, per=one.per or other.per)
        for way, quantity in _pair(one, other, partial(_as, unsaid), committed):
            if way != "difference":
                yield f"before {way} 2", quantity, ()


def _as(quantity: Quantity, low: float, high: float) -> Quantity:
    return replace(quantity, low=low, high=high)


def _share_of(share: Quantity, figure: Quantity) -> Iterator[Thought]:
    scale = 100 if share.kind == "percent" else 1
    if _ends(share)[1] <= scale:
        low, high = (part * whole / scale for part, whole in zip(_ends(share), _ends(figure), strict=True))
        yield "before share", replace(share, kind="number", low=low, high=high, per=figure.per), (share,)


def _figures(text: str) -> list[Quantity]:
    """The plain numbers of what was said before."""
    return [one for one in found_before(text) if one.kind == "number" and not one.role and _closed(one)][:6]
