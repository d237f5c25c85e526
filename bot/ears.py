"""The one path for what is said: live messages, files and transcripts all pass through hear()."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.deal import OWN_SIDE, Deal, Role
from bot.language.model.domain import LOOKED_AT
from bot.language.model.guess import OTHER_TALK, foreign, guess
from bot.language.model.hunch import Weights, shipped
from bot.language.own_words import answering, own_words
from bot.language.read import read
from bot.language.statement import Reading, Side, Utterance, Vocabulary
from bot.playbook.finding import Finding, Raised
from bot.playbook.judge import again_marked, outcomes, raised_of, verdict_of
from bot.playbook.outcome import Outcome

Trained = Callable[[], Weights | None]
"""Gives the trained reader's weights, or None: then grammar and rules work alone."""

TEST_END = timedelta(days=4)
"""The last days of the test, in which talk turns to what comes next."""

KEPT = 40
"""How many utterances a talk remembers: enough for antecedents, little enough to hold thousands of channels in memory."""


@dataclass(slots=True)
class Talk:
    """What was said so far in one conversation: the last utterances in the order said, by key. Lives in memory only."""

    _said: OrderedDict[str, Utterance] = field(default_factory=OrderedDict)

    def add(self, utterance: Utterance) -> None:
        """Remember an utterance's own words; the oldest falls out. The same key again replaces it in place."""
        self._said[utterance.key] = own_words(utterance)
        if len(self._said) > KEPT:
            self._said.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop a deleted message; unknown keys are fine."""
        self._said.pop(key, None)

    def before(self, utterance: Utterance) -> tuple[Utterance, ...]:
        """What the speaker could have in mind: its thread with the parent, or what was said outside threads."""
        said = []
        for other in self._said.values():
            if other.key == utterance.key:
                break
            if utterance.thread in (other.thread, other.key):
                said.append(other)
        return tuple(said)

    def lately(self, utterance: Utterance, most: int) -> tuple[Utterance, ...]:
        """The last of what before() gives, `most` of them: all that most messages need."""
        if utterance.key in self._said:
            return self.before(utterance)[-most:]
        said = list[Utterance]()
        for other in reversed(self._said.values()):
            if utterance.thread in (other.thread, other.key):
                said.append(other)
                if len(said) == most:
                    break
        return tuple(reversed(said))


@dataclass(frozen=True, slots=True)
class Hearing:
    """What came of an utterance: the reading, the findings and signals, and why nothing was judged (`silent`), if so.

    `outcomes` are all that was weighed, with what was dropped, and why.
    """

    reading: Reading
    findings: tuple[Finding, ...] = ()
    silent: str | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def may_repeat(self) -> bool:
        """Whether it matters what was raised earlier."""
        return any(one.finding for one in self.outcomes)

    def after(self, raised: Sequence[Raised]) -> Hearing:
        """The same with the deal's earlier findings and signals known: what says one of them again is a repetition, and no news."""
        weighing = again_marked(self.outcomes, raised)
        return replace(self, findings=raised_of(weighing), outcomes=weighing)


_OWN_SIDE, _STANDARD = Hearing(Reading(), silent="own-side"), Hearing(Reading(), silent="standard-coverage")
_OTHER_TALK = Hearing(OTHER_TALK)


def side_of_role(role: Role) -> Side:
    """On which side somebody with this role in the deal speaks."""
    if role in OWN_SIDE:
        return "own"
    return "implementation" if role == "implementation" else "customer"


def vocabulary(deal: Deal, day: date | None = None) -> Vocabulary:
    """The plain names and figures of a deal that help to understand words said on `day`."""
    return Vocabulary(
        phase=_phase(deal, day) if day else "",
        test_per_day=deal.test.volume_per_day,
        committed_per_day=deal.volume.committed_per_day,
        annual=deal.volume.annual,
        shipping_days_per_week=deal.volume.shipping_days_per_week,
        services=tuple(promise.service for promise in deal.services) + tuple(price.service for price in deal.price),
        lanes=tuple(promise.lane for promise in deal.services if promise.lane),
        prices=tuple(price.per_package for price in deal.price),
        share=deal.volume.share_of_total,
        transit_days=tuple(days for promise in deal.services for days in promise.days or ()),
        starts=deal.test.starts,
        ends=deal.test_ends,
        ramps=deal.ramp_starts,
    )


def _phase(deal: Deal, day: date) -> str:
    phase = deal.phase(day)
    return "test-end" if phase == "test" and day > deal.test_ends - TEST_END else phase


def hear(
    deal: Deal, talk: Talk, utterance: Utterance, raised: Sequence[Raised] = (), weights: Trained = shipped, *, thorough: bool = False
) -> Hearing:
    """Read an utterance, judge it against the deal, and remember it as context for the next.

    Rules read and arithmetic judges first; the trained reader then sees what they made of it; outcomes() weighs both.
    `raised` are the deal's earlier findings and signals (for telling a repetition from news); `weights` give the trained reader.
    Talk about something else than shipping raises nothing, and is read only if `thorough`, for those who ask what was read and dropped.
    Our own side's words, and deals that are not white-glove, are context only. The terms are those in force on the day spoken of.
    """
    if utterance.side == "own" or deal.coverage == "standard":
        talk.add(utterance)
        return _OWN_SIDE if utterance.side == "own" else _STANDARD
    if not thorough and foreign(utterance, talk.lately(utterance, LOOKED_AT - 1), weights=weights):
        talk.add(utterance)
        return _OTHER_TALK
    before = talk.before(utterance)
    talk.add(utterance)
    utterance, before = answering(utterance, before)
    if utterance.at:
        deal = deal.on(utterance.at.date())
    words = vocabulary(deal, utterance.at.date() if utterance.at else None)
    reading = read(utterance, before, words)
    verdict = verdict_of(deal, reading, utterance)
    reading = guess(utterance, before, words, reading, verdict.marks, weights=weights)
    weighing = outcomes(deal, reading, utterance, raised, verdict)
    return Hearing(reading, raised_of(weighing), outcomes=weighing)
