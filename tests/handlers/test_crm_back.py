"""What happened goes back to the CRM: once, in its order, in our words, and never over what somebody changed there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.ledger import Agreement
from bot.playbook.clock.history import Next, Tick
from handlers.crm import reading, sending
from handlers.crm.connected import Crm
from store import clock, crm_out, deals, findings, volumes
from store.deals import Entry, Wish
from store.records import KnownDeal
from store.sources.crm.mapping import KINDS, Kind
from store.sources.crm.plain import Away, CrmTrouble, KeyRefused
from store.volume_records import Came, Line
from templates.crm import KEEP
from tests.crm.fakes import Answer, Fault
from tests.handlers.crm_office import MAP, Office
from tests.handlers.dms import shown


async def the_deal(office: Office, *kinds: Kind, quotes: bool = False) -> KnownDeal:
    """The confirmed deal of Harbor Goods, with these kinds going back."""
    await office.confirmed()
    office.crm.mapping = replace(MAP, send=frozenset(kinds), quotes=quotes)
    async with office.at.house.store.reading() as s:
        known = await deals.deal_named(s, "Harbor Goods")
    assert known is not None
    return known


async def amend(office: Office, known: KnownDeal, **values: Any) -> None:
    agreed = Agreement(date(2026, 11, 4), "Riley Chen", "Dana Ortiz", "https://slack.example/p1", "U3", office.at.clock.now())
    async with office.at.house.store.writing() as s:
        wish = Wish({name.replace("__", "."): value for name, value in values.items()}, agreed, 10**6)  # type: ignore[misc]
        await deals.amend(s, known.id, wish, Entry("U3", "slack", office.at.clock.now()))


async def states(office: Office) -> dict[str, int]:
    async with office.at.house.store.reading() as s:
        return await crm_out.counts(s, "hubspot")


async def test_amendments_that_were_agreed_at_once_make_one_note(office: Office) -> None:
    known = await the_deal(office, "amendments")
    assert await office.writes() == 0
    await amend(office, known, test__volume_per_day=200, test__weeks=3)
    assert await office.writes() == 1
    [note] = office.fake.notes("note")
    for said in ("Terms have changed", "Test volume: 150/day → 200/day", "Dana Ortiz", "Riley Chen", "4 Nov 2026", "Written by Jump-In"):
        assert said in note["text"], said
    assert await office.writes() == 0
    assert len(office.fake.notes("note")) == 1
    async with office.at.house.store.reading() as s:
        audit = await crm_out.latest(s, "hubspot", 10)
    assert (audit[-1][0].by, audit[-1][0].state, audit[-1][0].written, audit[-1][1]) == ("U3", "done", note["id"], "Harbor Goods")


@pytest.mark.parametrize("quotes", [False, True])
async def test_a_finding_that_was_used_goes_back_and_quotes_only_when_switched_on(office: Office, quotes: bool) -> None:
    known = await the_deal(office, "findings", quotes=quotes)
    stored = await office.at.hear(known)
    assert await office.writes() == 0
    async with office.at.house.store.writing() as s:
        await findings.change(s, stored.id, "used", by="U3", now=office.at.clock.now())
    assert await office.writes() == 0  # it can still be taken back
    office.at.clock.ahead(minutes=3)
    assert await office.writes() == 1
    [note] = office.fake.notes("note")
    assert "Jumped in" in note["text"]
    assert (stored.finding.quote[:20] in note["text"]) is quotes
    assert "for Riley Chen" in note["text"]


async def test_a_press_that_was_taken_back_is_not_told(office: Office) -> None:
    known = await the_deal(office, "findings")
    stored = await office.at.hear(known)
    async with office.at.house.store.writing() as s:
        await findings.change(s, stored.id, "used", by="U3", now=office.at.clock.now())
        await findings.change(s, stored.id, "open", by="U3", now=office.at.clock.now())
    office.at.clock.ahead(minutes=3)
    assert await office.writes() == 0


async def test_the_next_milestone_after_an_objection_is_a_task_with_its_day(office: Office) -> None:
    known = await the_deal(office, "milestones")
    async with office.at.house.store.writing() as s:
        key = await clock.delay(s, known.id, "objection-too-busy", date(2026, 11, 4), by="U3", now=office.at.clock.now())
        await clock.agree_next(s, known.id, key, Next("Integration call", date(2026, 11, 9)), by="U3", now=office.at.clock.now())
        await clock.settle_delay(s, known.id, key, date(2026, 11, 9), by="U3", now=office.at.clock.now())
    assert await office.writes() == 1
    [task] = office.fake.notes("task")
    assert task["properties"]["hs_task_subject"] == "Integration call"
    assert task["properties"]["hs_timestamp"].startswith("2026-11-09")


async def test_ticked_boxes_go_back_once_their_day_is_over(office: Office) -> None:
    known = await the_deal(office, "checklists")
    today = office.at.clock.now().date()
    async with office.at.house.store.writing() as s:
        for key in ("other-carriers", "exclusions", "run-rate"):
            await clock.tick(s, known.id, Tick(key, today, True, "U3"), office.at.clock.now())
    assert await office.writes() == 0
    office.at.clock.ahead(hours=40)
    assert await office.writes() == 1
    [note] = office.fake.notes("note")
    assert "02 Discovery: Asked about commitments to other carriers; Found exclusions" in note["text"]
    assert "03 Rate creation" in note["text"]


async def test_a_term_changed_here_is_set_there_where_that_is_switched_on(office: Office) -> None:
    known = await the_deal(office, "terms")
    await amend(office, known, test__volume_per_day=200)
    assert await office.writes() == 1
    assert office.fake.deals["1"].fields["test"] == "200"
    assert office.fake.deals["1"].fields["committed"] == "500"
    assert await office.writes() == 0
    assert await office.reads() == {"linked": 1}  # what we wrote comes back, and is no difference
    assert len(office.at.slack.dms("U3")) == 1


async def test_a_field_that_somebody_changed_meanwhile_is_not_written_over(office: Office) -> None:
    known = await the_deal(office, "terms")
    await amend(office, known, test__volume_per_day=200)
    office.fake.set("1", test="180", by="Sam Stone")
    assert await office.writes() == 0
    assert office.fake.deals["1"].fields["test"] == "180"
    told = shown(office.at)
    assert "changed on both sides" in told
    assert "deal book: *200/day* (<@U3>" in told
    assert "HubSpot: *180/day* (Sam Stone" in told
    await office.reads()
    await office.writes()
    assert office.fake.deals["1"].fields["test"] == "180"
    assert len(office.at.slack.dms("U3")) == 2
    await office.press(KEEP)
    assert await office.writes() == 1
    assert office.fake.deals["1"].fields["test"] == "200"


async def test_what_is_switched_off_stays_here(office: Office) -> None:
    known = await the_deal(office)
    await amend(office, known, test__volume_per_day=200)
    assert await office.writes() == 0
    assert office.fake.written == []
    assert set(KINDS) >= MAP.send


FAULTS = {"away": Fault(Answer(503, "down")), "cut": Fault(cut=True, acted=True), "500": Fault(Answer(500), acted=True)}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_while_the_crm_is_away_everything_waits_and_nothing_is_doubled(office: Office, fault: Fault) -> None:
    known = await the_deal(office, "amendments")
    await amend(office, known, test__volume_per_day=200)
    await amend(office, known, test__weeks=3)
    office.fake.fail(fault)
    with pytest.raises(Away):
        await office.writes()
    assert (await states(office))["waiting"] == 2
    assert await office.writes() == 0  # it waits a while
    office.at.clock.ahead(minutes=5)
    assert await office.writes() == 1
    assert await office.writes() == 1
    assert ["Test volume" in one["text"] for one in office.fake.notes("note")] == [True, False]
    assert await states(office) == {"done": 2}


async def test_a_process_that_was_killed_while_writing_is_followed_by_another_one(office: Office) -> None:
    known = await the_deal(office, "amendments")
    await amend(office, known, test__volume_per_day=200)
    await sending.gather(office.at.house, office.crm)
    asked = len(office.fake.calls)
    office.fake.fail(Fault(hang=0.5, acted=True))
    writing = asyncio.create_task(sending.send(office.at.house, office.crm))
    while len(office.fake.notes("note")) == 0:  # noqa: ASYNC110 - the fake has no other way to tell
        await asyncio.sleep(0.01)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    other = Crm(office.crm.source, office.crm.mapping)
    assert await sending.send(office.at.house, other) == 0  # the lease holds
    office.at.clock.ahead(minutes=4)
    assert await sending.send(office.at.house, other) == 1
    assert len(office.fake.notes("note")) == 1
    assert len(office.fake.calls) > asked
    assert await states(office) == {"done": 1}


async def test_two_processes_write_each_thing_once(office: Office) -> None:
    known = await the_deal(office, "amendments")
    for weeks in (3, 4, 5):
        await amend(office, known, test__weeks=weeks)
    others = [Crm(office.crm.source, office.crm.mapping) for _ in range(2)]
    for _ in range(4):
        await asyncio.gather(*(sending.gather(office.at.house, one) for one in others))
        await asyncio.gather(*(sending.send(office.at.house, one) for one in others))
    assert [one["text"].partition("→ ")[2][:5].strip() for one in office.fake.notes("note")] == ["three", "four", "five"]


async def test_a_key_that_may_not_write_makes_everything_wait(office: Office) -> None:
    known = await the_deal(office, "amendments")
    await amend(office, known, test__volume_per_day=200)
    office.fake.key = "another"
    with pytest.raises(KeyRefused):
        await office.writes()
    office.fake.key, office.fake.scopes_missing = "secret", "crm.objects.contacts.write"
    office.at.clock.ahead(minutes=5)
    with pytest.raises(CrmTrouble, match=r"crm\.objects\.contacts\.write is missing"):
        await reading.back(office.at.house, office.crm)
    await office.says()
    assert "write is missing" in shown(office.at, "U4")
    office.fake.scopes_missing = None
    office.at.clock.ahead(minutes=10)
    assert await office.writes() == 1


async def test_a_record_that_is_gone_is_told_and_written_to_no_more(office: Office) -> None:
    known = await the_deal(office, "terms")
    await amend(office, known, test__volume_per_day=200)
    office.fake.set("1", gone=True)
    assert await office.writes() == 0
    assert "was deleted in HubSpot" in shown(office.at)
    assert await office.deal() is not None
    assert (await office.known()).state == "gone"
    await amend(office, known, test__volume_per_day=220)
    office.at.clock.ahead(minutes=5)
    assert await office.writes() == 0


async def test_what_the_crm_refuses_is_put_aside_with_its_reason(office: Office) -> None:
    known = await the_deal(office, "amendments")
    await amend(office, known, test__volume_per_day=200)
    office.fake.fail(Fault(Answer(400, {"status": "error", "message": "notes are locked"})))
    assert await office.writes() == 0
    async with office.at.house.store.reading() as s:
        [(out, _)] = await crm_out.latest(s, "hubspot", 5)
    assert out.state == "dropped"
    assert "notes are locked" in str(out.error)


async def test_what_happened_before_the_deal_followed_the_crm_is_not_told(office: Office) -> None:
    known = await the_deal(office, "amendments", "checklists")
    async with office.at.house.store.writing() as s:
        yesterday = office.at.clock.now() - timedelta(days=3)
        await clock.tick(s, known.id, Tick("exclusions", yesterday.date(), True, "U3"), yesterday)
    assert await office.writes() == 0


async def test_a_weeks_volume_goes_back_beside_what_was_agreed_for_its_days(office: Office) -> None:
    known = await the_deal(office, "actuals")
    days = [Line("", date(2026, 11, 2) + timedelta(days=shift), packages) for shift, packages in enumerate((140, 150, 130))]
    await volumes.take(office.at.house.store, Came("file", "v.csv", "U3", office.at.clock.now()), days, known.id)
    assert await office.writes() == 0  # the week is not over
    office.at.clock.ahead(days=7)
    assert await office.writes() == 1
    [note] = office.fake.notes("note")
    assert "420 packages on 3 days with data: 140 a day." in note["text"]
    assert "Agreed: 150 a day; variance -7%." in note["text"]
    assert await office.writes() == 0
