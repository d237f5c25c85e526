"""The doors around calls: whose a call is, its report, who spoke on it, and the follow-up email."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.listening import LONGEST_NAME, faces_of, report_of, speakers_of
from bot.names import told
from bot.speakers import Face, faces
from handlers.calls import live, pasted_calls, rooms
from handlers.calls.hearing import READ, REPORT, Listened, hear_call, listened
from handlers.calls.taking import ASK, Transcripts, fits_of
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.context import local
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import is_member, may_receive
from handlers.typed import typed
from handlers.which import deal_behind, id_of
from store import calls, outbox
from store.calls import Call
from store.records import Errand, KnownDeal
from store.sources.conversation import Conversation
from templates.call import CallView
from templates.call_doors import (
    EMAIL,
    FOR,
    LEAVE,
    OTHER,
    UNKNOWN,
    WHO,
    WHO_FORM,
    Candidate,
    ReportView,
    Unsure,
    email_message,
    field_of,
    forgotten,
    is_answer,
    left_alone,
    reading,
    report_message,
    settled_already,
    who_form,
    whose_card,
    words_deleted,
)
from templates.form import notice
from templates.kit import Message
from templates.status import refusal
from templates.terms_form import shut, unanswered


def register(app: AsyncApp, house: House) -> None:
    """The buttons, the form, the messages, and the taker of transcripts."""

    def on_press(work: Any) -> Any:
        async def listener(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            value = (action.get("selected_option") or action).get("value")
            said, instead = await work(house, str(body["user"]["id"]), str(value), body.get("trigger_id"))
            if said is not None:
                said = house.dress(said)
                await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=instead)

        return listener

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    for name in (*FOR, OTHER):
        app.action(name)(on_press(_of_deal))
    app.action(LEAVE)(on_press(_leave))
    app.action(EMAIL)(on_press(_email))
    app.action(WHO)(on_press(_open))
    app.view(WHO_FORM)(on_submit)
    house.notices[ASK] = lambda errand: _question(house, errand)
    house.notices[REPORT] = lambda errand: _report(house, errand)
    house.notices[READ] = lambda errand: _read(house, errand)
    house.file_takers.append(Transcripts(house))
    live.register(house)
    pasted_calls.register(house)


async def _leave_reading(house: House, s: AsyncSession, call: Call, by: str, mark: str) -> bool:
    """Ask for a call to be heard by the courier, so that nobody waits for it."""
    return await outbox.notify(s, f"{READ}:{call.id}:{mark}", by, {"what": READ, "call": call.id}, house.now())


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Remember who is who, and let the call be read again."""
    given = typed(view)
    try:
        call, known = await _call_of(house, user, given.kept.get("call"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    if call is None or known is None:
        house.log.info("form refused", user=user)
        return {"response_action": "update", "view": shut()}
    now = house.now()
    async with house.store.writing() as s:
        turns = await calls.turns(s, call.id)
        spoke = {field_of(one.name): told(one.name) for one in speakers_of(Conversation(call.name, call.medium, turns))}
        chosen = {spoke[name]: answer for name, answer in given.texts.items() if name in spoke and answer != UNKNOWN}
        answers = {name: answer for name, answer in chosen.items() if is_answer(known.deal, answer)}
        await calls.name(s, known.id, answers, user, now)
        if answers:
            await _leave_reading(house, s, call, user, f"{now.timestamp():.6f}")
    house.wake.set()
    house.log.info("speakers named", call=call.id, deal=known.id, user=user, count=len(answers))
    said = "Noted for all calls of this deal. The report changes in a moment." if answers else "Nothing was changed."
    return {"response_action": "update", "view": notice("Who is who", said)}


async def _question(house: House, errand: Errand) -> Message | None:
    async with house.store.reading() as s:
        call = await calls.get(s, int(errand.about["call"]))
        turns = await calls.turns(s, call.id) if call else ()
    if call is None or call.deal_id is not None or not turns:
        return None
    fits = await fits_of(house, errand.recipient, Conversation(call.name, call.medium, turns), call.channel)
    return whose_card(call.id, call.name, [Candidate(fit.known.id, fit.known.deal.customer, fit.doubt) for fit in fits], call.medium)


async def _of_deal(house: House, user: str, value: str, _trigger: Any) -> tuple[Message, bool]:
    """Somebody says whose call it is; only who was asked may."""
    first, _, second = value.partition("|")
    known = await deal_behind(house, user, second)
    call = await _asked(house, user, first) if known is not None else None
    if known is None or call is None:
        house.log.info("press refused", user=user)
        return refusal(), False
    async with house.store.writing() as s:
        mine = await calls.settle(s, call.id, known.id)
        if mine:
            await _leave_reading(house, s, call, user, "first")
    if mine and call.meeting:
        await rooms.tie(house, known, call.meeting, user)
    house.wake.set()
    house.log.info("call settled", call=call.id, deal=known.id, user=user, new=mine)
    return (reading(known.deal.customer, call.medium) if mine else settled_already()), True


async def _leave(house: House, user: str, value: str, _trigger: Any) -> tuple[Message, bool]:
    call = await _asked(house, user, value)
    if call is None:
        house.log.info("press refused", user=user)
        return refusal(), False
    async with house.store.writing() as s:
        mine = await calls.settle(s, call.id, None)
        if mine:
            await calls.drop_words_of(s, call.id)
    return (left_alone() if mine else settled_already()), True


async def _email(house: House, user: str, value: str, _trigger: Any) -> tuple[Message, bool]:
    call, known = await _call_of(house, user, value)
    if call is None or known is None:
        return refusal(), False
    there = await listened(house, call.id)
    return (email_message(await _view(house, there, user)) if there else forgotten()), False


async def _open(house: House, user: str, value: str, trigger: Any) -> tuple[Message | None, bool]:
    async def work() -> Message | None:
        call, known = await _call_of(house, user, value)
        if call is None or known is None:
            return refusal()
        async with house.store.reading() as s:
            turns = await calls.turns(s, call.id)
            names = await calls.names(s, known.id)
        if not turns:
            return forgotten()
        spoke: dict[str, list[str]] = {}
        for turn in turns:
            spoke.setdefault((turn.name or turn.speaker)[:LONGEST_NAME], []).append(turn.text)
        seen = faces(known.deal, speakers_of(Conversation(call.name, call.medium, turns)), known=names)
        unsure = [Unsure(face, len(spoke[name]), max(spoke[name], key=len)) for name, face in seen.items() if _is_open(face)]
        await show(house, trigger, who_form(known.deal, sorted(unsure, key=lambda one: -one.turns), call.id))
        return None

    return await in_time(house, work()), False


async def _report(house: House, errand: Errand) -> Message | None:
    there = await _allowed(house, errand)
    if there is None:
        call, _ = await _call_of(house, errand.recipient, errand.about.get("call"))
        return words_deleted() if call is not None and call.state == "left" and "of" in errand.about else None
    strangers = sum(map(_is_open, faces_of(there.heard)))
    return report_message(ReportView(await _view(house, there, errand.recipient), there.call.id, there.call.notes, strangers))


async def _read(house: House, errand: Errand) -> Message | None:
    """Hear a call; its report goes out by itself."""
    call, known = await _call_of(house, errand.recipient, errand.about.get("call"))
    if call is not None and known is not None and not (errand.about.get("once") and call.state == "heard"):
        if call.state == "live" and str(errand.key).endswith(":first"):
            await live.catch_up(house, call, known)  # it goes on: what was said so far rings, and the report comes when it is over
        else:
            await hear_call(house, call.id)
    return None


async def _allowed(house: House, errand: Errand) -> Listened | None:
    """The call as it is heard now, for a recipient who may see its deal."""
    call, known = await _call_of(house, errand.recipient, errand.about.get("call"))
    return await listened(house, call.id) if call is not None and known is not None else None


async def _view(house: House, there: Listened, person: str) -> CallView:
    """The report in the language and tone of its reader; its notes are sent today."""
    scripts = await scripts_for(house, person)
    report = await asyncio.to_thread(report_of, there.heard, there.known.deal)
    today = local(house, there.known.deal, house.now()).date()
    return CallView(there.call.name, report, there.known.deal.on(report.day), max(today, report.day), scripts)


async def _call_of(house: House, user: str, value: Any) -> tuple[Call | None, KnownDeal | None]:
    """A call that belongs to a deal, for a person who may see that deal; else nothing: they cannot tell which."""
    number = id_of(value)
    async with house.store.reading() as s:
        call = await calls.get(s, number) if number is not None else None
    known = await deal_behind(house, user, call.deal_id) if call and call.deal_id else None
    if call is None or known is None or not await may_receive(house, known.deal, user):
        house.log.info("call refused", user=user)
        return None, None
    return call, known


async def _asked(house: House, user: str, value: str) -> Call | None:
    """The call that this person was asked about."""
    number = id_of(value)
    if number is None or not await is_member(house, user):
        return None
    async with house.store.reading() as s:
        asked = await outbox.notices(s, f"{ASK}:{number}:")
        call = await calls.get(s, number)
    return call if any(errand.recipient == user for errand in asked) else None


def _is_open(face: Face) -> bool:
    """Whether somebody might say who this is; a name whose role was told is settled."""
    return face.person is None and not (face.sureness == "sure" and face.role is not None)
