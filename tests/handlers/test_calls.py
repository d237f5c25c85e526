"""Transcripts dropped in Slack: heard once against the right deal, told in one report, corrected by whoever knows who spoke."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store import calls, deals
from store.records import KnownDeal, StoredFinding
from templates.call_doors import EMAIL, FOR, LEAVE, OTHER, WHO, field_of
from tests.handlers.telling import Stage, acme, stage
from tests.live.block_kit import mistakes, texts, view_mistakes
from tests.live.fake_slack import Fault
from tests.sources.calls import TEXTS, Spoken, docx, otter, zipped

REP, LEADER = "U3", "U4"
TALK = (
    Spoken("Riley Chen", 4, "Thanks for joining the call."),
    Spoken("Ivan Petrov", 8, "How many packages a day should we plan for?"),
    Spoken("Dana Ortiz", 13, "We'd start with fifteen packages a day."),
    Spoken("Ivan Petrov", 40, "I'll send you the label templates by Friday."),
)
BOLT = tuple(
    Spoken(who, 9 * n, words)
    for n, (who, words) in enumerate(
        [
            ("Kim Bolton", "Bolt ships 40 packages a day from the dock."),
            ("Lee Ray", "Right, Bolt needs a pickup."),
            ("Kim Bolton", "At noon."),
        ]
    )
)
FORMS = ("zoom", "srt", "teams", "otter", "fathom", "pasted")


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


async def drops(
    at: Stage, content: str | bytes, *, user: str = REP, channel: str = "C1", file: str = "F1", name: str = "kickoff.vtt"
) -> None:
    at.slack.file(file, name, content.encode() if isinstance(content, str) else content)
    ts = at.slack.say(user, channel, "")
    await at.message_event(channel=channel, user=user, text="", ts=ts, subtype="file_share", files=[{"id": file}])


async def told(at: Stage, user: str = REP) -> list[str]:
    """All that somebody has been told, once the courier has done its work."""
    async with at.courier() as courier:
        await courier.drain()
    for message in at.slack.dms(user):
        assert mistakes(message["blocks"]) == []
    return ["\n".join(texts(message["blocks"])) for message in at.slack.dms(user)]


async def found(at: Stage, known: KnownDeal) -> list[StoredFinding]:
    return [one for one in await at.all_found(known) if one.state != "withdrawn"]


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of a message by their action, a menu's first option as if it were one."""
    elements = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return {one["action_id"]: one for one in elements}


async def presses(at: Stage, action: str, user: str = REP, value: str | None = None) -> dict[str, Any]:
    """Press a button of the last message; what it answers."""
    pressed = buttons(at.slack.dms(REP)[-1])[action]
    before = len(at.slack.responses)
    option = {"selected_option": pressed["options"][0]} if "options" in pressed else {}
    await at.press(user, {"action_id": action, "value": value or pressed.get("value", ""), **option})
    return dict(at.slack.responses[-1]) if len(at.slack.responses) > before else {}


async def test_a_dropped_transcript_is_one_report_and_its_findings_are_kept(at: Stage) -> None:
    known = await at.know()
    await drops(at, TEXTS["zoom"](TALK), name="kickoff 2026-11-04 0900.vtt")
    [report] = await told(at)
    assert "15/day said, 150/day agreed" in report
    assert "Dana Ortiz (customer), at 0:13" in report
    assert "Hi Dana, thanks for the call today." in report
    assert "send you the label templates by Friday (Fri 6 Nov), at 0:40" in report
    assert "Follow-up email" in [one["text"]["text"] for one in buttons(at.slack.dms(REP)[-1]).values()]
    [finding] = await found(at, known)
    assert (finding.finding.said_per_day, finding.state) == ((15.0, 15.0), "open")
    assert finding.origin.channel.startswith("call:")
    assert finding.origin.said_at.isoformat()[:19] == "2026-11-04T14:00:13"
    assert finding.origin.permalink is not None
    assert "archives/C1" in finding.origin.permalink
    assert await told(at, LEADER) == []
    assert [one for one in at.slack.messages["C1"] if one.get("bot_id")] == []


async def test_the_same_call_in_any_form_is_counted_once(at: Stage) -> None:
    known = await at.know()
    for number, form in enumerate(FORMS):
        await drops(at, TEXTS[form](TALK), file=f"F{number}", name=f"kickoff-{form}.txt")
    await drops(at, docx(otter(TALK).split("\n")), file="FDOC", name="kickoff.docx")
    reports = await told(at)
    assert len([one for one in reports if "15/day said" in one]) == 1
    assert len([one for one in reports if "nothing is counted twice" in one]) == len(FORMS)
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_what_was_said_in_the_channel_before_is_counted_again_and_not_told_twice(at: Stage) -> None:
    known = await at.know()
    await at.says("U1", "let's start with 15 packages a day")
    await drops(at, TEXTS["zoom"](TALK))
    assert len(await told(at)) == 2  # the message's own, and the report
    [finding] = await found(at, known)
    assert finding.count == 2


