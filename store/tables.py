"""The tables. Rows stay inside this package; what leaves it are the plain values of store.records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, get_args

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.deal import Deal, Phase
from bot.language.statement import Side
from bot.playbook.finding import Urgency
from store.columns import DealTerms, Plain, Said, SaidPlain, UtcTime, Words, one_of
from store.records import ErrandKind, ErrandState, FindingState, NoteKind

SIDES: tuple[str, ...] = get_args(Side)
PHASES: tuple[str, ...] = get_args(Phase)
URGENCIES: tuple[str, ...] = get_args(Urgency)
FINDING_STATES: tuple[str, ...] = get_args(FindingState)
ERRAND_KINDS: tuple[str, ...] = get_args(ErrandKind)
ERRAND_STATES: tuple[str, ...] = get_args(ErrandState)
NOTE_KINDS: tuple[str, ...] = get_args(NoteKind)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    metadata: ClassVar[MetaData] = metadata
    model_config = {"defer_build": True}


class DealRow(Row, table=True):
    """A deal with the terms in force. `customer_key` is the name without regard to case, width and spacing."""

    __tablename__ = "deals"

    id: int | None = Field(default=None, primary_key=True)
    customer_key: str = Field(sa_column=Column(Words, nullable=False, unique=True))
    terms: Deal = Field(sa_column=Column(DealTerms, nullable=False))


class TermsRow(Row, table=True):
    """The terms of a deal as they stood from `since`, who set them and from where."""

    __tablename__ = "deal_history"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    terms: Deal = Field(sa_column=Column(DealTerms, nullable=False))
    since: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    source: str = Field(sa_column=Column(Words, nullable=False))


class AmendmentRow(Row, table=True):
    """A line of a deal's ledger: one term, before and after, from which day, who agreed on both sides. Lines are only ever added."""

    __tablename__ = "amendments"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    term: str = Field(sa_column=Column(Words, nullable=False))
    old: Any = Field(sa_column=Column(Plain, nullable=False))
    new: Any = Field(sa_column=Column(Plain, nullable=False))
    effective: date = Field(sa_column=Column(Date, nullable=False))
    ours: str = Field(sa_column=Column(Words, nullable=False))
    theirs: str = Field(sa_column=Column(Words, nullable=False))
    link: str | None = Field(sa_column=Column(Words))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class DealPersonRow(Row, table=True):
    """Somebody of a deal, as its terms name them: the terms decide, this finds the deals of a person."""

    __tablename__ = "deal_people"

    user_id: str = Field(sa_column=Column(Words, primary_key=True))
    deal_id: int = Field(sa_column=Column(ForeignKey("deals.id"), primary_key=True, index=True))
    role: str = Field(sa_column=Column(Words, nullable=False))


