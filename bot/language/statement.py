"""The plain values that reading yields: utterances in, quantities and statements out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Side = Literal["customer", "implementation", "own", "unknown"]
"""Who speaks: the customer, our implementation team, or `own` (rep, leadership, account manager)."""

Kind = Literal["number", "percent", "fraction", "duration", "date", "money", "measure", "time", "ordinal", "identifier"]
Stance = Literal["stated", "proposed", "asked", "rejected", "hypothetical", "corrected", "hearsay"]


READ_AT_MOST = 2_400
"""Characters of a message that are read; implementation talk is shorter."""

PASTED_FROM, READ_OF_A_PASTE = 10_000, 600
"""A message of more characters is a pasted export, of which so much is read: what stands above the table."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message or spoken turn. `at` is the customer's local time (naive); `key` its ts, number or cue."""

    text: str
    side: Side = "unknown"
    speaker: str = ""
    at: datetime | None = None
    key: str = ""
    thread: str | None = None

    @property
    def head(self) -> str:
        """As much of the text as is read: a long message's beginning, and less of what is so long that nobody can have typed it."""
        return self.text[:READ_OF_A_PASTE] if len(self.text) > PASTED_FROM else self.text[:READ_AT_MOST]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a reader may know of the deal to understand words: its own names, figures (packages per shipping day), prices and days.

    `share` is the committed part (0-1) of the customer's total, `transit_days` are the fewest and most days promised, `starts` and `ends`
    the test's first and last day, `ramps` the first day of the full volume. `phase` is where the deal stands on the day of speaking
    ("before-test", "test", "test-end", "after-test"; "" unknown).
    """

    test_per_day: float | None = None
    committed_per_day: float | None = None
    annual: float | None = None
    shipping_days_per_week: int = 5
    services: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    prices: tuple[float, ...] = ()
    share: float | None = None
    transit_days: tuple[int, ...] = ()
    starts: date | None = None
    ends: date | None = None
    ramps: date | None = None
    phase: str = ""

    @property
    def figures(self) -> tuple[float | None, float | None]:
        """The deal's own daily figures."""
        return self.test_per_day, self.committed_per_day


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as said, never yet converted.

    `low`/`high`: value by kind (percent 10 = 10 %, duration in seconds, date as proleptic ordinal day number); None is an open end.
    `unit`: as said ("boxes", "lb", "%"). `per`: day, week, month, quarter, year, order, hour, pallet ... `days_per_week`: how many
    weekdays a per-day rate covers when only some are named. `hedges`: the words that soften it ("about", "maybe", "-ish").
    `of`: for percent and fraction, what it is a share of, as said. `role`: what the reader takes it for, or why it was set aside.
    """

    span: str
    start: int
    end: int
    kind: Kind
    low: float | None
    high: float | None
    approximate: bool = False
    unit: str | None = None
    per: str | None = None
    role: str | None = None
    days_per_week: float | None = None
    hedges: tuple[str, ...] = ()
    of: str | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a message does: `act` (see bot/language/acts), where, how surely (0-1), with which quantity, by which rule."""

    act: str
    quote: str
    start: int
    end: int
    sure: float
    rule: str
    quantity: Quantity | None = None
    about: str | None = None
    stance: Stance = "stated"
    when: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A quantity that was set aside, and why."""

    quantity: Quantity
    why: str

    def __str__(self) -> str:
        return f"{self.quantity.span!r}: {self.why}"


PERHAPS = "volume: perhaps meant"
"""The rule of figures that the words of a message do not carry by themselves."""


@dataclass(frozen=True, slots=True)
class Hunch:
    """The trained reader's chances (0-1): `any` that the utterance is a finding at all, `labels` of each scenario, signal and subject.

    `meant` is the chance of each figure that it is the one the utterance is about; `foreign` says that the talk is not about shipping,
    `acquainted` that enough was said before for the trained reader to know better than plain rules. `alone` is `any` before it sank
    because the talk around is hardly about shipping. `worth` is the chance at a second look, which is nearer to the truth; None where there
    was no second look. `good` are the chances of good news at theirs.
    """

    any: float
    labels: Mapping[str, float]
    meant: Mapping[Quantity, float] = field(default_factory=dict)
    foreign: bool = False
    acquainted: bool = True
    alone: float | None = None
    worth: float | None = None
    good: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one utterance.

    `notes` say what was seen and set aside, and why; `hunch` what the trained reader makes of it; `latent` are figures that nothing
    speaks against and too little for: statements only if the hunch says so; `asides` the quantities among the notes.
    """

    quantities: tuple[Quantity, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
    hunch: Hunch | None = None
    latent: tuple[Statement, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def carried(self) -> tuple[Statement, ...]:
        """What the words of the message carry, latent figures with it: that is what the trained reader learns from."""
        return self.statements + tuple(statement for statement in self.latent if statement.rule != PERHAPS)
