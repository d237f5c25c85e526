"""What the time line asks for today: what is announced, due or late, the pickups in one, and calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.playbook.clock.items import Answer, Item, ItemState, after_call, lateness
from bot.playbook.clock.kinds import BY_KEY
from bot.playbook.clock.known import Known
from bot.playbook.clock.milestones import Milestone
from bot.playbook.clock.patience import BY_NAME

OPEN_FOR = 3
"""Shipping days after which a finding that is still open is brought up again."""

FARTHEST = timedelta(days=30)
"""Nothing is announced earlier."""

_NUDGES = {"workshop-30": "workshop", "workshop-60": "workshop"}
_OF_THE_RAMP = ("not-ramping", "volume-gap", "wait-and-see", "objection-")


def reminders(known: Known, line: tuple[Milestone, ...]) -> Iterator[Item]:
    """The items of the time line, of calls and of findings left open."""
    yield from _pickups(known, line)
    for one in line:
        if one.asked and not one.key.startswith("pickup-") and not _held_back(known, one):
            item = _item(known, one)
            if item is not None:
                yield item
    yield from _calls(known)
    yield from _findings(known)


def _held_back(known: Known, one: Milestone) -> bool:
    """What makes no sense yet: a check of a test that has not begun, a review that the ramp has overtaken."""
    if one.kind == "criteria-review":
        return known.ramping.status in ("short", "as-planned")
    return one.kind == "mid-test" and known.plan.first is None


def _item(known: Known, one: Milestone) -> Item | None:
    about, today = BY_KEY[one.kind], known.today
    if one.due > today + FARTHEST:
        return None
    ahead = known.plan.office.before(one.due, about.ahead) if about.ahead else one.due
    if one.state in ("next", "postponed") and ahead <= today < one.due:
        return _made(known, one, "ahead", ahead)
    if one.state == "due" or (one.state == "overdue" and not _a_fact(one)):
        return _made(known, one, "due" if one.state == "due" else "overdue", ahead)
    return None


def _a_fact(one: Milestone) -> bool:
    """Days that pass by themselves: nothing is owed after them that has no reminder of its own."""
    return not BY_KEY[one.kind].markable


def _made(known: Known, one: Milestone, state: ItemState, since: date) -> Item:
    about, nudge = BY_KEY[one.kind], _NUDGES.get(one.kind, one.kind)
    late = lateness(known.plan.office, one.due, known.today) - BY_NAME[nudge].rides if state == "overdue" else 0
    answer: Answer | None = "pickup" if one.kind == "test-start" else "done" if about.markable else None
    return Item(
        key=one.key,
        nudge=nudge,
        state=state if late > 0 or state == "ahead" else "due",
        title=_title(known, one, state),
        day=one.due,
        since=since,
        late=max(0, late),
        detail=one.reason,
        draft=about.draft if about.draft and not known.history.of("email", about.draft) else None,
        answer=answer,
    )


def _title(known: Known, one: Milestone, state: ItemState) -> str:
    plan = known.plan
    if one.kind == "test-start":
        first = f"Test start: first pickup, {plan.agreed_on(plan.start).per_day:,} a day"
        return "No first pickup seen yet" if state == "overdue" else first
    if one.kind == "ramp-day":
        return f"Ramp day: {plan.agreed_on(plan.ramp).per_day:,} a day"
    if one.kind == "next":
        return f"Agreed next milestone: {one.title}"
    return BY_KEY[one.kind].task or one.title


def _pickups(known: Known, line: tuple[Milestone, ...]) -> Iterator[Item]:
    """Pickups of the first days that nobody saw, in one; none while the first is still to come."""
    missing = [one for one in line if one.key.startswith("pickup-") and one.state == "overdue"]
    if not missing or known.plan.first is None:
        return
    days = ", ".join(f"{one.due:%a} {one.due.day} {one.due:%b}" for one in missing)
    late = lateness(known.plan.days, missing[0].due, known.today)
    first, last = missing[0].due, known.plan.days.after(missing[-1].due, 1)
    yield Item("pickups", "pickups", "overdue", f"No pickup seen on {days}", first, min(last, known.today), late, answer="pickup")


def _calls(known: Known) -> Iterator[Item]:
    for call in known.plan.deal.calls:
        day = call.at.date()
        key = after_call(call)
        follow = known.plan.days.after(day, 1)
        if follow <= known.today <= known.plan.days.after(day, 2) and not known.history.of("call", key):
            title = f"Follow up on the call of {day:%a} {day.day} {day:%b}: {call.title}"
            yield Item(key, "call-follow-up", "due", title, day, follow, draft="post-call", answer="next")


def _findings(known: Known) -> Iterator[Item]:
    """Findings kept for today, and those left open, as long as the ramp has no item for them."""
    short = known.ramping.status == "short" or known.ramping.delay is not None
    for one in known.history.findings:
        if one.waits or one.untold:
            heard = Item(f"heard:{one.key}", "heard", "ask", "Heard", one.since, one.since, detail=one.said or "", script=one.scenario)
            yield replace(heard, only=one.untold)
        if not one.waits and not (short and one.scenario.startswith(_OF_THE_RAMP)):
            came_up = known.plan.days.after(one.since, OPEN_FOR)
            if came_up <= known.today:
                late = lateness(known.plan.days, one.since, known.today)
                yield Item(
                    f"open:{one.key}", "open-finding", "overdue", "Still open", one.since, came_up, late, one.said or "", one.scenario
                )
