"""Two whole bots on one PostgreSQL, as behind a load balancer: each hears half of what is said, and the rep is told as by one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.app import build_house, serve
from bot.demo.emulator import free_port
from bot.settings import Settings
from handlers.house import House
from handlers.identity import Identity
from store import deals
from store.engine import Store, open_store
from tests.handlers.telling import SECRET, until
from tests.handlers.test_app import up
from tests.handlers.test_away_on_postgresql import database_for
from tests.handlers.test_between_replicas import ASKED, BEFORE, HALF
from tests.live.at_work import deal
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack

IDS = {"U1": "UDANA", "U2": "UIVAN"}


@asynccontextmanager
async def bot(slack: FakeSlack, url: str) -> AsyncIterator[int]:
    """A running bot; the port where it listens."""
    ready = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.base_url,
        database_url=url,
        host="127.0.0.1",
        port=free_port(),
        clock="off",
        log_level="ERROR",
    )

    def patient(settings: Settings, store: Store, identity: Identity) -> House:
        house = build_house(settings, store, identity)
        house.replicas.patience = 30
        return house

    running = asyncio.create_task(serve(ready, furnish=patient))
    try:
        await up(ready.port)
        yield ready.port
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def deliver(slack: FakeSlack, port: int, user: str, text: str) -> None:
    """Somebody says something, and Slack hands it to the bot at a port, which acknowledges it."""
    assert await hand_over(port, user, text, slack.say(user, "CACME", text)) == 200


async def hand_over(port: int, user: str, text: str, ts: str) -> int:
    """Slack hands a message to the bot at a port; the status that it gets."""
    event = {"type": "message", "channel": "CACME", "user": user, "text": text, "ts": ts}
    body, stamp = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"Ev{ts}", "event": event}), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    headers = {"content-type": "application/json", "x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    async with aiohttp.ClientSession() as http, http.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer:
        return answer.status


async def figure(port: int, name: str) -> float:
    """A figure of those for Prometheus; 0 where it was never counted."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)), 0.0)


async def test_whichever_of_two_hears_the_answer_knows_the_question(postgres_url: str) -> None:
    url = await database_for(postgres_url)
    async with fake_slack() as slack, AsyncExitStack() as running:
        for user, name, team in (("UDANA", "Dana Ortiz", "T2"), ("UIVAN", "Ivan Petrov", "T1"), ("URILEY", "Riley Chen", "T1")):
            slack.person(user, name, team_id=team)
        slack.channel("CACME", "impl-acme")
        store = open_store(url)
        async with store.writing() as s:
            await deals.save_deal(s, deal().model_copy(update={"channels": ("CACME",)}), by="test", source="test", now=datetime.now(UTC))
        await store.close()
        first, second = [await running.enter_async_context(bot(slack, url)) for _ in range(2)]
        for user, text in BEFORE:
            for port in (first, second):
                await deliver(slack, port, IDS[user], text)
        await deliver(slack, second, "UIVAN", ASKED)
        await deliver(slack, first, "UDANA", HALF)  # it has seen the second before that heard anything
        await until(lambda: slack.dms("URILEY"), within=60)
        [told] = slack.dms("URILEY")
        assert "75" in str(told["blocks"])
        await deliver(slack, first, "UIVAN", ASKED)
        await deliver(slack, second, "UDANA", HALF)
        assert await figure(second, 'jumpin_completions_total{outcome="complete"}')
