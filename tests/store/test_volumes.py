"""Actual volumes in the store: once per deal, day and source; corrections keep what they replace; unknown accounts wait."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.numbers.shipped import Daily
from store import volume_accounts, volume_days, volumes, volumes_touched
from store.engine import Store
from store.volume_records import Came, Counts, Import, Line
from tests.store.samples import NOON, acme, after, save

DAY = date(2026, 11, 2)


def came(source: str = "file", key: str | None = None, **when: float) -> Came:
    """An arrival so much after noon."""
    return Came(source, f"{source}.csv", "URILEY", after(**when), key)


def line(packages: int, number: int = 0, account: str = "Acme", **more: Any) -> Line:
    """A line of the so-manieth day after the first."""
    return Line(account, DAY + timedelta(days=number), packages, **more)


async def a_deal(store: Store, customer: str = "Acme") -> int:
    async with store.writing() as s:
        return (await save(s, acme(customer=customer, channels=()))).id


async def bring(store: Store, *lines: Line, of: Came | None = None, deal_id: int | None = None) -> Import:
    return await volumes.take(store, of or came(), lines, deal_id)


async def shipped(store: Store, deal_id: int, **between: date) -> Actuals | None:
    async with store.reading() as s:
        return await volumes.of_deal(s, deal_id, **between)


async def test_what_came_is_there_by_day_and_a_day_without_data_is_not(store: Store) -> None:
    acme_id, beta_id = await a_deal(store), await a_deal(store, "Beta")
    taken = await bring(store, line(148, 3), line(150, on_time=0.98, billed_right=0.99, transit_days=2.1), line(0, 1))
    assert taken.counts == Counts(new=3)
    assert taken.done
    first = Actual(DAY, 150, 0.98, 0.99, 2.1)
    assert await shipped(store, acme_id) == Actuals((first, Actual(DAY + timedelta(days=1), 0), Actual(DAY + timedelta(days=3), 148)))
    assert await shipped(store, acme_id, last=DAY) == Actuals((first,))
    assert await shipped(store, acme_id, first=DAY + timedelta(days=4)) is None
    assert await shipped(store, beta_id) is None
    async with store.reading() as s:
        assert set(await volumes.of_deals(s, [beta_id, acme_id, 99])) == {acme_id}


async def test_the_same_again_changes_nothing_and_a_correction_keeps_what_it_replaces(store: Store) -> None:
    deal = await a_deal(store)
    await bring(store, line(150), line(148, 1))
    again = await bring(store, line(150), line(148, 1), of=came(hours=1))
    assert again.counts == Counts(same=2)
    late = await bring(store, line(150), line(160, 1), of=came(hours=2))
    assert late.counts == Counts(replaced=1, same=1)
    assert await shipped(store, deal) == Actuals((Actual(DAY, 150), Actual(DAY + timedelta(days=1), 160)))
    async with store.reading() as s:
        [before] = await volumes.replaced(s, deal)
        assert (before.line.packages, before.line.day, before.replaced_by) == (148, DAY + timedelta(days=1), late)
        assert before.came_by.came == came()
        assert [one.counts for one in await volumes.imports(s)] == [late.counts, again.counts, Counts(new=2)]
        assert await volumes.replaced(s, deal, last=DAY) == []


async def test_an_arrival_with_a_key_counts_once_even_when_it_comes_late_again(store: Store) -> None:
    deal = await a_deal(store)
    first = await bring(store, line(150), of=came("hook:wms", "msg_1"))
    await bring(store, line(120), of=came("hook:wms", "msg_2", minutes=1))
    assert await bring(store, line(150), of=came("hook:wms", "msg_1", minutes=2)) == first
    assert await shipped(store, deal) == Actuals((Actual(DAY, 120),))


async def test_two_at_once_take_the_same_file(store: Store) -> None:
    deal = await a_deal(store)
    taken = await asyncio.gather(*(bring(store, *(line(150, n) for n in range(40)), of=came(key="file:F1")) for _ in range(4)))
    actuals = await shipped(store, deal)
    assert actuals is not None
    assert len(actuals.days) == 40
    async with store.reading() as s:
        assert await volumes.replaced(s, deal) == []
    assert all(one.done for one in taken)


async def test_the_most_trusted_source_counts_and_never_the_sum(store: Store) -> None:
    deal = await a_deal(store)
    await bring(store, line(150), of=came("hook:wms"))
    await bring(store, line(400), of=came("file", hours=1))
    assert await shipped(store, deal) == Actuals((Actual(DAY, 150),))
    await bring(store, line(145), of=came("hook:erp", hours=2))
    assert await shipped(store, deal) == Actuals((Actual(DAY, 145),))
    await bring(store, line(150), of=came("hook:wms", hours=3))
    assert await shipped(store, deal) == Actuals((Actual(DAY, 145),)), "the same again is no correction"
    await bring(store, line(144), of=came("pull", hours=4))
    assert await shipped(store, deal) == Actuals((Actual(DAY, 144),))


async def test_the_first_day_with_packages_is_known_however_long_ago(store: Store) -> None:
    old, new, silent = await a_deal(store), await a_deal(store, "Beta"), await a_deal(store, "Gamma")
    await bring(store, line(9, -30), line(0, 0), line(140, 1), line(150, 300), line(151, 301))
    await bring(store, line(90, 300, "Beta"), line(91, 299, "Beta"))
    async with store.reading() as s:
        found = await volumes.since_the_first(s, dict.fromkeys((old, new, silent), DAY), DAY + timedelta(days=300))
        alone = await volume_days.since_the_first(s, dict.fromkeys((old, new, silent), DAY), DAY + timedelta(days=300))
    assert [one.packages for one in found[old].days] == [140, 150, 151], "what was before the deal began is not its first day"
    assert [one.packages for one in found[new].days] == [91, 90]
    assert silent not in found
    assert alone == found


async def test_accounts_of_a_deal_add_up_and_a_line_of_the_whole_deal_is_not_added_to_them(store: Store) -> None:
    deal = await a_deal(store)
    await bring(store, line(100, account="East", on_time=1.0), line(50, account="West", on_time=0.7), deal_id=deal)
    assert await shipped(store, deal) == Actuals((Actual(DAY, 150, pytest.approx(0.9)),))
    await bring(store, line(155, account=""), deal_id=deal)
    assert await shipped(store, deal) == Actuals((Actual(DAY, 155),))


async def test_the_days_of_many_deals_at_once_are_the_same_as_one_by_one(store: Store) -> None:
    acme_id, beta_id, _ = await a_deal(store), await a_deal(store, "Beta"), await a_deal(store, "No data")
    dice = random.Random(7)
    async with store.writing() as s:
        await volume_accounts.map_account(s, "ACME, WH 2", acme_id, by="x", now=NOON)
    for source in ("file", "pull", "hook:wms", "hook:a b", "file", "pull"):
        for account, deal_id in (("Acme", None), ("ACME, WH 2", None), ("", acme_id), ("Beta", None)):
            some = [line(dice.randrange(500), number, account) for number in dice.sample(range(40), 12 if account != "Beta" else 1)]
            await bring(store, *some, of=came(source), deal_id=deal_id)
    async with store.reading() as s:
        ids = [beta_id, acme_id, 99]
        one_by_one, at_once = await volumes.of_deals(s, ids), await volume_days.packages(s, ids)
        begins, since = dict.fromkeys(ids, DAY + timedelta(days=5)), DAY + timedelta(days=25)
        few, alone = await volumes.since_the_first(s, begins, since), await volume_days.since_the_first(s, begins, since)
    assert set(at_once) == {acme_id, beta_id}
    assert at_once == {deal_id: Daily.of(actuals) for deal_id, actuals in one_by_one.items()}
    assert {number: Daily.of(days) for number, days in alone.items()} == {number: Daily.of(days) for number, days in few.items()}


async def test_unknown_accounts_wait_until_somebody_maps_them(store: Store) -> None:
    deal = await a_deal(store)
    taken = await bring(store, line(150), line(90, account="ACME WH 2"), line(95, 1, account="acme  wh 2"))
    assert taken.counts == Counts(new=1, waiting=2)
    async with store.reading() as s:
        [one] = await volume_accounts.waiting(s)
        assert (one.days, one.packages, one.first, one.last, one.sources) == (2, 185, DAY, DAY + timedelta(days=1), ("file",))
        assert await volume_accounts.waiting(s, ["other"]) == []
    async with store.writing() as s:
        moved = await volume_accounts.map_account(s, "Acme WH 2", deal, by="URILEY", now=NOON)
    assert moved == Counts(new=2)
    assert await shipped(store, deal) == Actuals((Actual(DAY, 240), Actual(DAY + timedelta(days=1), 95)))
    assert (await bring(store, line(91, account="Acme WH 2"))).counts == Counts(replaced=1)
    async with store.reading() as s:
        assert await volume_accounts.waiting(s) == []
        assert [(one.account, one.deal_id, one.by) for one in await volume_accounts.mapped(s)] == [("Acme WH 2", deal, "URILEY")]


async def test_an_account_that_was_given_to_the_wrong_deal_goes_to_the_right_one(store: Store) -> None:
    wrong, right = await a_deal(store), await a_deal(store, "Beta")
    await bring(store, line(90, account="X1"))
    for deal in (wrong, right):
        async with store.writing() as s:
            await volume_accounts.map_account(s, "X1", deal, by="URILEY", now=NOON)
    assert await shipped(store, wrong) is None
    assert await shipped(store, right) == Actuals((Actual(DAY, 90),))
    async with store.reading() as s:
        [gone] = await volumes.replaced(s, wrong)
        assert (gone.line.packages, gone.replaced_by.came.source) == (90, volume_accounts.MAPPING)


async def test_an_account_to_be_ignored_is_not_asked_about_again(store: Store) -> None:
    await bring(store, line(90, account="Own returns"))
    async with store.writing() as s:
        assert await volume_accounts.map_account(s, "Own returns", None, by="URILEY", now=NOON) == Counts(ignored=1)
    assert (await bring(store, line(91, account="own returns"))).counts == Counts(ignored=1)
    async with store.reading() as s:
        assert await volume_accounts.waiting(s) == []


@given(packages=st.one_of(st.integers(max_value=-1), st.integers(min_value=10_000_001)))
def test_a_count_that_cannot_be_is_refused(packages: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Line("Acme", DAY, packages)


async def test_a_deal_whose_volumes_changed_is_looked_at_once(store: Store) -> None:
    deal, other = await a_deal(store), await a_deal(store, "Beta")
    await bring(store, line(150), line(9, account="X1"))

    async def waiting() -> list[int]:
        async with store.reading() as s:
            return await volumes_touched.due(s, NOON, 10)

    assert await waiting() == [deal]
    async with store.writing() as s:
        assert await volumes_touched.take(s, deal, NOON)
        assert not await volumes_touched.take(s, deal, NOON)
        await volumes_touched.touch(s, [deal], after(hours=9))
    assert await waiting() == []
    await bring(store, line(150))
    assert await waiting() == [], "the same again is no change"
    async with store.writing() as s:
        await volume_accounts.map_account(s, "X1", other, by="URILEY", now=NOON)
    await bring(store, line(140))
    assert sorted(await waiting()) == [deal, other]
