"""What people have chosen for themselves, as plain values by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.statements import add_unless_there, held
from store.tables import PreferencesRow

_CHOSEN = sa_select(col(PreferencesRow.user_id), col(PreferencesRow.chosen)).where(
    col(PreferencesRow.user_id).in_(bindparam("people", expanding=True))
)
_KNOWN = "preferences"
"""Where a session keeps what it has asked: several reasons of one finding look at the same people's preferences."""


async def chosen(s: AsyncSession, user_id: str) -> dict[str, Any]:
    """All that somebody has chosen; empty where they have chosen nothing."""
    return (await chosen_by(s, [user_id])).get(user_id, {})


async def chosen_by(s: AsyncSession, user_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What each of these people has chosen; whoever has chosen nothing is left out. A session asks once for each."""
    known: dict[str, dict[str, Any] | None] = s.info.setdefault(_KNOWN, {})
    asked = [user_id for user_id in user_ids if user_id not in known]
    if asked:
        rows = await (await s.connection()).execute(_CHOSEN, {"people": asked})
        known |= dict.fromkeys(asked) | {user_id: _mapping(chosen) for user_id, chosen in rows}
    return {user_id: dict(chosen) for user_id in user_ids if (chosen := known[user_id]) is not None}


async def choose(s: AsyncSession, user_id: str, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Put these values in place of those of the same names; the others stay. All that is chosen then, held until the transaction ends."""
    s.info.get(_KNOWN, {}).pop(user_id, None)
    await add_unless_there(s, PreferencesRow, {"user_id": user_id, "chosen": {}, "at": now}, ["user_id"])
    row = (await s.exec(held(select(PreferencesRow).where(PreferencesRow.user_id == user_id)))).one()
    after = {**_mapping(row.chosen), **changes}
    if changes:
        row.chosen, row.at = after, now
        s.add(row)
        await s.flush()
    return after


def _mapping(kept: Any) -> dict[str, Any]:
    return dict(kept) if isinstance(kept, dict) else {}
