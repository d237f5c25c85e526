"""Keeps no longer than the installation wants: the daily work of retention, and what is noted when the app is removed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from handlers.house import House
from store import installation
from store.retention import Keep, daily

LOOK = timedelta(hours=1)
"""How often is looked whether a day's work is done; whoever comes first does it."""

AGAIN = timedelta(minutes=1)
"""The same after it failed."""


async def run(house: House, keep: Keep) -> None:
    """Do each day's work, until cancelled; what fails is tried again."""
    await came_back(house)
    while True:
        pause = LOOK
        try:
            await tick(house, keep)
        except Exception as failed:
            house.log.warning("retention failed", error=type(failed).__name__, exc_info=failed)
            pause = AGAIN
        await asyncio.sleep(pause.total_seconds())


async def tick(house: House, keep: Keep) -> None:
    """Do the day's work, unless it is done; the log tells how many rows."""
    gone = await daily(house.store, keep, house.now())
    if gone is not None:
        house.log.info("retention", rows=gone.total())


async def came_back(house: House) -> None:
    """Slack lets us in: whatever was noted of a removal is over."""
    async with house.store.writing() as s:
        back = await installation.welcome_again(s)
    if back:
        house.log.info("the app is installed again")


async def removed(house: House, now: datetime) -> None:
    """The app was removed, or its token taken away: the time of grace begins."""
    async with house.store.writing() as s:
        await installation.removed(s, now)
    house.log.warning("the app was removed from the workspace")
