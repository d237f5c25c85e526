"""One thing to tell about a deal: what it is about, since when, how late, and with which script or draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.deal import Call
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.patience import BY_NAME

ItemState = Literal["red", "overdue", "due", "ask", "ahead", "confirmed"]
Answer = Literal["volume", "performance", "next", "pickup", "done"]
"""What the bot would like to know: the actual volume, whether the test satisfies, the next milestone, the pickup, whether it is done."""


@dataclass(frozen=True, slots=True)
class Item:
    """`key` names the thing within the deal: what was told of it counts by that. `day`: what it is about; `since`: when it came up;

    `late`: shipping days since its day; `script`: a scenario whose script helps, `draft`: an email; `rung`: of the escalation, else 0.
    `only`: people for whom its scenario may rest; it concerns those of them for whom it does, and nobody else. Empty: everybody.
    """

    key: str
    nudge: str
    state: ItemState
    title: str
    day: date
    since: date
    late: int = 0
    detail: str = ""
    script: str | None = None
    draft: str | None = None
    answer: Answer | None = None
    rung: int = 0
    soft: bool = False
    only: frozenset[str] = frozenset()

    @property
    def told_as(self) -> str:
        """By what it counts that it was told: the announcement of a thing, and the thing itself."""
        return f"{self.key}:ahead" if self.state == "ahead" else self.key

    @property
    def tone(self) -> int:
        """How plainly it is said, 0 to 3: late things are told in another tone, not more often."""
        return 0 if self.late == 0 else 1 if self.late <= 2 else 2 if self.late <= 5 else 3

    def softened(self, *, soft: bool) -> Item:
        """Marked as one that had better wait, where it leads to a message to the customer and the quarter ends."""
        return replace(self, soft=True) if soft and BY_NAME[self.nudge].customer else self


def lateness(days: WorkingDays, day: date, today: date) -> int:
    """Shipping days that have come after `day`."""
    return days.since(day, today)


def after_call(call: Call) -> str:
    """The key of what follows a call: the next step, and the email."""
    return f"after:{call.at:%Y-%m-%dT%H:%M}"
