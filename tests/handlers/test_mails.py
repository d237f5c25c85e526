"""Emails in a channel: forwarded as files or pasted, each mail is its writer's words, rings like a message, and counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store.records import KnownDeal, StoredFinding
from tests.handlers.telling import PEOPLE, Stage, acme, stage
from tests.live.block_kit import mistakes, texts

REP = "U3"
ADDRESSED = [{**PEOPLE[0], "email": "dana@acme.example"}, *PEOPLE[1:2], {**PEOPLE[2], "email": "riley@carrier.example"}, *PEOPLE[3:]]
LOW = "Hi all,\n\nwe would like to start with 15 packages a day.\n\nBest\nDana"
HISTORY = (
    "\n\nOn Tue, Nov 3, 2026 at 9:15 AM Dana Ortiz <dana@acme.example> wrote:\n"
    "> Hi all,\n>\n> we would like to start with 15 packages a day.\n"
)


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def forwards(at: Stage, text: str, name: str = "Dana Ortiz", address: str = "dana@acme.example", file: str = "F1") -> None:
    """An email comes in through the channel's address: Slack posts it as a file of its own bot's."""
    told = {"mode": "email", "filetype": "email", "subject": "Start", "from": [{"name": name, "address": address}]}
    told |= {"headers": {"date": "Tue, 3 Nov 2026 09:15:00 -0500"}, "plain_text": text, "mimetype": "text/html"}
    at.slack.file(file, "Start", b"<html>", **told)
    ts = at.slack.say("USLACKBOT", "C1", "")
    shared = [{"id": file, "mode": "email", "filetype": "email"}]
    await at.message_event(channel="C1", user="USLACKBOT", text="", ts=ts, subtype="file_share", files=shared)


async def told(at: Stage, user: str = REP) -> list[str]:
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def found(at: Stage, known: KnownDeal) -> list[StoredFinding]:
    return [one for one in await at.all_found(known) if one.state != "withdrawn"]


async def test_a_forwarded_email_rings_like_a_message(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    await forwards(at, LOW)
    [alert] = await told(at)
    assert "15/day said, 150/day agreed" in alert
    assert "Dana Ortiz* (customer) in an email" in alert
    [finding] = await found(at, known)
    assert finding.origin.said_at.isoformat()[:16] == "2026-11-03T14:15"
    assert at.slack.fetched == []


async def test_what_stands_in_the_history_below_the_next_mail_is_not_heard_again(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    await forwards(at, "Hi all,\n\nwe would like to start with 15 packages a day.")
    await forwards(at, "Thanks, noted." + HISTORY, "Ivan Petrov", "ivan@carrier.example", file="F2")
    await forwards(at, "Any news?" + HISTORY, "Dana Ortiz", "dana@acme.example", file="F3")
    assert len(await told(at)) == 1
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_mails_of_our_own_raise_nothing(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED[:1] + ADDRESSED[2:]))
    await forwards(at, LOW, "Riley Chen", "riley@carrier.example")
    await forwards(at, LOW + " (from the desk)", "Sales Desk", "desk@carrier.example", file="F2")
    assert await told(at) == []
    assert await found(at, known) == []


async def test_another_address_of_the_customer_is_the_customer(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    await forwards(at, LOW, "Shipping Desk", "desk@acme.example")
    [finding] = await found(at, known) if await told(at) else []
    assert finding.finding.side == "customer"


PASTED = "FYI, from this morning:" + HISTORY


@pytest.mark.parametrize("user", ["U3", "U2"])
async def test_a_pasted_thread_is_its_writers_words_and_not_of_whoever_pasted_it(at: Stage, user: str) -> None:
    known = await at.know(acme(people=ADDRESSED))
    for _ in range(2):
        await at.says(user, PASTED)
    [alert] = await told(at)
    assert "Dana Ortiz* (customer) in an email" in alert
    [finding] = await found(at, known)
    assert (finding.finding.side, finding.count) == ("customer", 1)


async def test_what_is_said_above_a_pasted_mail_is_heard_as_ever(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    await at.says("U1", "We'd rather start with 20 packages a day." + HISTORY.replace("15 packages", "a few packages"))
    await told(at)
    assert [one.finding.said_per_day for one in await found(at, known) if one.origin.channel == "C1"] == [(20.0, 20.0)]


@pytest.mark.parametrize("text", ["From: our side", "she wrote: good morning", "wrote: From: De:"])
async def test_talk_that_only_looks_like_mail_is_a_message(at: Stage, text: str) -> None:
    await at.know(acme(people=ADDRESSED))
    await at.says("U1", f"{text}\nlet's start with 15 packages a day")
    assert len(await told(at)) == 1


async def test_a_mail_without_text_and_one_in_another_channel_are_left_alone(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    await forwards(at, "")
    assert await told(at) == []
    assert await found(at, known) == []


async def test_an_email_file_that_a_rep_drops_is_read(at: Stage) -> None:
    known = await at.know(acme(people=ADDRESSED))
    mail = f"From: Dana Ortiz <dana@acme.example>\nDate: Tue, 3 Nov 2026 09:15:00 -0500\nSubject: Acme start\n\n{LOW}\n"
    at.slack.file("F1", "start.eml", mail.encode())
    at.slack.say(REP, "DU3", "")
    files: list[dict[str, Any]] = [{"id": "F1"}]
    await at.message_event(channel="DU3", user=REP, text="", ts="1793800000.000100", subtype="file_share", files=files)
    [alert] = await told(at)
    assert "in an email" in alert
    assert len(await found(at, known)) == 1
