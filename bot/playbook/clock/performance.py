"""The figures of a deal so far, for the one-page summary of the second rung, and its history in ten lines for the third."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.playbook.clock.due import DealDay
from bot.playbook.clock.enforcement import DELAYING, delays
from bot.playbook.clock.history import Actual, Actuals, History

LINES = 10
"""Turns of a history for leadership."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days with data: its first and last day, how many days, packages per shipping day on average, and the figure agreed."""

    first: date
    last: date
    days: int
    mean: float
    agreed: int


@dataclass(frozen=True, slots=True)
class Performance:
    """Volume in the test and since the ramp, and the shares (0-1) on time and billed right, by packages; None where there are no data."""

    test: Stretch | None
    ramp: Stretch | None
    on_time: float | None
    billed_right: float | None
    packages: int


def performance(day: DealDay, actuals: Actuals | None) -> Performance:
    """What the volume feed says of the deal up to yesterday."""
    yesterday, plan = day.today - timedelta(days=1), day.plan
    there = actuals.between(plan.start, yesterday) if actuals else []
    test = [one for one in there if one.day <= plan.deal.test_ends]
    ramp = [one for one in there if one.day >= plan.ramp]
    return Performance(
        _stretch(day, test),
        _stretch(day, ramp),
        _share([(one.packages, one.on_time) for one in there]),
        _share([(one.packages, one.billed_right) for one in there]),
        sum(one.packages for one in there),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a deal: its day, what kind (a phrase `story_<kind>` in words.yml), figures in packages per shipping day, and words."""

    day: date
    kind: str
    per_day: float | None = None
    agreed: int | None = None
    words: str = ""


def story(day: DealDay, history: History) -> tuple[Turn, ...]:
    """What happened, in at most ten turns: how it began, and the latest ones."""
    found = sorted(_turns(day, history), key=lambda turn: turn.day)
    return tuple(found) if len(found) <= LINES else (*found[:3], *found[-(LINES - 3) :])


def _turns(day: DealDay, history: History) -> Iterator[Turn]:
    plan = day.plan
    deal = plan.terms
    if deal.signed:
        yield Turn(deal.signed, "signed", agreed=deal.volume.committed_per_day)
    if plan.first:
        yield Turn(plan.start, "started", agreed=plan.agreed_on(plan.start).per_day)
    for one in history.of("performance"):
        yield Turn(one.day, "satisfied")
    if plan.ramp <= day.today:
        yield Turn(plan.ramp, "ramp", agreed=plan.agreed_on(plan.ramp).per_day)
    for delay in delays(history):
        yield Turn(delay.raised, delay.scenario if delay.scenario in DELAYING else "delay")
        if delay.next:
            passed = delay.next.day < day.today and delay.resolved is None
            yield Turn(delay.next.day, "passed" if passed else "next", words=delay.next.title)
    for mark in history.rungs:
        yield Turn(mark.day, mark.what, words=str(mark.rung))
    if day.actual is not None and plan.ramp < day.today:
        yield Turn(day.today, "running", day.actual, day.agreed.per_day)


def _stretch(day: DealDay, there: Sequence[Actual]) -> Stretch | None:
    counted = [one for one in there if day.plan.days.works(one.day)]
    if not counted:
        return None
    mean = sum(one.packages for one in counted) / len(counted)
    return Stretch(counted[0].day, counted[-1].day, len(counted), mean, day.plan.agreed_on(counted[-1].day).per_day)


def _share(parts: Sequence[tuple[int, float | None]]) -> float | None:
    """The mean share by packages, over the days that know it."""
    known = [(packages, share) for packages, share in parts if share is not None and packages]
    total = sum(packages for packages, _ in known)
    return sum(packages * share for packages, share in known) / total if total else None
