"""An example of a jump-in DM, for whoever asks for one: an invented customer, and no buttons that would do anything."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.home.preferences import scripts_for
from handlers.house import House
from store import outbox
from store.book import EXAMPLE
from store.records import Errand
from templates.example import example
from templates.kit import Message

NOTICE = "example"


def register(house: House) -> None:
    """What the DM shows."""

    async def say(errand: Errand) -> Message:
        scripts = await scripts_for(house, errand.recipient)
        return await asyncio.to_thread(example, scripts)

    house.notices[NOTICE] = say


async def ask(s: AsyncSession, user_id: str, now: datetime) -> bool:
    """Leave an example for the courier; a second press within the minute changes nothing."""
    minute = now - timedelta(seconds=now.second, microseconds=now.microsecond)
    return await outbox.notify(s, f"{EXAMPLE}{user_id}:{int(minute.timestamp())}", user_id, {"what": NOTICE}, now)
