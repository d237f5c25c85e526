"""Commands, presses, forms and shortcuts by their names: looked up, where Bolt asks each of a hundred listeners in turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.listener.async_listener import AsyncCustomListener
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

Listener = Callable[..., Awaitable[Any]]

Address = tuple[str, str]
"""What is addressed, as Bolt calls it (command, action, options, shortcut or view_submission), and its name."""

_BY_CALLBACK = {"view_submission": "view_submission", "shortcut": "shortcut", "message_action": "shortcut"}


class ByName(AsyncMiddleware):
    """The last of Bolt's middleware. What it has no listener for, or whose listener says nothing, goes on to Bolt's own listeners."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._given: dict[Address, Sequence[Listener]] = {}
        self._made: dict[Address, AsyncCustomListener] = {}

    @property
    def addresses(self) -> frozenset[Address]:
        """All that has a listener."""
        return frozenset(self._given)

    def at(self, kind: str, name: str) -> Callable[..., None]:
        """Takes the listener as Bolt does: alone, or as ack= with lazy= ones. The first at an address stays, as with Bolt."""

        def listen(*first: Listener, ack: Listener | None = None, lazy: Sequence[Listener] = ()) -> None:
            self._given.setdefault((kind, name), (*first, *([ack] if ack else []), *lazy))

        return listen

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse | None:
        """The answer of the listener addressed, if there is one."""
        address = addressed(req.body)
        if address in self._given:
            listener = self._made.get(address) or self._make(address)
            name = "/".join(address)
            answer = await self._app.listener_runner.run(request=req, response=resp, listener_name=name, listener=listener)
            if answer is not None:
                return answer
        return await next()

    def _make(self, address: Address) -> AsyncCustomListener:
        """Made at its first use: Bolt reads the names of its arguments then, which takes long."""
        ack, *lazy = self._given[address]
        made = AsyncCustomListener(app_name=self._app.name, ack_function=ack, lazy_functions=lazy, matchers=[], middleware=[])
        return self._made.setdefault(address, made)


def addressed(body: Mapping[str, Any]) -> Address:
    """The address of a request as Slack sends it; ("", "") where it has none that is looked up."""
    kind = body.get("type")
    if kind is None and "command" in body:
        return "command", str(body["command"])
    if kind == "block_actions" and body.get("actions"):
        return "action", str(body["actions"][0].get("action_id"))
    if kind == "block_suggestion":
        return "options", str(body.get("action_id"))
    return (_BY_CALLBACK[kind], _callback(body)) if kind in _BY_CALLBACK else ("", "")


def _callback(body: Mapping[str, Any]) -> str:
    return str(body["view"].get("callback_id") if "view" in body else body.get("callback_id"))
