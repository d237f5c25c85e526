"""What every CRM comes down to: deals as plain records, fields, steps of pipelines, what we write there, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Writes = Literal["note", "task", "fields"]
"""What we leave on a record: a note, a task with a day, or values of its fields."""

FieldType = Literal["text", "number", "date", "choice", "yes-no"]


@dataclass(frozen=True, slots=True)
class Record:
    """A deal as the CRM has it. `customer` is the company's name, or the record's own where it has no company.

    `stage` is the CRM's own id of it, `owner` an email in small letters, `fields` the values by the CRM's names (empty ones left out),
    `merged` the ids of records that went into this one, `gone` whether it was deleted.
    """

    id: str
    customer: str
    stage: str
    modified: datetime
    url: str | None = None
    owner: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the CRM's deals: its name in the interface, what people call it, and what it holds."""

    name: str
    label: str
    type: FieldType = "text"


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a pipeline by its id, with what people call both."""

    id: str
    label: str
    pipeline: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for: values of these fields, customer and owner only of records at these stages, changed since (None: all)."""

    fields: tuple[str, ...]
    stages: frozenset[str]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, by id ascending; `after` is the last id when there may be more."""

    records: tuple[Record, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to stand on a record. `key` is the same whenever it is tried again, so that it stands there once."""

    key: str
    record: str
    kind: Writes
    title: str = ""
    text: str = ""
    day: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Who set a field of a record, and when, as far as the CRM tells."""

    by: str | None
    at: datetime | None


class CrmTrouble(Exception):
    """The CRM cannot be used just now. The text is one plain sentence with the next step, and tells no key and no figure."""


class KeyRefused(CrmTrouble):
    """The key is wrong, expired or revoked."""


class NotAllowed(CrmTrouble):
    """The key may not do this: a permission is missing."""


class FieldGone(CrmTrouble):
    """A field that was asked for is not there."""


class Busy(CrmTrouble):
    """Too many requests; come back after so many seconds."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(text)
        self.seconds = seconds


class Away(CrmTrouble):
    """It did not answer, or with an error of its own; whether a write was done is not known."""


class Refused(CrmTrouble):
    """It understood and will not: the values do not fit its rules. Trying again will not help."""


class RecordGone(CrmTrouble):
    """There is no such record (any more)."""


class Source(Protocol):
    """A CRM. Every method may raise CrmTrouble."""

    name: str

    async def fields(self) -> list[Field]:
        """The fields of its deals."""

    async def steps(self) -> list[Step]:
        """The stages of all pipelines, in their order."""

    async def page(self, wanted: Wanted, after: str | None) -> Page:
        """The next records whose id comes after `after` (None: the first)."""

    async def get(self, record: str, fields: Sequence[str]) -> Record:
        """One record as it is now. Raises RecordGone."""

    async def who(self, record: str, fields: Sequence[str]) -> Mapping[str, Change]:
        """Who set these fields last; those of which nothing is known are left out."""

    async def send(self, out: Outgoing) -> str:
        """Write it; the CRM's id of what was written."""

    async def find(self, out: Outgoing) -> str | None:
        """The id of what was written under this key, when an earlier try may have come through."""

    async def close(self) -> None:
        """Let go of connections."""
