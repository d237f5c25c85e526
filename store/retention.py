"""Retention: what may be kept for how long, and doing what is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from store import forget, installation
from store.engine import Store
from store.forget import Gone

Work = Callable[[AsyncSession], Awaitable[Gone]]
"""Something that forgets, within a transaction."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Days for which words are kept after they were said, findings after their last change, all after the app was removed; 0: for ever."""

    quotes: int = 0
    findings: int = 0
    after_removal: int = 30


async def due(s: AsyncSession, keep: Keep, now: datetime) -> Gone:
    """Do what is due; within the caller's transaction."""
    removed = await installation.removed_at(s)
    if removed is not None and keep.after_removal and removed <= now - timedelta(days=keep.after_removal):
        return await forget.everything(s)
    return await forget.older(s, _before(keep.quotes, now), _before(keep.findings, now))


async def daily(store: Store, keep: Keep, now: datetime) -> Gone | None:
    """Do what is due, once on a day (UTC) whoever of several processes asks; None where it is done already."""
    if not keep.quotes and not keep.findings:
        return None
    async with store.writing() as s:
        if not await installation.first_today(s, "retention", now.date(), now):
            return None
        gone = await due(s, keep, now)
    await store.flush_traces()
    return gone


def _before(days: int, now: datetime) -> datetime | None:
    return now - timedelta(days=days) if days else None
