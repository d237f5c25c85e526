"""App Home: whose deals stand there and in which order, what a press does, and nothing at all for others."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.ledger import Agreement, amended
from handlers.home.tab import refresh
from handlers.links import Links
from store import findings
from store.records import StoredFinding
from templates import home
from tests.handlers.doors import SHUT_OUT, WHO, WHY, with_outsiders
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import texts
from tests.live.fake_slack import Fault, rate_limited

RILEY = {"id": "U3", "name": "Riley Chen", "role": "rep"}
MORGAN = {"id": "U4", "name": "Morgan Lee", "role": "leadership"}


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def shown(view: dict[str, Any]) -> str:
    """All that stands in Home."""
    return "\n".join(texts(view["blocks"]))


def customers(view: dict[str, Any]) -> list[str]:
    """The deals of the page, from the first on."""
    told = (block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    return [text[1 : text.index("* — ")] for text in told if "* — " in text]


def buttons(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What can be pressed, by its label."""
    rows = (block["elements"] for block in view["blocks"] if block["type"] == "actions")
    return {element["text"]["text"]: element for row in rows for element in row if element["type"] == "button"}


async def decide(at: Stage, stored: StoredFinding, state: Any) -> None:
    async with at.house.store.writing() as s:
        await findings.change(s, stored.id, state, by="U3", now=at.clock.now())


async def look(at: Stage) -> int:
    return await refresh(at.house, Links(at.house.slack))


async def test_a_rep_sees_each_deal_with_day_figures_open_findings_and_next_date(at: Stage) -> None:
    await at.hear(await at.know())
    view = shown(await at.opens_home("U3"))
    assert "*Acme Outfitters* — test day 3 of 14" in view
    assert "Said *10-15/day* (4 Nov), agreed *150/day* · test ends 15 Nov, in 11 days" in view
    assert "🔔 *1 open*, 135-140 packages a day at stake: Lower starting volume (10-15/day), <!date^" in view
    assert "|message>" in view
    assert "*This week* 1 finding raised, 0 used, 0 not an issue, 0 resolved. Of what is new and still open, 135-140 packages" in view
    assert "1 deal · 1 with open findings · 1 in test" in view


async def test_deals_come_by_what_is_at_stake_and_then_by_their_next_date(at: Stage) -> None:
    later = {"volume_per_day": 150, "starts": "2026-11-30"}
    soon = {"volume_per_day": 150, "starts": "2026-11-06"}
    past = {"volume_per_day": 150, "starts": "2026-06-01"}
    for name, test in {"Later": later, "Past": past, "Soon": soon, "Small gap": soon, "Large gap": later, "No figure": past}.items():
        known = await at.know(acme(customer=name, test=test, channels=[]))
        if name == "No figure":
            await at.hear(known, "wait-and-see", said_per_day=None)
        elif "gap" in name:
            figure = 100.0 if name == "Small gap" else 12.5
            await at.hear(known, said_per_day=(figure, figure))
    view = await at.opens_home("U3")
    assert customers(view) == ["Large gap", "Small gap", "No figure", "Soon", "Later", "Past"]
    assert "137.5 packages a day at stake" in shown(view)
    assert "Agreed *500/day*, no figure said yet · ramp due since 15 Jun" in shown(view)


async def test_a_matter_counts_once_with_what_was_said_last(at: Stage) -> None:
    known = await at.know()
    await at.hear(known, said_per_day=(10.0, 15.0))
    await at.hear(known, said_per_day=(50.0, 50.0))
    await at.hear(known, "wait-and-see", said_per_day=None)
    view = shown(await at.opens_home("U4"))
    assert "1. *Lower starting volume*: 100 packages a day, 2 open in 1 deal" in view
    assert "2. *Wait and see*: no figure said, 1 open in 1 deal" in view
    assert "*3 open*, 100 packages a day at stake. Newest: Wait and see" in view


async def test_leadership_sees_the_team_with_scenarios_ranked_and_reps_named(at: Stage) -> None:
    await at.hear(await at.know(), said_per_day=(10.0, 15.0))
    other = acme(customer="Beta", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}, MORGAN], channels=[])
    await at.hear(await at.know(other), "not-ramping", said_per_day=(150.0, 200.0), agreed_per_day=500.0)
    await at.know(acme(customer="Hidden", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}], channels=[]))
    view = await at.opens_home("U4")
    assert customers(view) == ["Beta", "Acme Outfitters"]
    assert "*Where volume is at stake*\n1. *Not ramping*: 300-350 packages a day" in shown(view)
    assert "2. *Lower starting volume*: 135-140 packages a day" in shown(view)
    assert "Rep: Riley Chen" in shown(view)
    assert "Hidden" not in shown(view)
    assert "My deals" not in shown(view)


