"""Scripts posted for people: one for each finding, the first one wins, and one that failed gives way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from store import outbox, posts
from store.engine import Store
from store.posts import Posted
from tests.store.samples import NOON, after, finding_id


def wish(number: int, by: str = "URILEY", text: str = "Hi Dana") -> Posted:
    return Posted(number, by, NOON, text, "CACME", "1793811601.000000")


async def failed(store: Store) -> None:
    """Whatever waits is given up."""
    async with store.writing() as s:
        for errand in await outbox.claim(s, "one", after(seconds=1), timedelta(seconds=60), 10):
            assert errand.kind == "post"
            await outbox.failed(s, errand, "not_in_channel", NOON)


async def test_the_first_one_wins_and_a_failed_one_gives_way(store: Store) -> None:
    async with store.writing() as s:
        number = await finding_id(s)
        assert await posts.of_finding(s, number) is None
        assert await posts.leave(s, wish(number)) is None
        assert await posts.leave(s, wish(number, "UMORGAN", "Hello")) == wish(number)
    await failed(store)
    async with store.writing() as s:
        assert await posts.of_finding(s, number) == replace(wish(number), state="failed")
        assert await posts.leave(s, wish(number, "UMORGAN", "Hello")) is None
        assert await posts.leave(s, wish(number)) == wish(number, "UMORGAN", "Hello")
        [errand] = await outbox.claim(s, "one", after(seconds=1), timedelta(seconds=60), 10)
        assert errand.recipient == "UMORGAN"
        await outbox.sent(s, errand, "CACME", "1793811700.000000", NOON)
        there = await posts.leave(s, wish(number))
        assert there == replace(wish(number, "UMORGAN", "Hello"), state="sent", ts="1793811700.000000")
        assert [errand.key for errand in await outbox.of_finding(s, number)] == [f"post:{number}", f"post:{number}:1"]


async def test_of_many_at_once_one_is_left(store: Store) -> None:
    async with store.writing() as s:
        number = await finding_id(s)

    async def one(by: str) -> Posted | None:
        async with store.writing() as s:
            return await posts.leave(s, wish(number, by))

    for _ in range(2):
        left = await asyncio.gather(*(one(f"U{n}") for n in range(6)))
        assert sum(before is None for before in left) == 1
        assert len({before.by for before in left if before is not None}) == 1
        await failed(store)
