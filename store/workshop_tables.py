"""The table of the managers' workshops: what people noted beforehand. Lines are only added."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Date, UniqueConstraint
from sqlmodel import Field

from store.columns import Noted, UtcTime, Words
from store.tables import Row


class WorkshopNoteRow(Row, table=True):
    """A plus or a delta. `source` makes it known once: the form that it comes from, and its line."""

    __tablename__ = "workshop_notes"
    __table_args__ = (UniqueConstraint("source"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(sa_column=Column(Words, nullable=False))
    kind: str = Field(sa_column=Column(Words, nullable=False))
    words: str = Field(sa_column=Column(Noted, nullable=False))
    day: date = Field(sa_column=Column(Date, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