async def test_somebody_who_is_both_has_tabs_and_comes_back_to_the_one_left(at: Stage) -> None:
    await at.know(acme(customer="Own", people=[RILEY], channels=[]))
    await at.know(acme(customer="Led", people=[{**RILEY, "role": "account-manager"}], channels=[]))
    view = await at.opens_home("U3")
    assert (customers(view), buttons(view)["My deals"]["style"]) == (["Own"], "primary")
    view = await at.presses_home("U3", view, **buttons(view)["My team's deals"])
    assert customers(view) == ["Led"]
    assert customers(await at.opens_home("U3")) == ["Led"]
    assert customers(await at.presses_home("U3", view, **buttons(view)["My deals"])) == ["Own"]


@pytest.mark.parametrize("user", WHO, ids=WHY)
async def test_others_see_nothing_of_any_deal(at: Stage, user: str) -> None:
    number = await with_outsiders(at)
    async with at.house.store.reading() as s:
        assert await findings.open_findings(s, number) == []
    view = await at.opens_home(user)
    pressed = [await at.presses_home(user, _forged(view), action_id=action, value="0") for action in _ACTIONS]
    for there in [view, *pressed]:
        assert "Outfitters" not in json.dumps(there)
        assert user == "UNOBODY" or customers(there) in ([], ["Other"])
        assert user == "U5" or "150/day" not in json.dumps(there)
    assert {view["callback_id"] for view in at.slack.views} <= {"jumpin-deal-form", "jumpin-settings"}
    if user not in ("U2", "U5", "UNOBODY"):
        assert [shown(there) for there in [view, *pressed]] == ["Sorry, Jump-In is here for full members of our own workspace only."] * 11
        assert at.slack.views == []


_ACTIONS = [home.MINE, home.TEAM, home.BACK, home.ON, home.FILTER, home.SEARCH, home.CLEAR, home.NEW, home.SETTINGS, home.HIDE]


def _forged(view: dict[str, Any]) -> dict[str, Any]:
    """The view as somebody might send it back who is curious."""
    return {**view, "private_metadata": json.dumps({"tab": "team", "which": "open", "page": 0, "named": "Acme"})}


async def test_shut_out_are_those_that_we_think(at: Stage) -> None:
    await with_outsiders(at)
    for user, facts in SHUT_OUT.values():
        if facts == {}:
            assert "full members" not in shown(await at.opens_home(user))


async def test_a_deal_that_one_has_just_lost_is_gone_with_the_next_press(at: Stage) -> None:
    await at.hear(await at.know())
    view = await at.opens_home("U4")
    assert customers(view) == ["Acme Outfitters"]
    await at.know(acme(people=[RILEY]))
    view = await at.presses_home("U4", view, **buttons(view)["Settings"] | {"action_id": home.CLEAR})
    assert "Acme" not in json.dumps(view)
    assert "You have no deals yet" in shown(view)


async def many(at: Stage, count: int) -> None:
    for number in range(count):
        await at.know(acme(customer=f"Customer {number:03}", channels=[], people=[RILEY]))


async def test_pages_filters_and_search(at: Stage) -> None:
    await many(at, 23)
    beta = await at.know(acme(customer="Beta & Söhne", channels=[], people=[RILEY], test={"volume_per_day": 150, "starts": "2026-10-20"}))
    await at.hear(beta)
    view = await at.opens_home("U3")
    assert customers(view) == ["Beta &amp; Söhne", *(f"Customer {number:03}" for number in range(9))]
    assert "Page 1 of 3, 24 deals" in shown(view)
    assert "← Previous" not in buttons(view)
    view = await at.presses_home("U3", view, **buttons(view)["Next →"])
    view = await at.presses_home("U3", view, **buttons(view)["Next →"])
    assert customers(view) == [f"Customer {number:03}" for number in range(19, 23)]
    assert "Next →" not in buttons(view)
    view = await at.presses_home("U3", view, action_id=home.FILTER, type="static_select", selected_option={"value": "ramp"})
    assert customers(view) == ["Beta &amp; Söhne"]
    view = await at.presses_home("U3", view, action_id=home.FILTER, type="static_select", selected_option={"value": "open"})
    assert customers(view) == ["Beta &amp; Söhne"]
    view = await at.presses_home("U3", view, **buttons(view)["Show all"])
    view = await at.presses_home("U3", view, action_id=home.SEARCH, type="plain_text_input", value="  söhne ")
    assert customers(view) == ["Beta &amp; Söhne"]
    view = await at.presses_home("U3", view, action_id=home.SEARCH, type="plain_text_input", value="*<!channel>*")
    assert customers(view) == []
    assert "<!channel>" not in shown(view)
    view = await at.presses_home("U3", view, action_id=home.SEARCH, type="plain_text_input", value=None)
    assert len(customers(view)) == 10


@pytest.mark.parametrize("page", ["-1", "999", "1e9", "x", "", None, "٣", "9" * 50, [], {}])
async def test_a_page_that_is_not_there_gives_way_to_one_that_is(at: Stage, page: Any) -> None:
    await many(at, 12)
    view = await at.presses_home("U3", await at.opens_home("U3"), action_id=home.ON, value=page)
    assert len(customers(view)) == (2 if page == "999" else 10)


