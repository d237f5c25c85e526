"""Figures that a message means without saying them outright: the span of listed days, a total by its days, loads of so many, a part
of what was said before, or what was said before itself. They are perhapses: they give a finding its figure and never make one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from bot.language import cues
from bot.language.evidence import PERIODS, Scene, is_rate, may_be_volume
from bot.language.quantities import found_before
from bot.language.statement import Quantity, Vocabulary
from bot.language.wording import words

LISTED = 2.2
"""How many times the least of some listed days' figures the most may be: beyond that they are different things."""

FAR = 1.5
"""A figure above so many times the commitment is no day's figure but a week's, a month's, a year's."""

_DAY = r"mon|tue|wed|thu|fri|sat|sun"
_BETWEEN = re.compile(
    r"[\s,;/&+|:().*•–—-]*(?:(?:and|then|like|about|maybe|it'?s|been|was|were|is|the|on|for|last|at|uh|um|i|had|just|yesterday|today|day|"
    rf"days|before|after|first|second|(?:{_DAY})[a-z]*|boxes|parcels|packages|pieces|pcs|pkgs|colli|orders|cartons|scans?|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d{1,2}[/.]\d{1,2}[.]?)[\s,;/&+|:().*•–—-]*){0,8}",
    re.IGNORECASE,
)
_OF_DAYS = re.compile(
    rf"\b(?:{_DAY})[a-z]*\b|\b(?:yesterday|today|days?|evenings?|nights?|week|wk|daily|so far|since|been|running|scans?|counts?)\b",
    re.IGNORECASE,
)
_DAY_TO_DAY = re.compile(rf"\b({_DAY})[a-z]*\.?\s*(?:to|thru|through|till|until|-|–|—)\s*({_DAY})[a-z]*\b", re.IGNORECASE)
_SO_MANY_DAYS = re.compile(
    r"\b(?:the|these|those|last|past|first|over|in|across)\s+(?:the\s+|last\s+|first\s+|past\s+)?"
    r"(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|\d{1,2})\s+(?:working\s+|shipping\s+|business\s+)?days\b",
    re.IGNORECASE,
)
_NUMBERED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen")
_COUNT = dict(zip(_NUMBERED, range(2, 15), strict=True))
_DAYS = tuple(_DAY.split("|"))
_ALTOGETHER = words(
    "together, altogether, total*, in all, all in, all told, sum, sums, combined, carried, closed, recap, tally, so far, since"
)
_SITE = re.compile(
    r"[^,;.!?]{1,40}?\b(?:from|out of|ex|at)\s+(?:the\s+|our\s+)?(?!\d)[\w'’-]+(?:\s(?!a\b|per\b|each\b)[\w'’-]+){0,2}?"
    r"(?:\s+(?:a|per|each)\s+day|\s*/\s*day|\s+daily)?\s*",
    re.IGNORECASE,
)
_PER_DAY = re.compile(r"\s+(?:a|per|each)\s+day|/\s*day|\bdaily", re.IGNORECASE)
_JOINED = re.compile(
    r"(?<!\s)(?:\s*(?:,\s*(?:and\s+|plus\s+)?|[&+;]\s*)|\s+(?:and|plus)\s+)(?:about\s+|another\s+|maybe\s+|then\s+)?$", re.IGNORECASE
)
_OF_TERMS = words("volume*, parcels, packages, orders, shipments, commit*, contract*, agreed, agreement, test, trial, pilot, total, our")
_HOLDERS = words(
    """
    pallet*, skid*, cage*, crate*, gaylord*, tote*, bag, bags, sack*, bin, bins, roll, rolls, rack*, cart, carts, trolley*, tarima*, van,
    vans, truck*, trailer*, sprinter*, load, loads, basket*, drum*, container*
    """
)
_DOUBTED = frozenset(
    ("hearsay", "capacity", "hypothetical", "disowned", "negated", "past volume", "somebody else's volume", "supplies or people")
)


def doubted(quantity: Quantity, aside: str | None, vocabulary: Vocabulary) -> bool:
    """Whether a figure set aside for the words around it may be the one meant all the same: a whole one, of the deal's size."""
    if aside not in _DOUBTED or quantity.kind != "number" or not _sized(quantity, vocabulary):
        return False
    return aside != "supplies or people" or (quantity.per == "day" and not _holder(quantity))


def composed(quantities: Sequence[Quantity], scene: Scene) -> Iterator[Quantity]:
    """What the figures of a message come to together."""
    plain = [quantity for quantity in quantities if _is_plain(quantity)]
    yield from (_span(run, scene.text) for run in listed(plain, scene))
    yield from _parts(quantities, scene)
    yield from _loads(quantities, scene)
    yield from _totals(plain, scene)


