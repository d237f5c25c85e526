"""Ties the rooms of meetings to deals: what streams from there is a call of that deal from then on."""

from __future__ import annotations

from handlers.house import House
from store import calls, deals
from store.records import KnownDeal
from store.sources.streams import meeting_key


async def tie(house: House, known: KnownDeal, given: str, user: str) -> bool:
    """Remember whose a meeting is, by its address or number; False where it is of a deal that this person may not see."""
    if not given.strip():
        return True
    key = meeting_key(given)
    async with house.store.writing() as s:
        number = await calls.meeting(s, key)
        other = await deals.deal_by_id(s, number) if number is not None and number != known.id else None
        if other is not None and not other.deal.may_see(user):
            return False
        await calls.tie(s, key, known.id, user, house.now())
    house.log.info("meeting tied", deal=known.id, user=user)
    return True
