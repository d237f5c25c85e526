"""A message that is heard a second time, by another process or after a restart, with more of its context known than at first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from handlers.hearing import recording
from handlers.hearing.message import Said
from store.records import KnownDeal
from tests.handlers.telling import Stage, stage
from tests.templates.samples import finding


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def hear(at: Stage, known: KnownDeal, ts: str, urgency: str) -> None:
    async with at.house.store.writing() as s:
        found = finding("objection-peak-season", urgency=urgency, said_per_day=None, agreed_per_day=None)
        await recording.record(at.house, s, known, Said("C1", ts, "after peak", "U1"), found)
    at.house.wake.set()


async def test_what_was_only_for_the_digest_at_first_rings_when_it_is_sure(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        ts = at.slack.say("U1", "C1", "after peak")
        await hear(at, known, ts, "digest")
        await at.settle()
        assert at.slack.dms("U3") == []
        for _ in range(2):
            await hear(at, known, ts, "now")
            await at.settle()
            assert len(at.slack.dms("U3")) == 1


async def test_what_rang_stays_told_when_it_is_less_sure_the_second_time(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        ts = at.slack.say("U1", "C1", "after peak")
        for urgency in ("now", "digest", "now"):
            await hear(at, known, ts, urgency)
            await at.settle()
        assert len(at.slack.dms("U3")) == 1