@pytest.mark.parametrize("metadata", [None, "", "x", "[]", "{}", "9", '{"tab":[],"which":{},"page":-1,"named":9}', "[" * 3000, 7, {}])
async def test_whatever_a_view_carries_home_is_shown(at: Stage, metadata: Any) -> None:
    await at.know()
    view = await at.opens_home("U3")
    for sent in ({**view, "private_metadata": metadata}, None, "x", []):
        assert customers(await at.presses_home("U3", sent, action_id=home.ON, value="0")) == ["Acme Outfitters"]


async def test_the_week_and_usefulness_count_what_people_decided(at: Stage) -> None:
    known = await at.know()
    for state in ("used", "used", "not-an-issue", "resolved", "terms-changed"):
        await decide(at, await at.hear(known), state)
    await decide(at, await at.hear(known, "wait-and-see", said_per_day=None), "not-an-issue")
    view = shown(await at.opens_home("U3"))
    assert "*This week* 6 findings raised, 2 used, 2 not an issue, 2 resolved." in view
    assert "*How useful I have been so far*\n• Lower starting volume: 3 of 4 of use\n• Wait and see: 0 of 1 of use" in view
    assert "Of use here so far: Lower starting volume 3 of 4, Wait and see 0 of 1" in view
    at.clock.ahead(days=7)
    view = shown(await at.opens_home("U3"))
    assert "*This week* nothing that was said left the agreed terms." in view
    assert "Lower starting volume: 3 of 4 of use" in view


async def test_what_changes_is_seen_at_the_next_look_and_nothing_is_sent_when_nothing_does(at: Stage) -> None:
    known = await at.know()
    await at.opens_home("U3")
    assert (await look(at), await look(at)) == (0, 0)
    stored = await at.hear(known)
    assert (await look(at), await look(at)) == (1, 0)
    assert "*1 open*" in shown(at.slack.homes["U3"])
    await decide(at, stored, "used")
    assert await look(at) == 1
    assert "Nothing open" in shown(at.slack.homes["U3"])
    await at.know(acme(customer="New", channels=[]))
    assert await look(at) == 1
    assert "*New* —" in shown(at.slack.homes["U3"])


async def test_a_look_leaves_alone_what_somebody_else_has_shown_since(at: Stage) -> None:
    known = await at.know()
    await at.opens_home("U3")
    at.slack.homes["U3"]["hash"] = "newer"
    await at.hear(known)
    assert (await look(at), at.house.homes.open()) == (0, [])


async def test_a_press_is_shown_also_where_home_has_changed_meanwhile(at: Stage) -> None:
    await many(at, 12)
    view = await at.opens_home("U3")
    view = await at.presses_home("U3", {**view, "hash": "older"}, **buttons(view)["Next →"])
    assert "Page 2 of 2" in shown(view)


@pytest.mark.parametrize("fault", [rate_limited(0.2), Fault(error="internal_error"), Fault(status=503)], ids=["429", "internal", "503"])
async def test_what_slack_did_not_take_is_shown_at_the_next_look(at: Stage, fault: Fault) -> None:
    await at.know()
    at.slack.fail("views.publish", fault)
    assert await at.opens_home("U3") == {}
    assert await look(at) == 1
    assert customers(at.slack.homes["U3"]) == ["Acme Outfitters"]


@pytest.mark.parametrize("error", ["not_enabled", "user_not_found", "invalid_auth"])
async def test_what_slack_will_never_take_is_logged_by_its_code_and_let_be(at: Stage, error: str) -> None:
    await at.know()
    at.slack.fail("views.publish", Fault(error=error))
    assert await at.opens_home("U3") == {}
    assert (await look(at), at.house.homes.open()) == (0, [])
    assert [entry["error"] for entry in at.logged if entry["event"] == "home not shown"] == [error]
    assert "Acme" not in str(at.logged)


async def test_a_silent_slack_holds_up_nobody(at: Stage) -> None:
    await at.know()
    at.slack.fail("views.publish", Fault(hang=4))
    assert await at.opens_home("U3") == {}
    assert await look(at) == 1


async def test_the_terms_of_the_day_are_those_that_count(at: Stage) -> None:
    agreed = Agreement(date(2026, 11, 9), "Riley Chen", "Dana Ortiz", None, "U3", datetime(2026, 11, 4, 15, 0, tzinfo=UTC))
    await at.know(amended(acme(), {"test.volume_per_day": 120}, agreed))
    assert "Agreed *150/day*" in shown(await at.opens_home("U3"))
    at.clock.ahead(days=7)
    assert "Agreed *120/day*" in shown(await at.opens_home("U3"))


async def test_the_messages_tab_shows_no_home(at: Stage) -> None:
    assert await at.opens_home("U3", tab="messages") == {}
    assert at.slack.count("views.publish") == 0


async def test_new_deal_opens_its_form(at: Stage) -> None:
    view = await at.opens_home("U3")
    await at.presses_home("U3", view, **buttons(view)["New deal"])
    assert at.slack.views[-1]["callback_id"] == "jumpin-deal-form"
