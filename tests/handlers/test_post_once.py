"""Post for me: once, whatever fails, only as long as all holds, and gone again when it is undone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store import deals, outbox, posts
from store.records import KnownDeal, StoredFinding
from templates.presses import NOT_AN_ISSUE, POST, UNDO, USED
from tests.handlers.posts import TWO_REPS, confirmed, dm_says, form, in_channel, shown, told
from tests.handlers.posts import at as at  # noqa: PLC0414 - a fixture
from tests.handlers.posts import on_postgres as on_postgres  # noqa: PLC0414 - a fixture
from tests.handlers.telling import QUICK, Stage, acme, until
from tests.live.block_kit import mistakes, texts
from tests.live.fake_slack import Fault


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
