"""Rules and the trained reader together: what both say is sure, what one says alone waits, what arithmetic refutes falls."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from bot.deal import Agreed, Deal
from bot.language.rates import Range
from bot.language.statement import Hunch, Reading, Statement, Utterance
from bot.playbook.arithmetic import per_day
from bot.playbook.case import SURE_ENOUGH, Case
from bot.playbook.contradiction import judge_claim
from bot.playbook.finding import Finding, Urgency
from bot.playbook.outcome import Outcome
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS, title
from bot.playbook.volume import judge_volume

HEARD = 0.40
"""From this chance at the second look on the trained reader's word alone is a finding (precision and recall are level there)."""

KEPT = 0.15
"""Below this chance a finding of the rules falls, unless they are very sure of it."""

VERY_SURE = 0.80
"""From this certainty of the rules on their finding stands whatever the trained reader thinks."""

SURE = 0.82
"""From this chance at the second look on a finding is a DM.

On six untouched authors 19 of 20 are right, on others of traps and short answers about one in fifteen is not (docs/reader.md, by bar).
"""

SURE_AT_FIRST = 0.40
"""The same at the beginning of a talk for what the rules would ring for: there the trained reader knows less than they do."""

SURE_WITH_FIGURE, SURELY_MEANT = 0.50, 0.90
"""The same for what the rules would ring for, where the figure that they hear is surely the one meant: the plainest words must ring."""

SIGNALLED, SIGNALLED_AT_FIRST = 0.35, 0.50
"""From this chance on a signal is heard without a rule, and at the beginning of a talk."""

DOUBTED = 0.15
"""Below this chance a signal of the rules falls."""

MUCH = 3.0
"""So many times as likely is much likelier: a volume finding takes the other name, and a figure that meets the agreement stands."""

PERHAPS_MEANT, CLEARLY = 0.08, 0.30
"""Chance from which on a volume may be the one that a finding is about, and from which on it clearly is."""

THOUGHT_OF = 0.15
"""Chance from which on a claim that differs from its term is taken for what the trained reader heard."""

QUOTED = 220
"""Characters of the message that are quoted when no clause stands out."""

