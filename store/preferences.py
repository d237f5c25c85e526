"""What people have chosen for themselves, as plain values by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.statements import add_unless_there, held
from store.tables import PreferencesRow


async def chosen(s: AsyncSession, user_id: str) -> dict[str, Any]:
    """All that somebody has chosen; empty where they have chosen nothing."""
    row = (await s.exec(select(PreferencesRow).where(PreferencesRow.user_id == user_id))).first()
    return dict(row.chosen) if row is not None and isinstance(row.chosen, dict) else {}


async def choose(s: AsyncSession, user_id: str, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Put these values in place of those of the same names; the others stay. All that is chosen then, held until the transaction ends."""
    await add_unless_there(s, PreferencesRow, {"user_id": user_id, "chosen": {}, "at": now}, ["user_id"])
    row = (await s.exec(held(select(PreferencesRow).where(PreferencesRow.user_id == user_id)))).one()
    before = dict(row.chosen) if isinstance(row.chosen, dict) else {}
    if changes:
        row.chosen, row.at = {**before, **changes}, now
        s.add(row)
        await s.flush()
    return {**before, **changes}
