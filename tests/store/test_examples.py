"""Examples, findings raised and corrected by hand, and what is told of them later: on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from bot.playbook.finding import Finding, Raised
from store import by_hand, channels, examples, findings, looking_back
from store.engine import Store
from store.examples import Example
from store.findings import Step
from tests.store.samples import NOON, acme, after, low, said, save

BAIT: dict[str, Any] = {"scenario": "volume-bait-and-switch", "said_per_day": [15, 15]}
GAP: dict[str, Any] = {"scenario": "volume-gap"}


def example(deal: int, *right: dict[str, Any], by: str = "URILEY", text: str = "15 a day") -> Example:
    return Example(deal, said(), "customer", text, (BAIT,), right, by, NOON)


async def test_an_example_is_kept_once_and_changed_by_whoever_has_seen_it(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        assert await examples.put(s, example(deal, GAP), None) is True
        assert await examples.put(s, example(deal, GAP), None) is True
        assert await examples.put(s, example(deal, BAIT, by="U4"), None) is False
        assert await examples.put(s, example(deal, BAIT, by="U4"), (BAIT,)) is False
        assert await examples.put(s, replace(example(deal, BAIT, by="U4"), heard=()), (GAP,)) is True
    async with store.reading() as s:
        [kept] = await examples.of_deals(s)
        assert kept == example(deal, BAIT, by="U4")
        assert await examples.of_deals(s, [deal + 1]) == []
        assert await examples.settles(s, deal, kept.origin.channel, kept.origin.ts, "15 a day") is True
        assert await examples.settles(s, deal, kept.origin.channel, kept.origin.ts, "150 a day") is False
        assert await examples.settles(s, deal, kept.origin.channel, "1.0", "15 a day") is False


async def test_of_rivals_one_is_kept(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id

    async def put(number: int) -> bool:
        async with store.writing() as s:
            return await examples.put(s, example(deal, {"scenario": "volume-gap", "said_per_day": [number, number]}), None)

    assert sorted(await asyncio.gather(*map(put, range(5)))) == [False] * 4 + [True]


async def test_words_that_no_database_holds_are_still_told_apart(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        odd = example(deal, GAP, text="15\x00 a \ud800day")
        assert await examples.put(s, odd, None) is True
        assert await examples.settles(s, deal, odd.origin.channel, odd.origin.ts, odd.text) is True
        await examples.forget(s, odd.origin.channel, odd.origin.ts, unless=odd.text)
        assert len(await examples.of_deals(s)) == 1


async def test_an_example_goes_with_its_words_and_follows_its_channel(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        one = example(deal, GAP)
        await examples.put(s, one, None)
        await channels.rename(s, "CACME", "CNEW", NOON)
        assert await examples.get(s, deal, "CACME", one.origin.ts) is None
        assert await examples.get(s, deal, "CNEW", one.origin.ts) is not None
        await examples.forget(s, "CNEW", one.origin.ts, unless="15 a day")
        assert len(await examples.of_deals(s)) == 1
        await examples.forget(s, "CNEW", one.origin.ts, unless="other words")
        assert await examples.of_deals(s) == []


def hand(**other: Any) -> Finding:
    return low(rule="by hand", sure=1.0, **other)


async def test_raised_by_hand_it_bears_the_persons_name(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        stored, came = await by_hand.raise_finding(s, deal, hand(), said(), "U3", NOON)
        assert (came, stored.state, stored.changed_by) == ("raised", "open", "U3")
        again, came = await by_hand.raise_finding(s, deal, hand(), said(), "U4", after(seconds=5))
        assert (came, again) == ("there", stored)
        assert await findings.steps(s, stored.id) == [Step(None, "open", "U3", NOON)]


async def test_what_sleeps_is_woken_and_what_waits_rings(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        await findings.record(s, deal, low(urgency="digest"), said(1), NOON)
        await findings.record(s, deal, low(suppressed="vetoed"), said(2), NOON)
        for number, came in ((1, "raised"), (2, "raised"), (1, "there"), (2, "there")):
            stored, now = await by_hand.raise_finding(s, deal, hand(), said(number), "U3", after(seconds=9))
            assert (now, stored.finding.urgency, stored.state, stored.finding.suppressed) == (came, "now", "open", None)
        await findings.change(s, stored.id, "not-an-issue", by="U4", now=after(seconds=10))
        stored, now = await by_hand.raise_finding(s, deal, hand(), said(2), "U3", after(seconds=11))
        assert (now, stored.state) == ("there", "not-an-issue")


async def test_a_correction_changes_what_it_says_and_not_what_was_decided(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await findings.record(s, deal, low(), said(), NOON)
        await findings.change(s, first.id, "used", by="U4", now=after(seconds=1))
        right = hand(scenario="volume-gap", said_per_day=(80.0, 80.0))
        now = await by_hand.correct(s, first.id, right)
        assert now is not None
        assert (now.id, now.finding, now.state, now.changed_at) == (first.id, right, "used", after(seconds=1))
        assert now.version == first.version + 2
        other, _ = await findings.record(s, deal, low(), said(), NOON)
        assert await by_hand.correct(s, other.id, right) is None


async def test_nothing_is_dismissed_twice(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        first, _ = await findings.record(s, deal, low(), said(), NOON)
        gone = await by_hand.dismiss(s, first.id, "U3", after(seconds=1))
        assert gone is not None
        assert (gone.state, gone.reason, gone.changed_by) == ("not-an-issue", by_hand.READ_WRONGLY, "U3")
        assert await by_hand.dismiss(s, first.id, "U3", after(seconds=2)) is None
        assert await by_hand.dismiss(s, 999, "U3", after(seconds=2)) is None


async def test_looking_back(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        other = (await save(s, acme(customer="Other"))).id
        first, _ = await findings.record(s, deal, low(), said(1), NOON)
        await findings.record(s, other, low(), said(1), NOON)
        await findings.repeat(s, deal, low(), said(5), NOON)
        await findings.record(s, deal, low(scenario="volume-gap"), said(9), NOON)
    async with store.reading() as s:
        origin = said(1)
        assert [one.deal_id for one in await looking_back.of_message(s, origin.channel, origin.ts)] == [deal, other]
        assert [one.id for one in await looking_back.of_message(s, origin.channel, origin.ts, deal)] == [first.id]
        assert [one.id for one in await looking_back.said_again(s, deal, said(5).channel, said(5).ts)] == [first.id]
        assert await looking_back.said_again(s, other, said(5).channel, said(5).ts) == []
        before = await looking_back.raised_before(s, deal, said(9).said_at)
        assert before == [Raised("volume-bait-and-switch", None, "customer", (15.0, 15.0), "15/day")]
        assert await looking_back.muted_at(s, deal, "volume-gap", NOON) is None
