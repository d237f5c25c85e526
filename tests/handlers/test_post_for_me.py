"""Post for me: only where it is switched on, only what was confirmed, only by who may, into the thread, and once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from bot.playbook.preferences import SETTINGS, preferences_of
from handlers.hearing import watch
from handlers.hearing.message import from_event
from store import channels, deals, findings, outbox, posts, preferences
from store.records import KnownDeal, StoredFinding
from templates.post_form import NAMED, Audience, PostForm, because, message, not_posted, post_form
from templates.presses import NOT_AN_ISSUE, POST, UNDO, USED
from templates.quote import as_typed
from templates.scripts import Scripts
from templates.voice import Voice
from tests.handlers.telling import QUICK, Stage, acme, stage, until
from tests.live.block_kit import mistakes, texts, view_mistakes
from tests.live.fake_slack import Fault

TWO_REPS = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
    {"id": "U5", "name": "Sam Stone", "role": "rep"},
    {"id": "U4", "name": "Morgan Lee", "role": "leadership"},
]


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield switched_on(there)


@pytest_asyncio.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Stage]:
    name = f"posting_{token_hex(4)}"
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    async with stage(make_url(postgres_url).set(database=name).render_as_string(hide_password=False)) as there:
        yield switched_on(there)


def switched_on(at: Stage) -> Stage:
    """Posting is on, and in #impl-acme are Dana of the customer, Ivan, Riley and the bot."""
    at.house.post_for_me = True
    at.slack.channel("C1", "impl-acme", is_private=True, members=["U1", "U2", "U3", "UBOT"])
    return at


async def told(at: Stage, **deal: Any) -> StoredFinding:
    """A finding whose DM has been sent."""
    stored = await at.hear(await at.know(acme(**deal)))
    await at.told(stored.id)
    return stored


async def form(at: Stage, stored: StoredFinding, user: str = "U3", trigger: str = "1.ok") -> dict[str, Any]:
    """The form as somebody gets it."""
    before = len(at.slack.views)
    await at.press(user, {"action_id": POST, "value": str(stored.id)}, trigger)
    await until(lambda: len(at.slack.views) == before + 2)
    looking, view = at.slack.views[before:]
    assert "submit" not in looking
    return view


async def answer(at: Stage, user: str, value: str, trigger: str = "1.ok") -> str:
    """What a press is answered where no form opens."""
    before = len(at.slack.responses)
    await at.press(user, {"action_id": POST, "value": value}, trigger)
    await until(lambda: len(at.slack.responses) > before)
    said = at.slack.responses[-1]
    assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
    assert mistakes(said["blocks"]) == []
    return str(said["text"])


def shown(view: dict[str, Any]) -> str:
    assert view_mistakes(view) == []
    return "\n".join(texts(view["blocks"]))


def script(view: dict[str, Any]) -> Any:
    return next(block["element"].get("initial_value") for block in view["blocks"] if block.get("block_id", "").startswith("script"))


def in_channel(at: Stage, channel: str = "C1") -> list[dict[str, Any]]:
    """What the bot has posted into the channel."""
    return [one for one in at.slack.messages[channel] if one.get("bot_id")]


def dm_says(at: Stage, user: str, words: str) -> bool:
    return any(words in text for dm in at.slack.dms(user) for text in texts(dm["blocks"]))


async def confirmed(at: Stage, stored: StoredFinding, text: str = "Hi Dana, 150 a day is what we agreed.", user: str = "U3") -> str:
    return shown((await at.submit(user, await form(at, stored, user), {"script": text}))["view"])


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


