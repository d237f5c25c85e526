"""Rules and the trained reader together: what both say is sure, what one says alone waits, what arithmetic refutes falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.deal import Agreed, Deal
from bot.language.statement import Hunch, Reading, Statement, Utterance
from bot.playbook.case import Case
from bot.playbook.finding import Finding, Urgency
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS, title
from bot.playbook.volume import judge_volume

HEARD = 0.40
"""From this chance on the trained reader's word alone is a finding (precision and recall are level there)."""

SURE = 0.90
"""From this chance on it is a DM without any rule (19 of 20 right on authors it was not trained on)."""

AGREED = 0.55
"""From this chance on a finding of the rules is a DM."""

VERY_SURE = 0.80
"""From this certainty of the rules on their finding is a DM whatever the trained reader thinks."""

SIGNALLED = 0.50
"""From this chance on a signal is heard without a rule."""

QUOTED = 220
"""Characters of the message that are quoted when no clause stands out."""

_OF_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping"})
_FAMILY_OF_CONFIRMED = frozenset({"volume-confirmed", "ramp-confirmed"})


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance with what was read in it, before the judge of hunches."""

    deal: Deal
    reading: Reading
    utterance: Utterance
    day: date


def weighed(heard: Heard, found: Sequence[Finding]) -> list[Finding]:
    """The findings of the rules, made surer or unsure by the trained reader, and those that only it heard."""
    hunch = heard.reading.hunch
    if hunch is None:
        return list(found)
    findings = [finding for finding in found if finding.scenario in FINDINGS]
    signals = [finding for finding in found if finding.scenario in SIGNALS]
    standing = [_by(hunch, finding) for finding in findings]
    if not standing and hunch.any >= HEARD:
        alone = _alone(heard, hunch, signals)
        standing = [alone] if alone else []
    return standing + _signals(heard, hunch, signals, standing)


def _by(hunch: Hunch, finding: Finding) -> Finding:
    urgency: Urgency = "now" if hunch.any >= AGREED or finding.sure >= VERY_SURE else "digest"
    return replace(finding, urgency=urgency)


def _alone(heard: Heard, hunch: Hunch, signals: Sequence[Finding]) -> Finding | None:
    """What only the trained reader heard; where the figures of the message meet the agreement it is refuted by arithmetic."""
    scenario = max(FINDINGS, key=lambda name: hunch.labels.get(name, 0.0))
    figure = _figure(heard) if scenario in _OF_VOLUME else None
    if figure is None and scenario in _OF_VOLUME and any(signal.scenario in _FAMILY_OF_CONFIRMED for signal in signals):
        return None
    why = f"The wording reads as “{title(scenario).lower()}” ({hunch.any:.0%} sure)."
    statement = _whole(heard, hunch.any)
    case = Case(heard.deal, statement, heard.utterance.side, heard.day)
    urgency: Urgency = "now" if hunch.any >= SURE else "digest"
    if figure is not None:
        return replace(figure, scenario=scenario, urgency=urgency, sure=hunch.any, rule=statement.rule)
    finding = replace(case.finding(scenario, why, agreed=_agreed(heard, scenario)), urgency=urgency)
    return replace(finding, subject=_subject(hunch), agreed=None) if scenario == "contradiction" else finding


def _agreed(heard: Heard, scenario: str) -> Agreed:
    deal = heard.deal
    return deal.agreed_on(deal.ramp_starts if scenario == "not-ramping" else heard.day)


def _subject(hunch: Hunch) -> str:
    return max(SUBJECTS, key=lambda name: hunch.labels.get(f"subject {name}", 0.0))


def _figure(heard: Heard) -> Finding | None:
    """The figure that may be meant: of all that nothing speaks against, the first that lies under the agreement."""
    for statement in heard.reading.latent:
        for act in ("proposes-volume", "reports-volume"):
            finding = judge_volume(Case(heard.deal, replace(statement, act=act), heard.utterance.side, heard.day))
            if finding is not None and finding.scenario in FINDINGS:
                return finding
    return None


def _whole(heard: Heard, sure: float) -> Statement:
    text = heard.utterance.text.strip()
    quote = text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
    return Statement("heard", quote, 0, len(heard.utterance.text), sure, "trained reader")


def _signals(heard: Heard, hunch: Hunch, signals: Sequence[Finding], findings: Sequence[Finding]) -> list[Finding]:
    """The rules' signals, and those that the trained reader hears in a message without a finding of volume."""
    kept = {signal.scenario: signal for signal in signals}
    if any(finding.scenario in _OF_VOLUME for finding in findings):
        return [signal for signal in kept.values() if signal.scenario == "pickup-confirmed"]
    case = Case(heard.deal, _whole(heard, hunch.any), heard.utterance.side, heard.day)
    for scenario in SIGNALS:
        if scenario not in kept and hunch.labels.get(scenario, 0.0) >= SIGNALLED:
            kept[scenario] = case.signal(scenario, f"The wording reads as “{title(scenario).lower()}”.")
    return list(kept.values())
