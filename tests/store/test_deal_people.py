"""Which deals a person is on follows the terms, however they change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.deal import Person
from bot.ledger import Agreement
from store import channels, deal_people, deals
from store.deals import Entry, Wish
from store.engine import Store
from tests.store.samples import NOON, acme, save


def people(*roles: tuple[str, Any]) -> tuple[Person, ...]:
    return tuple(Person(id=one, name=one.title(), role=role) for one, role in roles)


async def test_only_the_own_side_finds_its_deals_by_name_and_channel(store: Store) -> None:
    both = people(
        ("URILEY", "rep"), ("UMORGAN", "leadership"), ("UANNA", "account-manager"), ("UIVAN", "implementation"), ("UDANA", "customer")
    )
    async with store.writing() as s:
        one = await save(s, acme(customer="Zeta", people=both, channels=("CZETA", "CBOTH")))
        other = await save(s, acme(customer=" Beta  Co", people=people(("URILEY", "rep")), channels=("CBOTH",)))
    async with store.reading() as s:
        assert list((await deal_people.names(s, "URILEY")).items()) == [(other.id, "beta co"), (one.id, "zeta")]
        for user in ("UMORGAN", "UANNA"):
            assert await deal_people.names(s, user) == {one.id: "zeta"}
        for user in ("UIVAN", "UDANA", "UNOBODY", ""):
            assert await deal_people.names(s, user) == {}
            assert await deal_people.in_channel(s, user, "CBOTH") == []
        assert await deal_people.in_channel(s, "URILEY", "CBOTH") == [one.id, other.id]
        assert await deal_people.in_channel(s, "UMORGAN", "CBOTH") == [one.id]
        assert await deal_people.in_channel(s, "URILEY", "CNONE") == []
        assert [known.deal.customer for known in await deals.deals_by_id(s, [one.id, other.id, 999])] == [" Beta  Co", "Zeta"]
        assert await deals.deals_by_id(s, []) == []


async def test_it_follows_changed_terms_amendments_and_links(store: Store) -> None:
    async with store.writing() as s:
        saved = await save(s)
        await save(s, acme(people=people(("UKIM", "rep"), ("URILEY", "customer"))), hours=1)
        assert await deal_people.names(s, "URILEY") == {}
        agreed = Agreement(date(2026, 11, 9), "Kim", "Dana", None, "UKIM", datetime(2026, 11, 4, tzinfo=UTC))
        version = await deals.terms_version(s, saved.id)
        made = await deals.amend(s, saved.id, Wish({"billing": "monthly"}, agreed, version), Entry("UKIM", "slack", NOON))
        assert made.changed
        assert list(await deal_people.names(s, "UKIM")) == [saved.id]
        await channels.link(s, saved.id, "CMORE")
        assert await deal_people.in_channel(s, "UKIM", "CMORE") == [saved.id]


async def test_of_somebody_named_twice_the_first_role_counts(store: Store) -> None:
    twice = people(("UDANA", "customer"), ("URILEY", "rep"), ("URILEY", "customer"), ("UDANA", "rep"))
    async with store.writing() as s:
        await save(s, acme(people=twice))
        for user in ("URILEY", "UDANA"):
            assert bool(await deal_people.names(s, user)) == acme(people=twice).may_see(user)
