"""Calls that stream in: each stretch of speech is heard within a moment of its final words, and rings like a message; then the report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.ears import Talk, hear
from bot.language.spoken import plainly
from bot.language.statement import Utterance
from bot.listening import side_of, speakers_of
from bot.playbook.finding import Finding
from bot.speakers import Face, faces
from handlers.calls.hearing import said_of_turn, take_up
from handlers.calls.taking import ASK, ask, likely_for
from handlers.hearing.recording import record, tell, withdraw
from handlers.house import Hook, House
from handlers.services import FIREFLIES, ZOOM
from handlers.signed import Answer, Delivery
from handlers.telling import together
from store import calls, deals, findings, outbox
from store.calls import Call, New
from store.records import KnownDeal, StoredFinding
from store.sources.conversation import Conversation, Turn
from store.sources.plain import NotReadable, decode, from_json
from store.sources.streams import Streamed, meeting_key, read_stream, turn_of, turns_of

HOOK = "transcripts"

TAIL = 60
"""Stretches of speech that are looked at when one more is heard: enough for its sentence, and for what it answers."""

QUIET = timedelta(minutes=5)
"""A call of which nothing was heard for so long is over, or its stream has stalled: its report goes out and says so."""

KEPT = timedelta(days=7)
"""How long the words of a call are kept after the last of them."""

LOOK_EVERY = 30.0
"""Seconds between two looks for calls that went quiet."""

ASK_AT = frozenset({3, 6, 12, 24, 48})
"""Stretches of speech after which it is looked again whom one may ask whose call it is, where nothing tells."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn of a call that streams, what it raises, and how many stretches it is made of."""

    turn: Turn
    findings: tuple[Finding, ...]


def register(house: House) -> None:
    """The signed door."""

    async def deliver(delivery: Delivery) -> Answer:
        return await taken(house, delivery)

    house.hooks[HOOK] = Hook(deliver, others=(ZOOM, FIREFLIES))


async def taken(house: House, delivery: Delivery) -> Answer:
    """Take in what a service sends of a call. Late, repeated and unknown events are harmless."""
    try:
        told = read_stream(from_json(decode(delivery.body)))
    except NotReadable as reason:
        return Answer(422, {"ok": False, "error": f"the body {reason}"})
    if told.kind in ("other", "partial") or (told.kind == "words" and not told.segments):
        return Answer(200, {"ok": True, "heard": 0})
    named = delivery.query.get("deal") or told.deal
    room = delivery.query.get("meeting")
    meeting = meeting_key(room) if room else told.meeting
    async with house.rooms.of(f"stream:{told.call}").lock:
        known = await _deal_of(house, named, meeting)
        if named and known is None:
            return Answer(422, {"ok": False, "error": "there is no deal with the customer that `deal` names; give the name as in the deal"})
        call = await _kept(house, told, known, meeting)
        if call is None:
            return Answer(200, {"ok": True, "heard": 0})
        return await _heard(house, told, call)


async def _heard(house: House, told: Streamed, call: Call) -> Answer:
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, call.deal_id) if call.deal_id else None
    if told.kind in ("ended", "whole"):
        if known is not None:
            await take_up(house, call, "ended")
        else:
            await _ask_whose(house, call)
    elif known is None:
        await _ask_whose(house, call)
    else:
        for segment in told.segments:
            await hear_on(house, known, call, segment.key)
    return Answer(200, {"ok": True, "heard": len(told.segments), "deal": known is not None})


async def hear_on(house: House, known: KnownDeal, call: Call, key: str) -> None:
    """Hear the turn that a stretch of speech belongs to, as far as it goes now; what it raises rings, what no longer holds is withdrawn."""
    async with house.store.reading() as s:
        tail = await calls.tail(s, call.id, TAIL)
        names = await calls.names(s, known.id)
        turns = turns_of(tail, call.began)
        turn = _turn_with(turns, tail, key)
        if turn is None:
            return
        said = said_of_turn(call, turn, None)
        raised = await findings.raised(s, known.id, besides=(said.channel, said.ts))
    seen = faces(known.deal, speakers_of(Conversation(call.name, "call", turns)), known=names)
    talk = Talk()
    for before in turns[: turns.index(turn)]:
        talk.add(_utterance(house, known, before, seen))
    heard = hear(known.deal, talk, _utterance(house, known, turn, seen), raised)
    found = tuple(finding for finding in heard.findings if finding.suppressed in (None, "repeat"))
    speaker = _speaker(known, turn, seen)
    await _record(house, known, Heard(turn, found), call, speaker)


async def _record(house: House, known: KnownDeal, heard: Heard, call: Call, speaker: str) -> None:
    said = said_of_turn(call, heard.turn, None, speaker)
    keep = frozenset((finding.scenario, finding.subject) for finding in heard.findings)
    news: list[StoredFinding] = []
    async with house.store.reading() as s:
        before = await findings.came_of(s, said.channel, said.ts)
    if not heard.findings and not before:
        return
    async with house.store.writing() as s:
        waiting = False
        for finding in heard.findings:
            stored, asked = await record(house, s, known, said, finding)
            news += [stored] if stored else []
            waiting |= asked
        await together.join(house, s, known, news)
        waiting |= await withdraw(house, s, said, keep, known.id)
    tell(house, news, waiting=waiting)


