"""A later word settles what was open; when that word is taken back, it is open again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.settled import SIGNALS_THAT_SETTLE, confirmed
from handlers.hearing import ringing
from handlers.house import House
from store import findings, life
from store.records import KnownDeal, StoredFinding


async def confirm(house: House, s: AsyncSession, known: KnownDeal, signal: StoredFinding, at: datetime) -> bool:
    """A signal was said, or edited, at a time (UTC): settle what it confirms of what was said before. Whether there is anything to do."""
    waiting = False
    for found, last_said in await life.live(s, known.id):
        elsewhere = (found.origin.channel, found.origin.ts) != (signal.origin.channel, signal.origin.ts)
        if elsewhere and last_said < at and confirmed(found.finding, signal.finding):
            waiting |= await _settle(house, s, known, found, signal)
    return waiting


async def already(house: House, s: AsyncSession, known: KnownDeal, found: StoredFinding, at: datetime) -> bool:
    """Whether a finding that comes late, as after a time away, was settled by what was said after it (UTC); it is settled then."""
    for signal in await life.signals_after(s, known.id, SIGNALS_THAT_SETTLE, at):
        if confirmed(found.finding, signal.finding):
            await _settle(house, s, known, found, signal)
            return True
    return False


async def look_again(house: House, s: AsyncSession, known: KnownDeal, signal: StoredFinding) -> bool:
    """A signal was edited or withdrawn: what it had settled and does not any more is as before. Whether the courier has anything to do."""
    waiting = False
    for found in await life.settled_with(s, known.id, signal.id):
        if signal.state == "withdrawn" or not confirmed(found.finding, signal.finding):
            waiting |= await _open_again(house, s, known, found, signal)
    return waiting


async def _settle(house: House, s: AsyncSession, known: KnownDeal, found: StoredFinding, signal: StoredFinding) -> bool:
    link = life.settled_by(signal.id)
    settled = await findings.change(s, found.id, "resolved", by=None, now=house.now(), link=link)
    house.log.info("finding settled", finding=found.id, deal=known.id, by=signal.id)
    return await ringing.changed(house, s, known, settled)


async def _open_again(house: House, s: AsyncSession, known: KnownDeal, found: StoredFinding, gone: StoredFinding) -> bool:
    """As before, unless another signal confirms it too."""
    now = house.now()
    before = await life.go_back(s, found.id, by=None, reason=life.TAKEN_BACK, now=now)
    if before is None:
        return False
    for signal in await life.signals_after(s, known.id, SIGNALS_THAT_SETTLE, found.origin.said_at):
        if signal.id != gone.id and confirmed(found.finding, signal.finding):
            return await _settle(house, s, known, before, signal)
    house.log.info("finding open again", finding=found.id, deal=known.id, by=gone.id)
    rings = before.state == "open" and before.finding.urgency == "now"
    return await (ringing.ring if rings else ringing.changed)(house, s, known, before)
