"""Logs: one line an event, for people or machines, with ids and counts and never a secret, a word said, a name or a figure.

The guarantee is by shape, not by care: an event is cut where variable text could begin, a value that is not a single
id-like word is replaced by its length, and an exception is told by its types and places, without its message.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import PurePath
from typing import Any, TextIO

from bot.without import without

with without("rich"):  # it paints tracebacks, of which no line of ours has any, and takes eight megabytes
    import structlog

Event = MutableMapping[str, Any]

_VARIABLE_PART = re.compile(r"[(\[{:=\"'`<\n\r\d]")
_ID_LIKE = re.compile(r"[\w.:/#+*-]{1,80}")
_SECRET = re.compile(r"xox[a-z]-|xapp-|xoxe|://[^/\s]*@|hooks\.slack", re.IGNORECASE)
_TOLD_OF_PEOPLE = re.compile(
    r"text|quote|said|agreed|script|name|customer|figure|volume|per_day|price|blocks|token|password|secret|body|payload|email|words",
    re.IGNORECASE,
)
_SHORTEST = 6
"""Characters of a secret: hiding a shorter one would hide all kinds of words."""
_OWN_KEYS = frozenset({"event", "level", "logger", "timestamp", "error", "where", "_record", "_from_structlog"})
_CHATTY = ("slack_bolt", "slack_sdk", "aiohttp", "sqlalchemy", "alembic", "asyncio")


def configure(level: str, form: str, stream: TextIO | None = None, secrets: Iterable[str] = ()) -> None:
    """Set up logging for the whole process: `form` "console" or "json", on standard error unless a stream is given.

    `secrets` are in no line, wherever they come up.
    """
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if form == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_error,
        hider(secrets),
        withhold,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a room, e.g. "jumpin.watch"."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def tell_error(_logger: object, _method: str, event: Event) -> Event:
    """Replace exception details by the chain of types, Slack's or the database's error code where there is one, and the nearest places."""
    raised = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        event["error"] = " < ".join(_kinds(raised))
        event["where"] = " < ".join(_places(raised))
    return event


def withhold(_logger: object, _method: str, event: Event) -> Event:
    """Cut the event text where variable text could begin; keep ids and counts, replace every other value by its length."""
    event["event"] = _VARIABLE_PART.split(str(event.get("event", "")), maxsplit=1)[0].strip()[:120] or "…"
    for key in event.keys() - _OWN_KEYS:
        event[key] = _safe(key, event[key])
    return event


def hider(secrets: Iterable[str]) -> structlog.typing.Processor:
    """Takes these secrets out of every text of an event; it comes before anything is cut, for half of one is too much."""
    known = sorted((secret for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True)

    def hide(_logger: object, _method: str, event: Event) -> Event:
        for key, value in event.items():
            if isinstance(value, str):
                for secret in known:
                    value = value.replace(secret, "[secret]")  # noqa: PLW2901 - one after the other
                event[key] = value
        return event

    return hide


def _safe(key: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if _TOLD_OF_PEOPLE.search(key):
        return "[withheld]"
    if isinstance(value, int | float):
        return value
    text = str(value)
    if _SECRET.search(text):
        return "[secret]"
    return text if _ID_LIKE.fullmatch(text) else f"[{len(text)} characters]"


def _kinds(raised: BaseException) -> Iterator[str]:
    now: BaseException | None = raised
    for _ in range(4):
        if now is None:
            return
        code = _slack_code(now) or _database_code(now)
        yield f"{type(now).__name__}({code})" if code else type(now).__name__
        now = now.__cause__ or now.__context__


def _slack_code(raised: BaseException) -> str | None:
    response = getattr(raised, "response", None)
    data = getattr(response, "data", response)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,60}", code) else None


def _database_code(raised: BaseException) -> str | None:
    """SQLite's name of the error (SQLITE_FULL), or PostgreSQL's number of it (53100): whether it is locked, full or away."""
    code = getattr(raised, "sqlite_errorname", None) or getattr(raised, "sqlstate", None)
    return code if isinstance(code, str) and re.fullmatch(r"[A-Z0-9_]{1,40}", code) else None


def _places(raised: BaseException) -> Iterator[str]:
    for frame in reversed(traceback.extract_tb(raised.__traceback__)[-4:]):
        path = PurePath(frame.filename)
        yield f"{path.parent.name}/{path.name}:{frame.lineno} {frame.name}"
