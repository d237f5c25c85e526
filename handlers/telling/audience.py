"""Who reads along in a channel: its members as Slack tells them, and everybody it does not tell of taken for somebody from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.deal import Deal
from bot.ears import side_of_role
from handlers.hearing.asking import UNANSWERED
from handlers.house import House, User
from handlers.people import is_own, user_of
from handlers.refused import code_of
from templates.post_form import Audience

PAGE, PAGES = 200, 5
"""Members asked for at a time, and how often: who reads along in a larger channel is not told one by one."""

_AT_ONCE = 20
_SHUT = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as the bot finds it; `shut` says, in Slack's words, why nothing can be posted there."""

    audience: Audience
    shut: str | None = None


async def look(house: House, deal: Deal, channel: str, within: float) -> Room:
    """Who would see what is posted in a channel, as far as Slack tells within so many seconds. Never raises what Slack raises."""
    bare = Audience(channel)
    found: dict[str, User] = {}
    members: list[str] | None = None
    try:
        async with asyncio.timeout(within):
            info = (await house.slack.conversations_info(channel=channel)).get("channel") or {}
            bare = _facts(channel, info)
            if info.get("is_archived") or not info.get("is_member", True):
                return Room(bare, "is_archived" if info.get("is_archived") else "not_in_channel")
            members, more = await _members(house, channel)
            bare = replace(bare, more=more)
            await _ask(house, members, found)
    except SlackApiError as refused:
        code = code_of(refused)
        house.log.warning("who is in a channel is not told", channel=channel, error=code)
        if code in _SHUT:
            return Room(bare, code)
    except UNANSWERED as silence:
        house.log.warning("who is in a channel is not told", channel=channel, error=type(silence).__name__)
    return Room(bare if members is None else _counted(house, deal, bare, members, found))


def mark(audience: Audience) -> str:
    """Something that changes when other people from outside, or more of them, would see it than before."""
    outside = sorted(audience.outside or {})
    return sha256(f"{outside} {audience.people is None} {audience.untold} {audience.shared}".encode()).hexdigest()[:16]


def _facts(channel: str, info: Mapping[str, Any]) -> Audience:
    shared = bool(info.get("is_ext_shared") or info.get("is_pending_ext_shared"))
    return Audience(channel, str(info.get("name") or ""), shared=shared, public=info.get("is_private") is False)


async def _members(house: House, channel: str) -> tuple[list[str], bool]:
    """Ids of those in the channel, and whether there are more."""
    found: list[str] = []
    cursor: str | None = None
    for _ in range(PAGES):
        answer = await house.slack.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        found += [str(one) for one in answer.get("members") or ()]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return found, False
    return found, True


async def _ask(house: House, members: list[str], found: dict[str, User]) -> None:
    """Who they are; whoever Slack does not tell of is left out."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def ask(user_id: str) -> None:
        try:
            async with turns:
                found[user_id] = await user_of(house, user_id)
        except UNANSWERED:
            return

    await asyncio.gather(*(ask(user_id) for user_id in members if user_id != house.bot_user_id))


def _counted(house: House, deal: Deal, bare: Audience, members: list[str], found: Mapping[str, User]) -> Audience:
    people = [one for one in members if one != house.bot_user_id and not (one in found and found[one].bot)]
    known = [found[one] for one in people if one in found and found[one].team_id is not None]
    outside = {user.id: _name(deal, user) for user in known if user.guest or not is_own(house, user) or _is_theirs(deal, user)}
    return replace(bare, people=len(people), outside=outside, untold=len(people) - len(known))


def _is_theirs(deal: Deal, user: User) -> bool:
    """Whether the deal names somebody of the customer's, who may have an account in our own workspace."""
    person = deal.person(user.id)
    return person is not None and side_of_role(person.role) == "customer"


def _name(deal: Deal, user: User) -> str | None:
    person = deal.person(user.id)
    return person.name if person else user.name
