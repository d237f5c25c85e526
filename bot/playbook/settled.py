"""Which findings are settled: by a change of terms that makes agreed what was said, or by a later word that gives what was agreed."""

from __future__ import annotations

from datetime import date

from bot.deal import Deal
from bot.playbook.arithmetic import differs, materially_below
from bot.playbook.case import SURE_ENOUGH
from bot.playbook.finding import Finding

_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping"})

_OF_VOLUME, _OF_RAMP = "volume-confirmed", "ramp-confirmed"

CONFIRMED_BY: dict[str, str] = {
    "volume-bait-and-switch": _OF_VOLUME,
    "start-small-and-ramp": _OF_VOLUME,
    "volume-gap": _OF_VOLUME,
    "avoiding-commitment": _OF_VOLUME,
    "not-ramping": _OF_RAMP,
    "wait-and-see": _OF_RAMP,
    "objection-too-busy": _OF_RAMP,
    "objection-extend-test": _OF_RAMP,
    "objection-volume-unavailable": _OF_RAMP,
    "objection-peak-season": _OF_RAMP,
}
"""Scenario -> the signal that settles it. A new stakeholder or a strategic question is settled by people alone."""

CLAIM_CONFIRMED_BY: dict[str, str] = {"volume.test": _OF_VOLUME, "ramp.volume": _OF_RAMP}
"""Subject of a contradiction -> the signal that settles it, where it names the agreed figure. No signal tells of the other terms."""

SIGNALS_THAT_SETTLE = frozenset({_OF_VOLUME, _OF_RAMP})


def settled(finding: Finding, said_on: date, deal: Deal, since: date) -> bool:
    """Whether the figure of a finding meets the terms that hold `since`; findings without a figure stay for people to decide."""
    if finding.scenario not in _VOLUME or finding.said_per_day is None:
        return False
    day = max(said_on, since)
    if finding.scenario == "not-ramping":
        day = max(day, deal.on(day).ramp_starts)
    return not materially_below(finding.said_per_day, deal.agreed_on(day).per_day)


def confirmed(finding: Finding, signal: Finding) -> bool:
    """Whether a signal that came after a finding settles it: of the same matter, surely read, by somebody who can say so, and high enough.

    In doubt it does not: a finding that stays open is looked at, one that is settled wrongly is not.
    """
    claim = finding.scenario == "contradiction"
    needed = CLAIM_CONFIRMED_BY.get(finding.subject or "") if claim else CONFIRMED_BY.get(finding.scenario)
    if signal.scenario != needed or signal.sure < SURE_ENOUGH or signal.rule == "trained reader" or not _may_say(finding, signal):
        return False
    said, agreed = signal.said_per_day, max(finding.agreed_per_day or 0.0, signal.agreed_per_day or 0.0)
    if said is None:
        return needed == _OF_RAMP and not claim
    if claim:
        return finding.agreed_per_day is not None and not any(differs(figure, finding.agreed_per_day) for figure in said)
    return not materially_below(said, agreed)


def _may_say(finding: Finding, signal: Finding) -> bool:
    """The customer speaks for its volume; others can take back their own words, and implementation can tell what was shipped."""
    counted = finding.scenario == "volume-gap" and signal.side == "implementation"
    return signal.side == "customer" or (signal.side != "unknown" and signal.side == finding.side) or counted