def sites(quantities: Sequence[Quantity], text: str) -> Iterator[tuple[Quantity, tuple[Quantity, ...]]]:
    """ "40 from Reno and 25 from Dallas": what sites send together, with the figures that add up."""
    run: list[Quantity] = []
    plain = [quantity for quantity in quantities if _is_plain(quantity)]
    for quantity, after in pairwise((*plain, None)):
        if quantity is None:
            continue
        told = text[quantity.start : after.start if after else quantity.end + 48]
        told = told if after else re.split(r"[.,;!?\n]|\s(?:and|so|but)\s", told)[0]
        joint = _JOINED.search(told) if after else None
        place = told[: joint.start()] if joint else told
        if not _SITE.fullmatch(place) or _OF_DAYS.search(_PER_DAY.sub("", place)):
            run = []
            continue
        run.append(quantity)
        if joint is None:
            if len(run) > 1:
                yield _sum(run, text), tuple(run)
            run = []


def said_before(scene: Scene) -> tuple[Quantity, ...]:
    """The figure that the talk was about when this message names none: of the last message before it that has one of the deal's size."""
    for text in reversed(scene.spoken):
        figures = [figure for figure in _figures(text) if _sized(figure, scene.vocabulary)]
        if figures:
            rates = [figure for figure in figures if is_rate(figure)]
            return tuple(reversed(rates or figures))
    return ()


@lru_cache(maxsize=256)
def _figures(text: str) -> tuple[Quantity, ...]:
    return tuple(
        figure
        for figure in found_before(text)
        if figure.kind == "number" and may_be_volume(figure) and figure.low == round(figure.low or 0.5)
    )


def _sum(run: Sequence[Quantity], text: str) -> Quantity:
    start, end = run[0].start, run[-1].end
    low, high = sum(part.low or 0 for part in run), sum(part.high or 0 for part in run)
    named = next((part for part in run if part.per), run[-1])
    unit = next((part.unit for part in run if part.unit), None)
    hedges = tuple(hedge for part in run for hedge in part.hedges)
    return replace(named, span=text[start:end], start=start, end=end, low=low, high=high, unit=unit, hedges=hedges, rule="sites together")


def _is_plain(quantity: Quantity) -> bool:
    counted = quantity.kind == "number" and not quantity.role and quantity.low is not None and quantity.high is not None
    return counted and quantity.low == round(quantity.low or 0) and (quantity.unit is None or bool(cues.PARCELS.search(quantity.unit)))


def _sized(quantity: Quantity, vocabulary: Vocabulary) -> bool:
    """Whether a figure, taken as said, is of the size of the deal's volume: from a twentieth of the test to half above the commitment."""
    test, committed = vocabulary.test_per_day, vocabulary.committed_per_day
    value = quantity.high if quantity.high is not None else quantity.low
    if value is None or not test or not committed:
        return False
    week = vocabulary.shipping_days_per_week
    days = {"week": week, "fortnight": 2 * week, "month": 52 / 12 * week, "quarter": 13 * week, "year": 52 * week}
    if quantity.per is not None and quantity.per not in PERIODS:
        return False
    return test / 20 <= value / days.get(quantity.per or "day", 1.0) <= FAR * committed


def _span(run: Sequence[Quantity], text: str) -> Quantity:
    """From the least to the most of some days."""
    start, end = run[0].start, run[-1].end
    low, high = min(part.low or 0 for part in run), max(part.high or 0 for part in run)
    return replace(run[-1], span=text[start:end], start=start, end=end, low=low, high=high, per="day", rule="listed days")


def listed(quantities: Sequence[Quantity], scene: Scene) -> Iterator[tuple[Quantity, ...]]:
    """The figures of days told one after the other: "mon 44 tue 51 wed 39", "145, one fifty every day"."""
    plain = [quantity for quantity in quantities if _is_plain(quantity)]
    run: list[Quantity] = []
    for one, other in pairwise((*plain, None)):
        run.append(one) if one else None
        if one and other and _goes_on(run, other, scene.text):
            continue
        if len(run) > 1 and all(_sized(quantity, scene.vocabulary) for quantity in run):
            around = scene.text[max(0, run[0].start - 60) : run[-1].end + 60]
            if (len(run) > 2 or any(part.per for part in run) or _OF_DAYS.search(around)) and len({part.low for part in run}) > 1:
                yield tuple(run)
        run = []


