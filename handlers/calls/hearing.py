"""Hears a whole call against its deal: what it raises is recorded, once, and told together in one report to the deal's people."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zlib import crc32
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.listening import Heard, listen
from bot.playbook.finding import Finding
from bot.playbook.judge import repeats_marked
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.message import Said, micros
from handlers.hearing.recording import record, tell, withdraw
from handlers.house import House
from handlers.people import recipients
from store import calls, deals, findings, outbox
from store.calls import Call
from store.records import KnownDeal, StoredFinding
from store.sources.conversation import Conversation, Turn
from store.sources.streams import turns_of
from templates.call_doors import stalled

REPORT, READ = "call", "call-read"
"""What the errands are about: a report; hearing a call, now or again."""


@dataclass(frozen=True, slots=True)
class Listened:
    """A call with its turns as they were heard, and the deal that it is of."""

    call: Call
    known: KnownDeal
    heard: tuple[Heard, ...]


async def listened(house: House, call_id: int) -> Listened | None:
    """Hear a call by what is known now; None where it is nobody's, or its words are forgotten."""
    async with house.store.reading() as s:
        call = await calls.get(s, call_id)
        known = await deals.deal_by_id(s, call.deal_id) if call and call.deal_id else None
        turns = await calls.turns(s, call_id) if known else ()
        names = await calls.names(s, known.id) if known else {}
    if call is None or known is None or not turns:
        return None
    if call.streams:
        turns = turns_of(turns, call.began)
    # to hear a long call takes a second or two of processor time: no message is to wait for that, and no second reader of its report
    by_what = (known.deal, names, turns)
    kept = house.whole_calls.get(call_id)
    if kept is None or kept[0] != by_what:
        heard = await asyncio.to_thread(heard_now, house.timezone, call, known.deal, turns, names)
        kept = house.whole_calls.put(call_id, (by_what, heard))
    return Listened(call, known, kept[1])


def heard_now(timezone: str, call: Call, deal: Deal, turns: Sequence[Turn], names: Mapping[str, str]) -> tuple[Heard, ...]:
    """The turns as they are heard; those without a time get that of the call."""
    timed = tuple(turn if turn.at else replace(turn, at=call.began) for turn in turns)
    return tuple(listen(Conversation(call.name, call.medium, timed), deal, ZoneInfo(timezone), known=names))


async def hear_call(house: House, call_id: int) -> bool:
    """Hear a call, record what it raises, and leave its report for the deal's people; again with the same words it changes nothing.

    False where there is nothing to hear.
    """
    with house.traces.span("call", call=call_id) as span:
        news = await _heard(house, call_id)
        if news is not None:
            span.note(findings=[one.id for one in news], scenarios=[one.finding.scenario for one in news])
    return news is not None


async def _heard(house: House, call_id: int) -> list[StoredFinding] | None:
    """What is news in a call; None where there is nothing to hear."""
    there = await listened(house, call_id)
    if there is None:
        return None
    link = await link_of(house.slack, there.call)
    mail = there.call.medium == calls.EMAIL
    async with house.store.writing() as s:
        news, waiting = await (_record_mails if mail else _record)(house, s, there, link)
        await calls.change(s, call_id, state="heard")
        waiting |= not mail and await leave_report(house, s, there.call, there.known)
    tell(house, news, waiting=waiting)
    house.log.info("call heard", call=call_id, deal=there.known.id, turns=len(there.heard), findings=len(news))
    return news


async def take_up(house: House, call: Call, mark: str, *, quiet: bool = False) -> bool:
    """A call that streamed is over, or went quiet: leave it for the courier to hear whole, and to report. Whether that is news."""
    async with house.store.writing() as s:
        known = await deals.deal_by_id(s, call.deal_id) if call.deal_id else None
        if known is None:
            return False
        if quiet:
            last = await calls.tail(s, call.id, 1)
            await calls.change(s, call.id, notes=[stalled(last[0].moment if last else None)], state="quiet")
        else:
            await calls.change(s, call.id, notes=[], state="over")
        left = await leave_reading(house, s, call.id, known, mark)
    house.wake.set()
    return left


async def leave_reading(house: House, s: AsyncSession, call_id: int, known: KnownDeal, mark: str) -> bool:
    """Leave a call to be heard: with each of the deal's recipients, for one may have left the company; the first who comes hears it."""
    about = {"what": READ, "call": call_id, "deal": known.id, "once": True}
    people = recipients(known.deal)
    left = [await outbox.notify(s, f"{READ}:{call_id}:{mark}:{person}", person, about, house.now()) for person in people]
    return any(left)


