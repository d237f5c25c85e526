"""Keeps up with channels and our place in the workspace: joined, renamed, given a new id, or thrown out; and answers all other events."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from handlers import keeping
from handlers.deals.channel_life import heard_again
from handlers.deals.invited import ask
from handlers.deals.linked import deals_of
from handlers.house import House
from store import channels


def register(app: AsyncApp, house: House) -> None:
    """Listeners for what happens around the messages."""

    async def joined(event: dict[str, Any]) -> None:
        if event.get("user") == house.bot_user_id:
            channel = str(event["channel"])
            house.names.drop(channel)
            house.deals.drop(channel)
            await heard_again(house, channel, "left", "gone", "archived")
            if await deals_of(house, channel):
                house.backlog.add(channel)
            else:
                await ask(house, event)

    async def renamed(event: dict[str, Any]) -> None:
        channel = str(event["channel"]["id"])
        house.names.put(channel, str(event["channel"]["name"]))
        house.deals.drop(channel)
        await deals_of(house, channel)

    async def moved(event: dict[str, Any]) -> None:
        old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
        async with house.rooms.of(old).lock:  # what is being heard there is recorded before its rows move
            async with house.store.writing() as s:
                await channels.rename(s, old, new, house.now())
            _move(house, old, new)
        house.deals.clear()
        house.log.info("channel has a new id", channel=new, before=old)

    async def revoked(event: dict[str, Any]) -> None:
        bots = (event.get("tokens") or {}).get("bot") or ()
        if event.get("type") == "app_uninstalled" or house.bot_user_id in bots:
            await keeping.removed(house, house.now())
            house.revoked.set()

    app.event("member_joined_channel")(joined)
    app.event("channel_rename")(renamed)
    app.event("group_rename")(renamed)
    app.event("channel_id_changed")(moved)
    app.event("tokens_revoked")(revoked)
    app.event("app_uninstalled")(revoked)


def _move(house: House, old: str, new: str) -> None:
    """What this process remembers of a channel goes with its new id; what was said in between is read."""
    house.rooms.move(old, new)
    house.seen.move(old, new)
    for key in house.handled:
        if key[0] == old:
            house.handled.put((new, *key[1:]), True)
    name = house.names.get(old)
    if name:
        house.names.put(new, name)
    house.names.drop(old)
    house.backlog.move(old, new)


def register_rest(app: AsyncApp, house: House) -> None:
    """The last listeners: an event or button that nobody else wanted is answered, not sent again and again."""

    async def unwanted(event: dict[str, Any]) -> None:
        house.log.debug("event left alone", kind=str(event.get("type")))

    async def pressed(ack: AsyncAck) -> None:
        await ack()

    app.event(re.compile(".*"))(unwanted)
    app.action(re.compile(".*"))(pressed)