def _goes_on(run: Sequence[Quantity], other: Quantity, text: str) -> bool:
    values = [value for part in (*run, other) for value in (part.low or 0, part.high or 0)]
    same = other.per in (None, "day") and run[-1].per in (None, "day")
    near = min(values) > 0 and max(values) <= LISTED * min(values)
    return same and near and _BETWEEN.fullmatch(text[run[-1].end : other.start]) is not None


def _parts(quantities: Sequence[Quantity], scene: Scene) -> Iterator[Quantity]:
    """ "half's easier for us", "a third of what Monday was": a part of the figure said before, in this message or the ones before it."""
    for part in quantities:
        if part.kind not in ("fraction", "percent") or part.low is None or part.high is None or _OF_TERMS.search(part.of or ""):
            continue
        scale = 100 if part.kind == "percent" else 1
        here = [figure for figure in quantities if figure.end <= part.start and _is_plain(figure) and _sized(figure, scene.vocabulary)]
        for whole in (*here[-1:], *said_before(scene)[:1]):
            low, high = (whole.low or whole.high or 0) * part.low / scale, (whole.high or whole.low or 0) * part.high / scale
            made = replace(part, kind="number", low=low, high=high, unit=whole.unit, per=whole.per, of=whole.span)
            yield replace(made, rule="part of what was said")


def _totals(plain: Sequence[Quantity], scene: Scene) -> Iterator[Quantity]:
    """ "930 mon to sat", "412 together over the four days", "20,000 for Q1": by the days said, or by those that make it a day's size."""
    committed, week = scene.vocabulary.committed_per_day, scene.vocabulary.shipping_days_per_week
    for quantity in plain:
        value = quantity.low or 0
        if quantity.per is not None or not committed or value < 10:
            continue
        around = scene.text[max(0, quantity.start - 90) : quantity.end + 60]
        days = _days_named(around)
        if days and (value > 1.1 * committed or scene.has(_ALTOGETHER, around)):
            yield replace(quantity, per=f"{days} days", rule="total by its days")
        elif value > FAR * committed:
            spans = (("week", week), ("fortnight", 2 * week), ("month", 52 / 12 * week), ("quarter", 13 * week), ("year", 52 * week))
            per = next((name for name, length in spans if name != "fortnight" and value / length <= 1.15 * committed), None)
            if per:
                yield replace(quantity, per=per, rule="total by its size")


def _days_named(text: str) -> int | None:
    counted = _SO_MANY_DAYS.search(text)
    if counted:
        return _COUNT.get(counted[1].lower()) or int(counted[1])
    span = _DAY_TO_DAY.search(text)
    if span:
        first, last = (_DAYS.index(span[place].lower()[:3]) for place in (1, 2))
        return (last - first) % 7 + 1
    return None


def _holder(quantity: Quantity) -> str | None:
    """The stem of the container that is counted."""
    unit = (quantity.unit or "").lower()
    return unit.rstrip("s") if unit and _HOLDERS.search(unit) else None


def _loads(quantities: Sequence[Quantity], scene: Scene) -> Iterator[Quantity]:
    """ "five gaylords a day … seventy of your boxes fit in one": so many times what one holds, said here or just before."""
    for outer in quantities:
        stem = _holder(outer)
        if (
            stem is None
            or outer.kind != "number"
            or outer.role
            or outer.low is None
            or outer.high is None
            or outer.per not in ("day", None)
        ):
            continue
        inner = _held(stem, outer, quantities, scene)
        if inner is not None and inner.low is not None and inner.high is not None:
            low, high = outer.low * inner.low, outer.high * inner.high
            yield replace(outer, low=low, high=high, per="day", unit=inner.unit, rule="loads of so many")


def _held(stem: str, outer: Quantity, quantities: Sequence[Quantity], scene: Scene) -> Quantity | None:
    one = re.compile(
        rf"\b(?:a|an|one|each|per|every|the|our|/)\s*{re.escape(stem)}\w*\b|\b{re.escape(stem)}s?\s*\("
        r"|\b(?:each|apiece|in one|to one|in each)\b",
        re.IGNORECASE,
    )
    for text, figures in ((scene.text, quantities), *((said, _figures(said)) for said in reversed(scene.spoken))):
        for figure in figures:
            if figure is outer or figure.kind != "number" or _holder(figure) or not 2 <= (figure.low or 0) <= 5_000 or is_rate(figure):
                continue
            if (
                one.search(text[max(0, figure.start - 30) : figure.start])
                or one.search(text[figure.end : figure.end + 32])
                or ((figure.per or "").rstrip("s") == stem)
            ):
                return figure
    return None
