"""`jumpin why`: for any message, what was read, beside which terms, by which rule, and why it did, or did not, ring."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import typer
from rich.text import Text
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build_house
from bot.commands.opening import settings
from bot.commands.report import console_for_reading, print_rows
from bot.commands.stores import opened
from bot.commands.trouble import Trouble
from bot.deal import Deal
from bot.settings import Settings
from handlers.findings.why import from_store, why_of
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.message import Said
from handlers.hearing.reread import NotRead, message_at, read_again
from handlers.house import House
from handlers.identity import Identity, Unwelcome, who_are_we
from handlers.telling.dm import zone_of
from store import deals, looking_back
from store.engine import Store
from store.records import KnownDeal
from store.sources.slack_text import plain_text
from templates.quote import clean
from templates.why import Speech, Why, why_rows

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's id (C…), or the message's link alone (“Copy link”).")]

Ts = Annotated[str | None, typer.Argument(metavar="[TS]", help="The message's ts, such as 1793811600.000100.")]

_TS = re.compile(r"p?(\d{10})\.?(\d{6})")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,20}")
_SIDES = {"customer": "customer", "implementation": "implementation", "own": "our side", "unknown": "side unknown"}
NOBODY = Identity("", "", None, None, None)
"""Who we are without a token: then only what was recorded is known."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands."""

    channel: str
    ts: str
    thread: str | None = None


def why(channel: Channel, ts: Ts = None) -> None:
    """Explain one message, live as it stands in Slack or as it was recorded: what was read, which terms, which rule, and why (not) a DM."""
    place = place_of(channel, ts)
    asyncio.run(_explain(settings(), place))


def place_of(channel: str, ts: str | None) -> Place:
    """The message that is meant, by channel and ts or by its link. Raises Trouble."""
    if ts is None:
        parts = urlsplit(channel)
        path = [part for part in parts.path.split("/") if part]
        if parts.scheme not in ("https", "http") or len(path) < 2:
            raise Trouble("Name the message by its channel's id and its ts (jumpin why C0123ABC 1793811600.000100), or by its link.")
        thread = parse_qs(parts.query).get("thread_ts", [None])[0]
        place = place_of(path[-2], path[-1])
        return Place(place.channel, place.ts, _ts(thread) if thread else None)
    if not _CHANNEL.fullmatch(channel):
        raise Trouble(f"{clean(channel, 60)} is not a channel's id: it looks like C0123ABC, and is at the end of the channel's details.")
    return Place(channel, _ts(ts))


def _ts(given: str) -> str:
    found = _TS.fullmatch(given.strip())
    if not found:
        raise Trouble(f"{clean(given, 60)} is not a message's ts: it looks like 1793811600.000100, or p1793811600000100 in its link.")
    return f"{found[1]}.{found[2]}"


async def _explain(settings: Settings, place: Place) -> None:
    async with opened(settings.database_url) as store:
        house = build_house(settings, store, await _identity(settings))
        there = await _deals(store, place)
        if not there:
            raise Trouble(
                f"{place.channel} is linked to no deal, so nothing is read there: name it under `channels:` in a deal file, import that, "
                "and invite the bot."
            )
        said, reason = await _said(settings, house, place)
        found = [(known, told) for known in there if (told := await _why(house, known, place, said)) is not None]
        if not found:
            raise Trouble(reason or "Nothing is known of that message.")
        if reason:
            typer.echo(f"Only what was recorded is known. {reason}", err=True)
        for known, told in found:
            _print(known.deal, zone_of(house, known.deal), told, said)


async def _deals(store: Store, place: Place) -> list[KnownDeal]:
    """The deals to which the channel is linked, and those that have a finding of the message."""
    async with store.reading() as s:
        linked = await deals.deals_of_channel(s, place.channel)
        recorded = {one.deal_id for one in await looking_back.of_message(s, place.channel, place.ts)}
        others = [await deals.deal_by_id(s, number) for number in sorted(recorded - {known.id for known in linked})]
    return linked + [known for known in others if known is not None]


async def _identity(settings: Settings) -> Identity:
    if not settings.slack_bot_token:
        return NOBODY
    try:
        return await who_are_we(AsyncWebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, retry_handlers=[]))
    except Unwelcome as refused:
        raise Trouble(str(refused)) from None


async def _said(settings: Settings, house: House, place: Place) -> tuple[Said | None, str]:
    """The message as it stands in Slack, else why it cannot be had."""
    if not settings.slack_bot_token:
        return None, "SLACK_BOT_TOKEN is missing, so the message itself cannot be read: put it into the environment or a .env file."
    try:
        return await message_at(house, place.channel, place.ts, place.thread), ""
    except NotRead as reason:
        return None, str(reason)
    except UNANSWERED as silence:
        return None, f"Slack did not answer ({type(silence).__name__}): try again."


async def _why(house: House, known: KnownDeal, place: Place, said: Said | None) -> Why | None:
    if said is None:
        return await from_store(house, known, place.channel, place.ts)
    try:
        return await why_of(house, await read_again(house, known, said))
    except UNANSWERED as silence:
        raise Trouble(f"Slack did not say who spoke ({type(silence).__name__}): try again.") from None


def _print(deal: Deal, zone: str, why: Why, said: Said | None) -> None:
    console = console_for_reading()
    speech = Speech(lambda user: _person(deal, user), lambda at: _time(at, zone))
    who = f" · {clean(why.speaker, 60)} ({_SIDES[why.side]}) · {_time(why.said_at, zone)}"
    console.print(Text.assemble((clean(deal.customer, 60), "bold"), who))
    text = plain_text(said.text) if said else why.kept[0].finding.quote
    console.print(Text(f"  {clean(text, 2000) or '(its words are gone with it)'}"))
    print_rows(console, why_rows(why, speech))


def _person(deal: Deal, user: str) -> str:
    person = deal.person(user)
    return f"{person.name} ({user})" if person else user


def _time(at: datetime, zone: str) -> str:
    there = at.astimezone(ZoneInfo(zone)) if at.tzinfo else at.replace(tzinfo=UTC)
    return f"{there:%a} {there.day} {there:%b %Y %H:%M}"