@pytest.mark.parametrize("channel", ["C1", "DU3"])
async def test_a_call_of_another_customer_is_asked_about_before_it_is_read(at: Stage, channel: str) -> None:
    known = await at.know()
    people = [{"id": "U9", "name": "Kim Bolton", "role": "customer"}, {"id": REP, "name": "Riley Chen", "role": "rep"}]
    bolt = await at.know(acme(customer="Bolt", people=people, channels=["C9"]))
    await drops(at, TEXTS["zoom"](BOLT), channel="C1")
    [question] = await told(at)
    assert question.startswith("Whose call is “kickoff”?")
    assert "I have not read it yet: it names Bolt, and nobody and nothing of Acme Outfitters." in question
    assert await found(at, known) == await found(at, bolt) == []
    [button] = [one for one in buttons(at.slack.dms(REP)[-1]).values() if one["text"]["text"] == "Bolt"]
    answers = [await presses(at, button["action_id"]) for _ in range(2)]
    assert answers[0]["text"].startswith("✅ A call with Bolt.")
    assert "has been said already" in answers[1]["text"]
    assert len([one for one in await told(at) if one.startswith("Call with Bolt")]) == 1
    assert await found(at, known) == []


async def test_in_the_direct_messages_the_call_tells_whose_it_is(at: Stage) -> None:
    known = await at.know()
    await at.know(acme(customer="Bolt", people=[{"id": REP, "name": "Riley Chen", "role": "rep"}], channels=["C9"]))
    await drops(at, TEXTS["zoom"](TALK), channel="DU3")
    [report] = await told(at)
    assert report.startswith("Call with Acme Outfitters")
    assert len(await found(at, known)) == 1


async def test_a_call_that_is_nobodys_is_forgotten(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](BOLT))
    await told(at)
    assert "I leave it alone" in (await presses(at, LEAVE))["text"]
    async with at.house.store.reading() as s:
        assert await calls.turns(s, 1) == ()
    assert "has been said already" in (await presses(at, FOR[0]))["text"]


async def test_whoever_was_not_asked_cannot_say_whose_call_it_is(at: Stage) -> None:
    await at.know()
    other = await at.know(acme(customer="Other", people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}], channels=["C9"]))
    await drops(at, TEXTS["zoom"](BOLT))
    await told(at)
    for action, value in ((FOR[0], f"1|{other.id}"), (OTHER, f"1|{other.id}"), (LEAVE, "1"), (FOR[0], "1|x"), (FOR[0], "")):
        await at.press("U5", {"action_id": action, "value": value})
        assert "only to our own people" in at.slack.responses[-1]["text"]
    async with at.house.store.reading() as s:
        call = await calls.get(s, 1)
    assert call is not None
    assert call.deal_id is None


async def test_who_spoke_is_asked_in_the_report_and_remembered(at: Stage) -> None:
    known = await at.know()
    talk = tuple(Spoken("Conf Room 4B" if one.who == "Dana Ortiz" else one.who, one.second, one.text) for one in TALK)
    talk = (*talk, Spoken("Ivan Petrov", 60, "Acme has two docks, right?"))
    await drops(at, TEXTS["zoom"](talk))
    assert "Conf Room 4B, 1 turn: several people may speak here" in (await told(at))[-1]
    assert [one.finding.side for one in await found(at, known)] == ["unknown"]
    await presses(at, WHO)
    form = at.slack.views[-1]
    assert view_mistakes(form) == []
    assert "“We'd start with fifteen packages a day.”" in str(form)  # by what somebody says one knows them
    noted = await at.submit(REP, form, {field_of("Conf Room 4B"): "U1"})
    assert "Noted for all calls of this deal" in str(noted)
    [report] = await told(at)  # it changed in place
    assert "Dana Ortiz (customer), at 0:13" in report
    assert "New on the call" not in report
    assert [one.finding.side for one in await found(at, known)] == ["customer"]
    assert WHO not in buttons(at.slack.dms(REP)[-1])
    later = (*talk[:2], Spoken("conf room 4b", 30, "We'd rather start with twenty packages a day at Acme."), *talk[3:])
    await drops(at, TEXTS["teams"](later), file="F2", name="second.vtt")
    assert "Dana Ortiz (customer), at 0:30" in (await told(at))[-1]


async def test_words_of_one_of_us_raise_nothing_once_that_is_known(at: Stage) -> None:
    known = await at.know()
    talk = (
        *(Spoken("Robin", one.second, one.text) if one.who == "Dana Ortiz" else one for one in TALK),
        Spoken("Riley Chen", 70, "Acme it is."),
    )
    await drops(at, TEXTS["zoom"](talk))
    await told(at)
    assert len(await found(at, known)) == 1
    await presses(at, WHO)
    await at.submit(REP, at.slack.views[-1], {field_of("Robin"): "rep"})
    [report] = await told(at)
    assert "nothing to set right" in report
    assert await found(at, known) == []


