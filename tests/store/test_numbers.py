"""What the numbers are made of, as the store tells it: the lives of findings, stages, volumes, deal by deal."""

from __future__ import annotations

from array import array
from datetime import date, timedelta

import pytest

from bot.playbook.clock.survey import Survey
from bot.playbook.deeds import FEED
from bot.playbook.numbers.achieved import achieved
from bot.playbook.numbers.facts import Entered, Source, facts
from bot.playbook.numbers.lives import Life
from bot.playbook.numbers.report import numbers as all_numbers
from bot.playbook.numbers.shipped import Daily
from store import clock, deals, findings, numbers, outbox, posts, volumes
from store.engine import Store
from store.volume_records import Came, Line
from tests.bench.portfolio import TODAY, portfolio
from tests.bench.portfolio_store import fill
from tests.store.samples import NOON, acme, after, low, said, save

ZONE = "America/New_York"


async def read(store: Store, ids: list[int] | None = None) -> list[Source]:
    return [one async for some in numbers.everything(store, ZONE, after(days=1), ids) for one in some]


async def hear(store: Store, deal_id: int, ts: float, *, told: bool = True, **other: object) -> int:
    async with store.writing() as s:
        stored, _ = await findings.record(s, deal_id, low(**other), said(ts), NOON)
        if told:
            await outbox.enqueue(s, f"alert:{stored.id}", "alert", stored.id, "URILEY", NOON)
    return stored.id


async def tell(store: Store, seconds: float) -> None:
    """The courier sends what waits."""
    async with store.writing() as s:
        for errand in await outbox.claim(s, "courier", after(seconds=seconds), timedelta(minutes=1), 100):
            assert await outbox.sent(s, errand, "D1", f"{errand.id}.0", after(seconds=seconds))


async def decide(store: Store, finding: int, state: str, by: str | None, minutes: float) -> None:
    async with store.writing() as s:
        await findings.change(s, finding, state, by=by, now=after(minutes=minutes))  # type: ignore[arg-type]


