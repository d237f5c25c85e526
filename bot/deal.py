"""The agreed deal: its terms, its people, and the figure that holds on a given day.

Figures are packages per shipping day unless a name says otherwise; days are the customer's local calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

Stage = Literal["discovery", "rate-creation", "proposal", "setup", "implementation", "closed-won"]
Coverage = Literal["white-glove", "standard"]
Role = Literal["customer", "implementation", "rep", "leadership", "account-manager", "guest"]
Phase = Literal["before-test", "test", "after-test"]
Readers = Literal["local", "both"]
"""Who reads a deal's talk: this program alone, or also the strong reader at the installation's endpoint (docs/strong-reader.md)."""

Term = Literal[
    "volume.committed_per_day",
    "volume.annual",
    "volume.share_of_total",
    "volume.shipping_days_per_week",
    "test.volume_per_day",
    "test.starts",
    "test.weeks",
    "test.success",
    "ramp.to_per_day",
    "ramp.days_after_test",
    "services",
    "price",
    "pickup",
    "billing",
]
"""What an amendment may change. The rest of a deal (people, channels, stage ...) is not agreed with the customer."""

OWN_SIDE: frozenset[Role] = frozenset({"rep", "leadership", "account-manager"})
"""Roles that already know the terms: their words are never judged, and they may see the deal."""

PerDay = Annotated[int, Field(gt=0, le=10_000_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Person(_Part):
    """Somebody named in the deal. `id` is the Slack user id, or any id used as `speaker` in a file; `email` tells them too."""

    id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    role: Role
    email: str | None = Field(None, max_length=320)


class Volume(_Part):
    """What was committed: packages per shipping day, packages per year, and the share (0-1) of the customer's total."""

    committed_per_day: PerDay
    annual: Annotated[int, Field(gt=0)] | None = None
    share_of_total: Annotated[float, Field(gt=0, le=1)] | None = None
    shipping_days_per_week: Annotated[int, Field(ge=1, le=7)] = 5


class Test(_Part):
    """The test period: packages per shipping day, first day, length in weeks, and what counts as success."""

    __test__ = False

    volume_per_day: PerDay
    starts: date
    weeks: Annotated[int, Field(ge=1, le=52)] = 2
    success: tuple[str, ...] = ()


class Ramp(_Part):
    """The level after the test, and the calendar days between the test's last day and the ramp, less one."""

    to_per_day: PerDay | None = None
    days_after_test: Annotated[int, Field(ge=0, le=365)] = 0


class Promise(_Part):
    """Transit promised for a service on a lane, as [fewest, most] days."""

    service: str = Field(min_length=1)
    lane: str | None = None
    days: tuple[int, int] | None = None
    note: str | None = None


class Price(_Part):
    """Money per package for a service, in the deal's currency."""

    service: str = Field(min_length=1)
    per_package: Annotated[float, Field(gt=0)]
    note: str | None = None


class Pickup(_Part):
    """When the driver comes: days in words ("Mon-Fri") and local time "HH:MM"."""

    days: str | None = None
    time: str | None = None


class Discovery(_Part):
    """What discovery found: the claimed packages a year, and of them those that cannot come to us, by reason."""

    claimed_annual: Annotated[int, Field(gt=0)]
    other_carriers: Annotated[int, Field(ge=0)] = 0
    not_controlled: Annotated[int, Field(ge=0)] = 0
    not_serviceable: Annotated[int, Field(ge=0)] = 0

    @property
    def realistic(self) -> int:
        """The packages a year that can come, to within 10 %."""
        return self.claimed_annual - self.other_carriers - self.not_controlled - self.not_serviceable

    @model_validator(mode="after")
    def _something_is_left(self) -> Discovery:
        if self.realistic < 1:
            raise ValueError(
                f"discovery: the exclusions leave nothing of claimed_annual ({self.claimed_annual}); they must be less than that"
            )
        return self


class Amendment(_Part):
    """One agreed change of one term: plain values before and after (None: nothing agreed), from which day it holds, who agreed.

    `ours` and `theirs` name who agreed on each side, `link` the message or email; `by` recorded it (Slack user id or login) at `at` (UTC).
    """

    term: Term
    old: Any = None
    new: Any = None
    effective: date
    ours: str = Field(min_length=1, max_length=200)
    theirs: str = Field(min_length=1, max_length=200)
    link: str | None = Field(default=None, max_length=2000)
    by: str | None = Field(default=None, max_length=200)
    at: datetime | None = None


class Call(_Part):
    """A call with the customer that is planned: local time of the customer, without a zone, and what it is about or with whom."""

    at: datetime
    title: str = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _local(self) -> Call:
        if self.at.tzinfo is not None:
            raise ValueError("calls: at is the customer's local time and has no time zone; write for instance 2026-11-04T15:00")
        return self


