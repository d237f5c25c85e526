"""Two replicas that see the same decision: the scenario goes to the digest once, and one DM says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from secrets import token_hex

import asyncpg  # type: ignore[import-untyped]
import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.findings import learning
from store import demotions, outbox
from tests.handlers.telling import Stage, stage
from tests.handlers.test_learning import BAIT, past


@pytest_asyncio.fixture
async def at(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"learning_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield there


async def test_of_many_at_once_one_tells(at: Stage) -> None:
    known = await at.know()
    stored = await at.hear(known, BAIT)
    await past(at, known, useful=5, useless=15)

    async def decide() -> None:
        async with at.house.store.writing() as s:
            await learning.decided(at.house, s, stored)

    async with at.house.store.reading() as s:
        before = await outbox.waiting(s)
    await asyncio.gather(*(decide() for _ in range(6)))
    async with at.house.store.reading() as s:
        assert len(await demotions.standing(s, ["U3"])) == 1
        assert await outbox.waiting(s) == before + 1
    await past(at, known, useful=20, useless=0, first=40)
    await asyncio.gather(*(decide() for _ in range(6)))
    async with at.house.store.reading() as s:
        assert await demotions.standing(s, ["U3"]) == []
        assert await outbox.waiting(s) == before + 2
