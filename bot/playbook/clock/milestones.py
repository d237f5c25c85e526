"""The time line of a deal: every milestone with its day, its owner, where it stands, and by what evidence."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.deal import Role
from bot.playbook.clock.calendar import months_after
from bot.playbook.clock.evidence import seen
from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.clock.known import Known
from bot.playbook.clock.plan import BRIEF_BEFORE, EMAIL_BEFORE, PICKUPS, Plan

State = Literal["done", "due", "overdue", "next", "postponed", "missed"]
"""`missed`: its time has passed, or was before the bot knew the deal; nobody asks for it any more."""

SURVEY_AFTER = 5
"""Office days between the ramp and the onboarding survey."""

MONTHS_AHEAD = 6
"""Months ahead of today for which reviews, audits and NPS are laid out, at least twelve after the start."""

_STEP_TWO_AFTER, _SETTLED_DAY = 2, 30
_ONLY_MARKED = frozenset({"monthly-review", "quarterly-audit", "nps", "review-30", "workshop-30", "workshop-60", "next", "own"})
"""Kinds that only a person can say to be done, never before their day by a sign."""
_NOT_NEXT = ("pickup-", "workshop-")
_PLACE = {key: place for place, key in enumerate(BY_KEY)}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone. `due`: its day now; `planned`: its day before it was postponed; `done`: the day on which it was.

    `waits`: for something without a date, so that its day is only the earliest one.
    """

    key: str
    kind: str
    title: str
    due: date
    owner: Role
    state: State
    evidence: str = ""
    done: date | None = None
    planned: date | None = None
    reason: str = ""
    waits: bool = False

    @property
    def asked(self) -> bool:
        """Whether it is asked for, rather than only shown."""
        return BY_KEY[self.kind].asked


def milestones(known: Known) -> tuple[Milestone, ...]:
    """All milestones in the order of their days."""
    made = [_standing(known, one) for one in _laid_out(known)]
    return tuple(sorted(made, key=lambda one: (one.due, _PLACE[one.kind], one.key)))


def upcoming(line: Iterable[Milestone], today: date, besides: Container[str] = ()) -> Milestone | None:
    """The next milestone after today that a rep cares for: no pickup, no workshop, no check by the bot, none of `besides`."""
    ahead = (one for one in line if one.due > today and one.state in ("next", "postponed") and one.key not in besides)
    return next((one for one in ahead if one.asked and not one.waits and not one.key.startswith(_NOT_NEXT)), None)


def _laid_out(known: Known) -> Iterator[Milestone]:
    """Each milestone on its day, whatever became of it."""
    plan, history = known.plan, known.history
    for key, day in (*_before(plan), *_test(plan), *_after(known)):
        yield _of_kind(key, key, day)
    for key, kind, day in _repeated(known):
        yield _of_kind(key, kind, day)
    for delay in history.delays:
        if delay.next and delay.resolved is None:
            yield Milestone(f"next:{delay.key}", "next", delay.next.title, delay.next.day, "rep", "next")
    for own in history.own:
        yield Milestone(own.key, "own", own.title, own.day, own.owner, "next")


def _of_kind(key: str, kind: str, day: date) -> Milestone:
    return Milestone(key, kind, BY_KEY[kind].title, day, BY_KEY[kind].owner, "next")


def _before(plan: Plan) -> Iterator[tuple[str, date]]:
    days, kickoff, signed = plan.office, plan.kickoff, plan.deal.signed
    if signed:
        yield "signed", signed
        yield "account-manager", signed
        yield "welcome-call", max(signed, days.on_or_before(signed + timedelta(days=7)))
        yield "framework", days.after(signed, 2)
    yield "pre-kickoff-email", days.before(kickoff, EMAIL_BEFORE)
    yield "team-briefed", days.before(kickoff, BRIEF_BEFORE)
    yield "kickoff", kickoff