async def test_a_form_sent_off_twice_posts_once(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        answers = await asyncio.gather(*(at.submit("U3", view, {"script": "Once"}) for _ in range(3)))
        for one in answers:
            page = shown(one["view"])
            assert "On its way" in page or "on its way" in page or "Posted for" in page
        await until(lambda: in_channel(at))
        await at.told(stored.id)
    assert len(in_channel(at)) == 1


async def test_of_many_at_once_on_postgresql_one_is_posted(on_postgres: Stage) -> None:
    at = on_postgres
    async with at.courier(), at.courier(), at.courier():
        stored = await told(at, people=TWO_REPS)
        views = [await form(at, stored, user) for user in ("U3", "U5") * 3]
        at.slack.fail("chat.postMessage", Fault(status=503), Fault(cut=True, acted=True))
        sent = [at.submit(("U3", "U5")[n % 2], view, {"script": f"Script {n}"}) for n, view in enumerate(views)]
        pages = [shown(one["view"]) for one in await asyncio.gather(*sent)]
        await until(lambda: in_channel(at))
        await at.told(stored.id)
    assert sum("✅ On its way" in page for page in pages) == 1
    assert len(in_channel(at)) == 1
    async with at.house.store.reading() as s:
        post = await posts.of_finding(s, stored.id)
    assert post is not None
    assert (post.state, post.text) == ("sent", list(texts(in_channel(at)[0]["blocks"]))[1])


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize("fault", [Fault(status=503), Fault(cut=True), Fault(error="internal_error"), Fault(hang=1.5)])
async def test_an_unknown_outcome_is_looked_up_in_the_thread(at: Stage, fault: Fault, acted: bool) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", replace(fault, acted=acted))
        await at.submit("U3", view)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"), within=8)
    assert len(in_channel(at)) == 1


async def test_when_the_look_fails_too_nothing_is_doubled(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", Fault(cut=True, acted=True))
        at.slack.fail("conversations.replies", Fault(status=502), Fault(error="internal_error"))
        await at.submit("U3", view)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert len(in_channel(at)) == 1


async def test_what_a_dead_courier_had_posted_is_not_posted_again(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
    await confirmed(at, stored)
    async with at.house.store.writing() as s:
        [errand] = await outbox.claim(s, "dead", at.clock.now(), timedelta(seconds=30), 10)
    metadata = {"event_type": "jumpin_post", "event_payload": {"key": errand.key}}
    await at.slack.client().chat_postMessage(channel="C1", thread_ts=stored.origin.ts, text="as posted", metadata=metadata)
    # what may stand there is looked for even where it may not be posted any more
    at.house.post_for_me = False
    at.clock.ahead(minutes=30)
    async with at.courier():
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert len(in_channel(at)) == 1
    assert (await at.state(stored.id)).state == "used"


async def withdraw(at: Stage, stored: StoredFinding, _known: KnownDeal) -> None:
    await at.withdraw(stored)


async def leave(at: Stage, _stored: StoredFinding, _known: KnownDeal) -> None:
    await at.know(acme(people=[{"id": "U4", "name": "Morgan Lee", "role": "rep"}]))


async def deactivate(at: Stage, _stored: StoredFinding, _known: KnownDeal) -> None:
    at.slack.person("U3", "Riley Chen", deleted=True)
    at.house.users.clear()


async def unlink(at: Stage, _stored: StoredFinding, known: KnownDeal) -> None:
    async with at.house.store.writing() as s:
        await deals.unlink(s, known.id, "C1", deals.Entry("U4", "test", at.clock.now()))


async def switch_off(at: Stage, _stored: StoredFinding, _known: KnownDeal) -> None:
    at.house.post_for_me = False


async def wait(at: Stage, _stored: StoredFinding, _known: KnownDeal) -> None:
    at.clock.ahead(minutes=11)


async def dismiss(at: Stage, stored: StoredFinding, _known: KnownDeal) -> None:
    await at.press("U4", {"action_id": NOT_AN_ISSUE, "value": str(stored.id)})


async def use(at: Stage, stored: StoredFinding, _known: KnownDeal) -> None:
    await at.press("U4", {"action_id": USED, "value": str(stored.id)})


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (withdraw, "the message that it answers was deleted or edited"),
        (leave, None),
        (deactivate, None),
        (unlink, "<#C1> is no longer linked to this deal"),
        (switch_off, "posting is switched off here now"),
        (wait, "the talk may have moved on"),
        (dismiss, "it is marked as not an issue"),
        (use, "it is marked as used already"),
    ],
)
async def test_all_that_must_hold_is_looked_at_again_before_it_is_posted(at: Stage, happens: Any, words: str | None) -> None:
    known = await at.know()
    stored = await at.hear(known)
    async with at.courier() as courier:
        await courier.drain()
    await confirmed(at, stored, "What I had written")
    await happens(at, stored, known)
    async with at.courier() as courier:
        await courier.drain()
        if words is None:
            await at.told(stored.id)
        else:
            await until(lambda: dm_says(at, "U3", words))
            assert dm_says(at, "U3", "What I had written")
    assert in_channel(at) == []
    assert len(at.slack.dms("U3")) == (1 if words is None else 2)
    assert [errand.state for errand in await at.errands(stored.id) if errand.kind == "post"] == ["failed"]


async def test_whoever_pressed_used_it_after_confirming_has_it_posted(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
    await confirmed(at, stored)
    await at.press("U3", {"action_id": USED, "value": str(stored.id)})
    async with at.courier():
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert len(in_channel(at)) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "Jump-In is not in <#C1>: type `/invite @Jump-In` there, then press “Post for me” again."),
        ("channel_not_found", "Jump-In is not in the channel, or the channel is gone."),
        ("is_archived", "<#C1> is archived."),
        ("missing_scope", "lacks the permission to post in channels. Ask whoever runs Jump-In to run `jumpin doctor`."),
        ("restricted_action", "lets only some people post or answer in threads"),
        ("restricted_action_thread_locked", "lets only some people post or answer in threads"),
        ("some_news_of_slacks", "Slack refused it with “someˍnewsˍofˍslacks”. Ask whoever runs Jump-In."),
    ],
)
async def test_what_slack_will_never_take_is_told_in_one_sentence_and_can_be_tried_again(at: Stage, error: str, words: str) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", Fault(error=error))
        await at.submit("U3", view, {"script": "Hello"})
        await until(lambda: dm_says(at, "U3", words))
        assert (await at.state(stored.id)).state == "open"
        await at.told(stored.id)
        assert "Post for me" in str(at.slack.dms("U3")[0]["blocks"])
        await confirmed(at, stored, "Hello again")
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert [list(texts(post["blocks"]))[1] for post in in_channel(at)] == ["Hello again"]