async def leave_report(house: House, s: AsyncSession, call: Call, known: KnownDeal) -> bool:
    """Ask for the report to each of the deal's recipients, and to whoever brought the call; those who have it get it changed."""
    now, asked = house.now(), False
    mine = {call.by} if call.by and known.deal.may_see(call.by) else set()
    for person in sorted({*recipients(known.deal), *mine}):
        key = f"{REPORT}:{call.id}:{person}"
        about = {"what": REPORT, "call": call.id, "deal": known.id}
        if await outbox.notify(s, key, person, about, now):
            asked = True
            continue
        sent = await outbox.with_key(s, key)
        if sent is not None:
            asked |= await outbox.notify(s, f"{key}:{now.timestamp():.6f}", person, {**about, "of": sent.id}, now)
    return asked


def said_of_turn(call: Call, turn: Turn, link: str | None, speaker: str = "") -> Said:
    """A turn as the message that findings are recorded of, whether it is heard live or afterwards.

    Its ts is its second (UTC), with a fraction that tells the turns of one second apart.
    """
    number = re.fullmatch(r"(\d{1,8})(?:\.(\d))?", turn.key)
    fraction = int(number[1]) * 10 + int(number[2] or 0) if number else crc32(turn.key.encode("utf-8", "replace"))
    at = turn.at if turn.at and turn.at.tzinfo else call.began
    return Said(call.place, f"{int(at.timestamp())}.{fraction % 1_000_000:06d}", turn.text, user=speaker or None, link=link)


async def link_of(slack: AsyncWebClient, call: Call) -> str | None:
    """The permalink of the message that brought a call, as far as Slack tells."""
    if not call.channel or not call.ts or call.channel.startswith("D"):
        return None
    try:
        answer = await slack.chat_getPermalink(channel=call.channel, message_ts=call.ts)
    except UNANSWERED:
        return None
    return str(answer.get("permalink") or "") or None


async def _record(house: House, s: AsyncSession, there: Listened, link: str | None) -> tuple[list[StoredFinding], bool]:
    """What was raised is recorded; what an earlier hearing of the same call had raised and this one does not is withdrawn."""
    call, known = there.call, there.known
    await deals.hold(s, known.id)
    raised = await findings.raised(s, known.id, besides_all_of=call.place)
    news: list[StoredFinding] = []
    waiting = False
    kept: dict[str, set[tuple[str, str | None]]] = {}
    for one in there.heard:
        said = said_of_turn(call, _aware(house, known.deal, one), link, one.speaker)
        for finding in _told(one.hearing.findings):
            marked = finding if finding.suppressed else repeats_marked(finding, raised)
            kept.setdefault(said.ts, set()).add((finding.scenario, finding.subject))
            stored, asked = await record(house, s, known, said, marked, aloud=False)
            news += [stored] if stored else []
            waiting |= asked
    for ts in await calls.moments(s, call.place):
        waiting |= await withdraw(house, s, Said(call.place, ts), frozenset(kept.get(ts, ())), known.id)
    return news, waiting


async def _record_mails(house: House, s: AsyncSession, there: Listened, link: str | None) -> tuple[list[StoredFinding], bool]:
    """What the mails of a thread raise rings like messages; each mail counts once for a deal, whatever threads it stands in."""
    call, known = there.call, there.known
    await deals.hold(s, known.id)
    raised = await findings.raised(s, known.id, besides_all_of=call.place)
    news: list[StoredFinding] = []
    waiting = False
    for one in there.heard:
        if not await calls.hear_mail(s, known.id, one.turn.key, house.now()):
            continue
        said = said_of_turn(call, _aware(house, known.deal, one), link, one.speaker)
        for finding in _told(one.hearing.findings):
            stored, asked = await record(house, s, known, said, finding if finding.suppressed else repeats_marked(finding, raised))
            news += [stored] if stored else []
            waiting |= asked
    return news, waiting


def _aware(house: House, deal: Deal, one: Heard) -> Turn:
    """The turn with its time as a moment; as files tell it, it is the customer's local time."""
    zone = ZoneInfo(deal.timezone or house.timezone)
    return replace(one.turn, at=one.at.replace(tzinfo=zone)) if one.at else one.turn


def _told(found: Sequence[Finding]) -> Iterator[Finding]:
    """What is kept of a turn: what was raised, what was confirmed, and what was said again."""
    return (finding for finding in found if finding.suppressed in (None, "repeat"))


def began(turns: Sequence[Turn], brought: str | None, now: datetime) -> datetime:
    """When a call began (UTC), as far as its turns tell; else when it was brought."""
    first = next((turn.at for turn in turns if turn.at is not None and turn.at.tzinfo is not None), None)
    if first is not None:
        return first.astimezone(UTC)
    return datetime.fromtimestamp(micros(brought) / 1_000_000, UTC) if brought else now
