"""What people have chosen for themselves, as plain values by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.statements import add_unless_there, held
from store.tables import PreferencesRow


async def chosen(s: AsyncSession, user_id: str) -> dict[str, Any]:
    """All that a person has chosen; empty where that is nothing yet."""
    return (await chosen_by(s, [user_id])).get(user_id, {})


async def chosen_by(s: AsyncSession, user_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What each of these people has chosen; whoever has chosen nothing is left out."""
    rows = (await s.exec(select(PreferencesRow).where(col(PreferencesRow.user_id).in_(user_ids)))).all() if user_ids else ()
    return {row.user_id: _mapping(row.chosen) for row in rows}


async def choose(s: AsyncSession, user_id: str, changes: Mapping[str, Any], now: datetime) -> None:
    """Set these choices; those of other names stay as they are, also when two are made at once."""
    await add_unless_there(s, PreferencesRow, {"user_id": user_id, "chosen": {}, "at": now}, ["user_id"])
    row = (await s.exec(held(select(PreferencesRow).where(PreferencesRow.user_id == user_id)))).one()
    row.chosen = {**_mapping(row.chosen), **changes}
    row.at = now
    s.add(row)
    await s.flush()


def _mapping(kept: Any) -> dict[str, Any]:
    return kept if isinstance(kept, dict) else {}
