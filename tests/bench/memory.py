"""Memory of the bot at rest and after many messages: it must stay flat. `make bench-memory` (MESSAGES=1000000)."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.app import build, build_house
from bot.commands.stores import opened
from bot.settings import Settings
from handlers.hearing.message import Change, from_history
from handlers.hearing.watch import take
from handlers.identity import who_are_we
from tests.bench.talk import ordinary
from tests.live.fake_slack import TOKEN, fake_slack
from tests.live.soak import RINGS, Plan, channel, fill

DEALS, RING_EVERY, LOOKS, WARM = 100, 1_000, 10, 20_000
"""Deals with a channel each; one message in so many is a finding; how often memory is read; messages before the first reading."""


async def measure(messages: int) -> None:
    """Hear so many messages in one process, and print a line for each reading of its memory."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.sqlite3"
        async with fake_slack() as slack:
            await fill(Plan(seconds=0, messages=0, deals=DEALS), url, slack)
            settings = Settings(_env_file=None, slack_bot_token=TOKEN, slack_signing_secret="x", slack_api_url=slack.base_url)  # type: ignore[call-arg]
            logs.configure("ERROR", "json")
            async with opened(url) as store:
                house = build_house(settings, store, await who_are_we(AsyncWebClient(token=TOKEN, base_url=slack.base_url)))
                build(settings, house)
                talk = _talk()
                print(f"{0:>10,} messages: {_resident():.0f} MB")
                for change in islice(talk, WARM):
                    await take(house, change)
                print(f"{WARM:>10,} messages: {_resident():.0f} MB")
                for look in range(1, LOOKS + 1):
                    for change in islice(talk, (messages - WARM) // LOOKS):
                        await take(house, change)
                    print(f"{WARM + look * ((messages - WARM) // LOOKS):>10,} messages: {_resident():.0f} MB", flush=True)


def _talk() -> Iterator[Change]:
    """Ordinary talk in the channels of deals, one message in RING_EVERY a finding."""
    texts, dice = [text for said in ordinary() for text in said], random.Random(1)
    for number, text in enumerate(cycle(texts), start=1):
        said = dice.choice(RINGS).format(figure=15) if number % RING_EVERY == 0 else text
        message: dict[str, Any] = {"type": "message", "user": "UCUST", "text": said, "ts": f"{1_790_000_000 + number}.000100"}
        change = from_history(channel(dice.randrange(DEALS)), message)
        assert change is not None
        yield change


def _resident() -> float:
    """Megabytes of this process; Linux alone tells it."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no file of ours
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
