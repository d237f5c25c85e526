"""Leaves errands for the courier, within the transaction that records what they are about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.home.preferences import rings
from handlers.people import recipients
from store import outbox
from store.records import Errand, KnownDeal, StoredFinding

_AGAIN, _ANEW, _ESCALATED = ":again:", ":anew:", ":escalated:"


async def alert(
    s: AsyncSession,
    known: KnownDeal,
    stored: StoredFinding,
    now: datetime,
    only: Collection[str] | None = None,
    *,
    hold: timedelta = timedelta(0),
    fresh: bool = False,
) -> bool:
    """Ask for a DM to each recipient of the deal who wants it, or `only` these, when they want it; whoever has it gets it changed.

    `hold`: how long the first DM of a finding waits for others that may go with it. `fresh`: it was recorded just now, and nobody has it.
    Whether there is anything to do.
    """
    before = [] if fresh else [errand for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"]
    asked = False
    people = recipients(known.deal) if only is None else sorted(only)
    due = await rings(s, people, stored.finding, now)
    for recipient in people:
        states = {errand.state for errand in before if errand.recipient == recipient}
        if not states <= {"failed"}:
            asked |= await _change(s, stored, recipient, now)
        elif recipient in due:
            # Taken back before it was sent, and now it holds after all: that is a message of its own.
            key = first_key(stored.id, recipient) + (f"{_ANEW}{stored.version}" if states else "")
            until = now if states else now + hold
            asked |= await outbox.enqueue(s, key, "alert", stored.id, recipient, max(due[recipient], until))
    return asked


async def update(s: AsyncSession, stored: StoredFinding, now: datetime, besides: Collection[str] = ()) -> bool:
    """Ask for a change of each DM sent, or about to be sent, for a finding. Whether there is anything to do."""
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"}
    asked = False
    for recipient in sorted(told.difference(besides)):
        asked |= await _change(s, stored, recipient, now)
    return asked


async def show_with(s: AsyncSession, standing: StoredFinding, recipient: str, cause: StoredFinding, now: datetime) -> bool:
    """Ask for a change of the DM about one finding, because it shows another one too."""
    key = f"update:{standing.id}:with:{cause.id}:{cause.version}.{cause.count}.{cause.state}:{recipient}"
    return await outbox.enqueue(s, key, "update", standing.id, recipient, now)


async def show_anew(s: AsyncSession, stored: StoredFinding, mark: str, now: datetime) -> bool:
    """Ask for a change of each DM of a finding because of something that it shows beside; `mark` makes it happen once."""
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"}
    asked = False
    for recipient in sorted(told):
        asked |= await outbox.enqueue(s, f"update:{stored.id}:{mark}:{recipient}", "update", stored.id, recipient, now)
    return asked


async def _change(s: AsyncSession, stored: StoredFinding, recipient: str, now: datetime) -> bool:
    key = f"update:{stored.id}:{stored.version}.{stored.count}:{recipient}"
    return await outbox.enqueue(s, key, "update", stored.id, recipient, now)


def first_key(finding_id: int, recipient: str) -> str:
    """The key of the DM that tells somebody of a finding for the first time."""
    return f"alert:{finding_id}:{recipient}"


def reminder_key(finding_id: int, recipient: str, version: int) -> str:
    """The key of the DM that comes back after a snooze; the version makes each snooze's its own."""
    return f"alert:{finding_id}:{recipient}{_AGAIN}{version}"


def is_reminder(key: str) -> bool:
    """Whether an errand's DM comes back after a snooze."""
    return _AGAIN in key


def escalation_key(finding_id: int, leader: str, step: int) -> str:
    """The key of the DM that tells leadership of an escalation; the step of the finding makes each escalation's its own."""
    return f"alert:{finding_id}:{leader}{_ESCALATED}{step}"


def is_escalation(key: str) -> bool:
    """Whether an errand's DM tells leadership of an escalation."""
    return _ESCALATED in key


def rang(errand: Errand) -> bool:
    """Whether an errand tells somebody of a finding because it rang for them, and not because somebody escalated it to them."""
    return errand.kind == "alert" and not is_escalation(errand.key)
