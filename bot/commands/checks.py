"""The doctor's checks: each looks at one thing that the bot needs and says what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import disk_usage
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.stores import STANDS
from bot.manifest import bot_scopes
from bot.settings import Settings
from handlers.identity import Identity, Unwelcome, app_of, require_scopes, socket_address, who_are_we
from store import installation
from store.address import is_sqlite, normalised
from store.engine import Store, StoreUnreachable, open_store
from store.records import KnownDeal
from store.schema import may_be_made, may_write, state

POSTING = frozenset({"chat:write", "channels:read", "groups:read", "users:read"})
"""Scopes for posting a script for somebody: to post, and to tell who is in the channel."""


ROOM = 50_000_000
"""Bytes that must be free where the SQLite file lies: many years of findings, and some for those beside it."""

CLOCK_MAY_BE_OFF = 60.0
"""Seconds; answers take a few."""

_APP_ID = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
"""An App-Level Token names its app."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `mend` is None when all is well, else what is wrong and the next step."""

    what: str
    seen: str = ""
    mend: str | None = None


async def database(settings: Settings) -> tuple[Check, Store | None]:
    """Whether the store answers, has the newest schema, and takes what is written; the open store when it does."""
    engine = settings.database_url.partition("+")[0]
    try:
        stands = await asyncio.to_thread(state, settings.database_url)
        if engine == "sqlite" and stands in {"empty", "behind"}:
            await asyncio.to_thread(may_be_made, settings.database_url)
            return Check("database", "SQLite, brought to the newest schema when the bot starts"), None
        if stands != "current":
            return Check("database", engine, STANDS[stands]), None
        store = open_store(settings.database_url, settings.keys)
        async with store.reading() as s:
            await installation.key_fits(s, store.seal)
        await may_write(store)
    except StoreUnreachable as away:
        return Check("database", engine, str(away)), None
    return Check("database", f"{engine}, newest schema", room(settings.database_url)), store


def room(url: str, needed: int = ROOM) -> str | None:
    """What to do where so many bytes are not free on the disk of an SQLite file; None where they are, or it is none."""
    address = normalised(url)
    if not is_sqlite(address) or (free := disk_usage(Path(str(address.database)).parent).free) >= needed:
        return None
    return f"{free / 1e6:.0f} MB are left on the disk of {address.database}: make room, or nothing can be recorded any more."


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


async def way_in(settings: Settings, client: AsyncWebClient, identity: Identity | None) -> Check:
    """Whether events can reach us: the app token opens a socket of the same app, or there is a signing secret."""
    if settings.slack_app_token is None:
        return Check(
            "HTTP mode", f"signing secret given, port {settings.port}; whether Slack gets through shows its page Event Subscriptions"
        )
    what = "Socket Mode"
    try:
        await socket_address(AsyncWebClient(token=settings.slack_app_token, base_url=settings.slack_api_url), settings.slack_app_token)
    except Unwelcome as refused:
        return Check(what, mend=str(refused))
    named = _APP_ID.match(settings.slack_app_token)
    theirs = await app_of(client, identity) if named and identity else None
    if named and theirs and theirs != named[1]:
        return Check(
            what, mend=f"SLACK_APP_TOKEN is of another Slack app ({named[1]}) than SLACK_BOT_TOKEN ({theirs}): take both from one app."
        )
    return Check(what, "the app token opens a connection")


async def clock(identity: Identity, store: Store | None, now: datetime) -> Check:
    """Whether this machine's clock goes with Slack's and the database's."""
    shown = {"Slack": identity.clock, "the database": await _time_of(store)}
    off = {whose: round((now - time).total_seconds()) for whose, time in shown.items() if time is not None}
    wrong = [f"{abs(by)} s {'ahead of' if by > 0 else 'behind'} {whose}'s" for whose, by in off.items() if abs(by) > CLOCK_MAY_BE_OFF]
    if not wrong:
        return Check("clock", f"goes with that of {' and '.join(off)}" if off else "nobody tells the time")
    return Check(
        "clock",
        mend=f"this machine's clock is {' and '.join(wrong)}: run NTP; over HTTP all that Slack sends is refused from five minutes on.",
    )


async def _time_of(store: Store | None) -> datetime | None:
    if store is None or not store.tells_time:
        return None
    async with store.reading() as s:
        return await store.time(s)
