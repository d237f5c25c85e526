"""The checklists of the stages and of the partnership promise: their items, and which of them the bot can tick itself, by what sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.deal import Deal, Stage
from bot.playbook.clock.boxes import BOXES, TITLES, Box, ListName
from bot.playbook.clock.calendar import months_after
from bot.playbook.clock.due import DealDay
from bot.playbook.clock.history import History, Tick
from bot.playbook.terms import FEWEST_SHARE, MOST_SHARE, WITHIN, per_year


@dataclass(frozen=True, slots=True)
class Ticked:
    """A box as it stands: ticked or not, by the bot itself (`seen`) or by hand, on which day, and by what evidence."""

    box: Box
    done: bool
    seen: bool = False
    evidence: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list with its boxes."""

    name: ListName
    title: str
    boxes: tuple[Ticked, ...]

    @property
    def open(self) -> tuple[Ticked, ...]:
        """What is not ticked."""
        return tuple(one for one in self.boxes if not one.done)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the bot looks at for its ticks."""

    day: DealDay
    history: History

    @property
    def deal(self) -> Deal:
        """The deal as agreed."""
        return self.day.plan.terms

    def milestone(self, key: str) -> str | None:
        """The evidence of a milestone that is done."""
        one = next((one for one in self.day.line if one.key == key and one.state == "done"), None)
        return one.evidence if one else None


_LISTS_OF: Mapping[Stage, tuple[ListName, ...]] = {
    "discovery": ("discovery",),
    "rate-creation": ("rate-creation",),
    "proposal": ("proposal",),
    "setup": ("setup",),
    "implementation": ("implementation", "post-test"),
    "closed-won": ("closed-won",),
}


def checklists(day: DealDay, history: History) -> tuple[Checklist, ...]:
    """All lists of a deal as they stand today."""
    seen = Seen(day, history)
    return tuple(Checklist(name, TITLES[name], tuple(_ticked(box, seen) for box in boxes)) for name, boxes in BOXES.items())


def lists_of(stage: Stage, all_of_them: Sequence[Checklist]) -> tuple[Checklist, ...]:
    """The lists of a stage, and the promise, which belongs to all."""
    names = (*_LISTS_OF[stage], "promise")
    return tuple(one for one in all_of_them if one.name in names)


def left_open(before: Stage, after: Stage, all_of_them: Sequence[Checklist]) -> tuple[Ticked, ...]:
    """What a change of stage leaves behind open: the boxes of the stages from `before` up to `after`; none on the way back."""
    stages = list(_LISTS_OF)
    passed = stages[stages.index(before) : stages.index(after)]
    names = {name for stage in passed for name in _LISTS_OF[stage]}
    return tuple(box for one in all_of_them if one.name in names for box in one.open)


@dataclass(frozen=True, slots=True)
class RepSummary:
    """For leadership: a rep's deals, boxes done and all boxes of the stages they are in, and the open ones with their customers."""

    rep: str
    deals: int
    done: int
    boxes: int
    open: tuple[tuple[str, Box], ...]


def summary(rep: str, deals: Sequence[tuple[Deal, Sequence[Checklist]]]) -> RepSummary:
    """How far a rep's deals are on the lists of their stages."""
    boxes = [(deal.customer, box) for deal, lists in deals for one in lists_of(deal.stage, lists) for box in one.boxes]
    still = tuple((customer, one.box) for customer, one in boxes if not one.done)
    return RepSummary(rep, len(deals), len(boxes) - len(still), len(boxes), still)


def _ticked(box: Box, seen: Seen) -> Ticked:
    """By hand where somebody did; else by what the bot sees."""
    tick: Tick | None = next((one for one in reversed(seen.history.ticks) if one.key == box.key), None)
    if tick is not None:
        return Ticked(box, tick.done, day=tick.day, evidence=f"ticked by <@{tick.by}>" if tick.by and tick.done else "")
    evidence = next(iter(_SIGNS[box.key](seen)), None) if box.key in _SIGNS else None
    return Ticked(box, evidence is not None, seen=evidence is not None, evidence=evidence or "")


def _real_volume(seen: Seen) -> Iterator[str]:
    found = seen.deal.discovery
    if found is not None and per_year(seen.deal) <= found.realistic * (1 + WITHIN):
        yield f"{found.realistic:,} packages a year are realistic, {per_year(seen.deal):,} committed"


