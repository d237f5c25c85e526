"""The ramp from its day on: whether the volume runs, and if not, which rung it stands on and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from typing import Literal

from bot.playbook.arithmetic import materially_below
from bot.playbook.clock.history import Actuals, Delay, Happened, History, Next, OpenFinding
from bot.playbook.clock.plan import Plan

RUNGS = ("consultative", "with data", "leadership")
"""Who speaks on rungs 1 to 3: the rep; the rep with the figures; leadership of both sides."""

UNANSWERED = 5
"""Shipping days after which a rung that nobody took on gives way to the next one."""

LOOK_BACK = 3
"""Shipping days whose mean is held against the ramp volume."""

Status = Literal["before", "as-planned", "short", "unknown"]
Step = Literal["none", "ask-volume", "thank", "step-1", "step-2", "objection", "agree-next", "wait"]

DELAYING = ("objection-too-busy", "objection-extend-test", "objection-volume-unavailable", "objection-peak-season", "wait-and-see")
"""Scenarios after which a next milestone with a date is needed."""

_SHORT = ("not-ramping", "volume-gap")


@dataclass(frozen=True, slots=True)
class Ramping:
    """Where the ramp stands on a day.

    `since`: the first day of this status; `actual`: the mean of the last shipping days' packages where there is data; `step`: what the rep
    should do; `rung`: 1 to 3 while the ramp falls short, else 0; `risen`: the day on which this rung was reached, `taken` that on which
    somebody took it on; `delay`: the objection or delay that is open; `next`: the next milestone that was agreed, while it lies ahead;
    `passed`: the one that has passed last.
    """

    status: Status
    since: date | None = None
    actual: float | None = None
    evidence: str = ""
    step: Step = "none"
    rung: int = 0
    risen: date | None = None
    taken: date | None = None
    delay: Delay | None = None
    next: Next | None = None
    passed: Next | None = None


def ramping(plan: Plan, history: History, actuals: Actuals | None, today: date) -> Ramping:
    """The state of the ramp on `today`; of an objection before the ramp day only what is to be agreed next."""
    delay = _open_delay(plan, history, today)
    ahead = delay.next if delay and delay.next and delay.next.day >= today else None
    if today < plan.check:
        early = delay is not None and delay.next is None
        return Ramping("before", step="objection" if early else "none", delay=delay, next=ahead)
    status, since, evidence, actual = _status(plan, history, actuals, today)
    if status == "as-planned":
        return Ramping(status, since, actual, evidence, "thank")
    if status == "unknown" or since is None:
        objecting = delay is not None and (delay.next is None or ahead is None)
        step: Step = "objection" if objecting else "none" if ahead else "ask-volume"
        return Ramping("unknown", plan.check, actual, evidence, step, delay=delay, next=ahead)
    begun = max([since, *(mark.day for mark in history.rungs if mark.what == "resolved" and mark.day <= today)])
    rung, risen, taken, passed = _rung(plan, history, begun, today)
    step = _step(history, delay, ahead, begun)
    return Ramping(status, since, actual, evidence, step, rung, risen, taken, delay, ahead, passed)


def delays(history: History) -> tuple[Delay, ...]:
    """The objections and delays recorded, and those heard that nobody recorded yet."""
    known = {one.finding for one in history.delays} | {one.key for one in history.delays}
    heard = [Delay(one.key, one.scenario, one.since, finding=one.key) for one in history.findings if one.scenario in DELAYING]
    return (*history.delays, *(one for one in heard if one.key not in known))


def _open_delay(plan: Plan, history: History, today: date) -> Delay | None:
    """The latest objection or delay that is not resolved, from the second half of the test on: before it, it is no delay of the ramp."""
    early = plan.start + timedelta(days=plan.deal.test_days // 2)
    still = [one for one in delays(history) if early <= one.raised <= today and (one.resolved is None or one.resolved > today)]
    return max(still, key=lambda one: (one.raised, one.next is not None), default=None)


def _status(plan: Plan, history: History, actuals: Actuals | None, today: date) -> tuple[Status, date | None, str, float | None]:
    """The status, since when, by what evidence, and the mean; data count before words, of words the latest."""
    measured = list(_measured(plan, actuals, today))
    if measured:
        mean, agreed = measured[-1][1], plan.agreed_on(plan.ramp).per_day
        low = materially_below((mean, mean), agreed)
        run = list(takewhile(lambda one: materially_below((one[1], one[1]), agreed) == low, reversed(measured)))
        words = f"{mean:,.0f} a day on average against {agreed:,} agreed"
        return ("short" if low else "as-planned"), run[-1][0], words, mean
    said = _words(plan, history, today)
    if not said:
        return "unknown", None, "", None
    last = max(said, key=lambda one: one.day)
    status: Status = "short" if last.kind == "short" else "as-planned"
    since = list(takewhile(lambda one: (one.kind == "short") == (last.kind == "short"), reversed(said)))[-1].day
    return status, max(since, plan.ramp), last.evidence, last.per_day


def _measured(plan: Plan, actuals: Actuals | None, today: date) -> Iterator[tuple[date, float]]:
    """Each day with data since the ramp day, today's unfinished one left out, with the mean of the last days up to it."""
    there = actuals.between(plan.ramp, today - timedelta(days=1)) if actuals else []
    there = [one for one in there if plan.days.works(one.day)]
    for number, one in enumerate(there, start=1):
        last = there[max(0, number - LOOK_BACK) : number]
        yield one.day, sum(each.packages for each in last) / len(last)


