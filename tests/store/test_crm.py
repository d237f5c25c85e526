"""What is kept of a CRM: records once, turns to read it, differences, and what goes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.deal import Term
from bot.ledger import Agreement
from bot.playbook.clock.history import Next, Tick
from store import clock, crm, crm_gather, crm_out, deals, findings, volumes
from store.crm_out import Leave
from store.engine import Store
from store.volume_records import Came, Line
from tests.store.samples import NOON, acme, low, said

NOW = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def values(external: str = "1", **more: Any) -> dict[str, Any]:
    basic = {"source": "hubspot", "external": external, "state": "waiting", "customer": "Acme", "stage": "7", "terms": {"values": {}}}
    return {**basic, "url": None, "owner": None, "rep": None, "modified": NOW, **more}


async def entered(store: Store, external: str = "1", **more: Any) -> int:
    async with store.writing() as s:
        assert await crm.add(s, values(external, **more), NOW)
        known = await crm.record(s, "hubspot", external)
    assert known is not None
    return known.id


async def test_a_record_is_entered_once_and_changed(store: Store) -> None:
    number = await entered(store)
    async with store.writing() as s:
        assert not await crm.add(s, values(customer="Other"), NOW)
        await crm.change(s, number, state="linked", base={"volume.committed_per_day": 500}, version=2)
    async with store.reading() as s:
        known = await crm.by_id(s, number)
        assert known is not None
        assert (known.customer, known.state, known.base, known.version) == ("Acme", "linked", {"volume.committed_per_day": 500}, 2)
        assert await crm.counts(s, "hubspot") == {"linked": 1}
        assert await crm.in_state(s, "hubspot", "waiting") == []


async def test_one_process_at_a_time_reads_the_crm(store: Store) -> None:
    async def turn(owner: str, now: datetime) -> bool:
        async with store.writing() as s:
            return await crm.take_turn(s, "hubspot", owner, now, LEASE) is not None

    assert sorted(await asyncio.gather(turn("a", NOW), turn("b", NOW))) == [False, True]
    first = "a" if await turn("a", NOW) else "b"
    other = "b" if first == "a" else "a"
    assert not await turn(other, NOW + timedelta(minutes=1))
    async with store.writing() as s:
        assert await crm.note(s, "hubspot", first, after="200", more=200)
        assert await crm.note(s, "hubspot", first, after="400", more=200)
        assert not await crm.note(s, "hubspot", other, after="9")
    assert await turn(other, NOW + timedelta(minutes=10))  # the first one died
    async with store.reading() as s:
        stands = await crm.standing(s, "hubspot")
    assert (stands.after, stands.done) == ("400", 400)


async def test_a_difference_is_noted_once_and_not_again_when_it_was_decided(store: Store) -> None:
    number = await entered(store)
    found = {"term": "test.volume_per_day", "ours": 150, "theirs": 200, "both": False}
    found |= {"ours_by": "U3", "ours_at": NOW, "theirs_by": "Sam", "theirs_at": NOW}

    async def noted(**more: Any) -> bool:
        async with store.writing() as s:
            return await crm.differ(s, number, {**found, **more}, NOW)

    assert await noted()
    assert not await noted()
    assert await noted(theirs=250)
    async with store.writing() as s:
        [one] = await crm.differences(s, number)
        assert one.theirs == 250
        assert await crm.decide(s, number, ["test.volume_per_day"], ("ours", "U3"), NOW) == 1
        assert await crm.differences(s, number) == []
    assert not await noted(theirs=250)
    assert await noted(theirs=300)
    async with store.reading() as s:
        assert [one.state for one in await crm.differences(s, number, None)] == ["replaced", "ours", "open"]


async def test_what_goes_back_is_left_once_and_done_once_in_its_order(store: Store) -> None:
    first, second = await entered(store), await entered(store, "2")
    async with store.writing() as s:
        assert await crm_out.leave(s, Leave("amendment:1", first, "amendments", {"amendment": 1}, "U3"), NOW)
        assert not await crm_out.leave(s, Leave("amendment:1", first, "amendments", {"amendment": 1}), NOW)
        assert await crm_out.leave(s, Leave("next:1", first, "milestones", {"next": 1}), NOW)
        assert await crm_out.leave(s, Leave("next:2", second, "milestones", {"next": 2}), NOW)

    async def claimed(owner: str, now: datetime = NOW) -> list[crm_out.Out]:
        async with store.writing() as s:
            return await crm_out.claim(s, "hubspot", owner, now, LEASE)

    mine = await claimed("a")
    assert [one.key for one in mine] == ["amendment:1", "next:2"]
    assert await claimed("b") == []
    later = NOW + timedelta(minutes=3)
    taken = await claimed("b", later)  # a was killed
    assert [(one.key, one.tries) for one in taken] == [("amendment:1", 2), ("next:2", 2)]
    async with store.writing() as s:
        assert not await crm_out.done(s, mine[0], "n1", later)
        assert await crm_out.done(s, taken[0], "n1", later)
        assert await crm_out.again(s, taken[1], later + timedelta(minutes=5), "busy")
    assert [one.key for one in await claimed("b", later)] == ["next:1"]
    async with store.reading() as s:
        assert await crm_out.counts(s, "hubspot") == {"done": 1, "sending": 1, "waiting": 1}
        audit = await crm_out.latest(s, "hubspot", 10)
    assert [(out.key, out.by, out.written, customer) for out, customer in audit][-1] == ("amendment:1", "U3", "n1", "Acme")


KINDS = ("amendments", "findings", "milestones", "checklists", "actuals")


async def test_what_happened_is_gathered_once_by_kind(store: Store) -> None:
    day, later = NOON.date(), NOON + timedelta(days=9)
    agreed = Agreement(day, "Riley", "Dana", None, "URILEY", NOON)
    async with store.writing() as s:
        known = await deals.save_deal(s, acme(), by="test", source="test", now=NOON)
        assert await crm.add(s, values(state="linked", deal_id=known.id), NOON - timedelta(hours=1))
        entry = deals.Entry("URILEY", "test", NOON)
        changed: dict[Term, int] = {"test.volume_per_day": 120, "test.weeks": 3}
        await deals.amend(s, known.id, deals.Wish(changed, agreed, 10**6), entry)
        delay = await clock.delay(s, known.id, "objection-too-busy", day, by="URILEY", now=NOON)
        await clock.agree_next(s, known.id, delay, Next("Call", day), by="URILEY", now=NOON)
        await clock.settle_delay(s, known.id, delay, day, by="URILEY", now=NOON)
        for key in ("exclusions", "run-rate"):
            await clock.tick(s, known.id, Tick(key, day, True, "URILEY"), NOON)
        found, _ = await findings.record(s, known.id, low(), said(), NOON)
        await findings.change(s, found.id, "used", by="URILEY", now=NOON)
    lines = [Line("", day + timedelta(days=shift), 140) for shift in range(2)]
    await volumes.take(store, Came("file", "v.csv", "test", NOON), lines, known.id)

    async def gathered(*kinds: str) -> list[Leave]:
        async with store.reading() as s:
            return await crm_gather.happened(s, "hubspot", kinds, later)

    left = await gathered(*KINDS)
    assert [one.kind for one in left] == ["amendments", "amendments", "findings", "milestones", "checklists", "actuals"]
    assert [len(one.about.get("amendments", ())) for one in left[:2]] == [2, 0]
    assert left[4].about == {"boxes": ["exclusions", "run-rate"], "day": str(day)}
    assert left[5].about == {"monday": "2026-11-02"}
    assert {one.by for one in left[:5]} == {"URILEY"}
    assert await gathered() == []
    async with store.writing() as s:
        for one in left:
            assert await crm_out.leave(s, one, later)
    assert await gathered(*KINDS) == []
    async with store.reading() as s:
        assert await crm_gather.next_step(s, left[3].about["next"]) == ("Call", day, delay)
