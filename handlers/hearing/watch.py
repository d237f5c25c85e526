"""Listens: every message of a linked channel is read, judged, and recorded before Slack gets its acknowledgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from bot.ears import hear
from bot.playbook.by_hand import BY_HAND
from bot.playbook.finding import Finding
from bot.strong.question import Asking
from bot.strong.rulings import RULE
from handlers.calls import deleted, pasted, pasted_calls
from handlers.deals.linked import deals_of
from handlers.files import door
from handlers.hearing import completing, second
from handlers.hearing.context import sorter_of, talk_of, utterance
from handlers.hearing.message import Change, Said, from_event
from handlers.hearing.page import Page
from handlers.hearing.recording import last_said, record, tell, withdraw
from handlers.hearing.rooms import Room
from handlers.home import hint
from handlers.house import House
from handlers.people import side_of
from handlers.slack import SlackApp
from handlers.telling import together
from store import examples, findings, opinions
from store.records import KnownDeal, StoredFinding
from store.sources.slack_text import plain_text

OTHER = "other-deal"
"""The outcome for a deal of the channel that a message is not about."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one deal makes of a message, and what the strong reader is to be asked about it; `ambiguous` as in Finding."""

    known: KnownDeal
    outcome: str
    findings: tuple[Finding, ...] = ()
    asking: Asking | None = None
    ambiguous: bool = False


def register(app: SlackApp, house: House) -> None:
    """The one listener for messages of all subtypes."""

    async def on_message(event: dict[str, Any]) -> None:
        change = from_event(event)
        if change is None:
            house.counts.message("no-words")
        else:
            await take(house, change)

    app.at_once("message", on_message)


async def take(house: House, change: Change) -> str:
    """Handle a message, live or from history, once and to the end; the outcome.

    Whatever fails is kept for another try and raised, so that Slack gets no acknowledgement.
    """
    house.seen.begin(change)
    try:
        with house.traces.span("message", channel=change.said.channel, ts=change.said.ts, happening=change.what) as span:
            outcome = await _handle(house, change)
            span.note(outcome=outcome)
    except Exception:
        house.seen.failed(change)
        house.counts.message("failed")
        raise
    house.seen.done(change, watched=outcome != "unlinked")
    house.counts.message(outcome)
    return outcome


async def _handle(house: House, change: Change) -> str:
    said = change.said
    if house.bot_user_id == said.user or (house.bot_id and house.bot_id == said.bot_id):
        return "own-message"
    if house.asked.overtaken(change):
        return "overtaken"
    if change.what == "deleted":
        await deleted.forget(house, said)
    await door.left(house, said)
    if said.channel.startswith("D") and not await pasted_calls.left_to_us(house, change):
        await hint.leave(house, change)
    deals = await deals_of(house, said.channel)
    if not deals:
        return await _unlinked(house, change)
    room = house.rooms.of(said.channel)
    async with room.lock:
        if house.handled.get(change.key):
            return "duplicate"
        if house.asked.overtaken(change):
            return "overtaken"
        change = await pasted.without_mails(house, change, deals)
        change = await pasted_calls.without_calls(house, change, deals)
        house.asked.note(change)
        if change.what == "deleted":
            outcome = await _forget(house, room, said)
        else:
            outcome = await _hear(house, deals, room, change)
        house.handled.put(change.key, True)
    return outcome


async def _hear(house: House, deals: tuple[KnownDeal, ...], room: Room, change: Change) -> str:
    page = await completing.page_before(house, deals, room, change)
    if completing.overtaken(house, change, page):
        return "overtaken"
    if page is not None:
        change = await pasted_calls.without_calls(house, change, deals, page.said)
    if len(deals) == 1:
        room.sorter = None
        verdicts = [await _judge(house, deals[0], room, change, page)]
    else:
        verdicts = await _sorted(house, deals, room, change, page)
    if change.what == "edited" or any(verdict.findings for verdict in verdicts):
        await _record(house, change, verdicts)
    for verdict in verdicts:
        if verdict.asking is not None:
            second.consider(house, verdict.known, change, verdict.asking, ambiguous=verdict.ambiguous)
    outcomes = [verdict.outcome for verdict in verdicts if verdict.outcome != OTHER]
    return "finding" if "finding" in outcomes else outcomes[0]


