"""The plain values that every kind of talk file yields: conversations of turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.deal import Deal
from bot.language.statement import Side

MOST_LINES = 20
"""Mistakes listed for one file; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message or spoken turn. `at`: naive is the customer's local time, aware any zone; `name`: what the file calls the speaker;
    `side`: when the file itself says it; `moment`: where in the call it was said ("14:32"); `email`: the speaker's, where it is told.
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
    email: str | None = None


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


def shortened(lines: list[str], name: str) -> tuple[str, ...]:
    """At most MOST_LINES mistakes of one file; the last line counts the rest."""
    left = len(lines) - MOST_LINES
    return tuple(lines) if left <= 0 else (*lines[:MOST_LINES], f"{name}: and {left:,} more of this kind")
