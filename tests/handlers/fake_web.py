"""A small Slack Web API at an address of its own: people, channels with their history, and faults on demand."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.manifest import bot_scopes

Message = dict[str, Any]


@dataclass
class FakeWeb:
    """Answers what the bot asks; `calls` are (method, fields) in order, `faults` are given once each instead of an answer."""

    url: str = ""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[Message]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: dict[str, deque[tuple[int, dict[str, Any], dict[str, str]]]] = field(default_factory=dict)
    page: int = 200
    scopes: str = ",".join(sorted(bot_scopes()))

    def fail(self, method: str, status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> None:
        """The next call of `method` gets this answer."""
        self.faults.setdefault(method, deque()).append((status, {"ok": False, **body}, headers or {}))

    def called(self, method: str) -> list[dict[str, str]]:
        """The fields of all calls of a method."""
        return [fields for name, fields in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        sent = await request.json() if request.content_type == "application/json" else await request.post()
        fields = {key: value if isinstance(value, str) else json.dumps(value, default=str) for key, value in sent.items()} | dict(
            request.query
        )
        self.calls.append((method, fields))
        if self.faults.get(method):
            status, body, headers = self.faults[method].popleft()
            return web.json_response(body, status=status, headers=headers)
        return web.json_response(self._answer(method, fields), headers={"x-oauth-scopes": self.scopes})

    def _answer(self, method: str, fields: dict[str, str]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"ok": True, "team_id": "TOWN", "user_id": "UBOT", "bot_id": "BBOT"}
            case "users.info":
                user = self.users.get(fields["user"])
                return {"ok": True, "user": {"id": fields["user"], **user}} if user else {"ok": False, "error": "user_not_found"}
            case "conversations.info":
                name = self.channels.get(fields["channel"])
                return (
                    {"ok": True, "channel": {"id": fields["channel"], "name": name}}
                    if name
                    else {"ok": False, "error": "channel_not_found"}
                )
            case "users.conversations":
                return {"ok": True, "channels": [{"id": id_, "name": name} for id_, name in self.channels.items()]}
            case "conversations.history":
                return self._page([m for m in self._of(fields) if m.get("thread_ts", m["ts"]) == m["ts"]][::-1], fields)
            case "conversations.replies":
                thread = [m for m in self._of({"channel": fields["channel"]}) if fields["ts"] in (m["ts"], m.get("thread_ts"))]
                return self._page([m for m in thread if m["ts"] == fields["ts"] or _within(m, fields)], fields)
            case "conversations.open":
                return {"ok": True, "channel": {"id": "D" + fields["users"]}}
            case "chat.postMessage":
                return {"ok": True, "channel": "D" + fields["channel"], "ts": f"1800000000.{len(self.calls):06d}"}
            case _:
                return {"ok": True}

    def _of(self, fields: dict[str, str]) -> list[Message]:
        return sorted((m for m in self.said.get(fields["channel"], ()) if _within(m, fields)), key=lambda m: float(m["ts"]))

    def _page(self, found: list[Message], fields: dict[str, str]) -> dict[str, Any]:
        first = int(fields.get("cursor") or 0)
        last = first + min(self.page, int(fields.get("limit") or 100))
        return {"ok": True, "messages": found[first:last], "response_metadata": {"next_cursor": str(last) if last < len(found) else ""}}


def _within(message: Message, fields: dict[str, str]) -> bool:
    oldest, latest, when = float(fields.get("oldest") or 0), float(fields.get("latest") or "inf"), float(message["ts"])
    return oldest < when < latest or (fields.get("inclusive") in ("1", "true") and when in (oldest, latest))


@asynccontextmanager
async def fake_web() -> AsyncIterator[FakeWeb]:
    """A fake Web API on loopback."""
    fake = FakeWeb()
    server = web.Application()
    server.router.add_route("*", "/api/{method}", fake.answer)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()
