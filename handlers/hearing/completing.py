"""Completes what is remembered of a talk, before a message is read, with what other processes may have heard of it.

Slack is asked, whose history also knows what was edited and deleted meanwhile. Nobody waits long for that: what does not come soon is
done without. Whoever is the only process asks for nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.ears import KEPT, Hearing, hear
from bot.language.model.hunch import GOOD_NEWS
from handlers.hearing.asking import UNANSWERED, lately, thread_before
from handlers.hearing.context import utterance
from handlers.hearing.message import Change, Said
from handlers.hearing.page import GONE, Page, Shown, channel_page, thread_page
from handlers.hearing.remembered import Remembered
from handlers.hearing.rooms import Room
from handlers.house import House
from handlers.people import side_of
from handlers.telling.outcome import Later, of_failure
from store.records import KnownDeal

PERHAPS = 0.01
"""The chance that a message says something, by what is remembered, from which on it is worth asking what was said before it.

Of 3,194 labelled messages of 260 conversations (of which the reader has learned from many), dealt out to two processes, 138 would have
raised something else than they do, or nothing, without what the other heard, among them 92 direct messages; from here on all of them are
as they should be. Slack was asked for three in five of these messages, and for one in a hundred of ordinary chat.
"""

PERHAPS_ALONE = 0.1
"""The same by its words alone, where what is remembered is about something else: what another heard need not be. One in fourteen chats."""

LAGS = timedelta(seconds=10)
"""How old a message is to be before it counts as deleted because Slack does not show it."""

REST = timedelta(seconds=5)
"""How long a channel does without after Slack was too slow: those who speak in turn must not wait in turn."""


async def page_before(house: House, deals: Sequence[KnownDeal], room: Room, change: Change) -> Page | None:
    """What Slack shows of the time before a message; None where nothing can have been missed, it is not worth it, or does not come."""
    said = change.said
    if not house.replicas.heard_after(None) or _is_new(deals, room, said):
        return None
    if not house.replicas.heard_after(_known_until(room, said)) or not await _worth_reading(house, deals, room, said):
        return None
    shown = room.shown.before(said) if room.shown is not None else None
    return shown or await _asked(house, room, said)


def overtaken(house: House, change: Change, page: Page | None) -> bool:
    """Whether the message has been edited or deleted since; what was said only now may be missing because Slack's history lags."""
    if page is None or page.stands is None or page.stands <= change.key[2]:
        return False
    return page.stands != GONE or house.now() - change.said.at > LAGS


@contextmanager
def at_hand(house: House, channel: str, changes: Sequence[Change], *, whole: bool = False) -> Iterator[None]:
    """While these are heard, each is read with those before it: what has been read of a channel's history need not be asked for again.

    `whole`: nothing was said before the first of them.
    """
    room = house.rooms.of(channel)
    room.shown = Shown(changes, whole=whole)
    try:
        yield
    finally:
        room.shown = None


def _is_new(deals: Sequence[KnownDeal], room: Room, said: Said) -> bool:
    """Whether nothing is remembered of the channel or the thread: then all of it is fetched, as by any process."""
    thread = said.thread_ts
    return not room.talks or (thread is not None and not any(room.threads.get((known.id, thread)) for known in deals))


def _known_until(room: Room, said: Said) -> datetime | None:
    """Up to when all that was said is remembered; of a thread nothing was said before it began."""
    began = [] if said.thread_ts is None else [datetime.fromtimestamp(float(said.thread_ts), UTC)]
    looked = room.looked.get(said.thread_ts or "")
    return max([*began, *([looked] if looked else [])], default=None)


async def _worth_reading(house: House, deals: Sequence[KnownDeal], room: Room, said: Said) -> bool:
    """Whether the message may say something to one of the deals, once it is known what was said before."""
    for known in deals:
        side = await side_of(house, known.deal, said)
        talk = room.talks.get(known.id) or Remembered()
        if side is None:
            continue
        words = utterance(house, known.deal, said, side)
        heard = hear(known.deal, talk.copy(), words)
        hunch = heard.reading.hunch
        if hunch is not None and hunch.foreign:
            alone = hear(known.deal, Remembered(), words)
            if _may_say_something(alone, PERHAPS_ALONE):
                return True
        elif _may_say_something(heard, PERHAPS):
            return True
    return False


def _may_say_something(heard: Hearing, least: float) -> bool:
    hunch = heard.reading.hunch
    if heard.silent or hunch is None:
        return not heard.silent
    return max(hunch.any, hunch.alone or 0.0, *(hunch.labels.get(label, 0.0) for label in GOOD_NEWS)) > least


async def _asked(house: House, room: Room, said: Said) -> Page | None:
    """Slack's answer, unless it is slow, or was a moment ago; what it was keeps nobody from being heard."""
    now = house.now()
    if any(until is not None and now < until for until in (room.rests_until, house.replicas.rests_until)):
        house.counts.completions.labels("left out").inc()
        return None
    try:
        async with asyncio.timeout(house.replicas.patience):
            page = await _page(house, said)
    except UNANSWERED as missing:
        _rest(house, room, said, missing)
        return None
    room.looked_at(said.thread_ts, said.at)
    house.counts.completions.labels("complete").inc()
    return page


async def _page(house: House, said: Said) -> Page:
    if said.thread_ts is None:
        messages = await lately(house, said.channel, before=said.ts, limit=KEPT + 1, at_once=True, inclusive=True)
        return channel_page(said, messages, KEPT + 1)
    messages = await thread_before(house, said.channel, said.thread_ts, before=said.ts, at_once=True, inclusive=True)
    return thread_page(said, messages)


def _rest(house: House, room: Room, said: Said, missing: Exception) -> None:
    """Ask no more for a while: of any channel where Slack wants that, of this one where it is slow or in trouble."""
    meant = of_failure(missing)
    if isinstance(meant, Later) and meant.seconds is not None:
        house.counts.rate_limits.inc()
        house.replicas.rests_until = house.now() + timedelta(seconds=meant.seconds)
    elif isinstance(meant, Later):
        room.rests_until = house.now() + REST
    house.counts.completions.labels("unanswered").inc()
    house.log.warning("what another replica heard may be missing", channel=said.channel, ts=said.ts, error=meant.error)
