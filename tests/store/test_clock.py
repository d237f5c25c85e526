"""The clock's lines in the store: entered once, read as history, withdrawn with what they came from."""

from __future__ import annotations

import asyncio
from datetime import date

from bot.playbook.clock.history import Delay, Happened, Mark, Next, OpenFinding, Own, RungMark, Stated, Tick, Told
from bot.playbook.clock.survey import Survey
from bot.playbook.finding import Finding
from store import clock, deals, findings
from store.clock_history import histories
from store.engine import Store
from store.records import KnownDeal, Origin
from tests.store.samples import NOON, acme, after, low, said, save

ZONE = "America/New_York"
TODAY = date(2026, 11, 4)


async def known(store: Store, **other: object) -> KnownDeal:
    async with store.writing() as s:
        saved = await save(s, acme(**other))
    async with store.reading() as s:
        found = await deals.deal_by_id(s, saved.id)
    assert found is not None
    return found


async def hear(store: Store, deal_id: int, finding: Finding, where: Origin) -> int:
    async with store.writing() as s:
        stored, _ = await findings.record(s, deal_id, finding, where, NOON)
    return stored.id


async def test_what_people_enter_comes_back_as_history(store: Store) -> None:
    deal = await known(store)
    async with store.writing() as s:
        assert await clock.happened(s, deal.id, Happened("email", TODAY, "sent", about="pre-kickoff"), "form:1", by="URILEY", now=NOON)
        assert not await clock.happened(s, deal.id, Happened("email", TODAY, "again", about="pre-kickoff"), "form:1", by="URILEY", now=NOON)
        assert await clock.mark(s, deal.id, Mark("kickoff", "done", TODAY, "held", "URILEY"), NOON)
        assert not await clock.mark(s, deal.id, Mark("kickoff", "done", TODAY, "held", "UMORGAN"), NOON)
        assert await clock.mark(s, deal.id, Mark("kickoff", "postponed", date(2026, 11, 9), "Dana is away", "URILEY"), NOON)
        assert await clock.rung(s, deal.id, RungMark("acknowledged", TODAY, 2, "URILEY"), NOON)
        assert await clock.tick(s, deal.id, Tick("in-threads", TODAY, by="URILEY"), NOON)
        assert await clock.tick(s, deal.id, Tick("in-threads", TODAY, done=False, by="URILEY"), NOON)
        own = Own("", "second pickup window", date(2026, 11, 12))
        assert await clock.add_own(s, deal.id, own, by="URILEY", now=NOON)
        assert not await clock.add_own(s, deal.id, own, by="URILEY", now=NOON)
        key = await clock.delay(s, deal.id, "objection-too-busy", TODAY, by="URILEY", now=NOON)
        await clock.agree_next(s, deal.id, key, Next("call with their CFO", date(2026, 11, 10)), by="URILEY", now=NOON)
    async with store.reading() as s:
        [history] = (await histories(s, [deal], ZONE)).values()
    assert history.since == TODAY
    assert history.happened == (Happened("email", TODAY, "sent", about="pre-kickoff"),)
    assert history.mark("kickoff") == Mark("kickoff", "postponed", date(2026, 11, 9), "Dana is away", "URILEY")
    assert history.rungs == (RungMark("acknowledged", TODAY, 2, "URILEY"),)
    assert [tick.done for tick in history.ticks] == [True, False]
    assert [(one.title, one.day) for one in history.own] == [("second pickup window", date(2026, 11, 12))]
    assert history.delays == (Delay(key, "objection-too-busy", TODAY, Next("call with their CFO", date(2026, 11, 10))),)
    async with store.writing() as s:
        await clock.settle_delay(s, deal.id, key, date(2026, 11, 6), by="URILEY", now=after(days=2))
    async with store.reading() as s:
        [history] = (await histories(s, [deal], ZONE)).values()
    assert history.delays == (Delay(key, "objection-too-busy", TODAY, resolved=date(2026, 11, 6)),)


async def test_what_was_heard_is_history_until_its_message_goes(store: Store) -> None:
    deal = await known(store)
    signal = low(scenario="pickup-confirmed", urgency="log", said_per_day=None, said="16:05")
    await hear(store, deal.id, signal, said(1, permalink="https://slack.example/p1"))
    waits = await hear(store, deal.id, low(scenario="wait-and-see", urgency="digest", said_per_day=None, said=None), said(2))
    rings = await hear(store, deal.id, low(), said(3))
    nothing = await hear(store, deal.id, low(scenario="objection-peak-season"), said(4))
    async with store.writing() as s:
        await findings.change(s, nothing, "not-an-issue", by="URILEY", now=NOON)
    async with store.reading() as s:
        [history] = (await histories(s, [deal], ZONE)).values()
    assert history.happened == (Happened("pickup", TODAY, "16:05", link="https://slack.example/p1", heard=True),)
    assert history.delays == (Delay(f"finding:{waits}", "wait-and-see", TODAY, finding=f"finding:{waits}"),)
    assert history.findings == (
        OpenFinding(f"finding:{waits}", "wait-and-see", TODAY, "let's start with 15 a day", waits=True),
        OpenFinding(f"finding:{rings}", "volume-bait-and-switch", TODAY, "15/day", 15.0, rings=True),
    )
    assert history.stated == Stated((15.0, 15.0), TODAY, "Dana", 150)
    async with store.writing() as s:
        for second in (1, 2, 3):
            await findings.withdraw(s, "CACME", said(second).ts, now=NOON)
    async with store.reading() as s:
        [history] = (await histories(s, [deal], ZONE)).values()
    assert (history.happened, history.delays, history.findings, history.stated) == ((), (), (), None)


