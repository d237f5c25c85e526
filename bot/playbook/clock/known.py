"""All that the state of a deal depends on, on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.deal import Deal
from bot.playbook.clock.enforcement import Ramping, ramping
from bot.playbook.clock.history import Actuals, History
from bot.playbook.clock.plan import Plan, planned


@dataclass(frozen=True, slots=True)
class Known:
    """The plan, the history, the volume feed (None: there is none), the ramp, and the customer's calendar day."""

    plan: Plan
    history: History
    actuals: Actuals | None
    ramping: Ramping
    today: date


def known(deal: Deal, history: History, actuals: Actuals | None, today: date) -> Known:
    """All of it for one deal on `today`."""
    plan = planned(deal, history, actuals, today)
    return Known(plan, history, actuals, ramping(plan, history, actuals, today), today)
