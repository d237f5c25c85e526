"""Labelled conversations as the reader hears them: for training, and for measuring on authors it was not trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.deal import Deal
from bot.ears import Hearing, Talk, hear, side_of_role, vocabulary
from bot.language.model.domain import LOOKED_AT, domain_words
from bot.language.model.features import features
from bot.language.model.figure import candidates, figure_features
from bot.language.model.hunch import ANY, FIGURE, SUBJECT, Weights, joined
from bot.language.model.learn import Example, Window, learn, learn_domain
from bot.language.read import meant_before, read
from bot.language.statement import Reading, Utterance, Vocabulary
from bot.playbook.arithmetic import per_day
from bot.playbook.finding import Raised
from bot.playbook.judge import verdict_of
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS

CONVERSATIONS = Path(__file__).parent.parent / "conversations"
ORDINARY = Path(__file__).parent.parent / "ordinary"
SCENARIO_LABELS = (ANY, *FINDINGS, *SIGNALS)
SUBJECT_LABELS = tuple(SUBJECT + subject for subject in SUBJECTS)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One labelled conversation; `author` is the first letter of its id."""

    id: str
    deal: Deal
    messages: Sequence[dict[str, Any]]

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.id[0]


def conversations(folder: Path = CONVERSATIONS) -> list[Conversation]:
    """All labelled conversations, by id."""
    talks = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
    return [Conversation(talk["id"], Deal.model_validate(talk["deal"]), talk["messages"]) for talk in talks]


def utterances(talk: Conversation) -> Iterator[tuple[dict[str, Any], Utterance]]:
    """Each message with the utterance it is."""
    for message in talk.messages:
        person = talk.deal.person(message["speaker"])
        side = side_of_role(person.role) if person else "unknown"
        thread = message.get("thread")
        at = datetime.fromisoformat(message["at"])
        yield message, Utterance(message["text"], side, message["speaker"], at, str(message["n"]), str(thread) if thread else None)


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
class Taught:
    """What is to be learned of some talk: of each message, of each figure in the labelled ones, and which words go with shipping."""

    messages: Sequence[Example]
    figures: Sequence[Example]
    windows: Sequence[Window]


def taught(talks: Sequence[Conversation]) -> Taught:
    """What these conversations, and the ordinary ones, teach."""
    learned = [one for talk in talks for one in _examples(talk)]
    return Taught([message for message, _ in learned], [figure for _, figures in learned for figure in figures], _windows(talks))


def lessons(talk: Conversation) -> Iterator[Lesson]:
    """Every message of the customer and implementation that is not left open."""
    heard = Talk()
    for message, utterance in utterances(talk):
        before = heard.before(utterance)
        heard.add(utterance)
        labels = [label for label in message.get("expect", ()) if utterance.side != "own"]
        if utterance.side == "own" or (message.get("optional") and not labels):
            continue
        words = vocabulary(talk.deal, utterance.at.date() if utterance.at else None)
        reading = read(utterance, before, words)
        yield Lesson(labels, utterance, before, words, reading, verdict_of(talk.deal, reading, utterance).marks)


def _examples(talk: Conversation) -> Iterator[tuple[Example, list[Example]]]:
    """What each message teaches, with its figures where it is labelled."""
    for one in lessons(talk):
        seen = features(one.utterance, one.before, one.vocabulary, one.reading, one.marks)
        yield Example(seen, one.true), list(_figures(talk.deal, one)) if one.labels else []


def _figures(deal: Deal, one: Lesson) -> Iterator[Example]:
    meant = [label["said_per_day"] for label in one.labels if "said_per_day" in label]
    reading = replace(one.reading, latent=one.reading.latent or meant_before(one.utterance, one.before, one.vocabulary))
    for quantity, found in figure_features(one.utterance, one.vocabulary, reading, candidates(reading)):
        yield Example(found, frozenset({FIGURE} if _is_one_of(per_day(quantity, deal), meant) else ()))


def _is_one_of(said: Sequence[float] | None, meant: Sequence[Sequence[float]]) -> bool:
    """Whether the figure is one of the labelled ones: both ends within 2 %, or one package."""
    return said is not None and any(all(abs(a - b) <= max(1.0, 0.02 * abs(b)) for a, b in zip(said, one, strict=True)) for one in meant)


def ordinary(folder: Path = ORDINARY) -> Iterator[list[str]]:
    """Conversations that have nothing to do with shipping: what was said in each, in order."""
    for path in sorted(folder.glob("*.txt")):
        said: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("==="):
                yield said
                said = []
            else:
                said.append(line.partition(": ")[2])
        yield said


def _windows(talks: Sequence[Conversation]) -> list[Window]:
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


def trained_on(what: Taught) -> Weights:
    """Weights for scenarios from all messages, for subjects from the contradictions among them, for figures, and of the domain."""
    claims = [message for message in what.messages if any(label.startswith(SUBJECT) for label in message.labels)]
    parts = ((what.messages, SCENARIO_LABELS), (claims, SUBJECT_LABELS), (what.figures, (FIGURE,)))
    return joined([learn(learned, labels) for learned, labels in parts], learn_domain(what.windows))


def heard(talk: Conversation, weights: Callable[[], Weights | None]) -> Iterator[tuple[dict[str, Any], Hearing]]:
    """Each message with what came of it, `raised` growing as in a scan."""
    so_far, raised = Talk(), list[Raised]()
    for message, utterance in utterances(talk):
        hearing = hear(talk.deal, so_far, utterance, raised, weights)
        raised += [
            Raised(found.scenario, found.subject, found.side, found.said_per_day, found.said)
            for found in hearing.findings
            if found.suppressed is None
        ]
        yield message, hearing
