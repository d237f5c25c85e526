"""What becomes of a deal's channel: archived, left, deleted, shared; its reps are told once when it can no longer be heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers.deals.linked import deals_of
from handlers.house import House
from handlers.people import may_receive, recipients
from store import channels, deals, notes, outbox
from store.records import Errand, NoteKind
from templates.kit import Message
from templates.linking import LostView, lost_card

LOST = "channel-lost"
"""The notice's name."""

_LOST: tuple[NoteKind, ...] = ("archived", "left", "gone")
_NOT_SHOWN: Mapping[str, NoteKind] = {"not_in_channel": "left", "channel_not_found": "gone", "is_archived": "archived"}
Event = dict[str, Any]


def register(app: AsyncApp, house: House) -> None:
    """Listeners for what happens to channels, and the DM about it."""
    house.notices[LOST] = _notice(house)

    async def archived(event: Event) -> None:
        await lost(house, str(event["channel"]), "archived", event)

    async def unarchived(event: Event) -> None:
        await _back(house, str(event["channel"]))

    async def deleted(event: Event) -> None:
        await lost(house, str(event["channel"]), "gone", event)

    async def left(event: Event) -> None:
        # of the events that may tell of it, one is about everybody who leaves
        if event.get("type") != "member_left_channel" or event.get("user") == house.bot_user_id:
            await lost(house, str(event["channel"]), "left", event)

    async def shared(event: Event) -> None:
        await _shared(house, event)

    app.event("channel_archive")(archived)
    app.event("group_archive")(archived)
    app.event("channel_unarchive")(unarchived)
    app.event("group_unarchive")(unarchived)
    app.event("channel_deleted")(deleted)
    app.event("group_deleted")(deleted)
    app.event("member_left_channel")(left)
    app.event("channel_left")(left)
    app.event("group_left")(left)
    app.event("channel_shared")(shared)
    app.event("channel_unshared")(shared)


async def lost(house: House, channel: str, what: NoteKind, event: Event | None = None) -> None:
    """Note that a channel can no longer be heard, and tell the people of its deals, once; links stay, in case it comes back."""
    now, event = house.now(), event or {}
    stamp = str(event.get("event_ts") or f"{now.timestamp():.6f}")
    by = str(event["user"]) if what == "archived" and event.get("user") else None
    asked = False
    async with house.store.writing() as s:
        known = await deals.deals_of_channel(s, channel)
        if not known or not await notes.note(s, what, channel, by, now):
            return
        for one in known:
            for recipient in recipients(one.deal) if one.deal.coverage == "white-glove" else ():
                about = {
                    "what": LOST,
                    "channel": channel,
                    "deal": one.id,
                    "how": what,
                    "deleted": str(event.get("type")).endswith("_deleted"),
                }
                asked |= await outbox.notify(s, f"{what}:{channel}:{one.id}:{recipient}:{stamp}", recipient, about, now)
    house.log.info("channel lost", channel=channel, how=what, deals=len(known))
    if asked:
        house.wake.set()


async def not_shown(house: House, channel: str, error: str) -> None:
    """Slack did not let us read a channel; where it did before, that is news."""
    what = _NOT_SHOWN.get(error)
    async with house.store.reading() as s:
        before = await channels.seen(s, channel)
    if what is not None and before is not None:
        await lost(house, channel, what)


async def heard_again(house: House, channel: str, *what: NoteKind) -> None:
    """A channel is heard again: what was noted against it holds no more."""
    async with house.store.reading() as s:
        noted = await notes.of_channel(s, channel)
    if not noted.keys().isdisjoint(what):
        async with house.store.writing() as s:
            await notes.forget(s, channel, *what)


async def _back(house: House, channel: str) -> None:
    await heard_again(house, channel, "archived")
    if await deals_of(house, channel):
        house.backlog.add(channel)


async def _shared(house: House, event: Event) -> None:
    """Other companies' people come and go: who they are is asked anew. A channel that we lose by it is found out by reading it."""
    channel = str(event["channel"])
    team = event.get("connected_team_id") or event.get("previously_connected_team_id")
    for user_id in house.users:
        user = house.users.get(user_id)
        if user is not None and (user.team_id is None or team in (user.team_id, user.enterprise_id)):
            house.users.drop(user_id)
    house.names.drop(channel)
    house.log.info("channel shared" if event.get("type") == "channel_shared" else "channel unshared", channel=channel, team=team)
    if await deals_of(house, channel):
        house.backlog.add(channel)


def _notice(house: House) -> Callable[[Errand], Awaitable[Message | None]]:
    async def say(errand: Errand) -> Message | None:
        """None when the channel is heard again, belongs to the deal no more, or the person may not see the deal any more."""
        about = errand.about
        channel, deal_id = str(about["channel"]), int(about["deal"])
        async with house.store.reading() as s:
            channel = await notes.current(s, channel)
            known = await deals.deal_by_id(s, deal_id)
            noted = await notes.of_channel(s, channel)
        note = next((noted[what] for what in _LOST if what == about.get("how") and what in noted), None)
        if known is None or note is None or channel not in known.channels or not await may_receive(house, known.deal, errand.recipient):
            return None
        return lost_card(LostView(channel, known.deal.customer, note.what, note.about, deleted=bool(about.get("deleted"))))

    return say
