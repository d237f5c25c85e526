"""The plain values of actual volumes: a line as it arrives, how it came, what became of it, and the accounts that wait for a deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

MOST = 10_000_000
"""Packages that one account can ship on one day; more is a mistake."""


@dataclass(frozen=True, slots=True)
class Line:
    """What an account shipped on a day: packages, and where known the shares (0-1) on time and billed right and the mean transit days.

    An account "" stands for the whole deal. Raises ValueError for a count that cannot be.
    """

    account: str
    day: date
    packages: int
    on_time: float | None = None
    billed_right: float | None = None
    transit_days: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.packages <= MOST:
            raise ValueError(f"{self.day}: {self.packages:,} packages cannot be")


@dataclass(frozen=True, slots=True)
class Came:
    """How volumes come: from which source (see store.volumes), under what name (of a file, say), by whom, at what time (UTC).

    `key` names an arrival that must count once: the same again changes nothing. None: it has no name of its own.
    """

    source: str
    name: str
    by: str
    at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of lines: new, in place of others, as known before, kept for an unknown account, or of an account that is ignored."""

    new: int = 0
    replaced: int = 0
    same: int = 0
    waiting: int = 0
    ignored: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new,
            self.replaced + other.replaced,
            self.same + other.same,
            self.waiting + other.waiting,
            self.ignored + other.ignored,
        )


@dataclass(frozen=True, slots=True)
class Import:
    """An arrival of volumes as kept; `done` False while its lines are still coming in."""

    id: int
    came: Came
    counts: Counts
    done: bool


@dataclass(frozen=True, slots=True)
class Replaced:
    """A line that counts no more: what it said, in which import it came, and the import that took its place."""

    source: str
    line: Line
    came_by: Import
    replaced_by: Import


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account that nobody has mapped: its name as written, its days and packages, the first and last of its days, and the sources."""

    account: str
    days: int
    packages: int
    first: date
    last: date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Whose an account is: a deal's by its id, or (None) one to be ignored; who said so and when (UTC)."""

    account: str
    deal_id: int | None
    by: str
    at: datetime
