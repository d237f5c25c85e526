"""Escalated to leadership: once the minute to undo is over, the deal's leadership is told, and what they see changes with the finding."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.house import House
from handlers.people import with_role
from handlers.telling.dm import UNDO_WITHIN
from handlers.telling.errands import escalation_key
from store import findings, outbox
from store.records import Errand, KnownDeal, StoredFinding

_AFTER = UNDO_WITHIN + timedelta(seconds=1)


async def ask(house: House, s: AsyncSession, known: KnownDeal, stored: StoredFinding) -> bool:
    """Leave a DM for everybody of the deal's leadership but who escalated; whether there is anybody."""
    steps = await findings.steps(s, stored.id)
    leaders = [user for user in with_role(known.deal, "leadership") if user != stored.changed_by]
    for leader in leaders:
        await outbox.enqueue(s, escalation_key(stored.id, leader, steps[-1].id), "alert", stored.id, leader, house.now() + _AFTER)
    return bool(leaders)


async def still_holds(house: House, errand: Errand, stored: StoredFinding) -> bool:
    """Whether the escalation that an errand tells of has not been undone, nor the finding decided otherwise."""
    async with house.store.reading() as s:
        steps = await findings.steps(s, stored.id)
    made = next((step for step in reversed(steps) if step.before != step.after), None)
    return stored.state == "escalated" and made is not None and errand.key == escalation_key(stored.id, errand.recipient, made.id)
