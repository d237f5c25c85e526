"""What is noted of channels, who linked them, and what follows a channel to its new id."""

from __future__ import annotations

import asyncio
from datetime import date

from bot.deal import Person
from bot.ledger import Agreement
from store import channels, deals, findings, notes, outbox
from store.deals import Entry, Wish
from store.engine import Store
from store.records import Linked
from store.tables import EchoRow, ExampleRow, PostRow
from tests.store.samples import NOON, acme, after, finding_id, low, said, save

BY_RILEY = Entry("URILEY", "slack", NOON)


async def test_a_note_is_made_once_and_stands_until_it_is_forgotten(store: Store) -> None:
    async def one() -> bool:
        async with store.writing() as s:
            return await notes.note(s, "archived", "C1", "UONE", NOON)

    assert sorted(await asyncio.gather(one(), one(), one())) == [False, False, True]
    async with store.writing() as s:
        assert not await notes.note(s, "archived", "C1", "UOTHER", after(hours=1))
        [note] = (await notes.of_channel(s, "C1")).values()
        assert (note.about, note.at) == ("UONE", NOON)
        assert not await notes.forget(s, "C1", "left", "gone")
        assert await notes.forget(s, "C1", "left", "archived")
        assert await notes.of_channel(s, "C1") == {}


async def test_open_questions_are_those_of_channels_without_a_deal(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s, acme(channels=()))).id
        for number, channel in enumerate(("C1", "C2", "C3")):
            await notes.note(s, "asked", channel, "URILEY", after(minutes=number))
        await notes.note(s, "asked", "C4", "UOTHER", NOON)
        await channels.link(s, deal, "C2")
        assert [note.channel for note in await notes.unanswered(s, "URILEY", NOON)] == ["C1", "C3"]
        assert [note.channel for note in await notes.unanswered(s, "URILEY", after(minutes=1))] == ["C3"]


async def test_who_linked_a_channel_is_kept_and_what_the_terms_list_nobody_links_again(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s, acme(channels=("#impl-acme",)))).id
        await channels.resolve_name(s, "#impl-acme", "CACME")
        assert not await channels.link(s, deal, "CACME", by="URILEY", at=NOON)
        assert await channels.link(s, deal, "CNEW", by="URILEY", at=NOON)
        assert not await channels.link(s, deal, "CNEW", by="UOTHER", at=after(hours=1))
        assert await channels.linked(s, "CACME") == [Linked(deal, listed=True)]
        assert await channels.linked(s, "CNEW") == [Linked(deal, "URILEY", NOON)]


async def test_two_link_at_once_and_one_link_is_made(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s, acme(channels=()))).id

    async def one(by: str) -> bool:
        async with store.writing() as s:
            return await channels.link(s, deal, "CNEW", by=by, at=NOON)

    assert sorted(await asyncio.gather(one("UONE"), one("UTWO"))) == [False, True]


async def test_a_named_channel_that_is_taken_off_is_off_the_terms(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s, acme(channels=("#impl-acme", "COTHER")))).id
        await channels.resolve_name(s, "#impl-acme", "CACME")
        assert await deals.unlink(s, deal, "CACME", BY_RILEY)
        known = await deals.deal_by_id(s, deal)
        assert known is not None
        assert (known.deal.channels, known.channels) == (("COTHER",), ("COTHER",))
        assert len(await deals.history(s, deal)) == 2


