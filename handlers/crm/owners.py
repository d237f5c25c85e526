"""Who in Slack the people of the CRM are, and who may see what it says."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.deal import Stage
from handlers.crm.connected import Crm
from handlers.house import House
from handlers.people import is_member, is_slack_id
from handlers.refused import code_of
from store.crm import Known

NEAR: frozenset[Stage] = frozenset({"setup", "implementation"})
"""Stages at which a deal of the CRM comes to its rep."""

_NOBODY = frozenset({"users_not_found", "user_not_found", "invalid_arguments"})


async def slack_id(house: House, crm: Crm, email: str | None) -> str | None:
    """The full member of our own behind an email; None for guests, strangers and nobody. Raises what Slack raises."""
    if not email:
        return None
    found = crm.people.get(email)
    if found is None:
        try:
            answer = await house.slack.users_lookupByEmail(email=email)
            user = str((answer.get("user") or {}).get("id") or "")
            found = user if user and await is_member(house, user) else ""
        except SlackApiError as refused:
            if code_of(refused) not in _NOBODY:
                raise
            found = ""
        crm.people.put(email, found)
    return found or None


async def tellers(house: House, crm: Crm) -> list[str]:
    """Slack ids of those who look after the connection."""
    found = [one if is_slack_id(one) else await slack_id(house, crm, one.casefold()) for one in crm.mapping.tell]
    return [one for one in dict.fromkeys(found) if one is not None]


async def may_confirm(house: House, known: Known, user_id: str) -> bool:
    """Whether this person may see a record's terms and confirm them: its own rep, or, where it has none here, who looks after the CRM."""
    if not await is_member(house, user_id):
        return False
    if known.rep is not None:
        return known.rep == user_id
    return house.crm is not None and user_id in await tellers(house, house.crm)
