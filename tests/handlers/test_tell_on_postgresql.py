"""Several processes on one PostgreSQL: every DM once, a snooze kept by whichever is there, and one DM a day for a scenario."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from secrets import token_hex

import asyncpg  # type: ignore[import-untyped]
import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.hearing import recording
from handlers.hearing.message import Said
from templates.blocks import SNOOZE
from tests.handlers.telling import QUICK, Stage, stage, until
from tests.live.fake_slack import Fault
from tests.templates.samples import finding


@pytest_asyncio.fixture
async def at(postgres_url: str) -> AsyncIterator[Stage]:
    """A stage on a database of its own."""
    name = f"telling_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield there


async def test_three_couriers_tell_everything_once_through_troubles(at: Stage) -> None:
    quick = replace(QUICK, burst=100)
    at.slack.fail("chat.postMessage", *[Fault(status=503), Fault(cut=True, acted=True), Fault(status=500, acted=True)] * 4)
    known = await at.know()
    async with at.courier(quick), at.courier(quick), at.courier(quick):
        heard = [await at.hear(known) for _ in range(30)]
        for stored in heard:
            assert [errand.state for errand in await at.told(stored.id)] == ["sent"]
    keys = [dm["metadata"]["event_payload"]["key"] for dm in at.slack.dms("U3")]
    assert sorted(keys) == sorted(f"alert:{stored.id}:U3" for stored in heard)


async def test_a_snooze_comes_back_once(at: Stage) -> None:
    async with at.courier(), at.courier():
        stored = await at.hear(await at.know())
        await at.told(stored.id)
        await at.press("U3", {"action_id": SNOOZE, "value": str(stored.id)})
        await until(lambda: at.slack.count("chat.update") == 1)
        at.clock.ahead(days=1)
        await until(lambda: len(at.slack.dms("U3")) == 2)
        await asyncio.sleep(0.3)
    assert len(at.slack.dms("U3")) == 2


async def test_said_at_once_in_two_channels_it_rings_once(at: Stage) -> None:
    known = await at.know()

    async def heard(figure: float) -> None:
        said = Said("C1", at.slack.say("U1", "C1", "as said"), "as said", "U1")
        async with at.house.store.writing() as s:
            await recording.record(at.house, s, known, said, finding("volume-bait-and-switch", said_per_day=(figure, figure)))

    async with at.courier(), at.courier():
        await asyncio.gather(*(heard(20.0 + number / 10) for number in range(8)))  # whichever is first, none is much lower than it
        await at.settle()
    assert len(await at.all_found(known)) == 8
    assert len(at.slack.dms("U3")) == 1
