"""Deeds beside words: what was really shipped against what was agreed and said. Pure: the day is an argument, no data is never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Literal

from bot.playbook.arithmetic import TOLERANCE, materially_below, shown
from bot.playbook.case import agreed_words, day_name
from bot.playbook.clock.enforcement import LOOK_BACK
from bot.playbook.clock.history import Actual, Actuals, Stated
from bot.playbook.clock.plan import Plan
from bot.playbook.finding import Finding

FEED = "volume feed"
"""Where a finding about deeds was "said", by whom, and by which rule: not in a channel, and by nobody."""

MADE_UP = "shipped as agreed again"
"""Why a shortfall is settled."""

FRESH = 5
"""Shipping days after which a shortfall is history, and nobody is alarmed by a file of last year."""

SILENT = 3
"""Shipping days without data after which that is worth saying."""

LEVEL_OVER = 5
"""Shipping days whose mean tells whether the full volume is reached, and whether it is lost again."""

HELD_TO_HIS_WORD = 3
"""Shipping days after a figure was stated that are compared with it."""

State = Literal["before", "test", "full", "ramping", "partial", "stalled", "leaking"]
"""Where the volume stands: before and in the test; after it at the full volume, on the way to it, between test and full without a
movement, still at the test's level, or fallen after it was full."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a shortfall counts: `days` running more than 10 % under the agreement, or `share` (0-1) under it on one day.

    `leak`: how far (0-1) the mean of five days may fall once the full volume was reached.
    """

    days: int = 2
    share: float = 0.30
    leak: float = 0.20


@dataclass(frozen=True, slots=True)
class Gap:
    """A shortfall that lasts: its shipping days with data, the packages agreed on the last of them; `leak`: the volume was full before."""

    days: tuple[Actual, ...]
    agreed: int
    leak: bool = False

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days[0].day

    @property
    def mean(self) -> float:
        """Packages per shipping day."""
        return _mean(self.days)


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure that was stated, and the next shipping days' packages, which fall short of it."""

    stated: Stated
    shipped: tuple[Actual, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the volume stands: the last day with data, the mean of the last days, the figure agreed then, and what kind of state that is.

    `silent`: shipping days since, where there are too many; `kept`: a figure stated that was not shipped.
    """

    last: Actual
    mean: float
    over: int
    agreed: int
    state: State
    silent: int = 0
    kept: Kept | None = None


def standing(plan: Plan, actuals: Actuals | None, stated: Stated | None, today: date) -> Standing | None:
    """Where the volume stands on `today`, which is not over yet; None where there are no data at all."""
    there = _finished(plan, actuals, plan.start, today)
    if not there:
        return None
    level = [one for one in there if one.day >= plan.ramp] or there
    last = level[-LOOK_BACK:]
    silent = plan.days.count(there[-1].day, today) - 2 if there[-1].day < today else 0
    return Standing(
        last=there[-1],
        mean=_mean(last),
        over=len(last),
        agreed=plan.agreed_on(there[-1].day).per_day,
        state=_state(plan, there),
        silent=silent if silent >= SILENT else 0,
        kept=not_kept(plan, actuals, stated, today),
    )


def gap(plan: Plan, actuals: Actuals | None, today: date, limits: Limits = Limits()) -> Gap | None:
    """The shortfall that lasts on `today`: in the test against the agreed test volume, later where the full volume has been lost again.

    Before the full volume was reached, the ramp and its rungs tell (see bot.playbook.clock.enforcement).
    """
    there = _finished(plan, actuals, plan.start, today)
    if not there or there[-1].day < plan.days.before(today, FRESH):
        return None
    if there[-1].day <= plan.last_test_day:
        return _short(plan, there, limits)
    return _leak(plan, there, limits)


def recovered(plan: Plan, actuals: Actuals | None, since: date, today: date, limits: Limits = Limits()) -> bool:
    """Whether a shortfall that began on `since` is over: as many days running as agreed as it takes to count as short."""
    after = [one for one in _finished(plan, actuals, plan.start, today) if one.day > since][-limits.days :]
    return len(after) == limits.days and not any(_is_short(plan, one) for one in after)


def untrue(plan: Plan, actuals: Actuals | None, since: date) -> bool:
    """Whether a correction has taken away the first day of a shortfall: it is as agreed now, or there are no data of it any more."""
    there = actuals.between(since, since) if actuals else []
    return not there or not _is_short(plan, there[0])


def not_kept(plan: Plan, actuals: Actuals | None, stated: Stated | None, today: date, limits: Limits = Limits()) -> Kept | None:
    """A figure that was stated and not shipped: no day after it came within the limit of it; None where it was, or nobody knows yet."""
    if stated is None or actuals is None:
        return None
    after = [one for one in _finished(plan, actuals, stated.day, today) if one.day > stated.day][:HELD_TO_HIS_WORD]
    if not after or max(one.packages for one in after) >= stated.per_day[0] * (1 - limits.share):
        return None
    return Kept(stated, tuple(after))


def finding(plan: Plan, found: Gap, kept: Kept | None) -> Finding:
    """What the rep must know of a shortfall, as of its last day."""
    last, agreed = found.days[-1], plan.agreed_on(found.days[-1].day)
    mean = round(found.mean)
    share = 1 - found.mean / found.agreed
    over = "on one shipping day" if len(found.days) == 1 else f"on average over {len(found.days)} shipping days"
    lost = "; the full volume had been reached before" if found.leak else ""
    said = f" {kept_words(kept)}" if kept else ""
    return Finding(
        scenario="volume-gap",
        quote="Shipped: " + ", ".join(f"{one.packages:,} on {day_name(one.day)}" for one in found.days[-LEVEL_OVER:]),
        why=f"{mean:,}/day {over} is {share:.0%} under the agreed {found.agreed:,}/day{lost}.{said}",
        urgency="now",
        side="unknown",
        phase=plan.deal.phase(last.day),
        test_day=plan.day_number(last.day),
        said_per_day=(float(mean), float(mean)),
        agreed_per_day=found.agreed,
        said=f"{mean:,}/day",
        agreed=agreed_words(agreed),
        rule=FEED,
    )


def kept_words(kept: Kept) -> str:
    """As "Dana Ortiz said 150/day on 12 Nov; 40 were shipped on 13 Nov."."""
    who = kept.stated.by or "The customer"
    days = ", ".join(f"{one.packages:,} on {day_name(one.day)}" for one in kept.shipped)
    return f"{who} said {shown(kept.stated.per_day)}/day on {day_name(kept.stated.day)}; shipped: {days}."


def _short(plan: Plan, there: Sequence[Actual], limits: Limits) -> Gap | None:
    run: list[Actual] = []
    for one in reversed(there):
        if not _is_short(plan, one) or (run and plan.days.after(one.day, 1) != run[0].day):
            break
        run.insert(0, one)
    deep = any(one.packages < plan.agreed_on(one.day).per_day * (1 - limits.share) for one in run)
    return Gap(tuple(run), plan.agreed_on(run[-1].day).per_day) if run and (deep or len(run) >= limits.days) else None


def _leak(plan: Plan, there: Sequence[Actual], limits: Limits) -> Gap | None:
    """The stretch since the volume was full for the last time, once the mean of its last days is too far under it."""
    ramp = [one for one in there if one.day >= plan.ramp]
    full = [place for place in range(LEVEL_OVER, len(ramp) + 1) if _level(plan, ramp[place - LEVEL_OVER : place]) >= 1 - TOLERANCE]
    if not full or len(ramp) < LEVEL_OVER or _level(plan, ramp[-LEVEL_OVER:]) >= 1 - limits.leak:
        return None
    low = list(takewhile(lambda one: _is_short(plan, one), reversed(ramp)))[::-1] or [ramp[-1]]
    return Gap(tuple(low), plan.agreed_on(low[-1].day).per_day, leak=True)


def _state(plan: Plan, there: Sequence[Actual]) -> State:
    ramp = [one for one in there if one.day >= plan.ramp]
    if not ramp:
        return "test" if plan.first else "before"
    last, before = ramp[-LOOK_BACK:], ramp[-LOOK_BACK - LEVEL_OVER : -LOOK_BACK]
    if _level(plan, last) >= 1 - TOLERANCE:
        return "full"
    if _leak(plan, there, Limits()) is not None:
        return "leaking"
    base = before or [one for one in there if one.day < plan.ramp][-LEVEL_OVER:]
    if base and _mean(last) > _mean(base) * (1 + TOLERANCE):
        return "ramping"
    test = plan.agreed_on(plan.start).per_day
    return "stalled" if _mean(last) <= test * (1 + TOLERANCE) else "partial"


def _finished(plan: Plan, actuals: Actuals | None, first: date, today: date) -> list[Actual]:
    """The shipping days with data from `first` on that are over."""
    return [one for one in actuals.between(first, today) if one.day < today and plan.days.works(one.day)] if actuals else []


def _is_short(plan: Plan, one: Actual) -> bool:
    return materially_below((one.packages, one.packages), plan.agreed_on(one.day).per_day)


def _level(plan: Plan, days: Sequence[Actual]) -> float:
    """The share of the agreed volume, over these days."""
    return sum(one.packages for one in days) / sum(plan.agreed_on(one.day).per_day for one in days)


def _mean(days: Sequence[Actual]) -> float:
    return sum(one.packages for one in days) / len(days)
