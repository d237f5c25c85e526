"""One turn of a call as it was heard: who, when, the words, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.deal import Person
from bot.language.statement import Side
from bot.playbook.finding import Finding
from bot.speakers import Face

_SENTENCE_ENDS = re.compile(r"(?<=[.?!…])\s+")
LONGEST = 2_000
"""Characters of a turn that are looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """A turn. `at`: the customer's local time, where known; `moment`: where in the call ("14:32"); `name`: as people call the speaker."""

    key: str
    text: str
    side: Side = "unknown"
    name: str | None = None
    person: Person | None = None
    face: Face | None = None
    at: datetime | None = None
    moment: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def sentences(self) -> Iterator[str]:
        """The sentences of the turn."""
        for found in _SENTENCE_ENDS.split(self.text[:LONGEST]):
            if found.strip():
                yield found.strip()

    @property
    def ours(self) -> bool:
        """Whether somebody of our company speaks."""
        return self.side in ("own", "implementation")

    @property
    def speaker(self) -> str:
        """Who speaks, for telling people apart."""
        return self.person.id if self.person else self.name or ""
