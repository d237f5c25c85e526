"""The tables of actual volumes: what was shipped by deal, day and source, what it replaced, how it came, and whose accounts it is of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index
from sqlmodel import Field

from store.columns import UtcTime, Words
from store.tables import Row


def _key(target: str | None = None, **more: Any) -> Any:
    return Field(sa_column=Column(*([ForeignKey(target)] if target else [Words]), primary_key=True, **more))


class ImportRow(Row, table=True):
    """One arrival of volumes: a file, a pull, a delivery of a webhook, or an account mapped anew. `key` makes it happen once.

    `done_at` is None until all of its lines are in.
    """

    __tablename__ = "volume_imports"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(sa_column=Column(Words, unique=True))
    source: str = Field(sa_column=Column(Words, nullable=False))
    name: str = Field(sa_column=Column(Words, nullable=False))
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    new: int = 0
    replaced: int = 0
    same: int = 0
    waiting: int = 0
    ignored: int = 0


class VolumeRow(Row, table=True):
    """What a source says an account of a deal shipped on a day. `account` is its key, "" where the line is of the whole deal."""

    __tablename__ = "volumes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    deal_id: int = _key("deals.id", autoincrement=False)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    source: str = _key()
    account: str = _key()
    packages: int
    on_time: float | None
    billed_right: float | None
    transit_days: float | None
    import_id: int = Field(foreign_key="volume_imports.id")


class ReplacedRow(Row, table=True):
    """A line as it stood before a later import changed it, or before its account was mapped away."""

    __tablename__ = "volumes_replaced"
    __table_args__ = (Index(None, "deal_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    deal_id: int = Field(foreign_key="deals.id")
    day: date = Field(sa_column=Column(Date, nullable=False))
    source: str = Field(sa_column=Column(Words, nullable=False))
    account: str = Field(sa_column=Column(Words, nullable=False))
    packages: int
    on_time: float | None
    billed_right: float | None
    transit_days: float | None
    import_id: int = Field(foreign_key="volume_imports.id")
    replaced_by: int = Field(foreign_key="volume_imports.id")


class AccountRow(Row, table=True):
    """Whose an account is: a deal's, or (without one) nobody's whom we follow."""

    __tablename__ = "volume_accounts"

    account_key: str = _key()
    account: str = Field(sa_column=Column(Words, nullable=False))
    deal_id: int | None = Field(foreign_key="deals.id", index=True)
    by: str = Field(sa_column=Column(Words, nullable=False))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class WaitingRow(Row, table=True):
    """A line of an account that nobody has mapped yet."""

    __tablename__ = "volumes_waiting"

    account_key: str = _key()
    day: date = Field(sa_column=Column(Date, primary_key=True))
    source: str = _key()
    account: str = Field(sa_column=Column(Words, nullable=False))
    packages: int
    on_time: float | None
    billed_right: float | None
    transit_days: float | None
    import_id: int = Field(foreign_key="volume_imports.id")


class TouchedRow(Row, table=True):
    """A deal whose volumes have changed, or whose last day will soon be over: to be looked at from `due_at` on."""

    __tablename__ = "volumes_touched"

    deal_id: int = _key("deals.id", autoincrement=False)
    due_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
