"""A manager's week: what moved, which deals are at risk and with how much, which reps need help and why, and which data are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.playbook.arithmetic import TOLERANCE
from bot.playbook.clock.due import RUNNING
from bot.playbook.numbers.facts import Facts

WEEK = timedelta(days=7)

UNANSWERED = timedelta(days=3)
"""After so long a finding that a rep was told of, and has not decided on, waits too long."""

OLD = timedelta(days=60)
"""Findings told longer ago than this are history, not work that waits."""

SILENT = 5
"""Calendar days without data after which a deal's silence is told: a weekend and a day."""

TIMES, FEWEST = 1.5, 2
"""A rep needs help with so many times the share of deals at risk that everybody else has, and so many of them at least."""

WAITING = 3
"""So many findings without an answer are a call for help, too."""

Why = Literal["under", "fell", "nothing", "said"]
"""`under` the agreed volume; `fell`: it was full; `nothing` was shipped at all; `said`: no data, but less than agreed was stated."""

Moved = Literal["new", "stage", "first", "test-ended", "full"]


@dataclass(frozen=True, slots=True)
class Risk:
    """A deal at risk: packages a shipping day at stake, what runs (or was said) and what was agreed for those days, on average."""

    id: int
    customer: str
    reps: tuple[tuple[str, str], ...]
    why: Why
    stake: float
    now: float
    agreed: float


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to a deal on a day; `stage`: the one it came to."""

    id: int
    customer: str
    kind: Moved
    day: date
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """A rep (id and name) who needs help: deals at risk of all of theirs, beside everybody else's; packages a day at stake; and findings
    that wait for an answer for over three days.
    """

    rep: tuple[str, str]
    at_risk: int
    deals: int
    others_at_risk: int
    others: int
    stake: float
    unanswered: int


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing in the data of a deal: volumes (`silent`) since a day (None: there were never any), and terms, a sentence each."""

    id: int
    customer: str
    silent: bool
    since: date | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weekly:
    """A manager's week up to `day`: deals that run, moves in order, risks and helps by packages at stake, and what is missing.

    `unknown`: customers of deals of which nobody can tell whether they are at risk, since there are no fresh volume data.
    """

    day: date
    deals: int
    moves: tuple[Move, ...]
    risks: tuple[Risk, ...]
    helps: tuple[Help, ...]
    lacks: tuple[Lack, ...]
    unknown: tuple[str, ...] = ()

    @property
    def stake(self) -> float:
        """Packages a shipping day at stake in all."""
        return sum(risk.stake for risk in self.risks)


def weekly(portfolio: Sequence[Facts], day: date, missing: Mapping[int, tuple[str, ...]] | None = None) -> Weekly:
    """The week before `day`. `missing`: sentences on terms that a deal lacks, by its id."""
    running = [one for one in portfolio if one.white_glove and one.stage in RUNNING]
    risks = sorted((risk for one in running if (risk := _risk(one)) is not None), key=lambda risk: (-risk.stake, risk.customer))
    moves = sorted((move for one in portfolio if one.white_glove for move in _moves(one, day)), key=lambda move: (move.day, move.customer))
    helps = sorted(_helps(running, risks, day), key=lambda one: (-one.stake, -one.unanswered, one.rep[1]))
    lacks = [lack for one in running if (lack := _lack(one, (missing or {}).get(one.id, ()))) is not None]
    lacks.sort(key=lambda lack: lack.customer)
    at_risk = {risk.id for risk in risks}
    unknown = sorted(one.customer for one in running if one.id not in at_risk and _unknown(one))
    return Weekly(day, len(running), tuple(moves), tuple(risks), tuple(helps), tuple(lacks), tuple(unknown))


def _risk(one: Facts) -> Risk | None:
    """Actual volume tells; words tell where there is none. A deal of which nothing is known is no risk: it is counted apart."""
    if one.rate is not None:
        if one.rate.actual >= one.rate.agreed * (1 - TOLERANCE) or one.today <= one.due:
            return None
        why: Why = "nothing" if one.start is None else "fell" if one.leaked else "under"
        return _made(one, why, one.rate.actual, one.rate.agreed)
    if one.said is not None and sum(one.said) / 2 < one.said_of * (1 - TOLERANCE):
        return _made(one, "said", sum(one.said) / 2, one.said_of)
    return None


def _made(one: Facts, why: Why, now: float, agreed: float) -> Risk:
    return Risk(one.id, one.customer, one.reps, why, max(0.0, agreed - now), now, agreed)


def _moves(one: Facts, day: date) -> Iterator[Move]:
    for number, entered in enumerate(one.stages):
        if _this_week(entered.day, day):
            yield Move(one.id, one.customer, "stage" if number else "new", entered.day, entered.stage)
    dated: tuple[tuple[Moved, date | None], ...] = (("first", one.start), ("full", one.full))
    for kind, at in dated:
        if at is not None and _this_week(at, day):
            yield Move(one.id, one.customer, kind, at)
    if one.start is not None and _this_week(one.test_ends, day):
        yield Move(one.id, one.customer, "test-ended", one.test_ends)


def _this_week(at: date, day: date) -> bool:
    return day - WEEK <= at < day


def _helps(running: Sequence[Facts], risks: Sequence[Risk], day: date) -> Iterator[Help]:
    at_risk = {risk.id: risk.stake for risk in risks}
    for rep in sorted({rep for one in running for rep in one.reps}):
        theirs = [one for one in running if rep in one.reps]
        others = [one for one in running if rep not in one.reps]
        mine, rest = sum(one.id in at_risk for one in theirs), sum(one.id in at_risk for one in others)
        unanswered = sum(_waits(one, day) for one in theirs)
        many = mine >= FEWEST and mine * len(others) >= TIMES * rest * len(theirs)
        if many or unanswered >= WAITING:
            yield Help(rep, mine, len(theirs), rest, len(others), sum(at_risk.get(one.id, 0.0) for one in theirs), unanswered)


def _waits(one: Facts, day: date) -> int:
    told = [life.told_at.date() for life in one.lives if life.told_at and life.answered_at is None and life.useful is None]
    return sum(day - OLD <= at < day - UNANSWERED for at in told)


def _lack(one: Facts, terms: tuple[str, ...]) -> Lack | None:
    silent = _silent(one)
    return Lack(one.id, one.customer, silent, one.there.last, terms) if silent or terms else None


def _silent(one: Facts) -> bool:
    last = one.there.last
    return _begun(one, one.due) and (last is None or (one.today - last).days > SILENT)


def _unknown(one: Facts) -> bool:
    """Whether there are no fresh data, or too few to tell though the test has been running for long enough."""
    return _silent(one) or (one.rate is None and _begun(one, max(one.due, one.start or one.due)))


def _begun(one: Facts, since: date) -> bool:
    return (one.today - since).days > SILENT
