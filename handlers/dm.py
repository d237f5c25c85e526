"""What a DM about a stored finding shows right now."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from bot.deal import Deal
from handlers.asking import UNANSWERED
from handlers.house import House
from handlers.links import Links
from handlers.people import user_of
from store.records import KnownDeal, StoredFinding
from templates.blocks import AlertView, alert
from templates.kit import Message


async def dm(house: House, links: Links, stored: StoredFinding, known: KnownDeal) -> Message:
    """The DM in the finding's present state. What Slack does not tell (a name, a link) is left out rather than waited for."""
    origin, zone = stored.origin, zone_of(house, known.deal)
    today = house.now().astimezone(ZoneInfo(zone)).date()
    return await asyncio.to_thread(  # a company's own script is rendered in a process of its own, and nobody else is to wait for that
        alert,
        AlertView(
            finding=stored.finding,
            deal=known.deal.on(today),
            finding_id=stored.id,
            speaker_id=origin.speaker,
            speaker_name=await name_of(house, known.deal, origin.speaker),
            channel_id=origin.channel,
            scripts=house.scripts,
            said_at=origin.said_at,
            permalink=origin.permalink or await links.of(origin.channel, origin.ts),
            state=stored.state,
            count=stored.count,
            changed_by=stored.changed_by,
            changed_at=stored.changed_at,
            until=stored.until,
            timezone=zone,
            today=today,
        ),
    )


def zone_of(house: House, deal: Deal) -> str:
    """The customer's time zone: the deal's, else the house's."""
    return deal.timezone or house.timezone


async def name_of(house: House, deal: Deal, speaker: str) -> str | None:
    """A speaker's name as the deal has it, else as Slack has it; None when neither tells."""
    person = deal.person(speaker)
    if person is not None:
        return person.name
    try:
        user = await user_of(house, speaker)
    except UNANSWERED:
        return None
    return user.name if user else None
