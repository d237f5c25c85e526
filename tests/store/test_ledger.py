"""The ledger in the store: lines are added once, never lost, and two people at once do not overwrite each other."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.deal import Amendment, Volume
from bot.deal import Test as Trial
from bot.ledger import Agreement
from store import deals
from store.deals import Amended, Disagreement, Entry, Wish
from store.engine import Store
from tests.store.samples import acme, after, save


def agreement(day: int = 9, **more: Any) -> Agreement:
    return Agreement(date(2026, 11, day), "Riley", "Dana", **more)


async def amend(store: Store, deal_id: int, version: int, by: str = "URILEY", day: int = 9, **values: Any) -> Amended:
    async with store.writing() as s:
        named = {name.replace("__", "."): value for name, value in values.items()}
        wish = Wish(named, agreement(day, by=by, at=after()), version)
        return await deals.amend(s, deal_id, wish, Entry(by, "slack", after()))


async def version(store: Store, deal_id: int) -> int:
    async with store.reading() as s:
        return await deals.terms_version(s, deal_id)


async def test_an_amendment_is_kept_with_all_that_was_agreed(store: Store) -> None:
    async with store.writing() as s:
        deal_id = (await save(s)).id
    made = await amend(store, deal_id, await version(store, deal_id), test__volume_per_day=120, billing="weekly \x00🚚")
    assert made.changed
    async with store.reading() as s:
        known = await deals.deal_by_id(s, deal_id)
        assert known is not None
        assert known.deal.amendments[0] == Amendment(
            term="test.volume_per_day", old=150, new=120, effective=date(2026, 11, 9), ours="Riley", theirs="Dana", by="URILEY", at=after()
        )
        assert known.deal.test.volume_per_day == 120
        assert known.deal.on(date(2026, 11, 8)).test.volume_per_day == 150
        assert [(terms.by, terms.source, terms.deal.test.volume_per_day) for terms in await deals.history(s, deal_id)] == [
            ("URILEY", "acme.yml", 150),
            ("URILEY", "slack", 120),
        ]
        assert await deals.deals_of_channel(s, "CACME") == [known]


async def test_the_second_of_two_at_once_is_told_and_changes_nothing(store: Store) -> None:
    async with store.writing() as s:
        deal_id = (await save(s)).id
    seen = await version(store, deal_id)
    one, other = await asyncio.gather(
        amend(store, deal_id, seen, "URILEY", test__volume_per_day=120), amend(store, deal_id, seen, "UMORGAN", test__volume_per_day=100)
    )
    first, second = sorted((one, other), key=lambda made: not made.changed)
    assert (first.changed, second.changed) == (True, False)
    assert [terms.deal.test.volume_per_day for terms in second.moved] == [first.known.deal.test.volume_per_day]
    async with store.reading() as s:
        known = await deals.deal_by_id(s, deal_id)
    assert known is not None
    assert len(known.deal.amendments) == 1


async def test_the_same_again_changes_nothing(store: Store) -> None:
    async with store.writing() as s:
        deal_id = (await save(s)).id
    seen = await version(store, deal_id)
    assert (await amend(store, deal_id, seen, test__weeks=3)).changed
    again = await amend(store, deal_id, seen, test__weeks=3)
    assert (again.changed, again.moved, len(again.known.deal.amendments)) == (False, (), 1)


async def test_what_cannot_be_leaves_nothing(store: Store) -> None:
    async with store.writing() as s:
        deal_id = (await save(s)).id
    seen = await version(store, deal_id)
    with pytest.raises(ValueError, match="at most that"):
        await amend(store, deal_id, seen, test__volume_per_day=9_999)
    with pytest.raises(LookupError):
        await amend(store, deal_id + 1, seen, test__weeks=3)
    assert await version(store, deal_id) == seen


async def test_an_import_adds_to_the_ledger_and_never_takes_away(store: Store) -> None:
    line = Amendment(term="test.volume_per_day", old=200, new=150, effective=date(2026, 10, 26), ours="Riley", theirs="Dana")
    async with store.writing() as s:
        saved = await save(s)
        assert (await save(s, acme(amendments=(line,)))).outcome == "updated"
        assert (await save(s, acme(amendments=(line,)))).outcome == "unchanged"
        assert (await save(s, acme())).outcome == "unchanged"
        assert (await save(s, acme(volume=Volume(committed_per_day=600)))).outcome == "updated"
        known = await deals.deal_by_id(s, saved.id)
        assert known is not None
        [kept] = known.deal.amendments
        assert (kept.by, kept.at, kept.old) == ("URILEY", after(), 200)


async def test_an_import_against_the_ledger_is_refused_whole(store: Store) -> None:
    async with store.writing() as s:
        deal_id = (await save(s)).id
    await amend(store, deal_id, await version(store, deal_id), test__volume_per_day=120)
    with pytest.raises(Disagreement) as refused:
        async with store.writing() as s:
            await save(s, acme(volume=Volume(committed_per_day=900)))
    [line] = refused.value.lines
    assert line.startswith("test.volume_per_day: 150 is not what the last amendment says (120)")
    async with store.writing() as s:
        assert (await save(s, acme(test=Trial(volume_per_day=120, starts=date(2026, 11, 2))))).outcome == "unchanged"


async def test_times_come_back_as_they_went_in(store: Store) -> None:
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    line = Amendment(term="services", old=None, new=[{"service": "Ground"}], effective=date(2026, 1, 1), ours="é", theirs="日本", at=at)
    async with store.writing() as s:
        saved = await save(s, acme(services=({"service": "Ground"},), amendments=(line,)))
        known = await deals.deal_by_id(s, saved.id)
    assert known is not None
    assert known.deal.amendments == (line.model_copy(update={"by": "URILEY"}),)
