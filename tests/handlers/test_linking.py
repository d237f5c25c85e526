"""Whose a channel is: the question to the inviter, its buttons, /deal-link, and who may not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.telling.tell import Courier
from store import channels, deals, notes, outbox
from store.records import Errand
from templates.linking import (
    ALSO,
    ASK_AGAIN,
    CHOOSE,
    HERE,
    LIKELY,
    NEW,
    NO_DEAL,
    UNLINK,
    Known,
    LinkView,
    LostView,
    link_card,
    link_help,
    lost_card,
    many_card,
)
from tests.handlers.doors import WHO, with_outsiders
from tests.handlers.telling import QUICK, Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault

SAM = [{"id": "U5", "name": "Sam Stone", "role": "rep"}]
RILEY = [{"id": "U3", "name": "Riley Chen", "role": "rep"}]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.slack.channel("C2", "impl-acme")
        yield there


def shown(message: dict[str, Any]) -> str:
    assert mistakes(message["blocks"]) == []
    return "\n".join([message["text"], *texts(message["blocks"])])


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """Action id -> value, or the first option's."""
    elements = [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return {one["action_id"]: one.get("value") or next((option["value"] for option in one.get("options", ())), "") for one in elements}


async def invite(at: Stage, channel: str = "C2", inviter: str | None = "U3", stamp: str = "1.0") -> int:
    who = {"inviter": inviter} if inviter else {}
    return await at.event(type="member_joined_channel", user="UBOT", channel=channel, event_ts=stamp, **who)


async def asked(at: Stage, beginning: str = "whose-channel") -> list[Errand]:
    async with at.house.store.reading() as s:
        return [errand for errand in await outbox.notices(s, beginning) if "of" not in errand.about]


async def linked(at: Stage, channel: str = "C2") -> list[str]:
    async with at.house.store.reading() as s:
        return [known.deal.customer for known in await deals.deals_of_channel(s, channel)]


async def deal(at: Stage, customer: str = "Acme Outfitters", **other: Any) -> int:
    return (await at.know(acme(customer=customer, **({"channels": []} | other)))).id


async def drained(at: Stage) -> None:
    """Everything due is delivered."""
    await Courier(at.house, at.slack.client(1), QUICK).drain()


async def question(at: Stage, user: str = "U3") -> dict[str, Any]:
    """The inviter's DM."""
    await invite(at, inviter=user)
    await drained(at)
    [dm] = at.slack.dms(user)
    return dm


async def test_whoever_invites_the_bot_links_the_channel_with_one_click(at: Stage) -> None:
    number = await deal(at)
    await deal(at, "Bolt Cycles")
    dm = await question(at)
    assert "You invited me to <#C2>, and it belongs to no deal yet. Whose channel is it?" in shown(dm)
    assert "Acme Outfitters" in shown(dm)
    assert list(buttons(dm)) == [LIKELY[0], CHOOSE, NEW, NO_DEAL]
    await at.press("U3", {"action_id": LIKELY[0], "value": buttons(dm)[LIKELY[0]]})
    assert await linked(at) == ["Acme Outfitters"]
    assert at.house.backlog.holds("C2")
    await drained(at)
    [dm] = at.slack.dms("U3")
    assert "✅ <#C2> is linked to *Acme Outfitters* by <@U3>, <!date^" in shown(dm)
    assert buttons(dm)[f"{UNLINK}-1"] == f"C2:{number}"
    [entry] = [entry for entry in at.logged if entry["event"] == "channel linked"]
    assert set(entry) == {"event", "channel", "deal", "user"}


async def test_the_same_event_again_asks_once_and_another_invitation_asks_again(at: Stage) -> None:
    await deal(at)
    await asyncio.gather(*(invite(at) for _ in range(3)))
    await drained(at)
    assert len(at.slack.dms("U3")) == 1
    await invite(at, stamp="2.0")
    await drained(at)
    assert len(at.slack.dms("U3")) == 2


async def test_a_linked_channel_and_an_unknown_inviter_bring_no_question(at: Stage) -> None:
    await deal(at, channels=["C2"])
    await invite(at)
    await invite(at, "C9", inviter=None)
    assert await asked(at) == []
    assert at.house.backlog.holds("C2")
    assert not at.house.backlog.holds("C9")


async def test_a_channel_linked_before_the_question_went_out_brings_none(at: Stage) -> None:
    await deal(at)
    await invite(at)
    await deal(at, channels=["C2"])
    await drained(at)
    assert at.slack.dms("U3") == []
    assert [errand.error for errand in await asked(at)] == ["settled"]


async def test_a_bot_thrown_out_again_at_once_asks_nothing(at: Stage) -> None:
    at.slack.channel("C2", "impl-acme", is_member=False)
    await invite(at)
    await drained(at)
    assert at.slack.dms("U3") == []


@pytest.mark.parametrize("user", [user for user in WHO if user not in ("U2", "U5")])
async def test_guests_and_people_of_other_companies_are_not_asked(at: Stage, user: str) -> None:
    await with_outsiders(at)
    await invite(at, inviter=user)
    await drained(at)
    assert at.slack.dms(user) == []
    assert at.slack.count("chat.postMessage") == 0
    assert [errand.state for errand in await asked(at)] == ["failed"]


async def test_an_inviter_without_deals_is_offered_a_new_one(at: Stage) -> None:
    await deal(at)
    dm = await question(at, "U5")
    assert "Acme" not in shown(dm)
    assert list(buttons(dm)) == [NEW, NO_DEAL]
    await at.press("U5", {"action_id": NEW, "value": "C2"})
    form = at.slack.views[-1]
    assert form["callback_id"] == "jumpin-deal-form"
    [field] = [block for block in form["blocks"] if block.get("block_id", "").startswith("channels")]
    assert field["element"]["initial_conversations"] == ["C2"]


async def test_a_new_deal_for_the_channel_answers_the_question(at: Stage) -> None:
    await question(at)
    await at.press("U3", {"action_id": NEW, "value": "C2"})
    typed = {"customer": "Bolt", "committed": "500", "test.volume_per_day": "150", "test.starts": "2026-11-09"}
    answer = await at.submit("U3", at.slack.views[-1], typed)
    await at.submit("U3", answer["view"])
    assert await linked(at) == ["Bolt"]
    assert at.house.backlog.holds("C2")
    await drained(at)
    [dm] = at.slack.dms("U3")
    assert "is linked to *Bolt*, as its terms say" in shown(dm)


async def test_no_deals_channel_is_kept_so_until_somebody_takes_it_back(at: Stage) -> None:
    await deal(at)
    dm = await question(at)
    await at.press("U3", {"action_id": NO_DEAL, "value": "C2"})
    await drained(at)
    [dm] = at.slack.dms("U3")
    assert "☑️ <#C2> is no deal's channel, said <@U3>" in shown(dm)
    await invite(at, stamp="2.0")
    await drained(at)
    assert len(at.slack.dms("U3")) == 1
    await at.press("U3", {"action_id": ASK_AGAIN, "value": buttons(dm)[ASK_AGAIN]})
    await drained(at)
    assert "Whose channel is it?" in shown(at.slack.dms("U3")[0])


async def test_undo_takes_the_link_back_and_the_mark_with_it(at: Stage) -> None:
    number = await deal(at)
    await question(at)
    await at.press("U3", {"action_id": LIKELY[0], "value": f"C2:{number}"})
    async with at.house.store.writing() as s:
        await channels.note_seen(s, {"C2": "1793811600.000100"})
    await at.press("U3", {"action_id": f"{UNLINK}-1", "value": f"C2:{number}"})
    await at.press("U3", {"action_id": f"{UNLINK}-1", "value": f"C2:{number}"})
    assert await linked(at) == []
    async with at.house.store.reading() as s:
        assert await channels.seen(s, "C2") is None
    await drained(at)
    assert "Whose channel is it?" in shown(at.slack.dms("U3")[0])


async def test_two_inviters_see_who_linked_it_and_only_those_who_may_see_the_deal_see_which(at: Stage) -> None:
    number = await deal(at)
    for user in ("U3", "U4", "U5"):
        await invite(at, inviter=user, stamp=f"{user}.0")
    await drained(at)
    await at.press("U3", {"action_id": LIKELY[0], "value": f"C2:{number}"})
    await drained(at)
    assert "*Acme Outfitters* by <@U3>" in shown(at.slack.dms("U4")[0])
    there = shown(at.slack.dms("U5")[0])
    assert "<@U3> has said whose <#C2> is" in there
    assert "Acme" not in there


async def test_a_channel_that_somebody_else_linked_meanwhile_is_not_linked_twice_by_accident(at: Stage) -> None:
    first, second = await deal(at), await deal(at, "Bolt Cycles")
    await question(at)
    await at.press("U4", {"action_id": LIKELY[0], "value": f"C2:{first}"})
    await at.press("U3", {"action_id": LIKELY[1], "value": f"C2:{second}"})
    assert await linked(at) == ["Acme Outfitters"]
    await drained(at)
    dm = at.slack.dms("U3")[0]
    assert "*Acme Outfitters* by <@U4>" in shown(dm)
    await at.press("U3", {"action_id": ALSO, "selected_option": {"value": buttons(dm)[ALSO]}})
    assert await linked(at) == ["Acme Outfitters", "Bolt Cycles"]
    await drained(at)
    assert "Names in a message, and who speaks, decide" in shown(at.slack.dms("U3")[0])


async def test_another_persons_deal_in_the_channel_keeps_nobody_from_linking_it(at: Stage) -> None:
    await deal(at, "Secret Co", people=SAM, channels=["C2"])
    number = await deal(at)
    await at.press("U3", {"action_id": LIKELY[0], "value": f"C2:{number}"})
    assert await linked(at) == ["Secret Co", "Acme Outfitters"]
    assert "Secret" not in shown(await at.command("U3", channel="C2", name="/deal-link"))


async def test_double_clicks_link_once(at: Stage) -> None:
    number = await deal(at)
    await question(at)
    press = {"action_id": LIKELY[0], "value": f"C2:{number}"}
    await asyncio.gather(*(at.press("U3", press) for _ in range(4)))
    async with at.house.store.reading() as s:
        assert len(await channels.linked(s, "C2")) == 1


@pytest.mark.parametrize("value", ["", "C2", "C2:", "C2:x", f"C2:{'9' * 40}", "D2:1", "2:1", "C2:1:1", "C2:\u0661", None, "🦊"])
@pytest.mark.parametrize("action", [LIKELY[0], CHOOSE, f"{UNLINK}-1"])
async def test_a_value_that_is_not_ours_is_refused(at: Stage, action: str, value: Any) -> None:
    await deal(at)
    assert (await at.press("U3", {"action_id": action, "value": value})).status == 200
    assert await linked(at) == []
    assert "Sorry" in at.slack.responses[-1]["text"]


async def test_fifty_invitations_at_once_are_five_questions_and_one_message(at: Stage) -> None:
    await deal(at)
    for number in range(50):
        at.slack.channel(f"CX{number}", f"room-{number}")
        await invite(at, f"CX{number}")
    at.clock.ahead(minutes=2)
    await drained(at)
    dms = at.slack.dms("U3")
    assert len(dms) == 6
    assert "45 more channels that you invited me to belong to no deal: <#CX5>, <#CX6>" in dms[-1]["text"]
    assert "and 5 more" in dms[-1]["text"]
    assert mistakes(dms[-1]["blocks"]) == []


async def test_of_many_channels_those_linked_meanwhile_are_left_out(at: Stage) -> None:
    number = await deal(at)
    for place in range(7):
        await invite(at, f"CX{place}")
    await at.press("U3", {"action_id": LIKELY[0], "value": f"CX5:{number}"})
    at.clock.ahead(minutes=2)
    await drained(at)
    assert "Another channel that you invited me to belongs to no deal: <#CX6>." in at.slack.dms("U3")[-1]["text"]


async def test_a_slack_that_does_not_answer_loses_no_question(at: Stage) -> None:
    await deal(at)
    at.slack.fail("users.info", Fault(status=503))
    at.slack.fail("conversations.info", Fault(status=503), Fault(status=503))
    assert await invite(at) == 200
    async with at.courier():
        await until(lambda: at.slack.dms("U3"))
    assert len(at.slack.dms("U3")) == 1


async def test_a_slow_slack_costs_the_command_its_suggestions_and_nothing_else(at: Stage) -> None:
    await deal(at)
    at.slack.fail("conversations.info", Fault(hang=3))
    card = await at.command("U3", channel="C2", name="/deal-link")
    assert list(buttons(card)) == [CHOOSE, NEW, NO_DEAL]


async def test_the_command_links_shows_and_unlinks_the_channel_where_it_is_typed(at: Stage) -> None:
    number = await deal(at)
    card = await at.command("U3", channel="C2", name="/deal-link")
    assert card["response_type"] == "ephemeral"
    assert "<#C2> belongs to no deal of yours. Whose is it?" in shown(card)
    assert buttons(card)[LIKELY[0]] == f"C2:{number}"
    card = await at.command("U3", "acme", channel="C2", name="/deal-link")
    assert "is linked to *Acme Outfitters* by <@U3>" in shown(card)
    assert await linked(at) == ["Acme Outfitters"]
    await at.press("U3", {"action_id": f"{UNLINK}-1", "value": f"C2:{number}"}, ephemeral=True)
    assert await linked(at) == []
    answer = at.slack.responses[-1]
    assert answer["replace_original"] is True
    assert "belongs to no deal of yours" in shown(answer)


async def test_a_listed_channel_that_is_taken_off_stays_off_when_the_terms_change(at: Stage) -> None:
    known = await at.know(acme(channels=["C2"], billing="weekly"))
    await at.press("U3", {"action_id": f"{UNLINK}-1", "value": f"C2:{known.id}"})
    assert await linked(at) == []
    async with at.house.store.reading() as s:
        before = await deals.deal_by_id(s, known.id)
        history = await deals.history(s, known.id)
    assert before is not None
    assert before.deal.channels == ()
    assert [(one.by, one.source) for one in history][-1] == ("U3", "slack")
    await at.know(before.deal.model_copy(update={"billing": "monthly"}))
    assert await linked(at) == []


@pytest.mark.parametrize(
    ("text", "channel", "words"),
    [
        ("help", "C2", "/deal-link Acme"),
        ("", "D3", "direct messages belong to no deal"),
        ("no such deal", "C2", "I know no deal of yours named"),
        ("🦊" * 500, "C2", "I know no deal of yours named"),
    ],
)
async def test_the_command_answers_in_words(at: Stage, text: str, channel: str, words: str) -> None:
    await deal(at)
    assert words in shown(await at.command("U3", text, channel=channel, name="/deal-link"))
    assert await linked(at) == []


async def test_a_channel_without_the_bot_can_be_linked_and_says_how_to_invite_it(at: Stage) -> None:
    await deal(at)
    at.slack.channel("C2", "impl-acme", is_member=False)
    assert "I am not in this channel yet: type `/invite @Jump-In`" in shown(await at.command("U3", "acme", channel="C2", name="/deal-link"))


async def test_deal_status_in_a_channel_of_no_deal_offers_to_link_it(at: Stage) -> None:
    await deal(at)
    card = await at.command("U3", channel="C2")
    assert "This channel is linked to no deal of yours." in shown(card)
    await at.press("U3", {"action_id": HERE, "value": buttons(card)[HERE]}, ephemeral=True)
    assert "Whose is it?" in shown(at.slack.responses[-1])
    assert HERE not in buttons(await at.command("U3", "no such deal", channel="C2"))
    assert HERE not in buttons(await at.command("U1", channel="C2"))


async def test_deal_status_in_a_channel_of_several_deals_asks_for_the_name(at: Stage) -> None:
    await deal(at, channels=["C2"])
    await deal(at, "Bolt Cycles", channels=["C2"])
    assert "more than one of your deals: *Acme Outfitters*, *Bolt Cycles*. Add the customer's name" in shown(
        await at.command("U3", channel="C2")
    )


async def test_a_question_about_a_channel_with_a_new_id_is_about_that_one(at: Stage) -> None:
    number = await deal(at)
    await question(at)
    at.slack.channel("C3", "impl-acme")
    await at.event(type="channel_id_changed", old_channel_id="C2", new_channel_id="C3", event_ts="2.0")
    await at.press("U3", {"action_id": LIKELY[0], "value": f"C2:{number}"})
    assert await linked(at, "C3") == ["Acme Outfitters"]
    await drained(at)
    assert "✅ <#C3> is linked to *Acme Outfitters*" in shown(at.slack.dms("U3")[0])


async def options(at: Stage, user: str, channel: str, typed: str) -> list[dict[str, Any]]:
    payload = {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": {"id": user, "team_id": "T1"},
        "api_app_id": "A1",
        "action_id": CHOOSE,
        "block_id": f"link-{channel}",
        "value": typed,
    }
    response = await at._dispatch(urlencode({"payload": json.dumps(payload)}))
    assert response.status == 200
    found: list[dict[str, Any]] = json.loads(response.body)["options"]
    return found


async def test_more_deals_than_a_list_holds_are_asked_for_as_somebody_types(at: Stage) -> None:
    for number in range(120):
        await deal(at, f"Customer {number}", people=RILEY)
    await deal(at, "Customer of Sam", people=SAM)
    dm = await question(at)
    [select] = [one for one in dm["blocks"][1]["elements"] if one["action_id"] == CHOOSE]
    assert select["type"] == "external_select"
    assert dm["blocks"][1]["block_id"] == "link-C2"
    assert [one["text"]["text"] for one in await options(at, "U3", "C2", "customer 11")][:2] == ["Customer 11", "Customer 110"]
    assert len(await options(at, "U3", "C2", "")) == 100
    assert [one["text"]["text"] for one in await options(at, "U3", "C2", "custmoer")][:1] != []
    assert await options(at, "U3", "C2", "of sam") == []
    assert await options(at, "U3", "nonsense", "") == []
    assert await options(at, "U1", "C2", "") == []


names = st.text(max_size=300)


@settings(max_examples=100)
@given(
    channel=st.text(min_size=1, max_size=30),
    linked=st.lists(names, max_size=12),
    likely=st.lists(names, max_size=3),
    more=st.lists(names, max_size=120),
    who=names,
    asked=st.booleans(),
    state=st.sampled_from(["", "taken", "none"]),
    inside=st.sampled_from([True, False, None]),
)
def test_every_card_is_one_that_slack_takes(
    *, channel: str, linked: list[str], likely: list[str], more: list[str], who: str, asked: bool, state: str, inside: bool | None
) -> None:
    when = datetime(2026, 11, 4, tzinfo=UTC)
    view = LinkView(
        channel,
        [Known(number, name, who, when) for number, name in enumerate(linked)],
        dict(enumerate(likely)),
        dict(enumerate(more, start=1000)),
        many=len(more) > 97,
        taken_by=who if state == "taken" else None,
        no_deal=(who, when) if state == "none" else None,
        asked=asked,
        inside=inside,
    )
    for message in (
        link_card(view),
        lost_card(LostView(channel, who, "archived", who)),
        lost_card(LostView(channel, who, "left")),
        lost_card(LostView(channel, who, "gone", deleted=asked)),
        many_card([channel, *linked]),
    ):
        assert mistakes(message.blocks) == []
        assert message.text.strip()
    assert mistakes(link_help().blocks) == []


async def test_two_couriers_put_the_question_once(at: Stage) -> None:
    await deal(at)
    await invite(at)
    async with at.courier(), at.courier():
        await until(lambda: at.slack.dms("U3"))
        await asyncio.sleep(0.3)
    assert len(at.slack.dms("U3")) == 1


async def test_unanswered_questions_end_with_the_link(at: Stage) -> None:
    number = await deal(at)
    await invite(at)
    since = at.clock.now() - timedelta(hours=1)
    async with at.house.store.reading() as s:
        assert [note.channel for note in await notes.unanswered(s, "U3", since)] == ["C2"]
    await at.press("U3", {"action_id": LIKELY[0], "value": f"C2:{number}"})
    async with at.house.store.reading() as s:
        assert await notes.unanswered(s, "U3", since) == []
