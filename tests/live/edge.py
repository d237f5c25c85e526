"""Slack's edge under fire: between the bot and a workspace, everything that networks and Slack itself do to calls and events.

It passes Web API calls on to a target (a fake or an emulator), and delivers events the way Slack does: over one of the open sockets or
by signed requests, again and again until they are acknowledged, and after some tries no more.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

SECRET = "edge"
PAUSES = (0.3, 1.0, 3.0)
"""Seconds before each further delivery of an event that was not acknowledged: Slack's at once, 1 and 5 minutes, in a hurry."""
ACKNOWLEDGED_WITHIN = 3.0
"""Seconds; Slack's."""

CALL_FAULTS = ("limited", "error", "late error", "cut", "late cut", "slow", "hang")
"""What a call meets: 429; 503 without and after effect; a connection cut before and after it; an answer that is late, or never comes."""


@dataclass
class Weather:
    """How bad it is, by chance from a seed: of a fault per call, per delivery, and what has happened so far."""

    dice: random.Random
    calls: float = 0.0
    deliveries: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)

    def of_call(self) -> str | None:
        """The fault that a call meets, if any."""
        return self._one(self.dice.choice(CALL_FAULTS)) if self.dice.random() < self.calls else None

    def of_delivery(self, what: str) -> bool:
        """Whether this happens to a delivery."""
        return self.dice.random() < self.deliveries and self._one(what) is not None

    def clear(self) -> None:
        """The sky is blue from now on."""
        self.calls = self.deliveries = 0.0

    def _one(self, what: str) -> str:
        self.seen[what] += 1
        return what


