"""Post for me: only where it is switched on, only what was confirmed, only by who may, into the thread, and once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from handlers.hearing import watch
from handlers.hearing.message import from_event
from store import channels, findings, outbox, posts
from templates.presses import POST
from tests.handlers.posts import TWO_REPS, answer, confirmed, dm_says, form, in_channel, script, shown, told
from tests.handlers.posts import at as at  # noqa: PLC0414 - a fixture
from tests.handlers.posts import on_postgres as on_postgres  # noqa: PLC0414 - a fixture
from tests.handlers.telling import Stage, until
from tests.live.block_kit import texts
from tests.live.fake_slack import Fault


async def test_from_the_alert_into_the_thread_and_back_into_the_alert(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        elements = [one for block in at.slack.dms("U3")[-1]["blocks"] if block["type"] == "actions" for one in block["elements"]]
        assert POST in [one["action_id"] for one in elements]
        view = await form(at, stored)
        page = shown(view)
        assert "*Where:* *#impl-acme*, in <https://carrier.slack.com/archives/C1/" in page
        assert "|Dana Ortiz's thread>" in page
        assert "*Who will see it:* 3 people\n*From outside (1):* Dana Ortiz" in page
        assert "shared" not in page
        assert "with “On behalf of Riley Chen” above it" in page
        assert script(view).startswith("Hi Dana, quick pause so that we're working from the same plan")
        done = shown((await at.submit("U3", view))["view"])
        assert "✅ On its way to *#impl-acme*, into Dana Ortiz's thread." in done
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    [post] = in_channel(at)
    assert post["thread_ts"] == stored.origin.ts
    assert list(texts(post["blocks"])) == ["On behalf of Riley Chen", script(view)]
    assert post["text"] == f"On behalf of Riley Chen:\n{script(view)}"
    assert post["metadata"] == {"event_type": "jumpin_post", "event_payload": {"key": f"post:{stored.id}"}}
    [dm] = at.slack.dms("U3")
    lines = "\n".join(texts(dm["blocks"]))
    assert f"https://carrier.slack.com/archives/C1/p{post['ts'].replace('.', '')}|message>" in lines
    assert "✅ Used by <@U3>" in lines
    assert POST not in str(dm)
    after = await at.state(stored.id)
    assert (after.state, after.changed_by) == ("used", "U3")


async def test_a_reply_is_answered_in_its_thread(at: Stage) -> None:
    known = await at.know()
    stored = await at.hear(known)
    parent = at.slack.say("U3", "C1", "how is it going?")
    async with at.house.store.writing() as s:
        origin = replace(stored.origin, thread_ts=parent)
        await findings.record(s, known.id, stored.finding, origin, at.clock.now())
    async with at.courier():
        await confirmed(at, stored)
        await until(lambda: in_channel(at))
    assert in_channel(at)[0]["thread_ts"] == parent


async def test_it_is_off_by_default(at: Stage) -> None:
    at.house.post_for_me = False
    async with at.courier():
        stored = await told(at)
    assert "Post for me" not in str(at.slack.dms("U3"))
    assert "switched off here" in await answer(at, "U3", str(stored.id))
    assert at.slack.views == []


async def test_what_the_bot_posted_is_not_taken_for_talk(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await confirmed(at, stored, "we can do 15 a day instead")
        await until(lambda: in_channel(at))
    [post] = in_channel(at)
    event = {"type": "message", "channel": "C1", **post}
    change = from_event(event)
    changed = {"message": {**post, "text": "15 a day"}, "previous_message": post}
    edit = from_event({"type": "message", "subtype": "message_changed", "channel": "C1", **changed})
    assert change is not None
    assert edit is not None
    assert [await watch.take(at.house, change), await watch.take(at.house, edit)] == ["own-message", "own-message"]


@pytest.mark.parametrize(
    ("facts", "there", "lines"),
    [
        ({"members": ["U2", "U3", "UBOT"]}, {}, ["*Who will see it:* 2 people, all of our own team"]),
        ({"members": ["U3", "UBOT"]}, {}, ["*Who will see it:* 1 person, all of our own team"]),
        ({"members": ["U1", "U3", "UBOT"]}, {"U1": {"team_id": "T1"}}, ["*From outside (1):* Dana Ortiz"]),  # an account of ours
        (
            {"members": ["U1", "U3", "UBOT"], "is_private": False},
            {},
            ["2 people, and whoever else of our workspace opens this public channel", "*From outside (1):* Dana Ortiz"],
        ),
        (
            {"members": ["U3", "UG", "UROBOT"]},
            {"UG": {"is_restricted": True}, "UROBOT": {"is_bot": True, "team_id": "T9"}},
            ["*Who will see it:* 2 people\n*From outside (1):* Name of UG"],
        ),
        ({"members": ["U3", "UX", "UY"]}, {}, ["3 people", "⚠️ Slack tells nothing about 2 of them. Take them for people from outside."]),
        ({"members": ["U3", "UX"]}, {}, ["⚠️ Slack tells nothing about one of them."]),
        ({"members": ["U3"], "is_ext_shared": True}, {}, ["⚠️ This channel is shared with another company"]),
        ({"members": ["U3"], "is_pending_ext_shared": True}, {}, ["⚠️ This channel is shared with another company"]),
        (
            {"members": ["U3", *(f"UE{n:02}" for n in range(13))]},
            {f"UE{n:02}": {"team_id": "T2"} for n in range(13)},
            ["*From outside (13):* Name of UE00, ", "Name of UE09 and 3 more"],
        ),
        ({"members": ["U3", *(f"UE{n:03}" for n in range(250))]}, {}, ["251 people", "nothing about 250 of them"]),
        (
            {"members": ["U3", "UN"]},
            {"UN": {"team_id": "T2", "profile": {"real_name": "<!channel> *x*"}}},
            ["*From outside (1):* &lt;!channel&gt; ∗x∗"],
        ),
        ({"members": ["U3", "UN"]}, {"UN": {"team_id": "T2", "profile": {}, "real_name": "", "name": ""}}, ["*From outside (1):* <@UN>"]),
    ],
)
async def test_the_form_says_who_will_see_it(at: Stage, facts: dict[str, Any], there: dict[str, dict[str, Any]], lines: list[str]) -> None:
    at.slack.channel("C1", "impl-acme", **{"is_private": True, **facts})
    for user, other in there.items():
        at.slack.person(user, f"Name of {user}")
        at.slack.people[user] |= other
    page = shown(await form(at, await at.hear(await at.know())))
    for line in lines:
        assert line in page
    assert ("shared with" in page) == bool(facts.get("is_ext_shared") or facts.get("is_pending_ext_shared"))


@pytest.mark.parametrize("fault", [Fault(error="missing_scope"), Fault(status=503), Fault(error="internal_error")])
async def test_a_slack_that_does_not_tell_who_is_there_is_said_plainly(at: Stage, fault: Fault) -> None:
    at.slack.fail("conversations.members", fault)
    stored = await at.hear(await at.know())
    view = await form(at, stored)
    assert "⚠️ Slack does not tell who is in this channel. Take it that people from outside will see this." in shown(view)
    # told by now: who will see it is not what was shown, so that it is shown before anything is posted
    asked = await at.submit("U3", view, {"script": "Hello"})
    assert "Who will see it has changed since you opened this" in shown(asked["view"])
    assert script(asked["view"]) == "Hello"
    assert "On its way" in shown((await at.submit("U3", asked["view"]))["view"])


async def test_whoever_joins_from_outside_meanwhile_is_shown_before_it_is_posted(at: Stage) -> None:
    stored = await at.hear(await at.know())
    view = await form(at, stored)
    at.slack.person("UNEW", "Nora New", team_id="T2")
    at.slack.channels["C1"]["members"].append("UNEW")
    asked = shown((await at.submit("U3", view, {"script": "Hello"}))["view"])
    assert "*From outside (2):* Dana Ortiz, Nora New" in asked
    assert [errand.kind for errand in await at.errands(stored.id)] == ["alert"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_archived": True}, "*#impl-acme* is archived"),
        ({"is_member": False}, "Jump-In is not in *#impl-acme*: type `/invite @Jump-In` there"),
    ],
)
async def test_a_channel_where_nothing_can_be_posted_has_no_form(at: Stage, facts: dict[str, Any], words: str) -> None:
    stored = await at.hear(await at.know())
    view = await form(at, stored)
    at.slack.channel("C1", "impl-acme", **facts)
    shut = await form(at, stored)
    assert "submit" not in shut
    assert words in shown(shut)
    assert words in shown((await at.submit("U3", view))["view"])
    del at.slack.channels["C1"]
    assert "Jump-In is not in the channel, or the channel is gone" in shown(await form(at, stored))


async def test_the_second_person_sees_who_was_first(at: Stage) -> None:
    async with at.courier():
        stored = await told(at, people=TWO_REPS)
        one, other = await form(at, stored), await form(at, stored, "U5")
        await at.submit("U3", one, {"script": "First"})
        await until(lambda: dm_says(at, "U5", "💬 Posted for <@U3>"))
        late = shown((await at.submit("U5", other, {"script": "Second"}))["view"])
        assert "💬 Posted for <@U3>" in late
        assert "archives/C1/" in late
        assert "nothing more was posted" in late
        assert "💬 Posted for <@U3>" in await answer(at, "U4", str(stored.id))
    assert [list(texts(post["blocks"]))[1] for post in in_channel(at)] == ["First"]


async def test_more_than_slack_lets_type_is_refused(at: Stage) -> None:
    stored = await at.hear(await at.know())
    answered = await at.submit("U3", await form(at, stored), {"script": "x" * 3001})
    assert answered["errors"] == {"script#0": "Is longer than 3,000 characters; shorten it"}


@pytest.mark.parametrize(
    "values", [None, [], "x", {}, {"script#0": None}, {"script#0": {"value": 5}}, {"script#0": {"value": {"value": [1]}}}]
)
async def test_payloads_of_every_wrong_kind_post_nothing(at: Stage, values: Any) -> None:
    stored = await at.hear(await at.know())
    assert (await at.send("U3", await form(at, stored), values))["response_action"] == "errors"
    assert [errand.kind for errand in await at.errands(stored.id)] == ["alert"]


@pytest.mark.parametrize("metadata", ["", "[]", "{", "null", '{"finding": "x"}', '{"finding": null}', '{"finding": 999999}', "[" * 5000])
async def test_metadata_that_is_not_ours_is_refused(at: Stage, metadata: str) -> None:
    stored = await at.hear(await at.know())
    view = {**await form(at, stored), "private_metadata": metadata}
    assert "open only to our own people" in shown((await at.submit("U3", view))["view"])


@pytest.mark.parametrize("kept", [{"seen": None}, {"seen": ["x"], "generation": "x"}, {"generation": -1}])
async def test_a_form_that_does_not_say_what_it_showed_is_shown_again(at: Stage, kept: dict[str, Any]) -> None:
    stored = await at.hear(await at.know())
    view = {**await form(at, stored), "private_metadata": json.dumps({"finding": stored.id, **kept})}
    again = (await at.submit("U3", view, {"script": "Hello"}))["view"]
    assert "look again, then post" in shown(again)


async def test_an_expired_trigger_and_a_silent_slack_are_told(at: Stage) -> None:
    stored = await at.hear(await at.know())
    assert await answer(at, "U3", str(stored.id), trigger="1.late") == "Slack closed this before the form could open. Please try again."
    at.slack.fail("views.open", Fault(hang=4))
    assert await answer(at, "U3", str(stored.id)) == "Slack did not answer in time. Please try again."
    view = await form(at, stored)
    at.house.users.clear()
    at.slack.fail("users.info", Fault(status=503))
    assert "so nothing was posted" in shown((await at.submit("U3", view))["view"])


async def test_a_month_later_the_button_of_an_old_message_points_to_its_age(at: Stage) -> None:
    stored = await at.hear(await at.know())
    assert "is it still what you want to say" not in shown(await form(at, stored))
    at.clock.ahead(days=35)
    view = await form(at, stored)
    assert "⚠️ This was said <!date^" in shown(view)
    await at.withdraw(stored)
    assert "deleted or edited" in await answer(at, "U3", str(stored.id))
    assert "deleted or edited" in shown((await at.submit("U3", view))["view"])


async def test_the_post_goes_with_its_channel_to_a_new_id(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await confirmed(at, stored)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    async with at.house.store.writing() as s:
        await channels.rename(s, "C1", "C2", at.clock.now())
    async with at.house.store.reading() as s:
        post = await posts.of_finding(s, stored.id)
        kept = [errand.channel for errand in await outbox.of_finding(s, stored.id) if errand.kind == "post"]
    assert post is not None
    assert (post.channel, kept) == ("C2", ["C2"])
