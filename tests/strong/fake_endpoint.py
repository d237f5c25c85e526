"""A chat-completions endpoint on loopback: keeps what it is asked, and answers as it is told, well or badly."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.strong.endpoint import Address

QUIET: dict[str, Any] = {"candidates": [], "findings": []}


@dataclass(frozen=True)
class Reply:
    """One answer: `body` as bytes on the wire, after `delay` seconds; `cut` breaks the line in the middle of it."""

    body: bytes = b""
    status: int = 200
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def completion(content: object, finish: str = "stop") -> bytes:
    """A chat completion with these words of the assistant."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return json.dumps({"id": "c", "object": "chat.completion", "model": "fake", "choices": [choice]}).encode()


def says(answer: object, **other: Any) -> Reply:
    """The model says this; what is no text is said as JSON."""
    return Reply(completion(answer if isinstance(answer, str) else json.dumps(answer)), **other)


def named(scenario: str, quote: str, figure: str | None = None, subject: str | None = None) -> dict[str, Any]:
    """An answer with one finding of the model's own."""
    return {"candidates": [], "findings": [{"scenario": scenario, "subject": subject, "quote": quote, "figure": figure}]}


def of_candidate(verdict: str, quote: str | None = None, number: int = 1) -> dict[str, Any]:
    """An answer about one candidate."""
    return {"candidates": [{"id": number, "verdict": verdict, "quote": quote}], "findings": []}


@dataclass
class FakeEndpoint:
    """`replies` are given once each, then `always`; `asked` are the requests, `keys` their Authorization headers."""

    url: str = ""
    always: Reply | Callable[[dict[str, Any]], Reply] = field(default_factory=lambda: says(QUIET))
    replies: deque[Reply] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    hold: asyncio.Event | None = None

    @property
    def address(self) -> Address:
        """Where it is."""
        return Address(self.url, "fake", "sk-test")

    def question(self, number: int = -1) -> dict[str, Any]:
        """What was asked, without the prompt."""
        question: dict[str, Any] = json.loads(self.asked[number]["messages"][1]["content"])
        return question

    async def answer(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(asked)
        self.keys.append(request.headers.get("Authorization"))
        if self.hold is not None:
            await self.hold.wait()
        reply = self.replies.popleft() if self.replies else self.always if isinstance(self.always, Reply) else self.always(asked)
        await asyncio.sleep(reply.delay)
        response = web.StreamResponse(status=reply.status, headers={"Content-Length": str(len(reply.body)), **reply.headers})
        await response.prepare(request)
        await response.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
        if reply.cut and request.transport is not None:
            request.transport.close()
        return response


@asynccontextmanager
async def fake_endpoint() -> AsyncIterator[FakeEndpoint]:
    """A fake endpoint in this loop."""
    fake = FakeEndpoint()
    server = web.Application()
    server.router.add_post("/v1/chat/completions", fake.answer)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield fake
    finally:
        await runner.cleanup()


@contextmanager
def fake_endpoint_beside() -> Iterator[FakeEndpoint]:
    """A fake endpoint in a thread of its own, for commands that run a loop themselves."""
    up = threading.Event()
    made: list[tuple[FakeEndpoint, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with fake_endpoint() as fake:
            done = asyncio.Event()
            made.append((fake, asyncio.get_running_loop(), done))
            up.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert up.wait(10)
    fake, loop, done = made[0]
    try:
        yield fake
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
