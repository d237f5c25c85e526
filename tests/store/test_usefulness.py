"""Of what use findings were, by deal and lately over a person's deals; demotions and preferences: on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Person
from bot.playbook.usefulness import Usefulness
from store import demotions, findings, preferences, usefulness
from store.engine import Store
from store.findings import Turn, turn
from store.records import FindingState
from store.tables import FindingRow
from tests.store.samples import NOON, acme, after, low, said, save

BAIT, GAP = "volume-bait-and-switch", "volume-gap"


async def decide(
    s: AsyncSession, deal_id: int, number: int, state: FindingState, scenario: str = BAIT, *, by: str | None = "URILEY"
) -> int:
    stored, _ = await findings.record(s, deal_id, low(scenario=scenario), said(number), NOON)
    if state != "open":
        row = await s.get(FindingRow, stored.id)
        assert row is not None
        turn(s, row, Turn(state, by), after(seconds=number))
        await s.flush()
    return stored.id


async def test_only_what_somebody_decided_counts(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
        states: list[FindingState] = ["used", "terms-changed", "escalated", "not-an-issue", "open", "snoozed", "withdrawn", "suppressed"]
        for number, state in enumerate(states):
            await decide(s, deal, number, state)
        await decide(s, deal, 20, "resolved")
        await decide(s, deal, 21, "resolved", by=None)
        await decide(s, deal, 30, "not-an-issue", GAP)
    async with store.reading() as s:
        assert await usefulness.of_deals(s, [deal]) == {(deal, BAIT): Usefulness(4, 5), (deal, GAP): Usefulness(0, 1)}
        assert await usefulness.of_deals(s, []) == {}
        assert await usefulness.of_deals(s, [deal + 1]) == {}


async def test_lately_are_the_decisions_made_last_over_all_of_these_deals(store: Store) -> None:
    async with store.writing() as s:
        one, other = (await save(s)).id, (await save(s, acme(customer="Other"))).id
        stranger = (await save(s, acme(customer="Stranger"))).id
        for number in range(15):
            await decide(s, one, number, "not-an-issue")
            await decide(s, stranger, number, "not-an-issue")
        for number in range(15, 30):
            await decide(s, other, number, "used")
        await decide(s, one, 40, "used", GAP)
    async with store.reading() as s:
        assert await usefulness.lately(s, [one, other]) == {BAIT: Usefulness(15, 20), GAP: Usefulness(1, 1)}
        assert await usefulness.lately(s, [one, other], BAIT, last=30) == {BAIT: Usefulness(15, 30)}
        assert await usefulness.lately(s, [one], GAP) == {GAP: Usefulness(1, 1)}
        assert await usefulness.lately(s, []) == {}


async def test_the_deals_that_name_somebody(store: Store) -> None:
    async with store.writing() as s:
        one = (await save(s)).id
        await save(s, acme(customer="URILEY of all names", people=(Person(id="UX", name='"id":"URILEY"', role="rep"),)))
    async with store.reading() as s:
        assert [number for number, _ in await usefulness.deals_naming(s, "URILEY")] == [one]
        assert await usefulness.deals_naming(s, "U%") == []
        assert await usefulness.deals_naming(s, "") == []


async def test_decided_over_the_deals_that_name_somebody_is_what_was_decided_in_those_deals(store: Store) -> None:
    async with store.writing() as s:
        one = (await save(s)).id
        other = (await save(s, acme(customer="Other", people=(Person(id="UX", name="X", role="rep"),)))).id
        for number in range(3):
            await decide(s, one, number, "used" if number else "not-an-issue")
        await decide(s, other, 9, "used")
    async with store.reading() as s:
        assert await usefulness.decided_naming(s, "URILEY", BAIT) == (3, False)
        assert await usefulness.decided_naming(s, "URILEY", GAP) == (0, False)
        assert await usefulness.decided_naming(s, "U%", BAIT) == (0, False)
    async with store.writing() as s:
        begun = await demotions.begin(s, "URILEY", BAIT, Usefulness(9, 20), NOON)
        assert await usefulness.decided_naming(s, "URILEY", BAIT) == (3, True)
        assert await usefulness.decided_naming(s, "URILEY", GAP) == (0, False)
        await demotions.end(s, begun.id, NOON)
        assert await usefulness.decided_naming(s, "URILEY", BAIT) == (3, True)


async def test_a_demotion_begins_and_ends_once(store: Store) -> None:
    async with store.writing() as s:
        assert await demotions.of(s, "URILEY", BAIT) == []
        first = await demotions.begin(s, "URILEY", BAIT, Usefulness(9, 20), NOON)
        assert await demotions.of(s, "URILEY", BAIT) == [first]
        assert await demotions.standing(s, ["URILEY", "U2"]) == [first]
        assert await demotions.end(s, first.id, after(days=2)) is True
        assert await demotions.end(s, first.id, after(days=3)) is False
    async with store.reading() as s:
        assert await demotions.standing(s, ["URILEY"]) == []
        ended = await demotions.get(s, first.id)
        assert ended is not None
        assert (ended.ended_at, ended.usefulness) == (after(days=2), Usefulness(9, 20))
        assert await demotions.standing(s, ["URILEY"], after(days=1)) == [ended]
        assert await demotions.standing(s, ["URILEY"], after(days=-1)) == []
        assert await demotions.standing(s, ["URILEY"], after(days=2)) == []
        assert await demotions.get(s, 999) is None


async def test_preferences_are_merged_by_name(store: Store) -> None:
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == {}
    async with store.writing() as s:
        chosen = {"tone": "warm", "scenarios": {BAIT: "dm"}}
        assert await preferences.choose(s, "U1", chosen, NOON) == chosen
        await preferences.choose(s, "U1", {"scenarios": {GAP: "digest"}}, after(hours=1))
        await preferences.choose(s, "U1", {}, after(hours=2))
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == {"tone": "warm", "scenarios": {GAP: "digest"}}
        assert await preferences.chosen(s, "U2") == {}


async def test_what_is_chosen_counts_at_once(store: Store) -> None:
    async with store.writing() as s:
        for tone in ("warm", "plain"):
            assert (await preferences.chosen(s, "U1")).get("tone") != tone
            await preferences.choose(s, "U1", {"tone": tone}, NOON)
            assert await preferences.chosen(s, "U1") == {"tone": tone}


async def test_two_who_choose_at_once_lose_nothing(store: Store) -> None:
    async def choose(name: str) -> None:
        async with store.writing() as s:
            await preferences.choose(s, "U1", {name: 1}, NOON)

    await asyncio.gather(*(choose(name) for name in "abcdef"))
    async with store.reading() as s:
        assert await preferences.chosen(s, "U1") == dict.fromkeys("abcdef", 1)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_index_serves_the_question(store: Store) -> None:
    async with store.reading() as s:
        which = "deal_id IN (1, 2) AND scenario = 'x' AND state IN ('used', 'not-an-issue')"
        rows = (await (await s.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT count(*) FROM findings WHERE {which}")).all()
    assert "ix_findings_deal_id_scenario_state_changed_at" in str(rows)