_OF_VOLUME = frozenset({"volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "not-ramping"})
_SUBJECTS_OF_VOLUME = frozenset({"volume.committed", "volume.annual", "volume.test", "ramp.volume"})
_FAMILY_OF_CONFIRMED = frozenset({"volume-confirmed", "ramp-confirmed"})


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance with what was read in it, before the judge of hunches."""

    deal: Deal
    reading: Reading
    utterance: Utterance
    day: date


def weighed(heard: Heard, found: Sequence[Finding]) -> list[Outcome]:
    """The findings of the rules, made surer or unsure by the trained reader, those that only it heard, and why the others fell."""
    hunch = heard.reading.hunch
    if hunch is None:
        return [Outcome(finding.scenario, finding, "rules", finding.sure, SURE_ENOUGH) for finding in found]
    if hunch.foreign:
        return [Outcome(finding.scenario, None, "foreign", finding.sure, 1.0) for finding in found]
    findings = [finding for finding in found if finding.scenario in FINDINGS]
    signals = [finding for finding in found if finding.scenario in SIGNALS]
    outcomes = [_of_rules(heard, hunch, finding, {other.scenario for other in findings if other is not finding}) for finding in findings]
    outcomes = _each_once(outcomes)
    if not any(outcome.finding for outcome in outcomes):
        outcomes.append(_by_itself(heard, hunch, signals))
    standing = [outcome.finding for outcome in outcomes if outcome.finding]
    return outcomes + _signals(heard, hunch, signals, standing)


def _each_once(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes without findings that came by a name which another one of the message has already."""
    told: set[tuple[str, str | None]] = set()
    kept = []
    for outcome in outcomes:
        key = (outcome.finding.scenario, outcome.finding.subject) if outcome.finding else None
        if key is None or key not in told:
            kept.append(outcome)
        told |= {key} if key else set()
    return kept


def _of_rules(heard: Heard, hunch: Hunch, finding: Finding, taken: Set[str]) -> Outcome:
    """What the trained reader leaves of a finding of the rules; `taken` are the names of the others of the same message."""
    if hunch.acquainted and hunch.any < KEPT and finding.sure < VERY_SURE:
        return Outcome(finding.scenario, None, "unlikely", hunch.any, KEPT)
    bar = _bar(heard, hunch, finding) if finding.urgency == "now" else SURE
    return Outcome(finding.scenario, _by(heard, hunch, finding, _urgency(hunch, bar), taken), "both", _worth(hunch), bar, second=True)


def _bar(heard: Heard, hunch: Hunch, finding: Finding) -> float:
    """From which chance on a finding rings that the rules would ring for."""
    if not hunch.acquainted:
        return SURE_AT_FIRST
    return SURE_WITH_FIGURE if finding.said_per_day and _chance_of(finding, heard, hunch) >= SURELY_MEANT else SURE


def _chance_of(finding: Finding, heard: Heard, hunch: Hunch) -> float:
    """The chance that the figure of a finding is the one meant."""
    return max((chance for one, chance in hunch.meant.items() if per_day(one, heard.deal) == finding.said_per_day), default=0.0)


def _by_itself(heard: Heard, hunch: Hunch, signals: Sequence[Finding]) -> Outcome:
    """What the trained reader makes of a message in which the rules leave nothing."""
    likeliest = max(FINDINGS, key=lambda name: hunch.labels.get(name, 0.0))
    if _worth(hunch) < HEARD:
        return Outcome(likeliest, None, "not-heard", _worth(hunch), HEARD, second=hunch.worth is not None)
    alone = _alone(heard, hunch, signals)
    return Outcome(likeliest, alone, "heard" if alone else "refuted", _worth(hunch), SURE, second=True)


def _by(heard: Heard, hunch: Hunch, finding: Finding, urgency: Urgency, taken: Set[str]) -> Finding:
    """A finding of the rules with this urgency, the figure that is meant, and the name that the trained reader is much surer of.

    A lower test stays one beside talk of a later ramp in the same message: what the trained reader hears then is that other finding.
    """
    if finding.scenario not in _OF_VOLUME:
        return replace(finding, urgency=urgency)
    figured = _meant_instead(heard, hunch, finding)
    liked = max(_OF_VOLUME, key=lambda name: hunch.labels.get(name, 0.0))
    apart = liked == "not-ramping" and liked in taken and (finding.agreed_per_day or 0) < heard.deal.ramp_per_day
    renamed = not apart and hunch.labels.get(liked, 0.0) > MUCH * hunch.labels.get(finding.scenario, 0.0)
    scenario = liked if renamed else finding.scenario
    return replace(figured, urgency=urgency, sure=finding.sure, scenario=scenario)


def _worth(hunch: Hunch) -> float:
    """What decides whether it is a finding, and whether it is a DM: the chance at the second look, where there was one."""
    return hunch.any if hunch.worth is None else hunch.worth


def _urgency(hunch: Hunch, bar: float) -> Urgency:
    return "now" if _worth(hunch) >= bar else "digest"


def _meant_instead(heard: Heard, hunch: Hunch, finding: Finding) -> Finding:
    """The finding with another figure of the message, where the trained reader is surer that it is meant."""
    best = max(hunch.meant.values(), default=0.0)
    if finding.said_per_day is None or best < CLEARLY or best <= _chance_of(finding, heard, hunch):
        return finding
    return _figure(heard, hunch) or finding


def _alone(heard: Heard, hunch: Hunch, signals: Sequence[Finding]) -> Finding | None:
    """What only the trained reader heard; where the figures of the message meet the agreement it is refuted by arithmetic."""
    scenario = max(FINDINGS, key=lambda name: hunch.labels.get(name, 0.0))
    figure = _figure(heard, hunch) if scenario in _OF_VOLUME else None
    if figure is None and scenario in _OF_VOLUME and any(signal.scenario in _FAMILY_OF_CONFIRMED for signal in signals):
        return None
    why = f"The wording reads as “{title(scenario).lower()}” ({_worth(hunch):.0%} sure)."
    statement = _whole(heard, _worth(hunch))
    urgency = _urgency(hunch, SURE)
    if figure is not None:
        return replace(figure, scenario=scenario, urgency=urgency, sure=_worth(hunch), rule=statement.rule)
    if scenario == "contradiction":
        return replace(_contradiction(heard, hunch, why), urgency=urgency)
    case = Case(heard.deal, statement, heard.utterance.side, heard.day)
    return replace(case.finding(scenario, why, said=_clear_figure(heard, hunch), agreed=_agreed(heard, scenario)), urgency=urgency)


def _contradiction(heard: Heard, hunch: Hunch, why: str) -> Finding:
    """The claim that may be meant and differs from its term, where the trained reader thinks of that term; else its words alone."""
    made = [one for one in (*heard.reading.statements, *heard.reading.latent) if one.act in ("claims-term", "latent-claim")]
    judged = [judge_claim(Case(heard.deal, replace(one, sure=_worth(hunch)), heard.utterance.side, heard.day)) for one in made]
    differing = [one for one in judged if one and _of_subject(hunch, one.subject or "") >= THOUGHT_OF]
    if differing:
        best = max(differing, key=lambda one: _of_subject(hunch, one.subject or ""))
        return replace(best, rule=_whole(heard, _worth(hunch)).rule)
    case = Case(heard.deal, _whole(heard, _worth(hunch)), heard.utterance.side, heard.day)
    subject = max(SUBJECTS, key=lambda name: _of_subject(hunch, name))
    said = _clear_figure(heard, hunch) if subject in _SUBJECTS_OF_VOLUME else None
    return replace(case.finding("contradiction", why, said=said), subject=subject, agreed=None)


def _of_subject(hunch: Hunch, subject: str) -> float:
    return hunch.labels.get(f"subject {subject}", 0.0)


def _clear_figure(heard: Heard, hunch: Hunch) -> Range | None:
    """Packages per day of the figure that is clearly meant, if one is."""
    best = max(hunch.meant, key=lambda quantity: hunch.meant[quantity], default=None)
    return per_day(best, heard.deal) if best is not None and hunch.meant[best] >= CLEARLY else None


def _figure(heard: Heard, hunch: Hunch) -> Finding | None:
    """The figure that is meant: of all that nothing speaks against, the likeliest that lies under the agreement."""
    made = {one.quantity: one for one in reversed((*heard.reading.statements, *heard.reading.latent)) if one.quantity is not None}
    likely = sorted(hunch.meant, key=lambda quantity: -hunch.meant[quantity])
    least = max(PERHAPS_MEANT, hunch.meant[likely[0]] / MUCH) if likely else 1.0
    likely = [quantity for quantity in likely if hunch.meant[quantity] >= least]
    for statement in [made[quantity] for quantity in likely if quantity in made]:
        taken = [replace(statement, act=act) for act in ("proposes-volume", "reports-volume")]
        taken += [replace(taken[0], about="ramp", stance="proposed")] if hunch.labels.get("not-ramping", 0.0) >= THOUGHT_OF else []
        for one in taken:
            finding = judge_volume(Case(heard.deal, one, heard.utterance.side, heard.day))
            if finding is not None and finding.scenario in FINDINGS:
                return finding
    return None


def _agreed(heard: Heard, scenario: str) -> Agreed:
    deal = heard.deal
    return deal.agreed_on(deal.ramp_starts if scenario == "not-ramping" else heard.day)


def _whole(heard: Heard, sure: float) -> Statement:
    text = heard.utterance.text.strip()
    quote = text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
    return Statement("heard", quote, 0, len(heard.utterance.text), sure, "trained reader")


def _signals(heard: Heard, hunch: Hunch, signals: Sequence[Finding], findings: Sequence[Finding]) -> list[Outcome]:
    """The rules' signals, and those that the trained reader hears in a message without a finding of volume."""
    kept = {
        signal.scenario: Outcome(signal.scenario, signal, "rules", signal.sure, 0.0)
        for signal in signals
        if hunch.good.get(signal.scenario, hunch.labels.get(signal.scenario, 1.0)) >= (DOUBTED if hunch.acquainted else 0.0)
    }
    if any(finding.scenario in _OF_VOLUME for finding in findings):
        return [one if one.scenario == "pickup-confirmed" else replace(one, finding=None, by="outdone") for one in kept.values()]
    case = Case(heard.deal, _whole(heard, hunch.any), heard.utterance.side, heard.day)
    for scenario in SIGNALS:
        chance = hunch.good.get(scenario, hunch.labels.get(scenario, 0.0))
        bar = SIGNALLED if hunch.acquainted else SIGNALLED_AT_FIRST
        if scenario not in kept and chance >= bar:
            signal = case.signal(scenario, f"The wording reads as “{title(scenario).lower()}”.")
            kept[scenario] = Outcome(scenario, signal, "heard", chance, bar)
    return list(kept.values())
