"""What an event costs: the whole bot, with detection and durable findings, beside a bare Bolt listener, over HTTP and over a socket.

The servers are processes of their own; what counts is their processor time for each event acknowledged. `python -m tests.bench.listener`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.talk import ordinary
from tests.live.edge import SECRET, Edge, Weather, edge
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack
from tests.live.soak import RINGS, Plan, channel, fill, free_port

EVENTS, WARM, AT_ONCE, DEALS, RING_EVERY = 1_500, 400, 32, 100, 100
"""Events measured and before that; on their way at a time; deals with a channel each; one event in so many is a finding."""


async def measure() -> list[str]:
    """One line for each way in."""
    lines = []
    for mode in ("http", "socket"):
        bare = await _measured("bare", mode)
        ours = await _measured("jumpin", mode)
        lines.append(
            f"{mode}: bare Bolt {bare[0]:.2f} ms of processor an event, {bare[1]:,.0f} events/s; with detection and findings "
            f"{ours[0]:.2f} ms, {ours[1]:,.0f} events/s: {bare[0] / ours[0]:.2f} of bare Bolt by processor time"
        )
    return lines


async def _measured(what: str, mode: str) -> tuple[float, float]:
    """Processor milliseconds of the server for an event, and events a second of wall time."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.sqlite3"
        async with fake_slack() as slack:
            await fill(Plan(seconds=0, messages=0, deals=DEALS), url, slack)
            async with edge(slack.base_url, Weather(random.Random(1))) as there, _server(what, mode, url, there) as pid:
                talk = _talk(slack)
                await _send(there, talk, WARM)
                before, began = processor(pid), time.perf_counter()
                await _send(there, talk, EVENTS)
                took, used = time.perf_counter() - began, processor(pid) - before
                assert there.dropped == 0
    return used / EVENTS * 1000, EVENTS / took


def _talk(slack: FakeSlack) -> Iterator[dict[str, Any]]:
    """Ordinary talk of real length in the channels of deals, every hundredth message a finding."""
    texts = [text for said in ordinary() for text in said]
    dice, number = random.Random(1), 0
    while True:
        number += 1
        where = channel(dice.randrange(DEALS))
        text = dice.choice(RINGS).format(figure=15) if number % RING_EVERY == 0 else texts[number % len(texts)]
        yield {"type": "message", "channel": where, "user": "UCUST", "text": text, "ts": slack.say("UCUST", where, text)}


async def _send(there: Edge, talk: Iterator[dict[str, Any]], count: int) -> None:
    for _, event in zip(range(count), talk, strict=False):
        await there.room(AT_ONCE)
        there.deliver(event)
    await there.quiet()


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _server(what: str, mode: str, url: str, there: Edge) -> AsyncIterator[int]:
    """The server's process id, once it listens."""
    port = free_port()
    env = {**os.environ, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": there.base_url, "DATABASE_URL": url, "JUMPIN_LOG_LEVEL": "ERROR"}
    env |= {"SLACK_APP_TOKEN": "xapp-1"} if mode == "socket" else {"SLACK_SIGNING_SECRET": SECRET, "PORT": str(port), "HOST": "127.0.0.1"}
    command = ("-m", "bot", "run") if what == "jumpin" else ("-m", "tests.bench.listener", "bare")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=env)
    try:
        await _up(there, mode, port)
        await asyncio.sleep(2)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _up(there: Edge, mode: str, port: int) -> None:
    async with asyncio.timeout(60):
        if mode == "socket":
            while not there.sockets:  # noqa: ASYNC110 - another process connects
                await asyncio.sleep(0.05)
            return
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                there.doors.append(f"http://127.0.0.1:{port}")
                return
            await asyncio.sleep(0.05)


async def _bare() -> None:
    """Bolt with one listener that does nothing."""
    url = os.environ["SLACK_API_URL"]

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id="UBOT", bot_id="BBOT", bot_token=TOKEN)

    secret = os.environ.get("SLACK_SIGNING_SECRET", "")
    app = AsyncApp(client=AsyncWebClient(base_url=url), signing_secret=secret, authorize=authorize, process_before_response=True)

    async def nothing(event: dict[str, Any]) -> None:
        json.dumps(event["ts"])

    app.event("message")(nothing)
    if not secret:
        token = os.environ["SLACK_APP_TOKEN"]
        await AsyncSocketModeHandler(app, token, web_client=AsyncWebClient(token=token, base_url=url)).start_async()  # type: ignore[no-untyped-call]
        return

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        asyncio.run(_bare())
    else:
        print(datetime.now(UTC).isoformat(timespec="minutes"), *asyncio.run(measure()), sep="\n")
