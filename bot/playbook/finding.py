"""The verdict's plain values: findings and signals, and what has been raised before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.deal import Phase
from bot.language.statement import Side

VETOED = "vetoed"
"""Why a finding raises nothing that the strong reader did not bear out."""

MUTED = "muted"
"""Why a finding raises nothing while its scenario is muted on its deal."""

Urgency = Literal["now", "digest", "log"]
"""`now`: a DM; `digest`: the next daily DM; `log`: a signal, shown on the deal card only."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the rep must know (or a signal): what was said against what was agreed.

    `said_per_day` and `agreed_per_day` are packages per shipping day; `said`/`agreed` the same in words; `quote` the clause said;
    `why` one line for the rep; `suppressed` None, or why no DM goes out ("repeat", "vetoed", "muted", "standard-coverage");
    `ambiguous`: its channel belongs to several deals, and the message does not say which is meant.
    """

    scenario: str
    quote: str
    why: str
    urgency: Urgency
    side: Side
    phase: Phase
    test_day: int
    subject: str | None = None
    said_per_day: tuple[float, float] | None = None
    agreed_per_day: float | None = None
    said: str | None = None
    agreed: str | None = None
    rule: str = ""
    sure: float = 1.0
    suppressed: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """What judge() must know of an earlier finding or signal to tell a repetition from news."""

    scenario: str
    subject: str | None
    side: Side
    said_per_day: tuple[float, float] | None
    said: str | None = None
