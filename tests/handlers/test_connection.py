"""Socket Mode survives refused handshakes and is left in good order; HTTP answers events, health and counters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.emulator import free_port
from handlers.connection import PING, SocketMode
from handlers.identity import socket_address
from handlers.web import WebServer
from tests.handlers.conftest import SECRET, Bot, ts

LOW = "let's start with 15 a day"


@dataclass
class FakeSockets:
    """Slack's end of Socket Mode: a ticket is good for one connection only. The first `deaf` sockets take everything and answer nothing."""

    url: str = ""
    tickets: int = 0
    used: set[str] = field(default_factory=set)
    refused: int = 0
    deaf: int = 0
    acks: list[str] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def give_ticket(self, _request: web.Request) -> web.Response:
        self.tickets += 1
        address = self.url.replace("http", "ws").replace("/api/", f"/link?ticket={self.tickets}")
        return web.json_response({"ok": True, "url": address})

    async def connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query["ticket"]
        if ticket in self.used:
            self.refused += 1
            return web.Response(status=408)
        self.used.add(ticket)
        socket = web.WebSocketResponse(autoping=len(self.sockets) >= self.deaf)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.changed.set()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self.acks.append(json.loads(frame.data)["envelope_id"])
                self.changed.set()
        return socket

    async def until(self, reached: object) -> None:
        """Wait until a condition on this end holds."""
        async with asyncio.timeout(20):
            while not reached():  # type: ignore[operator]
                self.changed.clear()
                await self.changed.wait()

    async def send(self, envelope_id: str, text: str, at: float = 0) -> None:
        """One message event through the newest socket."""
        event = {"type": "message", "channel": "CACME", "user": "UDANA", "text": text, "ts": ts(at)}
        payload = {"type": "event_callback", "team_id": "TOWN", "event_id": envelope_id, "event": event}
        await self.sockets[-1].send_json({"type": "events_api", "envelope_id": envelope_id, "payload": payload})


@asynccontextmanager
async def fake_sockets() -> AsyncIterator[FakeSockets]:
    fake = FakeSockets()
    server = web.Application()
    server.router.add_post("/api/apps.connections.open", fake.give_ticket)
    server.router.add_get("/link", fake.connect)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(bot: Bot, fake: FakeSockets, ping: float = PING) -> AsyncIterator[SocketMode]:
    client = AsyncWebClient(token="xapp-test", base_url=fake.url)
    door = SocketMode(bot.app, bot.house, client, "xapp-test")
    door.client.ping_interval = ping
    await door.open(await socket_address(client, "xapp-test"))
    watch = asyncio.create_task(door.watch())
    try:
        yield door
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        await door.leave()


async def test_a_message_is_heard_and_acknowledged(bot: Bot) -> None:
    async with fake_sockets() as fake, connected(bot, fake):
        await fake.send("E1", LOW)
        await fake.until(lambda: fake.acks)
        assert len(await bot.findings()) == 1
        assert bot.house.backlog.holds("CACME")


async def test_what_is_no_event_goes_its_way_and_holds_up_none(bot: Bot) -> None:
    async with fake_sockets() as fake, connected(bot, fake):
        await fake.until(lambda: fake.sockets)
        for odd in ("", "[1]", '"hello"', '{"type": "events_api", "envelope_id": "E0"}', '{"type": "events_api", "payload": {}}'):
            await fake.sockets[-1].send_str(odd)
        await fake.send("E1", LOW)
        await fake.until(lambda: fake.acks)
        assert fake.acks == ["E1"]
        assert len(await bot.findings()) == 1


async def test_a_lost_connection_gets_a_new_ticket_even_after_a_refusal(bot: Bot) -> None:
    async with fake_sockets() as fake, connected(bot, fake) as door:
        await fake.until(lambda: fake.sockets)
        door.client.ping_interval = 0.5
        # What the client does on its own after a disconnect: it comes back with a ticket that is used up by then.
        fake.used.update(str(number) for number in range(2, 4))
        await fake.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await fake.until(lambda: len(fake.sockets) > 1)
        assert fake.refused >= 1
        await fake.send("E2", LOW)
        await fake.until(lambda: "E2" in fake.acks)
        assert len(await bot.findings()) == 1


async def test_a_socket_that_hangs_is_given_up_for_a_new_one(bot: Bot) -> None:
    async with fake_sockets() as fake:
        fake.deaf = 1
        async with connected(bot, fake, ping=0.3):
            await fake.until(lambda: len(fake.sockets) > 1)
            await fake.send("E1", LOW)
            await fake.until(lambda: "E1" in fake.acks)
    assert len(await bot.findings()) == 1


async def test_leaving_finishes_what_came_in(bot: Bot) -> None:
    async with fake_sockets() as fake:
        async with connected(bot, fake):
            await fake.until(lambda: fake.sockets)
            for number in range(20):
                await fake.send(f"E{number}", "good morning", at=number)
            await fake.until(lambda: fake.acks)
        assert len(fake.acks) == bot.counted("quiet")


async def test_http_answers_events_health_and_counters(bot: Bot) -> None:
    server, port = WebServer(bot.house, bot.app), free_port()
    await server.open("127.0.0.1", port)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            event = {"type": "message", "channel": "CACME", "user": "UDANA", "text": LOW, "ts": ts()}
            body, stamp = json.dumps({"type": "event_callback", "event_id": "E1", "event": event}), str(int(time()))
            signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
            headers = {"content-type": "application/json", "x-slack-request-timestamp": stamp}
            forged = await http.post("/slack/events", data=body, headers={**headers, "x-slack-signature": "v0=00"})
            assert forged.status == 401
            assert (await http.post("/slack/events", data=body, headers={**headers, "x-slack-signature": signature})).status == 200
            assert (await http.get("/healthz")).status == 200
            assert 'jumpin_messages_total{outcome="finding"} 1.0' in await (await http.get("/metrics")).text()
    finally:
        await server.leave()
    assert len(await bot.findings()) == 1
