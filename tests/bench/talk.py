"""Labelled conversations as the reader hears them: for training, and for measuring on authors it was not trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.deal import Deal
from bot.ears import Hearing, Talk, hear, side_of_role, vocabulary
from bot.language.model.domain import LOOKED_AT, domain_words
from bot.language.model.features import features
from bot.language.model.hunch import ANY, SUBJECT, Weights
from bot.language.model.learn import Example, Window, learn, learn_domain
from bot.language.read import read
from bot.language.statement import Utterance
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


def examples(talk: Conversation) -> Iterator[Example]:
    """What the trained reader learns of a conversation: every message of the customer and implementation that is not left open."""
    heard = Talk()
    for message, utterance in utterances(talk):
        before = heard.before(utterance)
        heard.add(utterance)
        labels = [label for label in message.get("expect", ()) if utterance.side != "own"]
        if utterance.side == "own" or (message.get("optional") and not labels):
            continue
        words = vocabulary(talk.deal, utterance.at.date() if utterance.at else None)
        reading = read(utterance, before, words)
        marks = verdict_of(talk.deal, reading, utterance).marks
        true = {label["scenario"] for label in labels}
        true |= {ANY} if true - set(SIGNALS) else set()
        true |= {SUBJECT + label["subject"] for label in labels if label.get("subject")}
        yield Example(features(utterance, before, words, reading, marks), frozenset(true))


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


def trained_on(talks: Sequence[Conversation], all_examples: Sequence[Example]) -> Weights:
    """Weights for scenarios from all examples of these talks, for subjects from the contradictions among them, and of their domain."""
    domain = learn_domain(windows(talks))
    scenarios = learn(all_examples, SCENARIO_LABELS, domain)
    claims = [example for example in all_examples if any(label.startswith(SUBJECT) for label in example.labels)]
    subjects = learn(claims, SUBJECT_LABELS, domain)
    return Weights(
        scenarios.labels + subjects.labels,
        scenarios.places + subjects.places,
        scenarios.factors + subjects.factors,
        scenarios.added + subjects.added,
        domain,
    )


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
