"""What is forgotten cannot be found in the database any more, not in its log or free pages either; what is not, stays."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from bot.deal import Person
from store import clock, deals, findings, forget, installation, places, retention
from store.columns import Said, Words
from store.engine import Store
from store.kept_of import kept_of
from store.records import Origin
from store.retention import Keep
from tests.store.full import SAID, fill
from tests.store.raw import bytes_in
from tests.store.samples import NOON, acme, after, low, save

NOTED = {"reason", "title", "next", "workshop"}
"""What our people typed stays as long as the deal."""


async def standing(store: Store) -> set[str]:
    """The places whose words can still be found."""
    await store.leave_no_trace()
    there = await asyncio.to_thread(bytes_in, store.url)
    return {place for place, words in SAID.items() if words.encode() in there}


async def names(store: Store, *, user: str) -> bool:
    """Whether an id can still be found."""
    await store.leave_no_trace()
    return user.encode() in await asyncio.to_thread(bytes_in, store.url)


def test_every_text_column_says_what_it_holds() -> None:
    assert places.undeclared() == [], (
        "words that somebody said want the type Said (or Noted, for what our people typed); ids, names and codes a line in store/places.py"
    )


def test_a_new_column_with_words_is_noticed() -> None:
    made = Table("letters", MetaData(), Column("id", Integer), Column("body", Words), Column("text", Said))
    assert not any(places.in_set(made.c.body, names) for names in (places.SPOKE, places.THEIRS, places.ACTED, places.CODES, places.PLAIN))
    assert places.quotes(made) == [made.c.text]


async def test_a_deleted_message_leaves_none_of_its_words(store: Store) -> None:
    deal, finding = await fill(store)
    async with store.reading() as s:
        stored = await findings.get(s, finding)
    assert stored is not None
    async with store.writing() as s:
        await findings.withdraw(s, stored.origin.channel, stored.origin.ts, now=NOON)
    await store.flush_traces()
    there = await asyncio.to_thread(bytes_in, store.url)
    assert SAID["quote"].encode() not in there
    assert SAID["why"].encode() not in there
    assert SAID["echo"].encode() in there
    async with store.reading() as s:
        shown = await clock.shown_on(s, "URILEY", NOON.date())
    assert shown["deals"][str(deal)] == [{"detail": f"{SAID['shown']}: "}]


async def test_words_go_after_their_days_and_figures_stay(store: Store) -> None:
    _, finding = await fill(store, days_ago=10)
    async with store.writing() as s:
        assert (await retention.due(s, Keep(quotes=11), NOON)).total() == 0
        gone = await retention.due(s, Keep(quotes=9), NOON)
    assert gone["findings without words"] == 1
    assert gone["examples deleted"] == 1
    assert await standing(store) == NOTED
    async with store.reading() as s:
        stored = await findings.get(s, finding)
    assert stored is not None
    assert (stored.finding.quote, stored.finding.said_per_day, stored.state) == ("", (15.0, 15.0), "open")
    async with store.writing() as s:
        assert (await retention.due(s, Keep(quotes=9), NOON)).total() == 0


async def test_findings_go_with_their_messages_after_their_days(store: Store) -> None:
    deal, finding = await fill(store, days_ago=10)
    async with store.writing() as s:
        gone = await retention.due(s, Keep(findings=9), NOON)
        assert gone["findings deleted"] == 1
        assert gone["outbox deleted"] == 2
        assert await findings.get(s, finding) is None
        assert await deals.deal_by_id(s, deal) is not None
    assert {"quote", "why", "figure", "echo", "post"}.isdisjoint(await standing(store))


async def test_the_number_of_a_finding_is_never_given_again(store: Store) -> None:
    _, first = await fill(store, days_ago=10)
    async with store.writing() as s:
        await retention.due(s, Keep(findings=9), NOON)
    _, second = await fill(store)
    assert second > first


async def test_one_of_several_processes_does_the_days_work(store: Store) -> None:
    await fill(store, days_ago=10)
    done = [await retention.daily(store, Keep(quotes=9), NOON) for _ in range(3)]
    assert [gone is not None for gone in done] == [True, False, False]
    assert await retention.daily(store, Keep(quotes=9), after(days=1)) is not None
    assert await retention.daily(store, Keep(), after(days=2)) is None


async def test_a_customer_goes_with_everything_and_the_others_stay(store: Store) -> None:
    deal, _ = await fill(store)
    other, kept = await fill(store, "Globex")
    async with store.writing() as s:
        await forget.customer(s, deal)
    async with store.reading() as s:
        assert await deals.deal_by_id(s, deal) is None
        assert await deals.deal_by_id(s, other) is not None
        assert await findings.get(s, kept) is not None
        connection = await s.connection()
        for table in places.tables():
            if "deal_id" in table.columns:
                rows = (await connection.execute(table.select())).mappings().all()
                assert all(row["deal_id"] != deal for row in rows), table.name
    there = await asyncio.to_thread(bytes_in, store.url)
    await store.leave_no_trace()
    assert b"CACME" not in await asyncio.to_thread(bytes_in, store.url)
    assert b"CGLOBEX" in there


async def test_nothing_is_left_of_the_only_customer(store: Store) -> None:
    deal, _ = await fill(store)
    async with store.writing() as s:
        await forget.customer(s, deal)
    assert await standing(store) <= {"shown", "workshop"}, "notes for the workshop are of a team, not of a customer"
    there = await asyncio.to_thread(bytes_in, store.url)
    assert b"Acme" not in there
    assert b"CACME" not in there


async def test_a_person_who_spoke_goes_with_their_words(store: Store) -> None:
    deal, finding = await fill(store)
    async with store.writing() as s:
        await forget.person(s, "UDANA")
    left = await standing(store)
    assert {"quote", "why", "figure", "echo", "example", "turn"}.isdisjoint(left)
    assert "theirs" in left, "what somebody else said on the call"
    assert not await names(store, user="UDANA")
    async with store.reading() as s:
        known, stored = await deals.deal_by_id(s, deal), await findings.get(s, finding)
    assert known is not None
    assert [one.id for one in known.deal.people] == ["URILEY"]
    assert stored is not None
    assert (stored.origin.speaker, stored.finding.said_per_day) == ("forgotten", (15.0, 15.0))


async def test_words_kept_under_a_name_or_an_address_go_with_the_person(store: Store) -> None:
    """On calls and in mails somebody is known by that alone, until the deal names them."""
    deal, _ = await fill(store)
    async with store.writing() as s:
        dana = Person(id="UDANA2", name="Dana Ortiz", role="customer", email="dana@acme.example")
        await save(s, acme(people=(*acme().people, dana)))
        for number, speaker in enumerate(("Dana Ortiz", "dana@acme.example", "Ivan Petrov"), start=1):
            where = Origin("email:7", f"{number}.000000", speaker, NOON)
            await findings.record(s, deal, low(quote=f"trickle {number} of {speaker}"), where, NOON)
    async with store.reading() as s:
        kept = json.dumps(await kept_of(s, "UDANA2"))
    assert ("trickle 1 of" in kept, "trickle 2 of" in kept, "trickle 3 of" in kept) == (True, True, False)
    async with store.writing() as s:
        await forget.person(s, "UDANA2")
    await store.leave_no_trace()
    there = await asyncio.to_thread(bytes_in, store.url)
    for gone in (b"trickle 1 of", b"trickle 2 of", b"Dana Ortiz", b"dana@acme.example"):
        assert gone not in there, gone
    assert b"trickle 3 of" in there


async def test_one_of_our_own_goes_and_their_decisions_stay_without_the_name(store: Store) -> None:
    deal, finding = await fill(store)
    async with store.writing() as s:
        await findings.change(s, finding, "used", by="URILEY", now=NOON)
        await forget.person(s, "URILEY")
    assert not await names(store, user="URILEY")
    async with store.reading() as s:
        stored, known = await findings.get(s, finding), await deals.deal_by_id(s, deal)
        [*_, last] = await findings.steps(s, finding)
    assert stored is not None
    assert known is not None
    assert (stored.state, stored.changed_by, last.by) == ("used", "forgotten", "forgotten")


async def test_everything_kept_of_a_person_is_told(store: Store) -> None:
    await fill(store)
    await fill(store, "Globex")
    async with store.reading() as s:
        rep, customer, nobody = [json.dumps(await kept_of(s, user)) for user in ("URILEY", "UDANA", "UNOBODY")]
    assert {"preferences", "asked", "told", "outbox", "posts", "happenings", "surveys", "deal_people", "deals"} <= set(json.loads(rep))
    for place in ("quote", "echo", "example", "turn"):
        assert SAID[place] in customer
    for place in ("post", "reason", "title", "next", "workshop"):
        assert SAID[place] in rep
    assert nobody == "{}"
    assert "Riley" not in customer


async def test_what_others_said_is_not_told_of_whoever_dealt_with_it(store: Store) -> None:
    _, finding = await fill(store)
    async with store.writing() as s:
        await findings.change(s, finding, "used", by="URILEY", now=NOON)
    async with store.reading() as s:
        rep, customer = [json.dumps(await kept_of(s, user)) for user in ("URILEY", "UDANA")]
    assert {"findings", "examples", "calls"} <= set(json.loads(rep)), "that they dealt with it is told"
    for place in ("quote", "why", "figure", "example", "shown", "note", "subject", "turn", "theirs"):
        assert SAID[place] not in rep, place
    for place in ("post", "reason", "title", "next", "workshop", "shown", "theirs"):
        assert SAID[place] not in customer, place


async def test_all_goes(store: Store) -> None:
    await fill(store)
    async with store.writing() as s:
        await forget.everything(s)
    assert await standing(store) == set()
    assert not await names(store, user="URILEY")


@pytest.mark.parametrize(("days", "left"), [(29, True), (31, False)])
async def test_after_the_app_is_removed_all_goes_when_the_time_of_grace_is_over(store: Store, days: int, left: bool) -> None:
    deal, _ = await fill(store)
    async with store.writing() as s:
        await installation.removed(s, NOON)
        await installation.removed(s, NOON + timedelta(days=20))
        await retention.due(s, Keep(), NOON + timedelta(days=days))
        assert (await deals.deal_by_id(s, deal) is not None) == left


async def test_an_app_that_is_installed_again_keeps_what_it_had(store: Store) -> None:
    deal, _ = await fill(store)
    async with store.writing() as s:
        await installation.removed(s, NOON)
        assert await installation.welcome_again(s)
        assert not await installation.welcome_again(s)
        await retention.due(s, Keep(), after(days=400))
        assert await deals.deal_by_id(s, deal) is not None
