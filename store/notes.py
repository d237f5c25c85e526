"""What is noted of channels: who was asked whose they are, and whether they were archived, left, lost or moved."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.records import Note, NoteKind
from store.statements import add_unless_there
from store.tables import LinkRow, NoteRow

_MOVES = 5
"""How many new ids in a row are followed."""


async def note(s: AsyncSession, what: NoteKind, channel: str, about: str | None, now: datetime) -> bool:
    """Note something of a channel; False when it was noted already, which then stands as it is."""
    values = {"channel": channel, "what": what, "about": about, "at": now}
    return await add_unless_there(s, NoteRow, values, ["channel", "what"])


async def forget(s: AsyncSession, channel: str, *what: NoteKind) -> bool:
    """It is not so any more; whether anything was noted."""
    gone = delete(NoteRow).where(col(NoteRow.channel) == channel, col(NoteRow.what).in_(what))
    return bool((await s.exec(gone)).rowcount)


async def of_channel(s: AsyncSession, channel: str) -> dict[NoteKind, Note]:
    """All that is noted of a channel."""
    rows = (await s.exec(select(NoteRow).where(NoteRow.channel == channel))).all()
    return {row.what: _note(row) for row in rows}


async def unanswered(s: AsyncSession, asked: str, since: datetime) -> list[Note]:
    """The channels of which somebody was asked whose they are, at or after a time, and that still belong to no deal; oldest first."""
    query = select(NoteRow).where(NoteRow.what == "asked", NoteRow.about == asked, col(NoteRow.at) >= since)
    linked = select(LinkRow.channel).where(col(LinkRow.channel).is_not(None))
    open_ones = query.where(col(NoteRow.channel).not_in(linked)).order_by(col(NoteRow.at), col(NoteRow.channel))
    return [_note(row) for row in (await s.exec(open_ones)).all()]


async def current(s: AsyncSession, channel: str) -> str:
    """The id that a channel has now."""
    for _ in range(_MOVES):
        query = select(NoteRow.about).where(NoteRow.channel == channel, NoteRow.what == "moved")
        later = (await s.exec(query)).first()
        if later is None:
            break
        channel = later
    return channel


async def earlier(s: AsyncSession, channel: str) -> list[str]:
    """The ids that a channel had before, and the one that it has."""
    found = [channel]
    for one in found:  # it grows as it is gone through
        query = select(NoteRow.channel).where(NoteRow.what == "moved", NoteRow.about == one)
        found += [before for before in (await s.exec(query)).all() if before not in found]
    return found


async def move(s: AsyncSession, old: str, new: str, now: datetime) -> None:
    """A channel has another id: its notes go with it."""
    await forget(s, new, "moved")
    there = (await s.exec(select(NoteRow.what).where(NoteRow.channel == new))).all()
    await s.exec(delete(NoteRow).where(col(NoteRow.channel) == old, col(NoteRow.what).in_((*there, "moved"))))
    await s.exec(update(NoteRow).where(col(NoteRow.channel) == old).values(channel=new))
    await note(s, "moved", old, new, now)


def _note(row: NoteRow) -> Note:
    return Note(row.channel, row.what, row.about, row.at)
