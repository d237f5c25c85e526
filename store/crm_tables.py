"""The tables of the CRM: its deals as last seen, how far it was read, what goes back to it, and where the two sides differ."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from store.columns import Plain, UtcTime, Words
from store.tables import Row


class CrmRecordRow(Row, table=True):
    """A deal of the CRM that is near enough to its start to matter. See store.crm.Known for what the columns mean."""

    __tablename__ = "crm_records"
    __table_args__ = (UniqueConstraint("source", "external"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(sa_column=Column(Words, nullable=False))
    external: str = Field(sa_column=Column(Words, nullable=False))
    deal_id: int | None = Field(default=None, foreign_key="deals.id", index=True)
    state: str = Field(sa_column=Column(Words, nullable=False, index=True))
    customer: str = Field(sa_column=Column(Words, nullable=False))
    stage: str = Field(sa_column=Column(Words, nullable=False))
    url: str | None = Field(sa_column=Column(Words))
    owner: str | None = Field(sa_column=Column(Words))
    rep: str | None = Field(sa_column=Column(Words))
    terms: Any = Field(sa_column=Column(Plain, nullable=False))
    base: Any = Field(sa_column=Column(Plain, nullable=False))
    modified: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    version: int = 1
    told: bool = False
    by: str | None = Field(default=None, sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class CrmPassRow(Row, table=True):
    """How far a CRM was read. `since`: changes from then on are to come; `after`: the id up to which the pass under way has come."""

    __tablename__ = "crm_passes"

    source: str = Field(sa_column=Column(Words, primary_key=True))
    since: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    after: str | None = Field(default=None, sa_column=Column(Words))
    began: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    done: int = 0
    owner: str | None = Field(default=None, sa_column=Column(Words))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    polled_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    trouble: str | None = Field(default=None, sa_column=Column(Words))
    trouble_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class CrmOutRow(Row, table=True):
    """Something that goes back to the CRM, once; the row stays as the line of the audit. `about` holds ids, never anybody's words."""

    __tablename__ = "crm_outbox"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column=Column(Words, nullable=False, unique=True))
    record_id: int = Field(foreign_key="crm_records.id", index=True)
    kind: str = Field(sa_column=Column(Words, nullable=False))
    about: Any = Field(sa_column=Column(Plain, nullable=False))
    state: str = Field(sa_column=Column(Words, nullable=False, index=True))
    due_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    tries: int = 0
    owner: str | None = Field(default=None, sa_column=Column(Words))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    by: str | None = Field(default=None, sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    written: str | None = Field(default=None, sa_column=Column(Words))
    error: str | None = Field(default=None, sa_column=Column(Words))


class CrmDifferenceRow(Row, table=True):
    """A term of a deal that is not the same in the CRM, who set each side and when, and what was decided."""

    __tablename__ = "crm_differences"

    id: int | None = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="crm_records.id", index=True)
    term: str = Field(sa_column=Column(Words, nullable=False))
    ours: Any = Field(sa_column=Column(Plain, nullable=False))
    theirs: Any = Field(sa_column=Column(Plain, nullable=False))
    ours_by: str | None = Field(sa_column=Column(Words))
    ours_at: datetime | None = Field(sa_column=Column(UtcTime))
    theirs_by: str | None = Field(sa_column=Column(Words))
    theirs_at: datetime | None = Field(sa_column=Column(UtcTime))
    both: bool = False
    state: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(Words))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