async def test_after_giving_up_a_second_try_finds_what_had_been_posted(at: Stage) -> None:
    async with at.courier(replace(QUICK, tries=1)):
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", Fault(cut=True, acted=True))
        at.slack.fail("conversations.replies", Fault(status=502))
        await at.submit("U3", view, {"script": "Hello"})
        await until(lambda: dm_says(at, "U3", "Look into the thread before you try again"))
        await confirmed(at, stored, "Hello")
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert len(in_channel(at)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200b", "\u2060\u200d", None])
async def test_nothing_written_posts_nothing(at: Stage, text: str | None) -> None:
    stored = await at.hear(await at.know())
    answered = await at.submit("U3", await form(at, stored), {"script": text})
    assert answered["errors"] == {"script#0": "Write what is to be posted"}
    assert [errand.kind for errand in await at.errands(stored.id)] == ["alert"]


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("<!channel> <!here> @channel @here <@U1> <#C1> *bold* <https://x.example|y>", None),
        ("🚚" * 3000, None),
        ("two\n\nparagraphs & more", None),
        ("hidden \u202eturned\u202c \x00\x07nul", "hidden turned nul"),
        ("👩\u200d👩\u200d👧 :truck:", None),
    ],
)
async def test_the_text_goes_out_as_typed_and_pings_nobody(at: Stage, text: str, posted: str | None) -> None:
    async with at.courier():
        await confirmed(at, await told(at), text)
        await until(lambda: in_channel(at))
    [post] = in_channel(at)
    above, body = post["blocks"]
    assert body["text"] == {"type": "plain_text", "text": posted or text, "emoji": True}
    assert above["elements"][0]["text"] == "On behalf of Riley Chen"
    assert "<" not in post["text"]
    assert "@channel" not in post["text"]


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


