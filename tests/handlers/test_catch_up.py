"""What was missed is heard later, with the time it was said, and the marks never run ahead of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from prometheus_client import generate_latest

from handlers.hearing import catch_up
from handlers.hearing.message import just_before
from store import channels
from tests.handlers.conftest import Bot, acme, ts, unreachable

LOW = "let's start with 15 a day"


async def seen(bot: Bot, mark: str | None = None) -> str | None:
    """The stored mark of the sample channel, after setting it if asked."""
    if mark is not None:
        async with bot.house.store.writing() as s:
            await channels.note_seen(s, {"CACME": mark})
    async with bot.house.store.reading() as s:
        return next(watched.seen_ts for watched in await channels.watched(s) if watched.channel == "CACME")


async def test_at_first_sight_what_was_said_before_is_not_judged(bot: Bot) -> None:
    bot.web.said["CACME"] = [{"ts": ts(-60), "user": "UDANA", "text": LOW}]
    assert await catch_up.catch_up(bot.house, "CACME") == 0
    assert await bot.findings() == []
    assert await seen(bot) == ts(-60)


async def test_missed_messages_of_all_pages_are_heard_in_order(bot: Bot) -> None:
    bot.web.page = 2
    bot.web.said["CACME"] = [{"ts": ts(n), "user": "UDANA", "text": LOW if n == 3 else "good morning"} for n in range(7)]
    await seen(bot, ts(1))
    assert await catch_up.catch_up(bot.house, "CACME") == 5
    assert [found.origin.ts for found in await bot.findings()] == [ts(3)]
    await catch_up.write_marks(bot.house)
    assert await seen(bot) == ts(6)
    assert await catch_up.catch_up(bot.house, "CACME") == 0


async def test_replies_in_old_threads_and_edits_of_old_messages_are_found(bot: Bot) -> None:
    bot.web.said["CACME"] = [
        {"ts": ts(-500), "user": "UIVAN", "text": "questions here please", "thread_ts": ts(-500), "reply_count": 1, "latest_reply": ts(20)},
        {"ts": ts(-400), "user": "UDANA", "text": LOW, "edited": {"user": "UDANA", "ts": ts(10)}},
        {"ts": ts(20), "user": "UFOREIGN", "text": "ok thanks", "thread_ts": ts(-500)},
    ]
    await seen(bot, ts(0))
    assert await catch_up.catch_up(bot.house, "CACME") == 2
    assert [found.origin.ts for found in await bot.findings()] == [ts(-400)]


async def test_replies_to_what_was_handled_last_are_found_and_that_itself_is_not_heard_again(bot: Bot) -> None:
    bot.web.said["CACME"] = [
        {"ts": ts(0), "user": "UIVAN", "text": "questions here please", "thread_ts": ts(0), "reply_count": 1, "latest_reply": ts(20)},
        {"ts": ts(20), "user": "UDANA", "text": LOW, "thread_ts": ts(0)},
    ]
    await seen(bot, ts(0))
    assert await catch_up.catch_up(bot.house, "CACME") == 1
    assert [found.origin.ts for found in await bot.findings()] == [ts(20)]


async def test_a_rate_limit_is_waited_out(bot: Bot) -> None:
    bot.web.said["CACME"] = [{"ts": ts(5), "user": "UDANA", "text": LOW}]
    bot.web.fail("conversations.history", status=429, headers={"Retry-After": "1"}, error="ratelimited")
    await seen(bot, ts(0))
    assert await catch_up.catch_up(bot.house, "CACME") == 1
    assert len(await bot.findings()) == 1
    assert "jumpin_rate_limit_waits_total 1.0" in generate_latest(bot.house.counts.registry).decode()


async def test_a_failed_message_holds_its_mark_back_until_it_is_heard(bot: Bot) -> None:
    store = bot.house.store
    bot.house.deals.clear()
    bot.house.store = unreachable()
    assert await bot.says("UDANA", LOW) == 500
    await bot.house.store.close()
    bot.house.store = store
    assert await bot.says("UDANA", "see you tomorrow", at=10) == 200
    await catch_up.write_marks(bot.house)
    assert await seen(bot) == just_before(ts())
    assert await catch_up.try_again(bot.house) == 1
    assert len(await bot.findings()) == 1
    await catch_up.write_marks(bot.house)
    assert await seen(bot) == ts(10)


async def test_a_gap_is_read_before_marks_move(bot: Bot) -> None:
    bot.web.said["CACME"] = [{"ts": ts(5), "user": "UDANA", "text": LOW}]
    await seen(bot, ts(0))
    bot.house.backlog.missed_something()
    await bot.says("UDANA", "see you tomorrow", at=10)
    await catch_up.write_marks(bot.house)
    assert await seen(bot) == ts(0)
    work = [asyncio.create_task(catch_up.after_gaps(bot.house)), asyncio.create_task(catch_up.run(bot.house))]
    async with asyncio.timeout(5):
        await bot.house.backlog.empty()
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    assert len(await bot.findings()) == 1
    await catch_up.write_marks(bot.house)
    assert await seen(bot) == ts(10)


async def test_a_channel_that_is_not_ours_is_passed_over(bot: Bot) -> None:
    bot.web.fail("conversations.history", error="not_in_channel")
    bot.house.backlog.add("CACME")
    work = asyncio.create_task(catch_up.run(bot.house))
    async with asyncio.timeout(5):
        await bot.house.backlog.empty()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert await seen(bot) is None


async def test_names_in_deal_files_get_their_ids_at_start(bot: Bot) -> None:
    await bot.import_deal(acme(customer="Beta", channels=("#random",)))
    bot.house.backlog.missed_something()
    work = asyncio.create_task(catch_up.after_gaps(bot.house))
    async with asyncio.timeout(5):
        assert {await bot.house.backlog.next(), await bot.house.backlog.next()} == {"CACME", "COTHER"}
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_what_slack_gave_up_on_is_heard_at_the_next_look_and_once(bot: Bot) -> None:
    bot.house.now = lambda: datetime.fromtimestamp(float(ts()), UTC)
    await seen(bot, ts(-9000))
    assert await bot.says("UDANA", "good morning", at=-60) == 200
    bot.web.said["CACME"] = [
        {"ts": ts(-8000), "user": "UDANA", "text": "an hour ago and more, we'd do 12 a day"},
        {"ts": ts(-60), "user": "UDANA", "text": "good morning", "reply_count": 1, "latest_reply": ts(-20)},
        {"ts": ts(-20), "user": "UDANA", "text": LOW, "thread_ts": ts(-60)},
    ]
    assert await catch_up.overlooked(bot.house, "CACME") == 1
    assert [found.origin.ts for found in await bot.findings()] == [ts(-20)]
    assert await catch_up.overlooked(bot.house, "CACME") == 0


async def test_a_channel_that_slack_does_not_answer_for_keeps_no_other_from_being_looked_at(bot: Bot) -> None:
    now = datetime.fromtimestamp(float(ts()), UTC)
    bot.house.now = lambda: now
    await bot.import_deal(acme(customer="Beta", channels=("CAAA",)))
    async with bot.house.store.writing() as s:
        await channels.note_seen(s, {"CAAA": ts(-9000), "CACME": ts(-9000)})
    bot.web.said["CACME"] = [{"ts": ts(-20), "user": "UDANA", "text": LOW}]
    bot.web.fail("conversations.history", error="fatal_error")
    looked: dict[str, datetime] = {}
    await catch_up.look_at_all(bot.house, looked, now)
    assert [found.origin.ts for found in await bot.findings()] == [ts(-20)]
    assert looked == {"CACME": now}


async def test_there_is_no_hole_between_two_looks_however_long_all_channels_take(bot: Bot) -> None:
    now = datetime.fromtimestamp(float(ts()), UTC)
    bot.house.now = lambda: now
    await seen(bot, ts(-9000))
    bot.web.said["CACME"] = [{"ts": ts(-5000), "user": "UDANA", "text": LOW}]
    await catch_up.look_at_all(bot.house, {"CACME": now - timedelta(seconds=4000)}, now)
    assert await bot.findings() == []
    await catch_up.look_at_all(bot.house, {}, now - timedelta(seconds=5400))
    assert [found.origin.ts for found in await bot.findings()] == [ts(-5000)]


async def test_a_channel_that_is_yet_to_be_read_or_new_is_left_to_catching_up(bot: Bot) -> None:
    bot.web.said["CACME"] = [{"ts": ts(-20), "user": "UDANA", "text": LOW}]
    assert await catch_up.overlooked(bot.house, "CACME") == 0
    await seen(bot, ts(-9000))
    bot.house.backlog.add("CACME")
    assert await catch_up.overlooked(bot.house, "CACME") == 0
    assert await bot.findings() == []
