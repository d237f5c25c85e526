"""A person's deals side by side: which come first, what is at stake, and what their findings came to. Pure: the day is an argument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import fsum, isfinite
from typing import Literal, get_args

from bot.deal import Deal

Range = tuple[float, float]

Which = Literal["all", "open", "test", "ramp"]
"""Deals to show: all, those with open findings, those in their test, those whose ramp is due."""

Order = tuple[bool, float, int, bool, date, str, int]
"""Sorts entries by urgency."""

_WHICH: tuple[Which, ...] = get_args(Which)

BEFORE_RAMP, AFTER_RAMP = timedelta(days=7), timedelta(days=30)
"""A ramp is due from a week before its day until a month after it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What waits for somebody in one matter of a deal, as said last: packages per shipping day said (fewest, most) and agreed.

    `fresh`: it was raised this week. `stake`: the packages a day that are missing, fewest and most; None where no figure was said.
    """

    scenario: str
    said: Range | None
    agreed: float | None
    fresh: bool = False
    stake: Range | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.said is not None and self.agreed is not None and all(map(isfinite, (*self.said, self.agreed))):
            missing = max(0.0, self.agreed - max(self.said)), max(0.0, self.agreed - min(self.said))
            object.__setattr__(self, "stake", missing)


@dataclass(frozen=True, slots=True)
class Tally:
    """A deal's findings of one scenario: how many wait, what became of this week's, and how many of those decided on were of use."""

    scenario: str
    waiting: int = 0
    raised: int = 0
    used: int = 0
    not_an_issue: int = 0
    resolved: int = 0
    useful: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """What came of the talk this week, and the packages a day at stake in what was raised this week and still waits."""

    raised: int = 0
    used: int = 0
    not_an_issue: int = 0
    resolved: int = 0
    stake: Range | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal's findings in figures: `waiting` of them wait, and `stake` packages a day are at stake (see at_stake).

    `newest` and `stated` are ids: the finding that waits and was said last, and the last figure said. `week`: what came of this week's.
    """

    tallies: tuple[Tally, ...] = ()
    gaps: tuple[Gap, ...] = ()
    newest: int | None = None
    stated: int | None = None
    waiting: int = field(init=False, default=0)
    stake: Range | None = field(init=False, default=None)
    week: Week = field(init=False, default=Week())

    def __post_init__(self) -> None:
        # once for each change, for it is asked for hundreds of deals at a time
        object.__setattr__(self, "waiting", sum(tally.waiting for tally in self.tallies))
        object.__setattr__(self, "stake", at_stake(self.gaps))
        object.__setattr__(self, "week", _week(self.tallies, self.gaps))


@dataclass(frozen=True, slots=True)
class Entry:
    """A deal with the terms of today (the customer's calendar), and its findings. `order`: where it comes by urgency; `kinds`: what it

    counts as.
    """

    id: int
    deal: Deal
    today: date
    standing: Standing
    order: Order = field(init=False, repr=False, compare=False)
    kinds: frozenset[Which] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", _urgency(self))
        object.__setattr__(self, "kinds", frozenset(which for which in _WHICH if _is(self, which)))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A scenario over several deals: findings that wait, deals they belong to, and packages a day at stake (None: no figure was said)."""

    scenario: str
    waiting: int
    deals: int
    stake: Range | None


def at_stake(gaps: Iterable[Gap]) -> Range | None:
    """What one deal lacks: the matter that lacks most, for no package is missing twice. None where none has a figure."""
    return max((gap.stake for gap in gaps if gap.stake is not None), key=lambda stake: stake[::-1], default=None)


def _together(stakes: Iterable[Range | None]) -> Range | None:
    known = [stake for stake in stakes if stake is not None]
    return (fsum(low for low, _ in known), fsum(high for _, high in known)) if known else None


def next_date(deal: Deal, today: date) -> tuple[date, str] | None:
    """The next agreed date from `today` on, and what it is; None when all are past."""
    dates = ((deal.test.starts, "test starts"), (deal.test_ends, "test ends"), (deal.ramp_starts, "ramp due"))
    return next(((day, what) for day, what in dates if day >= today), None)


def ramp_is_due(deal: Deal, today: date) -> bool:
    """Whether the ramp is about to begin or has just begun."""
    return deal.ramp_starts - BEFORE_RAMP <= today <= deal.ramp_starts + AFTER_RAMP


def by_urgency(entries: Iterable[Entry]) -> list[Entry]:
    """Open findings first, the most packages a day at stake before all; then by the next date; those with none to come last."""
    return sorted(entries, key=lambda entry: entry.order)


def those(entries: Iterable[Entry], which: Which, named: str = "") -> list[Entry]:
    """The entries of a kind, whose customer's name has `named` in it."""
    wanted = " ".join(named.casefold().split())
    found = [entry for entry in entries if which in entry.kinds]
    return [entry for entry in found if wanted in " ".join(entry.deal.customer.casefold().split())] if wanted else found


