"""Channels: which are linked to deals and by whom, which names still lack their id, how far each has been read, and their new ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, delete, exists, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store import notes
from store.deals import channel_id
from store.records import Linked, Watched
from store.statements import add_unless_there, insert
from store.tables import EchoRow, ErrandRow, ExampleRow, FindingRow, LinkRow, PostRow, SeenRow

_MICRO = 1_000_000


async def watched(s: AsyncSession) -> list[Watched]:
    """Every linked channel whose id is known, by id."""
    ids = select(LinkRow.channel).where(col(LinkRow.channel).is_not(None)).distinct()
    linked = sorted(channel for channel in (await s.exec(ids)).all() if channel is not None)
    marks = {row.channel: row.seen for row in (await s.exec(select(SeenRow))).all()}
    return [Watched(channel, _ts(marks[channel]) if channel in marks else None) for channel in linked]


async def seen(s: AsyncSession, channel: str) -> str | None:
    """The ts up to which a channel has been handled; None where it was never read."""
    mark = (await s.exec(select(SeenRow.seen).where(SeenRow.channel == channel))).first()
    return None if mark is None else _ts(mark)


async def link(s: AsyncSession, deal_id: int, channel: str, *, by: str | None = None, at: datetime | None = None) -> bool:
    """Link a channel (id or #name) to a deal beside those its terms list; False when it is linked already."""
    there = select(LinkRow.id).where(LinkRow.deal_id == deal_id, LinkRow.channel == channel)
    if channel_id(channel) and (await s.exec(there.limit(1))).first() is not None:
        return False
    values = {"deal_id": deal_id, "given": channel, "channel": channel_id(channel), "listed": False, "by": by, "at": at}
    return await add_unless_there(s, LinkRow, values, ["deal_id", "given"])


async def linked(s: AsyncSession, channel: str) -> list[Linked]:
    """The links of a channel, oldest first; one for each deal."""
    rows = (await s.exec(select(LinkRow).where(LinkRow.channel == channel).order_by(col(LinkRow.id)))).all()
    made: dict[int, Linked] = {}
    for row in rows:
        made.setdefault(row.deal_id, Linked(row.deal_id, row.by, row.at, row.listed))
    return list(made.values())


async def forget_mark(s: AsyncSession, channel: str) -> None:
    """A channel of no deal any more has no mark: what is said meanwhile is not judged when it is linked again."""
    still = exists().where(col(LinkRow.channel) == channel)
    await s.exec(delete(SeenRow).where(col(SeenRow.channel) == channel, ~still))


async def unresolved_names(s: AsyncSession) -> list[str]:
    """Channel names, as given, whose id is not known yet."""
    names = select(LinkRow.given).where(col(LinkRow.channel).is_(None)).distinct()
    return sorted((await s.exec(names)).all())


async def resolve_name(s: AsyncSession, name: str, channel: str) -> None:
    """From now on `name` (with or without #) is the channel with this id, wherever it has none yet."""
    for row in (await s.exec(select(LinkRow).where(col(LinkRow.channel).is_(None)))).all():
        if _bare(row.given) == _bare(name):
            row.channel = channel
            s.add(row)
    await s.flush()


async def rename(s: AsyncSession, old: str, new: str, now: datetime) -> None:
    """Slack gave a channel another id: all that is kept of it goes with it, but for what is there under the new id already."""
    await s.exec(update(LinkRow).where(col(LinkRow.channel) == old).values(channel=new))
    await s.exec(update(PostRow).where(col(PostRow.channel) == old).values(channel=new))
    await s.exec(update(ErrandRow).where(col(ErrandRow.channel) == old).values(channel=new))
    await _renumber(s, EchoRow, ("finding_id", "ts"), old, new)
    await _renumber(s, FindingRow, ("deal_id", "ts", "scenario", "subject"), old, new)
    await _renumber(s, ExampleRow, ("deal_id", "ts"), old, new)
    await notes.move(s, old, new, now)
    mark = (await s.exec(select(SeenRow.seen).where(SeenRow.channel == old))).first()
    if mark is not None:
        await note_seen(s, {new: _ts(mark)})
        await s.exec(delete(SeenRow).where(col(SeenRow.channel) == old))


async def note_seen(s: AsyncSession, marks: Mapping[str, str]) -> None:
    """Note up to which ts each channel has been handled; a mark never goes back."""
    if not marks:
        return
    # sorted: two processes that write the same rows in the same order cannot block each other for good
    rows = [{"channel": channel, "seen": _micros(ts)} for channel, ts in sorted(marks.items())]
    statement = insert(s, SeenRow).values(rows)
    later = statement.excluded.seen > col(SeenRow.seen)
    await s.exec(statement.on_conflict_do_update(index_elements=["channel"], set_={"seen": statement.excluded.seen}, where=later))


async def _renumber(s: AsyncSession, table: type[SQLModel], key: tuple[str, ...], old: str, new: str) -> None:
    """Give rows the channel's new id, where no row with the same key has it."""
    here: Any = table
    there: Any = aliased(table)
    taken = exists().where(there.channel == new, *(getattr(there, name) == getattr(here, name) for name in key))
    moved = update(table).where(here.channel == old, ~taken).values(channel=new)
    await s.exec(moved.execution_options(synchronize_session=False))


def _bare(name: str) -> str:
    return name.strip().removeprefix("#").casefold()


def _micros(ts: str) -> int:
    return int(Decimal(ts) * _MICRO)


def _ts(micros: int) -> str:
    return f"{micros // _MICRO}.{micros % _MICRO:06d}"
