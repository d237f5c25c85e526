"""Leaves errands for the courier, within the transaction that records what they are about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.people import recipients
from store import outbox
from store.records import KnownDeal, StoredFinding

_AGAIN = ":again:"


async def alert(s: AsyncSession, known: KnownDeal, stored: StoredFinding, now: datetime, rings_for: Collection[str] | None = None) -> bool:
    """Ask for a DM to each recipient of the deal; whoever has it already gets it changed. Whether there is anything to do.

    `rings_for`: those of them for whom it rings; None for all.
    """
    before = [errand for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"]
    asked = False
    for recipient in recipients(known.deal):
        if rings_for is not None and recipient not in rings_for and all(errand.recipient != recipient for errand in before):
            continue
        states = {errand.state for errand in before if errand.recipient == recipient}
        if not states:
            asked |= await outbox.enqueue(s, f"alert:{stored.id}:{recipient}", "alert", stored.id, recipient, now)
        elif states == {"failed"}:
            # Taken back before it was sent, and now it holds after all.
            asked |= await outbox.enqueue(s, reminder_key(stored.id, recipient, stored.version), "alert", stored.id, recipient, now)
        else:
            asked |= await _change(s, stored, recipient, now)
    return asked


async def update(s: AsyncSession, stored: StoredFinding, now: datetime) -> bool:
    """Ask for a change of each DM sent, or about to be sent, for a finding. Whether there is anything to do."""
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"}
    asked = False
    for recipient in sorted(told):
        asked |= await _change(s, stored, recipient, now)
    return asked


async def _change(s: AsyncSession, stored: StoredFinding, recipient: str, now: datetime) -> bool:
    key = f"update:{stored.id}:{stored.version}.{stored.count}:{recipient}"
    return await outbox.enqueue(s, key, "update", stored.id, recipient, now)


def reminder_key(finding_id: int, recipient: str, version: int) -> str:
    """The key of the DM that comes back after a snooze; the version makes each snooze's its own."""
    return f"alert:{finding_id}:{recipient}{_AGAIN}{version}"


def is_reminder(key: str) -> bool:
    """Whether an errand's DM comes back after a snooze."""
    return _AGAIN in key
