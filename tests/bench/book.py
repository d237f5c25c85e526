"""How fast the commands answer when the deal book is full: 500 deals of 20 findings each on SQLite, from Slack's signed request on."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import sqlalchemy as sa

from bot.deal import Deal
from store import deals
from store.finding_rows import key_values, values_of
from store.records import Origin
from store.tables import FindingRow
from tests.handlers.telling import Stage, acme, stage
from tests.templates.samples import finding

DEALS, FINDINGS, OPEN, EVERY = 500, 20, 5, 10
"""Deals, findings of each, and open ones of these; one deal in so many is Riley's (U3), all are Morgan's (U4), none is Sam's (U5)."""

TIMES = 300

ASKED: dict[str, tuple[str, str, str]] = {
    "/deal-status in a rep's channel": ("U3", "", "C010"),
    "/deal-status by name, a rep of 50 deals": ("U3", "acme outfitters 250", "C9"),
    "/deal-status in a channel, leadership of all 500": ("U4", "", "C123"),
    "/deal-status by name, leadership of all 500": ("U4", "Acme Outfitters 123", "C9"),
    "/deal-status by a name that is 500 times part of one": ("U4", "outfitters", "C9"),
    "/deal-status by a misspelt name among 500": ("U4", "akme outfiters 12", "C9"),
    "/deal-status refused to somebody without a deal": ("U5", "acme", "C9"),
}
"""What is measured: who asks, what they type, where."""


async def measure() -> list[str]:
    """One line for each way to ask: the time until Slack has the answer, and the processor time of it. Slack is faked on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        async with _full(f"sqlite+aiosqlite:///{Path(folder).as_posix()}/bench.sqlite3") as at:
            return [await _asked(at, how, *what) for how, what in ASKED.items()]


async def _asked(at: Stage, how: str, user: str, text: str, channel: str) -> str:
    waits, work = [], []
    for number in range(TIMES):
        began, worked = perf_counter(), process_time()
        answer = await at.command(user, text, channel)
        waits.append((perf_counter() - began) * 1000)
        work.append((process_time() - worked) * 1000)
        assert answer["blocks"], number
    return f"{how}: {_told(waits)}; of the processor {_told(work)}"


def _told(times: list[float]) -> str:
    return f"p50 {statistics.median(times):.1f} ms, p99 {sorted(times)[round(len(times) * 0.99) - 1]:.1f} ms"


@asynccontextmanager
async def _full(url: str) -> AsyncIterator[Stage]:
    async with stage(url) as at:
        for number in range(DEALS):
            channel = f"C{number:03}"
            at.slack.channel(channel, f"impl-{number}")
            async with at.house.store.writing() as s:
                saved = await deals.save_deal(s, _deal(number), by="bench", source="bench", now=at.clock.now())
                rows = [_row(at, saved.id, channel, said) for said in range(FINDINGS)]
                await (await s.connection()).execute(sa.insert(FindingRow), rows)
        yield at


def _row(at: Stage, deal_id: int, channel: str, said: int) -> dict[str, Any]:
    ts, now = f"{1793800000 + said}.000000", at.clock.now()
    at.slack.messages[channel].append({"type": "message", "user": "U1", "text": "x", "ts": ts})
    what, origin = finding("volume-bait-and-switch"), Origin(channel, ts, "U1", now - timedelta(hours=said))
    became = {"state": "open" if said < OPEN else "used", "raised_at": now, "changed_at": now, "count": 1, "version": 1}
    return {**key_values(deal_id, what, origin), **values_of(what, origin), **became}


def _deal(number: int) -> Deal:
    rep = "U3" if number % EVERY == 0 else f"UREP{number}"
    people = [("U1", "Dana Ortiz", "customer"), ("U4", "Morgan Lee", "leadership"), (rep, "Rep", "rep")]
    named = [{"id": one, "name": name, "role": role} for one, name, role in people]
    return acme(customer=f"Acme Outfitters {number}", people=named, channels=[f"C{number:03}"])
