"""Channels: which are linked to deals, which names still lack their id, and how far each has been read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import aliased
from sqlmodel import col, delete, exists, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.deals import channel_id
from store.records import Watched
from store.statements import add_unless_there, insert
from store.tables import EchoRow, ExampleRow, FindingRow, LinkRow, SeenRow

_MICRO = 1_000_000


async def watched(s: AsyncSession) -> list[Watched]:
    """Every linked channel whose id is known, by id."""
    ids = select(LinkRow.channel).where(col(LinkRow.channel).is_not(None)).distinct()
    linked = sorted(channel for channel in (await s.exec(ids)).all() if channel is not None)
    marks = {row.channel: row.seen for row in (await s.exec(select(SeenRow))).all()}
    return [Watched(channel, _ts(marks[channel]) if channel in marks else None) for channel in linked]


async def link(s: AsyncSession, deal_id: int, channel: str) -> None:
    """Link a channel (id or #name) to a deal beside those its terms list; linking twice changes nothing."""
    values = {"deal_id": deal_id, "given": channel, "channel": channel_id(channel), "listed": False}
    await add_unless_there(s, LinkRow, values, ["deal_id", "given"])


async def unlink(s: AsyncSession, deal_id: int, channel: str) -> None:
    """Take a channel (id, or name as given) off a deal. If its terms list it, the next change of the terms links it again."""
    await s.exec(
        delete(LinkRow).where(col(LinkRow.deal_id) == deal_id, (col(LinkRow.channel) == channel) | (col(LinkRow.given) == channel))
    )


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


async def rename(s: AsyncSession, old: str, new: str) -> None:
    """Slack gave a channel another id: links, findings and the mark go with it."""
    await s.exec(update(LinkRow).where(col(LinkRow.channel) == old).values(channel=new))
    await s.exec(update(EchoRow).where(col(EchoRow.channel) == old).values(channel=new))
    await s.exec(update(ExampleRow).where(col(ExampleRow.channel) == old).values(channel=new))
    there = aliased(FindingRow)
    taken = exists().where(
        col(there.channel) == new,
        col(there.deal_id) == FindingRow.deal_id,
        col(there.ts) == FindingRow.ts,
        col(there.scenario) == FindingRow.scenario,
        col(there.subject) == FindingRow.subject,
    )
    await s.exec(
        update(FindingRow).where(col(FindingRow.channel) == old, ~taken).values(channel=new).execution_options(synchronize_session=False)
    )
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


def _bare(name: str) -> str:
    return name.strip().removeprefix("#").casefold()


def _micros(ts: str) -> int:
    return int(Decimal(ts) * _MICRO)


def _ts(micros: int) -> str:
    return f"{micros // _MICRO}.{micros % _MICRO:06d}"
