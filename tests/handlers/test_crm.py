"""Deals of the CRM in Slack: they come to their rep, count once confirmed, and differences are shown and never settled silently."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta

import pytest

from handlers.crm import reading
from handlers.crm.connected import Crm
from store import crm as rows
from store import deals
from store.sources.crm.plain import CrmTrouble, KeyRefused
from templates.crm import CONFIRM, FOLLOW, KEEP, LEAVE, LOOK, MEND, TAKE
from tests.crm.fakes import Answer, Fault
from tests.crm.fakes import Deal as CrmDeal
from tests.handlers.crm_office import MAP, Office
from tests.handlers.dms import element, elements, labels, shown
from tests.handlers.telling import acme


async def test_a_deal_that_enters_setup_comes_to_its_rep_and_counts_once_confirmed(office: Office) -> None:
    office.put()
    assert await office.reads() == {"waiting": 1}
    told = shown(office.at)
    assert "Harbor Goods: confirm what was agreed" in told
    assert "at *Contract out* in HubSpot" in told
    assert 'Test volume: "∼150/day" was read as 150 packages per shipping day' in told
    assert "*Committed volume* 500/day\n*Test volume* 150/day\n*Test start* 16 Nov 2026\n*Test length* two weeks" in told
    assert await office.deal() is None  # nothing is judged against it
    async with office.at.house.store.reading() as s:
        assert await rows.waiting(s) == 1
    await office.press(CONFIRM)
    made = await office.deal()
    assert made is not None
    assert (made.stage, made.volume.committed_per_day, made.test.volume_per_day) == ("setup", 500, 150)
    assert made.test.starts == date(2026, 11, 16)
    assert {(one.id, one.name, one.role) for one in made.people} == {("U3", "Riley Chen", "rep"), ("U4", "Morgan Lee", "leadership")}
    assert "in the deal book, confirmed by <@U3> · <https://crm.example/deal/1|HubSpot>" in shown(office.at)
    assert len(office.at.slack.dms("U3")) == 1
    async with office.at.house.store.reading() as s:
        known = await deals.deal_named(s, "harbor goods")
        assert known is not None
        [line] = await deals.history(s, known.id)
    assert (line.by, line.source) == ("U3", "hubspot 1")
    assert await office.reads() == {}
    assert len(office.at.slack.dms("U3")) == 1


async def test_a_double_click_and_two_processes_save_one_deal(office: Office) -> None:
    office.put()
    await office.reads()
    button = element(office.at, CONFIRM)
    await asyncio.gather(*(office.at.press("U3", button) for _ in range(4)))
    async with office.at.house.store.reading() as s:
        [known] = await deals.all_deals(s)
        assert len(await deals.history(s, known.id)) == 1


async def test_nothing_before_setup_and_nothing_long_won_is_told_of(office: Office) -> None:
    office.put("1", stage="quote")
    office.put("2", "Old Customer", stage="won")
    assert await office.reads() == {}
    assert office.at.slack.dms("U3") == []
    office.fake.set("1", stage="launch")
    assert await office.reads() == {"waiting": 1}
    assert len(office.at.slack.dms("U3")) == 1


async def test_missing_and_unclear_terms_are_listed_with_the_link_and_filled_in_in_the_form(office: Office) -> None:
    office.put(fields={"committed": "400-600 per day", "starts": ""})
    await office.reads()
    told = shown(office.at)
    assert "• Committed volume: " in told
    assert "is a range" in told
    assert "Test start is missing" in told
    assert "<https://crm.example/deal/1|Harbor Goods>" in told
    assert labels(office.at) == ["Change or fill in …", "Leave it alone"]
    await office.press(MEND)
    form = office.at.slack.views[-1]
    assert "is a range" in json.dumps(form["blocks"])
    answer = await office.at.submit("U3", form, {"committed": "500", "test.starts": "2026-11-17"})
    if "Please look at this" in json.dumps(answer):
        answer = await office.at.submit("U3", answer["view"])
    await office.says()
    made = await office.deal()
    assert made is not None
    assert (made.volume.committed_per_day, made.test.starts) == (500, date(2026, 11, 17))
    known = await office.known()
    assert (known.state, known.by) == ("linked", "U3")
    assert "confirmed by <@U3>" in shown(office.at)
    assert await office.reads() == {}
    assert len(office.at.slack.dms("U3")) == 1  # what was put right is not asked again


async def test_the_dm_follows_what_changes_in_the_crm_before_it_is_confirmed(office: Office) -> None:
    office.put()
    await office.reads()
    button = element(office.at, CONFIRM)
    office.fake.set("1", committed="600")
    await office.reads()
    assert "600/day" in shown(office.at)
    assert len(office.at.slack.dms("U3")) == 1
    office.fake.set("1", stage="quote")
    await office.reads()
    assert "moved back" in shown(office.at)
    await office.at.press("U3", button)
    assert await office.deal() is None
    office.fake.set("1", stage="launch")
    await office.reads()
    assert "confirm what was agreed" in shown(office.at)


async def test_left_alone_stays_left_alone(office: Office) -> None:
    office.put()
    await office.reads()
    await office.press(LEAVE)
    assert "left alone by <@U3>" in shown(office.at)
    office.fake.set("1", committed="600")
    assert await office.reads() == {"left": 1}
    assert len(office.at.slack.dms("U3")) == 1
    assert await office.deal() is None


@pytest.mark.parametrize("owner", ["nobody@carrier.example", "pat@carrier.example", None], ids=["unknown", "a guest", "no owner"])
async def test_an_owner_without_an_account_here_is_told_to_those_who_look_after_it(office: Office, owner: str | None) -> None:
    office.put(owner=owner)
    await office.reads()
    told = shown(office.at, "U4")
    assert "Its owner there, " in told
    assert ", has no account here" in told
    assert owner is None or owner.partition("@")[0] in told
    assert labels(office.at, "U4") == ["Change or fill in …", "Leave it alone"]
    assert office.at.slack.dms("U3") == office.at.slack.dms("UGUEST") == []


async def test_many_at_once_make_one_message(office: Office) -> None:
    for number in range(1, 27):
        office.put(str(number), f"Customer {number}")
    office.put("99", "Sam's", owner="sam@carrier.example")
    assert await office.reads() == {"waiting": 27}
    assert len(office.at.slack.dms("U3")) == 1
    assert "26 deals of yours in HubSpot wait" in shown(office.at)
    assert "and 6 more" in shown(office.at)
    assert "Sam's" not in str(office.at.slack.dms("U3"))
    [first, *_] = [one for one in elements(office.at) if one["action_id"] == LOOK]
    await office.at.press("U3", first)
    await office.says()
    assert "Customer 1: confirm what was agreed" in shown(office.at)
    assert "Sam's: confirm" in shown(office.at, "U5")


async def test_a_customer_that_has_a_deal_follows_the_crm_and_differences_are_shown(office: Office) -> None:
    await office.at.know(acme())
    office.put(customer="ACME outfitters", stage="launch", fields={"test": "200", "starts": "2026-11-02"})
    office.fake.set("1", test="200")
    assert await office.reads() == {"differs": 1}
    told = shown(office.at)
    assert "deal book: *150/day*" in told
    assert "HubSpot: *200/day* " in told.replace("(", " (") or "HubSpot: *200/day*" in told
    assert "Committed volume" not in told  # that one is the same
    assert await office.reads() == {}
    assert len(office.at.slack.dms("U3")) == 1
    before = await office.deal("Acme Outfitters")
    assert before is not None
    assert before.test.volume_per_day == 150


async def test_a_change_in_the_crm_is_shown_with_who_made_it_and_taken_over_by_the_rep(office: Office) -> None:
    await office.confirmed()
    office.fake.set("1", test="200", by="Sam Stone")
    assert await office.reads() == {"differs": 1}
    told = shown(office.at)
    assert "deal book: *150/day* (<@U3>" in told
    assert "HubSpot: *200/day* (Sam Stone" in told
    assert "changed on both sides" not in told
    await office.press(TAKE)
    form = office.at.slack.views[-1]
    await office.at.submit("U3", form, {"theirs": "Dana Ortiz", "effective": "2026-11-04"})
    made = await office.deal()
    assert made is not None
    assert made.test.volume_per_day == 200
    assert [(one.old, one.new, one.theirs) for one in made.amendments] == [(150, 200, "Dana Ortiz")]
    assert await office.reads() == {}
    assert "are the same now" in shown(office.at)


async def test_a_term_changed_on_both_sides_is_never_overwritten(office: Office) -> None:
    await office.confirmed()
    async with office.at.house.store.writing() as s:
        known = await deals.deal_named(s, "Harbor Goods")
        assert known is not None
        entry = deals.Entry("U4", "slack", office.at.clock.now())
        changed = known.deal.model_copy(update={"test": known.deal.test.model_copy(update={"volume_per_day": 180})})
        await deals.alter(s, known.id, lambda _: changed, entry)
    office.fake.set("1", test="200")
    await office.reads()
    told = shown(office.at)
    assert "changed on both sides" in told
    assert "deal book: *180/day* (<@U4>" in told
    await office.press(KEEP)
    told = shown(office.at)
    assert "keeps the deal book's terms" in told
    assert "decided by <@U3>" in told
    assert "deal book *180/day*, HubSpot *200/day*" in told
    assert "are the same now" not in told  # they are not: HubSpot keeps its own
    made = await office.deal()
    assert made is not None
    assert made.test.volume_per_day == 180
    assert office.fake.deals["1"].fields["test"] == "200"
    office.fake.set("1", weeks="2")
    assert await office.reads() == {"linked": 1}  # decided: it is not asked again
    office.fake.set("1", test="220")
    assert await office.reads() == {"differs": 1}


async def test_a_field_that_was_emptied_or_deleted_takes_nothing_away(office: Office) -> None:
    await office.confirmed()
    office.fake.set("1", test="")
    assert await office.reads() == {"linked": 1}
    del office.fake.fields["committed"]
    office.fake.set("1", starts="2026-11-16")
    assert await office.reads() == {"linked": 1}
    assert len(office.at.slack.dms("U3")) == 1
    assert await reading.look(office.at.house, office.crm) == [
        'The field "committed" (volume.committed_per_day) is not there any more. Run jumpin crm map.'
    ]
    await office.says()
    assert 'The field "committed"' in shown(office.at, "U4")
    await reading.look(office.at.house, office.crm)
    await office.says()
    assert len(office.at.slack.dms("U4")) == 1


async def test_the_stage_follows_the_crm_unless_somebody_moved_it_here(office: Office) -> None:
    await office.confirmed()
    office.fake.set("1", stage="launch")
    assert await office.reads() == {"linked": 1}
    made = await office.deal()
    assert made is not None
    assert made.stage == "implementation"
    async with office.at.house.store.writing() as s:
        known = await deals.deal_named(s, "Harbor Goods")
        assert known is not None
        entry = deals.Entry("U3", "slack", office.at.clock.now())
        await deals.alter(s, known.id, lambda deal: deal.model_copy(update={"stage": "proposal"}), entry)
    office.fake.set("1", stage="won")
    assert await office.reads() == {"differs": 1}
    await office.press(TAKE)
    made = await office.deal()
    assert made is not None
    assert made.stage == "closed-won"


async def test_a_renamed_stage_counts_on_and_a_new_one_is_told(office: Office) -> None:
    office.fake.stages |= {"launch": "Going live", "pilot": "Pilot"}
    told = await reading.look(office.at.house, office.crm)
    assert told == [
        'The stage "Launch" is called "Going live" now; it still counts as implementation.',
        'New stages are not mapped, and deals at them are left alone: "Pilot". Run jumpin crm map.',
    ]
    office.put(stage="launch")
    assert await office.reads() == {"waiting": 1}


async def test_two_deals_of_one_customer_are_told_and_one_is_followed(office: Office) -> None:
    await office.confirmed()
    office.put("2", "Harbor  GOODS", fields={"committed": "900"})
    assert (await office.reads() or {})["second"] == 1
    assert "has two deals in HubSpot" in shown(office.at)
    made = await office.deal()
    assert made is not None
    assert made.volume.committed_per_day == 500
    await office.press(FOLLOW)
    assert (await office.known("1")).state == "left"
    office.fake.set("2", weeks="3")
    await office.reads()
    assert "*900/day*" in shown(office.at)


async def test_the_second_deals_owner_learns_nothing_of_the_first_one(office: Office) -> None:
    await office.confirmed()
    office.put("2", owner="sam@carrier.example")
    await office.reads()
    assert office.at.slack.dms("U5") == []


async def test_merged_companies_rename_the_customer_only_when_the_rep_says_so(office: Office) -> None:
    await office.confirmed()
    office.fake.set("1", customer="Harbor Group")
    assert await office.reads() == {"differs": 1}
    assert "HubSpot: *Harbor Group*" in shown(office.at)
    assert await office.deal() is not None
    await office.press(TAKE)
    made = await office.deal("Harbor Group")
    assert made is not None
    assert (made.customer, made.brands) == ("Harbor Group", ("Harbor Goods",))
    assert await office.deal("Harbor Goods") is None
    assert await office.reads() == {}


async def test_merged_companies_that_both_have_deals_are_left_to_people(office: Office) -> None:
    await office.at.know(acme())
    await office.confirmed()
    office.fake.set("1", customer="Acme Outfitters")
    await office.reads()
    await office.press(TAKE)
    assert "Another deal has that customer's name already" in str(office.at.slack.responses)
    assert await office.deal("Harbor Goods") is not None


async def test_a_deal_merged_into_another_one_is_followed_there(office: Office) -> None:
    await office.confirmed()
    del office.fake.deals["1"]
    office.put("7", merged=("1",))
    assert await office.reads() == {"linked": 1}
    assert (await office.known("7")).state == "linked"


async def test_a_revoked_key_is_told_once_a_day_and_nothing_is_lost(office: Office) -> None:
    office.put()
    office.fake.key = "another"
    for _ in range(3):
        with pytest.raises(KeyRefused):
            await office.reads()
        await office.says()
    assert len(office.at.slack.dms("U4")) == 1
    assert "Make a new service key" in shown(office.at, "U4")
    office.fake.key = "secret"
    await reading.look(office.at.house, office.crm)
    assert await office.reads() == {"waiting": 1}
    async with office.at.house.store.reading() as s:
        assert (await rows.standing(s, "hubspot")).trouble is None


async def test_a_first_read_of_more_than_a_search_reaches_goes_on_where_it_stopped(office: Office) -> None:
    office.fake.most = 1_000  # HubSpot's own is 10,000
    for number in range(1, 2_051):
        office.fake.put(CrmDeal(str(number), "Bulk", "quote", owner=None))
    office.put("3000", "Harbor Goods")
    office.fake.fail(*[Fault()] * 5, Fault(Answer(503, "down")))
    with pytest.raises(CrmTrouble):
        await office.reads()
    async with office.at.house.store.reading() as s:
        stands = await rows.standing(s, "hubspot")
    assert (stands.done, stands.after) == (1000, "1000")
    came = await office.reads()
    assert came == {"waiting": 1}
    assert len(office.fake.calls) < 25
    async with office.at.house.store.reading() as s:
        stands = await rows.standing(s, "hubspot")
    assert (stands.done, stands.after) == (2_051, None)
    assert stands.since is not None
    office.fake.calls.clear()
    office.fake.set("3000", weeks="3")
    assert await office.reads() == {"waiting": 1}
    assert len(office.fake.calls) < 6


async def test_two_processes_do_not_read_at_the_same_time(office: Office) -> None:
    office.put()
    other = Crm(office.crm.source, MAP)
    async with office.at.house.store.writing() as s:
        assert await rows.take_turn(s, "hubspot", other.owner, office.at.clock.now() + timedelta(minutes=6), timedelta(minutes=5))
    assert await reading.once(office.at.house, office.crm) is None
    office.at.clock.ahead(minutes=6)
    assert await office.reads() == {"waiting": 1}


async def test_logs_carry_ids_and_counts_alone(office: Office) -> None:
    await office.confirmed()
    office.fake.set("1", test="200")
    await office.reads()
    await office.press(KEEP)
    said = str(office.at.logged)
    for word in ("Harbor", "200", "150", "500", "Riley", "carrier.example", "secret"):
        assert word not in said, word


async def test_who_may_not_see_it_gets_the_same_refusal(office: Office) -> None:
    office.put()
    await office.reads()
    button = element(office.at, CONFIRM)
    for user in ("U4", "U5", "UGUEST"):
        await office.at.press(user, button)
    await office.at.press("U3", {**button, "value": "99999"})
    assert len({str(one["blocks"]) for one in office.at.slack.responses}) == 1
    assert await office.deal() is None
