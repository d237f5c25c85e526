"""Somebody writes to the bot as to a person: once a day they are told what it does answer to."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp

from handlers.hearing.message import Change
from handlers.house import House
from handlers.people import is_own, user_of
from store import outbox
from store.records import Errand
from templates.dropped import no_chat
from templates.kit import Message

WHAT = "no-chat"
"""What the errand of the hint is about."""


def register(_app: AsyncApp | None, house: House) -> None:
    """Say the hint when it is sent."""

    async def say(_errand: Errand) -> Message | None:
        return no_chat()

    house.notices[WHAT] = say


async def leave(house: House, change: Change) -> bool:
    """Leave the hint for a full member of our own who wrote in the bot's direct messages; at most once a day. Whether it was left."""
    said, now = change.said, house.now()
    if not said.channel.startswith("D") or change.what != "said" or not said.user or said.bot_id or said.files or not said.text.strip():
        return False
    user = await user_of(house, said.user)
    if not is_own(house, user) or user.guest or user.bot:
        return False
    day = now.astimezone(ZoneInfo(house.timezone)).date().isoformat()
    async with house.store.writing() as s:
        left = await outbox.notify(s, f"{WHAT}:{said.user}:{day}", said.user, {"what": WHAT}, now)
    if left:
        house.wake.set()
    return left
