"""What labelled talk teaches: each message as it is read, with its labels, its figures, and the words that go with shipping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.ears import Talk, vocabulary
from bot.language.model.domain import LOOKED_AT, domain_words
from bot.language.model.features import features
from bot.language.model.figure import figure_features
from bot.language.model.hunch import ANY, FIGURE, SUBJECT, Weights, joined
from bot.language.model.learn import Choice, Example, Window, learn_domain
from bot.language.model.possible import possible
from bot.language.own_words import answering
from bot.language.read import read
from bot.language.statement import Reading, Utterance, Vocabulary
from bot.playbook.judge import verdict_of
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from tests.bench.quick import Choices, Table, choices, joined_choices, joined_tables, learn, learn_choice, table
from tests.bench.talk import Conversation, ordinary, utterances
from tests.bench.units import learn_units

SCENARIO_LABELS = (ANY, *FINDINGS, *SIGNALS)
SUBJECT_LABELS = tuple(SUBJECT + subject for subject in SUBJECTS)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from: its labels, and what the trained reader is given of it."""

    labels: Sequence[dict[str, Any]]
    utterance: Utterance
    before: Sequence[Utterance]
    vocabulary: Vocabulary
    reading: Reading
    marks: frozenset[str]

    @property
    def true(self) -> frozenset[str]:
        """The names of its labels."""
        named = {label["scenario"] for label in self.labels}
        found = {ANY} if named - set(SIGNALS) else set[str]()
        return frozenset(named | found | {SUBJECT + label["subject"] for label in self.labels if label.get("subject")})


@dataclass(frozen=True, slots=True)
class Studied:
    """A conversation read for learning: its lessons, what each of them teaches, and what is meant in the labelled ones."""

    talk: Conversation
    lessons: Sequence[Lesson]
    messages: Table
    figures: Choices


def studied(talk: Conversation) -> Studied:
    """Read a conversation once for all trainings."""
    every = list(lessons(talk))
    seen = (Example(features(one.utterance, one.before, one.vocabulary, one.reading, one.marks), one.true) for one in every)
    return Studied(talk, every, table(seen), choices(_choices(every)))


def lessons(talk: Conversation) -> Iterator[Lesson]:
    """Every message of the customer and implementation that is not left open."""
    heard = Talk()
    for message, said in utterances(talk):
        utterance, before = answering(said, heard.before(said))
        heard.add(said)
        labels = [label for label in message.get("expect", ()) if utterance.side != "own"]
        if utterance.side == "own" or (message.get("optional") and not labels):
            continue
        words = vocabulary(talk.deal, utterance.at.date() if utterance.at else None)
        reading = read(utterance, before, words)
        yield Lesson(labels, utterance, before, words, reading, verdict_of(talk.deal, reading, utterance).marks)


def _choices(lessons_: Iterable[Lesson]) -> Iterator[Choice]:
    """What each labelled message may be about, and what of it is meant; left out where it is something that nobody thought of."""
    for one in lessons_:
        meant = [label["said_per_day"] for label in one.labels if "said_per_day" in label]
        among = possible(one.utterance, one.before, one.vocabulary, one.reading) if one.labels else []
        right = frozenset(at for at, volume in enumerate(among) if _is_one_of(volume.daily, meant))
        if among and (right or not meant):
            seen = figure_features(one.utterance, one.before, one.vocabulary, one.reading, among)
            yield Choice(tuple(seen), right)


def _is_one_of(said: Sequence[float], meant: Sequence[Sequence[float]]) -> bool:
    """Whether the figure is one of the labelled ones: both ends within 2 %, or one package."""
    return any(all(abs(a - b) <= max(1.0, 0.02 * abs(b)) for a, b in zip(said, one, strict=True)) for one in meant)


def trained_on(talks: Iterable[Studied]) -> Weights:
    """Weights for scenarios from all messages, for subjects from the contradictions among them, for figures, and of the domain."""
    known = list(talks)
    messages = joined_tables(one.messages for one in known)
    claims = messages.only([any(label.startswith(SUBJECT) for label in labels) for labels in messages.labels])
    figures = learn_choice(joined_choices(one.figures for one in known), FIGURE)
    units, upper = learn_units(messages, SCENARIO_LABELS)
    rows = [learn(messages, SCENARIO_LABELS), learn(claims, SUBJECT_LABELS), figures, units]
    return joined(rows, learn_domain(windows([one.talk for one in known])), upper)


def windows(talks: Sequence[Conversation]) -> list[Window]:
    """The last words at each point of these conversations, and of ordinary ones: as much as was said, and a shorter stretch of it."""
    told = [([utterance.text for _, utterance in utterances(talk)], True) for talk in talks]
    told += [(said, False) for said in ordinary()]
    order, made = Random(7), []
    for said, shipping in told:
        words = [domain_words(text) for text in said]
        for end in range(1, len(words) + 1):
            lengths = (LOOKED_AT, order.choice((1, 2, 3, 4, 6, 8)))
            made += [Window(frozenset().union(*words[max(0, end - length) : end]), shipping) for length in lengths]
    return made
