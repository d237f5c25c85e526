"""Volume talk against the agreed figure: lower starts, small starts, gaps, and what confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.deal import Agreed
from bot.language.rates import Range
from bot.playbook.arithmetic import below, materially_below, meets, per_day, shown
from bot.playbook.case import Case, day_name
from bot.playbook.finding import Finding

LOWEST_SHARE = 1 / 200
"""A "volume" under this share of the agreed figure is some other count."""
HIGHEST_SHARE = 3.0
"""A "volume" above this multiple of the commitment is some other count."""
LATE = timedelta(days=3)
"""A ramp named for more than so many days after the agreed day is late."""
SUMMED_UP = timedelta(days=10)
"""For so many days after the test an average or total is about the test."""
NEAR_THE_END = timedelta(days=4)
"""From so many days before the test's end, talk of what comes next is about the ramp."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A stated volume beside the agreed figure: both in packages per shipping day, and how they lie.

    `unsaid`: denied, supposed, or heard from others; `no volume`: too small or too large beside the deal to be its volume; `asked`: only
    asked for, and high enough.
    """

    said: Range | None
    agreed: Agreed
    lies: Literal["below", "late", "meets", "asked", "unsaid", "no volume"]


def beside(case: Case) -> Beside:
    """The volume of a statement beside the figure that was agreed for the day it speaks of."""
    agreed = _agreed(case)
    said = per_day(case.statement.quantity, case.deal) if case.statement.quantity else None
    if case.statement.stance in ("rejected", "hypothetical", "hearsay"):
        return Beside(said, agreed, "unsaid")
    if said is None or not _plausible(said, agreed, case.deal.volume.committed_per_day):
        return Beside(said, agreed, "no volume")
    if materially_below(said, agreed.per_day):
        return Beside(said, agreed, "below")
    if _is_ahead(case, agreed) and case.statement.when and case.spoken_day > max(case.day, case.deal.ramp_starts) + LATE:
        return Beside(said, agreed, "late")
    return Beside(said, agreed, "asked" if case.statement.stance == "asked" else "meets")


def judge_volume(case: Case) -> Finding | None:
    """A stated volume: below the agreed figure, or later than agreed, it is a finding by phase and stance; else a confirmation."""
    held = beside(case)
    said, agreed = held.said, held.agreed
    if said is None or held.lies in ("unsaid", "no volume", "asked"):
        return None
    if held.lies == "below":
        return case.finding(_scenario(case, agreed), below(said, agreed.per_day), said=said, agreed=agreed)
    if held.lies == "late":
        why = f"{shown(said)}/day from {day_name(case.spoken_day)}; agreed from {day_name(case.deal.ramp_starts)}."
        return case.finding("not-ramping", why, said=said, agreed=agreed)
    confirmed = "ramp-confirmed" if _is_ahead(case, agreed) else "volume-confirmed"
    return case.signal(confirmed, meets(said, agreed.per_day), said=said, agreed=agreed)


def judge_small_start(case: Case) -> Finding | None:
    """Start small and build, with or without a number: a finding before and during the test, not after it."""
    if case.deal.phase(case.day) == "after-test":
        return None
    agreed = case.deal.agreed_on(case.deal.test.starts)
    return case.finding("start-small-and-ramp", "A small start was proposed; the test is built on the agreed volume.", agreed=agreed)


def _agreed(case: Case) -> Agreed:
    """The agreed level for the day spoken of: a report is of its own day, a plan of the day it names or of what comes next."""
    deal, statement = case.deal, case.statement
    if statement.stance == "stated" and case.day >= deal.test.starts:
        sums_up = "average" in statement.notes and case.day <= deal.ramp_starts + SUMMED_UP
        of_test = statement.about == "test" or sums_up
        return deal.agreed_on(deal.test.starts if of_test else max(deal.test.starts, min(case.day, case.spoken_day)))
    if statement.when is None:
        near_the_end = case.day > deal.test_ends - NEAR_THE_END and statement.about != "test"
        return deal.agreed_on(deal.ramp_starts if near_the_end or statement.about == "ramp" else case.day)
    return deal.agreed_on(case.day if case.spoken_day < case.day - timedelta(days=1) else case.spoken_day)


def _is_ahead(case: Case, agreed: Agreed) -> bool:
    """Whether the statement plans the ramp."""
    return agreed.kind == "ramp" and case.statement.act == "proposes-volume"


def _plausible(said: Range, agreed: Agreed, committed: int) -> bool:
    return said[1] >= max(1.0, agreed.per_day * LOWEST_SHARE) and said[0] <= committed * HIGHEST_SHARE


def _scenario(case: Case, agreed: Agreed) -> str:
    if case.statement.stance == "stated" and case.day >= case.deal.test.starts:
        return "volume-gap"
    if agreed.kind == "ramp":
        return "not-ramping"
    return "start-small-and-ramp" if "small" in case.statement.notes else "volume-bait-and-switch"
