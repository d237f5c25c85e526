"""What is known of a deal beside its terms: what happened, what was marked, what stands in the way, what was told. Plain values to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.deal import Role

EventKind = Literal["pickup", "volume", "performance", "ramp-affirmed", "ramped", "short", "email", "call"]
"""What may have happened.

`pickup`: confirmed for the day; `volume`: a volume that meets the agreement was stated; `performance`: the customer is satisfied with the
test; `ramp-affirmed`: the ramp was affirmed; `ramped`: the volume runs at the ramp level; `short`: it does not; `email`: an email was sent
(`about` names the draft); `call`: a call was held.
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One real event on a day of the customer's calendar. `per_day`: packages per shipping day; `evidence`: words; `link`: the place;

    `heard`: the bot heard of it in talk, and others like it may have come before it listened.
    """

    kind: EventKind
    day: date
    evidence: str = ""
    per_day: float | None = None
    about: str | None = None
    link: str | None = None
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone marked by a person: `done` on a day, or `postponed` to it, and why. The last mark of a milestone counts."""

    key: str
    state: Literal["done", "postponed"]
    day: date
    reason: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A milestone that somebody added. `key` is unique within the deal."""

    key: str
    title: str
    day: date
    owner: Role = "rep"


@dataclass(frozen=True, slots=True)
class Next:
    """The next milestone or decision point that follows an objection or a delay: no delay is without one."""

    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Delay:
    """An objection or delay of the ramp, `scenario` by its name: one conversation. `finding`: the id of what was heard, if it was."""

    key: str
    scenario: str
    raised: date
    next: Next | None = None
    resolved: date | None = None
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class RungMark:
    """A rung of the escalation that somebody took on (`acknowledged`), or the matter as `resolved`: it begins anew then."""

    what: Literal["acknowledged", "resolved"]
    day: date
    rung: int = 1
    by: str | None = None


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is still open. `waits`: it was kept for the daily message and has not been told yet.

    `rings`: it is one for a direct message; `untold`: recipients of the deal who got none about it.
    """

    key: str
    scenario: str
    since: date
    said: str | None = None
    per_day: float | None = None
    link: str | None = None
    waits: bool = False
    rings: bool = False
    untold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stated:
    """The volume stated last: packages per shipping day [low, high], by whom, on which day, and what was agreed for the day spoken of."""

    per_day: tuple[float, float]
    day: date
    by: str = ""
    agreed: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of a checklist, ticked or (with `done` false) cleared by hand; the last one counts."""

    key: str
    day: date
    done: bool = True
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An item that a person was told of, on a day of that person's calendar."""

    key: str
    day: date
    to: str


@dataclass(frozen=True, slots=True)
class History:
    """All of it for one deal. `since`: the day from which the bot knows the deal; what was due before that is not asked for."""

    since: date | None = None
    happened: tuple[Happened, ...] = ()
    marks: tuple[Mark, ...] = ()
    own: tuple[Own, ...] = ()
    delays: tuple[Delay, ...] = ()
    rungs: tuple[RungMark, ...] = ()
    findings: tuple[OpenFinding, ...] = ()
    stated: Stated | None = None
    ticks: tuple[Tick, ...] = ()

    def of(self, kind: EventKind, about: str | None = None) -> list[Happened]:
        """Events of a kind, the earliest first."""
        found = [one for one in self.happened if one.kind == kind and (about is None or one.about == about)]
        return sorted(found, key=lambda one: one.day)

    def mark(self, key: str) -> Mark | None:
        """The mark that counts for a milestone."""
        return next((one for one in reversed(self.marks) if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Actual:
    """What was really shipped on a day: packages, of them the share (0-1) on time and billed right, and mean transit days, where known."""

    day: date
    packages: int
    on_time: float | None = None
    billed_right: float | None = None
    transit_days: float | None = None


@dataclass(frozen=True, slots=True)
class Actuals:
    """The volume feed of a deal. A day without an entry is a day without data, never one without packages."""

    days: tuple[Actual, ...] = field(default=())

    def between(self, first: date, last: date) -> list[Actual]:
        """The entries of these days, in order."""
        return sorted((one for one in self.days if first <= one.day <= last), key=lambda one: one.day)
