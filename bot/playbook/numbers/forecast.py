"""The volume to come: what is committed, what was said, what runs, and what is to be expected if deals go the way that earlier ones went.

The interval comes from the same calculation on earlier days: how far it was off then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor

from bot.playbook.numbers.curve import Curve, Track, learn, track
from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.shipped import WEEK

HORIZONS = (30, 60, 90)
"""Calendar days ahead, today being the first."""

EVERY, BACK = 14, 364
"""Calendar days between two earlier days on which the calculation is tried, and how far back they go."""

FEWEST = 8
"""Earlier days that an interval needs."""

TRIED = 1_000
"""Deals with which the calculation is tried at most."""

TAIL = 0.075
"""The share of earlier outcomes that an interval leaves out at each end, so that it holds four in five: earlier days lie close together,
and tell a little less than their number."""

Sums = tuple[float, ...]
"""Packages up to each horizon."""


@dataclass(frozen=True, slots=True)
class Check:
    """How the calculation did on earlier days, for one horizon: on so many days, with a mean error (share of the outcome) beside that of
    two simpler guesses, that what runs goes on and that what is committed comes; `ratios`: outcome by expectation, in order of size.
    """

    days: int
    tries: int
    error: float
    error_run_rate: float
    error_committed: float
    ratios: tuple[float, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Horizon:
    """Packages in all within so many days: as committed, as said last, at today's rate, and as expected with its interval (None: unknown).

    `revenue`: country -> lowest and highest, in that country's money, of the deals whose prices are known.
    """

    days: int
    committed: float
    said: float
    run_rate: float
    expected: float | None
    low: float | None = None
    high: float | None = None
    revenue: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The horizons over the deals counted (row ids); `unknown` ones ship and have no data lately; `priced` have prices."""

    horizons: tuple[Horizon, ...]
    checks: tuple[Check, ...]
    curve: Curve | None
    counted: tuple[int, ...]
    unknown: tuple[int, ...]
    priced: int


@dataclass(slots=True)
class Tried:
    """The calculation on one earlier day: outcome and guesses for each horizon, summed over the deals whose outcome is known."""

    at: int
    outcome: list[float] = field(default_factory=lambda: [0.0] * len(HORIZONS))
    expected: list[float] = field(default_factory=lambda: [0.0] * len(HORIZONS))
    run_rate: list[float] = field(default_factory=lambda: [0.0] * len(HORIZONS))
    committed: list[float] = field(default_factory=lambda: [0.0] * len(HORIZONS))


def forecast(portfolio: Sequence[Facts], today: date) -> Forecast:
    """The volume to come of the deals known today; what is signed later is not in it."""
    tracks, at = [track(one) for one in portfolio], today.toordinal()
    curve = learn(tracks, at)
    checks = check(tracks, at)
    sums = {one.facts.id: _expected(one, curve, at) for one in tracks}
    counted = [one for one in tracks if sums[one.facts.id] is not None]
    plain = [[guess(one, at) for one in counted] for guess in (_committed, _said, _run_rate)]
    horizons = []
    for place, days in enumerate(HORIZONS):
        each = [(one.facts, found[place]) for one in counted if (found := sums[one.facts.id]) is not None]
        mean = sum(packages for _, packages in each) if curve else None
        low, high = interval(mean, checks[place].ratios)
        agreed, stated, runs = (sum(one[place] for one in guesses) for guesses in plain)
        horizons.append(Horizon(days, agreed, stated, runs, mean, low, high, _revenue(each) if curve else {}))
    unknown = tuple(one.facts.id for one in tracks if sums[one.facts.id] is None)
    priced = sum(bool(one.facts.prices) for one in counted)
    return Forecast(tuple(horizons), checks, curve, tuple(one.facts.id for one in counted), unknown, priced)


def check(tracks: Sequence[Track], today: int) -> tuple[Check, ...]:
    """The calculation on earlier days, each with nothing but what was known then, beside what came."""
    runs = tries(tracks, today)
    return tuple(_check(place, days, [run for run in runs if run.at + days <= today]) for place, days in enumerate(HORIZONS))