async def test_the_lives_of_findings(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
    used, resolved, nothing, back, posted, waits = [await hear(store, deal, number) for number in range(1, 7)]
    await hear(store, deal, 7.0, urgency="log")
    gone = await hear(store, deal, 8.0)
    await tell(store, 9)
    late = await hear(store, deal, 90_000.0, told=False, scenario="not-ramping", said_per_day=None, agreed_per_day=None)
    await decide(store, used, "used", "URILEY", 5)
    await decide(store, used, "resolved", None, 500)
    await decide(store, resolved, "resolved", None, 6)
    await decide(store, nothing, "not-an-issue", "URILEY", 7)
    await decide(store, back, "used", "URILEY", 8)
    await decide(store, back, "open", "URILEY", 9)
    await decide(store, gone, "withdrawn", None, 10)
    async with store.writing() as s:
        wish = posts.Posted(posted, "URILEY", after(minutes=10), "hello", "CACME", said(5.0).ts)
        assert await posts.leave(s, wish) is None
    await tell(store, 660)
    [one] = await read(store)
    assert [life.id for life in one.lives] == [used, resolved, nothing, back, posted, waits, late]
    by_id = {life.id: life for life in one.lives}
    told = after(seconds=9)
    day = date(2026, 11, 4)
    assert by_id[used] == Life(
        used, "volume-bait-and-switch", after(seconds=1), day, told, after(minutes=5), used=True, useful=True, said=15.0, agreed=150.0
    )
    shown = {life.id: (life.answered_at, life.used, life.useful) for life in one.lives}
    assert shown[resolved] == (None, False, None), "a message resolved it: nobody's decision"
    assert shown[nothing] == (None, False, False)
    assert shown[back] == (None, False, None)
    assert shown[posted] == (after(minutes=11), True, True), "posted for them: it was used"
    assert shown[waits] == (None, False, None)
    assert by_id[late] == Life(late, "not-ramping", after(seconds=90_000), date(2026, 11, 5))


async def test_a_resolved_one_is_of_use_where_a_person_says_so(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
    finding = await hear(store, deal, 1)
    await decide(store, finding, "resolved", "URILEY", 5)
    [one] = await read(store)
    assert [(life.used, life.useful, life.spoken) for life in one.lives] == [(False, True, True)]


async def test_what_the_volume_feed_told_was_said_by_nobody(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id
    await hear(store, deal, 1, scenario="volume-gap", rule=FEED)
    await tell(store, 30_000)
    [one] = await read(store)
    assert [(life.spoken, life.told_at) for life in one.lives] == [(False, after(seconds=30_000))]
    assert achieved([facts(one)]).to_dm is None, "nobody waited for it"


async def test_the_portfolio_comes_out_of_the_store_as_it_went_in(store: Store) -> None:
    made = portfolio(9, 320, seed=3)
    ids = await fill(store, made)
    there = [facts(one.source) for one in made]
    found = [facts(one) async for some in numbers.everything(store, ZONE, NOON) for one in some]
    assert {one.id for one in found} == set(ids.values())
    back = {row: number for number, row in ids.items()}
    kept, wanted = all_numbers(found, TODAY), all_numbers(there, TODAY)
    for one, other in zip(kept.metrics, wanted.metrics, strict=True):
        assert (one.key, one.denominator, sorted(back[number] for number in one.counted)) == (
            other.key,
            other.denominator,
            sorted(other.counted),
        )
        assert one.numerator == pytest.approx(other.numerator)
    answered = wanted.achieved.to_answer
    assert kept.achieved.scenarios == wanted.achieved.scenarios
    assert (kept.achieved.used, kept.achieved.verdicts) == (wanted.achieved.used, wanted.achieved.verdicts)
    assert kept.achieved.recovered == pytest.approx(wanted.achieved.recovered)
    assert answered is not None
    assert kept.surveys == wanted.surveys
    assert kept.flow.months == wanted.flow.months
    assert [(one.stage, one.waiting, one.usual, one.lost) for one in kept.flow.stops] == [
        (one.stage, one.waiting, one.usual, one.lost) for one in wanted.flow.stops
    ]
    expected = [one.expected for one in wanted.forecast.horizons]
    assert [one.expected for one in kept.forecast.horizons] == pytest.approx(expected)
    assert kept.groups["trade"] != ()


async def test_stages_volumes_and_surveys_come_deal_by_deal(store: Store) -> None:
    async with store.writing() as s:
        ids = [(await deals.save_deal(s, acme(customer=f"Acme {n:02}"), by="x", source="x", now=NOON)).id for n in range(45)]
        moved = acme(customer="Acme 01", stage="closed-won")
        await deals.save_deal(s, moved, by="x", source="x", now=after(days=40))
        await deals.save_deal(s, acme(customer="Acme 01", stage="closed-won", billing="weekly"), by="x", source="x", now=after(days=50))
        await clock.record_survey(s, ids[1], Survey("nps", 9, date(2026, 11, 5), "fine", "Dana"), "form:1", by="URILEY", now=NOON)
    await volumes.take(store, Came("file", "v.csv", "URILEY", NOON), [Line("Acme 01", date(2026, 11, 2), 140, 0.98)])
    found = await read(store)
    assert [one.id for one in found] == ids, "each deal once, however many there are"
    assert found[1].stages == (Entered("implementation", date(2026, 11, 4)), Entered("closed-won", date(2026, 12, 14)))
    assert found[0].stages == (Entered("implementation", date(2026, 11, 4)),)
    assert found[1].daily == Daily(array("i", [date(2026, 11, 2).toordinal()]), array("q", [140]))
    assert found[0].daily is None, "no data is not nought"
    assert [one.score for one in found[1].surveys] == [9]
    assert {one.today for one in found} == {date(2026, 11, 5)}
    some = await read(store, [ids[44], ids[3], ids[3], 99_999])
    assert [one.id for one in some] == [ids[3], ids[44]]
    assert await read(store, []) == []