class Deal(_Part):
    """A whole deal as agreed. Read from deal files, forms and CRM records; see the deal file format in docs/deal-file.md.

    The terms are the ones agreed last; `amendments`, in the order recorded, tell what held before. on() gives the terms of a day.
    """

    customer: str = Field(min_length=1, max_length=200)
    stage: Stage = "implementation"
    coverage: Coverage = "white-glove"
    people: tuple[Person, ...] = Field(min_length=1)
    volume: Volume
    test: Test
    ramp: Ramp = Ramp()
    services: tuple[Promise, ...] = ()
    price: tuple[Price, ...] = ()
    pickup: Pickup | None = None
    billing: str | None = None
    channels: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    trade: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    timezone: str | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    state: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()
    signed: date | None = None
    kickoff: date | None = None
    calls: tuple[Call, ...] = ()
    reader: Readers = "local"
    discovery: Discovery | None = None
    amendments: tuple[Amendment, ...] = ()

    @model_validator(mode="after")
    def _test_within_commitment(self) -> Deal:
        _check_test(self, "")
        _check_calendar(self)
        for day in sorted({date.min, *(one.effective for one in self.amendments)}) if self.amendments else ():
            try:
                there = self.on(day)
            except ValidationError as wrong:
                raise ValueError(f"amendments: {wrong.errors()[0]['msg']}") from None
            _check_test(there, f"amendments: from {day} on " if day > date.min else "amendments: before them ")
        return self

    def on(self, day: date) -> Deal:
        """The deal with the terms in force on `day`; what was agreed for another day can still be asked of it."""
        if not self.amendments:
            return self
        return with_terms(self, {one.term: _in_force(self.amendments, one.term, day) for one in self.amendments})

    @property
    def ramp_per_day(self) -> int:
        """The level after the test, packages per shipping day."""
        return self.ramp.to_per_day or self.volume.committed_per_day

    @property
    def test_days(self) -> int:
        """Length of the test in calendar days."""
        return self.test.weeks * 7

    @property
    def test_ends(self) -> date:
        """The test's last calendar day."""
        return self.test.starts + timedelta(days=self.test_days - 1)

    @property
    def ramp_starts(self) -> date:
        """The first day on which the ramp volume is due."""
        return self.test_ends + timedelta(days=1 + self.ramp.days_after_test)

    def test_day(self, day: date) -> int:
        """Which calendar day of the test `day` is: 1 is the first, 0 or less is before it, above test_days is after it."""
        return (day - self.test.starts).days + 1

    def phase(self, day: date) -> Phase:
        """Where `day` lies; the days between test end and ramp still belong to the test level."""
        if day < self.test.starts:
            return "before-test"
        return "test" if day < self.ramp_starts else "after-test"

    def agreed_on(self, day: date) -> Agreed:
        """The agreed figure for `day` by the terms of that day: test volume before and during the test, the ramp volume after it."""
        there = self.on(day)
        if there.phase(day) == "after-test":
            return Agreed(there.ramp_per_day, "ramp", there.ramp_starts, None)
        return Agreed(there.test.volume_per_day, "test", there.test.starts, there.test_ends)

    def person(self, user_id: str) -> Person | None:
        """The deal's person with this id."""
        return next((person for person in self.people if person.id == user_id), None)

    def may_see(self, user_id: str) -> bool:
        """Whether this person is one of the deal's own people who may see its terms."""
        person = self.person(user_id)
        return person is not None and person.role in OWN_SIDE


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreed level (packages per shipping day) with the days for which it holds (`last` None: open end)."""

    per_day: int
    kind: Literal["test", "ramp"]
    first: date
    last: date | None


def plain_term(deal: Deal, term: str) -> Any:
    """A term as plain data, as it stands in a deal file; None where nothing is agreed."""
    part, _, name = term.partition(".")
    value = getattr(getattr(deal, part), name) if name else getattr(deal, part)
    return _plain.dump_python(value, mode="json", exclude_none=True) if value not in (None, ()) else None


def with_terms(deal: Deal, values: Mapping[Term, Any]) -> Deal:
    """The deal with other terms, from plain data (None: back to nothing agreed). Raises ValidationError, a ValueError, for unfit values."""
    changed: dict[str, Any] = {}
    given: dict[str, Any] = dict(values.items())
    for part in dict.fromkeys(term.partition(".")[0] for term in given):
        if part in given:
            changed[part] = _WHOLE[part].validate_python(given[part] if given[part] is not None else _NOTHING[part])
            continue
        now: BaseModel = getattr(deal, part)
        fields = now.model_dump() | {term.partition(".")[2]: value for term, value in given.items() if term.startswith(f"{part}.")}
        changed[part] = type(now).model_validate({name: value for name, value in fields.items() if value is not None})
    return deal.model_copy(update=changed)


_plain: TypeAdapter[Any] = TypeAdapter(Any)
_WHOLE: Mapping[str, TypeAdapter[Any]] = {
    "services": TypeAdapter(tuple[Promise, ...]),
    "price": TypeAdapter(tuple[Price, ...]),
    "pickup": TypeAdapter(Pickup | None),
    "billing": TypeAdapter(str | None),
}
_NOTHING: Mapping[str, Any] = {"services": (), "price": (), "pickup": None, "billing": None}


def _in_force(amendments: tuple[Amendment, ...], term: str, day: date) -> Any:
    """The value of an amended term on a day: of what holds by then, the latest; of two for the same day, the one recorded later."""
    of_term = [one for one in amendments if one.term == term]
    by_then = [(one.effective, number) for number, one in enumerate(of_term) if one.effective <= day]
    return of_term[max(by_then)[1]].new if by_then else of_term[0].old


def _check_test(deal: Deal, when: str) -> None:
    if deal.test.volume_per_day > deal.volume.committed_per_day:
        raise ValueError(
            f"{when}test.volume_per_day is {deal.test.volume_per_day} but volume.committed_per_day is only "
            f"{deal.volume.committed_per_day}: a test is part of the commitment, so it must be at most that"
        )


def _check_calendar(deal: Deal) -> None:
    both = sorted(set(deal.closed) & set(deal.open))
    if both:
        raise ValueError(f"open: {both[0]} is also among the closed days; a day is one or the other")
    if deal.signed and deal.kickoff and deal.kickoff < deal.signed:
        raise ValueError(f"kickoff: {deal.kickoff} is before the agreement was signed ({deal.signed})")