async def catch_up(house: House, call: Call, known: KnownDeal) -> None:
    """It has been said whose call it is while it streams: hear what was said so far."""
    async with house.store.reading() as s:
        turns = turns_of(await calls.turns(s, call.id), call.began)
    for turn in turns:
        await hear_on(house, known, call, turn.key)


async def run(house: House) -> None:
    """Notice calls that went quiet, and forget the words of old ones, for as long as the bot runs."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            await look(house)
        except Exception as failed:
            house.log.warning("calls were not looked after", error=type(failed).__name__, exc_info=failed)


async def look(house: House) -> int:
    """End calls that went quiet, and forget the words of old ones; how many ended."""
    now = house.now()
    async with house.store.reading() as s:
        quiet = await calls.silent(s, now - QUIET)
    ended = 0
    for call in quiet:
        if call.deal_id is None:
            async with house.store.writing() as s:
                await calls.change(s, call.id, state="over")
            continue
        house.log.warning("a call went quiet", call=call.id, deal=call.deal_id)
        ended += await take_up(house, call, f"quiet:{call.last_at.timestamp():.0f}", quiet=True)
    async with house.store.writing() as s:
        await calls.drop_words(s, now - KEPT)
    return ended


async def _deal_of(house: House, named: str | None, meeting: str | None) -> KnownDeal | None:
    """The deal that the sender names, or whose meeting it is; never a guess."""
    async with house.store.reading() as s:
        if named:
            return await deals.deal_named(s, named)
        number = await calls.meeting(s, meeting) if meeting else None
        return await deals.deal_by_id(s, number) if number is not None else None


async def _kept(house: House, told: Streamed, known: KnownDeal | None, meeting: str | None) -> Call | None:
    """The call with what was said on it now; None where it ends without ever having begun."""
    now = house.now()
    first = told.segments[0].second if told.segments else 0.0
    began = told.began or datetime.fromtimestamp(now.timestamp() - first, UTC)
    async with house.store.writing() as s:
        call = await calls.with_key(s, told.call)
        if call is None and not told.segments:
            return None
        if call is None:
            empty = Conversation(told.title or "call", "call", ())
            call, _ = await calls.bring(s, told.call, empty, New(None, None, None, began, state="live", meeting=meeting), now)
        shift = (told.began - call.began).total_seconds() if told.began else 0.0
        said = [(segment, _moved(turn_of(segment, call.began), shift)) for segment in told.segments]
        if told.kind == "whole":
            await calls.add_turns(s, call.id, [turn for _, turn in said])
        for segment, turn in said if told.kind != "whole" else ():
            await calls.say(s, call.id, turn, max(0, int((segment.second + shift) * 1_000)))
        over = told.kind in ("ended", "whole")
        await calls.change(s, call.id, last_at=now, state="over" if over else "live")
        if known is not None and call.deal_id is None:
            await calls.settle(s, call.id, known.id)
        return await calls.get(s, call.id)


def _moved(turn: Turn, shift: float) -> Turn:
    if not shift or turn.at is None:
        return turn
    return Turn(turn.key, turn.text, turn.speaker, turn.at + timedelta(seconds=shift), name=turn.name, email=turn.email)


async def _ask_whose(house: House, call: Call) -> None:
    """One person is asked whose call it is: of the deal whose people speak, or whose call was noted for now; nobody is guessed."""
    async with house.store.reading() as s:
        segments = await calls.tail(s, call.id, TAIL)
        asked = await outbox.notices(s, f"{ASK}:{call.id}:")
    if asked or (call.state == "live" and len(segments) not in ASK_AT):
        return
    person = await likely_for(house, Conversation(call.name, "call", turns_of(segments, call.began)), house.now())
    if person is None:
        house.log.warning("nobody can be asked whose call it is", call=call.id)
        return
    async with house.store.writing() as s:
        new = await ask(house, s, call.id, person, "live")
    if new:
        house.wake.set()
        house.log.info("asked whose a call is", call=call.id, user=person)


def _turn_with(turns: Sequence[Turn], tail: Sequence[Turn], key: str) -> Turn | None:
    """The turn that a stretch is part of: the last one that begins with it or before it, by the same speaker."""
    order = [one.key for one in tail]
    if key not in order:
        return None  # so late that nobody would look for what it answers; the report has it
    place, who = order.index(key), tail[order.index(key)].name
    return next((turn for turn in reversed(turns) if order.index(turn.key) <= place and turn.name == who), None)


def _utterance(house: House, known: KnownDeal, turn: Turn, seen: dict[str, Face]) -> Utterance:
    face = seen.get(turn.name or turn.speaker)
    zone = ZoneInfo(known.deal.timezone or house.timezone)
    at = turn.at.astimezone(zone).replace(tzinfo=None) if turn.at else None
    person = known.deal.person(turn.speaker) or (face.person if face else None)
    return Utterance(plainly(turn.text), side_of(turn, person, face), _speaker(known, turn, seen), at, turn.key, None)


def _speaker(known: KnownDeal, turn: Turn, seen: dict[str, Face]) -> str:
    face = seen.get(turn.name or turn.speaker)
    person = known.deal.person(turn.speaker) or (face.person if face else None)
    return person.id if person else turn.speaker
