"""Socket Mode, with a watchdog over its connection; the other way in for Slack's events is handlers/web.py."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from time import monotonic, time
from typing import Any

from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.house import House
from handlers.slack import HEARD, SlackApp

STUCK_AFTER = 3.0
"""Seconds without a connection after which the client must ask for a new address: it would try a refused one for ever."""
PING = 10.0
"""Seconds between looks whether the connection lives."""
FINISH_WITHIN = 5.0
"""Seconds that messages in work get at shutdown."""


class _Client(SocketModeClient):
    """The library's client, but that frames go by `take` first: what that takes has no way through a queue and past all listeners."""

    def __init__(self, take: Callable[[dict[str, Any]], bool], **given: Any) -> None:
        super().__init__(**given)
        self._take = take

    async def enqueue_message(self, message: str) -> None:
        """A text frame has come."""
        try:
            frame = json.loads(message)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or not self._take(frame):
            await super().enqueue_message(message)


class SocketMode(AsyncBaseSocketModeHandler):
    """Socket Mode that can be left in good order: what came in is finished and acknowledged, what comes then is left to others."""

    app: SlackApp
    client: SocketModeClient

    def __init__(self, app: SlackApp, house: House, client: AsyncWebClient, app_token: str) -> None:
        self.app, self._house = app, house
        self.client = _Client(self._take, app_token=app_token, logger=app.logger, web_client=client, ping_interval=PING)
        self._leaving = False
        self._in_work: set[asyncio.Task[Any]] = set()
        self.client.message_listeners.append(self._on_message)
        self.client.socket_mode_request_listeners.append(self.handle)

    async def open(self, address: str) -> None:
        """Connect to an address from apps.connections.open."""
        self.client.wss_uri = address
        watch = asyncio.create_task(self.watch())
        try:
            await self.client.connect()  # type: ignore[no-untyped-call] # so in the SDK
        finally:
            watch.cancel()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """An envelope that goes Bolt's way; one that comes while leaving is not acknowledged, so that Slack sends it again."""
        if self._leaving:
            return
        task = asyncio.current_task()
        assert task is not None
        self._in_work.add(task)
        try:
            began = time()
            answer = await run_async_bolt_app(self.app, req)
            await send_async_response(client, req, answer, began)
        finally:
            self._in_work.discard(task)

    def _take(self, frame: dict[str, Any]) -> bool:
        """Whether a frame is an event that has its listener at once; while leaving it is not acknowledged either."""
        payload, envelope = frame.get("payload"), frame.get("envelope_id")
        if not isinstance(payload, dict) or not isinstance(envelope, str):
            return False
        if self._leaving:
            return True
        heard = self.app.bring(payload)
        if heard is None:
            return False
        task = asyncio.create_task(self._acknowledged(envelope, heard))
        self._in_work.add(task)
        task.add_done_callback(self._in_work.discard)
        return True

    async def _acknowledged(self, envelope: str, heard: Coroutine[Any, Any, BoltResponse]) -> None:
        if await heard is not HEARD:
            return
        try:
            await self.client.send_message(json.dumps({"envelope_id": envelope}))
        except Exception as lost:
            # it comes once more, and is known then
            self._house.log.warning("acknowledgement lost", error=type(lost).__name__, exc_info=lost)

    async def watch(self) -> None:
        """Watch over the connection for as long as the bot runs."""
        lost: float | None = None
        while True:
            await asyncio.sleep(0.5)
            if await self.client.is_connected():
                lost = None
            elif lost is None:
                lost = monotonic()
            elif monotonic() - lost > STUCK_AFTER:
                self.client.wss_uri = None
                lost = monotonic()
                self._house.log.warning("no connection to Slack, asking for a new one")

    async def connected(self) -> bool:
        """Whether Slack reaches us just now."""
        return bool(await self.client.is_connected())

    async def leave(self) -> None:
        """Take nothing more, finish what is in work, and disconnect."""
        self._leaving = True
        if self._in_work:
            await asyncio.wait(self._in_work, timeout=FINISH_WITHIN)
        await self.client.close()  # type: ignore[no-untyped-call] # so in the SDK

    async def _on_message(self, _client: object, message: dict[str, Any], _raw: str | None) -> None:
        # The first frame of every connection: until here something may have been missed.
        if message.get("type") == "hello":
            self._house.backlog.missed_something()