async def test_the_day_is_the_customers(store: Store) -> None:
    far = await known(store, customer="Far", timezone="Asia/Tokyo")
    await hear(store, far.id, low(scenario="pickup-confirmed", urgency="log", said_per_day=None), said(1))  # noon in New York, 2:00 there
    async with store.reading() as s:
        [history] = (await histories(s, [far], ZONE)).values()
    assert [one.day for one in history.happened] == [date(2026, 11, 5)]


async def test_many_deals_at_once_and_none(store: Store) -> None:
    some = [await known(store, customer=f"Customer {number}") for number in range(3)]
    await hear(store, some[1].id, low(), said(1))
    async with store.reading() as s:
        assert await histories(s, [], ZONE) == {}
        found = await histories(s, some, ZONE)
    assert [len(found[one.id].findings) for one in some] == [0, 1, 0]


async def test_a_person_is_asked_for_once_a_day_whoever_asks(store: Store) -> None:
    async def once(*people: str) -> set[str]:
        async with store.writing() as s:
            return await clock.ask(s, [clock.Asking(person, TODAY) for person in people], NOON)

    asked = await asyncio.gather(once("URILEY", "UMORGAN", "UZOE"), once("UZOE", "URILEY"), once("UAMY", "UMORGAN"), once())
    assert sorted(person for some in asked for person in some) == ["UAMY", "UMORGAN", "URILEY", "UZOE"]
    tomorrow = date(2026, 11, 5)
    async with store.writing() as s:
        assert await clock.ask(s, [clock.Asking("URILEY", tomorrow)], after(days=1)) == {"URILEY"}
    async with store.reading() as s:
        assert await clock.last_asked(s, ["URILEY", "UMORGAN", "UNOBODY"]) == {"URILEY": tomorrow, "UMORGAN": TODAY}


async def test_what_was_told_is_kept_by_deal_and_day_and_by_the_first_who_asks(store: Store) -> None:
    one, other = await known(store), await known(store, customer="Other")
    first = clock.Asking("URILEY", TODAY, {one.id: ["kickoff", "finding:1", "kickoff"], other.id: ["kickoff"]}, {"away": 2})
    async with store.writing() as s:
        assert await clock.ask(s, [first, clock.Asking("UMORGAN", TODAY)], NOON) == {"URILEY", "UMORGAN"}
        assert await clock.ask(s, [clock.Asking("URILEY", TODAY, {one.id: ["ramp-day"]}, {"away": 3})], NOON) == set()
    async with store.reading() as s:
        assert await clock.shown_on(s, "URILEY", TODAY) == {"away": 2}
        assert await clock.shown_on(s, "URILEY", date(2026, 11, 5)) is None
        assert await clock.shown_on(s, "UMORGAN", TODAY) is None
        assert await clock.people_told(s, other.id, TODAY) == [("URILEY", TODAY)]
        assert await clock.people_told(s, other.id, date(2026, 11, 5)) == []
        told = await clock.told(s, [one.id])
    assert sorted(told[one.id], key=lambda item: item.key) == [Told("finding:1", TODAY, "URILEY"), Told("kickoff", TODAY, "URILEY")]


async def test_surveys_are_kept_in_the_customers_words(store: Store) -> None:
    deal = await known(store)
    async with store.writing() as s:
        await clock.record_survey(s, deal.id, Survey("nps", 9, TODAY, "drivers are great", "Dana"), "form:1", by="URILEY", now=NOON)
        await clock.record_survey(s, deal.id, Survey("survey", 4, date(2026, 11, 2)), "form:2", by="URILEY", now=NOON)
    async with store.reading() as s:
        assert await clock.surveys(s, [deal.id]) == {
            deal.id: [Survey("survey", 4, date(2026, 11, 2)), Survey("nps", 9, TODAY, "drivers are great", "Dana")]
        }


async def test_an_answer_of_one_form_is_kept_once_whoever_comes_first(store: Store) -> None:
    deal = await known(store)
    answer = Survey("survey", 4, TODAY, "fine", "Dana")

    async def keep() -> int | None:
        async with store.writing() as s:
            return await clock.record_survey(s, deal.id, answer, "form:1", by="URILEY", now=NOON)

    numbers = [one for one in await asyncio.gather(*(keep() for _ in range(5))) if one is not None]
    assert len(numbers) == 1
    async with store.reading() as s:
        assert await clock.survey(s, numbers[0]) == (answer, "URILEY")
        assert await clock.survey(s, numbers[0] + 1) is None
        assert await clock.surveys(s, [deal.id]) == {deal.id: [answer]}


async def test_the_dates_given_out_last_are_kept_by_deal(store: Store) -> None:
    one, other = await known(store), await known(store, customer="Other")
    async with store.writing() as s:
        await clock.give_dates(s, one.id, {"ramp-day": (TODAY, 0, False), "review-30": (TODAY, 2, False)})
        await clock.give_dates(s, one.id, {"ramp-day": (date(2026, 11, 5), 1, True)})
    async with store.reading() as s:
        assert await clock.given_dates(s, one.id) == {"ramp-day": (date(2026, 11, 5), 1, True), "review-30": (TODAY, 2, False)}
        assert await clock.given_dates(s, other.id) == {}
