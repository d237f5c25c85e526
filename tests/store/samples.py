"""A deal, findings and times to store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal, Person, Volume
from bot.deal import Test as Trial
from bot.playbook.finding import Finding
from store import deals, findings
from store.records import Origin

NOON = datetime(2026, 11, 4, 17, 0, tzinfo=UTC)


def after(**much: float) -> datetime:
    """A time so much after noon."""
    return NOON + timedelta(**much)


def acme(**other: Any) -> Deal:
    """The sample deal, with what is different."""
    fields: dict[str, Any] = {
        "customer": "Acme",
        "people": (Person(id="UDANA", name="Dana", role="customer"), Person(id="URILEY", name="Riley", role="rep")),
        "volume": Volume(committed_per_day=500),
        "test": Trial(volume_per_day=150, starts=date(2026, 11, 2)),
        "channels": ("CACME",),
    }
    return Deal(**{**fields, **other})


def low(**other: Any) -> Finding:
    """A finding: 15 a day said."""
    fields: dict[str, Any] = {
        "scenario": "volume-bait-and-switch",
        "quote": "let's start with 15 a day",
        "why": "15/day is a tenth of the agreed test volume",
        "urgency": "now",
        "side": "customer",
        "phase": "test",
        "test_day": 3,
        "said_per_day": (15.0, 15.0),
        "agreed_per_day": 150.0,
        "said": "15/day",
        "agreed": "150/day",
        "rule": "per-day",
        "sure": 0.9,
    }
    return Finding(**{**fields, **other})


def said(ts: float = 1.0, channel: str = "CACME", **other: Any) -> Origin:
    """Where it was said: a message so many seconds after noon."""
    return Origin(channel, f"{1793811600 + ts:.6f}", "UDANA", after(seconds=ts), **other)


async def save(s: AsyncSession, deal: Deal | None = None, **when: float) -> deals.Saved:
    """Import a deal."""
    return await deals.save_deal(s, deal or acme(), by="URILEY", source="acme.yml", now=after(**when))


async def finding_id(s: AsyncSession, ts: float = 1.0, **other: Any) -> int:
    """A stored finding of the sample deal."""
    deal = await save(s)
    stored, _ = await findings.record(s, deal.id, low(**other), said(ts), NOON)
    return stored.id
