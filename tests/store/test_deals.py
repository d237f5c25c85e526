"""Deals are saved once per customer, keep their history, and know their channels."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.deal import Call, Volume
from store import channels, deals
from store.deals import Entry
from store.engine import Store
from store.records import Terms, Watched
from tests.store.samples import NOON, acme, after, save


async def test_import_and_import_again(store: Store) -> None:
    more = acme(volume=Volume(committed_per_day=600))
    async with store.writing() as s:
        first = await save(s)
        assert first.outcome == "new"
        assert await save(s, hours=1) == deals.Saved(first.id, "unchanged")
        assert await save(s, more, hours=2) == deals.Saved(first.id, "updated")
    async with store.reading() as s:
        known = await deals.deal_by_id(s, first.id)
        assert known is not None
        assert known.deal == more
        assert await deals.history(s, first.id) == [
            Terms(acme(), after(), "URILEY", "acme.yml"),
            Terms(more, after(hours=2), "URILEY", "acme.yml"),
        ]


async def test_what_is_not_agreed_is_altered_on_the_deal_as_it_stands_and_nothing_of_it_is_lost(store: Store) -> None:
    async with store.writing() as s:
        number = (await save(s)).id

    async def note(hour: int) -> None:
        call = Call(at=datetime(2026, 11, 5, hour), title="status")
        async with store.writing() as s:
            made = await deals.alter(
                s, number, lambda deal: deal.model_copy(update={"calls": (*deal.calls, call)}), Entry("URILEY", "slack", after(hours=hour))
            )
        assert made is not None
        assert call in made.after.deal.calls
        assert call not in made.before.deal.calls

    await asyncio.gather(*(note(hour) for hour in range(9, 14)))
    async with store.writing() as s:
        unchanged = await deals.alter(s, number, lambda deal: deal, Entry("URILEY", "slack", after(hours=20)))
        assert unchanged is not None
        assert unchanged.after is unchanged.before
        assert await deals.alter(s, number + 1, lambda deal: deal, Entry("URILEY", "slack", after())) is None
        there = unchanged.after.deal
        assert sorted(call.at.hour for call in there.calls) == [9, 10, 11, 12, 13]
        assert there.model_copy(update={"calls": ()}) == acme()
        assert len(await deals.history(s, number)) == 6


async def test_a_customer_is_one_however_it_is_spelled(store: Store) -> None:
    async with store.writing() as s:
        first = await save(s, acme(customer="Groß  Acme"))
        assert (await save(s, acme(customer=" GROSS ACME "))).id == first.id
        assert await deals.deal_named(s, "gross acme") == (await deals.all_deals(s))[0]
        assert await deals.deal_named(s, "Acme") is None
        assert await deals.deal_by_id(s, first.id + 1) is None


async def test_all_deals_by_customer(store: Store) -> None:
    async with store.writing() as s:
        for name in ("zeta", "Beta", "alpha"):
            await save(s, acme(customer=name))
        assert [known.deal.customer for known in await deals.all_deals(s)] == ["alpha", "Beta", "zeta"]


async def test_two_imports_at_once_make_one_deal(store: Store) -> None:
    async def one() -> deals.Saved:
        async with store.writing() as s:
            return await save(s)

    saved = await asyncio.gather(one(), one(), one())
    assert len({one.id for one in saved}) == 1
    assert sorted(one.outcome for one in saved) == ["new", "unchanged", "unchanged"]


async def test_listed_channels_are_replaced_and_names_keep_their_ids(store: Store) -> None:
    async with store.writing() as s:
        saved = await save(s, acme(channels=("#impl-acme", "COLD")))
        assert await channels.unresolved_names(s) == ["#impl-acme"]
        assert (await deals.all_deals(s))[0].channels == ("COLD",)
        await channels.resolve_name(s, "Impl-Acme", "CACME")
        await save(s, acme(channels=("#impl-acme", "CNEW")))
        assert await channels.unresolved_names(s) == []
        known = await deals.deal_by_id(s, saved.id)
        assert known is not None
        assert known.channels == ("CACME", "CNEW")
        assert known.deal.channels == ("#impl-acme", "CNEW")
        assert await deals.deals_of_channel(s, "CACME") == [known]
        assert await deals.deals_of_channel(s, "COLD") == []
        await save(s, acme(channels=()))
        assert await channels.watched(s) == []


async def test_a_channel_linked_from_slack_outlives_an_import(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s, acme(channels=("CFILE",)))).id
        await channels.link(s, deal, "CSLACK")
        await channels.link(s, deal, "CSLACK")
        await save(s, acme(channels=()))
        assert [one.channel for one in await channels.watched(s)] == ["CSLACK"]
        assert await deals.unlink(s, deal, "CSLACK", Entry("URILEY", "slack", NOON))
        assert not await deals.unlink(s, deal, "CSLACK", Entry("URILEY", "slack", NOON))
        assert await channels.watched(s) == []


async def test_a_channel_of_two_deals(store: Store) -> None:
    async with store.writing() as s:
        first, second = await save(s), await save(s, acme(customer="Beta"))
        assert [known.id for known in await deals.deals_of_channel(s, "CACME")] == [first.id, second.id]
        assert await channels.watched(s) == [Watched("CACME")]


async def test_marks_only_move_forward(store: Store) -> None:
    async with store.writing() as s:
        await save(s, acme(channels=("CACME", "COTHER")))
        await channels.note_seen(s, {})
        await channels.note_seen(s, {"CACME": "0.000001"})
        await channels.note_seen(s, {"CACME": "1793811600.000100", "COTHER": "1793811600.999999"})
        await channels.note_seen(s, {"CACME": "999999999.999999", "COTHER": "1793811601.000000"})
        assert await channels.watched(s) == [Watched("CACME", "1793811600.000100"), Watched("COTHER", "1793811601.000000")]


async def test_a_channel_with_a_new_id_keeps_its_deals_and_its_mark(store: Store) -> None:
    async with store.writing() as s:
        saved = await save(s)
        await channels.note_seen(s, {"CACME": "1793811600.000100"})
        await channels.rename(s, "CACME", "CNEW", NOON)
        assert await channels.watched(s) == [Watched("CNEW", "1793811600.000100")]
        assert [known.id for known in await deals.deals_of_channel(s, "CNEW")] == [saved.id]
        assert (await save(s)).outcome == "unchanged"
        assert await deals.deals_of_channel(s, "CACME") == []


async def test_what_fails_midway_leaves_nothing(store: Store) -> None:
    async def half() -> None:
        async with store.writing() as s:
            await save(s)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half()
    async with store.reading() as s:
        assert await deals.all_deals(s) == []


@pytest.mark.parametrize("name", ["Null\x00 & Söhne", "\u202eright to left\u200b"])
async def test_any_name_can_be_stored(store: Store, name: str) -> None:
    async with store.writing() as s:
        saved = await save(s, acme(customer=name))
        known = await deals.deal_named(s, name)
        assert known is not None
        assert known.id == saved.id
