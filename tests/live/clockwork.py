"""A process that asks for everybody and sends what is due, until it is killed: `python -m tests.live.clockwork DATABASE SLACK`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.clock import daily
from handlers.house import House
from handlers.telling.delivery import Patience
from handlers.telling.tell import Courier
from store.engine import open_store
from tests.live.fake_slack import TOKEN

NINE = datetime(2026, 11, 17, 14, 0, 1, tzinfo=UTC)
"""Tuesday, nine in New York, day 16 of the sample deal."""

LEASE = 1.0
"""Seconds: short, so that what a killed process held is soon somebody else's."""


async def work(database: str, slack: str) -> None:
    """Tick and deliver for good. The clock stands at NINE but runs on, so that leases end."""
    began = datetime.now(UTC)
    client = AsyncWebClient(token=TOKEN, base_url=slack, retry_handlers=[])
    quiet = structlog.wrap_logger(structlog.PrintLogger(), processors=[_drop], wrapper_class=structlog.stdlib.BoundLogger)
    store = open_store(database)
    house = House(
        store=store, slack=client, now=lambda: NINE + (datetime.now(UTC) - began), log=quiet, own_team_id="T1", bot_user_id="UBOT"
    )
    daily.register(None, house)
    courier = Courier(house, client, Patience(poll=0.05, lease=LEASE, first_pause=0.05, longest_pause=0.2))
    await asyncio.gather(courier.run(), _ticking(house))


async def _ticking(house: House) -> None:
    while True:
        await daily.tick(house)
        await asyncio.sleep(0.05)


def _drop(_logger: object, _method: str, _event: object) -> str:
    raise structlog.DropEvent


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2]))
