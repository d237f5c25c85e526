"""The plain values that every kind of talk file yields: conversations of turns, and whom of the deal a speaker is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.deal import Deal, Person
from bot.language.statement import Side

MOST_LINES = 20
"""Mistakes listed for one file; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message or spoken turn. `at`: naive is the customer's local time, aware any zone; `name`: what the file calls the speaker;
    `side`: when the file itself says it; `moment`: where in the call it was said ("14:32").
    """

    key: str
    text: str
    speaker: str = ""
    at: datetime | None = None
    thread: str | None = None
    name: str | None = None
    side: Side | None = None
    bot: bool = False
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said in one place, in order. `deal` where the file holds one; `channel`: id and name, when cut from a whole Slack export."""

    id: str
    medium: str
    turns: tuple[Turn, ...]
    deal: Deal | None = None
    channel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a file gave: its conversations, what could not be read (`mistakes`), and what was left aside but hides no words (`notes`)."""

    conversations: tuple[Conversation, ...] = ()
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Faces:
    """Who of a deal's people speaks, by id or by a name as transcripts write it ("Ortiz, Dana (Acme)")."""

    def __init__(self, deal: Deal) -> None:
        self._by_id = {person.id: person for person in deal.people}
        self._by_name: dict[str, Person | None] = {}
        for person in deal.people:
            for form in _forms(person.name):
                twice = self._by_name.get(form, person) is not person
                self._by_name[form] = None if twice else person

    def of(self, turn: Turn) -> Person | None:
        """The person who spoke this turn; None when the deal does not tell."""
        found = self._by_id.get(turn.speaker)
        if found is None and not turn.bot:
            found = self._by_name.get(_plain(turn.name or turn.speaker))
        return found


def shortened(lines: list[str], name: str) -> tuple[str, ...]:
    """At most MOST_LINES mistakes of one file; the last line counts the rest."""
    left = len(lines) - MOST_LINES
    return tuple(lines) if left <= 0 else (*lines[:MOST_LINES], f"{name}: and {left:,} more of this kind")


def _forms(name: str) -> set[str]:
    """The whole name, and the first name alone: both are how a transcript may call a person."""
    whole = _plain(name)
    return {whole, whole.split(" ", maxsplit=1)[0]} if whole else set()


def _plain(name: str) -> str:
    bare = re.sub(r"[(\[].*?[)\]]", " ", name)
    last, comma, first = bare.partition(",")
    return " ".join(f"{first} {last}".split() if comma else bare.split()).casefold()
