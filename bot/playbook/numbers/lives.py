"""What became of a deal's findings: told when, answered when, of use or not, and whether the volume was put right after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.playbook.arithmetic import TOLERANCE
from bot.playbook.clock.enforcement import DELAYING
from bot.playbook.clock.plan import Plan
from bot.playbook.numbers.shipped import Shipped

WITHIN = 14
"""Calendar days after a finding in which the volume must have come right for it to count."""

ABOUT_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping", "avoiding-commitment", *DELAYING})
"""Scenarios after which the volume can come right."""

Verdict = Literal["corrected", "not-corrected", "waiting", "no-data"]


@dataclass(frozen=True, slots=True)
class Life:
    """A finding: when it was said, told in a direct message and answered (UTC; None: not, or not known), and what it came to.

    `day`: the day on the customer's calendar on which it was said; `used`: a person used it; `useful`: whether it was of use (None: nobody
    has decided); `said`: the highest figure said and `agreed` the figure agreed, packages per shipping day; `spoken`: somebody said it,
    else the volume feed told.
    """

    id: int
    scenario: str
    said_at: datetime
    day: date
    told_at: datetime | None = None
    answered_at: datetime | None = None
    used: bool = False
    useful: bool | None = None
    said: float | None = None
    agreed: float | None = None
    spoken: bool = True


@dataclass(frozen=True, slots=True)
class Correction:
    """Whether the volume came right after a used finding, and the packages per shipping day that this won; None where that is unknown."""

    finding: int
    scenario: str
    verdict: Verdict
    recovered: float | None = None


def corrections(lives: Sequence[Life], plan: Plan, there: Shipped, today: date) -> tuple[Correction, ...]:
    """What followed each used finding about the volume. Packages that two findings of the same days share are counted for the first."""
    made: list[Correction] = []
    won_until = 0
    for life in sorted(lives, key=lambda one: (one.day, one.id)):
        if not life.used or life.scenario not in ABOUT_VOLUME:
            continue
        begins, agreed = _due(life, plan)
        ends = begins + WITHIN
        right = there.first_at(agreed * (1 - TOLERANCE), begins + 1, min(ends, today.toordinal() - 1))
        if right is not None:
            recovered = _recovered(life, there, right[1], agreed) if life.day.toordinal() > won_until else 0.0
            won_until = max(won_until, ends)
            made.append(Correction(life.id, life.scenario, "corrected", recovered))
        elif today.toordinal() <= ends:
            made.append(Correction(life.id, life.scenario, "waiting"))
        else:
            known = there.between(begins + 1, ends)[1] >= there.needs
            made.append(Correction(life.id, life.scenario, "not-corrected" if known else "no-data"))
    return tuple(made)


def _due(life: Life, plan: Plan) -> tuple[int, float]:
    """From which day (its ordinal) the agreed figure is due, and that figure: talk of the ramp during the test waits for the ramp."""
    day = max(life.day, plan.start)
    agreed = life.agreed if life.agreed is not None else float(plan.agreed_on(day).per_day)
    if day < plan.ramp and agreed > plan.agreed_on(day).per_day:
        day = plan.ramp
    return day.toordinal(), agreed


def _recovered(life: Life, there: Shipped, rate: float, agreed: float) -> float | None:
    """What runs now, up to the agreed figure, less what was said; without a figure less what ran when it was said."""
    before = life.said if life.said is not None else there.rate(life.day.toordinal())
    return None if before is None else max(0.0, min(rate, agreed) - before)
