"""The doctor's look at deals: whether the bot is in their channels, and Slack knows their people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from slack_sdk.errors import SlackApiError

from bot.commands.checks import Check
from bot.deal import OWN_SIDE, Deal, Person
from handlers.hearing.asking import UNANSWERED
from handlers.house import House, User
from handlers.people import is_own, is_slack_id, recipients, user_of
from handlers.refused import code_of
from store import channels
from store.records import KnownDeal


async def workspace(house: House, known: Sequence[KnownDeal]) -> AsyncIterator[Check]:
    """Whether this is the workspace that the deals are of: where Slack knows none of several people, it is not."""
    people = {person.id for deal in known for person in deal.deal.people if is_slack_id(person.id)}
    for person in people:
        if (user := await _asked(house, person)) is None or not _nobody(user):
            return
    if len(people) > 1:
        yield Check(
            "workspace",
            mend=f"{house.own_team_id} knows none of the {len(people)} people of your deals: SLACK_BOT_TOKEN is of another workspace, "
            "or DATABASE_URL names the database of another one.",
        )


async def linked_channels(house: House, known: Sequence[KnownDeal]) -> AsyncIterator[Check]:
    """Whether the bot is in every linked channel."""
    async with house.store.reading() as s:
        named = await channels.unresolved_names(s)
    for name in named:
        yield Check(
            f"channel {name}", mend="not found yet: invite the bot there (/invite @Jump-In), or give the channel's id in the deal file."
        )
    for deal in known:
        if not deal.channels and not named:
            yield Check(
                f"channels of {deal.deal.customer}",
                mend="none linked: type /deal-link in its channel, or add `channels:` to the deal file and import it again.",
            )
        for channel in deal.channels:
            yield await _membership(house, deal.deal, channel)


async def _membership(house: House, deal: Deal, channel: str) -> Check:
    what = f"channel {channel} of {deal.customer}"
    try:
        told = (await house.slack.conversations_info(channel=channel)).get("channel") or {}
    except SlackApiError as refused:
        code = code_of(refused) or "nothing that we understand"
        return Check(what, mend=f"Slack says {code}: check the id, and invite the bot there (/invite @Jump-In).")
    except UNANSWERED as silence:
        return Check(what, mend=f"Slack did not answer ({type(silence).__name__}): try again.")
    if told.get("is_archived"):
        return Check(what, mend="archived: link the channel that is used now.")
    if not told.get("is_member"):
        return Check(what, mend="the bot is not in it: type /invite @Jump-In there.")
    return Check(what, "the bot is in it")


async def deal_people(house: House, known: Sequence[KnownDeal]) -> AsyncIterator[Check]:
    """Whether Slack knows every deal's people and somebody of our own can get its direct messages."""
    for deal in known:
        told = recipients(deal.deal)
        faults = [fault async for fault in _faults(house, deal.deal, told)]
        if not told:
            faults.append("nobody can get direct messages: give the rep's Slack user id (U…) in the deal file")
        what = f"people of {deal.deal.customer}"
        yield Check(what, f"{len(deal.deal.people)} known, {len(told)} get direct messages", "; ".join(faults) + "." if faults else None)


async def _faults(house: House, deal: Deal, told: Sequence[str]) -> AsyncIterator[str]:
    for person in deal.people:
        user = await _asked(house, person.id)
        if user is None:
            yield f"{person.name}: Slack did not tell who that is"
            continue
        fault = _fault(house, person, user, person.id in told)
        if fault:
            yield f"{person.name}: {fault}"


async def _asked(house: House, person: str) -> User | None:
    try:
        return await user_of(house, person)
    except (SlackApiError, *UNANSWERED):
        return None


def _nobody(user: User) -> bool:
    return user.team_id is None and user.name is None


def _fault(house: House, person: Person, user: User, told: bool) -> str | None:
    if _nobody(user):
        return f"Slack knows no user {person.id}; copy the member ID from the profile into the deal file"
    if user.gone:
        return "deactivated in Slack; name a successor in the deal file"
    if person.role in OWN_SIDE and (user.guest or user.bot or not is_own(house, user)):
        return f"not a full member of your workspace, so no deal figures are shown{' and no direct message is sent' if told else ''}"
    return None
