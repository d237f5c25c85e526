"""Sends spans to an OpenTelemetry collector (OTLP over HTTP). It is loaded only where traces are switched on."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from bot.tracing import CAUSE, FACTS, Fact

LEAVE_WITHIN = 3.0
"""Seconds that the last spans get at the end."""

_PATH = "/v1/traces"
_ID_LIKE = re.compile(r"[A-Za-z0-9._:-]{1,80}")
_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_Value = str | bool | int | Sequence[str] | Sequence[int]


class _Noted:
    """A span that has begun."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **facts: Fact) -> None:
        self._span.set_attributes(told(facts))


class Collector:
    """Traces for the collector at `endpoint`, such as http://localhost:4318. The standard variables (`OTEL_EXPORTER_OTLP_HEADERS`,
    `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, ...) hold as the SDK has them.
    """

    def __init__(self, endpoint: str) -> None:
        address = endpoint if endpoint.endswith(_PATH) else endpoint.rstrip("/") + _PATH
        self._provider = TracerProvider(resource=_ourselves(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
        self._tracer = self._provider.get_tracer("jumpin")

    @contextmanager
    def span(self, name: str, /, cause: object = None, **facts: Fact) -> Iterator[_Noted]:
        """As in Traces. What is raised within is told by its type alone: its message may hold anything."""
        span = self._tracer.start_span(name, attributes=told(facts), links=links(cause))
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            before = CAUSE.set(_parent(span.get_span_context()))
            try:
                yield _Noted(span)
            except Exception as raised:
                span.set_attribute("error.type", type(raised).__name__)
                span.set_status(trace.StatusCode.ERROR)
                raise
            finally:
                CAUSE.reset(before)

    def close(self) -> None:
        """Send what has not been sent. A collector that is away holds nobody up for longer than LEAVE_WITHIN."""
        leaving = Thread(target=self._provider.shutdown, daemon=True)
        leaving.start()
        leaving.join(LEAVE_WITHIN)


def told(facts: Mapping[str, Fact]) -> dict[str, _Value]:
    """Facts as attributes. What is not of FACTS is left out; what does not look like an id or a name of ours is told by its length."""
    shown = {f"jumpin.{name}": _plain(fact) for name, fact in facts.items() if name in FACTS and fact is not None}
    return {name: value for name, value in shown.items() if value is not None}


def links(cause: object) -> list[trace.Link]:
    """The spans that a cause names; what is none is passed over."""
    found = (_PARENT.fullmatch(one) for one in cause.split()) if isinstance(cause, str) else ()
    return [trace.Link(_context(*one.groups())) for one in found if one]


def _context(trace_id: str, span_id: str, flags: str) -> trace.SpanContext:
    return trace.SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=trace.TraceFlags(int(flags, 16)))


def _parent(here: trace.SpanContext) -> str | None:
    """A span as W3C writes it; None where it is not kept, so that nobody is sent to look for it."""
    return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}" if here.trace_flags.sampled else None


def _plain(fact: object) -> _Value | None:
    if isinstance(fact, bool | int):
        return fact
    if isinstance(fact, str):
        return fact if _ID_LIKE.fullmatch(fact) else f"[{len(fact)} characters]"
    if isinstance(fact, list | tuple):
        return [one if isinstance(one, int) else str(_plain(one)) for one in fact]  # type: ignore[return-value] # of one kind each
    return None


def _ourselves() -> Resource:
    """Who sends: what the standard variables say, else ourselves by name, version and process."""
    ours = {"service.name": "jumpin", "service.version": version("jump-in"), "service.instance.id": f"{socket.gethostname()}:{os.getpid()}"}
    given = Resource(ours).merge(OTELResourceDetector().detect())
    return Resource.create(given.attributes)