async def test_logs_and_metadata_hold_ids_only(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        at.slack.fail("chat.postMessage", Fault(error="restricted_action"))
        await at.submit("U3", view, {"script": "Danger Mouse 4711"})
        await until(lambda: len(at.slack.dms("U3")) == 2)
        await confirmed(at, stored, "Danger Mouse 4711")
        await until(lambda: in_channel(at))
    assert {"post confirmed", "script not posted", "script posted"} <= {entry["event"] for entry in at.logged}
    for word in ("Danger", "4711", "Dana", "Acme", "Riley"):
        assert word not in str(at.logged)
        assert word not in str([post["metadata"] for post in in_channel(at)])


async def test_the_line_above_is_in_the_scripts_language(at: Stage) -> None:
    at.house.scripts = Scripts(Voice("es-MX"))
    async with at.courier():
        await confirmed(at, await told(at))
        await until(lambda: in_channel(at))
    assert "En nombre de Riley Chen" in texts(in_channel(at)[0]["blocks"])


async def test_script_and_line_are_in_the_language_that_the_rep_has_chosen(at: Stage) -> None:
    async with at.house.store.writing() as s:
        await preferences.choose(s, "U3", {SETTINGS: preferences_of({SETTINGS: {"language": "es"}}).plain()}, at.clock.now())
    async with at.courier():
        stored = await told(at)
        view = await form(at, stored)
        assert script(view).startswith("Hola Dana")
        assert script(view) in list(texts(at.slack.dms("U3")[0]["blocks"]))
        await at.submit("U3", view)
        await until(lambda: in_channel(at))
    assert list(texts(in_channel(at)[0]["blocks"])) == ["En nombre de Riley Chen", script(view)]


@settings(max_examples=100)
@given(
    text=st.text(max_size=3200),
    name=st.text(max_size=3000),
    people=st.none() | st.integers(0, 10**6),
    outside=st.dictionaries(st.text(max_size=80), st.none() | st.text(max_size=3000), max_size=NAMED + 5),
    link=st.none() | st.text(max_size=100),
)
def test_every_input_makes_a_form_and_a_message_that_slack_takes(
    *, text: str, name: str, people: int | None, outside: dict[str, str | None], link: str | None
) -> None:
    audience = Audience("C1", name, people, more=True, outside=outside, untold=3, shared=True, public=True)
    kept = as_typed(text)[:3000]
    view = post_form(PostForm(10**17, kept, name, audience, name, link, note="x", seen="x" * 16, generation=10**6))
    assert view_mistakes(view) == []
    for made in (message(kept or "x", name), not_posted(name or "x", "<#C1>", name, kept or "x")):
        assert mistakes(made.blocks) == []
        assert "<!" not in made.text
    assert because(name, "<#C1>").strip()


async def undone(at: Stage, stored: StoredFinding, user: str) -> str:
    """What a press on Undo is answered."""
    before, now = len(at.slack.responses), await at.state(stored.id)
    await at.press(user, {"action_id": UNDO, "value": f"{stored.id}:{now.version}"})
    await until(lambda: len(at.slack.responses) > before)
    assert mistakes(at.slack.responses[-1]["blocks"]) == []
    return str(at.slack.responses[-1]["text"])


async def test_undo_takes_the_post_out_of_the_thread_and_it_can_be_posted_again(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await confirmed(at, stored)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
        at.clock.ahead(seconds=20)
        assert "gone from the thread" in await undone(at, stored, "U3")
        assert in_channel(at) == []
        assert (await at.state(stored.id)).state == "open"
        await until(lambda: not dm_says(at, "U3", "💬 Posted for"))
        assert POST in str(at.slack.dms("U3")[0])
        await confirmed(at, stored)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
    assert len(in_channel(at)) == 1


@pytest.mark.parametrize(
    ("user", "fault", "words"),
    [
        ("U5", None, "What I posted for <@U3> stays in the thread"),
        ("U3", Fault(error="cant_delete_message"), "Slack did not let me take the post out of the thread"),
    ],
)
async def test_a_post_that_stays_is_said_to_stay(at: Stage, user: str, fault: Fault | None, words: str) -> None:
    async with at.courier():
        stored = await told(at, people=TWO_REPS)
        await confirmed(at, stored)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
        if fault is not None:
            at.slack.fail("chat.delete", fault)
        assert words in await undone(at, stored, user)
        await at.settle()
    assert len(in_channel(at)) == 1
    assert dm_says(at, "U3", "💬 Posted for <@U3>")
    assert (await at.state(stored.id)).state == "open"


async def test_undoing_a_later_decision_leaves_the_post_alone(at: Stage) -> None:
    async with at.courier():
        stored = await told(at)
        await confirmed(at, stored)
        await until(lambda: dm_says(at, "U3", "💬 Posted for <@U3>"))
        at.clock.ahead(seconds=90)
        await at.press("U3", {"action_id": NOT_AN_ISSUE, "value": str(stored.id)})
        now = await at.state(stored.id)
        await at.press("U3", {"action_id": UNDO, "value": f"{stored.id}:{now.version}"})
    assert (await at.state(stored.id)).state == "used"
    assert len(in_channel(at)) == 1
