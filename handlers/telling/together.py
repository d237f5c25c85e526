"""Several matters reach a person as one DM, each with its own buttons: what was said about a deal while the bot was away, and what one
message raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.deals.linked import deals_of
from handlers.house import House
from handlers.links import Links
from handlers.people import may_receive
from handlers.telling.dm import dm, look_around, name_of, zone_of
from handlers.telling.errands import first_key
from store import book, deals, outbox, tellings
from store.records import Errand, KnownDeal, StoredFinding
from store.tellings import Told
from templates.blocks import Behind, Words
from templates.kit import Message
from templates.together import MOST_FULL, MOST_SHORT, at_once, together

WHAT = "away"
"""What the errand of such a DM is about."""

ONCE = "once"
"""In what it is about, where all of it was said in one message."""

BEGINS = f"{WHAT}:"
"""How the keys of such errands begin."""

LONG_AGO = timedelta(minutes=10)
"""What was said so long before it is heard was said while the bot was away."""

HOLD = timedelta(minutes=3)
"""How long it waits for what else was said: once its channel has been read it waits no more, and should the bot die it goes alone."""

MOST_CAUSES = 50
"""Spans, where traces are on, that such a DM leads back to."""

_OVER = frozenset({"withdrawn", "resolved", "terms-changed"})


def register(_app: AsyncApp | None, house: House) -> None:
    """Say what such a DM shows when it is sent or changed."""
    links = Links(house.slack)

    async def say(errand: Errand) -> Message | None:
        return await message_of(house, links, errand)

    house.notices[WHAT] = say


def hold_of(house: House, stored: StoredFinding) -> timedelta:
    """How long the DM of a finding waits for others: while its channel is being read after an absence, for what was said in that."""
    return HOLD if stored.origin.channel in house.backlog.reading and _was_away(stored) else timedelta(0)


async def gather(house: House, channel: str, *, heard: bool) -> int:
    """A channel has been tried: what waits about its deals is told, as one DM for a deal and person; how many those are.

    A deal with another channel that is yet to be read waits for that one. Where nothing was `heard` in this one, only deals that have
    waited for it are looked at.
    """
    left = 0
    for known in await deals_of(house, channel):
        if not heard and known.id not in house.backlog.withheld:
            continue
        if any(other != channel and other in house.backlog for other in known.channels):
            house.backlog.withheld.add(known.id)
            continue
        left += await _of_deal(house, known)
        house.backlog.withheld.discard(known.id)
    if left:
        house.wake.set()
    return left


async def join(house: House, s: AsyncSession, known: KnownDeal, raised: Sequence[StoredFinding]) -> None:
    """What one message raised about a deal just now, in this very transaction, reaches each person as one DM, in the order given."""
    if len(raised) < 2 or hold_of(house, raised[0]):
        return  # after an absence it waits for what else was said
    order = {one.id: number for number, one in enumerate(raised)}
    theirs: dict[str, list[Told]] = {}
    for one in await tellings.waiting(s, known.id):
        if one.found.id in order and one.errand.key == first_key(one.found.id, one.errand.recipient):
            theirs.setdefault(one.errand.recipient, []).append(one)
    for recipient, waiting in theirs.items():
        if len(waiting) > 1:
            waiting.sort(key=lambda one: order[one.found.id])
            await _as_one(s, known, recipient, waiting, house.now())


async def _as_one(s: AsyncSession, known: KnownDeal, recipient: str, waiting: Sequence[Told], now: datetime) -> None:
    key = f"{BEGINS}{ONCE}:{waiting[0].found.id}:{recipient}"
    about = _about(known, {}, waiting) | {ONCE: True}
    if not await outbox.notify(s, key, recipient, about, min(one.errand.due_at for one in waiting)):
        return  # there was one: these are told by themselves
    notice = await outbox.with_key(s, key)
    assert notice is not None
    await outbox.told_with(s, [one.errand.id for one in waiting], notice.id, now)


async def message_of(house: House, links: Links, errand: Errand) -> Message | None:
    """The DM as it should look now; None where nothing of it holds any more before it was sent, or the deal is not theirs to see."""
    numbers = [int(number) for number in errand.about["findings"]]
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, int(errand.about["deal"]))
        there = _left(errand, (await book.findings_by_id(s, numbers)).values()) if known else []
        around = [await look_around(house, s, one, known, errand.recipient) for one in there[:MOST_FULL]] if known else []
    if known is None or not there or not await may_receive(house, known.deal, errand.recipient):
        return None
    once = ONCE in errand.about
    full = [await dm(house, links, one, below=around[0].stored.finding.quote if once and one is not around[0] else None) for one in around]
    if len(there) == 1:
        return full[0]
    matters = [await _shortly(house, links, known, one, linked=number < MOST_FULL + MOST_SHORT) for number, one in enumerate(there)]
    return (at_once if once else together)(known.deal, full, matters, zone_of(house, known.deal))


def _left(errand: Errand, found: Iterable[StoredFinding]) -> list[StoredFinding]:
    """What such a DM still tells of, in the order said."""
    there = sorted(found, key=lambda one: (one.origin.said_at, one.id))
    over = _OVER if errand.ts is None else {"withdrawn"}
    return [one for one in there if one.state not in over] or (there[:1] if errand.ts else [])


async def _of_deal(house: House, known: KnownDeal) -> int:
    now, left = house.now(), 0
    async with house.store.writing() as s:
        await deals.hold(s, known.id)
        theirs: dict[str, list[Told]] = {}
        for one in await tellings.waiting(s, known.id):
            first = one.errand.key == first_key(one.found.id, one.errand.recipient)
            if first and outbox.ALONE not in one.errand.about and _was_away(one.found):
                theirs.setdefault(one.errand.recipient, []).append(one)
        for recipient, waiting in theirs.items():
            await _tell(s, known, recipient, waiting, now)
            left += 1
    return left


async def _tell(s: AsyncSession, known: KnownDeal, recipient: str, waiting: Sequence[Told], now: datetime) -> None:
    """One finding goes as it always does; several go together, and with those of an absence before that are still to be told.

    Quiet hours, which last longer than we hold anything, stay as they are.
    """
    due = min(one.errand.due_at for one in waiting)
    due = now if due <= now + HOLD else due
    key = f"{BEGINS}{known.id}:{recipient}:"
    standing = await outbox.untried_notice(s, key, recipient)
    if standing is None and len(waiting) == 1:
        await outbox.bring_forward(s, waiting[0].errand.id, due)
        return
    if standing is None:
        key += str(waiting[0].found.id)
        await outbox.notify(s, key, recipient, _about(known, {}, waiting), due)
        standing = await outbox.with_key(s, key)
        assert standing is not None
    else:
        await outbox.alter(s, standing.id, _about(known, standing.about, waiting), min(due, standing.due_at))
    await outbox.told_with(s, [one.errand.id for one in waiting], standing.id, now)


def _about(known: KnownDeal, before: Mapping[str, Any], waiting: Sequence[Told]) -> dict[str, Any]:
    numbers = [*before.get("findings", ()), *(one.found.id for one in waiting)]
    causes = " ".join(str(about["trace"]) for about in (before, *(one.errand.about for one in waiting)) if "trace" in about).split()
    causes = list(dict.fromkeys(causes))
    return {"what": WHAT, "deal": known.id, "findings": numbers} | ({"trace": " ".join(causes[:MOST_CAUSES])} if causes else {})


async def _shortly(house: House, links: Links, known: KnownDeal, one: StoredFinding, *, linked: bool) -> Behind:
    """A matter as a line tells it; with its link where it is told so."""
    origin = one.origin
    name = await name_of(house, known.deal, origin.speaker)
    link = origin.permalink or (await links.of(origin.channel, origin.ts) if linked else None)
    return Behind(one.id, one.finding, Words(one.finding.quote, origin.speaker, name, origin.said_at, link), one.state)


def _was_away(stored: StoredFinding) -> bool:
    return stored.raised_at - stored.origin.said_at > LONG_AGO
