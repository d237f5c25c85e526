"""Which open findings a change of terms settles: what was said then is what is agreed now."""

from __future__ import annotations

from datetime import date

from bot.deal import Deal
from bot.playbook.arithmetic import materially_below
from bot.playbook.finding import Finding

_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping"})


def settled(finding: Finding, said_on: date, deal: Deal, since: date) -> bool:
    """Whether the figure of a finding meets the terms that hold `since`; findings without a figure stay for people to decide."""
    if finding.scenario not in _VOLUME or finding.said_per_day is None:
        return False
    day = max(said_on, since)
    if finding.scenario == "not-ramping":
        day = max(day, deal.on(day).ramp_starts)
    return not materially_below(finding.said_per_day, deal.agreed_on(day).per_day)