async def test_taking_a_channel_off_is_no_change_of_the_terms_to_whoever_has_them_open(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        version = await deals.terms_version(s, deal)
        await deals.unlink(s, deal, "CACME", BY_RILEY)
        wish = Wish({"billing": "weekly"}, Agreement(date(2026, 11, 9), "Riley", "Dana", None, "URILEY", NOON), version)
        assert (await deals.amend(s, deal, wish, BY_RILEY)).changed
        more = Wish({"billing": "monthly"}, wish.agreed, version)
        moved = (await deals.amend(s, deal, more, BY_RILEY)).moved
        assert [terms.deal.billing for terms in moved] == ["weekly"]


async def test_the_mark_goes_with_the_last_deal(store: Store) -> None:
    async with store.writing() as s:
        first = (await save(s)).id
        second = (await save(s, acme(customer="Beta"))).id
        await channels.note_seen(s, {"CACME": "1793811600.000100"})
        await deals.unlink(s, first, "CACME", BY_RILEY)
        await channels.forget_mark(s, "CACME")
        assert await channels.seen(s, "CACME") == "1793811600.000100"
        await deals.unlink(s, second, "CACME", BY_RILEY)
        await channels.forget_mark(s, "CACME")
        assert await channels.seen(s, "CACME") is None


async def test_all_that_is_kept_of_a_channel_follows_it_and_what_is_there_already_stays(store: Store) -> None:
    async with store.writing() as s:
        number = await finding_id(s)
        deal = (await save(s)).id
        for row in (
            EchoRow(finding_id=number, channel="CACME", ts="1.0"),
            EchoRow(finding_id=number, channel="CACME", ts="2.0"),
            EchoRow(finding_id=number, channel="CNEW", ts="2.0"),
            PostRow(finding_id=number, by="URILEY", at=NOON, text="x", channel="CACME", thread_ts="1.0"),
            *(
                ExampleRow(
                    deal_id=deal,
                    channel=channel,
                    ts=ts,
                    speaker="UDANA",
                    side="customer",
                    said_at=NOON,
                    text="x",
                    heard=[],
                    expected=[],
                    by="URILEY",
                    at=NOON,
                )
                for channel, ts in (("CACME", "1.0"), ("CACME", "2.0"), ("CNEW", "2.0"))
            ),
        ):
            s.add(row)
        await notes.note(s, "asked", "CACME", "URILEY", NOON)
        await s.flush()
        await channels.rename(s, "CACME", "CNEW", NOON)
        stored = await findings.get(s, number)
        assert stored is not None
        assert await findings.came_of(s, "CNEW", "1.0")
        assert not await findings.came_of(s, "CACME", "1.0")
        assert set(await notes.of_channel(s, "CNEW")) == {"asked"}
        assert await notes.current(s, "CACME") == "CNEW"
        assert await notes.earlier(s, "CNEW") == ["CNEW", "CACME"]
        s.expire_all()
        post = await s.get(PostRow, number)
        assert post is not None
        assert post.channel == "CNEW"


async def test_a_channel_that_goes_back_to_its_old_id_is_found(store: Store) -> None:
    async with store.writing() as s:
        for old, new in (("C1", "C2"), ("C2", "C3"), ("C3", "C1"), ("C1", "C4")):
            await channels.rename(s, old, new, NOON)
        assert {await notes.current(s, channel) for channel in ("C1", "C2", "C3", "C4")} == {"C4"}
        assert set(await notes.earlier(s, "C4")) == {"C1", "C2", "C3", "C4"}


async def test_a_message_about_two_deals_is_withdrawn_from_the_one_it_is_not_about(store: Store) -> None:
    async with store.writing() as s:
        first, second = (await save(s)).id, (await save(s, acme(customer="Beta", people=(Person(id="USAM", name="Sam", role="rep"),)))).id
        for deal in (first, second):
            stored, _ = await findings.record(s, deal, low(ambiguous=True), said(), NOON)
            assert stored.finding.ambiguous
        key = ("CACME", said().ts)
        assert [one.deal_id for one in await findings.withdraw(s, *key, now=NOON, deal_id=first)] == [first]
        assert [one.state for one in await findings.open_findings(s, second)] == ["open"]
        assert await findings.came_of(s, *key)
        await findings.withdraw(s, *key, now=NOON)
        assert not await findings.came_of(s, *key)


async def test_notices_are_found_by_the_beginning_of_their_keys(store: Store) -> None:
    async with store.writing() as s:
        for key in ("whose:C1:a", "whose:C1:b", "whose:C10:a", "whose:C_:a", "other"):
            await outbox.notify(s, key, "URILEY", {"what": "whose"}, NOON)
        assert [one.key for one in await outbox.notices(s, "whose:C1:")] == ["whose:C1:a", "whose:C1:b"]
        assert [one.key for one in await outbox.notices(s, "whose:C_:")] == ["whose:C_:a"]
        [first, *_] = await outbox.notices(s, "whose:C1:")
        assert await outbox.get(s, first.id) == first
        assert await outbox.get(s, 999) is None
