"""Whose a channel is: what somebody may know of it, linking it to a deal and taking it off again, and who is told of that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.names import likeness, names_of, suggested
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.refused import code_of
from store import channels, deals, notes, outbox
from store.deals import Entry
from store.records import KnownDeal
from templates.kit import OPTIONS
from templates.linking import LIKELY, Known, LinkView

ASKED = "whose-channel"
"""The name of the question to whoever invited us, and the beginning of its key."""

_WITHIN = 1.0
"""Seconds for Slack to tell a channel's name while somebody waits for an answer."""

_HIDDEN = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type"})


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as Slack tells of it; `inside`: whether we are in it, None where Slack does not say."""

    name: str = ""
    topic: str = ""
    inside: bool | None = None


async def room_of(house: House, channel: str) -> Room:
    """What Slack tells of a channel. Raises what Slack raises when it cannot be asked now."""
    try:
        answer = await house.slack.conversations_info(channel=channel)
    except SlackApiError as refused:
        if code_of(refused) not in _HIDDEN:
            raise
        return Room(inside=False)
    told = answer.get("channel") or {}
    texts = [str((told.get(name) or {}).get("value") or "") for name in ("topic", "purpose")]
    inside = told.get("is_member")
    return Room(str(told.get("name") or ""), " ".join(texts), inside if isinstance(inside, bool) else None)


async def room_soon(house: House, channel: str) -> Room:
    """The same within the time that somebody waits; nothing is known of it where Slack is slow."""
    try:
        async with asyncio.timeout(_WITHIN):
            return await room_of(house, channel)
    except UNANSWERED:
        return Room(house.names.get(channel) or "")


async def view_of(house: House, channel: str, user_id: str, room: Room, *, asked: bool = False) -> LinkView:
    """A channel and its deals, as this full member of our team may know them."""
    async with house.store.reading() as s:
        links = {one.deal_id: one for one in await channels.linked(s, channel)}
        noted = await notes.of_channel(s, channel)
        theirs = await deals.deals_of_person(s, user_id)
    linked = [Known(known.id, known.deal.customer, links[known.id].by, links[known.id].at) for known in theirs if known.id in links]
    others = [known for known in theirs if known.id not in links]
    likely = suggested(room.name, room.topic, [(known.id, names_of(known.deal)) for known in others], len(LIKELY))
    names = {known.id: known.deal.customer for known in others}
    more = {number: name for number, name in names.items() if number not in likely}
    no_deal = noted.get("no-deal")
    return LinkView(
        channel,
        linked,
        {number: names[number] for number in likely},
        more if len(more) <= OPTIONS - len(LIKELY) else {},
        many=len(more) > OPTIONS - len(LIKELY),
        taken_by=next((one.by or "" for one in links.values()), None) if asked and links and not linked else None,
        no_deal=(no_deal.about, no_deal.at) if no_deal else None,
        asked=asked,
        inside=room.inside,
        timezone=house.timezone,
    )


async def options_for(house: House, channel: str, user_id: str, typed: str) -> dict[str, str]:
    """The deals that somebody may choose from for a channel, by what they have typed: value -> customer."""
    async with house.store.reading() as s:
        linked = {one.deal_id for one in await channels.linked(s, channel)}
        theirs = [known for known in await deals.deals_of_person(s, user_id) if known.id not in linked]
    wanted = typed.strip().casefold()
    held = [known for known in theirs if any(wanted in name.casefold() for name in names_of(known.deal))]
    held.sort(key=lambda known: not known.deal.customer.casefold().startswith(wanted))
    if not held:
        close = {known.id: likeness(typed, "", names_of(known.deal)) for known in theirs}
        held = sorted((known for known in theirs if close[known.id] > 0.3), key=lambda known: -close[known.id])
    return {f"{channel}:{known.id}": known.deal.customer for known in held[:OPTIONS]}


async def link(house: House, channel: str, known: KnownDeal, by: str, *, also: bool) -> bool:
    """Link a channel to a deal; False where it was linked already. Whoever was asked whose it is sees the answer.

    Not where it has come to another deal that this person may see, unless they want it `also` linked to this one.
    """
    now = house.now()
    async with house.store.writing() as s:
        there = [] if also else await deals.deals_of_channel(s, channel)
        made = not any(one.deal.may_see(by) for one in there) and await channels.link(s, known.id, channel, by=by, at=now)
        await settle(house, s, [channel])
    forget(house, channel)
    if made:
        house.backlog.add(channel)
        house.log.info("channel linked", channel=channel, deal=known.id, user=by)
    return made


async def unlink(house: House, channel: str, known: KnownDeal, by: str) -> bool:
    """Take a channel off a deal; False where it was not linked."""
    async with house.store.writing() as s:
        gone = await deals.unlink(s, known.id, channel, Entry(by, "slack", house.now()))
        await channels.forget_mark(s, channel)
        await tell(house, s, channel)
    forget(house, channel)
    if gone:
        house.log.info("channel unlinked", channel=channel, deal=known.id, user=by)
    return gone


async def say_no_deal(house: House, channel: str, by: str, *, holds: bool) -> None:
    """Somebody says that a channel is no deal's, or takes that back."""
    async with house.store.writing() as s:
        if holds and not await channels.linked(s, channel):
            await notes.note(s, "no-deal", channel, by, house.now())
            await notes.forget(s, channel, "asked")
        elif not holds:
            await notes.forget(s, channel, "no-deal")
        await tell(house, s, channel)
    house.wake.set()
    house.log.info("channel of no deal", channel=channel, user=by, holds=holds)


async def settle(house: House, s: AsyncSession, linked: Iterable[str]) -> None:
    """Channels (ids) have been linked: no question about them is open, and whoever was asked sees that."""
    for channel in linked:
        await notes.forget(s, channel, "asked", "no-deal")
        await tell(house, s, channel)


async def tell(house: House, s: AsyncSession, channel: str) -> None:
    """Bring every question about a channel up to date, where it stands."""
    now = house.now()
    for before in await notes.earlier(s, channel):
        for errand in await outbox.notices(s, f"{ASKED}:{before}:"):
            if "of" not in errand.about and errand.state != "failed":
                about = {"what": ASKED, "channel": before, "of": errand.id}
                await outbox.notify(s, f"{errand.key}:{now.timestamp():.6f}", errand.recipient, about, now)


def forget(house: House, channel: str) -> None:
    """The deals of a channel have changed: what this process remembers of it no longer holds."""
    house.deals.clear()
    house.rooms.forget(channel)
    house.wake.set()
