"""The courier: the right person is told once, whatever Slack and the network do."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from prometheus_client.registry import Collector
from sqlalchemy import text

from bot.deal import Deal
from bot.playbook.clock.history import Happened
from handlers.telling import errands
from handlers.telling.delivery import Patience
from store import clock, findings, outbox
from store.records import Errand
from templates.kit import Message
from tests.handlers.telling import QUICK, Stage, acme, stage, until
from tests.live.block_kit import texts
from tests.live.fake_slack import Fault, rate_limited


def value_of(metric: Collector, suffix: str = "") -> float:
    """What a scrape would read."""
    return next(sample.value for family in metric.collect() for sample in family.samples if sample.name.endswith(suffix))


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def test_the_rep_gets_the_dm_within_a_second(at: Stage) -> None:
    async with at.courier():
        stored = await at.hear(await at.know())
        await until(lambda: at.slack.dms("U3"))
    [dm] = at.slack.dms("U3")
    shown = list(texts(dm["blocks"]))
    assert shown[0] == "Acme Outfitters: 10-15/day said, 150/day agreed — test day 3 of 14"
    assert "*Dana Ortiz* (customer) in <#C1>" in shown[1]
    assert f"https://carrier.slack.com/archives/C1/p{stored.origin.ts.replace('.', '')}" in shown[1]
    [errand] = await at.errands(stored.id)
    assert (errand.state, errand.channel, errand.ts) == ("sent", "DU3", dm["ts"])
    assert at.house.counts.value(at.house.counts.dms, "sent") == 1
    assert at.slack.dms("U4") == []
    assert [message for message in at.slack.messages["C1"] if message.get("bot_id")] == []


async def test_test_days_count_from_the_first_pickup_where_that_was_seen(at: Stage) -> None:
    """Agreed was 2 November; the first pickup came a day later, and all later dates with it, as in /deal-milestones."""
    known = await at.know()
    async with at.house.store.writing() as s:
        event = Happened("pickup", date(2026, 11, 3), "the driver was there")
        await clock.happened(s, known.id, event, "test", by="U3", now=at.clock.now())
    async with at.courier():
        await at.hear(known)
        await until(lambda: at.slack.dms("U3"))
    [dm] = at.slack.dms("U3")
    assert next(iter(texts(dm["blocks"]))) == "Acme Outfitters: 10-15/day said, 150/day agreed — test day 2 of 14"
    card = "\n".join(texts((await at.command("U3", channel="C1"))["blocks"]))
    assert "Acme Outfitters — test day 2 of 14" in card
    assert "test ends 16 Nov, in 12 days" in card
    assert "150/day for two weeks, 2 Nov - 15 Nov" in card


@pytest.mark.parametrize(
    "facts",
    [{"team_id": "T2"}, {"is_restricted": True}, {"is_ultra_restricted": True}, {"deleted": True}, {"is_bot": True}],
    ids=lambda facts: next(iter(facts)),
)
async def test_nobody_outside_is_told_even_when_the_deal_names_them(at: Stage, facts: dict[str, Any]) -> None:
    at.slack.person("U3", "Riley Chen", **facts)
    async with at.courier() as courier:
        stored = await at.hear(await at.know())
        await courier.drain()
    [errand] = await at.errands(stored.id)
    assert (errand.state, errand.error) == ("failed", "not-allowed")
    assert at.slack.count("conversations.open") == at.slack.count("chat.postMessage") == 0


async def test_somebody_of_the_same_organisation_is_told(at: Stage) -> None:
    at.house.own_enterprise_id = "E1"
    at.slack.person("U3", "Riley Chen", team_id="T7", enterprise_user={"enterprise_id": "E1"})
    async with at.courier() as courier:
        await at.hear(await at.know())
        await courier.drain()
    assert len(at.slack.dms("U3")) == 1


async def test_who_has_left_the_deal_is_not_told(at: Stage) -> None:
    stored = await at.hear(await at.know())
    await at.know(Deal(**(acme().model_dump() | {"people": [{"id": "U4", "name": "Morgan Lee", "role": "rep"}]})))
    async with at.courier() as courier:
        await courier.drain()
    assert [errand.error for errand in await at.errands(stored.id)] == ["not-allowed"]
    assert at.slack.dms("U3") == []


async def test_a_rate_limit_is_waited_out(at: Stage) -> None:
    at.slack.fail("chat.postMessage", rate_limited(1))
    async with at.courier():
        await at.hear(await at.know())
        await until(lambda: at.slack.dms("U3"))
    first, second = (call.at for call in at.slack.calls if call.method == "chat.postMessage")
    assert 1 <= second - first < 2
    assert len(at.slack.dms("U3")) == 1


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    "fault",
    [Fault(status=503), Fault(status=500), Fault(cut=True), Fault(error="internal_error"), Fault(error="fatal_error"), Fault(hang=1.5)],
    ids=["503", "500", "cut", "internal_error", "fatal_error", "hang"],
)
async def test_an_unknown_outcome_is_looked_up_before_a_second_post(at: Stage, fault: Fault, acted: bool) -> None:
    at.slack.fail("chat.postMessage", replace(fault, acted=acted))
    async with at.courier():
        stored = await at.hear(await at.know())
        await at.told(stored.id)
    [dm] = at.slack.dms("U3")
    assert at.slack.count("chat.postMessage") == (1 if acted else 2)
    assert (await at.errands(stored.id))[0].ts == dm["ts"]


async def test_when_the_look_fails_too_nothing_is_doubled(at: Stage) -> None:
    at.slack.fail("chat.postMessage", Fault(cut=True, acted=True))
    at.slack.fail("conversations.history", Fault(status=502), rate_limited(0.1), Fault(error="internal_error"))
    async with at.courier():
        stored = await at.hear(await at.know())
        await until(lambda: at.slack.count("conversations.history") >= 4)
    assert len(at.slack.dms("U3")) == 1
    assert [errand.state for errand in await at.errands(stored.id)] == ["sent"]


async def test_what_a_dead_courier_had_sent_is_not_sent_again(at: Stage) -> None:
    stored = await at.hear(await at.know())
    async with at.house.store.writing() as s:
        [errand] = await outbox.claim(s, "dead", at.clock.now(), timedelta(seconds=30), 10)
    metadata = {"event_type": "jumpin_alert", "event_payload": {"key": errand.key}}
    await at.slack.client().chat_postMessage(channel="U3", text="as sent", metadata=metadata)
    at.clock.ahead(seconds=31)
    async with at.courier() as courier:
        await courier.drain()
    assert len(at.slack.dms("U3")) == 1
    assert [(errand.state, errand.ts) for errand in await at.errands(stored.id)] == [("sent", at.slack.dms("U3")[0]["ts"])]


@pytest.mark.parametrize("error", ["user_disabled", "channel_not_found", "invalid_blocks", "messages_tab_disabled", "missing_scope"])
async def test_what_slack_will_never_take_fails_with_its_code(at: Stage, error: str) -> None:
    at.slack.fail("chat.postMessage", Fault(error=error))
    async with at.courier() as courier:
        stored = await at.hear(await at.know())
        await courier.drain()
    assert [(errand.state, errand.error) for errand in await at.errands(stored.id)] == [("failed", error)]
    assert at.slack.count("chat.postMessage") == 1


async def test_a_revoked_token_loses_nothing(at: Stage) -> None:
    at.slack.fail("chat.postMessage", Fault(error="token_revoked"))
    async with at.courier():
        stored = await at.hear(await at.know())
        await until(at.house.revoked.is_set)
    assert [errand.state for errand in await at.errands(stored.id)] == ["waiting"]


async def test_one_gives_up_in_the_end(at: Stage) -> None:
    at.slack.fail("chat.postMessage", *[Fault(status=503)] * 5)
    async with at.courier(replace(QUICK, tries=2)):
        stored = await at.hear(await at.know())
        await until(lambda: at.house.counts.value(at.house.counts.dms, "again") and at.slack.count("chat.postMessage") == 2)
        await asyncio.sleep(0.2)
    assert [(errand.state, errand.error) for errand in await at.errands(stored.id)] == [("failed", "http_503")]


async def test_those_who_watch_see_for_how_long_a_message_waits_whatever_was_tried_meanwhile(at: Stage) -> None:
    age, seconds = at.house.counts.outbox_age, at.house.counts.dm_seconds
    at.slack.fail("chat.postMessage", Fault(status=503), Fault(status=503), rate_limited(900))
    async with at.courier(replace(Patience(), poll=0.01, first_pause=600, longest_pause=600)):
        stored = await at.hear(await at.know())
        for tries in range(1, 4):
            await until(lambda: at.house.counts.value(at.house.counts.dms, "again") == tries)  # noqa: B023 - it is over before the next begins
            at.clock.ahead(minutes=16)
            await until(lambda: value_of(age) >= 16 * 60 * tries - 1)  # noqa: B023 - the same
        await at.told(stored.id)
        assert value_of(seconds, "_sum") >= 48 * 60 - 1
        assert value_of(at.house.counts.rate_limits, "_total") == 1, "also where it is too long to wait for with the message in hand"
        await until(lambda: value_of(age) == 0)


async def test_the_age_of_what_waits_goes_on_while_the_store_is_away(at: Stage) -> None:
    at.slack.fail("chat.postMessage", Fault(status=503))
    age = at.house.counts.outbox_age
    async with at.courier(replace(Patience(), poll=0.01, first_pause=3600, longest_pause=3600)):
        await at.hear(await at.know())
        await until(lambda: at.house.counts.value(at.house.counts.dms, "again"))
        at.clock.ahead(minutes=1)
        await until(lambda: value_of(age) >= 59)
        async with at.house.store.writing():  # nobody else can write
            at.clock.ahead(minutes=30)
            assert value_of(age) >= 30 * 60


async def test_an_outage_of_a_weekend_loses_no_dm(at: Stage) -> None:
    """From Friday evening to Monday morning, at the longest pauses: as many tries as that takes, here in a hurry."""
    tries = round(timedelta(hours=62).total_seconds() / Patience().longest_pause)
    assert Patience().tries > tries
    at.slack.fail("chat.postMessage", *[Fault(status=503)] * 45)
    async with at.courier(replace(Patience(), poll=0.01, first_pause=0.01, longest_pause=0.01, burst=100)):
        await at.hear(await at.know())
        await until(lambda: at.slack.dms("U3"), within=30)
    assert len(at.slack.dms("U3")) == 1


async def test_a_change_alters_the_dm_in_place(at: Stage) -> None:
    async with at.courier() as courier:
        stored = await at.hear(await at.know())
        await courier.drain()
        await at.withdraw(stored)
        await until(lambda: at.slack.count("chat.update"))
    [dm] = at.slack.dms("U3")
    assert "The message was deleted or edited; nothing to do." in list(texts(dm["blocks"]))
    assert at.slack.count("chat.postMessage") == 1


async def test_a_change_waits_for_the_dm_that_it_changes(at: Stage) -> None:
    stored = await at.hear(await at.know())
    at.slack.fail("chat.postMessage", Fault(status=503))
    async with at.house.store.writing() as s:
        changed = await findings.change(s, stored.id, "used", by="U3", now=at.clock.now())
        await errands.update(s, changed, at.clock.now())
    async with at.courier():
        await until(lambda: at.slack.count("chat.update"))
    assert len(at.slack.dms("U3")) == 1
    assert {errand.state for errand in await at.errands(stored.id)} == {"sent"}


async def test_what_was_taken_back_before_it_was_told_is_not_told(at: Stage) -> None:
    stored = await at.hear(await at.know())
    await at.withdraw(stored)
    async with at.courier() as courier:
        await courier.drain()
    assert at.slack.count("chat.postMessage") == 0
    assert {(errand.state, errand.error) for errand in await at.errands(stored.id)} == {("failed", "withdrawn"), ("failed", "no alert")}
    assert [at.house.counts.value(at.house.counts.dms, one) for one in ("needless", "failed")] == [2, 0], "nothing to be alarmed about"


async def test_many_dms_to_one_person_keep_to_the_pace_and_others_do_not_wait(at: Stage) -> None:
    riley, kim = await at.know(), await at.know(acme(customer="Bo", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}]))
    for _ in range(6):
        await at.hear(riley)
    await at.hear(kim)
    async with at.courier(replace(QUICK, burst=3, burst_within=2.0)):
        await until(lambda: at.slack.dms("U5"))
        assert len(at.slack.dms("U3")) < 6
        await until(lambda: len(at.slack.dms("U3")) == 6)
    sent = [call.at for call in at.slack.calls if call.method == "chat.postMessage" and call.args["channel"] == "DU3"]
    # they are timed where they arrive, which a busy machine may delay by some of the two seconds
    assert all(later - earlier >= 1.0 for earlier, later in zip(sent, sent[3:], strict=False))


async def test_two_couriers_tell_everything_once(at: Stage) -> None:
    known = await at.know()
    async with at.courier(replace(QUICK, burst=100)) as one, at.courier(replace(QUICK, burst=100)) as other:
        for _ in range(25):
            await at.hear(known)
        await asyncio.gather(one.drain(), other.drain())
    keys = [dm["metadata"]["event_payload"]["key"] for dm in at.slack.dms("U3")]
    assert len(keys) == len(set(keys)) == 25


async def test_leaving_in_a_hurry_gives_back_what_is_not_sent(at: Stage) -> None:
    at.slack.fail("chat.postMessage", rate_limited(30))
    async with at.courier() as courier:
        stored = await at.hear(await at.know())
        await until(lambda: at.slack.count("chat.postMessage"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await courier.drain()
    assert [errand.state for errand in await at.errands(stored.id)] == ["sent"]
    assert len(at.slack.dms("U3")) == 1


async def test_the_courier_outlives_a_store_that_is_away(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        async with at.house.store.writing():
            await asyncio.sleep(0.2)
        await at.hear(known)
        await until(lambda: at.slack.dms("U3"))


async def test_a_notice_that_stands_is_found_however_long_slack_was_away_after_it(at: Stage) -> None:
    async def say(_: Errand) -> Message:
        return Message("Welcome.", [])

    at.house.notices["welcome"] = say
    async with at.house.store.writing() as s:
        await outbox.notify(s, "notice:1", "U3", {"what": "welcome"}, at.clock.now())
    at.slack.fail("chat.postMessage", Fault(cut=True, acted=True))
    at.slack.fail("conversations.history", *[Fault(status=503)] * 3)
    async with at.courier() as courier:
        for tries in range(1, 4):
            await until(lambda tries=tries: at.slack.count("conversations.history") == tries)
            await until(lambda tries=tries: at.house.counts.value(at.house.counts.dms, "again") == tries)
            at.clock.ahead(hours=2)
        await at.courier_done()
        await courier.drain()
    assert len(at.slack.dms("U3")) == 1


async def test_metadata_and_logs_hold_ids_only(at: Stage) -> None:
    at.slack.fail("chat.postMessage", Fault(status=503), Fault(error="internal_error", acted=True))
    async with at.courier():
        stored = await at.hear(await at.know())
        await at.told(stored.id)
    kept = json.dumps([dm["metadata"] for dm in at.slack.dms("U3")]) + json.dumps(at.logged, default=str)
    assert at.logged
    for secret in ("10", "15", "150", "500", "Acme", "Dana", "boxes", "figure"):
        assert not re.search(rf"(?<![\w.:-]){secret}(?![\w.:-])", kept)


async def test_a_notice_goes_out_once_to_a_member_and_says_what_holds_then(at: Stage) -> None:
    said = {"text": "Welcome."}

    async def say(errand: Errand) -> Message | None:
        return Message(f"{said['text']} {errand.about['channel']}", []) if said["text"] else None

    at.house.notices["welcome"] = say
    keys = {"notice:1": "U3", "notice:2": "U1"}  # Riley, and Dana of the customer
    async with at.house.store.writing() as s:
        for key, user in keys.items():
            for _ in range(2):
                await outbox.notify(s, key, user, {"what": "welcome", "channel": "C1"}, at.clock.now())
        await outbox.notify(s, "notice:3", "U3", {"what": "nobody's"}, at.clock.now())
    async with at.courier() as courier:
        await courier.drain()
        said["text"] = ""
        async with at.house.store.writing() as s:
            await outbox.notify(s, "notice:4", "U3", {"what": "welcome", "channel": "C1"}, at.clock.now())
        await courier.drain()
    async with at.house.store.reading() as s:
        rows = await (await s.connection()).execute(text("SELECT key, state, error FROM outbox ORDER BY key"))
        told = {key: (state, error) for key, state, error in rows}
    assert told == {
        "notice:1": ("sent", None),
        "notice:2": ("failed", "not-allowed"),
        "notice:3": ("failed", "unknown notice"),
        "notice:4": ("failed", "settled"),
    }
    assert [message["text"] for message in at.slack.dms("U3")] == ["Welcome. C1"]
