"""What the messages about a dropped volume file share: what their buttons carry, the deals to choose from, the DM of a large one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from handlers.house import House
from handlers.people import may_receive
from store import deals, outbox
from store.deals import customer_key
from store.records import Errand, KnownDeal
from templates.kit import OPTIONS

READING = "volumes-reading"
"""What the errand is about whose DM shows how far a file is read that takes longer than a moment, and then what was understood."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A file to import, by Slack's ids, and the deal that it is for (None: each account for its own)."""

    file: str
    channel: str
    deal: int | None = None

    def packed(self) -> str:
        """As a button carries it."""
        return json.dumps([self.file, self.channel, self.deal])

    @classmethod
    def of(cls, value: Any) -> Wish | None:
        """What a button carries; None for anything else."""
        try:
            file, channel, deal = json.loads(str(value)[:500])
        except (ValueError, TypeError):
            return None
        fits = isinstance(file, str) and isinstance(channel, str) and (deal is None or isinstance(deal, int))
        return cls(file, channel, deal) if fits and file.isalnum() and channel.isalnum() else None


async def being_read(house: House, file: str, channel: str, leave_for: str | None = None) -> Errand | None:
    """The DM that shows how far a file is read, where there is one; `leave_for`: leave it for this person otherwise."""
    key = f"{READING}:{channel}:{file}"
    async with house.store.reading() as s:
        there = await outbox.with_key(s, key)
    if there is None and leave_for is not None:
        async with house.store.writing() as s:
            await outbox.notify(s, key, leave_for, {"what": READING, "file": file, "channel": channel}, house.now())
        house.wake.set()
    return there


async def deals_seen_by(house: House, user: str) -> list[KnownDeal]:
    """The deals that somebody may see."""
    async with house.store.reading() as s:
        found = await deals.deals_of_person(s, user)
    return [known for known in found if await may_receive(house, known.deal, user)]


def choices(theirs: Sequence[KnownDeal], like: str) -> dict[str, str]:
    """Deals to choose from, the likeliest first where there are more than Slack shows."""
    wanted = customer_key(like)
    found = sorted(theirs, key=lambda one: one.deal.customer.casefold())
    if len(found) > OPTIONS:
        found = sorted(found, key=lambda one: -SequenceMatcher(None, wanted, customer_key(one.deal.customer)).ratio())[:OPTIONS]
    return {str(one.id): one.deal.customer for one in found}


def today_of(house: House) -> date:
    return house.now().astimezone(ZoneInfo(house.timezone)).date()
