"""The tables of calls: what was handed in or streams in, its words for a few days, who speaks under which name, whose meeting is whose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field

from store.columns import Said, SaidPlain, UtcTime, Words
from store.tables import Row


class CallRow(Row, table=True):
    """A call or mail thread. `key` makes it known once: its words, or the meeting that streams.

    `state`: "asked" (whose is it?), "left" (nobody's), "live", "quiet" (its stream stopped), "over", "heard". `began` stands for the time
    of turns that tell none; `meeting`: the room or series in which a call that streams is held. `name`: its title, or a mail's subject.
    """

    __tablename__ = "calls"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column=Column(Words, nullable=False, unique=True))
    deal_id: int | None = Field(sa_column=Column(ForeignKey("deals.id"), index=True))
    medium: str = Field(sa_column=Column(Words, nullable=False))
    name: str = Field(sa_column=Column(Said, nullable=False))
    state: str = Field(sa_column=Column(Words, nullable=False))
    channel: str | None = Field(sa_column=Column(Words))
    ts: str | None = Field(sa_column=Column(Words))
    by: str | None = Field(sa_column=Column(Words))
    meeting: str | None = Field(sa_column=Column(Words))
    began: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    last_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    notes: Any = Field(sa_column=Column(SaidPlain, nullable=False))


class CallTurnRow(Row, table=True):
    """What somebody said on a call, kept until the call has been reported and corrected. `place` puts the turns in order."""

    __tablename__ = "call_turns"

    call_id: int = Field(sa_column=Column(ForeignKey("calls.id"), primary_key=True))
    key: str = Field(sa_column=Column(Words, primary_key=True))
    place: int = Field(sa_column=Column(Integer, nullable=False))
    said: Any = Field(sa_column=Column(SaidPlain, nullable=False))


class CallNameRow(Row, table=True):
    """Who speaks under a name on the calls of a deal, as somebody said: an id of the deal's people, or a role."""

    __tablename__ = "call_names"

    deal_id: int = Field(sa_column=Column(ForeignKey("deals.id"), primary_key=True))
    name: str = Field(sa_column=Column(Words, primary_key=True))
    answer: str = Field(sa_column=Column(Words, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class HeardMailRow(Row, table=True):
    """A mail that was heard for a deal, by the mark of its writer and words: in the history below the next one it is not heard again."""

    __tablename__ = "heard_mails"

    deal_id: int = Field(sa_column=Column(ForeignKey("deals.id"), primary_key=True))
    mark: str = Field(sa_column=Column(Words, primary_key=True))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class MeetingRow(Row, table=True):
    """Whose a meeting is, by the id or address that its service gives it."""

    __tablename__ = "meetings"

    meeting: str = Field(sa_column=Column(Words, primary_key=True))
    deal_id: int = Field(sa_column=Column(ForeignKey("deals.id"), nullable=False, index=True))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
