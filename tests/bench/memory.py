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
from store import findings
from store.engine import Store
from tests.bench.talk import ordinary
from tests.live.fake_slack import TOKEN, fake_slack
from tests.live.soak import QUIET, RINGS, Plan, channel, fill

DEALS, SHIPPING, SHIPPING_EVERY = 100, 25, 10
"""Deals with a channel each, those of them in which the talk is about shipping, and one message in so many that is said there."""

RING_EVERY, LOOKS, WARM = 1_000, 10, 20_000
"""One message in so many is a finding, in talk about shipping; how often memory is read; messages before the first reading."""


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
                print(f"{await _recorded(store):,} findings recorded")


async def _recorded(store: Store) -> int:
    """Findings that stand open: a bot that passes them over would need no memory for them."""
    async with store.reading() as session:
        return sum([len(await findings.open_findings(session, deal)) for deal in range(1, DEALS + 1)])


def _talk() -> Iterator[Change]:
    """Ordinary talk in most channels of deals, and talk about shipping in the others, where now and then a finding is said."""
    texts, dice = [text for said in ordinary() for text in said], random.Random(1)
    for number, text in enumerate(cycle(texts), start=1):
        where, said = channel(dice.randrange(SHIPPING, DEALS)), text
        if number % SHIPPING_EVERY == 0:
            where, said = channel(dice.randrange(SHIPPING)), dice.choice(QUIET)
        if number % RING_EVERY == 0:
            said = dice.choice(RINGS).format(figure=dice.randint(5, 60))
        message: dict[str, Any] = {"type": "message", "user": "UCUST", "text": said, "ts": f"{1_790_000_000 + number}.000100"}
        change = from_history(where, message)
        assert change is not None
        yield change


def _resident() -> float:
    """Megabytes of this process; Linux alone tells it."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no file of ours
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS"))) / 1024


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
