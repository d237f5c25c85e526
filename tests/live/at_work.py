"""The whole bot at work in an emulated workspace: a sample deal, the bot running, and what its rep is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import serve
from bot.deal import Deal
from bot.demo.emulator import LocalSlack
from bot.settings import Settings
from store import deals
from store.engine import open_store
from tests.blank import ready

LOW = "let's start with 15 a day"

WORKSPACE = {
    "workspace": {"name": "Carrier", "domain": "carrier", "teamId": "TOWN"},
    "apps": [
        {
            "appId": "A1",
            "botUserId": "UBOT",
            "botName": "jumpin",
            "botToken": "xoxb-test",
            "appToken": "xapp-test",
            "signingSecret": "secret",
            "mode": "socket",
        }
    ],
    "users": [
        {"id": "UDANA", "name": "dana", "real_name": "Dana Ortiz"},
        {"id": "UIVAN", "name": "ivan", "real_name": "Ivan Petrov"},
        {"id": "URILEY", "name": "riley", "real_name": "Riley Chen"},
    ],
    "channels": [
        {"id": "CACME", "name": "impl-acme", "is_private": False, "members": ["UDANA", "UIVAN", "URILEY", "UBOT"]},
        {"id": "COTHER", "name": "random", "is_private": False, "members": ["UDANA", "URILEY", "UBOT"]},
    ],
}


def deal() -> Deal:
    """A deal on day 3 of its test."""
    return Deal.model_validate(
        {
            "customer": "Acme",
            "people": [
                {"id": "UDANA", "name": "Dana Ortiz", "role": "customer"},
                {"id": "UIVAN", "name": "Ivan Petrov", "role": "implementation"},
                {"id": "URILEY", "name": "Riley Chen", "role": "rep"},
            ],
            "volume": {"committed_per_day": 500},
            "test": {"volume_per_day": 150, "starts": (datetime.now(ZoneInfo("America/New_York")) - timedelta(days=2)).date()},
            "channels": ["#impl-acme"],
        }
    )


async def prepare(url: str) -> str:
    """Make the tables at `url` and import the deal; gives the url back."""
    await asyncio.to_thread(ready, url)
    store = open_store(url)
    async with store.writing() as s:
        await deals.save_deal(s, deal(), by="test", source="test", now=datetime.now(UTC))
    await store.close()
    return url


@asynccontextmanager
async def running(slack: LocalSlack, database: str) -> AsyncIterator[None]:
    """The bot, running."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token="xoxb-test",
        slack_app_token="xapp-test",
        slack_api_url=slack.base_url,
        database_url=database,
        log_level="ERROR",
        clock="off",  # the messages of the morning are no findings
    )
    bot = asyncio.create_task(serve(settings))
    up = asyncio.create_task(slack.connected())
    try:
        await asyncio.wait({bot, up}, return_when=asyncio.FIRST_COMPLETED)
        if bot.done():
            bot.result()
        await asyncio.sleep(0.3)
        yield
    finally:
        up.cancel()
        bot.cancel()
        for failed in await asyncio.gather(bot, up, return_exceptions=True):
            if isinstance(failed, Exception):
                raise failed


async def dms(slack: LocalSlack, fits: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """The rep's direct messages, as soon as they fit."""
    got = await slack.dms("URILEY")
    try:
        async with asyncio.timeout(8):
            while not fits(got):
                await asyncio.sleep(0.02)
                got = await slack.dms("URILEY")
    except TimeoutError:
        pytest.fail(f"{len(got)} direct messages reached the rep: {[message.get('text') for message in got]}")
    return got