class LinkRow(Row, table=True):
    """A deal's channel: `given` as it was named (an id or a #name), `channel` its id once known, `listed` whether the terms name it.

    `by` and `at` say who linked it in Slack, and when.
    """

    __tablename__ = "channel_links"
    __table_args__ = (UniqueConstraint("deal_id", "given"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    given: str = Field(sa_column=Column(Words, nullable=False))
    channel: str | None = Field(default=None, sa_column=Column(Words, nullable=True, index=True))
    listed: bool = True
    by: str | None = Field(default=None, sa_column=Column(Words))
    at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class NoteRow(Row, table=True):
    """What is noted of a channel, one row for each kind of note; see NoteKind."""

    __tablename__ = "channel_notes"

    channel: str = Field(sa_column=Column(Words, primary_key=True))
    what: NoteKind = Field(sa_column=Column(one_of("what", NOTE_KINDS), primary_key=True))
    about: str | None = Field(default=None, sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class SeenRow(Row, table=True):
    """How far a channel's messages have been handled: the ts in millionths of a second."""

    __tablename__ = "channels_seen"

    channel: str = Field(sa_column=Column(Words, primary_key=True))
    seen: int = Field(sa_column=Column(BigInteger, nullable=False))


class FindingRow(Row, table=True):
    """A finding and what became of it. `subject` is "" where the finding has none."""

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("deal_id", "channel", "ts", "scenario", "subject"),
        Index(None, "channel", "ts"),
        Index(None, "state", "until"),
        Index(None, "deal_id", "scenario", "state", "changed_at", "changed_by"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    channel: str = Field(sa_column=Column(Words, nullable=False))
    ts: str = Field(sa_column=Column(Words, nullable=False))
    thread_ts: str | None = Field(sa_column=Column(Words))
    speaker: str = Field(sa_column=Column(Words, nullable=False))
    said_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    permalink: str | None = Field(sa_column=Column(Words))
    scenario: str = Field(sa_column=Column(Words, nullable=False))
    subject: str = Field(sa_column=Column(Words, nullable=False))
    side: Side = Field(sa_column=Column(one_of("side", SIDES), nullable=False))
    phase: Phase = Field(sa_column=Column(one_of("phase", PHASES), nullable=False))
    test_day: int
    urgency: Urgency = Field(sa_column=Column(one_of("urgency", URGENCIES), nullable=False))
    quote: str = Field(sa_column=Column(Said, nullable=False))
    why: str = Field(sa_column=Column(Said, nullable=False))
    said_low: float | None
    said_high: float | None
    agreed_per_day: float | None
    said: str | None = Field(sa_column=Column(Said))
    agreed: str | None = Field(sa_column=Column(Words))
    rule: str = Field(sa_column=Column(Words, nullable=False))
    sure: float
    suppressed: str | None = Field(sa_column=Column(Words))
    ambiguous: bool = False
    state: FindingState = Field(sa_column=Column(one_of("state", FINDING_STATES), nullable=False))
    raised_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    changed_by: str | None = Field(sa_column=Column(Words))
    until: datetime | None = Field(sa_column=Column(UtcTime))
    reason: str | None = Field(default=None, sa_column=Column(Words))
    link: str | None = Field(default=None, sa_column=Column(Words))
    count: int = 1
    version: int = 1


class EchoRow(Row, table=True):
    """A message that said a finding again, with its words; one row each, so that nothing is counted twice."""

    __tablename__ = "finding_echoes"
    __table_args__ = (Index(None, "channel", "ts"),)

    finding_id: int = Field(sa_column=Column(ForeignKey("findings.id"), primary_key=True))
    channel: str = Field(sa_column=Column(Words, primary_key=True))
    ts: str = Field(sa_column=Column(Words, primary_key=True))
    quote: str = Field(default="", sa_column=Column(Said, nullable=False))
    speaker: str = Field(default="", sa_column=Column(Words, nullable=False))
    said_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class EventRow(Row, table=True):
    """A change of a finding's state: from what (None: it was new), to what, by whom, when, why, and which message settled it."""

    __tablename__ = "finding_events"

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="findings.id", index=True)
    old_state: FindingState | None = Field(sa_column=Column(one_of("old_state", FINDING_STATES)))
    new_state: FindingState = Field(sa_column=Column(one_of("new_state", FINDING_STATES), nullable=False))
    by: str | None = Field(sa_column=Column(Words))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(Words))
    until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    link: str | None = Field(default=None, sa_column=Column(Words))


class MuteRow(Row, table=True):
    """A scenario of a deal that raises no DM until a time; a mute that somebody ends early keeps its row."""

    __tablename__ = "mutes"

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id", index=True)
    scenario: str = Field(sa_column=Column(Words, nullable=False))
    until: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    ended_by: str | None = Field(default=None, sa_column=Column(Words))


class DemotionRow(Row, table=True):
    """A scenario that had been of little use to a person and went to the daily digest for them: `useful` of `decided` findings."""

    __tablename__ = "demotions"

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(sa_column=Column(Words, nullable=False, index=True))
    scenario: str = Field(sa_column=Column(Words, nullable=False))
    useful: int
    decided: int
    since: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class PreferencesRow(Row, table=True):
    """What a person has chosen for themselves, as plain values by name."""

    __tablename__ = "preferences"

    user_id: str = Field(sa_column=Column(Words, primary_key=True))
    chosen: Any = Field(sa_column=Column(Plain, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class ExampleRow(Row, table=True):
    """A message whose reading somebody corrected: its words and what should have been heard, as `expect` of a conversation file."""

    __tablename__ = "examples"
    __table_args__ = (UniqueConstraint("deal_id", "channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    channel: str = Field(sa_column=Column(Words, nullable=False))
    ts: str = Field(sa_column=Column(Words, nullable=False))
    speaker: str = Field(sa_column=Column(Words, nullable=False))
    side: Side = Field(sa_column=Column(one_of("side", SIDES), nullable=False))
    said_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    text: str = Field(sa_column=Column(Said, nullable=False))
    heard: Any = Field(sa_column=Column(SaidPlain, nullable=False))
    expected: Any = Field(sa_column=Column(SaidPlain, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class PostRow(Row, table=True):
    """A script that a person had posted for them in the thread of a finding: one for each finding."""

    __tablename__ = "posts"

    finding_id: int = Field(sa_column=Column(ForeignKey("findings.id"), primary_key=True))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    text: str = Field(sa_column=Column(Said, nullable=False))
    channel: str = Field(sa_column=Column(Words, nullable=False))
    thread_ts: str = Field(sa_column=Column(Words, nullable=False))


class ErrandRow(Row, table=True):
    """A message to deliver. `key` makes it happen once; `owner` holds it until `lease_until`. Where it did not work the first time, and
    `due_at` is the next try, `first_due_at` says since when it waits.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "state", "due_at"), Index(None, "recipient", "state"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column=Column(Words, nullable=False, unique=True))
    kind: ErrandKind = Field(sa_column=Column(one_of("kind", ERRAND_KINDS), nullable=False))
    finding_id: int | None = Field(default=None, foreign_key="findings.id", index=True)
    about: Any = Field(default=None, sa_column=Column(Plain, nullable=False))
    recipient: str = Field(sa_column=Column(Words, nullable=False))
    due_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    first_due_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    state: ErrandState = Field(sa_column=Column(one_of("state", ERRAND_STATES), nullable=False))
    tries: int = 0
    owner: str | None = Field(default=None, sa_column=Column(Words))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    channel: str | None = Field(default=None, sa_column=Column(Words))
    ts: str | None = Field(default=None, sa_column=Column(Words))
    error: str | None = Field(default=None, sa_column=Column(Words))


class InstallationRow(Row, table=True):
    """A fact about this installation by its name: see store.installation."""

    __tablename__ = "installation"

    name: str = Field(sa_column=Column(Words, primary_key=True))
    value: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
