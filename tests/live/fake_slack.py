"""A small strict Slack Web API with a state of its own, on loopback, that can be told to fail.

It refuses what Slack refuses (unknown channels, empty texts, blocks over the limits, bad tokens) and counts every call.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.live.block_kit import home_mistakes, mistakes, view_mistakes

Args = dict[str, Any]
TOKEN = "xoxb-fake"
APP_TOKEN = "xapp-1-A1-2-fake"


class Refused(Exception):
    """Answered with ok false and this error."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure to come: an HTTP status or an error, a hang (seconds), or a cut connection; `acted` when the call took effect first."""

    status: int = 200
    error: str | None = None
    retry_after: float | None = None
    hang: float | None = None
    cut: bool = False
    acted: bool = False


def rate_limited(seconds: float) -> Fault:
    """A 429 that asks to come back after so many seconds."""
    return Fault(status=429, error="ratelimited", retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came in: method, arguments, and when (monotonic seconds)."""

    method: str
    args: Args
    at: float


@dataclass
class FakeSlack:
    """A workspace: people and channels are what the test puts in; messages what was said and posted. `headers` come with each answer."""

    base_url: str = ""
    team_id: str = "T1"
    bot_user_id: str = "UBOT"
    people: dict[str, Args] = field(default_factory=dict)
    channels: dict[str, Args] = field(default_factory=dict)
    messages: dict[str, list[Args]] = field(default_factory=lambda: defaultdict(list))
    responses: list[Args] = field(default_factory=list)
    views: list[Args] = field(default_factory=list)
    homes: dict[str, Args] = field(default_factory=dict)
    files: dict[str, Args] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    draws: bool = False
    uploads: list[Args] = field(default_factory=list)
    token: str = TOKEN
    app_token: str = APP_TOKEN
    app_id: str = "A1"
    headers: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    _last: int = 0

    def person(self, user_id: str, name: str, **facts: Any) -> None:
        """Add somebody; `facts` overrides fields of users.info, e.g. team_id="T2" or is_restricted=True."""
        self.people[user_id] = {
            "id": user_id,
            "team_id": self.team_id,
            "name": name.lower().replace(" ", "."),
            "real_name": name,
            "tz": "America/New_York",
            "deleted": False,
            "is_bot": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "profile": {"real_name": name},
            **facts,
        }

    def channel(self, channel_id: str, name: str, **facts: Any) -> None:
        """Add a channel that the bot is a member of, unless `facts` says otherwise."""
        self.channels[channel_id] = {"id": channel_id, "name": name, "is_channel": True, "is_member": True, **facts}

    def file(self, file_id: str, name: str, content: bytes, **facts: Any) -> None:
        """Add a file; `facts` overrides fields of files.info."""
        url = self.base_url.replace("/api/", f"/files/{file_id}")
        shown = {"id": file_id, "name": name, "size": len(content), "mimetype": "text/plain", "filetype": "text", "mode": "hosted"}
        self.files[file_id] = shown | {"url_private_download": url, "user": "U3"} | facts
        self.contents[file_id] = content

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Somebody says something; its ts."""
        return str(
            self._store(channel, {"type": "message", "user": user, "text": text, **({"thread_ts": thread_ts} if thread_ts else {})})["ts"]
        )

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of a method meet these faults, one each."""
        self.faults[method].extend(faults)

    def count(self, method: str) -> int:
        """How often a method was called, failures included."""
        return sum(call.method == method for call in self.calls)

    def dms(self, user: str) -> list[Args]:
        """What the bot has said to somebody, oldest first."""
        return [message for message in self.messages[self._dm(user)] if message.get("bot_id")]

    def client(self, timeout: float = 5) -> AsyncWebClient:
        """A client of this workspace that leaves all retrying to its user."""
        return AsyncWebClient(token=TOKEN, base_url=self.base_url, retry_handlers=[], timeout=int(timeout))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one call, with the fault due to it."""
        method, args = request.match_info["method"], await _args(request)
        self.calls.append(Call(method, args, time.monotonic()))
        fault = self.faults[method].popleft() if self.faults[method] else Fault()
        failing = fault != Fault()
        answer = self._act(method, args, request.headers.get("Authorization", "")) if not failing or fault.acted else {}
        if fault.hang is not None:
            await asyncio.sleep(fault.hang)
        if fault.cut and request.transport is not None:
            request.transport.abort()
        if fault.retry_after is not None:
            return web.json_response({"ok": False, "error": fault.error}, status=429, headers={"Retry-After": str(fault.retry_after)})
        if fault.status != 200:
            return web.Response(status=fault.status, text="upstream trouble")
        return web.json_response({"ok": False, "error": fault.error} if fault.error else answer, headers=self.headers)

    async def take_response(self, request: web.Request) -> web.Response:
        """A response_url."""
        self.responses.append(await request.json())
        return web.Response(text="ok")

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        """A file's content, for whoever shows the token; else the page for signing in."""
        file = request.match_info["file"]
        self.fetched.append(request.headers.get("Authorization", ""))
        if file not in self.contents:
            return web.Response(status=404)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        if self.files[file].get("moved"):
            return web.Response(status=302, headers={"Location": self.files[file]["moved"]})
        return web.Response(body=self.contents[file], content_type="application/octet-stream")

    async def take_upload(self, request: web.Request) -> web.Response:
        """What an upload address takes."""
        self.contents[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")

    def _files_getUploadURLExternal(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        file = f"F{len(self.uploads) + len(self.contents):03}UP"
        return {"upload_url": self.base_url.replace("/api/", f"/upload/{file}"), "file_id": file}

    def _files_completeUploadExternal(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        files = json.loads(args["files"]) if isinstance(args["files"], str) else args["files"]
        self.uploads += [{**file, "channel": args.get("channel_id"), "content": self.contents[file["id"]]} for file in files]
        return {"files": files}

    def _blocks_validate(self, args: Args) -> Args:
        _content({"text": "", "blocks": args["blocks"]})
        self._drawn(args["blocks"])
        return {}

    def _drawn(self, blocks: Any) -> None:
        """Charts are refused where this workspace has none yet."""
        if not self.draws and any(block.get("type") == "data_visualization" for block in blocks or ()):
            raise Refused("invalid_blocks")

    def _files_info(self, args: Args) -> Args:
        return {"file": _known(self.files, args.get("file"), "file_not_found")}

    def _canvases_getContent(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        return {"content": self.contents[str(_known(self.files, args.get("canvas_id"), "canvas_not_found")["id"])].decode()}

    def _act(self, method: str, args: Args, authorization: str) -> Args:
        if authorization != f"Bearer {self.app_token if method.startswith('apps.') else self.token}":
            return {"ok": False, "error": "invalid_auth"}
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **handler(args)}
        except Refused as refused:
            return {"ok": False, "error": str(refused)}

    def _auth_test(self, _args: Args) -> Args:
        return {"team_id": self.team_id, "user_id": self.bot_user_id, "bot_id": "BBOT", "team": "Carrier", "user": "jumpin"}

    def _bots_info(self, args: Args) -> Args:
        return {"bot": {"id": args.get("bot"), "app_id": self.app_id}}

    def _apps_connections_open(self, _args: Args) -> Args:
        return {"url": self.base_url.replace("http", "ws").replace("/api/", "/link")}

    def _users_info(self, args: Args) -> Args:
        return {"user": _known(self.people, args.get("user"), "user_not_found")}

    def _users_list(self, args: Args) -> Args:
        found, cursor = _page(list(self.people.values()), args)
        return {"members": found, "response_metadata": {"next_cursor": cursor}}

    def _users_lookupByEmail(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        mine = [one for one in self.people.values() if one["profile"].get("email", "").casefold() == str(args.get("email")).casefold()]
        if not mine or mine[0]["deleted"]:
            raise Refused("users_not_found")
        return {"user": mine[0]}

    def _dnd_teamInfo(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        asked = str(args["users"]).split(",")
        resting = {user: self.people[user].get("dnd") or {"dnd_enabled": False} for user in asked if user in self.people}
        return {"ok": True, "users": resting}

    def _conversations_open(self, args: Args) -> Args:
        person = _known(self.people, args.get("users"), "user_not_found")
        if person["is_bot"]:
            raise Refused("cannot_dm_bot")
        if person["deleted"]:
            raise Refused("user_disabled")
        return {"channel": {"id": self._dm(person["id"])}}

    def _conversations_info(self, args: Args) -> Args:
        return {"channel": _known(self.channels, args.get("channel"), "channel_not_found")}

    def _conversations_list(self, args: Args) -> Args:
        found, cursor = _page(list(self.channels.values()), args)
        return {"channels": found, "response_metadata": {"next_cursor": cursor}}

    _users_conversations = _conversations_list

    def _conversations_members(self, args: Args) -> Args:
        channel = _known(self.channels, args.get("channel"), "channel_not_found")
        found, cursor = _page([{"id": one} for one in channel.get("members", ())], args)
        return {"members": [one["id"] for one in found], "response_metadata": {"next_cursor": cursor}}

    def _conversations_history(self, args: Args) -> Args:
        said = [message for message in self._in(args) if message.get("thread_ts") in (None, message["ts"])]
        found, cursor = _page(list(reversed(_between(said, args))), args)
        return {
            "messages": [_told(message, args) for message in found],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def _conversations_replies(self, args: Args) -> Args:
        parent = str(args.get("ts"))
        thread = [message for message in self._in(args) if parent in (message["ts"], message.get("thread_ts"))]
        if not thread:
            raise Refused("thread_not_found")
        found, cursor = _page(_between(thread, args), args)
        return {
            "messages": [_told(message, args) for message in found],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def _chat_delete(self, args: Args) -> Args:
        there = self.messages[str(args.get("channel"))]
        found = next((one for one in there if one["ts"] == args.get("ts") and one.get("bot_id")), None)
        if found is None:
            raise Refused("message_not_found")
        there.remove(found)
        return {"channel": args["channel"], "ts": args["ts"]}

    def _chat_getPermalink(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        message = self._message(str(args.get("channel")), str(args.get("message_ts")))
        return {"permalink": f"https://carrier.slack.com/archives/{args['channel']}/p{message['ts'].replace('.', '')}"}

    def _chat_postMessage(self, args: Args) -> Args:  # noqa: N802 (Slack's own name)
        channel = str(args.get("channel"))
        if channel in self.people:
            channel = self._dm(channel)
        elif not channel.startswith("D") and not _known(self.channels, channel, "channel_not_found")["is_member"]:
            raise Refused("not_in_channel")
        elif not channel.startswith("D") and self.channels[channel].get("is_archived"):
            raise Refused("is_archived")
        elif channel.startswith("D") and channel[1:] not in self.people:
            raise Refused("channel_not_found")
        self._drawn(args.get("blocks"))
        thread = {"thread_ts": str(args["thread_ts"])} if args.get("thread_ts") else {}
        if thread:
            self._message(channel, thread["thread_ts"])
        message = self._store(channel, {"type": "message", "user": self.bot_user_id, "bot_id": "BBOT", **thread, **_content(args)})
        return {"channel": channel, "ts": message["ts"], "message": _told(message, {"include_all_metadata": "true"})}

    def _chat_update(self, args: Args) -> Args:
        message = self._message(str(args.get("channel")), str(args.get("ts")))
        if message.get("user") != self.bot_user_id:
            raise Refused("cant_update_message")
        self._drawn(args.get("blocks"))
        message.update(_content(args))
        message["edited"] = {"user": self.bot_user_id, "ts": self._ts()}
        return {"channel": args["channel"], "ts": message["ts"], "text": message["text"]}

    def _views_open(self, args: Args) -> Args:
        """A trigger that ends in "late" has expired."""
        trigger = str(args.get("trigger_id") or "")
        if trigger.endswith("late"):
            raise Refused("expired_trigger_id")
        view = json.loads(args["view"]) if isinstance(args.get("view"), str) else args.get("view")
        if view_mistakes(view):
            raise Refused("invalid_arguments")
        self.views.append(view)
        return {"view": {**view, "id": f"V{len(self.views)}", "hash": str(len(self.views))}}

    def _views_update(self, args: Args) -> Args:
        view = json.loads(args["view"]) if isinstance(args.get("view"), str) else args.get("view")
        if not str(args.get("view_id") or "").startswith("V"):
            raise Refused("not_found")
        if view_mistakes(view):
            raise Refused("invalid_arguments")
        self.views.append(view)
        return {"view": {**view, "id": args["view_id"], "hash": str(len(self.views))}}

    def _views_publish(self, args: Args) -> Args:
        """A Home tab; with a hash only where that is of the view that stands there."""
        view = json.loads(args["view"]) if isinstance(args.get("view"), str) else args.get("view")
        user = str(_known(self.people, args.get("user_id"), "user_not_found")["id"])
        if home_mistakes(view):
            raise Refused("invalid_arguments")
        if args.get("hash") and args["hash"] != self.homes.get(user, {}).get("hash"):
            raise Refused("hash_conflict")
        self.homes[user] = {**view, "id": f"V{user}", "hash": self._ts()}
        return {"view": self.homes[user]}

    def _dm(self, user: str) -> str:
        return f"D{user}"

    def _in(self, args: Args) -> list[Args]:
        channel = str(args.get("channel"))
        if not channel.startswith("D") and not _known(self.channels, channel, "channel_not_found")["is_member"]:
            raise Refused("not_in_channel")
        return self.messages[channel]

    def _message(self, channel: str, ts: str) -> Args:
        found = next((message for message in self.messages[channel] if message["ts"] == ts), None)
        if found is None:
            raise Refused("message_not_found")
        return found

    def _store(self, channel: str, message: Args) -> Args:
        message["ts"] = self._ts()
        self.messages[channel].append(message)
        return message

    def _ts(self) -> str:
        self._last = max(self._last + 1, int(self.clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A running fake workspace, empty but for the bot."""
    fake = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake.answer)
    app.router.add_post("/response", fake.take_response)
    app.router.add_get("/files/{file}", fake.serve_file)
    app.router.add_post("/upload/{file}", fake.take_upload)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield fake
    finally:
        await runner.cleanup()


async def _args(request: web.Request) -> Args:
    given: Args = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.can_read_body:
        given |= dict(await request.post())
    for name in ("blocks", "metadata"):
        if isinstance(given.get(name), str):
            given[name] = json.loads(given[name])
    return given


def _content(args: Args) -> Args:
    """Text, blocks and metadata as Slack would take them; raises Refused."""
    text, blocks, metadata = args.get("text") or "", args.get("blocks"), args.get("metadata")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    if blocks is not None and mistakes(blocks):
        raise Refused("invalid_blocks")
    if metadata is not None and not (isinstance(metadata.get("event_payload"), dict) and metadata.get("event_type")):
        raise Refused("invalid_metadata_schema")
    content = {"text": text[:40_000], "blocks": blocks or []}
    return content | ({"metadata": metadata} if metadata else {})


def _told(message: Args, args: Args) -> Args:
    if str(args.get("include_all_metadata", "")).lower() in ("true", "1"):
        return dict(message)
    return {name: value for name, value in message.items() if name != "metadata"}


def _known(things: dict[str, Args], name: Any, error: str) -> Args:
    if name not in things:
        raise Refused(error)
    return things[str(name)]


def _between(messages: list[Args], args: Args) -> list[Args]:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = str(args.get("inclusive", "")).lower() in ("true", "1")
    return [m for m in messages if (oldest < float(m["ts"]) < latest) or (inclusive and float(m["ts"]) in (oldest, latest))]


def _page(things: list[Args], args: Args) -> tuple[list[Args], str]:
    limit, start = min(int(args.get("limit") or 100), 999), int(args.get("cursor") or 0)
    end = start + limit
    return things[start:end], str(end) if end < len(things) else ""