def ranked(entries: Iterable[Entry]) -> list[Ranked]:
    """Scenarios that wait, the most packages a day at stake first; those without a figure last, by how many wait."""
    stakes: defaultdict[str, list[Range | None]] = defaultdict(list)
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for entry in entries:
        for tally in entry.standing.tallies:
            if tally.waiting:
                waiting[tally.scenario].append(tally.waiting)
        for scenario in {gap.scenario for gap in entry.standing.gaps}:
            stakes[scenario].append(at_stake(gap for gap in entry.standing.gaps if gap.scenario == scenario))
    found = [Ranked(scenario, sum(counts), len(counts), _together(stakes[scenario])) for scenario, counts in waiting.items()]
    return sorted(found, key=lambda one: (-_most(one.stake), -one.waiting, one.scenario))


def week_of(entries: Sequence[Entry]) -> Week:
    """What came of the talk this week, over all entries."""
    weeks = [entry.standing.week for entry in entries]
    return Week(
        sum(week.raised for week in weeks),
        sum(week.used for week in weeks),
        sum(week.not_an_issue for week in weeks),
        sum(week.resolved for week in weeks),
        _together([week.stake for week in weeks]),
    )


def _week(tallies: Sequence[Tally], gaps: Iterable[Gap]) -> Week:
    """What came of the talk about one deal this week."""
    return Week(
        sum(tally.raised for tally in tallies),
        sum(tally.used for tally in tallies),
        sum(tally.not_an_issue for tally in tallies),
        sum(tally.resolved for tally in tallies),
        at_stake(gap for gap in gaps if gap.fresh),
    )


def usefulness(tallies: Iterable[Tally]) -> dict[str, tuple[int, int]]:
    """Scenario -> findings that were of use, and findings decided on; only scenarios with any."""
    found: dict[str, tuple[int, int]] = {}
    for tally in tallies:
        if tally.decided:
            useful, decided = found.get(tally.scenario, (0, 0))
            found[tally.scenario] = (useful + tally.useful, decided + tally.decided)
    return found


def _is(entry: Entry, which: Which) -> bool:
    if which == "all":
        return True
    if which == "open":
        return entry.standing.waiting > 0
    if which == "test":
        return 1 <= entry.deal.test_day(entry.today) <= entry.deal.test_days
    return ramp_is_due(entry.deal, entry.today)


def _urgency(entry: Entry) -> Order:
    waiting, coming = entry.standing.waiting, next_date(entry.deal, entry.today)
    # among deals whose dates are all past, the one whose ramp began last comes first
    day = coming[0] if coming else date.min + (date.max - entry.deal.ramp_starts)
    return waiting == 0, -_most(entry.standing.stake), -waiting, coming is None, day, entry.deal.customer, entry.id


def _most(stake: Range | None) -> float:
    return stake[1] if stake else 0.0


NOTHING = Standing()
"""Of a deal without findings."""
