"""The tables of the clock: what happened in a deal, what people marked, who was asked and told on which day. Lines are only added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, UniqueConstraint
from sqlmodel import Field

from store.columns import Noted, Said, SaidPlain, UtcTime, Words
from store.tables import Row


class HappenedRow(Row, table=True):
    """A real event of a deal. `source` makes it known once: the message, finding or form that it comes from."""

    __tablename__ = "happenings"
    __table_args__ = (UniqueConstraint("deal_id", "source"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    source: str = Field(sa_column=Column(Words, nullable=False))
    kind: str = Field(sa_column=Column(Words, nullable=False))
    day: date = Field(sa_column=Column(Date, nullable=False))
    evidence: str = Field(sa_column=Column(Said, nullable=False))
    per_day: float | None
    about: str | None = Field(sa_column=Column(Words))
    link: str | None = Field(sa_column=Column(Words))
    by: str | None = Field(sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class MarkRow(Row, table=True):
    """A milestone done or postponed, a rung taken on or settled, a box ticked or cleared: `what` says which of these `state` is of."""

    __tablename__ = "marks"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    what: str = Field(sa_column=Column(Words, nullable=False))
    key: str = Field(sa_column=Column(Words, nullable=False))
    state: str = Field(sa_column=Column(Words, nullable=False))
    day: date = Field(sa_column=Column(Date, nullable=False))
    reason: str = Field(sa_column=Column(Noted, nullable=False))
    by: str | None = Field(sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class OwnMilestoneRow(Row, table=True):
    """A milestone that somebody added in their own words."""

    __tablename__ = "own_milestones"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    title: str = Field(sa_column=Column(Noted, nullable=False))
    day: date = Field(sa_column=Column(Date, nullable=False))
    owner: str = Field(sa_column=Column(Words, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class DelayRow(Row, table=True):
    """An objection or delay that somebody entered; those that were heard are findings."""

    __tablename__ = "delays"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    scenario: str = Field(sa_column=Column(Words, nullable=False))
    raised: date = Field(sa_column=Column(Date, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class NextRow(Row, table=True):
    """What was agreed about an objection or delay: the next milestone with its day, or (without a title) that it is settled on that day."""

    __tablename__ = "next_steps"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    delay: str = Field(sa_column=Column(Words, nullable=False))
    title: str | None = Field(sa_column=Column(Noted))
    day: date = Field(sa_column=Column(Date, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class ToldRow(Row, table=True):
    """An item of a deal that a person was told of on a day of their calendar."""

    __tablename__ = "told"

    deal_id: int = Field(sa_column=Column(ForeignKey("deals.id"), primary_key=True))
    person: str = Field(sa_column=Column(Words, primary_key=True))
    key: str = Field(sa_column=Column(Words, primary_key=True))
    day: date = Field(sa_column=Column(Date, primary_key=True))


class AskedRow(Row, table=True):
    """The clock has asked for a person on a day of their calendar, once. `shown`: what the DM showed, if there was one."""

    __tablename__ = "asked"

    person: str = Field(sa_column=Column(Words, primary_key=True))
    day: date = Field(sa_column=Column(Date, primary_key=True))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    shown: Any = Field(sa_column=Column(SaidPlain, nullable=False))


class SurveyRow(Row, table=True):
    """An answer of a customer's person to the onboarding survey (1-5) or the NPS question (0-10), and who recorded it.

    `source` makes it known once: the form that it comes from.
    """

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("deal_id", "source"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    source: str = Field(sa_column=Column(Words, nullable=False))
    kind: str = Field(sa_column=Column(Words, nullable=False))
    score: int
    words: str = Field(sa_column=Column(Said, nullable=False))
    answered_by: str = Field(sa_column=Column(Words, nullable=False))
    day: date = Field(sa_column=Column(Date, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class GivenDateRow(Row, table=True):
    """What a deal's calendar file said last of a milestone: its day, how often that has changed, and whether it was taken back."""

    __tablename__ = "given_dates"

    deal_id: int = Field(foreign_key="deals.id", primary_key=True)
    key: str = Field(sa_column=Column(Words, primary_key=True))
    day: date = Field(sa_column=Column(Date, nullable=False))
    sequence: int
    cancelled: bool
