"""Who speaks, and who may be told: deal people first, then the team a person belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.deal import Deal, Role
from bot.ears import side_of_role
from bot.language.statement import Side
from handlers.hearing.message import Said
from handlers.house import House, User
from handlers.refused import code_of

_TOLD_FIRST: tuple[Role, ...] = ("rep", "account-manager", "leadership")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
_UNKNOWN_PERSON = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


async def side_of(house: House, deal: Deal, said: Said) -> Side | None:
    """The side that spoke; None for a bot that the deal does not list, whose words are nobody's.

    Raises what Slack raises when it cannot be asked: the message must then come again.
    """
    person = (deal.person(said.bot_id) if said.bot_id else None) or (deal.person(said.user) if said.user else None)
    if person is not None:
        return side_of_role(person.role)
    if said.bot_id or not said.user:
        return None
    user = await user_of(house, said.user)
    if user.bot:
        return None
    if user.team_id is None:
        return _side_by_teams(house, said.teams)
    return "implementation" if is_own(house, user) and not user.guest else "customer"


async def user_of(house: House, user_id: str) -> User:
    """The person as Slack knows them, from memory when fresh; without a team when Slack does not show them to us."""
    known = house.users.get(user_id)
    if known is not None:
        return known
    try:
        answer = await house.slack.users_info(user=user_id)
    except SlackApiError as refused:
        if code_of(refused) not in _UNKNOWN_PERSON:
            raise
        return house.users.put(user_id, User(user_id, None))
    return house.users.put(user_id, _user(user_id, answer.get("user") or {}))


def is_own(house: House, user: User) -> bool:
    """Whether a person belongs to our workspace, or to our organisation on Enterprise."""
    ours = {house.own_team_id, house.own_enterprise_id} - {None, ""}
    return user.team_id in ours or user.enterprise_id in ours


def recipients(deal: Deal) -> tuple[str, ...]:
    """Slack ids of those who get a deal's DMs: its reps, without any its account managers, without those its leadership."""
    return next((told for role in _TOLD_FIRST if (told := with_role(deal, role))), ())


def with_role(deal: Deal, role: Role) -> tuple[str, ...]:
    """Slack ids of a deal's people with a role; ids of files are left out."""
    return tuple(person.id for person in deal.people if person.role == role and _SLACK_ID.fullmatch(person.id))


def is_slack_id(given: str) -> bool:
    """Whether this can be the id of a Slack user; deal files may name people otherwise."""
    return _SLACK_ID.fullmatch(given) is not None


async def may_receive(house: House, deal: Deal, user_id: str) -> bool:
    """Whether this person may see the deal's terms and scripts: on the deal, of our own team, and no guest."""
    return deal.may_see(user_id) and await is_member(house, user_id)


async def is_member(house: House, user_id: str) -> bool:
    """Whether this is a full member of our own team, as Slack told within the last minute: nobody else is ever told anything."""
    fresh = house.asked_lately.get(user_id) is not None
    if not fresh:
        house.users.drop(user_id)
    user = await user_of(house, user_id)
    if not fresh:
        house.asked_lately.put(user_id, True)
    return is_own(house, user) and not (user.guest or user.bot or user.gone)


def _side_by_teams(house: House, teams: tuple[str, ...]) -> Side:
    if not teams:
        return "unknown"
    return "implementation" if {house.own_team_id, house.own_enterprise_id} & set(teams) else "customer"


def _user(user_id: str, told: Mapping[str, Any]) -> User:
    profile = told.get("profile") or {}
    return User(
        id=user_id,
        team_id=told.get("team_id") or profile.get("team"),
        enterprise_id=(told.get("enterprise_user") or {}).get("enterprise_id"),
        guest=bool(told.get("is_restricted") or told.get("is_ultra_restricted")),
        bot=bool(told.get("is_bot")) or user_id == "USLACKBOT",
        gone=bool(told.get("deleted")),
        name=profile.get("real_name") or told.get("real_name") or told.get("name"),
        zone=told.get("tz") or None,
    )
