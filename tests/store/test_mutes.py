"""Mutes hold until their time or until somebody ends them, and are kept."""

from __future__ import annotations

from datetime import UTC

from store import mutes
from store.engine import Store
from tests.store.samples import NOON, acme, after, save


async def test_a_mute_holds_until_its_time_and_is_kept(store: Store) -> None:
    async with store.writing() as s:
        deal, other = (await save(s)).id, (await save(s, acme(customer="Beta"))).id
        made, before = await mutes.mute(s, deal, "volume-gap", after(days=14), by="URILEY", now=NOON)
        assert before is None
        assert (made.deal_id, made.scenario, made.until, made.by, made.at) == (deal, "volume-gap", after(days=14), "URILEY", NOON)
        assert made.until.tzinfo is UTC
        assert await mutes.active(s, [deal, other], after(days=13)) == {(deal, "volume-gap"): made}
        assert await mutes.active(s, [other], after(days=13)) == {}
        assert await mutes.active(s, [], NOON) == {}
        assert await mutes.active(s, [deal], after(days=14)) == {}
        assert await mutes.end(s, made.id, by="URILEY", now=after(days=14)) is None
        assert await mutes.of_deal(s, deal) == [made]


async def test_the_same_wish_twice_is_one_mute_and_another_day_takes_its_place(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await mutes.mute(s, deal, "volume-gap", after(days=14), by="URILEY", now=NOON)
        assert await mutes.mute(s, deal, "volume-gap", after(days=14), by="UMORGAN", now=after(hours=1)) == (first, None)
        second, before = await mutes.mute(s, deal, "volume-gap", after(days=7), by="UMORGAN", now=after(hours=1))
        assert before is not None
        assert (before.id, before.ended_by, before.ended_at) == (first.id, "UMORGAN", after(hours=1))
        assert await mutes.active(s, [deal], after(hours=1)) == {(deal, "volume-gap"): second}
        assert await mutes.of_deal(s, deal) == [before, second]


async def test_ended_early_it_holds_no_more(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        made, _ = await mutes.mute(s, deal, "volume-gap", after(days=14), by="URILEY", now=NOON)
        ended = await mutes.end(s, made.id, by="UMORGAN", now=after(days=1))
        assert ended is not None
        assert (ended.ended_by, ended.ended_at) == ("UMORGAN", after(days=1))
        assert await mutes.end(s, made.id, by="URILEY", now=after(days=2)) is None
        assert await mutes.get(s, made.id) == ended
        assert await mutes.get(s, made.id + 1) is None
        assert await mutes.active(s, [deal], after(days=1)) == {}
