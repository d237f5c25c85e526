"""What was heard, as events of the clock: signals that confirm, and findings that stay open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.playbook.clock.history import EventKind, Happened, OpenFinding
from bot.playbook.finding import Finding

_EVENTS: Mapping[str, EventKind] = {"pickup-confirmed": "pickup", "volume-confirmed": "volume", "ramp-confirmed": "ramp-affirmed"}


def event_of(finding: Finding, said_on: date, link: str | None = None) -> Happened | None:
    """The event that a signal stands for; None for a finding, and for a pickup or volume of before the test: that is an arrangement only.

    `said_on` is the customer's calendar day.
    """
    kind = _EVENTS.get(finding.scenario)
    if kind is None or (kind != "ramp-affirmed" and finding.phase == "before-test"):
        return None
    per_day = sum(finding.said_per_day) / 2 if finding.said_per_day else None
    return Happened(kind, said_on, finding.said or finding.quote[:120], per_day, link=link, heard=True)


def open_finding(key: str, finding: Finding, said_on: date, *, told: bool, link: str | None = None) -> OpenFinding:
    """A finding as the clock knows it; one kept for the digest waits until it was `told`."""
    per_day = sum(finding.said_per_day) / 2 if finding.said_per_day else None
    waits, rings = finding.urgency == "digest" and not told, finding.urgency == "now" and not told
    return OpenFinding(key, finding.scenario, said_on, finding.said or finding.quote[:120], per_day, link, waits, rings)
