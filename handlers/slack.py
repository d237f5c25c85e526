"""The Slack app: Bolt, with a short way in for messages, which are nearly all that comes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

Listener = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes an event."""

Failed = Callable[[Exception], Awaitable[BoltResponse]]
"""What Slack is answered when a listener fails."""

_SECONDS = re.compile("[0-9]{1,12}")


class SlackApp(AsyncApp):
    """Bolt, but for the events named by at_once(): these are checked as Bolt checks them, and brought straight to their one listener.

    Bolt's way through its middleware and past all listeners costs more than hearing a message. What is not proven to come from Slack
    goes that way, to be refused there. `bot_user_id` and `bot_id` are our own: what we did ourselves is no news, as with Bolt.
    """

    def __init__(self, *, signing_secret: str, failed: Failed, bot_user_id: str, bot_id: str | None, **given: Any) -> None:
        super().__init__(signing_secret=signing_secret, **given)
        self._verifier = SignatureVerifier(signing_secret) if signing_secret.strip() else None
        self._failed, self._own = failed, (bot_user_id, bot_id)
        self.straight: dict[str, Listener] = {}
        self.error(failed)

    def at_once(self, kind: str, listener: Listener) -> None:
        """Give events of this type, whatever their subtype, to this listener alone; they are acknowledged when it has come to its end."""
        self.straight[kind] = listener

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bring one request to its listener; the answer for Slack."""
        event = req.body.get("event") if req.body.get("type") == "event_callback" else None
        listener = self.straight.get(str(event.get("type"))) if isinstance(event, dict) else None
        if event is None or listener is None or not self._is_proven(req):
            return await super().async_dispatch(req)
        try:
            if not self._is_our_own(req, event):
                await listener(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, Slack must not take the event for heard
            return await self._failed(error)
        return BoltResponse(status=200, body="")

    def _is_proven(self, req: AsyncBoltRequest) -> bool:
        """Whether Slack signed the request just now; what comes over our own socket needs no signature."""
        if req.mode == "socket_mode":
            return True
        stamp, signature = (req.headers.get(name, [""])[0] for name in ("x-slack-request-timestamp", "x-slack-signature"))
        if self._verifier is None or not _SECONDS.fullmatch(stamp):
            return False
        return self._verifier.is_valid(req.raw_body, stamp, signature)

    def _is_our_own(self, req: AsyncBoltRequest, event: dict[str, Any]) -> bool:
        user, bot = self._own
        return req.context.user_id == user or (bot is not None and event.get("bot_id") == bot)
