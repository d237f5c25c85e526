"""What came of asking the strong reader about a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.strong.rulings import Ruling

Outcome = Literal["not-asked", "answered", "remembered", "late", "failed"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """One exchange, to be explained: what was sent (counts), what came back, how long it took, and what was done with it.

    `why` is our reason where nothing was asked or nothing usable came back. `said` are the endpoint's own words: for a person who
    asks for an explanation, never for a message or a log.
    """

    outcome: Outcome
    sent: str = ""
    said: str = ""
    seconds: float = 0.0
    why: str = ""
    rulings: tuple[Ruling, ...] = ()
