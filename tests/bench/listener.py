"""What an event costs: the whole bot, with detection and durable findings, beside a bare Bolt listener, over HTTP and over a socket.

The servers are processes of their own that get events in turn; what counts is their processor time for each event acknowledged, and for
the direct messages that follow. `python -m tests.bench.listener [CHECKOUT ...]`: also the bot as it is in other folders, in the same run.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
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
from tests.live.soak import QUIET, RINGS, Plan, channel, fill, free_port

ROUNDS, WARM, AT_ONCE = 5, 1_000, 32
"""Times that the servers get events in turn, events before that, and on their way at a time."""

MIXES = (1_000, 1_000), (100, 300)
"""One event in so many is a finding that is told, and how many events come each time. In ordinary talk of a live deal fewer than the first
are; the second is a deal that goes wrong in every channel.
"""

HERE = str(Path(__file__).parents[2])
"""The folder with this bot."""

DEALS, SHIPPING = 100, 30
"""Deals with a channel each, and those of them in which the talk is about shipping: there the findings are said."""

BEFORE = 3
"""What was said in a channel about shipping before it rings."""


async def measure(checkouts: Sequence[str] = (HERE,)) -> list[str]:
    """One line for each way in, share of findings, and folder with a bot."""
    lines = []
    for mode, mix in itertools.product(("http", "socket"), MIXES):
        bare, *each = await _measured(mode, mix, checkouts)
        for checkout, ours in zip(checkouts, each, strict=True):
            ratios = sorted(one.milliseconds / other.milliseconds for one, other in zip(bare, ours, strict=True))
            lines.append(
                f"{mode}, one in {mix[0]:,} a finding{f', {checkout}' if len(each) > 1 else ''}: "
                f"bare Bolt {_middle(bare)}; with detection and findings {_middle(ours)}: "
                f"{sum(one.milliseconds for one in bare) / sum(one.milliseconds for one in ours):.2f} of bare Bolt by processor time "
                f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
            )
    return lines


@dataclass(frozen=True, slots=True)
class Cost:
    """Of some events: processor milliseconds of the server for each, and how many came in a second of wall time."""

    milliseconds: float
    rate: float


def _middle(costs: list[Cost]) -> str:
    milliseconds, rate = (sum(values) / len(costs) for values in zip(*((one.milliseconds, one.rate) for one in costs), strict=True))
    return f"{milliseconds:.2f} ms of processor an event, {rate:,.0f} events/s"


async def _measured(mode: str, mix: tuple[int, int], checkouts: Sequence[str]) -> list[list[Cost]]:
    """What the bare listener and each whole bot take in each round, one right after the other: other programs disturb them alike."""
    async with AsyncExitStack() as stack:
        stages = [await stack.enter_async_context(_stage(bot, mode, mix[0])) for bot in (None, *checkouts)]
        for stage in stages:
            await stage.send(WARM)
        costs = [[await stage.round(mix[1]) for stage in stages] for _ in range(ROUNDS)]
        for stage in stages:
            assert stage.there.dropped == 0
        for stage in stages[1:]:
            stage.check(WARM + ROUNDS * mix[1])
    return [list(one) for one in zip(*costs, strict=True)]


@dataclass
class Stage:
    """A server, and the workspace that it hears: one event in `every` is a finding, and `rung` have been said so far."""

    pid: int
    slack: FakeSlack
    there: Edge
    tells: bool
    every: int
    rung: int = 0
    _talk: Iterator[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._talk = self._said()

    async def round(self, count: int) -> Cost:
        """What so many events cost, with the direct messages that they bring about."""
        before, began = processor(self.pid), time.perf_counter()
        await self.send(count)
        took = time.perf_counter() - began
        return Cost((processor(self.pid) - before) / count * 1000, count / took)

    async def send(self, count: int) -> None:
        """Bring so many events, and wait until all is acknowledged and told."""
        for _, event in zip(range(count), self._talk, strict=False):
            await self.there.room(AT_ONCE)
            self.there.deliver(event)
        await self.there.quiet()
        async with asyncio.timeout(30):
            while self.tells and self._told() < self.rung:  # noqa: ASYNC110 - another process tells
                await asyncio.sleep(0.02)

    def check(self, sent: int) -> None:
        """Everybody was told once of what was to be told: a bot that passes it over would be quick."""
        assert self._told() == self.rung == sent // self.every

    def _told(self) -> int:
        return sum(len(messages) for where, messages in self.slack.messages.items() if where.startswith("D"))

    def _said(self) -> Iterator[dict[str, Any]]:
        """First some talk about shipping in the channels that will ring; then ordinary talk of real length, now and then a finding."""
        texts, dice = [text for said in ordinary() for text in said], random.Random(1)
        for number in range(BEFORE * SHIPPING):
            yield self._event(channel(number % SHIPPING), QUIET[number % len(QUIET)])
        for number in itertools.count(BEFORE * SHIPPING + 1):
            if number % self.every:
                yield self._event(channel(dice.randrange(SHIPPING, DEALS)), texts[number % len(texts)])
            else:
                self.rung += 1
                yield self._event(channel(self.rung), RINGS[0].format(figure=15))

    def _event(self, where: str, text: str) -> dict[str, Any]:
        return {"type": "message", "channel": where, "user": "UCUST", "text": text, "ts": self.slack.say("UCUST", where, text)}


@asynccontextmanager
async def _stage(bot: str | None, mode: str, every: int) -> AsyncIterator[Stage]:
    """A server: the bot of a folder, or the bare listener."""
    async with AsyncExitStack() as stack:
        url = f"sqlite+aiosqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/bench.sqlite3"
        slack = await stack.enter_async_context(fake_slack())
        await fill(Plan(seconds=0, messages=0, deals=DEALS), url, slack)
        there = await stack.enter_async_context(edge(slack.base_url, Weather(random.Random(1))))
        pid = await stack.enter_async_context(_server(bot, mode, url, there))
        yield Stage(pid, slack, there, tells=bot is not None, every=every)


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _server(bot: str | None, mode: str, url: str, there: Edge) -> AsyncIterator[int]:
    """The server's process id, once it listens."""
    port = free_port()
    env = {**os.environ, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": there.base_url, "DATABASE_URL": url, "JUMPIN_LOG_LEVEL": "ERROR"}
    env |= {"JUMPIN_CLOCK": "off"}  # the messages of the morning are no findings
    env |= {"SLACK_APP_TOKEN": "xapp-1"} if mode == "socket" else {"SLACK_SIGNING_SECRET": SECRET, "PORT": str(port), "HOST": "127.0.0.1"}
    env |= {"PYTHONPATH": bot or HERE}
    command = ("-m", "bot", "run") if bot else ("-m", "tests.bench.listener", "bare")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=env, cwd=bot or HERE)
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
        print(datetime.now(UTC).isoformat(timespec="minutes"), *asyncio.run(measure([HERE, *sys.argv[1:]])), sep="\n")
