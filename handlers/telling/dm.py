"""What a DM about a stored finding shows right now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.deeds import FEED
from bot.playbook.finding import Finding
from bot.playbook.pace import BusinessDays
from handlers.charts import volume_of
from handlers.clock.days import as_it_lies, earliest_pickup
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.standing import groups
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.links import Links
from handlers.people import is_slack_id, recipients, user_of
from store import beside as besides
from store import findings, life, mutes, posts
from store.beside import Days
from store.life import Echo
from store.mutes import Mute
from store.posts import Posted
from store.records import KnownDeal, Origin, StoredFinding
from templates.blocks import MOST_BEHIND, AlertView, Behind, Muted, PostedView, Words, alert
from templates.charts.blocks import Volume
from templates.kit import Message

_OF_DATES = frozenset({"contradiction"})
"""What may speak of the agreed dates themselves: those stay as agreed there."""

GAP = "volume-gap"
"""The scenario whose DM shows what was shipped."""

UNDO_WITHIN = timedelta(seconds=60)
"""How long a decision can be undone."""


@dataclass(frozen=True, slots=True)
class Around:
    """A finding, its deal and the recipient of a DM about it on a day (the customer's), and what the DM shows beside the finding: the last
    repetition, what stands behind it (newest first), what settled it, the mute, the deal with its test where it really lies, for what
    is no talk of its dates; and what the recipient has chosen.
    """

    stored: StoredFinding
    known: KnownDeal
    recipient: str
    today: date
    echo: Echo | None = None
    behind: Sequence[StoredFinding] = ()
    signal: StoredFinding | None = None
    mute: Mute | None = None
    undoable: bool = False
    post: Posted | None = None
    deal: Deal | None = None
    chosen: Mapping[str, Any] | None = None


async def dm(house: House, links: Links, around: Around, *, below: str | None = None) -> Message:
    """The DM in the finding's present state, as its recipient gets it (without one: as it is by itself); `below` as in AlertView.

    What Slack does not tell (a name, a link) is left out rather than waited for.
    """
    stored, known, recipient, today = around.stored, around.known, around.recipient, around.today
    origin, zone = stored.origin, zone_of(house, known.deal)
    post, short = around.post, bool(recipient) and recipient not in recipients(known.deal)

    async def said(quote: str, where: Origin) -> Words:
        name = await name_of(house, known.deal, where.speaker)
        return Words(quote, where.speaker, name, where.said_at, where.permalink or await links.of(where.channel, where.ts))

    behind = [
        Behind(one.id, one.finding, await said(one.finding.quote, one.origin) if number < MOST_BEHIND else _unseen(one), one.state)
        for number, one in enumerate(around.behind)
    ]
    echo, signal, mute = around.echo, around.signal, around.mute
    return await asyncio.to_thread(  # a company's own script is rendered in a process of its own, and nobody else is to wait for that
        alert,
        AlertView(
            finding=_counted(stored, around.deal or known.deal.on(today), zone),
            deal=around.deal or known.deal.on(today),
            finding_id=stored.id,
            speaker_id=origin.speaker,
            speaker_name=await name_of(house, known.deal, origin.speaker),
            channel_id=origin.channel,
            scripts=await scripts_for(house, recipient, around.chosen) if recipient else house.scripts,
            said_at=origin.said_at,
            permalink=origin.permalink or await links.of(origin.channel, origin.ts),
            state=stored.state,
            count=stored.count,
            changed_by=stored.changed_by,
            changed_at=stored.changed_at,
            until=stored.until,
            timezone=zone,
            today=today,
            reason=stored.reason,
            again=await said(echo.quote, Origin(echo.channel, echo.ts, echo.speaker, echo.said_at)) if echo else None,
            behind=behind,
            undo=stored.version if around.undoable else None,
            settled=await said(signal.finding.quote, signal.origin) if signal else None,
            short=short,
            muted=Muted(mute.id, mute.until, mute.by, fresh=house.now() - mute.at <= UNDO_WITHIN) if mute else None,
            may_post=house.post_for_me
            and not short
            and origin.channel != FEED
            and origin.channel.isalnum()
            and (post is None or post.state == "failed"),
            posted=await standing(links, post) if post else None,
            volume=await _volume(house, known, stored) if not short else None,
            below=below,
        ),
    )


async def _volume(house: House, known: KnownDeal, stored: StoredFinding) -> Volume | None:
    """What was shipped lately, beside a gap in it."""
    if stored.finding.scenario != GAP:
        return None
    async with house.store.reading() as s:
        return await volume_of(house, s, known)


async def standing(links: Links, post: Posted) -> PostedView | None:
    """A posted script where it stands; None while it does not."""
    if post.state != "sent":
        return None
    return PostedView(post.by, post.at, await links.of(post.channel, post.ts) if post.ts else None)


def is_fresh(house: House, stored: StoredFinding) -> bool:
    """Whether the minute in which the last decision on a finding can be undone still runs."""
    return timedelta(0) <= house.now() - stored.changed_at <= UNDO_WITHIN


def _counted(stored: StoredFinding, deal: Deal, zone: str) -> Finding:
    """The finding with its day counted by the deal's dates; what was said before a test that came later than agreed keeps its day."""
    day = deal.test_day(stored.origin.said_at.astimezone(ZoneInfo(zone)).date())
    return replace(stored.finding, test_day=day) if day >= 1 else stored.finding


async def look_around(house: House, s: AsyncSession, stored: StoredFinding, known: KnownDeal, recipient: str = "") -> Around:
    """All that a DM about a finding has to be looked up for; `recipient`: "" for the DM as it is by itself."""
    there = BusinessDays.of(known.deal, house.timezone)
    today = house.now().astimezone(there.zone).date()
    if stored.state == "withdrawn":
        return Around(stored, known, recipient, today)
    days = Days(there.begins(there.day(stored.raised_at)), earliest_pickup(known.deal), today)
    beside = await besides.beside(s, stored, recipient, days, house.now())
    echo = await life.latest_echo(s, stored.id) if stored.count > 1 else None
    signal = life.signal_of(stored)
    mute = await mutes.active(s, [known.id], house.now()) if beside.muted else {}
    moved = beside.begun and stored.finding.scenario not in _OF_DATES
    return Around(
        stored,
        known,
        recipient,
        today,
        echo if echo and echo.said_at > stored.origin.said_at else None,
        await _behind(house, s, known, stored, recipient) if beside.others else (),
        await findings.get(s, signal) if signal else None,
        mute.get((known.id, stored.finding.scenario)),
        post=await posts.of_finding(s, stored.id) if beside.posted else None,
        deal=await as_it_lies(house, s, known, today) if moved else None,
        chosen=beside.chosen if recipient else None,
        undoable=is_fresh(house, stored) and stored.state != "open" and await life.can_undo(s, stored.id),
    )


async def _behind(house: House, s: AsyncSession, known: KnownDeal, stored: StoredFinding, recipient: str) -> Sequence[StoredFinding]:
    """What the DM shows of other findings, newest first."""
    theirs = (group for group in await groups(house, s, known, stored) if _is(group.told, stored, group.recipient, recipient))
    return sorted((one for group in theirs for one in group.behind), key=lambda one: (one.origin.said_at, one.id), reverse=True)


def _is(told: StoredFinding, stored: StoredFinding, went_to: str, recipient: str) -> bool:
    return told.id == stored.id and went_to == recipient


def _unseen(one: StoredFinding) -> Words:
    return Words(one.finding.quote, one.origin.speaker, None, one.origin.said_at)


def zone_of(house: House, deal: Deal) -> str:
    """The customer's time zone: the deal's, else the house's."""
    return deal.timezone or house.timezone


async def name_of(house: House, deal: Deal, speaker: str) -> str | None:
    """A speaker's name as the deal has it, else as Slack has it; None when neither tells."""
    person = deal.person(speaker)
    if person is not None:
        return person.name
    if not is_slack_id(speaker) and not speaker.startswith("B"):
        return speaker or None  # as a transcript calls them
    try:
        user = await user_of(house, speaker)
    except UNANSWERED:
        return None
    return user.name if user else None
