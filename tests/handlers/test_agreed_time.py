"""Replicas whose machines show different times go by the database's: leases hold, and what one leaves the other does in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from sqlalchemy.engine import make_url

from handlers.agreed_time import OFF, AgreedTime
from handlers.clock import daily
from handlers.hearing import recording
from handlers.hearing.message import Said
from store.engine import open_store
from tests.handlers.telling import QUICK, Stage, stage, until
from tests.handlers.test_away_on_postgresql import beside, database_for
from tests.handlers.test_daily import to
from tests.live.fake_slack import rate_limited
from tests.live.test_database_away import relay
from tests.templates.samples import finding


def wrong_by(**off: float) -> Callable[[], datetime]:
    """A machine's clock."""
    return lambda: datetime.now(UTC) + timedelta(**off)


@pytest_asyncio.fixture
async def replicas(postgres_url: str) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two on one database: the clock of one is five minutes slow, that of the other five minutes fast."""
    async with AsyncExitStack() as stack:
        url = await database_for(postgres_url)
        slow = await stack.enter_async_context(stage(url))
        fast = await stack.enter_async_context(beside(slow, url))
        for replica, minutes in ((slow, -5), (fast, 5)):
            clock = AgreedTime(replica.house.store, wrong_by(minutes=minutes), replica.house.log)
            await clock.set()
            replica.house.now = clock.now
        yield slow, fast


async def test_what_one_has_in_hand_the_other_does_not_take(replicas: tuple[Stage, Stage]) -> None:
    slow, fast = replicas
    known = await slow.know()
    slow.slack.fail("chat.postMessage", rate_limited(1.5))
    async with slow.courier():
        await slow.hear(known)
        await until(lambda: slow.slack.count("chat.postMessage") == 1)
        async with fast.courier():
            await until(lambda: slow.slack.count("chat.postMessage") == 2)
            await asyncio.sleep(4 * QUICK.poll)
    assert len(slow.slack.dms("U3")) == 1


async def test_what_one_leaves_and_dies_the_other_tells_at_once(replicas: tuple[Stage, Stage]) -> None:
    slow, fast = replicas
    known = await fast.know()
    async with fast.house.store.writing() as s:
        said = Said("C1", fast.slack.say("U1", "C1", "10 a day"), "10 a day", "U1")
        stored, _ = await recording.record(fast.house, s, known, said, finding("volume-bait-and-switch"))
    assert stored is not None
    async with slow.courier():
        assert [errand.state for errand in await slow.told(stored.id)] == ["sent"]


async def test_should_their_times_differ_all_the_same_the_daily_message_comes_once(replicas: tuple[Stage, Stage]) -> None:
    """As for half a minute after the database has moved to another machine."""
    slow, fast = replicas
    await slow.know()
    for replica, minutes in ((slow, -5), (fast, 5)):
        replica.house.now = lambda minutes=minutes: slow.clock.now() + timedelta(minutes=minutes)  # type: ignore[misc]
        daily.register(None, replica.house)
    to(slow, datetime(2026, 11, 5, 14, 2, tzinfo=UTC))  # Thursday, 9:02 in New York
    async with slow.courier(), fast.courier():
        for _ in range(2):
            await asyncio.gather(daily.tick(slow.house), daily.tick(fast.house))
            await until(lambda: slow.slack.dms("U3"))
            slow.clock.ahead(minutes=5)
        await slow.settle()
    assert len(slow.slack.dms("U3")) == 1


async def test_they_agree_and_say_that_their_machines_do_not(replicas: tuple[Stage, Stage]) -> None:
    slow, fast = replicas
    assert abs(slow.house.now() - fast.house.now()) < OFF
    said = [(one["event"], one["seconds"]) for one in slow.logged if "clock" in one["event"]]
    assert [event for event, _ in said] == ["the clock of this machine differs from the database's"] * 2
    assert [round(seconds / 60) for _, seconds in said] == [-5, 5]


async def test_while_the_database_is_away_we_count_on(replicas: tuple[Stage, Stage], postgres_url: str) -> None:
    slow, _ = replicas
    address = make_url(postgres_url)
    async with relay(address.port or 0) as cable:
        store = open_store(address.set(port=cable.port).render_as_string(hide_password=False))
        clock = AgreedTime(store, wrong_by(minutes=5), slow.house.log)
        await clock.set()
        keeping = asyncio.create_task(clock.keep(every=0.02))
        await cable.pull()
        await until(lambda: any("not told" in one["event"] for one in slow.logged))
        assert abs(clock.now() - slow.house.now()) < OFF
        assert not keeping.done()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await store.close()


async def test_on_sqlite_the_machine_s_clock_holds(tmp_path: Path) -> None:
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}")
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}") as at:
        clock = AgreedTime(store, wrong_by(hours=5), at.house.log)
        await clock.set()
        assert clock.now() - datetime.now(UTC) > timedelta(hours=4)
        assert at.logged == []
    await store.close()
