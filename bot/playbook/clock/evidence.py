"""What the bot can see by itself: which milestones are done, and by what sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.playbook.clock.history import Happened
from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.clock.known import Known

VARIANCE_OVER = 5
"""Shipping days up to the day of a variance over which the mean is taken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that something is done: on which day, and in words what."""

    day: date
    words: str


def seen(known: Known, key: str, due: date) -> Seen | None:
    """The sign that a milestone is done, None without one."""
    look = _SIGNS.get(key) or (_pickup if key.startswith("pickup-") else _variance if key.startswith("variance-") else None)
    found = look(known, due) if look else None
    if found is None and key in BY_KEY:
        found = _emailed(known, BY_KEY[key].draft) if key in _BY_EMAIL else None
    return found if found is not None and found.day <= known.today else None


def mean(known: Known, last: date, over: int) -> float | None:
    """The mean of the last `over` shipping days up to `last`, packages per shipping day; None without data. Today is not over yet."""
    if known.actuals is None:
        return None
    ends = min(last, known.today - timedelta(days=1))
    begins = known.plan.ramp if ends >= known.plan.ramp else known.plan.start
    there = known.actuals.between(max(begins, known.plan.days.before(ends, over)), ends)
    there = [one for one in there if known.plan.days.works(one.day)][-over:]
    return sum(one.packages for one in there) / len(there) if there else None


def _signed(_known: Known, due: date) -> Seen | None:
    return Seen(due, "the day stands in the deal")


def _kickoff(known: Known, due: date) -> Seen | None:
    first = known.plan.first
    return Seen(min(due, first.day), "the first pickup followed") if first else None


def _start(known: Known, _due: date) -> Seen | None:
    first = known.plan.first
    return Seen(first.day, _words(first, "pickup confirmed")) if first else None


def _pickup(known: Known, due: date) -> Seen | None:
    there = next((one for one in known.history.of("pickup") if one.day == due), None)
    if there is not None:
        return Seen(due, _words(there, "pickup confirmed"))
    fed = next((one for one in known.actuals.days if one.day == due and one.packages > 0), None) if known.actuals else None
    return Seen(due, f"{fed.packages:,} packages in the volume feed") if fed else None


def _completed(known: Known, due: date) -> Seen | None:
    """A fact of the calendar, where the test began at all."""
    return Seen(due, "the test's days are over") if known.plan.first and known.today > due else None


def _reviewed(known: Known, _due: date) -> Seen | None:
    middle = known.plan.start + timedelta(days=known.plan.deal.test_days // 2)
    satisfied = [one for one in known.history.of("performance") if one.day >= middle]
    return Seen(satisfied[0].day, _words(satisfied[0], "performance confirmed")) if satisfied else None


def _ramped(known: Known, _due: date) -> Seen | None:
    ramping = known.ramping
    return Seen(ramping.since, ramping.evidence or "ramping as planned") if ramping.status == "as-planned" and ramping.since else None


def _checked(known: Known, due: date) -> Seen | None:
    ramping = known.ramping
    if ramping.status == "short" and ramping.since:
        return Seen(max(ramping.since, due), f"short: {ramping.evidence}" if ramping.evidence else "short of the agreed volume")
    return _ramped(known, due)


def _step_one(known: Known, due: date) -> Seen | None:
    return _ramped(known, due) or _reviewed(known, due)


def _step_two(known: Known, due: date) -> Seen | None:
    spoken = [one for one in known.history.delays if one.raised >= known.plan.ramp]
    return _ramped(known, due) or (Seen(spoken[0].raised, "the reason is known") if spoken else None)


def _variance(known: Known, due: date) -> Seen | None:
    """Actual against agreed: only once there are data, and the day is over."""
    actual = mean(known, due - timedelta(days=1), VARIANCE_OVER)
    if known.today < due or actual is None:
        return None
    agreed = known.plan.agreed_on(due).per_day
    share = actual / agreed - 1
    beside = "as agreed" if abs(share) < 0.005 else f"{abs(share):.0%} {'above' if share > 0 else 'below'} it"
    return Seen(due, f"{actual:,.0f} a day against {agreed:,}, {beside}")


def _emailed(known: Known, draft: str | None) -> Seen | None:
    sent = known.history.of("email", draft)
    return Seen(sent[0].day, _words(sent[0], "email sent")) if sent else None


def _words(one: Happened, spare: str) -> str:
    return one.evidence or spare


_BY_EMAIL = ("framework", "pre-kickoff-email", "onboarding-survey")
"""Milestones that are an email."""

_SIGNS: Mapping[str, Callable[[Known, date], Seen | None]] = {
    "signed": _signed,
    "kickoff": _kickoff,
    "test-start": _start,
    "test-completes": _completed,
    "criteria-review": _reviewed,
    "ramp-day": _ramped,
    "ramp-check": _checked,
    "ramp-settled": _ramped,
    "step-1": _step_one,
    "step-2": _step_two,
}
