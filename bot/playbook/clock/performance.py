"""The figures of a deal so far, for the one-page summary of the second rung, and its history in ten lines for the third."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.playbook.clock.due import DealDay
from bot.playbook.clock.enforcement import delays
from bot.playbook.clock.history import Actual, Actuals, History
from bot.playbook.scenarios import FINDINGS

LINES = 10
"""Lines of a history for leadership."""


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


def story(day: DealDay, history: History) -> tuple[tuple[date, str], ...]:
    """What happened, each with its day, in at most ten lines: the agreement, the test, and every turn since."""
    found = sorted(_turns(day, history), key=lambda one: one[0])
    if len(found) <= LINES:
        return tuple(found)
    return (*found[:4], *found[-(LINES - 4) :])


def _turns(day: DealDay, history: History) -> Iterator[tuple[date, str]]:
    plan = day.plan
    deal = plan.terms
    if deal.signed:
        yield deal.signed, f"agreement signed: {deal.volume.committed_per_day:,} a day committed"
    if plan.first:
        yield plan.start, f"first pickup; test of {deal.test.volume_per_day:,} a day for {deal.test.weeks} weeks"
    for one in history.of("performance"):
        yield one.day, "performance confirmed by the customer" + (f": {one.evidence}" if one.evidence else "")
    if plan.ramp <= day.today:
        yield plan.ramp, f"ramp to {deal.ramp_per_day:,} a day due"
    for delay in delays(history):
        yield delay.raised, FINDINGS.get(delay.scenario, delay.scenario).lower()
        if delay.next:
            passed = ", passed" if delay.next.day < day.today and delay.resolved is None else ""
            yield delay.next.day, f"agreed next milestone: {delay.next.title}{passed}"
    for mark in history.rungs:
        yield mark.day, "resolved" if mark.what == "resolved" else f"round {mark.rung} taken on"
    if day.actual is not None and plan.ramp < day.today:
        yield day.today, f"running at {day.actual:,.0f} a day against {day.agreed.per_day:,}"


def _stretch(day: DealDay, there: Sequence[Actual]) -> Stretch | None:
    counted = [one for one in there if day.plan.days.works(one.day) or one.packages]
    if not counted:
        return None
    mean = sum(one.packages for one in counted) / len(counted)
    return Stretch(counted[0].day, counted[-1].day, len(counted), mean, day.plan.agreed_on(counted[-1].day).per_day)


def _share(parts: Sequence[tuple[int, float | None]]) -> float | None:
    """The mean share by packages, over the days that know it."""
    known = [(packages, share) for packages, share in parts if share is not None and packages]
    total = sum(packages for packages, _ in known)
    return sum(packages * share for packages, share in known) / total if total else None
