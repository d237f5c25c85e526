"""Raises a finding by hand: under a person's name, and to every recipient of the deal who has not been told."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.by_hand import by_hand
from bot.playbook.finding import Finding
from handlers.hearing.message import Said
from handlers.hearing.recording import origin_of
from handlers.house import House
from handlers.people import recipients
from handlers.telling import errands
from store import outbox
from store.by_hand import raise_finding
from store.records import KnownDeal, StoredFinding


async def raise_by_hand(  # noqa: PLR0917 - what, where, by whom
    house: House, s: AsyncSession, known: KnownDeal, finding: Finding, said: Said, by: str
) -> tuple[StoredFinding, bool]:
    """The finding as it stands, and whether that is news to anybody. What has been decided on already rings no more."""
    now = house.now()
    stored, came = await raise_finding(s, known.id, by_hand(finding), origin_of(said), by, now)
    if stored.state not in ("open", "snoozed"):
        return stored, False
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"}
    await errands.alert(s, known, stored, now)
    return stored, came == "raised" or not told.issuperset(recipients(known.deal))
