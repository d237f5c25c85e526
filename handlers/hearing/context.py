"""What was said before: kept in memory while a channel is alive, else fetched from Slack, and never a reason to lose a message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.ears import KEPT
from bot.language.statement import Side, Utterance
from handlers.hearing.asking import UNANSWERED, Message, lately, thread_before
from handlers.hearing.message import Change, Said, from_history, micros
from handlers.hearing.page import THREAD, Page
from handlers.hearing.remembered import Remembered
from handlers.hearing.rooms import Room
from handlers.hearing.sorting import Sorter
from handlers.house import House
from handlers.people import side_of
from store.records import KnownDeal
from store.sources.slack_text import plain_text

PATIENCE = 1.5
"""Seconds that a live message waits for its context; Slack wants its answer within 3."""


async def talk_of(house: House, known: KnownDeal, room: Room, change: Change, page: Page | None = None) -> Remembered:
    """The talk in which a message was said, completed with the page before it where there is one.

    A message that is edited, or heard late, and no longer remembered gets the talk of its own time.
    """
    said = change.said
    talk = room.talks.get(known.id)
    completed = await _completed(house, known, room, change, page) if page is not None else None
    if completed is not None:
        talk = completed
    elif talk is None:
        talk = room.talks[known.id] = await _channel_before(house, known, room, said)
    elif change.what == "edited" and said.ts not in talk:
        talk = await _channel_before(house, known, room, said)
    thread = said.thread_ts
    if thread is not None and not room.threads.get((known.id, thread)):
        earlier = await _heard(house, room, said, thread_before(house, said.channel, thread, before=said.ts), thread=thread)
        await _add(house, known, talk, _about(known, room, earlier[:1] + earlier[1:][-THREAD:]))
    room.threads.put((known.id, thread or said.ts), True)
    return talk


def utterance(house: House, deal: Deal, said: Said, side: Side) -> Utterance:
    """A message as the reader takes it: the words that people saw, at the local time of the deal."""
    return Utterance(plain_text(said.text), side, said.speaker, local(house, deal, said.at), said.ts, said.thread_ts)


def local(house: House, deal: Deal, moment: datetime) -> datetime:
    """A moment (UTC) as the customer's local time, without a zone."""
    return moment.astimezone(ZoneInfo(deal.timezone or house.timezone)).replace(tzinfo=None)


async def sorter_of(house: House, deals: tuple[KnownDeal, ...], room: Room, said: Said, page: Page | None = None) -> Sorter:
    """What tells the deals of a channel apart, with the thread of a reply looked at; a thread that Slack does not show decides nothing."""
    if room.sorter is None or not room.sorter.is_of(deals):
        room.sorter = Sorter(deals)
        room.talks.clear()
        room.threads.clear()
    earlier = [] if page is None else page.said
    if said.thread_ts is not None and not earlier and not room.sorter.knows(said):
        question = thread_before(house, said.channel, said.thread_ts, before=said.ts)
        earlier = await _heard(house, room, said, question, thread=said.thread_ts)
    for other in earlier:
        room.sorter.of(other)
    return room.sorter


async def _completed(house: House, known: KnownDeal, room: Room, change: Change, page: Page) -> Remembered | None:
    """The talk with the message in its place after those of the page; None where Slack does not tell who spoke.

    What was heard here stands as it was heard, unless it was edited since.
    """
    said, talk = change.said, room.talks.get(known.id) or Remembered()
    theirs = {other.ts for other in _about(known, room, page.said)}
    shown = [one for one in page.changes if one.said.ts in theirs]
    news = [one.said for one in shown if not house.asked.overtaken(one) and not (one.said.ts in talk and house.asked.stands(one))]
    try:
        async with asyncio.timeout(PATIENCE):
            words = [utterance(house, known.deal, one, side) for one in [*news, said] if (side := await side_of(house, known.deal, one))]
    except UNANSWERED as missing:
        house.log.warning("context is incomplete", deal=known.id, exc_info=missing)
        return None
    gone = [other.key for other in talk.within(said.thread_ts) if other.key not in theirs and page.leaves_out(other.key)]
    talk.complete(words, gone, needed={one.key for one in words} | theirs if said.thread_ts else ())
    room.talks[known.id] = talk
    if said.thread_ts is not None and page.since is not None:
        room.threads.put((known.id, said.thread_ts), True)
    if said.ts in talk:
        return talk
    then = Remembered()
    then.complete(words)
    return then


async def _channel_before(house: House, known: KnownDeal, room: Room, said: Said) -> Remembered:
    talk = Remembered()
    earlier = room.shown.channel_before(said) if room.shown is not None else None
    if earlier is None:
        earlier = await _heard(house, room, said, lately(house, said.channel, before=said.ts, limit=KEPT))
    else:
        room.looked_at(None, said.at)
    await _add(house, known, talk, _about(known, room, earlier)[-KEPT:])
    return talk


def _about(known: KnownDeal, room: Room, earlier: list[Said]) -> list[Said]:
    """What was said of this deal, or may have been; all of it where the channel has no other."""
    sorter = room.sorter
    return earlier if sorter is None else [said for said in earlier if known.id in sorter.of(said).deals]


async def _heard(house: House, room: Room, said: Said, question: Awaitable[list[Message]], thread: str | None = None) -> list[Said]:
    """What Slack tells of the time before a message, oldest first; nothing when it does not answer soon."""
    try:
        async with asyncio.timeout(PATIENCE):
            messages = await question
    except UNANSWERED as missing:
        house.log.warning("context is missing", channel=said.channel, exc_info=missing)
        return []
    room.looked_at(thread, said.at)
    earlier = (change.said for change in map(partial(from_history, said.channel), messages) if change is not None)
    return sorted((other for other in earlier if micros(other.ts) < micros(said.ts)), key=lambda other: micros(other.ts))


async def _add(house: House, known: KnownDeal, talk: Remembered, earlier: Iterable[Said]) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            for said in earlier:
                side = await side_of(house, known.deal, said)
                if side is not None:
                    talk.add(utterance(house, known.deal, said, side))
    except UNANSWERED as missing:
        house.log.warning("context is incomplete", deal=known.id, exc_info=missing)
