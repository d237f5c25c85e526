"""The pipeline as a flow: how long deals stay in each stage, how many move on, where volume waits, and what comes in and goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import get_args

from bot.deal import Stage
from bot.playbook.clock.calendar import months_after
from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.metrics import LAUNCH_GRACE, launched_in_time

STAGES: tuple[Stage, ...] = get_args(Stage)
LAST = STAGES[-1]

STUCK, AT_LEAST = 2, 30
"""A deal is stuck in a stage after twice the usual time, and not before so many calendar days."""

MONTHS = 12
"""Months of what came in and went out."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A deal's time in a stage. `known`: the bot saw it begin; `after`: the stage that followed, None while it lasts."""

    deal: Facts
    stage: Stage
    begins: date
    ends: date | None
    after: Stage | None
    known: bool

    @property
    def days(self) -> int:
        """Calendar days so far, or in all."""
        return ((self.ends or self.deal.today) - self.begins).days


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage: deals that wait in it now, with their committed packages a day; how deals left it; and how long it takes.

    Deals that never launched wait no more: they are `dropped`.

    `usual`: the median of calendar days over `timed` spells that were seen from beginning to end; `age`: the median so far of those that
    wait; `stuck` (row ids) wait for more than twice the usual time; `lost`: package-days over the usual time.
    """

    stage: Stage
    waiting: int
    per_day: int
    moved_on: int
    moved_back: int
    dropped: int
    timed: int
    usual: float | None
    age: float | None
    stuck: tuple[int, ...]
    stuck_per_day: int
    lost: float

    @property
    def conversion(self) -> float | None:
        """Of the deals that have left, dropped or are stuck, the share that moved on; None where there are none."""
        judged = self.moved_on + self.moved_back + self.dropped + len(self.stuck)
        return self.moved_on / judged if judged else None


@dataclass(frozen=True, slots=True)
class InAndOut:
    """A month ("2026-11"): packages a day of the deals that came in, that came to their full volume, and that never launched."""

    month: str
    loaded: int
    arrived: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The stages in order, the one in which most volume waits too long (None: nowhere), and the last months."""

    stops: tuple[Stop, ...]
    bottleneck: Stop | None
    months: tuple[InAndOut, ...]


def flow(portfolio: Sequence[Facts], today: date) -> Flow:
    """The flow of the deals under the process; those of standard coverage are left out."""
    deals = [one for one in portfolio if one.white_glove]
    spells: dict[Stage, list[Spell]] = {stage: [] for stage in STAGES}
    for one in deals:
        for spell in _spells(one):
            spells[spell.stage].append(spell)
    stops = tuple(_stop(stage, spells[stage]) for stage in STAGES)
    late = max(stops, key=lambda stop: stop.lost)
    return Flow(stops, late if late.lost > 0 else None, _months(deals, today))


def _spells(one: Facts) -> Iterator[Spell]:
    for place, entered in enumerate(one.stages):
        following = one.stages[place + 1] if place + 1 < len(one.stages) else None
        known = place > 0 or entered.stage == STAGES[0]
        ends, after = (following.day, following.stage) if following else (None, None)
        yield Spell(one, entered.stage, entered.day, ends, after, known)


def _stop(stage: Stage, spells: Sequence[Spell]) -> Stop:
    left = [spell for spell in spells if spell.after is not None]
    there = [spell for spell in spells if spell.after is None]
    waiting = [spell for spell in there if launched_in_time(spell.deal) is not False]
    timed = [spell.days for spell in left if spell.known]
    usual = median(timed) if timed else None
    ends = stage == LAST
    slow = [] if usual is None or ends else [spell for spell in waiting if spell.days > max(AT_LEAST, STUCK * usual)]
    over = 0 if usual is None or ends else sum(max(0.0, spell.days - usual) * spell.deal.committed for spell in waiting)
    on = sum(STAGES.index(spell.after) > STAGES.index(stage) for spell in left if spell.after)
    return Stop(
        stage=stage,
        waiting=len(waiting),
        per_day=sum(spell.deal.committed for spell in waiting),
        moved_on=on,
        moved_back=len(left) - on,
        dropped=len(there) - len(waiting),
        timed=len(timed),
        usual=usual,
        age=median(spell.days for spell in waiting) if waiting else None,
        stuck=tuple(spell.deal.id for spell in slow),
        stuck_per_day=sum(spell.deal.committed for spell in slow),
        lost=float(over),
    )


def _came(one: Facts) -> date | None:
    """When a deal came in: when the bot came to know it, or earlier where it was signed or to start earlier, as imported ones are."""
    known = one.stages[0].day if one.stages else one.since
    return min((day for day in (known, one.signed, one.due) if day is not None), default=None) if known else None


def _months(deals: Iterable[Facts], today: date) -> tuple[InAndOut, ...]:
    first = today.replace(day=1)
    found = {f"{months_after(first, ahead):%Y-%m}": [0, 0, 0] for ahead in range(1 - MONTHS, 1)}

    def add(day: date | None, place: int, one: Facts) -> None:
        month = found.get(f"{day:%Y-%m}") if day else None
        if month is not None:
            month[place] += one.committed

    for one in deals:
        add(_came(one), 0, one)
        add(one.full, 1, one)
        if launched_in_time(one) is False:
            add(one.due + timedelta(days=LAUNCH_GRACE), 2, one)
    return tuple(InAndOut(month, *figures) for month, figures in found.items())