def tries(tracks: Sequence[Track], today: int, back: int = BACK) -> list[Tried]:
    """The calculation on each earlier day that has a curve, the latest first."""
    some = tracks[:: -(-len(tracks) // TRIED)] if tracks else ()
    days = range(today - HORIZONS[0], today - back - 1, -EVERY)
    return [run for at in days if (run := _try(some, at, today)) is not None]


def interval(mean: float | None, ratios: Sequence[float]) -> tuple[float | None, float | None]:
    """What the outcome lay within, eight times in ten, by ratios of earlier days in order of size; None where there are too few."""
    count = len(ratios)
    if mean is None or count < FEWEST:
        return None, None
    low = max(0, floor((count + 1) * TAIL) - 1)
    high = min(count - 1, ceil((count + 1) * (1 - TAIL)) - 1)
    return mean * ratios[low], mean * ratios[high]


def _try(tracks: Sequence[Track], at: int, today: int) -> Tried | None:
    curve = learn(tracks, at)
    if curve is None:
        return None
    run = Tried(at)
    for one in tracks:
        if one.known > at or (found := _expected(one, curve, at)) is None:
            continue
        runs, agreed = _run_rate(one, at), _committed(one, at)
        for place, days in enumerate(HORIZONS):
            outcome = _outcome(one, at, days) if at + days <= today else None
            if outcome is not None:
                run.outcome[place] += outcome
                run.expected[place] += found[place]
                run.run_rate[place] += runs[place]
                run.committed[place] += agreed[place]
    return run


def _check(place: int, days: int, runs: Sequence[Tried]) -> Check:
    there = [run for run in runs if run.outcome[place] > 0 and run.expected[place] > 0]
    if not there:
        return Check(days, 0, 0.0, 0.0, 0.0)

    def error(guess: Callable[[Tried], float]) -> float:
        return sum(abs(guess(run) / run.outcome[place] - 1) for run in there) / len(there)

    return Check(
        days,
        len(there),
        error(lambda run: run.expected[place]),
        error(lambda run: run.run_rate[place]),
        error(lambda run: run.committed[place]),
        tuple(sorted(run.outcome[place] / run.expected[place] for run in there)),
    )


def _expected(one: Track, curve: Curve | None, at: int) -> Sums | None:
    """A deal's packages if it goes the usual way from where it stands; None where it ships and nobody knows how much.

    Without a curve what runs goes on.
    """
    if one.start is None or one.start >= at:
        return _to_come(one, curve, at) if curve else (0.0,) * len(HORIZONS)
    rate = _rate(one, at)
    if rate is None:
        return None
    if curve is None:
        return _run_rate(one, at)
    facts, there = one.facts, one.share(at)
    in_test = rate / facts.test_level if at <= one.ramp + WEEK else curve.test
    week, apart = (there[0], there[1] - curve.share(there[0])) if there else (0, 0.0)

    def level(day: int) -> float:
        if day < one.ramp:
            return facts.test_level * in_test
        since = (day - one.ramp) // WEEK
        return facts.ramp_level * max(0.0, curve.share(since) + apart * curve.keep ** (since - week))

    return _summed(one, at, level)


def _to_come(one: Track, curve: Curve, at: int) -> Sums:
    """A deal that has not begun: it begins as late as others did, and counts by the chance that it begins at all."""
    facts, due = one.facts, one.facts.due.toordinal()
    chance = curve.chance(at - due) if at > due else curve.chance(0)
    start = due + curve.delay if at <= due else max(due + curve.delay, at + WEEK)
    ramp = start + one.gap

    def level(day: int) -> float:
        if day < start:
            return 0.0
        return chance * (facts.test_level * curve.test if day < ramp else facts.ramp_level * curve.share((day - ramp) // WEEK))

    return _summed(one, at, level)


def _committed(one: Track, at: int) -> Sums:
    """As agreed: from the agreed start on, whatever became of it."""
    facts, start = one.facts, one.start if one.start is not None and one.start < at else one.facts.due.toordinal()
    ramp = start + one.gap
    return _summed(one, at, lambda day: 0.0 if day < start else float(facts.test_level if day < ramp else facts.ramp_level))


def _said(one: Track, at: int) -> Sums:
    """The figure stated last, from the start on; as agreed where none was stated."""
    said = one.facts.said
    if said is None:
        return _committed(one, at)
    start = one.start if one.start is not None else one.facts.due.toordinal()
    return _summed(one, at, lambda day: 0.0 if day < start else (said[0] + said[1]) / 2)


def _run_rate(one: Track, at: int) -> Sums:
    """Today's rate, for ever; nothing where nothing runs."""
    rate = _rate(one, at) if one.start is not None and one.start < at else None
    return _summed(one, at, lambda _: rate) if rate else (0.0,) * len(HORIZONS)


def _outcome(one: Track, at: int, days: int) -> float | None:
    """What came in so many days; a gap in the data is filled up to their mean, and None where most of them are missing."""
    last = at + days - 1
    if one.start is None or one.start > last:
        return 0.0
    packages, known = one.facts.there.between(at, last)
    there = one.facts.calendar.count(max(at, one.start), last)
    if not there:
        return float(packages)
    return packages * there / known if known * 2 > there else None


def _rate(one: Track, at: int) -> float | None:
    """The rate of the last week with enough data before a day, two weeks old at most."""
    for back in range(1, 15):
        rate = one.facts.there.rate(at - back)
        if rate is not None:
            return rate
    return None


def _summed(one: Track, at: int, level: Callable[[int], float]) -> Sums:
    """Packages up to each horizon, by the level (packages per shipping day) in the middle of each stretch of days."""
    total, sums = 0.0, []
    for count, (middle, ends) in zip(one.facts.calendar.ahead(at, _STRETCHES), _PLACES, strict=True):
        if count:
            total += count * level(at + middle)
        if ends:
            sums.append(total)
    return tuple(sums)


def _stretches() -> Iterator[tuple[int, int]]:
    """The days ahead, week by week, cut where a horizon ends."""
    ends = sorted({*range(WEEK, HORIZONS[-1], WEEK), *HORIZONS})
    yield from ((first, end - 1) for first, end in zip((0, *ends), ends, strict=False))


_STRETCHES = tuple(_stretches())
_PLACES = tuple(((first + last) // 2, last + 1 in HORIZONS) for first, last in _STRETCHES)
"""Of each stretch its middle, and whether a horizon ends with it."""


def _revenue(each: Sequence[tuple[Facts, float]]) -> dict[str, tuple[float, float]]:
    """By country: a deal of several prices lies between its lowest and its highest, for nobody knows how its packages divide."""
    found: dict[str, tuple[float, float]] = {}
    for facts, packages in each:
        if facts.prices:
            low, high = found.get(facts.country, (0.0, 0.0))
            found[facts.country] = (low + packages * min(facts.prices), high + packages * max(facts.prices))
    return found
