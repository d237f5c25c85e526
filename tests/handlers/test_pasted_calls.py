"""Transcripts pasted as messages: to the bot or into a deal's channel by one of us they are heard as calls, whoever else wrote is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store import calls
from tests.handlers.telling import Stage, acme, stage
from tests.handlers.test_calls import BOLT, TALK, drops, found, told
from tests.sources.calls import TEXTS

REP, IMPLEMENTER, CUSTOMER = "U3", "U2", "U1"
PASTED = "\n".join(f"*{one.who}:* {one.text}" for one in TALK)
LOW = "15/day said, 150/day agreed"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def slack(text: str) -> str:
    """As Slack hands text on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("form", ["zoom", "zoom_client", "teams", "srt", "otter", "pasted"])
async def test_a_paste_to_the_bot_is_one_report(at: Stage, form: str) -> None:
    known = await at.know()
    await at.says(REP, slack(TEXTS[form](TALK)), channel="DU3")
    [report] = await told(at)
    assert report.startswith("Call with Acme Outfitters")
    assert LOW in report
    [finding] = await found(at, known)
    assert finding.origin.channel.startswith("call:")


@pytest.mark.parametrize("user", [REP, IMPLEMENTER])
async def test_a_paste_of_ours_in_the_channel_is_told_to_us_alone(at: Stage, user: str) -> None:
    known = await at.know()
    ts = await at.says(user, PASTED)
    await at.message_event(channel="C1", user=user, text=PASTED, ts=ts)  # Slack may deliver a message twice
    [report] = await told(at)
    assert report.startswith("Call with Acme Outfitters")
    assert LOW in report
    assert await told(at, IMPLEMENTER) == []  # who may not see the deal
    [finding] = await found(at, known)
    assert (finding.finding.side, finding.count) == ("customer", 1)
    assert [one for one in at.slack.messages["C1"] if one.get("bot_id")] == []


async def test_what_a_customer_writes_is_their_own_words(at: Stage) -> None:
    known = await at.know()
    await at.says(CUSTOMER, PASTED)
    [alert] = await told(at)
    assert not alert.startswith("Call with")
    assert [one.origin.channel for one in await found(at, known)] == ["C1"]


@pytest.mark.parametrize(("user", "channel"), [("U7", "C1"), ("U7", "DU7"), ("U8", "DU8"), ("U5", "DU5")])
async def test_a_paste_of_whoever_is_none_of_ours_is_left_alone(at: Stage, user: str, channel: str) -> None:
    at.slack.person("U7", "Gus Guest", is_restricted=True)
    at.slack.person("U8", "Eve Extern", team_id="T2")
    at.slack.person("U5", "Sam Stone")
    await at.know()
    await at.says(user, PASTED, channel=channel)
    assert not any(one.startswith("Call with") for one in await told(at) + await told(at, user))


async def test_another_customers_call_is_asked_about_in_a_direct_message(at: Stage) -> None:
    known = await at.know()
    await at.says(REP, "\n".join(f"{one.who}: {one.text}" for one in (*BOLT, *BOLT)))
    [question] = await told(at)
    assert question.startswith("Whose call is “pasted call”?")
    assert await found(at, known) == []


async def test_a_paste_that_is_changed_is_read_anew(at: Stage) -> None:
    known = await at.know()
    ts = await at.says(REP, PASTED, channel="DU3")
    await told(at)
    better = PASTED.replace("fifteen packages", "a hundred and fifty packages")
    at.slack.messages["DU3"] = [one | ({"text": better} if one["ts"] == ts else {}) for one in at.slack.messages["DU3"]]
    await at.edits(ts, REP, PASTED, better, channel="DU3")
    [report] = await told(at)
    assert LOW not in report
    assert await found(at, known) == []


@pytest.mark.parametrize("channel", ["C1", "DU3"])
async def test_a_paste_that_is_deleted_is_forgotten(at: Stage, channel: str) -> None:
    known = await at.know()
    await at.says(CUSTOMER, "we'd start with fifteen packages a day")
    ts = await at.says(REP, PASTED, channel=channel)
    assert (await told(at))[-1].startswith("Call with Acme Outfitters")
    assert [one.count for one in await found(at, known)] == [2]
    await at.deletes(ts, channel)
    assert (await told(at))[-1].startswith("The message with this call's transcript was deleted")
    assert [(one.count, one.origin.channel) for one in await found(at, known)] == [(1, "C1")]
    async with at.house.store.reading() as s:
        assert await calls.turns(s, 1) == ()
    await at.says(REP, PASTED, channel="DU3")  # meant to be read after all
    last = (await told(at))[-1]
    assert last.startswith("Call with Acme Outfitters")
    assert LOW in last


async def test_a_file_that_is_deleted_is_forgotten(at: Stage) -> None:
    known = await at.know()
    await drops(at, TEXTS["zoom"](TALK))
    await told(at)
    assert len(await found(at, known)) == 1
    await at.deletes(at.slack.messages["C1"][-1]["ts"])
    assert "was deleted" in (await told(at))[-1]
    assert await found(at, known) == []


async def test_a_paste_that_slack_cuts_in_two_is_one_call(at: Stage) -> None:
    known = await at.know()
    filler = "\n".join(f"Riley Chen: and so on, number {n}, nothing of weight in it\nIvan Petrov: right, fine with us" for n in range(60))
    both = f"{filler}\n{PASTED}\nDana Ortiz: and the printer is here,\nthanks for sending it"
    cut = both.index("and the printer")
    for part in (both[:cut], both[cut:]):
        await at.says(REP, part, channel="DU3")
    at.clock.ahead(seconds=4)
    [report] = await told(at)
    assert LOW in report
    assert len(await found(at, known)) == 1


async def test_the_same_call_pasted_and_dropped_is_counted_once(at: Stage) -> None:
    known = await at.know()
    await drops(at, TEXTS["zoom"](TALK), channel="DU3")
    await told(at)
    await at.says(REP, PASTED, channel="DU3")
    assert "nothing is counted twice" in (await told(at))[-1]
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_a_mail_pasted_to_the_bot_rings_like_one_in_the_channel(at: Stage) -> None:
    known = await at.know(acme())
    head = "From: Dana Ortiz <dana@acme.example>\nDate: Tue, 3 Nov 2026 09:15:00 -0500\nSubject: Acme start"
    mail = f"{head}\n\nAcme would start with 15 packages a day."
    await at.says(REP, slack(mail), channel="DU3")
    [alert] = await told(at)
    assert LOW in alert
    assert len(await found(at, known)) == 1


async def test_what_is_no_paste_gets_the_hint_as_ever(at: Stage) -> None:
    await at.know()
    await at.says(REP, "Dana: 15 a day?\nRiley: no", channel="DU3")
    [hint] = await told(at)
    assert "may also be pasted" in hint


async def test_a_paste_that_was_deleted_before_it_was_read_is_not(at: Stage) -> None:
    known = await at.know()
    await at.says(REP, PASTED, channel="DU3")
    at.slack.messages["DU3"].clear()
    assert await told(at) == []
    assert await found(at, known) == []
