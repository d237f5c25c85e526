"""Volume talk against the agreed figure: lower starts, small starts, gaps, and what confirms."""

from __future__ import annotations

from datetime import timedelta

from bot.deal import Agreed
from bot.playbook.arithmetic import Range, materially_below, per_day, shown
from bot.playbook.case import Case
from bot.playbook.finding import Finding

LOWEST_SHARE = 1 / 200
"""A "volume" under this share of the agreed figure is some other count."""
HIGHEST_SHARE = 3.0
"""A "volume" above this multiple of the commitment is some other count."""
NEAR_THE_END = timedelta(days=4)
"""From so many days before the test's end, talk of what comes next is about the ramp."""


def judge_volume(case: Case) -> Finding | None:
    """A stated volume: below the agreed figure it is a finding by phase and stance, else a confirmation."""
    if case.statement.quantity is None or case.statement.stance in ("rejected", "hypothetical", "hearsay"):
        return None
    said = per_day(case.statement.quantity, case.deal)
    agreed = _agreed(case)
    if said is None or agreed is None or not _plausible(said, agreed, case.deal.volume.committed_per_day):
        return None
    if materially_below(said, agreed.per_day):
        scenario = _scenario(case, agreed)
        why = f"{shown(said)}/day is {1 - (said[0] + said[1]) / 2 / agreed.per_day:.0%} under the agreed {agreed.per_day:,}/day."
        return case.finding(scenario, why, said=said, agreed=agreed)
    ahead = agreed.kind == "ramp" and case.statement.act == "proposes-volume"
    return case.signal(
        "ramp-confirmed" if ahead else "volume-confirmed",
        f"{shown(said)}/day meets the agreed {agreed.per_day:,}/day.",
        said=said,
        agreed=agreed,
    )


def judge_small_start(case: Case) -> Finding | None:
    """Start small and build, with or without a number: a finding before and during the test, not after it."""
    if case.deal.phase(case.day) == "after-test":
        return None
    agreed = case.deal.agreed_on(case.deal.test.starts)
    return case.finding("start-small-and-ramp", "A small start was proposed; the test is built on the agreed volume.", agreed=agreed)


def _agreed(case: Case) -> Agreed | None:
    """The agreed level for the day spoken of: what runs is of the day it is said, or of the test where it speaks of the test."""
    deal, statement = case.deal, case.statement
    if statement.stance == "stated" and case.day >= deal.test.starts:
        return deal.agreed_on(deal.test.starts if statement.about == "test" else case.day)
    ramp = deal.agreed_on(deal.ramp_starts)
    if statement.when is None and case.day > deal.test_ends - NEAR_THE_END and statement.about != "test":
        return ramp
    if statement.when is None and statement.about == "ramp":
        return ramp
    if case.spoken_day < case.day - timedelta(days=1):
        return deal.agreed_on(case.day)
    return deal.agreed_on(case.spoken_day)


def _plausible(said: Range, agreed: Agreed, committed: int) -> bool:
    return said[1] >= max(1.0, agreed.per_day * LOWEST_SHARE) and said[0] <= committed * HIGHEST_SHARE


def _scenario(case: Case, agreed: Agreed) -> str:
    if case.statement.stance == "stated" and case.day >= case.deal.test.starts:
        return "volume-gap"
    if agreed.kind == "ramp":
        return "not-ramping"
    return "start-small-and-ramp" if "small" in case.statement.notes else "volume-bait-and-switch"
