"""Labelled conversations as the reader hears them: for training, and for measuring on authors it was not trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.deal import Deal
from bot.ears import Hearing, Talk, hear, side_of_role
from bot.language.model.hunch import Weights
from bot.language.statement import Utterance
from bot.playbook.finding import Raised

CONVERSATIONS = Path(__file__).parent.parent / "conversations"
ORDINARY = Path(__file__).parent.parent / "ordinary"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One labelled conversation; `author` is what stands before the dash in its id."""

    id: str
    deal: Deal
    messages: Sequence[dict[str, Any]]

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.id.partition("-")[0]


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
