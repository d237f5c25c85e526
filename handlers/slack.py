"""The Slack app: Bolt, with a short way in for messages, which are nearly all that comes, and for what has a name."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from http import HTTPStatus
from time import time
from typing import Any

from prometheus_client import Counter
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from bot.tracing import Traces
from handlers.by_name import ByName

Listener = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes an event."""

Failed = Callable[[Exception], Awaitable[BoltResponse]]
"""What Slack is answered when a listener fails."""

HEARD = BoltResponse(status=200, body="")
"""The answer to an event that came to its listener; always this one, which nobody changes."""

_LONGEST_CHECK = 500
"""Characters of Slack's question whether our certificate is good, which it asks unsigned."""

_SECONDS = re.compile("[0-9]{1,12}")
_JUST_NOW = 300
"""Seconds that a signature holds."""


class SlackApp(AsyncApp):
    """Bolt, but for the events named by at_once(): these are checked as Bolt checks them, and brought straight to their one listener.

    Bolt's way through its middleware and past all listeners costs more than hearing a message. What is not proven to come from Slack
    is refused unread. `bot_user_id` and `bot_id` are our own: what we did ourselves is no news, as with Bolt.
    """

    def __init__(
        self, *, signing_secret: str, failed: Failed, bot_user_id: str, bot_id: str | None, traces: Callable[[], Traces], **given: Any
    ) -> None:
        super().__init__(signing_secret=signing_secret, **given)
        self._secret = signing_secret.encode() if signing_secret.strip() else None
        self._failed, self._own = failed, (bot_user_id, bot_id)
        self._traces = traces
        self.straight: dict[str, Listener] = {}
        self.error(failed)
        self.by_name = ByName(self)
        self.use(self.by_name)

    def action(self, constraints: Any, *conditions: Any, **more: Any) -> Any:
        """Bolt's; a name without conditions is looked up. So with the four below."""
        return self._at("action", constraints, conditions, more) or super().action(constraints, *conditions, **more)

    def command(self, command: Any, *conditions: Any, **more: Any) -> Any:
        return self._at("command", command, conditions, more) or super().command(command, *conditions, **more)

    def options(self, constraints: Any, *conditions: Any, **more: Any) -> Any:
        return self._at("options", constraints, conditions, more) or super().options(constraints, *conditions, **more)

    def shortcut(self, constraints: Any, *conditions: Any, **more: Any) -> Any:
        return self._at("shortcut", constraints, conditions, more) or super().shortcut(constraints, *conditions, **more)

    def view(self, constraints: Any, *conditions: Any, **more: Any) -> Any:
        return self._at("view_submission", constraints, conditions, more) or super().view(constraints, *conditions, **more)

    def _at(self, kind: str, name: Any, *conditions: Any) -> Callable[..., None] | None:
        return self.by_name.at(kind, name) if isinstance(name, str) and not any(conditions) else None

    def at_once(self, kind: str, listener: Listener) -> None:
        """Give events of this type, whatever their subtype, to this listener alone; they are acknowledged when it has come to its end."""
        self.straight[kind] = listener

    async def answer(self, body: str, headers: Mapping[str, str], query: str = "") -> BoltResponse:
        """The answer to a request that came over HTTP; `headers` by their names in any case, or in lower case."""
        if not self._is_signed(body, headers):  # Bolt would first read what is in it, and stumble over some of that
            is_check = len(body) < _LONGEST_CHECK and "ssl_check=1" in body.split("&")
            return BoltResponse(status=HTTPStatus.OK if is_check else HTTPStatus.UNAUTHORIZED, body="")
        if body.startswith("{"):
            answer = self.bring(json.loads(body))
            if answer is not None:
                return await answer
        return await self.async_dispatch(AsyncBoltRequest(body=body, query=query, headers=dict(headers)))

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """All that goes Bolt's way, as a span: what a press, a form or a command leaves to be told leads back to it."""
        traces = self._traces()
        with traces.span("request") as span:
            answer = await super().async_dispatch(req)
            if answer.status == HTTPStatus.OK:  # else nobody has proven that it comes from Slack
                span.note(request=_kind(req.body))
        return answer

    def bring(self, payload: Mapping[str, Any]) -> Coroutine[Any, Any, BoltResponse] | None:
        """Bring an event that Slack has sent for sure straight to its listener: the answer, to be waited for. None for what must go
        Bolt's way.
        """
        event = payload.get("event") if payload.get("type") == "event_callback" else None
        listener = self.straight.get(str(event.get("type"))) if isinstance(event, dict) else None
        return None if event is None or listener is None else self._heard(event, listener)

    async def _heard(self, event: dict[str, Any], listener: Listener) -> BoltResponse:
        try:
            if not self._is_our_own(event):
                await listener(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, Slack must not take the event for heard
            return await self._failed(error)
        return HEARD

    def _is_signed(self, body: str, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed the request just now."""
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if self._secret is None or not _SECONDS.fullmatch(stamp) or abs(time() - int(stamp)) > _JUST_NOW:
            return False
        proof = hmac.digest(self._secret, f"v0:{stamp}:{body}".encode(), "sha256").hex()
        return hmac.compare_digest(f"v0={proof}".encode(), signature.encode(errors="replace"))

    def _is_our_own(self, event: dict[str, Any]) -> bool:
        """Whether we said it, or what was edited or deleted."""
        user, bot = self._own
        if event.get("user") == user or (bot is not None and event.get("bot_id") == bot):
            return True
        return "user" not in event and any((event.get(name) or {}).get("user") == user for name in ("message", "previous_message"))


def _kind(body: Mapping[str, Any]) -> str:
    """What a request is, by Slack's name: the command, the type of the event, or else of the payload."""
    event = body.get("event")
    return str(body.get("command") or (event.get("type") if isinstance(event, dict) else None) or body.get("type") or "other").lstrip("/")


class Waits(AsyncRateLimitErrorRetryHandler):
    """Waits as Slack asks, and counts how often."""

    def __init__(self, counted: Counter) -> None:
        super().__init__(max_retry_count=5)
        self._counted = counted

    async def prepare_for_next_attempt_async(self, **given: Any) -> None:
        """Wait."""
        self._counted.inc()
        await super().prepare_for_next_attempt_async(**given)
