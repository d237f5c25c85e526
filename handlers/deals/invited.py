"""Invited to a channel of no deal: whoever invited the bot is asked whose it is, in a direct message, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.deals.whose import ASKED, room_of, view_of
from handlers.house import House
from store import channels, notes, outbox
from store.records import Errand
from templates.kit import Message
from templates.linking import link_card, many_card

MANY = "whose-channels"
"""The notice about many channels at once."""

AT_ONCE, WITHIN, GATHER = 5, timedelta(minutes=10), timedelta(minutes=1)
"""So many channels are asked about one by one; what is more within that time is gathered for so long, and asked about together."""


def register(_app: AsyncApp, house: House) -> None:
    """The two direct messages."""

    async def one(errand: Errand) -> Message | None:
        """None when the question was answered, or the bot thrown out, before it was put."""
        first = "of" not in errand.about
        async with house.store.reading() as s:
            channel = await notes.current(s, str(errand.about["channel"]))
            answered = first and bool(await channels.linked(s, channel) or "no-deal" in await notes.of_channel(s, channel))
        if answered:
            return None
        room = await room_of(house, channel)
        if first and room.inside is False:
            return None
        return link_card(await view_of(house, channel, errand.recipient, room, asked=True))

    async def many(errand: Errand) -> Message | None:
        since = datetime.fromisoformat(str(errand.about["since"]))
        async with house.store.reading() as s:
            still = await notes.unanswered(s, errand.recipient, since)
        return many_card([note.channel for note in still]) if still else None

    house.notices[ASKED] = one
    house.notices[MANY] = many


async def ask(house: House, event: Mapping[str, Any]) -> None:
    """Leave the question to whoever invited the bot. Without an inviter nobody is asked: /deal-status and /deal-link tell in the channel.

    Whether the inviter is a full member of our team is found out on delivery, so that a silent Slack loses no question.
    """
    channel, inviter, now = str(event["channel"]), str(event.get("inviter") or ""), house.now()
    if not inviter or inviter == house.bot_user_id:
        return
    async with house.store.writing() as s:
        if "no-deal" in await notes.of_channel(s, channel):
            return
        asked = [note for note in await notes.unanswered(s, inviter, now - WITHIN) if note.channel != channel]
        await notes.forget(s, channel, "asked")
        await notes.note(s, "asked", channel, inviter, now)
        if len(asked) < AT_ONCE:
            key = f"{ASKED}:{channel}:{inviter}:{event.get('event_ts') or ''}"
            left = await outbox.notify(s, key, inviter, {"what": ASKED, "channel": channel}, now)
        else:
            slot = int(now.timestamp() // WITHIN.total_seconds())
            about = {"what": MANY, "since": now.isoformat()}
            left = await outbox.notify(s, f"{MANY}:{inviter}:{slot}", inviter, about, now + GATHER)
    if left:
        house.wake.set()
        house.log.info("asked whose a channel is", channel=channel, user=inviter)