def _test(plan: Plan) -> Iterator[tuple[str, date]]:
    ends = plan.deal.test_ends
    yield "test-start", plan.start
    for number in range(2, PICKUPS + 1):
        if plan.pickup_day(number) <= ends:
            yield f"pickup-{number}", plan.pickup_day(number)
    middle = plan.office.on_or_after(plan.start + timedelta(days=plan.deal.test_days // 2))
    if middle < plan.last_test_day:
        yield "mid-test", middle
    yield "test-completes", plan.last_test_day
    after = plan.office.on_or_after(ends + timedelta(days=1))
    yield "criteria-review", after if after < plan.ramp else max(plan.start, plan.office.on_or_before(plan.last_test_day))


def _after(known: Known) -> Iterator[tuple[str, date]]:
    plan, days, office = known.plan, known.plan.days, known.plan.office
    yield "ramp-day", plan.ramp
    yield "ramp-check", plan.check
    yield "step-1", plan.check
    yield "step-2", days.after(plan.check, _STEP_TWO_AFTER)
    yield "ramp-settled", days.on_or_after(max(_day(plan, _SETTLED_DAY), days.after(plan.check, _STEP_TWO_AFTER)))
    yield "onboarding-survey", _survey(known)
    for day in (30, 60, 90):
        there = office.on_or_after(_day(plan, day))
        if there <= plan.ramp:
            continue  # a long test: there is nothing yet to hold against the ramp
        yield f"variance-{day}", there
        if day == 30:
            yield "review-30", there
        if day in (30, 60):
            yield f"workshop-{day}", there


def _survey(known: Known) -> date:
    """Some days after the ramp; while that does not run, or nobody knows, not yet: nobody is asked for praise in a dispute."""
    plan, ramping = known.plan, known.ramping
    if ramping.status in ("short", "unknown"):
        return known.plan.office.after(known.today, SURVEY_AFTER)
    begun = ramping.since if ramping.status == "as-planned" and ramping.since else plan.ramp
    return plan.office.after(max(begun, plan.ramp), SURVEY_AFTER)


def _repeated(known: Known) -> Iterator[tuple[str, str, date]]:
    """Monthly reviews from the second month on, audits every third, NPS every sixth, as long as the deal runs."""
    plan = known.plan
    months = (known.today.year - plan.start.year) * 12 + known.today.month - plan.start.month
    for month in range(2, max(12, months + MONTHS_AHEAD) + 1):
        day = plan.office.on_or_after(months_after(plan.start, month))
        if day <= plan.check:
            continue
        kind = "monthly-review" if month % 3 else "quarterly-audit"
        yield f"{kind}-{month if month % 3 else month // 3}", kind, day
        if month % 6 == 0:
            yield f"nps-{month}", "nps", plan.office.after(day, SURVEY_AFTER)


def _day(plan: Plan, number: int) -> date:
    return plan.start + timedelta(days=number - 1)


def _standing(known: Known, one: Milestone) -> Milestone:
    """The milestone with its state, by its mark, by what was seen, or by the day."""
    mark = known.history.mark(one.key)
    if mark is None and one.due > known.today and one.kind in _ONLY_MARKED:
        return one
    if mark is not None and mark.state == "done":
        return replace(one, state="done", done=mark.day, evidence=mark.reason or "marked done", reason=mark.reason)
    found = seen(known, one.key, one.due)
    if found is not None:
        return replace(one, state="done", done=found.day, evidence=found.words)
    if mark is not None:
        planned = {"test-start": known.plan.terms.test.starts, "kickoff": known.plan.terms.kickoff}.get(one.key, one.due)
        one = replace(one, due=mark.day, planned=planned, reason=mark.reason)
    if one.kind == "onboarding-survey" and known.ramping.status in ("short", "unknown") and mark is None:
        return replace(one, state="postponed", reason="waits until the ramp runs", waits=True)
    state = _state(known, one, postponed=mark is not None)
    return one if state == one.state else replace(one, state=state)


def _state(known: Known, one: Milestone, *, postponed: bool) -> State:
    today, since = known.today, known.history.since
    if one.due > today:
        return "postponed" if postponed else "next"
    known_by = known.plan.office.after(one.due, 1) if one.kind == "account-manager" else one.due  # a deal is entered once it is signed
    if since is not None and known_by < since and one.kind not in ("test-start", "own", "next") and not postponed:
        return "missed"
    if one.due == today:
        return "due"
    return "missed" if (today - one.due).days > BY_KEY[one.kind].lapses or _outrun(known, one) else "overdue"


def _outrun(known: Known, one: Milestone) -> bool:
    """Whether events have overtaken it."""
    plan = known.plan
    if one.kind in ("team-briefed", "framework"):
        return known.today >= plan.start
    if one.kind == "mid-test":
        return known.today >= plan.last_test_day
    return False
