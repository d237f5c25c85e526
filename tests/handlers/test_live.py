"""Calls that stream in: a finding rings with the final words, corrections and repetitions count once, and the report comes at the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.deal import Call
from bot.demo.emulator import free_port
from handlers.calls import live
from handlers.signed import Answer, Delivery
from handlers.web import WebServer
from store import calls
from store.records import KnownDeal, StoredFinding
from templates.call_doors import FOR
from tests.handlers.telling import PEOPLE, Stage, acme, stage
from tests.handlers.test_web import OLD_SECRET as OTHER
from tests.handlers.test_web import SECRET, headers
from tests.live.block_kit import mistakes, texts

REP = "U3"
BEGAN = "2026-11-04T14:00:00+00:00"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def said(who: str, second: float, text: str, *, bot: str = "b1", partial: bool = False, **about: Any) -> dict[str, Any]:
    """An event of Recall.ai."""
    absolute = datetime.fromtimestamp(datetime.fromisoformat(BEGAN).timestamp() + second, UTC).isoformat()
    words = [
        {"text": word, "start_timestamp": {"relative": second + n * 0.2, "absolute": absolute if n == 0 else None}}
        for n, word in enumerate(text.split())
    ]
    inner = {"words": words, "participant": {"id": len(who), "name": who, "email": None}}
    name = "transcript.partial_data" if partial else "transcript.data"
    return {"event": name, "data": {"data": inner, "bot": {"id": bot, "metadata": about}}}


def ended(bot: str = "b1") -> dict[str, Any]:
    return {"event": "bot.call_ended", "data": {"data": {"code": "call_ended"}, "bot": {"id": bot, "metadata": {}}}}


async def sends(at: Stage, *events: Any, **query: str) -> Answer:
    """The deliveries of a service, one after the other; the last answer."""
    answer = Answer(0)
    for event in events:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        answer = await at.house.hooks["transcripts"].take(Delivery("m", at.clock.now(), body, query, {}))
    return answer


async def told(at: Stage, user: str = REP) -> list[str]:
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def found(at: Stage, known: KnownDeal) -> list[StoredFinding]:
    return [one for one in await at.all_found(known) if one.state != "withdrawn"]


LOW = said("Dana Ortiz", 812, "We'd start with fifteen packages a day.")


async def test_a_finding_rings_with_its_final_words(at: Stage) -> None:
    known = await at.know()
    answer = await sends(at, said("Riley Chen", 800, "Welcome everybody."), LOW, deal="Acme Outfitters")
    assert answer == Answer(200, {"ok": True, "heard": 1, "deal": True})
    [alert] = await told(at)
    assert "15/day said, 150/day agreed" in alert
    assert "Dana Ortiz* (customer) on a call" in alert
    assert "Jump in with:" in alert
    [finding] = await found(at, known)
    assert finding.origin.said_at.isoformat()[:19] == "2026-11-04T14:13:32"


async def test_repeated_late_and_partial_events_change_nothing(at: Stage) -> None:
    known = await at.know()
    await sends(at, said("Dana Ortiz", 812, "We'd start with", partial=True), LOW, LOW, deal="Acme Outfitters")
    await sends(at, said("Dana Ortiz", 805, "Hello there."), LOW, deal="Acme Outfitters")
    assert len(await told(at)) == 1
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_a_sentence_in_two_pieces_is_one(at: Stage) -> None:
    known = await at.know()
    first, second = said("Dana Ortiz", 10, "We'd like to start with"), said("Dana Ortiz", 13, "fifteen packages a day.")
    await sends(at, first, second, deal="Acme Outfitters")
    assert len(await told(at)) == 1
    [finding] = await found(at, known)
    assert "start with fifteen packages a day" in finding.finding.quote


async def test_a_correction_withdraws_what_was_not_said(at: Stage) -> None:
    known = await at.know()
    await sends(at, LOW, deal="Acme Outfitters")
    assert len(await told(at)) == 1
    await sends(at, said("Dana Ortiz", 812, "We'd start with one hundred fifty packages a day."), deal="Acme Outfitters")
    assert [one for one in await found(at, known) if one.finding.urgency == "now"] == []
    [alert] = await told(at)
    assert "Jump in with:" not in alert


async def test_at_the_end_comes_one_report_and_nothing_rings_again(at: Stage) -> None:
    known = await at.know()
    more = said("Ivan Petrov", 900, "I'll send you the label templates by Friday.")
    await sends(at, said("Riley Chen", 800, "Welcome everybody."), LOW, more, ended(), ended(), deal="Acme Outfitters")
    alert, report = await told(at)
    assert "Jump in with:" in alert
    assert report.startswith("Call with Acme Outfitters")
    assert "15/day said" in report
    assert "send you the label templates by Friday" in report
    assert "Dana Ortiz (customer), at 13:32" in report
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_a_whole_transcript_is_one_report_however_often_it_is_sent(at: Stage) -> None:
    known = await at.know()
    talk = [
        ("Riley Chen", "Welcome."),
        *[("Ivan Petrov", "Label number two.")] * 600,
        ("Dana Ortiz", "We'd start with fifteen packages a day."),
    ]
    lines = [
        {"speaker": {"display_name": who}, "text": text, "timestamp": f"00:{n // 60:02d}:{n % 60:02d}"}
        for n, (who, text) in enumerate(talk)
    ]
    fathom = {"recording_id": 9, "meeting_title": "Acme kickoff", "recording_start_time": BEGAN, "transcript": lines}
    for _ in range(2):
        assert (await sends(at, fathom, deal="Acme Outfitters")).status == 200
        [report] = await told(at)
    assert "15/day said" in report
    assert "Dana Ortiz (customer), at 10:01" in report
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_a_rep_who_has_left_holds_up_no_report(at: Stage) -> None:
    gone = {"id": "U0", "name": "Kim Park", "role": "rep"}
    at.slack.person("U0", "Kim Park", deleted=True)
    await at.know(acme(people=[gone, *PEOPLE]))
    await sends(at, said("Riley Chen", 800, "Welcome everybody."), ended(), deal="Acme Outfitters")
    [report] = await told(at)
    assert report.startswith("Call with Acme Outfitters")


async def test_a_stream_that_stops_is_reported_and_said_and_may_go_on(at: Stage) -> None:
    await at.know()
    await sends(at, LOW, deal="Acme Outfitters")
    assert await live.look(at.house) == 0
    at.clock.ahead(minutes=6)
    assert [await live.look(at.house) for _ in range(2)] == [1, 0]
    assert "Not read: anything after 13:32: the stream stopped there." in (await told(at))[-1]
    await sends(at, said("Ivan Petrov", 1300, "I'll send you the labels by Friday."), ended(), deal="Acme Outfitters")
    report = (await told(at))[-1]
    assert "send you the labels by Friday" in report
    assert "Not read" not in report
    assert len(at.slack.dms(REP)) == 2


async def test_words_are_forgotten_after_a_week(at: Stage) -> None:
    await at.know()
    await sends(at, LOW, ended(), deal="Acme Outfitters")
    at.clock.ahead(days=8)
    await live.look(at.house)
    async with at.house.store.reading() as s:
        assert await calls.turns(s, 1) == ()


async def test_a_call_that_nothing_ties_to_a_deal_is_asked_about_once(at: Stage) -> None:
    known = await at.know()
    talk = [
        said("Riley Chen", 1, "Welcome."),
        said("Dana Ortiz", 812, "We'd start with fifteen packages a day."),
        said("Ivan Petrov", 820, "Fine."),
    ]
    answer = await sends(at, *talk)
    assert answer.said["deal"] is False
    await sends(at, *(said("Dana Ortiz", 830 + n, "And labels.") for n in range(9)))
    [question] = await told(at)
    assert question.startswith("Whose call is “call”?")
    assert await found(at, known) == []
    await at.press(REP, {"action_id": FOR[0], "value": f"1|{known.id}"})
    assert "15/day said" in (await told(at))[-1]  # it goes on: the rep can still jump in
    await sends(at, said("Dana Ortiz", 900, "And no pickups on Monday."), ended())
    assert (await told(at))[-1].startswith("Call with Acme Outfitters")


async def test_the_room_of_a_meeting_is_remembered(at: Stage) -> None:
    known = await at.know()
    room = "https://us02web.zoom.us/j/8123456789?pwd=x"
    await sends(at, said("Riley Chen", 1, "Hi.", meeting_url=room), said("Dana Ortiz", 2, "Hi."), said("Ivan Petrov", 3, "Hi."), ended())
    await told(at)
    await at.press(REP, {"action_id": FOR[0], "value": f"1|{known.id}"})
    assert (await sends(at, said("Dana Ortiz", 812, "We'd start with fifteen a day.", bot="b2"), meeting="812 345 6789")).said[
        "deal"
    ] is True


async def test_whoever_has_noted_a_call_for_now_is_asked(at: Stage) -> None:
    await at.know(acme(calls=[Call(at=datetime(2026, 11, 4, 9, 0), title="kickoff")]))
    await sends(at, *(said("Somebody", n, "Well.") for n in range(3)))
    assert len(await told(at)) == 1


async def test_a_call_of_nobody_we_know_raises_and_asks_nothing(at: Stage) -> None:
    await at.know()
    await sends(at, *(said("Somebody", n, "We start with 15 packages a day.") for n in range(9)), ended())
    assert await told(at) == []


async def test_a_flood_of_signed_and_forged_deliveries_comes_to_one_finding(at: Stage) -> None:
    known = await at.know()
    at.house.secrets = {"transcripts": (SECRET,)}
    server, port = WebServer(at.house), free_port()
    await server.open("127.0.0.1", port)
    words = [said("Dana Ortiz", 800 + n, f"And label number {n}.") for n in range(5)]
    bodies = [json.dumps(event) for event in [LOW, *words] * 3]
    async with aiohttp.ClientSession() as http:

        async def post(place: int, body: str) -> int:
            """As a service sends: again, a moment later, when it is asked to."""
            for _ in range(200):
                proof = headers(body, delivery=f"m{place}", secret=SECRET if place % 5 else OTHER)
                async with http.post(f"http://127.0.0.1:{port}/hooks/transcripts?deal=Acme Outfitters", data=body, headers=proof) as answer:
                    if answer.status != 503:
                        return answer.status
                await asyncio.sleep(0.05)
            return 503

        statuses = await asyncio.gather(*(post(place, body) for place, body in enumerate(bodies)))
    await server.leave()
    assert set(statuses[::5]) == {401}
    assert {status for place, status in enumerate(statuses) if place % 5} == {200}
    assert len(await told(at)) == 1
    [finding] = [one for one in await found(at, known) if one.finding.urgency == "now"]
    assert finding.count == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"\xff\xfe\0", "the body is"),
        (b"[]", "is no JSON object"),
        (b"{", "is not JSON"),
        ({"hello": 1}, "holds no words of a call"),
        ({"event": "transcript.data", "data": {}}, "does not say which call it is of"),
        ({"event": "meeting.transcribed", "meeting_id": "m1"}, "without its sentences"),
    ],
)
async def test_what_is_no_event_is_refused_with_the_reason(at: Stage, body: Any, error: str) -> None:
    answer = await sends(at, body)
    assert answer.status == 422
    assert error in answer.said["error"]


async def test_a_customer_that_is_not_known_is_refused(at: Stage) -> None:
    await at.know()
    answer = await sends(at, LOW, deal="Nobody")
    assert (answer.status, "there is no deal with the customer" in answer.said["error"]) == (422, True)
    assert await told(at) == []