@dataclass
class Edge:
    """The proxy. `doors` are base addresses of bots that take events over HTTP; sockets come by themselves."""

    target: str
    weather: Weather
    base_url: str = ""
    doors: list[str] = field(default_factory=list)
    dropped: int = 0
    delivered: int = 0
    ext_shared: frozenset[str] = frozenset()
    _http: aiohttp.ClientSession = field(init=False)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _unanswered: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _tickets: set[str] = field(default_factory=set)
    _work: set[asyncio.Task[None]] = field(default_factory=set)

    def deliver(self, event: dict[str, Any]) -> None:
        """Bring an event to a bot, in the background, as often as it takes or Slack would try."""
        task = asyncio.create_task(self._deliver(event))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def room(self, at_once: int) -> None:
        """Wait until fewer events than these are on their way."""
        while len(self._work) >= at_once:
            await asyncio.wait(self._work, return_when=asyncio.FIRST_COMPLETED)

    async def quiet(self) -> None:
        """Wait until every event has been acknowledged or given up."""
        while self._work:
            await asyncio.wait(self._work)

    async def disconnect(self) -> None:
        """End one socket: announced, as Slack refreshes them, or without a word."""
        if not self.sockets:
            return
        socket = self.weather.dice.choice(self.sockets)
        self.sockets.remove(socket)
        if self.weather.dice.random() < 0.5:
            self.weather.seen["disconnect frame"] += 1
            with suppress(ConnectionError, RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        else:
            self.weather.seen["socket cut"] += 1
        await _abort(socket)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """A Web API call, with what happens to it on its way."""
        method, body = request.match_info["method"], await request.read()
        fault = self.weather.of_call()
        if fault == "limited":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        if fault in ("error", "cut", "hang"):
            return await self._fail(request, fault)
        if fault == "slow":
            await asyncio.sleep(self.weather.dice.uniform(0.05, 0.8))
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": self._ticket()})
        answer = await self._passed_on(request, method, body)
        return answer if fault in (None, "slow") else await self._fail(request, str(fault))

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """A bot's socket. A ticket is good once, and now and then refused."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        if self.weather.of_delivery("refused handshake"):
            return web.Response(status=408)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {"app_id": "A1"}})
        self.sockets.append(socket)
        try:
            async for frame in socket:
                if frame.type == aiohttp.WSMsgType.TEXT:
                    self._answered(str(json.loads(frame.data).get("envelope_id")))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
        return socket

    def _answered(self, envelope: str) -> None:
        waiting = self._unanswered.pop(envelope, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _ticket(self) -> str:
        ticket = f"t{next(self._numbers)}"
        self._tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1).replace('/api/', '/socket')}?ticket={ticket}"

    async def _fail(self, request: web.Request, fault: str) -> web.StreamResponse:
        if fault == "hang":
            await asyncio.sleep(self.weather.dice.uniform(1.0, 4.0))
        if fault in ("cut", "late cut", "hang") and request.transport is not None:
            request.transport.abort()
        return web.Response(status=503, text="upstream trouble")

    async def _passed_on(self, request: web.Request, method: str, body: bytes) -> web.StreamResponse:
        kept = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        async with self._http.request(
            request.method, f"{self.target}{method}", params=request.query, data=body or None, headers=kept
        ) as answer:
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)

    async def _deliver(self, event: dict[str, Any]) -> None:
        weather = self.weather
        if weather.of_delivery("delayed"):
            await asyncio.sleep(weather.dice.uniform(0.05, 1.5))  # later ones overtake it
        name = f"Ev{next(self._numbers)}"
        if weather.of_delivery("doubled"):
            await asyncio.gather(self._try(event, name, 0), self._try(event, f"Ev{next(self._numbers)}", 0))
        for number, pause in enumerate((0.0, *PAUSES)):
            await asyncio.sleep(pause)
            if number and weather.of_delivery("retried under another id"):
                name = f"Ev{next(self._numbers)}"
            # only the first tries meet bad weather: nothing but a bot that is down makes Slack give up
            if number < 2 and weather.of_delivery("lost on its way"):
                continue
            heard = await self._try(event, name, number)
            if heard and not (number < 2 and weather.of_delivery("acknowledgement lost")):
                self.delivered += 1
                return
        self.dropped += 1

    async def _try(self, event: dict[str, Any], name: str, number: int) -> bool:
        payload = {
            "type": "event_callback",
            "team_id": "T1",
            "api_app_id": "A1",
            "event_id": name,
            "event_time": int(float(event["ts"])),
            "is_ext_shared_channel": event["channel"] in self.ext_shared,
            "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "UBOT", "is_bot": True}],
            "event": event,
        }
        ways = [*self.sockets, *self.doors]
        if not ways:
            return False
        way = self.weather.dice.choice(ways)
        try:
            async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
                if isinstance(way, str):
                    return await self._post(way, payload, number)
                return await self._send(way, payload, number)
        except (TimeoutError, ConnectionError, RuntimeError, aiohttp.ClientError):
            return False

    async def _send(self, socket: web.WebSocketResponse, payload: dict[str, Any], number: int) -> bool:
        envelope = f"e{next(self._numbers)}"
        waiting = self._unanswered[envelope] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(
                {
                    "type": "events_api",
                    "envelope_id": envelope,
                    "payload": payload,
                    "accepts_response_payload": False,
                    "retry_attempt": number,
                    "retry_reason": "timeout" if number else "",
                }
            )
            await waiting
        finally:
            self._unanswered.pop(envelope, None)
        return True

    async def _post(self, door: str, payload: dict[str, Any], number: int) -> bool:
        body = json.dumps(payload)
        signed = SignatureVerifier(SECRET)
        stamp = str(int(signed.clock.now()))
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(signed.generate_signature(timestamp=stamp, body=body)),
        } | ({"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {})
        async with self._http.post(f"{door}/slack/events", data=body, headers=headers) as answer:
            return answer.status == 200


async def _abort(socket: web.WebSocketResponse) -> None:
    request = socket._req
    if request is not None and request.transport is not None:
        request.transport.abort()


@asynccontextmanager
async def edge(target: str, weather: Weather) -> AsyncIterator[Edge]:
    """A running edge in front of a workspace's Web API."""
    there = Edge(target, weather)
    app = web.Application()
    app.router.add_route("*", "/api/{method}", there.call)
    app.router.add_get("/socket", there.socket)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    async with aiohttp.ClientSession() as there._http:
        try:
            yield there
        finally:
            for task in tuple(there._work):
                task.cancel()
            await asyncio.gather(*there._work, return_exceptions=True)
            await runner.cleanup()
