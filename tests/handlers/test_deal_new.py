"""/deal-new and the shortcut: the form, what it converts and warns of, what it refuses, and who may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.deal import Deal
from handlers.deals.pasted import pasted
from store import deals
from store.sources.deal_file import export_deal
from templates.new_form import NewForm, new_form, saved
from tests.handlers.doors import with_outsiders
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import texts, view_mistakes
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


FULL: dict[str, Any] = {
    "customer": "Acme Outfitters",
    "stage": "setup",
    "people.customer": ["U1"],
    "people.implementation": ["U2"],
    "people.leadership": ["U4"],
    "channels": ["C1"],
    "committed": "500",
    "volume.annual": "130,000",
    "volume.share_of_total": "60%",
    "test.volume_per_day": "150",
    "test.starts": "2026-11-09",
    "test.success": "transit times\nbilling accuracy",
    "ramp_date": "2026-11-23",
    "services": "Expedited, Northeast, 2-3 days",
    "price": "Expedited: 4.85",
    "pickup.days": "Mon-Fri",
    "pickup.time": "16:00",
    "billing": "weekly",
}
QUIET = {**FULL, "discovery.claimed_annual": "180000", "discovery.other_carriers": "30000", "discovery.not_controlled": "15000"}
"""Nothing about it is unusual; that the realistic volume is told is all."""


async def form(at: Stage, user: str = "U3") -> dict[str, Any]:
    assert await at.command(user, name="/deal-new", channel="C9") == {}
    return at.slack.views[-1]


async def stored(at: Stage) -> list[Deal]:
    async with at.house.store.reading() as s:
        return [known.deal for known in await deals.all_deals(s)]


def told(answer: dict[str, Any]) -> str:
    assert answer["response_action"] == "update", answer
    assert view_mistakes(answer["view"]) == []
    return "\n".join(texts(answer["view"]["blocks"]))


async def test_all_fields_make_the_deal_that_was_agreed(at: Stage) -> None:
    asked = await at.submit("U3", await form(at), QUIET)
    assert "Realistic are 135,000 of the 180,000 packages a year claimed (121,500-148,500), about 519 a shipping day." in told(asked)
    assert await stored(at) == []
    done = told(await at.submit("U3", asked["view"]))
    assert "✅ *Acme Outfitters* is in the deal book" in done
    assert "*Ramp volume* 500/day" in done
    [deal] = await stored(at)
    assert [(one.id, one.name, one.role) for one in deal.people] == [
        ("U1", "Dana Ortiz", "customer"),
        ("U2", "Ivan Petrov", "implementation"),
        ("U3", "Riley Chen", "rep"),
        ("U4", "Morgan Lee", "leadership"),
    ]
    assert (deal.stage, deal.volume.annual, deal.volume.share_of_total) == ("setup", 130_000, 0.6)
    assert (deal.test.volume_per_day, deal.test.starts, deal.test.weeks) == (150, date(2026, 11, 9), 2)
    assert (deal.ramp.to_per_day, deal.ramp_starts) == (500, date(2026, 11, 23))
    assert deal.services[0].days == (2, 3)
    assert deal.discovery is not None
    assert deal.discovery.realistic == 135_000
    assert set(deal.channels) == {"C1"}
    assert "150/day" in str(await at.command("U4", "acme", name="/deal-terms"))
    [entry] = [entry for entry in at.logged if entry["event"] == "new deal"]
    assert set(entry) == {"event", "deal", "user", "people", "channels"}


@pytest.mark.parametrize(
    ("committed", "period", "per_day", "annual"),
    [("500", "day", 500, None), ("2,500", "week", 500, None), ("10833", "month", 500, None), ("130000", "year", 500, 130_000)],
)
async def test_a_volume_by_any_period_is_converted_and_shown(
    at: Stage, committed: str, period: str, per_day: int, annual: int | None
) -> None:
    typed = {
        **QUIET,
        "committed": committed,
        "period": period,
        "volume.annual": "",
        "test.volume_per_day": "30%",
        "volume.shipping_days_per_week": "5",
    }
    asked = await at.submit("U3", await form(at), typed)
    if period != "day":
        assert f"a {period} over 5 shipping days a week are 500 packages per shipping day" in told(asked)
    assert "A test of 30% is 150 of 500 packages per shipping day" in told(asked)
    await at.submit("U3", asked["view"])
    [deal] = await stored(at)
    assert (deal.volume.committed_per_day, deal.volume.annual, deal.test.volume_per_day) == (per_day, annual, 150)


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        ({"test.volume_per_day": "100"}, "20% of the committed volume, below the usual 30-50%"),
        ({"test.volume_per_day": "400"}, "80% of the committed volume, above the usual 30-50%"),
        ({"test.weeks": "3", "ramp_date": "2026-11-30"}, "The test runs 3 weeks; 2 are usual."),
        ({"ramp_date": None}, "No ramp is written down"),
        ({"test.success": ""}, "No success criteria are agreed"),
        (
            {"discovery.claimed_annual": "", "discovery.other_carriers": "", "discovery.not_controlled": ""},
            "The realistic volume is not recorded",
        ),
        ({"discovery.other_carriers": "100000"}, "realistic are at most 71,500"),
    ],
)
async def test_what_is_unusual_is_asked_about_and_can_be_confirmed(at: Stage, more: dict[str, Any], warning: str) -> None:
    asked = await at.submit("U3", await form(at), {**QUIET, **more})
    assert warning in told(asked)
    assert asked["view"]["submit"]["text"] == "Save as it is"
    changed = await at.submit("U3", asked["view"], {"test.volume_per_day": "60"})
    assert "12% of the committed volume" in told(changed)
    assert await stored(at) == []
    assert "✅" in told(await at.submit("U3", changed["view"]))
    assert len(await stored(at)) == 1


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("next Monday", "2026-11-09"),
        ("in two weeks", "2026-11-18"),
        ("Nov 16", "2026-11-16"),
        ("16 November 2026", "2026-11-16"),
        ("2026-11-16", "2026-11-16"),
    ],
)
async def test_a_start_in_words_is_understood_and_shown(at: Stage, words: str, day: str) -> None:
    asked = await at.submit(
        "U3", await form(at), {**QUIET, "test.starts": None, "starts_words": words, "ramp_date": None, "ramp.days_after_test": "0"}
    )
    assert "The test starts on " in told(asked)
    await at.submit("U3", asked["view"])
    [deal] = await stored(at)
    assert (deal.test.starts.isoformat(), deal.ramp.days_after_test, deal.ramp.to_per_day) == (day, 0, 500)


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"customer": ""}, "customer", "customer's name"),
        ({"customer": "🚚" * 3000}, "customer", "characters long"),
        ({"people.rep": []}, "people.rep", "the rep gets the messages"),
        ({"people.rep": ["U1"]}, "people.rep", "picked under"),
        ({"people.leadership": ["UMULTI"]}, "people.leadership", "no full member"),
        ({"people.rep": ["UFOREIGN"]}, "people.rep", "no full member"),
        ({"people.account-manager": ["UGONE"]}, "people.account-manager", "no full member"),
        ({"committed": "loads"}, "committed", "not a whole number"),
        ({"committed": "", "test.volume_per_day": "30%"}, "committed", "write the committed volume"),
        ({"committed": "9" * 20}, "committed", "whole number"),
        ({"committed": "99999999999", "period": "year"}, "committed", "not between"),
        ({"period": "fortnight"}, "committed", "per shipping day, week"),
        ({"stage": "ramping"}, "stage", "is not a stage"),
        ({"test.volume_per_day": "501"}, "test.volume_per_day", "at most that"),
        ({"test.volume_per_day": ""}, "test.volume_per_day", "write the test volume"),
        ({"test.starts": None}, "test.starts", "choose the first day"),
        ({"starts_words": "11/02"}, "starts_words", "different day"),
        ({"starts_words": "whenever 🚚"}, "starts_words", "not a day that I understand"),
        ({"starts_words": "next Tuesday"}, "starts_words", "is chosen above"),
        ({"test.weeks": "zero"}, "test.weeks", "whole number"),
        ({"ramp_date": "2026-11-20"}, "ramp_date", "after the test"),
        ({"ramp.days_after_test": "5"}, "ramp.days_after_test", "clear one of them"),
        ({"services": "x" * 600}, "services", "characters long"),
        ({"price": "free"}, "price", "is not a price"),
        ({"pickup.time": "4pm"}, "pickup.time", '"4pm" is not a time of day'),
        ({"customer": " "}, "customer", "write the customer's name"),
        ({"discovery.claimed_annual": ""}, "discovery.claimed_annual", "is needed"),
        ({"discovery.other_carriers": "999999"}, "discovery.claimed_annual", "leave nothing"),
        ({"discovery.not_serviceable": "-1"}, "discovery.not_serviceable", "not between"),
    ],
)
async def test_every_mistake_is_told_at_its_field(at: Stage, more: dict[str, Any], field: str, words: str) -> None:
    await with_outsiders(at)
    before = await stored(at)
    answer = await at.submit("U3", await form(at), {**QUIET, "customer": "Bolt", **more})
    assert list(answer["errors"]) == [f"{field}#0"]
    assert words.casefold() in answer["errors"][f"{field}#0"].casefold()
    told_so = answer["errors"][f"{field}#0"].casefold()
    assert not any(key in told_so for key in ("_per_day", "pickup.time"))  # people know the labels, not the deal file's keys
    assert await stored(at) == before


@pytest.mark.parametrize(
    "values", [None, [], "x", {}, {"customer#0": {"value": {"value": ["x"]}}}, {"people.rep#0": {"value": {"selected_users": [None, {}]}}}]
)
@pytest.mark.parametrize("metadata", ["", "[]", '{"seen": [], "more": {"coverage": [], "timezone": 7}, "generation": "x"}', "[" * 9999])
async def test_payloads_of_every_wrong_kind_make_no_deal(at: Stage, values: Any, metadata: str) -> None:
    answer = await at.send("U3", {**await form(at), "private_metadata": metadata}, values)
    assert answer["response_action"] == "errors"
    assert await stored(at) == []


async def test_sent_twice_it_is_one_deal(at: Stage) -> None:
    asked = await at.submit("U3", await form(at), QUIET)
    answers = await asyncio.gather(*(at.submit("U3", asked["view"]) for _ in range(3)))
    assert all("✅" in told(answer) for answer in answers)
    assert len(await stored(at)) == 1


async def test_a_name_that_is_taken_is_refused_and_no_deal_is_overwritten(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Other", people=[{"id": "U5", "name": "Sam", "role": "rep"}], channels=[]))
    before = await stored(at)
    sentences = set()
    async with at.courier() as courier:
        for user in ("U3", "U5", "U5"):
            asked = await at.submit(user, await form(at, user), {**QUIET, "customer": " ACME outfitters"})
            answer = await at.submit(user, asked["view"])
            sentences |= set(answer["errors"].values())
        await courier.drain()
    [sentence] = sentences
    assert "change its terms with /deal-terms" in sentence
    assert await stored(at) == before
    [dm] = at.slack.dms("U4")
    assert dm["text"].startswith("<@U5> tried to write down a new deal for *Acme Outfitters*, which has one already.")
    assert at.slack.dms("U3") == at.slack.dms("U5") == []


async def test_whoever_guesses_all_terms_of_a_deal_is_told_no_more(at: Stage) -> None:
    asked = await at.submit("U3", await form(at), QUIET)
    assert "✅" in told(await at.submit("U3", asked["view"]))
    stranger = await at.submit("U5", await form(at, "U5"), {**QUIET, "people.rep": ["U3"]})
    assert "nothing was saved under this name" in str(await at.submit("U5", stranger["view"])).casefold()
    assert len(await stored(at)) == 1


async def test_the_notice_that_somebody_tried_goes_to_nobody_who_has_left_the_deal(at: Stage) -> None:
    await at.know()
    asked = await at.submit("U5", await form(at, "U5"), {**QUIET, "customer": "Acme Outfitters"})
    await at.submit("U5", asked["view"])
    await at.know(acme(people=[{"id": "U3", "name": "Riley Chen", "role": "rep"}]))
    async with at.courier() as courier:
        await courier.drain()
    assert at.slack.dms("U4") == []


async def test_a_member_of_another_deal_learns_nothing_and_may_make_one_of_their_own(at: Stage) -> None:
    await with_outsiders(at)
    view = await form(at, "U5")
    assert "acme" not in str([block.get("element", {}).get("initial_value") for block in view["blocks"]]).casefold()
    asked = await at.submit("U5", view, {**QUIET, "customer": "Bolt"})
    assert "✅" in told(await at.submit("U5", asked["view"]))


async def test_the_shortcut_opens_the_form_too(at: Stage) -> None:
    await at.shortcut("U3")
    assert at.slack.views[-1]["callback_id"] == "jumpin-deal-form"
    await at.shortcut("U3", trigger="1.late")
    assert len(at.slack.views) == 1


async def test_an_expired_trigger_and_a_silent_slack_are_told(at: Stage) -> None:
    late = await at.command("U3", name="/deal-new", trigger="1.late")
    assert late["text"] == "Slack closed this before the form could open. Please try again."
    at.slack.fail("views.open", Fault(hang=4))
    silent = await at.command("U3", name="/deal-new")
    assert silent["text"] == "Slack did not answer in time. Please try again."
    assert silent["response_type"] == "ephemeral"


async def test_a_pasted_deal_file_fills_the_form(at: Stage) -> None:
    deal = acme(coverage="standard", timezone="Europe/Berlin", channels=["C1234567", "#impl"], discovery={"claimed_annual": 200_000})
    await at.fill("U3", await form(at), export_deal(deal))
    filled = at.slack.views[-1]
    assert "impl: pick the channel below" in "\n".join(texts(filled["blocks"][:1]))
    asked = await at.submit("U3", filled)
    assert "✅" in told(await at.submit("U3", asked["view"]))
    [made] = await stored(at)
    assert made == deal.model_copy(update={"channels": ("C1234567",)})


CALENDAR: dict[str, Any] = {
    "country": "CA",
    "state": "ON",
    "closed": ["2026-12-24", "2026-12-31"],
    "open": ["2026-11-11"],
    "signed": "2026-10-20",
    "kickoff": "2026-10-28",
    "calls": [{"at": "2026-11-04T15:00", "title": "weekly status"}],
}


async def test_the_calendar_of_a_pasted_deal_file_is_kept_however_often_the_form_is_shown(at: Stage) -> None:
    deal = acme(channels=["C1234567"], **CALENDAR)
    await at.fill("U3", await form(at), export_deal(deal))
    filled = at.slack.views[-1]
    assert view_mistakes(filled) == []
    asked = await at.submit("U3", filled, {"discovery.claimed_annual": "200000"})
    assert "✅" in told(await at.submit("U3", asked["view"]))
    [made] = await stored(at)
    assert made.model_copy(update={"discovery": None}) == deal


async def test_a_calendar_too_long_for_the_form_is_told_and_what_is_wrong_in_it_left_out(at: Stage) -> None:
    calls = [{"at": f"2026-11-{day:02}T15:00", "title": f"call {day} {'x' * 150}"} for day in range(1, 29)]
    text = export_deal(acme(channels=["C1234567"], **CALENDAR | {"calls": calls})).replace("state: 'ON'", "state: ZZ")
    await at.fill("U3", await form(at), text)
    filled = at.slack.views[-1]
    assert view_mistakes(filled) == []
    notes = "\n".join(texts(filled["blocks"][:1]))
    assert "There is no room here for calls: jumpin deals import takes the whole file in." in notes
    assert "is not a state or province of CA" in notes
    answer = await at.submit("U3", filled)
    answer = await at.submit("U3", answer["view"]) if "✅" not in told(answer) else answer
    [made] = await stored(at)
    assert (made.country, made.state, made.calls, len(made.closed), made.open) == ("CA", None, (), 2, (date(2026, 11, 11),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("customer: [", "is not YAML"),
        ("🚚" * 1400, "a deal file starts with a line"),
        ("good morning", 'The deal file holds "good morning"; a deal file starts with a line such as'),
        ("customer: Bolt\nvolume: {committed_per_day: lots}", '"lots" is not a whole number'),
        ("customer: Bolt\nvolume: {committed_per_day: 500}", "Not in the file: people; fill it in below."),
        ("&a [*a]", "The deal file"),
    ],
)
async def test_a_pasted_text_that_is_none_is_told_and_what_can_be_used_is(at: Stage, text: str, words: str) -> None:
    await at.fill("U3", await form(at), text)
    assert words in "\n".join(texts(at.slack.views[-1]["blocks"][:1]))
    assert view_mistakes(at.slack.views[-1]) == []


@pytest.mark.parametrize("text", ["", None, 7, ["x"]])
async def test_nothing_pasted_leaves_the_form(at: Stage, text: Any) -> None:
    await at.fill("U3", await form(at), text)
    assert len(at.slack.views) == 2


def test_the_longest_form_keeps_slacks_limits() -> None:
    name = "🚚<&>*_`" * 25
    long = [{"service": name, "lane": name, "days": [1, 90], "note": name}] * 200
    people = [{"id": f"U{number:08}", "name": name, "role": "rep"} for number in range(300)]
    deal = acme(customer=name, people=people, services=long, billing=name, channels=[f"C{number:08}" for number in range(300)])
    made = pasted(export_deal(deal), 10**5)
    assert view_mistakes(new_form(NewForm(made.texts, made.chosen, [name * 9] * 99, "x" * 16, {"timezone": name}, 10**5))) == []
    assert view_mistakes(saved(deal, deal.channels)) == []
    empty = new_form(NewForm())
    assert view_mistakes(empty) == []
    assert len(empty["blocks"]) < 50
