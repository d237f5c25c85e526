"""An OpenTelemetry collector on loopback: takes what the real exporter sends, and shows it as the protocol defines it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Span:
    """A span as it came: ids in hexadecimal; attributes without what we put before them; links as (trace, span)."""

    name: str
    trace: str
    id: str
    parent: str
    facts: dict[str, Any]
    links: list[tuple[str, str]]
    failed: bool


@dataclass
class Collected:
    """What came in."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)

    def _requests(self) -> Iterator[Any]:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415 - optional
            ExportTraceServiceRequest,
        )

        return (ExportTraceServiceRequest.FromString(body) for body in self.bodies)

    def resource(self) -> dict[str, Any]:
        """Who sent it."""
        return {one.key: _value(one.value) for request in self._requests() for one in request.resource_spans[0].resource.attributes}

    def spans(self) -> list[Span]:
        """All spans, in the order in which they began."""
        whole = [
            span
            for request in self._requests()
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        assert not any(span.events for span in whole), "events are where messages of exceptions would be"
        return [_span(one) for one in sorted(whole, key=lambda span: span.start_time_unix_nano)]

    def named(self, name: str) -> list[Span]:
        """Those of a name."""
        return [span for span in self.spans() if span.name == name]


@asynccontextmanager
async def collector() -> AsyncIterator[Collected]:
    """A collector that takes everything."""
    there = Collected()

    async def take(request: web.Request) -> web.Response:
        assert request.content_type == "application/x-protobuf"
        there.bodies.append(await request.read())
        return web.Response(body=b"", content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield there
    finally:
        await runner.cleanup()


def _span(given: Any) -> Span:
    facts = {one.key.removeprefix("jumpin."): _value(one.value) for one in given.attributes}
    links = [(one.trace_id.hex(), one.span_id.hex()) for one in given.links]
    ids = (given.trace_id.hex(), given.span_id.hex(), given.parent_span_id.hex())
    return Span(given.name, *ids, facts, links, given.status.code == 2)


def _value(given: Any) -> Any:
    kind = given.WhichOneof("value")
    return [_value(one) for one in given.array_value.values] if kind == "array_value" else getattr(given, kind)
