"""Plusses and deltas for the managers' workshop: what works, and what is to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.workshop import Note
from store.columns import storable
from store.statements import add_those_not_there
from store.workshop_tables import WorkshopNoteRow


async def note(s: AsyncSession, notes: Sequence[Note], source: str, now: datetime) -> int:
    """Keep notes of a form, each once however often it is sent off (`source` is the form's own); how many are new."""
    rows = [
        {"source": f"{source}:{number}", "kind": one.kind, "words": storable(one.words), "day": one.day, "by": one.by, "at": now}
        for number, one in enumerate(notes)
    ]
    return len(await add_those_not_there(s, WorkshopNoteRow, rows, ["source"], "source")) if rows else 0


async def notes(s: AsyncSession, first: date, last: date) -> list[Note]:
    """The notes of these days, in the order in which they came."""
    rows = select(WorkshopNoteRow).where(col(WorkshopNoteRow.day) >= first, col(WorkshopNoteRow.day) <= last)
    found = (await s.exec(rows.order_by(col(WorkshopNoteRow.day), col(WorkshopNoteRow.id)))).all()
    return [Note("plus" if row.kind == "plus" else "delta", row.words, row.day, row.by) for row in found]
