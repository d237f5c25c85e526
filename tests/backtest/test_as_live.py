"""A back-test tells what the live bot tells: the same talk through the running bot and through an export."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest_asyncio

from bot.backtest.hearing import groups, hear_group
from store.sources.export import open_export
from tests.backtest.exports import OURS, THEIRS, Made
from tests.handlers.telling import Stage, acme, stage

ZONE = ZoneInfo("America/New_York")

TALK = [
    ("2026-11-04T09:20", "U1", "morning! driver was here at 4, all good"),
    ("2026-11-04T09:30", "U1", "we'd start with 10, maybe 15 boxes a day"),
    ("2026-11-04T09:31", "U3", "agreed is 150 a day"),
    ("2026-11-04T10:00", "U1", "so 10 to 15 boxes a day for now"),
    ("2026-11-04T11:00", "U1", "actually make that 4 boxes a day to start"),
    ("2026-11-04T15:00", "U2", "they only gave the driver 12 packages today"),
    ("2026-11-05T09:00", "U1", "we would start with 20 boxes a day"),
    ("2026-11-06T09:00", "U1", "ok, 150 a day from Monday, confirmed"),
    ("2026-11-06T12:00", "U1", "hmm, let's start with 15 boxes a day after all"),
    ("2026-11-07T12:00", "U1", "let's wait and see how it goes before we ramp"),
    ("2026-11-09T12:00", "U1", "as I said, let's wait and see how it goes before we ramp"),
]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def test_the_same_messages_ring_live_and_in_a_back_test(at: Stage, tmp_path: Path) -> None:
    deal = acme(channels=["#impl-acme"])
    known = await at.know(acme())
    made = Made(channels=[{"id": "C1", "name": "impl-acme"}])
    made.users = {user: {"id": user, "team_id": THEIRS if user == "U1" else OURS} for user in ("U1", "U2", "U3", "U4")}
    live: dict[str, str] = {}
    rung: set[int] = set()
    for said_at, user, text in TALK:
        there = datetime.fromisoformat(said_at)
        at.clock.ahead(seconds=(there.replace(tzinfo=ZONE).astimezone(UTC) - at.clock.now()).total_seconds())
        at.slack.clock = lambda: at.clock.now().timestamp()
        ts = await at.says(user, text)
        async with at.courier():
            await at.settle()
        made.say("impl-acme", there, user, text)
        for found in await at.all_found(known):
            if found.finding.urgency == "log":
                continue
            rang = any(one.kind == "alert" for one in await at.errands(found.id))
            if rang and found.id not in rung:
                live[text] = f"{found.finding.scenario} dm"  # its own, or one that it repeats and that had only waited
                rung.add(found.id)
            elif found.origin.ts == ts:
                live[text] = f"{found.finding.scenario} quiet"
    with open_export(made.zip(tmp_path / "export.zip")) as export:
        [group] = groups(export.rooms, [deal])
        part = hear_group(group, ZONE)
    told = {
        hit.text: f"{hit.finding.scenario} {'dm' if hit.came == 'dm' else 'quiet'}"
        for hit in part.hits
        if hit.came not in ("signal", "repeat")
    }
    assert told == live
    assert len([one for one in live.values() if one.endswith("dm")]) >= 3
