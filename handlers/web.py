"""The HTTP server: Slack's events in HTTP mode, and in both modes signed deliveries, health for load balancers, counters for Prometheus."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from time import time

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from handlers.house import Hook, House
from handlers.signed import BODY_AT_MOST, Answer, Delivery, Unproven, is_standard
from handlers.slack import HEARD, SlackApp

EVENTS_PATH = "/slack/events"
FINISH_WITHIN = 5.0
"""Seconds that requests in work get at shutdown."""
AT_ONCE = 8
"""Deliveries to one hook that are in work at the same time; more are asked to come again."""
BODY_WITHIN = 10.0
"""Seconds for a body to come: whoever sends nothing, or little by little, is not waited for."""
COMING_AT_ONCE = AT_ONCE * BODY_AT_MOST
"""Bytes of bodies that are on their way to one address at the same time: nobody has proven yet who sends them."""
EVENT_AT_MOST = 1024 * 1024
"""Bytes of what Slack sends; a message of 40,000 characters with its blocks is far shorter."""
ANSWER_WITHIN = 2.0
"""Seconds for everything that /readyz asks."""

UNPROVEN_EVERY = 60.0
"""Seconds between two lines about requests that are not signed by our Slack app: anybody can send some."""

_STAMP = 13
"""A time in seconds has fewer digits."""

Ready = Callable[[], Awaitable[bool]]

_TOO_MANY = Answer(503, {"ok": False, "error": "too many at once: send it again in a moment"})


class _Unread(Exception):
    """A body that is not read to its end: the outcome by its name, and what the sender is told."""

    def __init__(self, outcome: str, answer: Answer) -> None:
        super().__init__(outcome)
        self.outcome, self.answer = outcome, answer


def _too_large(at_most: int) -> _Unread:
    return _Unread("too large", Answer(413, {"ok": False, "error": f"more than {at_most} bytes: send it in parts"}))


class WebServer:
    """One port for everything that comes over HTTP. `events` is the Slack app in HTTP mode; `ready` what else must be so to be ready."""

    def __init__(self, house: House, events: SlackApp | None = None, ready: Mapping[str, Ready] | None = None) -> None:
        self._house = house
        self._events_to = events
        self._ready = {"store": self._store_answers, **(ready or {})}
        self._told_unproven = 0.0
        self._in_work: Counter[str] = Counter()
        self._coming: Counter[str] = Counter()
        server = web.Application()
        if events is not None:
            server.router.add_post(EVENTS_PATH, self._events)
        server.router.add_get("/healthz", self._alive)
        server.router.add_get("/readyz", self._is_ready)
        server.router.add_get("/metrics", self._metrics)
        server.router.add_post("/hooks/{name}", self._hook)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=FINISH_WITHIN)

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def leave(self) -> None:
        """Take nothing more and finish what is in work."""
        await self._runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        assert self._events_to is not None
        try:
            read = await self._body(request, EVENTS_PATH, EVENT_AT_MOST)
        except _Unread as wrong:
            return web.json_response(dict(wrong.answer.said), status=wrong.answer.status)
        body = read.decode(errors="replace")  # Slack signs UTF-8: whatever is replaced was not signed
        answer = await self._events_to.answer(body, request.headers, request.query_string)
        if answer.status == HTTPStatus.UNAUTHORIZED and "x-slack-signature" in request.headers:
            self._unproven(request.headers.get("x-slack-request-timestamp", ""))
        return web.Response() if answer is HEARD else await to_aiohttp_response(answer)

    def _unproven(self, stamp: str) -> None:
        """Slack itself, where the secret is not that of its app or a clock is off: then nothing at all is heard, and somebody must know."""
        self._house.counts.unproven.inc()
        now = time()
        if now - self._told_unproven < UNPROVEN_EVERY:
            return
        self._told_unproven = now
        off = round(now - int(stamp)) if stamp.isascii() and stamp.isdigit() and len(stamp) < _STAMP else None
        self._house.log.warning("a request does not bear the signature of our Slack app", seconds_off=off)

    async def _alive(self, _request: web.Request) -> web.Response:
        """The process answers: a store that is away is no reason to start it again."""
        return web.json_response({"ok": True})

    async def _is_ready(self, _request: web.Request) -> web.Response:
        stands: dict[str, bool] = {}
        for name, asked in self._ready.items():
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    stands[name] = await asked()
            except Exception as away:
                self._house.log.warning("not ready", part=name, exc_info=away)
                stands[name] = False
        ok = all(stands.values())
        return web.json_response({"ok": ok, **stands}, status=200 if ok else 503)

    async def _store_answers(self) -> bool:
        await self._house.store.ping()
        return True

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._house.counts.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _hook(self, request: web.Request) -> web.Response:
        """A signed delivery. A hook without a secret does not exist; what was taken in before is not taken in again."""
        name = request.match_info["name"]
        hook = self._house.hooks.get(name)
        if hook is None or not any(self._house.secrets.get(one) for one in (name, *(other.name for other in hook.others))):
            return self._told(name, "unknown", Answer(404, {"ok": False, "error": "there is no such hook here"}))
        try:
            body = await self._body(request, name, hook.at_most)
        except _Unread as wrong:
            return self._told(name, wrong.outcome, wrong.answer)
        return await self._proven(request, body, name, hook)

    async def _proven(self, request: web.Request, body: bytes, name: str, hook: Hook) -> web.Response:
        headers = {field.lower(): value for field, value in request.headers.items()}
        own = None if is_standard(headers) else next((other for other in hook.others if other.header in headers), None)
        try:
            proof = own.prove(headers, body, self._secrets(own.name)) if own else hook.prove(headers, body, self._secrets(name))
        except Unproven as wrong:
            return self._told(name, "unproven", Answer(401, {"ok": False, "error": str(wrong)}))
        if own and own.greet and (answer := own.greet(body, proof.secret)):
            return self._told(name, "greeted", answer)
        if self._house.delivered.get((name, proof.id)):
            return self._told(name, "repeated", Answer(200, {"ok": True, "repeated": True}))
        if self._in_work[name] >= AT_ONCE:
            return self._told(name, "too many", _TOO_MANY)
        self._in_work[name] += 1
        try:
            return await self._taken(Delivery(proof.id, proof.at, body, dict(request.query), headers), name, hook)
        finally:
            self._in_work[name] -= 1

    def _secrets(self, name: str) -> tuple[str, ...]:
        """The secrets of a hook, or of a service that signs in its own way. Raises Unproven where none is set."""
        secrets = self._house.secrets.get(name, ())
        if not secrets:
            raise Unproven(f"no secret is set here for {name}")
        return secrets

    async def _taken(self, delivery: Delivery, name: str, hook: Hook) -> web.Response:
        try:
            with self._house.traces.span("delivery", hook=name) as span:
                answer = await hook.take(delivery)
                span.note(outcome="taken" if answer.status < 300 else "refused")
        except Exception as failed:
            self._house.log.warning("a delivery was not taken in", hook=name, exc_info=failed)
            return self._told(name, "failed", Answer(500, {"ok": False, "error": "it could not be taken in just now: send it again"}))
        if answer.status < 300:
            self._house.delivered.put((name, delivery.id), True)
        return self._told(name, "taken" if answer.status < 300 else "refused", answer)

    async def _body(self, request: web.Request, door: str, at_most: int) -> bytes:
        """The body. Raises _Unread where it is longer than it may be, comes too slowly, or too much comes at once; no more is ever held."""
        if (request.content_length or 0) > at_most:
            raise _too_large(at_most)
        if request.content.is_eof() and request.content.total_bytes <= min(at_most, COMING_AT_ONCE - self._coming[door]):
            return await request.content.read()  # all of it came with its head, as events do
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_WITHIN):
                async for piece in request.content.iter_chunked(65_536):
                    body += piece
                    self._coming[door] += len(piece)
                    if len(body) > at_most:
                        raise _too_large(at_most)
                    if self._coming[door] > COMING_AT_ONCE:
                        raise _Unread("too many", _TOO_MANY)
        except TimeoutError:
            raise _Unread("too slow", Answer(408, {"ok": False, "error": "the body did not come in time: send it again"})) from None
        finally:
            self._coming[door] -= len(body)
        return bytes(body)

    def _told(self, name: str, outcome: str, answer: Answer) -> web.Response:
        known = name if name in self._house.hooks else "other"
        self._house.counts.deliveries.labels(known, outcome).inc()
        headers = {"Retry-After": "1"} if answer.status == 503 else None
        return web.json_response(dict(answer.said), status=answer.status, headers=headers)
