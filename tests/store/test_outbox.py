"""Errands are left once, claimed by one owner at a time, taken over when a lease runs out, and finished by their owner only."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from store import outbox
from store.engine import Store
from store.records import Errand
from tests.store.samples import NOON, after, finding_id

LEASE = timedelta(seconds=60)


async def leave(store: Store, *due: float) -> int:
    """One errand for each due time (seconds after noon); the finding's id."""
    async with store.writing() as s:
        one = await finding_id(s)
        for number, seconds in enumerate(due):
            assert await outbox.enqueue(s, f"alert:{number}", "alert", one, "URILEY", after(seconds=seconds))
    return one


async def take(store: Store, owner: str, now: datetime = NOON, limit: int = 10) -> list[Errand]:
    """Claim in a transaction of its own."""
    async with store.writing() as s:
        return await outbox.claim(s, owner, now, LEASE, limit)


async def test_a_key_works_once_for_ever(store: Store) -> None:
    one = await leave(store, 0)
    async with store.writing() as s:
        assert not await outbox.enqueue(s, "alert:0", "update", one, "UOTHER", after(hours=1))
    [errand] = await take(store, "a")
    async with store.writing() as s:
        assert await outbox.sent(s, errand, "D1", "2.0", NOON)
        assert not await outbox.enqueue(s, "alert:0", "alert", one, "URILEY", NOON)
        assert await outbox.waiting(s) == 0
        assert (await outbox.ahead(s)).next is None
        [kept] = await outbox.of_finding(s, one)
    assert (kept.state, kept.channel, kept.ts, kept.owner, kept.tries, kept.recipient) == ("sent", "D1", "2.0", None, 1, "URILEY")


async def test_earliest_due_first_and_none_too_early(store: Store) -> None:
    await leave(store, 5, -10, 0, -10, 0.5)
    claimed = await take(store, "a", limit=2)
    assert [errand.key for errand in claimed] == ["alert:1", "alert:3"]
    assert [errand.key for errand in await take(store, "a")] == ["alert:2"]
    async with store.reading() as s:
        assert await outbox.waiting(s) == 5
        assert (await outbox.ahead(s)).next == after(seconds=0.5)
    assert [errand.key for errand in await take(store, "a", after(seconds=5))] == ["alert:4", "alert:0"]
    async with store.reading() as s:
        assert (await outbox.ahead(s)).next == NOON + LEASE


async def test_an_errand_has_one_owner(store: Store) -> None:
    await leave(store, 0)
    [errand] = await take(store, "a")
    assert (errand.owner, errand.state, errand.tries) == ("a", "sending", 1)
    assert await take(store, "b", after(seconds=59)) == []


async def test_many_owners_at_once_share_without_doubling(store: Store) -> None:
    await leave(store, *([0] * 40))

    async def owner(name: str) -> list[int]:
        mine: list[int] = []
        while claimed := await take(store, name, limit=3):
            mine += [errand.id for errand in claimed]
        return mine

    shares = await asyncio.gather(*(owner(name) for name in "abcd"))
    everything = [number for share in shares for number in share]
    assert sorted(everything) == sorted(set(everything))
    assert len(everything) == 40


async def test_a_lost_lease_is_taken_over_and_the_first_owner_learns_it(store: Store) -> None:
    one = await leave(store, 0)
    [lost] = await take(store, "a")
    [held] = await take(store, "b", NOON + LEASE)
    assert (held.owner, held.tries) == ("b", 2)
    async with store.writing() as s:
        assert not await outbox.sent(s, lost, "D1", "1.0", NOON)
        assert not await outbox.again(s, lost, NOON, "late")
        assert not await outbox.failed(s, lost, "late", NOON)
        assert await outbox.sent(s, held, "D1", "2.0", NOON)
        assert not await outbox.sent(s, held, "D1", "3.0", NOON)
        [kept] = await outbox.of_finding(s, one)
    assert (kept.state, kept.ts) == ("sent", "2.0")


