"""Dates as people write them. The library that knows them is large, and loaded when somebody has written one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def loose_date(text: str, settings: Mapping[str, Any], languages: list[str] | None = None) -> datetime | None:
    """The moment that a text means, in English unless told otherwise; `settings` are those of dateparser."""
    import dateparser  # noqa: PLC0415 - see above

    return dateparser.parse(text, languages=languages or ["en"], settings=dict(settings))
