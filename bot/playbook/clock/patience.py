"""Artificial patience: every nudge of the clock, how urgent it is, whom it reaches, how often at most, and why it can wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.deal import Role
from bot.playbook.clock.calendar import WorkingDays, quarter_end

Urgency = Literal["now", "today", "can-wait"]
"""`now`: at its own hour; `today`: worth a daily message; `can-wait`: rides along with the next one, or makes one after `rides` days."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One kind of reminder. `gap`: business days between two about the same thing; `most`: how many about it at most (None: no end);

    `rides`: business days for which it waits for company; `why`: why it can wait; `customer`: it leads to a message to the customer, so
    that it is softened at quarter-end.
    """

    name: str
    what: str
    when: str
    to: tuple[Role, ...] = ("rep",)
    urgency: Urgency = "today"
    gap: int = 2
    most: int | None = 3
    rides: int = 0
    why: str = ""
    customer: bool = False


NUDGES: tuple[Nudge, ...] = (
    Nudge("account-manager", "Account manager to be introduced", "from the day of the signature on", ("rep",), "can-wait", 3, 3, 2,
          "an introduction is better made in a calm hour than in a hurry"),
    Nudge("welcome-call", "Welcome call by a senior leader", "2 office days before the week is over, and then", gap=3),
    Nudge("framework", "Test framework to be confirmed by email", "2 office days after the signature", ("rep",), "can-wait", 2, 2, 1,
          why="the terms are agreed; the email only writes them down", customer=True),
    Nudge("pre-kickoff-email", "Pre-kickoff email", "3 office days before the kickoff, until it is sent", gap=1, customer=True),
    Nudge("team-briefed", "Implementation team to be briefed", "the office day before the kickoff", most=1),
    Nudge("kickoff", "Kickoff", "on its day", most=1),
    Nudge("test-start", "Test start", "on its day, and while no first pickup is seen", gap=1, most=4),
    Nudge("pickups", "Pickups of days 2 to 5", "on the shipping day after one that nobody saw", gap=1, most=2),
    Nudge("volume-low", "Actual volume under the agreement", "when the mean of 3 shipping days is more than 10% under it", gap=3, most=4),
    Nudge("mid-test", "Mid-test check", "in the middle of the test", urgency="can-wait", most=1, rides=2,
          why="the test runs; a check tomorrow finds the same", customer=True),
    Nudge("test-completes", "Test completes", "2 office days before, and on its last shipping day", gap=1, most=2),
    Nudge("criteria-review", "Review of the success criteria", "on its day, until the performance is confirmed", gap=2, most=3),
    Nudge("ramp-day", "Ramp day", "the office day before, with the confirmation to send, and on the day", gap=1, most=2),
    Nudge("ramp-check", "Is it ramping?", "from day 16 on, while nobody knows", gap=2, most=5),
    Nudge("thank-and-expand", "Ramping as planned: thank, and ask for more", "once, when the volume runs as agreed", most=1,
          urgency="can-wait", rides=1, why="thanks for good figures are as welcome tomorrow", customer=True),
    Nudge("ramp-step", "Not ramping: the next step", "from the ramp check on, for each rung and step", most=3, customer=True),
    Nudge("agree-next", "An objection or delay without a next milestone, or after it has passed", "until one with a date is agreed", gap=3,
          most=None),
    Nudge("leadership", "Third rung: leadership of both sides", "when two rungs have not settled it", ("rep", "leadership"), gap=5, most=2),
    Nudge("next", "An agreed next milestone", "on its day", gap=1, most=1),
    Nudge("own", "A milestone of your own", "on its day, and until it is done", gap=3, most=2),
    Nudge("review-30", "30-day business review", "5 office days before it, and on its day", ("rep",), "can-wait", 3, 2, 2,
          "a date next week can be found tomorrow as well", customer=True),
    Nudge("monthly-review", "Monthly business review", "4 office days before, and on its day", ("rep",), "can-wait", 3, 2, 3,
          "it is a routine, and its date is known for a month", customer=True),
    Nudge("quarterly-audit", "Quarterly volume audit", "5 office days before, and on its day", ("rep",), "can-wait", 5, 2, 3,
          "it looks at three months; three days change nothing", customer=True),
    Nudge("onboarding-survey", "Onboarding survey", "5 office days after the ramp runs, not in a dispute", ("rep",), "can-wait", 5, 2, 3,
          "a survey asked for once too early is answered badly", customer=True),
    Nudge("nps", "NPS question", "every 6 months", ("rep",), "can-wait", 5, 2, 5, "it asks about half a year", customer=True),
    Nudge("workshop", "Manager workshop, days 30 and 60", "3 office days before, and on its day", ("leadership",), "can-wait", 3, 1, 2,
          "it is held for many deals at once"),
    Nudge("confirmed", "Newly confirmed: the first pickup, the ramp", "once, on the next business day", most=1),
    Nudge("confirmed-too", "Newly confirmed: a further pickup, a volume", "once, with the next message", ("rep",), "can-wait", 1, 1, 99,
          why="good news that needs nothing done is no reason to interrupt"),
    Nudge("heard", "Heard, and kept for the daily message", "once, on the next business day", most=1),
    Nudge("open-finding", "A finding that is still open", "3 business days after it was told", urgency="can-wait", gap=5, most=2, rides=2,
          why="it was told at once; the reminder is only for what was forgotten"),
    Nudge("call-brief", "The brief before a call", "an hour before it", urgency="now", most=1),
    Nudge("call-follow-up", "Follow-up to a call", "the business day after it, in the morning", most=1, customer=True,
          why="a follow-up to a good call is read with more pleasure the next morning"),
)  # fmt: skip
"""All of them, roughly in the order of a deal."""

BY_NAME: Mapping[str, Nudge] = {nudge.name: nudge for nudge in NUDGES}


@dataclass(frozen=True, slots=True)
class Habits:
    """A team's settings: the hour of the daily message in each person's own zone, the zone of customers without one, nudges that are

    switched `off`, other `gaps` by nudge, and the business days at a quarter's end in which reminders to customers are softened.
    """

    hour: int = 9
    zone: str = "America/New_York"
    off: frozenset[str] = frozenset()
    gaps: Mapping[str, int] = field(default_factory=dict)
    quarter_end: int = 5

    def gap(self, nudge: Nudge, *, soft: bool) -> int:
        """Business days that two reminders about the same thing keep between them; twice as many at quarter-end for customers."""
        gap = self.gaps.get(nudge.name, nudge.gap)
        return gap * 2 if soft else gap

    def soft(self, days: WorkingDays, today: date) -> bool:
        """Whether the quarter ends within so few working days that customers had better be left alone."""
        return days.count(today, quarter_end(today)) <= self.quarter_end
