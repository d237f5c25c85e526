"""The doctor's checks: each looks at one thing that the bot needs and says what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.stores import STANDS
from bot.deal import OWN_SIDE, Deal, Person
from bot.manifest import bot_scopes
from bot.settings import Settings
from handlers.hearing.asking import UNANSWERED
from handlers.house import House, User
from handlers.identity import Identity, Unwelcome, require_scopes, socket_address, who_are_we
from handlers.people import is_own, recipients, user_of
from handlers.refused import code_of
from store import channels, installation
from store.engine import Store, StoreUnreachable, open_store
from store.records import KnownDeal
from store.schema import state

POSTING = frozenset({"chat:write", "channels:read", "groups:read", "users:read"})
"""Scopes for posting a script for somebody: to post, and to tell who is in the channel."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `mend` is None when all is well, else what is wrong and the next step."""

    what: str
    seen: str = ""
    mend: str | None = None


async def database(settings: Settings) -> tuple[Check, Store | None]:
    """Whether the store answers and has the newest schema; the open store when it does."""
    engine = settings.database_url.partition("+")[0]
    try:
        stands = await asyncio.to_thread(state, settings.database_url)
        if engine == "sqlite" and stands in {"empty", "behind"}:
            return Check("database", "SQLite, brought to the newest schema when the bot starts"), None
        if stands != "current":
            return Check("database", engine, STANDS[stands]), None
        store = open_store(settings.database_url, settings.keys)
        async with store.reading() as s:
            await installation.key_fits(s, store.seal)
    except StoreUnreachable as away:
        return Check("database", engine, str(away)), None
    return Check("database", f"{engine}, newest schema"), store


def time_zones(default: str, known: Sequence[KnownDeal]) -> Iterator[Check]:
    """Whether this machine knows the time zones in use."""
    wrong = []
    for name in sorted({default, *(deal.deal.timezone for deal in known if deal.deal.timezone)}):
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            wrong.append(name)
    mend = f"{', '.join(wrong)}: no such time zone; name one such as America/New_York, or install the package tzdata." if wrong else None
    yield Check("time zone data", default, mend)


async def bot_token(client: AsyncWebClient) -> tuple[Check, Identity | None]:
    """Whether Slack takes the bot token; who we are when it does."""
    try:
        identity = await who_are_we(client)
    except Unwelcome as refused:
        return Check("bot token", mend=str(refused)), None
    return Check("bot token", f"workspace {identity.team_id}, bot {identity.bot_user_id}"), identity


def scopes(identity: Identity) -> Check:
    """Whether the token has the manifest's scopes."""
    if identity.scopes is None:
        return Check("scopes", "Slack does not tell them; assumed as in the manifest")
    try:
        require_scopes(identity, bot_scopes())
    except Unwelcome as lacking:
        return Check("scopes", mend=str(lacking))
    return Check("scopes", f"all {len(bot_scopes())} of the manifest")


def post_for_me(settings: Settings, identity: Identity) -> Check:
    """Whether scripts are posted for people, and with which scopes."""
    what = "post for me"
    if settings.post_for_me == "off":
        return Check(what, "off: nothing is ever posted in a channel (JUMPIN_POST_FOR_ME)")
    lacking = sorted(POSTING - identity.scopes) if identity.scopes is not None else []
    if lacking:
        return Check(what, mend=f"on, but the Slack app lacks {', '.join(lacking)}: paste `jumpin manifest`, install it again.")
    return Check(what, f"on: what a rep confirms is posted in the customer's thread, with {', '.join(sorted(POSTING))}")


async def way_in(settings: Settings) -> Check:
    """Whether events can reach us: the app token opens a socket, or there is a signing secret."""
    if settings.slack_app_token is None:
        return Check("HTTP mode", f"signing secret given, port {settings.port}")
    try:
        await socket_address(AsyncWebClient(token=settings.slack_app_token, base_url=settings.slack_api_url), settings.slack_app_token)
    except Unwelcome as refused:
        return Check("Socket Mode", mend=str(refused))
    return Check("Socket Mode", "the app token opens a connection")


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
        try:
            user = await user_of(house, person.id)
        except UNANSWERED as silence:
            yield f"{person.name}: Slack did not answer ({type(silence).__name__})"
            continue
        fault = _fault(house, person, user, person.id in told)
        if fault:
            yield f"{person.name}: {fault}"


def _fault(house: House, person: Person, user: User, told: bool) -> str | None:
    if user.team_id is None and user.name is None:
        return f"Slack knows no user {person.id}; copy the member ID from the profile into the deal file"
    if user.gone:
        return "deactivated in Slack; name a successor in the deal file"
    if person.role in OWN_SIDE and (user.guest or user.bot or not is_own(house, user)):
        return f"not a full member of your workspace, so no deal figures are shown{' and no direct message is sent' if told else ''}"
    return None
