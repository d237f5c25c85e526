"""How fast the running bot is: word to direct message, with none missing and none doubled, and its memory at rest."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.demo.emulator import LocalSlack, local_slack
from bot.demo.sample import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, sample
from store.deals import save_deal
from store.engine import open_store
from store.migrate import upgrade

DEALS = 50
MESSAGES_A_DEAL = 10
REST_SECONDS = 5.0
CUSTOMER = "U0PRIYA"
FIRES = "we'll start with 15 packages a day"
QUIET = (
    "good morning, the scanners are charged",
    "the sample parcel came out at 3.2 lb, zone 5",
    "invoice 48213 is on its way, $612.40 in total",
    "thanks, see you at the dock at 9:30",
    "label 1Z999AA10123456784 printed twice, ignore one",
    "with the last carrier we did 40 a day",
    "3 boxes were crushed on our belt, that one is on us",
    "who has the key for dock 12?",
    "perfect",
)


async def measure() -> list[str]:
    """One message at a time into every deal's channel in turn; one of ten should reach that deal's rep."""
    today = datetime.now(ZoneInfo("America/New_York")).date()
    terms = sample(today).deal
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder).as_posix()}/bench.sqlite3"
        await _save(url, [_deal(terms, n) for n in range(DEALS)])
        async with local_slack(_workspace()) as slack, _bot(slack, url) as pid:
            await slack.connected()
            await asyncio.sleep(REST_SECONDS)
            rest = _resident_mib(pid)
            said, heard, acked = await _talk(slack)
            busy = _resident_mib(pid)
    return _report(said, heard, acked, (rest, busy))


def _report(said: dict[str, float], heard: list[tuple[str, float]], acked: list[float], memory: tuple[float, float]) -> list[str]:
    counts = Counter(rep for rep, _ in heard)
    waits = sorted((at - said[rep]) * 1000 for rep, at in heard if rep in said)
    lines = [f"memory of jumpin run at rest: {memory[0]:.0f} MiB; after {DEALS * MESSAGES_A_DEAL} messages: {memory[1]:.0f} MiB"]
    if waits:
        p99 = waits[min(len(waits) - 1, round(len(waits) * 0.99))]
        lines.append(f"live: {len(waits)} of {DEALS} direct messages, p50 {statistics.median(waits):.1f} ms, p99 {p99:.1f} ms")
    lines.append(f"live: {sum(1 for rep in said if not counts[rep])} missing, {sum(n - 1 for n in counts.values() if n > 1)} doubled")
    lines.append(f"live: {sum(1 for rep in counts if rep not in said)} unwanted; acknowledged in {statistics.median(acked):.1f} ms (p50)")
    return lines


async def _talk(slack: LocalSlack) -> tuple[dict[str, float], list[tuple[str, float]], list[float]]:
    said: dict[str, float] = {}
    heard: list[tuple[str, float]] = []
    acked: list[float] = []
    ear = asyncio.create_task(_listen(slack, heard))
    await asyncio.sleep(0.2)
    for turn in range(MESSAGES_A_DEAL):
        for n in range(DEALS):
            fires = (turn + n) % MESSAGES_A_DEAL == 0
            began = perf_counter()
            if fires:
                said[_rep(n)] = began
            await slack.post(CUSTOMER, _channel(n), FIRES if fires else QUIET[(turn + n) % len(QUIET)])
            acked.append((perf_counter() - began) * 1000)
    await asyncio.sleep(3)
    ear.cancel()
    return said, heard, acked


async def _listen(slack: LocalSlack, heard: list[tuple[str, float]]) -> None:
    """Note which rep got a direct message, and when, from the workspace's own news stream."""
    people: dict[str, str] = {}
    async with slack.http.ws_connect(slack.ws_ui_url) as ui:
        async for frame in ui:
            at, news = perf_counter(), json.loads(frame.data)
            if news.get("t") == "channel" and news["channel"].get("is_im"):
                people[news["channel"]["id"]] = next(user for user in news["channel"]["members"] if user != BOT_USER)
            message = news.get("message", {})
            if news.get("t") == "message" and message.get("channel", "").startswith("D"):
                heard.append((people.get(message["channel"], message["channel"]), at))


def _workspace() -> dict[str, Any]:
    bot = {"appId": "A0JUMPIN", "botUserId": BOT_USER, "botName": "jump-in", "botToken": BOT_TOKEN, "appToken": APP_TOKEN}
    people = [{"id": CUSTOMER, "name": "priya"}, *({"id": _rep(n), "name": f"rep{n}"} for n in range(DEALS))]
    return {
        "workspace": {"name": "Carrier", "domain": "carrier", "teamId": TEAM},
        "apps": [{**bot, "signingSecret": "bench", "mode": "socket"}],
        "users": [{**person, "real_name": person["name"].title(), "tz": "America/New_York"} for person in people],
        "channels": [
            {"id": _channel(n), "name": f"impl-{n}", "is_private": False, "members": [CUSTOMER, _rep(n), BOT_USER]} for n in range(DEALS)
        ],
    }


def _deal(terms: dict[str, Any], n: int) -> Deal:
    people = [{"id": CUSTOMER, "name": "Priya Nair", "role": "customer"}, {"id": _rep(n), "name": f"Rep {n}", "role": "rep"}]
    return Deal.model_validate({**terms, "customer": f"Customer {n}", "people": people, "channels": [_channel(n)]})


def _rep(n: int) -> str:
    return f"U0REP{n:03}"


def _channel(n: int) -> str:
    return f"C0BENCH{n:03}"


async def _save(url: str, deals: list[Deal]) -> None:
    await asyncio.to_thread(upgrade, url)
    store = open_store(url)
    async with store.writing() as s:
        for deal in deals:
            await save_deal(s, deal, by="bench", source="bench", now=datetime.now(UTC))
    await store.close()


@asynccontextmanager
async def _bot(slack: LocalSlack, url: str) -> AsyncIterator[int]:
    env = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.base_url, "DATABASE_URL": url}
    # the day's own messages, after nine in the morning, would stand among those that are measured
    quiet = {"JUMPIN_LOG_LEVEL": "ERROR", "JUMPIN_CLOCK": "off"}
    bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env={**os.environ, **env, **quiet})
    try:
        yield bot.pid
    finally:
        bot.terminate()
        await bot.wait()


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024
