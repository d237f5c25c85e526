"""What was told to whom, of one matter, since when."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from store import finding_list, findings, outbox, tellings
from store.engine import Store
from store.finding_list import Wanted
from store.tellings import Matter
from tests.store.samples import NOON, acme, after, finding_id, low, said, save


async def alert(s: AsyncSession, finding: int, recipient: str = "URILEY", **when: float) -> None:
    await outbox.enqueue(s, f"alert:{finding}:{recipient}", "alert", finding, recipient, after(**when))


async def test_what_is_sent_or_on_its_way_counts_and_what_failed_does_not(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        ids = [await finding_id(s, ts=ts) for ts in (1, 2, 3, 4)]
        for number in ids:
            await alert(s, number)
        early, late, lost, _ = await outbox.claim(s, "courier", NOON, timedelta(minutes=1), 4)
        await outbox.sent(s, early, "D1", "1.0", after(hours=1))
        await outbox.sent(s, late, "D1", "2.0", after(hours=3))
        await outbox.failed(s, lost, "not-allowed", after(hours=3))
        matter = Matter(deal, "volume-bait-and-switch")
        told = await tellings.told(s, matter, after(hours=2))
        assert [(one.found.id, one.errand.recipient, one.at) for one in told] == [
            (ids[1], "URILEY", after(hours=3)),
            (ids[3], "URILEY", None),
        ]
        assert [one.found.id for one in await tellings.told(s, matter, NOON)] == [ids[0], ids[1], ids[3]]


async def test_another_scenario_subject_or_deal_is_another_matter(store: Store) -> None:
    async with store.writing() as s:
        deal, other = (await save(s)).id, (await save(s, acme(customer="Beta"))).id
        price, _ = await findings.record(s, deal, low(scenario="contradiction", subject="price"), said(1), NOON)
        pickup, _ = await findings.record(s, deal, low(scenario="contradiction", subject="pickup"), said(1), NOON)
        elsewhere, _ = await findings.record(s, other, low(scenario="contradiction", subject="price"), said(1), NOON)
        for found in (price, pickup, elsewhere):
            await alert(s, found.id)
            assert [one.found.id for one in await tellings.told(s, Matter.of(found), NOON)] == [found.id]
            assert [one.id for one in await tellings.for_a_dm(s, Matter.of(found), NOON)] == [found.id]


async def test_fit_for_a_message_is_what_is_sure_and_stands(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        kept = await finding_id(s, ts=1)
        await finding_id(s, ts=2, urgency="digest")
        await finding_id(s, ts=3, suppressed="muted")
        await finding_id(s, ts=4)
        await findings.withdraw(s, "CACME", said(4).ts, now=NOON)
        matter = Matter(deal, "volume-bait-and-switch")
        assert [one.id for one in await tellings.for_a_dm(s, matter, NOON)] == [kept]
        assert await tellings.for_a_dm(s, matter, after(seconds=1)) == []


async def test_the_list_is_paged_filtered_and_newest_first(store: Store) -> None:
    async with store.writing() as s:
        deal, other = (await save(s)).id, (await save(s, acme(customer="Beta"))).id
        ids = [await finding_id(s, ts=ts) for ts in range(1, 8)]
        await findings.change(s, ids[2], "used", by="URILEY", now=NOON)
        gap, _ = await findings.record(s, other, low(scenario="volume-gap"), said(20), NOON)
        await findings.record(s, deal, low(scenario="volume-confirmed", urgency="log"), said(21), NOON)
        await findings.record(s, deal, low(scenario="wait-and-see", suppressed="vetoed"), said(22), NOON)
        muted, _ = await findings.record(s, deal, low(scenario="wait-and-see", suppressed="muted"), said(23), NOON)

        async def listed(first: int = 0, most: int = 100, **what: object) -> tuple[list[int], int]:
            wanted = Wanted(**({"deal_ids": [deal, other]} | what))  # type: ignore[arg-type]
            found, count = await finding_list.page(s, wanted, first=first, most=most)
            return [one.id for one in found], count

        newest = [muted.id, gap.id, *reversed(ids)]
        assert await listed() == (newest, 9)
        assert await listed(first=2, most=3) == (newest[2:5], 9)
        assert await listed(first=100) == ([], 9)
        assert await listed(deal_ids=[other]) == ([gap.id], 1)
        assert await listed(deal_ids=[]) == ([], 0)
        assert await listed(state="used") == ([ids[2]], 1)
        assert await listed(state="suppressed") == ([muted.id], 1)
        assert await listed(scenario="volume-gap") == ([gap.id], 1)
        assert await listed(since=after(seconds=20)) == ([muted.id, gap.id], 2)
        assert await listed(before=after(seconds=2)) == ([ids[0]], 1)