async def _sorted(house: House, deals: tuple[KnownDeal, ...], room: Room, change: Change, page: Page | None) -> list[Verdict]:
    """Judge a message against those of the channel's deals that it is about; to the others it was not said."""
    meant = (await sorter_of(house, deals, room, change.said, page)).of(change.said)
    verdicts = []
    for known in deals:
        if known.id in meant.deals:
            verdict = await _judge(house, known, room, change, page)
            verdicts.append(verdict if meant.clear else _unclear(verdict))
            continue
        if known.id in room.talks:
            room.talks[known.id].forget(change.said.ts)
        verdicts.append(Verdict(known, OTHER))
    return verdicts


def _unclear(verdict: Verdict) -> Verdict:
    return replace(verdict, findings=tuple(replace(finding, ambiguous=True) for finding in verdict.findings), ambiguous=True)


async def _judge(house: House, known: KnownDeal, room: Room, change: Change, page: Page | None) -> Verdict:
    side = await side_of(house, known.deal, change.said)
    if side is None:
        return Verdict(known, "bot-not-listed")
    talk = await talk_of(house, known, room, change, page)
    said = utterance(house, known.deal, change.said, side)
    with house.traces.span("read", deal=known.id) as span:
        began = perf_counter()
        heard = hear(known.deal, talk, said)
        house.counts.reader_seconds.observe(perf_counter() - began)
        span.note(found=len(heard.findings))
    if heard.may_repeat:  # else nobody needs to ask the store: most messages say nothing
        async with house.store.reading() as s:
            heard = heard.after(await findings.raised(s, known.id, besides=(change.said.channel, change.said.ts)))
    return Verdict(known, heard.silent or _outcome(heard.findings), heard.findings, second.asking(house, known, talk, said, heard))


def _outcome(found: tuple[Finding, ...]) -> str:
    if not found:
        return "quiet"
    reasons = [finding.suppressed for finding in found]
    return "finding" if None in reasons else str(reasons[0])


async def _record(house: House, change: Change, verdicts: list[Verdict]) -> None:
    """One transaction for all that a message brings about."""
    with house.traces.span("record") as span:
        news, waiting = await _written(house, change, verdicts)
        span.note(findings=[one.id for one in news], scenarios=[one.finding.scenario for one in news])
    tell(house, news, waiting=waiting)


async def _written(house: House, change: Change, verdicts: list[Verdict]) -> tuple[list[StoredFinding], bool]:
    """What is news, and whether the courier has anything to do."""
    news: list[StoredFinding] = []
    waiting = False
    async with house.store.writing() as s:
        for verdict in verdicts:
            raised: list[StoredFinding] = []
            for finding in verdict.findings:
                stored, asked = await record(house, s, verdict.known, change.said, finding)
                waiting |= asked
                raised += [stored] if stored else []
            await together.join(house, s, verdict.known, raised)
            news += raised
        if change.what == "edited":
            text = plain_text(change.said.text)
            still = await opinions.still_said(s, change.said.channel, change.said.ts, (RULE, BY_HAND), text)
            still |= await opinions.heard_so(s, change.said.channel, change.said.ts, last_said(change.said), text)
            await examples.forget(s, change.said.channel, change.said.ts, unless=text)
            for verdict in verdicts:
                keep = frozenset((finding.scenario, finding.subject) for finding in verdict.findings)
                keep |= frozenset() if verdict.outcome == OTHER else still
                waiting |= await withdraw(house, s, change.said, keep, verdict.known.id)
    return news, waiting


async def _forget(house: House, room: Room, said: Said) -> str:
    """A message was deleted: it is context no more, and what it raised is withdrawn."""
    for talk in room.talks.values():
        talk.forget(said.ts)
    async with house.store.writing() as s:
        waiting = await withdraw(house, s, said)
        await examples.forget(s, said.channel, said.ts)
    tell(house, [], waiting=waiting)
    return "deleted"


async def _unlinked(house: House, change: Change) -> str:
    """A channel of no deal is none of our business, but for what it raised while it was one's, if that is deleted."""
    if change.what == "deleted":
        said = change.said
        async with house.store.reading() as s:
            raised = await findings.came_of(s, said.channel, said.ts)
        if raised:
            return await _forget(house, house.rooms.of(said.channel), said)
    return "unlinked"