def _run_rate(seen: Seen) -> Iterator[str]:
    volume = seen.deal.volume
    if volume.annual:
        yield f"{volume.annual:,} a year, {volume.committed_per_day:,} a day in the deal"


def _exclusions(seen: Seen) -> Iterator[str]:
    found = seen.deal.discovery
    if found is not None and (found.other_carriers or found.not_controlled or found.not_serviceable):
        yield "the exclusions stand in the deal"


def _other_carriers(seen: Seen) -> Iterator[str]:
    found = seen.deal.discovery
    if found is not None and found.other_carriers:
        yield f"{found.other_carriers:,} packages a year are with other carriers"


def _test_terms(seen: Seen) -> Iterator[str]:
    test, committed = seen.deal.test, seen.deal.volume.committed_per_day
    if test.success and FEWEST_SHARE <= test.volume_per_day / committed <= MOST_SHARE:
        weeks = f"{test.weeks} week{'' if test.weeks == 1 else 's'}"
        yield f"{test.volume_per_day:,} a day for {weeks}, criteria in the deal"


def _ramp_terms(seen: Seen) -> Iterator[str]:
    if seen.deal.ramp.to_per_day:
        yield f"{seen.deal.ramp.to_per_day:,} a day from {seen.day.plan.ramp.day} {seen.day.plan.ramp:%b} in the deal"


def _milestone(key: str) -> Callable[[Seen], Iterator[str]]:
    def look(seen: Seen) -> Iterator[str]:
        found = seen.milestone(key)
        if found is not None:
            yield found

    return look


def _first_pickups(seen: Seen) -> Iterator[str]:
    pickups = [one for one in seen.day.line if one.key == "test-start" or one.key.startswith("pickup-")]
    confirmed = [one for one in pickups if one.state == "done"]
    if len(pickups) > 1 and len(confirmed) == len(pickups):
        yield f"all {len(pickups)} confirmed"


def _contradictions(seen: Seen) -> Iterator[str]:
    """Nothing of that kind is open, once the test has begun."""
    if seen.day.plan.first and not [one for one in seen.history.findings if one.scenario == "contradiction"]:
        yield "none is open"


def _volume_agreed(seen: Seen) -> Iterator[str]:
    day = seen.day
    if day.actual is not None and day.actual >= day.agreed.per_day * (1 - WITHIN):
        yield f"{day.actual:,.0f} a day on average, {day.agreed.per_day:,} agreed"
        return
    for one in reversed(seen.history.of("volume")):
        yield one.evidence or "volume confirmed"


def _no_open_end(seen: Seen) -> Iterator[str]:
    ramping = seen.day.ramping
    if ramping.status in ("as-planned", "short") and ramping.step in ("thank", "wait"):
        yield "the ramp runs" if ramping.next is None else f"next: {ramping.next.title}, {ramping.next.day.day} {ramping.next.day:%b}"


def _changes(seen: Seen) -> Iterator[str]:
    if seen.deal.amendments:
        yield f"{len(seen.deal.amendments)} in the ledger"


def _survey(seen: Seen) -> Iterator[str]:
    yield from _milestone("onboarding-survey")(seen)


def _nps(seen: Seen) -> Iterator[str]:
    """Done within the last six months."""
    asked = [one for one in seen.day.line if one.kind == "nps" and one.state == "done" and one.done]
    if asked and asked[-1].done and months_after(asked[-1].done, 6) + timedelta(days=7) >= seen.day.today:
        yield asked[-1].evidence


_SIGNS: Mapping[str, Callable[[Seen], Iterator[str]]] = {
    "other-carriers": _other_carriers,
    "exclusions": _exclusions,
    "real-volume": _real_volume,
    "run-rate": _run_rate,
    "test-terms": _test_terms,
    "ramp-terms": _ramp_terms,
    "framework-sent": _milestone("framework"),
    "email-sent": _milestone("pre-kickoff-email"),
    "briefed": _milestone("team-briefed"),
    "reminder": lambda _seen: iter(("the bot keeps it",)),
    "first-pickups": _first_pickups,
    "contradictions": _contradictions,
    "volume-agreed": _volume_agreed,
    "performance": _milestone("criteria-review"),
    "ramp-held": _milestone("ramp-settled"),
    "no-open-end": _no_open_end,
    "changes": _changes,
    "audits": _milestone("quarterly-audit-1"),
    "manager-introduced": _milestone("account-manager"),
    "welcome": _milestone("welcome-call"),
    "survey": _survey,
    "nps": _nps,
}
