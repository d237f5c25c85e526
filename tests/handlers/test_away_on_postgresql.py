"""Two processes that come back from the same absence: each person has one message for a deal, whoever hears what first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.house import House
from store.engine import open_store
from tests.blank import ready
from tests.handlers.dms import LOW
from tests.handlers.telling import Stage, acme, app_of, stage
from tests.handlers.test_away import PEAK, WHY, away, caught_up, leave
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def both(postgres_url: str) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two processes on a database of their own, in one workspace."""
    url = await database_for(postgres_url)
    async with stage(url) as one, beside(one, url) as other:
        yield one, other


async def database_for(postgres_url: str, blank: str = "away_blank") -> str:
    """A new database with our tables on the test's server, copied from one that is migrated once."""
    name = f"away_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", blank):
        await connection.execute(f"CREATE DATABASE {blank}")
        await asyncio.to_thread(ready, _beside(postgres_url, blank))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {blank}")
    await connection.close()
    return _beside(postgres_url, name)


def _beside(postgres_url: str, name: str) -> str:
    return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def beside(at: Stage, url: str) -> AsyncIterator[Stage]:
    """Another process on the same database and in the same workspace."""
    store = open_store(url)
    house = House(
        store=store, slack=at.slack.client(), now=at.clock.now, log=at.house.log, own_team_id="T1", bot_user_id="UBOT", bot_id="BBOT"
    )
    try:
        yield Stage(house, at.slack, at.clock, app_of(house, at.slack), at.logged)
    finally:
        await store.close()


@pytest.mark.parametrize("slow", [(0, 0), (0.1, 0.6)])
async def test_an_absence_of_both_is_one_message(both: tuple[Stage, Stage], slow: tuple[float, float]) -> None:
    one, other = both
    await one.know(acme(channels=["C1", "C2"]))
    one.slack.channel("C2", "impl-acme-too")
    await leave(one, "C2")
    await away(one, LOW, WHY, PEAK)
    one.slack.fail("users.info", *[Fault(hang=seconds, acted=True) for seconds in slow])

    async def back(at: Stage, after: float) -> None:
        await asyncio.sleep(after)
        await caught_up(at)

    async with one.courier(), other.courier():
        await asyncio.gather(back(one, 0), back(other, slow[1] / 3))
        await one.settle()
    [told] = one.slack.dms("U3")
    assert all(words in str(told["blocks"]) for words in (LOW, WHY, PEAK))


async def test_where_slack_refuses_the_one_message_each_matter_comes_once_from_either(both: tuple[Stage, Stage]) -> None:
    one, other = both
    await one.know()
    await away(one, LOW, WHY, PEAK)
    await caught_up(one)
    one.slack.fail("chat.postMessage", Fault(error="msg_too_long"))
    async with one.courier(), other.courier():
        await one.courier_done()
    told = [str(dm["blocks"]) for dm in one.slack.dms("U3")]
    assert sorted([words for words in (LOW, WHY, PEAK) if words in dm] for dm in told) == sorted([words] for words in (LOW, WHY, PEAK))


async def test_two_things_in_one_message_ring_once_whoever_hears_it_and_whoever_tells(both: tuple[Stage, Stage]) -> None:
    one, other = both
    await one.know()
    one.clock.ahead(days=16)
    ts = one.slack.say("U1", "C1", PEAK)
    await asyncio.gather(*(at.message_event(channel="C1", user="U1", text=PEAK, ts=ts) for at in both))
    async with one.courier(), other.courier():
        await one.courier_done()
    [told] = one.slack.dms("U3")
    assert str(told["blocks"]).count("Jump in with:") == 2
