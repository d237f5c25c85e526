"""Calls noted in a deal: when the brief before one is due, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.deal import Call, Deal, Person
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.history import OpenFinding, Stated

BEFORE = timedelta(hours=1)
"""How long before a call its brief is sent."""


def starts(call: Call, deal: Deal, zone: str) -> datetime:
    """When a call begins, UTC: its time is the customer's local one; `zone` is taken where the deal names none."""
    return call.at.replace(tzinfo=ZoneInfo(deal.timezone or zone)).astimezone(UTC)


def to_brief(deal: Deal, now: datetime, zone: str) -> tuple[Call, ...]:
    """Calls that begin within the hour; those that have begun are not briefed any more."""
    return tuple(call for call in deal.calls if starts(call, deal, zone) - BEFORE <= now < starts(call, deal, zone))


@dataclass(frozen=True, slots=True)
class Brief:
    """One screen before a call: who may be there, what was stated last, what is open, what to reach, and which step to propose."""

    call: Call | None
    day: DealDay
    theirs: tuple[Person, ...]
    ours: tuple[Person, ...]
    stated: Stated | None
    open: tuple[OpenFinding, ...]
    goals: tuple[str, ...]
    questions: tuple[str, ...]
    step: str


def brief(day: DealDay, call: Call | None = None) -> Brief:
    """The brief for a call today, by where the deal stands."""
    people = day.deal.people
    goals, questions, step = _by_phase(day)
    return Brief(
        call,
        day,
        tuple(one for one in people if one.role in ("customer", "guest")),
        tuple(one for one in people if one.role not in ("customer", "guest")),
        day.stated,
        day.findings,
        goals,
        questions,
        step,
    )


def _by_phase(day: DealDay) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Goals, questions worth asking, and the next step to propose."""
    plan, ramp = day.plan, day.plan.agreed_on(day.plan.ramp)
    starts_on, ramps_on = f"{plan.start.day} {plan.start:%b}", f"{plan.ramp.day} {plan.ramp:%b}"
    if day.number < 1:
        return (
            (f"hear them say it: {day.agreed.per_day:,} a day from {starts_on}", "know who decides on the ramp"),
            ("What has to be ready on your side for the first pickup?", "Who else needs to know the start date and the volume?"),
            f"a written yes to start, volume and criteria before {starts_on}",
        )
    if plan.deal.phase(day.today) == "test":
        return (
            (f"keep the test at {day.agreed.per_day:,} a day", "hear early what does not satisfy"),
            ("How do transit and billing look so far?", f"What would you need to see for {ramp.per_day:,} a day from {ramps_on}?"),
            f"a date for the review of the criteria, {plan.last_test_day.day} {plan.last_test_day:%b} at the latest",
        )
    if day.ramping.status == "as-planned":
        return (
            ("thank with figures", "find volume that could come on top"),
            ("What could we take off your hands that goes elsewhere today?", "What should we do better in the next 30 days?"),
            "the next business review",
        )
    return (
        (f"a start date for {ramp.per_day:,} a day", "know what is really in the way"),
        ("Does the test satisfy on every criterion? If not, which?", "What is in the way, who can clear it, and by when?"),
        "a next milestone with a date",
    )
