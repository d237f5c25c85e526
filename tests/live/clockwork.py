"""A process that asks for everybody and sends what is due, until it is killed; tests.live.nursery starts it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.clock import briefs, daily, weekly
from handlers.house import House
from handlers.telling.delivery import Patience
from handlers.telling.tell import Courier
from store.engine import open_store
from tests.live.fake_slack import TOKEN

NINE = datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
"""Monday, nine in New York, day 15 of the sample deal: the hour of the daily and of the weekly messages."""

_PARTS = (daily, weekly, briefs)


async def work(database: str, slack: str, nine: float, lease: float) -> None:
    """Tick and deliver for good. It is nine o'clock when the machine's clock shows `nine` (Unix seconds), in every process.

    `lease`: seconds, short, so that what a killed process held is soon somebody else's.
    """
    client = AsyncWebClient(token=TOKEN, base_url=slack, retry_handlers=[])
    quiet = structlog.wrap_logger(structlog.PrintLogger(), processors=[_drop], wrapper_class=structlog.stdlib.BoundLogger)
    store = open_store(database)
    house = House(
        store=store,
        slack=client,
        now=lambda: NINE + timedelta(seconds=time.time() - nine),
        log=quiet,
        own_team_id="T1",
        bot_user_id="UBOT",
    )
    for part in _PARTS:
        part.register(None, house)  # type: ignore[arg-type]
    courier = Courier(house, client, Patience(poll=0.05, lease=lease, first_pause=0.05, longest_pause=0.2))
    await asyncio.gather(courier.run(), _ticking(house))


async def _ticking(house: House) -> None:
    while True:
        try:
            await daily.tick(house)
        except Exception:  # noqa: BLE001 - as daily.run() does; Slack and network are meant to fail here
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.05)


def _drop(_logger: object, _method: str, _event: object) -> str:
    raise structlog.DropEvent
