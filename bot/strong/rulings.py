"""What is done with an answer: candidates confirmed or dropped, findings of its own let in or refused, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.playbook.finding import VETOED, Finding, Raised
from bot.playbook.judge import matter, repeats_marked
from bot.playbook.named import OF_VOLUME, Bench, Named, Refused, judge_named
from bot.playbook.scenarios import FINDINGS
from bot.strong.answer import Answer, CandidateVerdict, NamedFinding, figure_in, passage
from bot.strong.question import Asking, Question

RULE = "strong reader"
"""The rule of findings that only the strong reader heard."""

MOST_FOUND = 3
"""Findings of its own that are let in for one message."""

Done = Literal["confirmed", "vetoed", "found", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One entry of an answer and what was done with it: `finding` as it stands now (None where nothing came of it), `why` in our words."""

    done: Done
    scenario: str
    why: str
    finding: Finding | None = None


def rulings(answer: Answer, asking: Asking, asked: Question, *, late: bool) -> tuple[Ruling, ...]:
    """All rulings on an answer, in its order. What comes late is never a direct message."""
    court = _Court(asking, asked, late)
    of_candidates = [court.candidate(verdict) for verdict in answer.candidates]
    return (*of_candidates, *court.own(answer.findings))


def applied(found: Sequence[Finding], made: Sequence[Ruling], raised: Sequence[Raised]) -> tuple[Finding, ...]:
    """The findings of a message after the rulings: some confirmed, some suppressed, some added (or a repetition of those `raised`)."""
    changed = {_key(one.finding): one.finding for one in made if one.finding and one.done in ("confirmed", "vetoed")}
    standing = [changed.get(_key(finding), finding) if finding.suppressed is None else finding for finding in found]
    return (*standing, *(repeats_marked(one.finding, raised) for one in made if one.finding and one.done == "found"))


class _Court:
    """Rules on the entries of one answer; each candidate once."""

    def __init__(self, asking: Asking, asked: Question, late: bool) -> None:
        self._asking, self._asked, self._late = asking, asked, late
        self._ruled: set[int] = set()
        self._vetoed: set[tuple[str, str | None]] = set()

    def candidate(self, verdict: CandidateVerdict) -> Ruling:
        """Confirmed only with the words that say it; a veto needs none."""
        candidates = self._asking.candidates
        if not 1 <= verdict.id <= len(candidates) or verdict.id in self._ruled:
            return Ruling("refused", "?", "no such candidate")
        finding = candidates[verdict.id - 1]
        if verdict.verdict == "confirm" and passage(verdict.quote, self._asked.message, self._text) is None:
            return Ruling("refused", finding.scenario, "its quote is not in the speaker's words")
        self._ruled.add(verdict.id)
        if verdict.verdict == "confirm":
            return self._confirmed(finding)
        self._vetoed.add(_key(finding))
        return Ruling("vetoed", finding.scenario, "not said, by the strong reader: dropped", replace(finding, suppressed=VETOED))

    def own(self, named: Sequence[NamedFinding]) -> Iterator[Ruling]:
        """What it heard itself: each matter once, and nothing twice."""
        heard = [one for one in self._asking.hearing.findings if one.scenario in FINDINGS and _key(one) not in self._vetoed]
        taken = {_matter(finding) for finding in heard}
        unruled = {_matter(one): number for number, one in enumerate(self._asking.candidates, start=1) if number not in self._ruled}
        found = 0
        for entry in named:
            judged = self._judged(entry)
            if isinstance(judged, Refused):
                yield Ruling("refused", _known(entry.scenario), judged.why)
                continue
            is_about = _matter(judged)
            if _key(judged) in self._vetoed:
                yield Ruling("refused", judged.scenario, "it says itself that this is not said")
            elif is_about in unruled:
                yield self._confirmed(self._asking.candidates[unruled.pop(is_about) - 1])
            elif is_about in taken:
                yield Ruling("refused", judged.scenario, "heard already")
            elif found == MOST_FOUND:
                yield Ruling("refused", judged.scenario, "too many findings for one message")
            else:
                taken.add(is_about)
                found += 1
                yield self._found(judged)

    @property
    def _text(self) -> str:
        return self._asking.utterance.text

    def _judged(self, entry: NamedFinding) -> Finding | Refused:
        if entry.scenario not in FINDINGS:
            return Refused("no scenario of ours")
        quote = passage(entry.quote, self._asked.message, self._text)
        if quote is None:
            return Refused("its quote is not in the speaker's words")
        asking = self._asking
        quantity = figure_in(entry.figure, quote, self._asked.message, asking.hearing.reading) if entry.figure else None
        if entry.figure and quantity is None:
            return Refused("its figure is not in the quote, or is none")
        subject = entry.subject if entry.scenario == "contradiction" else None
        day = asking.utterance.at.date() if asking.utterance.at else asking.deal.test.starts
        bench = Bench(asking.deal, asking.utterance.side, day, asking.hearing.reading, asking.hearing.findings)
        return judge_named(Named(entry.scenario, subject, quote.text, quote.start, quote.end, quantity, RULE), bench)

    def _confirmed(self, finding: Finding) -> Ruling:
        if self._late:
            return Ruling("unchanged", finding.scenario, "confirmed too late for a direct message; it stays among the open findings")
        now = replace(finding, urgency="now", rule=f"{finding.rule}, confirmed by the {RULE}")
        return Ruling("confirmed", finding.scenario, "confirmed with the words that say it: a direct message", now)

    def _found(self, finding: Finding) -> Ruling:
        if self._late:
            return Ruling("found", finding.scenario, "borne out by the deal, but late: an open finding", replace(finding, urgency="digest"))
        return Ruling("found", finding.scenario, "borne out by the deal: a direct message", replace(finding, urgency="now"))


def _key(finding: Finding) -> tuple[str, str | None]:
    return finding.scenario, finding.subject


def _matter(finding: Finding) -> tuple[str, str | None]:
    """What it is about: all volumes under the agreement are one matter within a message."""
    return ("volume", None) if finding.scenario in OF_VOLUME else (matter(finding.scenario), finding.subject)


def _known(scenario: str) -> str:
    """A scenario's name, as long as it is one: other words of an answer go nowhere."""
    return scenario if scenario in FINDINGS else "?"