def _low(plan: Plan, mean: float) -> bool:
    return materially_below((mean, mean), plan.agreed_on(plan.ramp).per_day)


def _words(plan: Plan, history: History, today: date) -> list[Happened]:
    """What was said of the ramp from its day on, as events `ramped` or `short`, in order."""
    said = [one for one in history.happened if one.kind in ("ramped", "short") and plan.ramp <= one.day <= today]
    stated = [one for one in history.of("volume") if plan.ramp <= one.day <= today and one.per_day is not None]
    said += [replace(one, kind="ramped") for one in stated if one.per_day is not None and not _low(plan, one.per_day)]
    said += [_heard(one) for one in history.findings if one.scenario in _SHORT and plan.start <= one.since <= today and _of_ramp(plan, one)]
    return sorted(said, key=lambda one: one.day)


def _of_ramp(plan: Plan, finding: OpenFinding) -> bool:
    return finding.scenario == "not-ramping" or finding.since >= plan.ramp


def _heard(finding: OpenFinding) -> Happened:
    return Happened("short", finding.since, finding.said or "", finding.per_day)


def _rung(plan: Plan, history: History, begun: date, today: date) -> tuple[int, date, date | None, Next | None]:
    """The rung, since when, when somebody took it on, and the milestone that has passed last.

    A rung gives way when its agreed milestone has passed and the volume still falls short, or when nobody takes it on.
    """
    agreed = sorted((one for one in history.delays if one.next and begun <= one.raised <= today), key=lambda one: one.raised)
    taken = [mark for mark in history.rungs if mark.what == "acknowledged" and begun <= mark.day <= today]
    rung, risen, passed = 1, begun, None
    while True:
        unanswered = plan.days.after(risen, UNANSWERED)
        took = max((mark.day for mark in taken if mark.rung == rung and risen <= mark.day < unanswered), default=None)
        limit = None if took is not None else unanswered
        last = _agreed_last(agreed, risen, limit)
        gives_way = plan.days.after(last.day, 1) if last else limit
        if gives_way is None or gives_way > today:
            return rung, risen, took, passed
        passed = last or passed
        if rung == len(RUNGS):
            return rung, risen, took, passed
        rung, risen = rung + 1, gives_way


def _agreed_last(agreed: Sequence[Delay], risen: date, limit: date | None) -> Next | None:
    """The milestone on which a rung rests: the first that was agreed before the rung gave way, or one agreed later, before that passed."""
    last: Next | None = None
    for one in agreed:
        if one.next is None or one.next.day < risen:
            continue
        if last is None and (limit is None or one.raised < limit):
            last = one.next
        elif last is not None and one.raised <= last.day:
            last = max(last, one.next, key=lambda step: step.day)
    return last


def _step(history: History, delay: Delay | None, ahead: Next | None, begun: date) -> Step:
    if ahead is not None:
        return "wait"
    if delay is not None and delay.next is None:
        return "objection"
    if delay is not None:
        return "agree-next"
    return "step-2" if any(one.day >= begun - timedelta(days=21) for one in history.of("performance")) else "step-1"
