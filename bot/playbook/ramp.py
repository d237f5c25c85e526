"""Ramp talk without a figure: staying at the test level, and affirming the ramp."""

from __future__ import annotations

from datetime import timedelta

from bot.playbook.case import Case
from bot.playbook.finding import Finding
from bot.playbook.volume import LATE

EARLY = timedelta(days=7)
"""Talk of staying put counts from a week before the test's end; before that it is about the test itself, unless it names a later day."""


def judge_ramp(case: Case) -> Finding | None:
    """Staying at the test level is a finding around and after the test's end; affirming the ramp is a signal."""
    deal = case.deal
    ramp = deal.agreed_on(deal.ramp_starts)
    if case.statement.act == "ramp-confirmed":
        late = case.statement.when is not None and case.spoken_day > deal.ramp_starts + timedelta(days=1)
        return None if late else case.signal("ramp-confirmed", "The ramp was affirmed.", agreed=ramp)
    later = case.statement.when is not None and case.spoken_day > deal.ramp_starts + LATE
    if case.day < deal.test_ends - EARLY and not later:
        return None
    return case.finding("not-ramping", f"The agreement is {ramp.per_day:,}/day from {ramp.first.day} {ramp.first:%b}.", agreed=ramp)