async def test_the_follow_up_email_is_behind_a_button(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](TALK))
    await told(at)
    answer = await presses(at, EMAIL)
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    assert "Hi Dana" in "\n".join(texts(answer["blocks"]))


async def test_a_call_whose_words_are_forgotten_says_so(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](TALK))
    await told(at)
    async with at.house.store.writing() as s:
        await calls.drop_words_of(s, 1)
    for action in (EMAIL, WHO):
        await at.press(REP, {"action_id": action, "value": "1"})
        assert "is no longer kept" in at.slack.responses[-1]["text"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("WEBVTT\n\n", "kickoff.vtt", "holds no speech that could be read"),
        (docx(["x"])[:200] + b"word/document.xml", "kickoff.docx", "is a damaged or locked Word document"),
        ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nDana: \0hi", "kickoff.vtt", "is not text (it holds zero bytes)"),
    ],
)
async def test_what_cannot_be_read_is_said_with_its_reason(at: Stage, content: str | bytes, name: str, said: str) -> None:
    await at.know()
    await drops(at, content, name=name)
    answers = await told(at)
    assert [said in one for one in answers] == [True], answers


async def test_a_word_document_that_unpacks_to_gigabytes_is_refused(at: Stage) -> None:
    await at.know()
    bomb = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": b"\0" * 60_000_000})
    await drops(at, bomb, name="kickoff.docx")
    [answer] = await told(at)
    assert "I could not read" in answer


async def test_lines_that_could_not_be_read_stand_under_the_report(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](TALK).replace("00:00:13.000 -->", "0x:13 -->"))
    [report] = await told(at)
    assert "Not read: line" in report
    assert "15/day said" in report


CANVAS = {"filetype": "quip", "mode": "quip", "mimetype": "application/vnd.slack-docs"}
NAMED = "# Transcript\n\n**Riley Chen:** Welcome.\n**Dana Ortiz:** We'd start with fifteen packages a day.\n**Dana Ortiz:** Yes."
NOTES = "## Summary\n\n- Acme Outfitters would start with 15 packages a day\n\n- Ivan sends the labels"


@pytest.mark.parametrize(("title", "notes", "side"), [("Kickoff", NAMED, "customer"), ("Huddle notes: 11/4/26", NOTES, "unknown")])
async def test_a_canvas_is_read_through_its_own_method(at: Stage, title: str, notes: str, side: str) -> None:
    known = await at.know()
    at.slack.file("F1", title, notes.encode(), **CANVAS)
    ts = at.slack.say(REP, "C1", "")
    await at.message_event(channel="C1", user=REP, text="", ts=ts, subtype="file_share", files=[{"id": "F1"}])
    assert "15/day said" in (await told(at))[-1]
    assert [one.finding.side for one in await found(at, known) if one.finding.urgency == "now"] == [side]
    assert at.slack.fetched == []


async def test_a_canvas_that_is_not_shown_to_us_is_left(at: Stage) -> None:
    await at.know()
    at.slack.file("F1", "Huddle notes", b"x", **CANVAS)
    at.slack.fail("canvases.getContent", Fault(error="canvas_not_found"))
    ts = at.slack.say(REP, "C1", "")
    await at.message_event(channel="C1", user=REP, text="", ts=ts, subtype="file_share", files=[{"id": "F1"}])
    assert await told(at) == []


async def test_a_transcript_of_a_customer_is_not_taken(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](TALK), user="U1")
    assert await told(at) == []
    assert at.slack.fetched == []


async def test_two_people_dropping_it_at_once_make_one_call(at: Stage) -> None:
    known = await at.know()
    await asyncio.gather(drops(at, TEXTS["zoom"](TALK)), drops(at, TEXTS["srt"](TALK), user=LEADER, file="F2", name="k.srt"))
    mine, theirs = await told(at), await told(at, LEADER)
    assert sum("15/day said" in one for one in mine) == 1
    assert sum("nothing is counted twice" in one for one in (*mine, *theirs)) == 1
    [finding] = await found(at, known)
    assert finding.count == 1


async def test_a_report_reaches_nobody_who_may_not_see_the_deal_any_more(at: Stage) -> None:
    await at.know()
    await drops(at, TEXTS["zoom"](TALK))
    async with at.house.store.writing() as s:
        known = (await deals.deals_of_channel(s, "C1"))[0]
    assert known.deal.may_see(REP)
    await at.know(acme(people=[{"id": "U5", "name": "Sam Stone", "role": "rep"}, {"id": "U1", "name": "Dana Ortiz", "role": "customer"}]))
    assert await told(at) == []
