"""The plain values of a back-test: what would have been raised, what would have come of it, and how much was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.language.statement import Side
from bot.playbook.finding import Finding

Came = Literal["dm", "same-day", "digest", "signal", "repeat"]
"""What would have come of a finding.

`dm`: a direct message at once; `same-day`: shown in a direct message about the same matter that went out that business day;
`digest`: a line in the next daily message; `signal`: the deal card alone; `repeat`: counted with what was told before.
"""


Opinion = Literal["useful", "not", "skip"]
"""What a person makes of a hit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding or signal: in which deal and message, who said it when (UTC), and what would have come of it.

    `id` is unique within a back-test; `day` is the customer's calendar day; `heard` are all entries of its message as `expect` has them;
    `settled`: when a later word settled it.
    """

    id: str
    customer: str
    channel: str
    key: str
    at: datetime
    day: date
    speaker: str
    name: str | None
    side: Side
    text: str
    finding: Finding
    came: Came
    thread: str | None = None
    heard: tuple[dict[str, Any], ...] = ()
    settled: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What hearing some channels together gave: messages by customer, hits in the order said, what was not readable, first and last day."""

    channels: tuple[str, ...]
    messages: dict[str, int]
    hits: tuple[Hit, ...] = ()
    mistakes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    seconds: float = 0.0


PARTS: TypeAdapter[Part] = TypeAdapter(Part)
"""A part as plain data and back."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole back-test: its parts together."""

    hits: tuple[Hit, ...]
    messages: dict[str, int]
    channels: int
    mistakes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    seconds: float = 0.0
    counts: dict[Came, Counter[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Messages heard; one that several deals share a channel for counts once for each deal it is about."""
        return sum(self.messages.values())


def together(parts: Sequence[Part]) -> Heard:
    """All parts of a back-test as one, in the order said."""
    hits = sorted((hit for part in parts for hit in part.hits), key=lambda hit: (hit.at, hit.id))
    messages: Counter[str] = Counter()
    counts: dict[Came, Counter[str]] = {}
    for part in parts:
        messages.update(part.messages)
    for hit in hits:
        counts.setdefault(hit.came, Counter())[hit.finding.scenario] += 1
    return Heard(
        tuple(hits),
        dict(messages),
        sum(len(part.channels) for part in parts),
        tuple(line for part in parts for line in part.mistakes),
        min((part.first for part in parts if part.first), default=None),
        max((part.last for part in parts if part.last), default=None),
        sum(part.seconds for part in parts),
        counts,
    )
