"""judge(): a reading against the deal's terms on the day it speaks of, into findings and signals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.deal import Deal
from bot.language.statement import Reading, Utterance
from bot.playbook.arithmetic import below, meets, same_figure, shown
from bot.playbook.case import Case
from bot.playbook.contradiction import judge_claim
from bot.playbook.finding import Finding, Raised
from bot.playbook.hunch import Heard, weighed
from bot.playbook.marks import marks
from bot.playbook.outcome import Outcome
from bot.playbook.ramp import judge_ramp
from bot.playbook.scenarios import FINDINGS, SIGNALS
from bot.playbook.talk import TALK, judge_talk
from bot.playbook.volume import judge_small_start, judge_volume

JUDGES: dict[str, Callable[[Case], Finding | None]] = {
    "proposes-volume": judge_volume,
    "reports-volume": judge_volume,
    "claims-term": judge_claim,
    "start-small-and-ramp": judge_small_start,
    "not-ramping": judge_ramp,
    "ramp-confirmed": judge_ramp,
    "pickup-confirmed": lambda case: case.signal("pickup-confirmed", "A pickup was confirmed with its time or BOL number."),
    **dict.fromkeys(TALK, judge_talk),
}
"""Act -> how it is judged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What rules and arithmetic make of a message: their findings and signals, and the same in a few names for the trained reader."""

    findings: tuple[Finding, ...]
    marks: frozenset[str]


def verdict_of(deal: Deal, reading: Reading, utterance: Utterance) -> Verdict:
    """The verdict by rules and arithmetic alone."""
    day = day_of(deal, utterance)

    def cases(acts: Collection[str]) -> list[Case]:
        return [Case.of(deal, made, utterance.side, day) for made in reading.carried if made.act in acts]

    found = [finding for case in cases(JUDGES) if (finding := JUDGES[case.statement.act](case))]
    findings = tuple(_one_each(found))
    return Verdict(findings, marks(findings, cases(("latent-volume",)), cases(("claims-term", "latent-claim"))))


def judge(
    deal: Deal, reading: Reading, utterance: Utterance, raised: Sequence[Raised], verdict: Verdict | None = None
) -> tuple[Finding, ...]:
    """What the rep must know of this utterance; a repetition of the same side's words comes back with `suppressed` "repeat".

    `verdict` is verdict_of() these, where the caller has it; the hunch of the reading is weighed against it.
    """
    return raised_of(outcomes(deal, reading, utterance, raised, verdict))


def outcomes(
    deal: Deal, reading: Reading, utterance: Utterance, raised: Sequence[Raised], verdict: Verdict | None = None
) -> tuple[Outcome, ...]:
    """What judge() gives, with what was weighed and dropped beside it, and why."""
    verdict = verdict or verdict_of(deal, reading, utterance)
    weighing = weighed(Heard(deal, reading, utterance, day_of(deal, utterance)), verdict.findings)
    return again_marked(weighing, raised)


def again_marked(weighing: Sequence[Outcome], raised: Sequence[Raised]) -> tuple[Outcome, ...]:
    """The outcomes, with those marked as repetitions that say again what was raised earlier."""
    return tuple(replace(one, finding=repeats_marked(one.finding, raised)) if one.finding else one for one in weighing)


def raised_of(weighing: Sequence[Outcome]) -> tuple[Finding, ...]:
    """The findings and signals among what was weighed."""
    return tuple(one.finding for one in weighing if one.finding)


def day_of(deal: Deal, utterance: Utterance) -> date:
    """The day on which it was said; the test's first where the talk has no time."""
    return utterance.at.date() if utterance.at else deal.test.starts


def _one_each(found: list[Finding]) -> list[Finding]:
    """One finding per scenario and subject: several figures of one message become their range; a small start swallows its figure."""
    best: dict[tuple[str, str | None], Finding] = {}
    for finding in found:
        key = (finding.scenario, finding.subject)
        best[key] = _merged(best[key], finding) if key in best else finding
    small, bait = best.get(("start-small-and-ramp", None)), best.get(("volume-bait-and-switch", None))
    if small and bait:
        best["start-small-and-ramp", None] = _with_figure(small, bait)
        del best["volume-bait-and-switch", None]
    if any(scenario in FINDINGS for scenario, _ in best):
        best.pop(("volume-confirmed", None), None)
    return list(best.values())


def _merged(one: Finding, other: Finding) -> Finding:
    """Two figures said for the same scenario become their range; the surer one gives the words."""
    if one.said_per_day is None or other.said_per_day is None or one.agreed_per_day is None:
        return _with_figure(other, one) if one.said_per_day else _with_figure(one, other)
    both = (min(one.said_per_day[0], other.said_per_day[0]), max(one.said_per_day[1], other.said_per_day[1]))
    surer = one if one.sure >= other.sure else other
    if one.scenario == "contradiction" or both == surer.said_per_day:
        return surer
    words = meets if surer.scenario in SIGNALS else below
    return replace(surer, said_per_day=both, said=f"{shown(both)}/day", why=words(both, surer.agreed_per_day or one.agreed_per_day))


def _with_figure(said: Finding, figure: Finding) -> Finding:
    """The finding `said`, with the figure of another one that means the same; the surer of both decides on the urgency."""
    surer = said if said.sure >= figure.sure else figure
    return replace(figure, scenario=said.scenario, sure=surer.sure, urgency=surer.urgency, rule=surer.rule)


def repeats_marked(finding: Finding, raised: Sequence[Raised]) -> Finding:
    """A finding that says what the same side's latest one said is a repetition of that one; signals are not.

    A lower start and a small start are one matter: the same figure, sold differently, is still a repetition.
    """
    if finding.scenario in SIGNALS:
        return finding
    for earlier in reversed(raised):
        if (earlier.subject, earlier.side) == (finding.subject, finding.side) and matter(earlier.scenario) == matter(finding.scenario):
            again = finding.said_per_day is not None and same_figure(finding.said_per_day, earlier.said_per_day)
            again = again or (finding.scenario == earlier.scenario and _same_words(finding, earlier))
            return replace(finding, scenario=earlier.scenario, suppressed="repeat") if again else finding
    return finding


def matter(scenario: str) -> str:
    """What a repetition is told by: a lower start and a small start are one."""
    return "volume-bait-and-switch" if scenario == "start-small-and-ramp" else scenario


def _same_words(finding: Finding, earlier: Raised) -> bool:
    return same_figure(finding.said_per_day, earlier.said_per_day) and finding.said == earlier.said
