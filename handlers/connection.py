"""Socket Mode, with a watchdog over its connection; the other way in for Slack's events is handlers/web.py."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from time import monotonic
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.house import House
from handlers.slack import SlackApp

STUCK_AFTER = 3.0
"""Seconds without a connection after which the client must ask for a new address: it would try a refused one for ever."""
FINISH_WITHIN = 5.0
"""Seconds that messages in work get at shutdown."""


class SocketMode(AsyncSocketModeHandler):
    """Socket Mode that can be left in good order: what came in is finished and acknowledged, what comes then is left to others."""

    def __init__(self, app: SlackApp, house: House, client: AsyncWebClient, app_token: str) -> None:
        super().__init__(app, app_token, web_client=client)
        self._slack, self._house = app, house
        self._leaving = False
        self._in_work: set[asyncio.Task[Any]] = set()
        self.client.message_listeners.append(self._on_message)

    async def open(self, address: str) -> None:
        """Connect to an address from apps.connections.open."""
        self.client.wss_uri = address
        watch = asyncio.create_task(self.watch())
        try:
            await self.client.connect()  # type: ignore[no-untyped-call] # so in the SDK
        finally:
            watch.cancel()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """One envelope; one that comes while leaving is not acknowledged, so that Slack sends it again."""
        if self._leaving:
            return
        task = asyncio.current_task()
        assert task is not None
        self._in_work.add(task)
        try:
            answer = await self._slack.bring(req.payload)
            if answer is None:
                await super().handle(client, req)  # type: ignore[arg-type]
            elif answer.status == HTTPStatus.OK:
                await client.send_socket_mode_response(SocketModeResponse(req.envelope_id))
        finally:
            self._in_work.discard(task)

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
