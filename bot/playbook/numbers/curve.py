"""How deals usually go: what earlier deals shipped in the weeks after their ramp day, and how many of those that were due began at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.shipped import WEEK

WEEKS = 26
"""Weeks after the ramp day that are told apart; later ones are like the last."""

FEWEST = 5
"""Deals that a week of the curve needs; from the first week with fewer on, the one before it holds."""

AGAIN = 4
"""Weeks between two looks at how far a deal lies from the curve."""

OVERDUE = (0, 7, 14, 30, 60)
"""Calendar days after the agreed start for which the chance of a launch is told apart."""

ENOUGH = 1_000
"""Deals from which a curve is learned at most: more make it no better."""


@dataclass(frozen=True, slots=True)
class Track:
    """A deal on the way: its figures, the day from which it is known, and the share of the ramp volume in each week since the ramp day.

    `gap`: calendar days from the first shipment to the ramp day. Days are ordinals.
    """

    facts: Facts
    known: int
    start: int | None
    ramp: int
    gap: int
    shares: tuple[float | None, ...]

    def share(self, at: int) -> tuple[int, float] | None:
        """The last full week before the day `at`, and what was shipped in it; weeks without data are passed over, three at most."""
        last = min((at - self.ramp) // WEEK, len(self.shares)) - 1
        for week in range(last, max(-1, last - 4), -1):
            share = self.shares[week]
            if share is not None:
                return week, share
        return None


@dataclass(frozen=True, slots=True)
class Curve:
    """What earlier deals tell. `weeks`: the share of the ramp volume shipped in each week since the ramp day; `test`: that of the test
    volume in the test; `keep`: how much of its distance from the curve a deal keeps from one week to the next (0-1); `chances`: of a
    launch, by the days that it is overdue; `delay`: calendar days from the agreed start to the first shipment.
    """

    weeks: tuple[float, ...]
    test: float
    keep: float
    chances: tuple[float, ...]
    delay: int
    deals: int

    def share(self, week: int) -> float:
        """The usual share of the ramp volume in a week since the ramp day."""
        return self.weeks[min(week, len(self.weeks) - 1)]

    def chance(self, overdue: int) -> float:
        """The chance that a deal which has not begun will."""
        return self.chances[max(0, bisect_right(OVERDUE, overdue) - 1)]


def track(one: Facts) -> Track:
    """A deal's weeks since its ramp day, up to today."""
    start = one.start.toordinal() if one.start else None
    ramp, begin = one.ramp.toordinal(), start if start is not None else one.due.toordinal()
    shares: list[float | None] = []
    if start is not None and one.there.days:
        for end in range(ramp + WEEK - 1, one.today.toordinal(), WEEK):
            rate = one.there.rate(end)
            shares.append(None if rate is None else rate / one.ramp_level)
    known = [day.toordinal() for day in (one.since, one.stages[0].day if one.stages else None, one.start) if day is not None]
    return Track(one, min(known, default=begin), start, ramp, ramp - begin, tuple(shares))


def learn(tracks: Sequence[Track], at: int) -> Curve | None:
    """The curve by what was known before the day `at`; None where fewer than five deals have a week after their ramp."""
    some = tracks[:: -(-len(tracks) // ENOUGH)] if tracks else ()
    weeks = [(one.facts.ramp_level, one.shares[: max(0, min(WEEKS, (at - one.ramp) // WEEK))]) for one in some if one.ramp < at]
    shares: list[float] = []
    for week in range(WEEKS):
        there = [(level, share) for level, known in weeks if week < len(known) and (share := known[week]) is not None]
        if len(there) < FEWEST:
            break
        shares.append(sum(level * share for level, share in there) / sum(level for level, _ in there))
    if not shares:
        return None
    chances, delay = _launches(some, at)
    keep = _keep([known for _, known in weeks], shares)
    return Curve(tuple(shares), _test(some, at), keep, chances, delay, sum(any(share is not None for share in known) for _, known in weeks))


def _test(tracks: Sequence[Track], at: int) -> float:
    """The share of the test volume that was shipped in the test's last week."""
    there = [(one.facts.test_level, one.facts.there.rate(one.ramp - 1)) for one in tracks if one.start is not None and one.ramp <= at]
    known = [(level, rate) for level, rate in there if rate is not None]
    return sum(rate for _, rate in known) / sum(level for level, _ in known) if known else 1.0


def _keep(weeks: Sequence[Sequence[float | None]], shares: Sequence[float]) -> float:
    """By least squares: what is left of the distance from the curve after some weeks, as a share a week."""
    over = across = 0.0
    for known in weeks:
        for week in range(min(len(known), len(shares)) - AGAIN):
            now, then = known[week], known[week + AGAIN]
            if now is not None and then is not None:
                apart = now - shares[week]
                over += apart * (then - shares[week + AGAIN])
                across += apart * apart
    kept = over / across if across else 0.0
    return float(min(1.0, max(0.0, kept)) ** (1 / AGAIN))


def _launches(tracks: Sequence[Track], at: int) -> tuple[tuple[float, ...], int]:
    """The chances of a launch by days overdue, over the deals whose start is long enough ago to tell; and the usual delay."""
    longest = OVERDUE[-1]
    old = [one for one in tracks if one.facts.due.toordinal() + longest < at and one.known < at]
    began = [one.start - one.facts.due.toordinal() for one in old if one.start is not None and one.start < at]
    chances = []
    for overdue in OVERDUE:
        still = len(old) - sum(delay <= overdue for delay in began)
        later = sum(delay > overdue for delay in began)
        before = overdue == 0  # by its day a deal may have begun already
        chances.append((len(began) / len(old) if before else later / still if still else 0.0) if old else 1.0)
    return tuple(chances), max(0, round(median(began))) if began else 0
