"""The deal book of one person: whose deals are in it, and what became of their findings."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Person
from bot.playbook.book import Gap, Tally
from handlers.findings.shelf import Shelf
from store import book, channels, deals, findings, outbox, preferences
from store.engine import Store
from tests.store.samples import NOON, acme, after, low, said

WEEK = after(days=-3)


def led_by(user_id: str, role: str = "rep") -> tuple[Person, ...]:
    return (Person(id=user_id, name="Some\"body' 100%_", role=role),)  # type: ignore[arg-type]


async def keep(s: AsyncSession, deal_id: int, ts: float, when: float = 0, **facts: Any) -> int:
    stored, _ = await findings.record(s, deal_id, low(**facts), said(ts), after(days=when))
    return stored.id


async def test_only_deals_that_one_may_see(store: Store) -> None:
    people = {"Mine": led_by("U1"), "Led": led_by("U1", "leadership"), "Customer": led_by("U1", "customer"), "Longer": led_by("U10")}
    people |= {"Named so": (Person(id="U2", name='"id":"U1"', role="rep"),), "Wild": led_by("U_")}
    async with store.writing() as s:
        ids = {
            name: (await deals.save_deal(s, acme(customer=name, people=who), by="U", source="t", now=NOON)).id
            for name, who in people.items()
        }
    async with store.reading() as s:
        assert set(await Shelf().deals_of_person(s, "U1")) == {ids["Mine"], ids["Led"]}
        assert set(await Shelf().deals_of_person(s, "U_")) == {ids["Wild"]}
        assert set(await Shelf().deals_of_person(s, "U10")) == {ids["Longer"]}
        for nobody in ("U", "%", "", "U3", '"', "\ud800", "U1\x00"):
            assert await Shelf().deals_of_person(s, nobody) == {}
        there = await Shelf().deals_of_person(s, "U1")
        known = await deals.deal_by_id(s, ids["Mine"])
    assert known is not None
    assert there[ids["Mine"]] == known.deal


async def test_findings_in_figures(store: Store) -> None:
    async with store.writing() as s:
        one = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
        other = (await deals.save_deal(s, acme(customer="Other", channels=()), by="U", source="t", now=NOON)).id
        old = await keep(s, one, 1, when=-30)
        await findings.change(s, old, "used", by="U", now=after(days=-20))
        await keep(s, one, 2, when=-30, said_per_day=(20.0, 30.0))
        newest = await keep(s, one, 3, said_per_day=(50.0, 50.0))
        for ts, state in ((4, "used"), (5, "not-an-issue"), (6, "resolved"), (7, "terms-changed")):
            await findings.change(s, await keep(s, one, ts), state, by="U", now=NOON)  # type: ignore[arg-type]
        stated = await keep(s, one, 8, scenario="volume-confirmed", urgency="log", said_per_day=(150.0, 150.0))
        await keep(s, one, 9, suppressed="vetoed")
        await keep(s, one, 10)
        await findings.withdraw(s, "CACME", said(10).ts, now=NOON)
        await keep(s, other, 11, scenario="wait-and-see", said_per_day=None, agreed_per_day=None)
    async with store.reading() as s:
        found = await book.standings(s, [one, other], WEEK)
        assert await book.standings(s, [], WEEK) == {}
        assert (await book.findings_by_id(s, [newest]))[newest].finding.said_per_day == (50.0, 50.0)
    assert found[one].tallies == (Tally("volume-bait-and-switch", 2, raised=5, used=1, not_an_issue=1, resolved=2, useful=3, decided=4),)
    assert found[one].gaps == (Gap("volume-bait-and-switch", (50.0, 50.0), 150.0, fresh=True),)
    assert (found[one].newest, found[one].stated, found[one].waiting) == (newest, stated, 2)
    assert found[other].gaps == (Gap("wait-and-see", None, None, fresh=True),)


async def test_a_figure_said_before_stands_when_it_is_said_again_without_one(store: Store) -> None:
    async with store.writing() as s:
        deal = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
        await keep(s, deal, 1, when=-30)
        await keep(s, deal, 2, said_per_day=None)
        await keep(s, deal, 3, subject="price", said_per_day=None, agreed_per_day=None)
    async with store.reading() as s:
        [standing] = (await book.standings(s, [deal], WEEK)).values()
    assert standing.gaps[0] == Gap("volume-bait-and-switch", (15.0, 15.0), 150.0, fresh=True)
    assert len(standing.gaps) == 2


async def test_events_tell_which_deals_changed(store: Store) -> None:
    async with store.writing() as s:
        one = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
        other = (await deals.save_deal(s, acme(customer="Other", channels=()), by="U", source="t", now=NOON)).id
        number = await keep(s, one, 1)
    async with store.reading() as s:
        newest, _ = await book.events_since(s, None)
        assert await book.events_since(s, newest) == (newest, frozenset())
    async with store.writing() as s:
        await findings.change(s, number, "used", by="U", now=NOON)
        for ts in range(book.LOOK_BACK + 1):
            await keep(s, other, 10 + ts)
    async with store.reading() as s:
        later, changed = await book.events_since(s, newest + book.LOOK_BACK + 1)
        assert (later, changed) == (newest + book.LOOK_BACK + 2, {other})
        assert (await book.events_since(s, newest))[1] == {one, other}


async def test_first_steps(store: Store) -> None:
    async with store.writing() as s:
        deal = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
    async with store.reading() as s:
        assert await book.begun(s, "U1", [deal]) == book.Begun(invited=False, told=False)
    async with store.writing() as s:
        await channels.note_seen(s, {"CACME": "1.000001"})
        await outbox.notify(s, f"{book.EXAMPLE}U1:5", "U1", {"what": "example"}, NOON)
        await outbox.notify(s, "other:U2", "U2", {"what": "other"}, NOON)
        for errand in await outbox.claim(s, "me", NOON, after(days=1) - NOON, 9):
            await outbox.sent(s, errand, "D1", "1.0", NOON)
    async with store.reading() as s:
        assert await book.begun(s, "U1", [deal]) == book.Begun(invited=True, told=True)
        assert await book.begun(s, "U2", []) == book.Begun(invited=False, told=False)


async def test_the_stamp_grows_with_each_change(store: Store) -> None:
    seen = []

    async def look() -> None:
        async with store.reading() as s:
            seen.append(await book.stamp(s))

    await look()
    async with store.writing() as s:
        deal = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
    await look()
    async with store.writing() as s:
        number = await keep(s, deal, 1)
    await look()
    async with store.writing() as s:
        await outbox.enqueue(s, "k", "alert", number, "U1", NOON)
    await look()
    await look()
    assert len(set(seen)) == 4
    assert seen[3] == seen[4]


async def test_dms_that_wait_for_later_are_put_off_and_nothing_else(store: Store) -> None:
    async with store.writing() as s:
        deal = (await deals.save_deal(s, acme(), by="U", source="t", now=NOON)).id
        number = await keep(s, deal, 1)
        keys = {f"alert:{number}:U1": "U1", f"alert:{number}:U2": "U2", f"alert:{number}:U1:again:3": "U1", "other": "U1"}
        for key, recipient in keys.items():
            await outbox.enqueue(s, key, "alert", number, recipient, after(hours=8))
        for key in ("away:1:U1:2", "daily:U1:2026-11-04"):
            await outbox.notify(s, key, "U1", {"what": "any"}, after(hours=8))
        assert await outbox.put_off(s, "U1", after(hours=2), NOON, notices="away:") == 2
        due = {errand.key: errand.due_at for errand in await outbox.of_finding(s, number)}
        assert due.pop(f"alert:{number}:U1") == after(hours=2)
        assert set(due.values()) == {after(hours=8)}
        told = {errand.key: errand.due_at for errand in await outbox.notices(s, "")}
        assert told == {"away:1:U1:2": after(hours=2), "daily:U1:2026-11-04": after(hours=8)}
        assert await outbox.put_off(s, "U1", NOON, after(hours=3), notices="away:") == 0


async def test_preferences_are_merged_by_their_names(store: Store) -> None:
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == {}
    for changes in ({"settings": {"a": 1}}, {"zone": "UTC"}, {"settings": {"b": "🚚"}}):
        async with store.writing() as s:
            await preferences.choose(s, "U1", changes, NOON)
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == {"settings": {"b": "🚚"}, "zone": "UTC"}
        assert await preferences.chosen_by(s, ["U1", "U2"]) == {"U1": await preferences.chosen(s, "U1")}
        assert await preferences.chosen_by(s, []) == {}


async def test_choices_made_at_once_are_all_kept(store: Store) -> None:
    async def choose(name: str) -> None:
        async with store.writing() as s:
            await preferences.choose(s, "U1", {name: True}, NOON)

    await asyncio.gather(*(choose(f"n{number}") for number in range(8)))
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == {f"n{number}": True for number in range(8)}
