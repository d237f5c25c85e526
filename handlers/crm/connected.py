"""The CRM that the bot is connected to, and what it remembers of its people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from handlers.kept import Kept
from store.sources.crm.mapping import CrmMap
from store.sources.crm.plain import Source


@dataclass(slots=True)
class Crm:
    """A CRM with its mapping, read every so many minutes. `people`: Slack ids by email, "" where there is nobody."""

    source: Source
    mapping: CrmMap
    minutes: float = 1.0
    owner: str = field(default_factory=lambda: uuid4().hex)
    people: Kept[str, str] = field(default_factory=lambda: Kept(20_000, 3600.0))
    wake: asyncio.Event = field(default_factory=asyncio.Event)
