"""The one door for files: who dropped it is checked, it is fetched by the courier, once, and offered to the takers in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.deals.linked import deals_of
from handlers.files.dropped import Drop, Taker
from handlers.files.fetch import Unfetched, facts_of, fetched
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.message import Said
from handlers.house import House
from handlers.people import is_own, may_receive, recipients, user_of
from store import outbox
from store.records import Errand, KnownDeal
from templates.dropped import no_use, not_fetched, not_read
from templates.kit import Message

WHAT = "file"
"""What the errand about a dropped file is."""

MOST = 20
"""Files of one message that are looked at; Slack takes ten."""

TRIES = 3
"""How often a file is tried that a taker stumbles over, or that the network does not bring."""

MEANT_FOR_US = frozenset({".vtt", ".srt", ".txt", ".docx", ".eml", ".csv", ".tsv", ".xlsx", ".xls", ".json"})
"""Endings of files in a channel about which it is told when they cannot be fetched; others may be none of our business."""


def register(app: AsyncApp, house: House) -> None:
    """The event, and the courier's errand. Files that come with a message are left here by the one listener for messages."""

    async def on_shared(event: dict[str, Any]) -> None:
        channel, file = str(event.get("channel_id") or ""), str(event.get("file_id") or (event.get("file") or {}).get("id") or "")
        if channel and file:
            await left(house, Said(channel, "", user=event.get("user_id"), files=(file,)))

    async def look(errand: Errand) -> Message | None:
        with house.traces.span("file", file=str(errand.about["file"]), channel=str(errand.about["channel"])):
            return await looked_at(house, errand)

    app.event("file_shared")(on_shared)
    house.notices[WHAT] = look


async def left(house: House, said: Said) -> bool:
    """Leave the files of a message for the courier, if somebody of our own dropped them where they may be meant for us, or if they are
    emails forwarded to a deal's channel: those are words like any other. Whether there was any.
    """
    if not said.files or said.user == house.bot_user_id or (house.bot_id and said.bot_id == house.bot_id):
        return False
    known = () if said.channel.startswith("D") else await deals_of(house, said.channel)
    if not known and not said.channel.startswith("D"):
        return False
    dropped_by_us = await _is_ours(house, said, known)
    files = said.files if dropped_by_us else said.mails
    to = said.user if dropped_by_us or not files else await first_of(house, known)
    if not files or not to:
        return False
    now = house.now()
    async with house.store.writing() as s:
        new = [await _leave(s, said, file, to, now) for file in files[:MOST]]
    if any(new):
        house.log.info("files dropped", channel=said.channel, user=said.user, count=sum(new))
        house.wake.set()
    return any(new)


async def first_of(house: House, known: Sequence[KnownDeal]) -> str | None:
    """The first recipient of the deals who has not left."""
    people = [person for one in known for person in recipients(one.deal)]
    for person in people:
        if not (await user_of(house, person)).gone:
            return person
    return None


async def _is_ours(house: House, said: Said, known: Sequence[KnownDeal]) -> bool:
    return (not known or may_see_any(known, said.user)) and await is_ours(house, said)


def may_see_any(known: Sequence[KnownDeal], user: str | None) -> bool:
    """Whether somebody is on one of these deals as one who may see it."""
    return user is not None and any(one.deal.may_see(user) for one in known)


async def is_ours(house: House, said: Said) -> bool:
    """Whether a full member of our own said something."""
    if not said.user or said.bot_id:
        return False
    user = await user_of(house, said.user)
    return is_own(house, user) and not (user.guest or user.bot)


async def _leave(s: AsyncSession, said: Said, file: str, to: str, now: datetime) -> bool:
    about = {"what": WHAT, "file": file, "channel": said.channel, "ts": said.ts, "by": said.user}
    return await outbox.notify(s, f"{WHAT}:{said.channel}:{file}", to, about, now)


async def looked_at(house: House, errand: Errand) -> Message | None:
    """Fetch a file and let it be taken; what to tell whoever dropped it. Raises what Slack and the network raise."""
    file, channel, by = str(errand.about["file"]), str(errand.about["channel"]), errand.recipient
    in_dm, unasked = channel.startswith("D"), errand.about.get("by", by) != by
    theirs = () if in_dm else await theirs_in(house, channel, by)
    if not in_dm and not theirs:
        return None
    name = "the file"
    try:
        facts = await facts_of(house, file, channel)
        name = facts.name
        if facts.media:
            return no_use(name) if in_dm else None
        async with fetched(house, facts) as (path, head):
            said_at = str(errand.about.get("ts") or "") or facts.ts
            drop = Drop(file, name, path, _size(path), head, facts.kind, by, channel, said_at, theirs)
            said = await _offered(house, drop)
            return None if unasked else said
    except Unfetched as reason:
        house.log.info("file not fetched", file=file, channel=channel, why=reason.why)
        return not_fetched(name, reason.why, reason.size) if (in_dm or _meant(name)) and not unasked else None
    except UNANSWERED:
        if errand.tries < TRIES:
            raise
        return not_fetched(name, "slow", None) if in_dm or _meant(name) else None
    except Exception as failed:
        # a taker stumbled: perhaps the store was away, so once more; but not for ever
        house.log.warning("file not taken", file=file, channel=channel, tries=errand.tries, error=type(failed).__name__, exc_info=failed)
        if errand.tries < TRIES:
            raise
        return not_read(name)


async def _offered(house: House, drop: Drop) -> Message | None:
    taker = await asyncio.to_thread(_first, house.file_takers, drop)
    if taker is None:
        house.log.info("file not for us", file=drop.file, channel=drop.channel)
        return no_use(drop.name) if drop.in_dm else None
    return await taker.take(drop)


def _first(takers: Sequence[Taker], drop: Drop) -> Taker | None:
    return next((taker for taker in takers if taker.recognises(drop.head, drop.name)), None)


async def theirs_in(house: House, channel: str, by: str) -> tuple[KnownDeal, ...]:
    """The deals of a channel that somebody may see."""
    return tuple([known for known in await deals_of(house, channel) if await may_receive(house, known.deal, by)])


def _size(path: Path) -> int:
    return path.stat().st_size


def _meant(name: str) -> bool:
    return PurePath(name).suffix.lower() in MEANT_FOR_US