async def test_the_same_owner_after_its_lease_is_another_claim(store: Store) -> None:
    await leave(store, 0)
    [old] = await take(store, "a")
    [new] = await take(store, "a", NOON + LEASE)
    async with store.writing() as s:
        assert not await outbox.failed(s, old, "late", NOON)
        assert await outbox.failed(s, new, "x" * 2000, NOON)
        [kept] = await outbox.of_finding(s, new.finding_id)
    assert kept.state == "failed"
    assert kept.error == "x" * 500
    assert await take(store, "a", after(days=1)) == []


async def test_again_later(store: Store) -> None:
    await leave(store, 0)
    [errand] = await take(store, "a")
    async with store.writing() as s:
        assert await outbox.again(s, errand, after(seconds=30), "ratelimited")
        assert (await outbox.ahead(s)).next == after(seconds=30)
    assert await take(store, "a", after(seconds=29)) == []
    [second] = await take(store, "b", after(seconds=30))
    assert (second.tries, second.error, second.owner) == (2, "ratelimited", "b")
    assert (second.since, second.due_at) == (errand.due_at, after(seconds=30))
    async with store.writing() as s:
        assert await outbox.again(s, second, after(seconds=90), "ratelimited")
        assert await outbox.ahead(s) == (after(seconds=90), errand.due_at)


async def test_an_errand_undone_with_its_finding(store: Store) -> None:
    async def half() -> None:
        async with store.writing() as s:
            await outbox.enqueue(s, "alert:x", "alert", await finding_id(s), "URILEY", NOON)
            raise LookupError

    try:
        await half()
    except LookupError:
        pass
    async with store.reading() as s:
        assert await outbox.waiting(s) == 0


async def test_what_another_is_just_claiming_is_passed_over(store: Store, engine: str) -> None:
    await leave(store, 0, 1, 2)
    if engine == "sqlite":  # one writing transaction after the other: the second sees what the first has claimed
        first, second = await asyncio.gather(take(store, "a", after(seconds=2), limit=2), take(store, "b", after(seconds=2)))
    else:
        async with store.writing() as s:
            first = await outbox.claim(s, "a", after(seconds=2), LEASE, 2)
            second = await asyncio.wait_for(take(store, "b", after(seconds=2)), timeout=5)
    assert [errand.key for errand in first] == ["alert:0", "alert:1"]
    assert [errand.key for errand in second] == ["alert:2"]


async def test_two_report_at_once_and_one_wins(store: Store) -> None:
    await leave(store, 0)
    [errand] = await take(store, "a")

    async def report(ts: str) -> bool:
        async with store.writing() as s:
            return await outbox.sent(s, errand, "D1", ts, NOON)

    assert sorted(await asyncio.gather(*(report(f"{n}.0") for n in range(4)))) == [False, False, False, True]


async def test_what_a_notice_is_about_can_be_altered_until_it_is_tried(store: Store) -> None:
    async with store.writing() as s:
        for number, recipient in enumerate(("URILEY", "URILEY", "UMORGAN")):
            await outbox.notify(s, f"away:1:{recipient}:{number}", recipient, {"what": "away", "findings": [number]}, after(seconds=9))
        await outbox.notify(s, "daily:1:URILEY:9", "URILEY", {"what": "daily"}, NOON)
        last = await outbox.untried_notice(s, "away:1:URILEY:", "URILEY")
        assert last is not None
        assert last.key == "away:1:URILEY:1"
        await outbox.alter(s, last.id, {"what": "away", "findings": [1, 7]}, NOON)
        assert await outbox.untried_notice(s, "away:2:URILEY:", "URILEY") is None
    claimed = {errand.key: errand for errand in await take(store, "a", after(seconds=1))}
    assert claimed["away:1:URILEY:1"].about == {"what": "away", "findings": [1, 7]}
    async with store.writing() as s:
        assert await outbox.again(s, claimed["away:1:URILEY:1"], after(seconds=2), "no answer")
        tried_are_passed_over = await outbox.untried_notice(s, "away:1:URILEY:", "URILEY")
    assert tried_are_passed_over is not None
    assert tried_are_passed_over.key == "away:1:URILEY:0"
