"""The managers' workshop at day 30 and 60: notes collected beforehand, and the actions that the numbers ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.flow import Flow
from bot.playbook.weekly import Weekly

MOST = 3
"""Deals that an action names."""

Kind = Literal["stalled", "reps", "bottleneck", "cause", "data", "terms"]


@dataclass(frozen=True, slots=True)
class Note:
    """A plus (works) or a delta (is to change), in somebody's words on a day; `by` is their Slack id."""

    kind: Literal["plus", "delta"]
    words: str
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do until the next workshop: of which kind, how much of it there is, and of whom or what."""

    kind: Kind
    count: int
    names: tuple[str, ...]
    until: date
    packages: float = 0.0


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason that was heard for less volume: findings of a scenario in the period, and the deals they came from."""

    scenario: str
    findings: int
    deals: int


def causes(portfolio: Sequence[Facts], first: date) -> tuple[Cause, ...]:
    """What was heard since `first`, the most frequent first."""
    heard = [(life.scenario, one.id) for one in portfolio for life in one.lives if life.day >= first]
    counts = Counter(scenario for scenario, _ in heard)
    deals = Counter(scenario for scenario, _ in set(heard))
    return tuple(Cause(scenario, count, deals[scenario]) for scenario, count in counts.most_common())


def actions(week: Weekly, there: Flow, heard: Sequence[Cause], day: date) -> tuple[Action, ...]:
    """What the next 30 days are for, the most packages at stake first."""
    return tuple(_actions(week, there, heard, day + timedelta(days=30)))


def _actions(week: Weekly, there: Flow, heard: Sequence[Cause], until: date) -> Iterator[Action]:
    if week.risks:
        yield Action("stalled", len(week.risks), tuple(risk.customer for risk in week.risks[:MOST]), until, week.stake)
    if week.helps:
        yield Action("reps", len(week.helps), tuple(one.rep[1] for one in week.helps[:MOST]), until)
    if there.bottleneck is not None and there.bottleneck.stuck:
        yield Action("bottleneck", len(there.bottleneck.stuck), (there.bottleneck.stage,), until, there.bottleneck.stuck_per_day)
    if heard:
        yield Action("cause", heard[0].findings, (heard[0].scenario,), until)
    silent = [lack.customer for lack in week.lacks if lack.silent]
    if silent:
        yield Action("data", len(silent), tuple(silent[:MOST]), until)
    lacking = [lack.customer for lack in week.lacks if lack.terms]
    if lacking:
        yield Action("terms", len(lacking), tuple(lacking[:MOST]), until)
