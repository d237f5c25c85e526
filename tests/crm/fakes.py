"""What the fakes of CRM vendors have in common: a server on loopback, faults to come, and every call checked against the contract."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from aiohttp import web

from tests.crm.contract import answer_mistakes, request_mistakes

BEGAN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """A status with a body as JSON, or as text where it is one."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """One failure to come: an answer in place of the real one, or a cut line; `acted`: after the call has taken effect."""

    answer: Answer | None = None
    cut: bool = False
    acted: bool = False
    hang: float = 0.0
    only: str = ""


@dataclass
class Deal:
    """A deal as somebody keeps it in the CRM; the same for every vendor."""

    id: str
    customer: str
    stage: str
    owner: str | None = "riley@carrier.example"
    fields: dict[str, str] = field(default_factory=dict)
    modified: datetime = BEGAN
    by: str = "Sam Stone"
    changed: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    gone: bool = False


@dataclass
class FakeCrm(ABC):
    """Deals by id, fields by name (label, type), stages by id, what was written, calls as (method, path), and faults to come."""

    vendor = ""
    url: str = ""
    key: str = "secret"
    deals: dict[str, Deal] = field(default_factory=dict)
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    written: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    wrong: list[str] = field(default_factory=list)
    now: datetime = BEGAN
    clock: Callable[[], datetime] = lambda: BEGAN

    def put(self, deal: Deal) -> Deal:
        """Add a deal."""
        self.deals[deal.id] = deal
        return deal

    def set(self, number: str, *, by: str = "Sam Stone", **changes: Any) -> None:
        """Somebody changes a deal; names with a dot or an underscore first are fields."""
        self.now = max(self.now + timedelta(minutes=1), self.clock())
        deal = self.deals[number]
        for name, value in changes.items():
            if hasattr(deal, name):
                setattr(deal, name, value)
            else:
                deal.fields[name] = value
                deal.changed[name] = (by, self.now)
        deal.modified, deal.by = self.now, by

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """What was written of a kind."""
        return [one for one in self.written if one["kind"] == kind]

    def fail(self, *faults: Fault) -> None:
        """The next calls meet these."""
        self.faults.extend(faults)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one call."""
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else dict(await request.post())
        query = dict(request.query)
        self.calls.append((request.method, request.path, body or query))
        fault = self.faults.popleft() if self.faults and self.faults[0].only in request.path else Fault()
        mistakes = request_mistakes(self.vendor, request.method, request.path, query, body)
        self.wrong += mistakes
        real: Answer | None = None
        if (fault.answer is None and not fault.cut) or fault.acted:
            real = self.refusal(mistakes) if mistakes else self.act(request.method, request.path, query, body, dict(request.headers))
            if real.status < 300:
                self.wrong += answer_mistakes(self.vendor, request.method, request.path, real.body)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
            await asyncio.sleep(0)
        given = fault.answer or real or Answer(500)
        headers = given.headers
        if given.body is None:
            return web.Response(status=given.status, headers=headers)
        if isinstance(given.body, str):
            return web.Response(status=given.status, text=given.body, headers=headers)
        return web.json_response(given.body, status=given.status, headers=headers)

    @abstractmethod
    def refusal(self, mistakes: list[str]) -> Answer:
        """How the vendor says that a request is not as it must be."""

    @abstractmethod
    def act(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Answer:
        """What a call does."""


class Serves(Protocol):
    url: str

    async def answer(self, request: web.Request) -> web.StreamResponse: ...


Served = TypeVar("Served", bound=Serves)


@asynccontextmanager
async def serving(fake: Served) -> AsyncIterator[Served]:
    """The fake at a port of its own."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", fake.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
