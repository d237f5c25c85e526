"""What the ramp asks of the rep today: one thing at most."""

from __future__ import annotations

from datetime import date

from bot.playbook.arithmetic import below, materially_below
from bot.playbook.clock.enforcement import UNANSWERED, Ramping
from bot.playbook.clock.items import Item, ItemState, lateness
from bot.playbook.clock.known import Known
from bot.playbook.scenarios import FINDINGS

CHECKED_FOR = 14
"""Calendar days after the ramp check for which the bot asks how it runs, while nobody says."""

THANKS_AFTER = 3
"""Shipping days after the ramp day before figures alone are a reason for thanks."""

LOW_OVER = 3
"""Shipping days whose mean is held against the test volume."""

GAP = "volume-gap"
"""The scenario of a shortfall that the rep has been told of."""


def ramp_items(known: Known) -> list[Item]:
    """The item for the ramp; during the test, one for a volume that falls short of it."""
    ramping = known.ramping
    if ramping.status == "before" and ramping.step == "none":
        return _low(known)
    if ramping.status == "as-planned":
        return _thanks(known)
    if ramping.step in ("none", "wait"):
        return []
    if ramping.step == "ask-volume":
        return _check(known)
    return _short(known)


def _low(known: Known) -> list[Item]:
    """Too little during the test, from two days of data on. Where a gap is open the rep has been told, and answers there."""
    plan, today = known.plan, known.today
    if any(one.scenario == GAP for one in known.history.findings):
        return []
    there = known.actuals.between(plan.start, min(today, plan.deal.test_ends)) if known.actuals else []
    there = [one for one in there if one.day < today and plan.days.works(one.day)][-LOW_OVER:]
    if len(there) < 2 or plan.deal.phase(today) != "test":
        return []
    mean = sum(one.packages for one in there) / len(there)
    agreed = plan.agreed_on(plan.start).per_day
    if not materially_below((mean, mean), agreed):
        return []
    words = below((mean, mean), agreed).rstrip(".")
    return [
        Item("volume-low", "volume-low", "red", "Volume under the test volume", there[-1].day, today, detail=words, script="volume-gap")
    ]


def _thanks(known: Known) -> list[Item]:
    plan, ramping = known.plan, known.ramping
    measured = known.actuals is not None and ramping.actual is not None
    if ramping.since is None or (measured and known.today < plan.days.after(plan.ramp, THANKS_AFTER)):
        return []
    title = "Ramping as planned: thank, and ask for more"
    since = max(ramping.since, plan.days.after(plan.ramp, THANKS_AFTER) if measured else ramping.since)
    return [Item("thank", "thank-and-expand", "confirmed", title, ramping.since, since, detail=ramping.evidence, draft="thank-and-expand")]


def _check(known: Known) -> list[Item]:
    plan, today = known.plan, known.today
    if (today - plan.check).days > CHECKED_FOR:
        return []
    title = f"Is it ramping? {plan.agreed_on(plan.ramp).per_day:,} a day has been due since {plan.ramp.day} {plan.ramp:%b}"
    late = lateness(plan.days, plan.check, today)
    last = known.actuals.days[-1].day if known.actuals and known.actuals.days else None
    silent = f"no volume data since {last.day} {last:%b}" if last else ""
    return [Item("ramp-check", "ramp-check", "ask", title, plan.check, plan.check, late, detail=silent, answer="volume")]


def _short(known: Known) -> list[Item]:
    """The step of the rung. What somebody took on is left alone for some days, then a date is asked for."""
    ramping, days = known.ramping, known.plan.days
    if ramping.taken and ramping.step in ("step-1", "step-2"):
        if known.today < days.after(ramping.taken, UNANSWERED):
            return []
        return [_item(known, "agree-next", "No next milestone is agreed for the ramp yet")]
    nudge = "leadership" if ramping.rung == 3 else "agree-next" if ramping.step in ("objection", "agree-next") else "ramp-step"
    return [_item(known, nudge, _title(ramping))]


def _item(known: Known, nudge: str, title: str) -> Item:
    ramping = known.ramping
    raised = ramping.delay.raised if ramping.delay and ramping.step == "objection" else None
    since = max(raised or date.min, ramping.risen or date.min) if raised or ramping.risen else known.today
    delay = ramping.delay.key if ramping.delay else ""
    state: ItemState = "overdue" if ramping.rung < 2 and nudge != "ramp-step" else "red"
    return Item(
        key=f"ramp:{ramping.rung}:{ramping.risen or ''}:{ramping.step}:{delay}",
        nudge=nudge,
        state=state if ramping.status != "before" else "ask",
        title=title,
        day=since,
        since=since,
        late=lateness(known.plan.days, since, known.today),
        detail=_detail(ramping),
        script=_script(ramping),
        draft={2: "performance-summary", 3: "leadership"}.get(ramping.rung),
        answer="performance" if ramping.step == "step-1" else "next",
        rung=ramping.rung,
    )


def _title(ramping: Ramping) -> str:
    if ramping.rung == 3:
        return "Third round: time for leadership of both sides"
    round_of = "Second round, with data: " if ramping.rung == 2 else ""
    words = {
        "step-1": "not ramping; first confirm that the test satisfies",
        "step-2": "not ramping; ask what prevents the agreed ramp",
        "objection": f"{_called(ramping)}, and no next milestone agreed",
        "agree-next": "the agreed milestone has passed; agree the next one",
    }[ramping.step]
    return f"{round_of}{words}" if round_of else f"{words[:1].upper()}{words[1:]}"


def _called(ramping: Ramping) -> str:
    scenario = ramping.delay.scenario if ramping.delay else ""
    return f"“{FINDINGS.get(scenario, scenario).lower()}”"


def _detail(ramping: Ramping) -> str:
    passed = f"“{ramping.passed.title}” was agreed for {ramping.passed.day.day} {ramping.passed.day:%b}" if ramping.passed else ""
    return "; ".join(part for part in (ramping.evidence, passed) if part)


def _script(ramping: Ramping) -> str | None:
    if ramping.rung == 3:
        return None
    if ramping.step == "step-1":
        return "not-ramping"
    if ramping.step == "step-2":
        return "not-ramping-step-2"
    return ramping.delay.scenario if ramping.delay and ramping.step == "objection" else "wait-and-see"
