"""What is said in a channel becomes findings and errands, once, and before Slack gets its acknowledgement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.deal import Person
from store import outbox
from tests.handlers.conftest import PEOPLE, Bot, acme, ts, unreachable

LOW = "let's start with 15 a day"


async def test_a_low_figure_of_the_customer_becomes_an_errand_to_the_rep(bot: Bot) -> None:
    assert await bot.says("UDANA", LOW) == 200
    (found,) = await bot.findings()
    assert found.finding.said_per_day == (15, 15)
    assert found.origin.said_at == datetime(2026, 11, 4, 17, tzinfo=UTC)
    assert [(errand.kind, errand.recipient, errand.state) for errand in await bot.errands()] == [("alert", "URILEY", "waiting")]
    assert bot.house.wake.is_set()


async def test_the_same_message_under_other_event_ids_raises_nothing_twice(bot: Bot) -> None:
    for event_id in ("EvA", "EvB", "EvB"):
        assert await bot.says("UDANA", LOW, event_id=event_id) == 200
    assert (await bot.findings())[0].count == 1
    assert len(await bot.errands()) == 1
    assert bot.counted("duplicate") == 2


async def test_the_same_message_after_a_restart_raises_nothing_twice(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    bot.house.handled.clear()
    assert await bot.says("UDANA", LOW) == 200
    assert (await bot.findings())[0].count == 1
    assert len(await bot.errands()) == 1


@pytest.mark.parametrize("user", ["URILEY", "UMORGAN"])
async def test_our_own_side_is_left_alone(bot: Bot, user: str) -> None:
    assert await bot.says(user, LOW) == 200
    assert await bot.findings() == []
    assert bot.counted("own-side") == 1


async def test_other_channels_and_our_own_messages_are_left_alone(bot: Bot) -> None:
    assert await bot.says("UDANA", LOW, channel="COTHER") == 200
    assert await bot.says("UBOT", LOW) == 200
    assert bot.counted("unlinked") == 1
    assert await bot.findings() == []


@pytest.mark.parametrize(
    "ours",
    [
        {"user": "UBOT", "text": LOW, "ts": ts()},
        {"bot_id": "BBOT", "subtype": "bot_message", "text": LOW, "ts": ts()},
        {
            "subtype": "message_changed",
            "ts": ts(9),
            "message": {"user": "UBOT", "text": LOW, "ts": ts()},
            "previous_message": {"text": "hm"},
        },
        {"subtype": "message_deleted", "ts": ts(9), "deleted_ts": ts(), "previous_message": {"user": "UBOT", "text": LOW, "ts": ts()}},
    ],
)
async def test_what_we_said_ourselves_is_taken_for_nothing(bot: Bot, ours: dict[str, Any]) -> None:
    assert await bot.event(type="message", channel="CACME", **ours) == 200
    assert await bot.findings() == []
    assert bot.house.seen.marks(lambda _channel: False) == {}


async def test_a_deal_with_standard_coverage_is_left_alone(bot: Bot) -> None:
    await bot.import_deal(acme(coverage="standard"))
    assert await bot.says("UDANA", LOW) == 200
    assert await bot.findings() == []
    assert bot.counted("standard-coverage") == 1


@pytest.mark.parametrize(
    ("user", "side"), [("UFOREIGN", "customer"), ("UGUEST", "customer"), ("UOWN", "implementation"), ("UGHOST", "unknown")]
)
async def test_people_outside_the_deal_speak_for_their_team(bot: Bot, user: str, side: str) -> None:
    await bot.says("UDANA", "how many to start with?")
    await bot.says(user, LOW, at=5)
    assert [found.finding.side for found in await bot.findings()] in ([side], [] if side in ("unknown", "implementation") else [side])
    assert bot.counted("failed") == 0


async def test_bots_are_heard_only_when_the_deal_lists_them(bot: Bot) -> None:
    robot = {"subtype": "bot_message", "bot_id": "BREPORT"}
    assert await bot.says("", LOW, **robot) == 200
    assert bot.counted("bot-not-listed") == 1
    await bot.import_deal(acme(people=(*PEOPLE, Person(id="BREPORT", name="Reports", role="customer"))))
    await bot.says("", LOW, at=5, **robot)
    assert len(await bot.findings()) == 1


@pytest.mark.parametrize("subtype", ["thread_broadcast", "file_share", "me_message"])
async def test_speech_of_all_kinds_is_heard(bot: Bot, subtype: str) -> None:
    assert await bot.says("UDANA", LOW, subtype=subtype) == 200
    assert len(await bot.findings()) == 1


@pytest.mark.parametrize(
    "event", [{"type": "message", "subtype": "channel_join"}, {"type": "reaction_added"}, {"type": "app_rate_limited"}]
)
async def test_events_of_no_interest_are_answered(bot: Bot, event: dict[str, str]) -> None:
    assert await bot.event(channel="CACME", user="UDANA", ts=ts(), **event) == 200
    assert await bot.findings() == []


async def test_an_edit_from_500_to_15_fires(bot: Bot) -> None:
    await bot.says("UDANA", "let's start with 500 a day")
    assert await bot.findings() == []
    assert await bot.edits("UDANA", "let's start with 500 a day", LOW) == 200
    assert (await bot.findings())[0].origin.ts == ts()
    assert [errand.kind for errand in await bot.errands()] == ["alert"]


async def test_an_edit_that_leaves_the_figure_changes_nothing(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    assert await bot.edits("UDANA", LOW, LOW) == 200
    assert await bot.edits("UDANA", LOW, LOW + "!") == 200
    (found,) = await bot.findings()
    assert (found.count, found.version) == (1, 1)
    assert [errand.kind for errand in await bot.errands()] == ["alert"]


async def test_an_edit_that_takes_it_back_withdraws_the_finding_and_changes_the_dm(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    await bot.edits("UDANA", LOW, "let's start with 150 a day")
    assert await bot.findings() == []
    assert [errand.kind for errand in await bot.errands()] == ["alert", "update"]


async def test_an_edit_to_another_figure_changes_the_dm(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    await bot.edits("UDANA", LOW, "let's start with 20 a day")
    assert [found.finding.said_per_day for found in await bot.findings()] == [(20, 20)]
    assert [errand.kind for errand in await bot.errands()] == ["alert", "update"]


async def test_a_dm_that_was_never_sent_because_it_was_taken_back_is_sent_when_it_holds_after_all(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    now = bot.house.now()
    async with bot.house.store.writing() as s:
        (alert,) = await outbox.claim(s, "courier", now, timedelta(minutes=1), 5)
        assert await outbox.failed(s, alert, "withdrawn", now)
    await bot.edits("UDANA", LOW, "let's start with 150 a day")
    await bot.edits("UDANA", "let's start with 150 a day", LOW, later=120)
    waiting = [errand for errand in await bot.errands() if errand.state == "waiting"]
    assert [errand.kind for errand in waiting] == ["update", "alert"]


async def test_a_deleted_message_withdraws_its_finding_and_changes_the_dm(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    assert await bot.deletes() == 200
    assert await bot.findings() == []
    assert [errand.kind for errand in await bot.errands()] == ["alert", "update"]


async def test_a_figure_said_again_is_counted_and_brings_no_second_dm(bot: Bot) -> None:
    await bot.says("UDANA", LOW)
    await bot.says("UDANA", LOW, at=30)
    (found,) = await bot.findings()
    assert found.count == 2
    assert [errand.kind for errand in await bot.errands()] == ["alert", "update"]


async def test_without_a_database_nothing_is_acknowledged_and_nothing_lost(bot: Bot) -> None:
    store = bot.house.store
    bot.house.deals.clear()
    bot.house.store = unreachable()
    assert await bot.says("UDANA", LOW) == 500
    await bot.house.store.close()
    bot.house.store = store
    assert await bot.says("UDANA", LOW) == 200
    assert len(await bot.findings()) == 1


async def test_when_slack_does_not_say_who_spoke_the_message_must_come_again(bot: Bot) -> None:
    bot.web.fail("users.info", error="fatal_error")
    assert await bot.says("UFOREIGN", LOW) == 500
    assert await bot.says("UFOREIGN", LOW) == 200
    assert len(await bot.findings()) == 1


async def test_context_is_fetched_once_and_its_loss_loses_no_message(bot: Bot) -> None:
    bot.web.fail("conversations.history", error="fatal_error")
    await bot.says("UDANA", LOW)
    await bot.says("UDANA", "thanks", at=5)
    assert len(bot.web.called("conversations.history")) == 1
    assert len(await bot.findings()) == 1


async def test_a_reply_brings_its_thread_into_the_talk(bot: Bot) -> None:
    bot.web.said["CACME"] = [{"ts": ts(-900), "user": "UIVAN", "text": "how many a day will you start with?", "reply_count": 1}]
    await bot.says("UDANA", "fifteen to start", thread_ts=ts(-900))
    (asked,) = bot.web.called("conversations.replies")
    assert asked["ts"] == ts(-900)


async def test_a_channel_named_in_the_deal_is_linked_when_it_speaks(bot: Bot) -> None:
    await bot.import_deal(acme(customer="Beta", channels=("#random",)))
    assert await bot.says("UDANA", LOW, channel="COTHER") == 200
    assert len(await bot.findings("Beta")) == 1


async def test_a_channel_with_a_new_id_keeps_its_deal(bot: Bot) -> None:
    assert await bot.event(type="channel_id_changed", old_channel_id="CACME", new_channel_id="CNEW") == 200
    await bot.says("UDANA", LOW, channel="CNEW")
    assert len(await bot.findings()) == 1


async def test_joining_a_linked_channel_asks_for_its_history(bot: Bot) -> None:
    assert await bot.event(type="member_joined_channel", user="UBOT", channel="CACME") == 200
    assert bot.house.backlog.holds("CACME")


async def test_a_revoked_token_is_told(bot: Bot) -> None:
    assert await bot.event(type="tokens_revoked", tokens={"oauth": ["UDANA"]}) == 200
    assert not bot.house.revoked.is_set()
    assert await bot.event(type="tokens_revoked", tokens={"bot": ["UBOT"]}) == 200
    assert bot.house.revoked.is_set()


@pytest.mark.parametrize("text", ["", "🎉🎉", "\u202eיום 15 ביום\u202c", "\u200b\u200b", "\x00\x07\x1b[31m", "1," * 20_000])
async def test_texts_of_any_kind_are_acknowledged(bot: Bot, text: str) -> None:
    assert await bot.says("UDANA", text) == 200
    assert bot.counted("failed") == 0
