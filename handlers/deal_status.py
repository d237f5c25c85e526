"""/deal-status: the deal card, for the deal's own people only, and seen by nobody else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from difflib import get_close_matches
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp

from handlers.dm import zone_of
from handlers.house import House
from handlers.links import Links
from handlers.people import may_receive
from store import deals, findings
from store.records import KnownDeal, StoredFinding
from templates.kit import Message
from templates.status import MOST_OPEN, Said, StatusView, refusal, status, status_help, unknown

COMMAND = "/deal-status"
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")
_CLOSE, _NAMED = 0.5, 5


def register(app: AsyncApp, house: House) -> None:
    """The one slash command."""
    links = Links(house.slack)

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        answer = house.dress(
            await answer_to(house, links, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or ""))
        )
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    app.command(COMMAND)(on_command)


async def answer_to(house: House, links: Links, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-status text` in a channel. Deals that the asker may not see do not exist for them."""
    asked = unescape(text).strip()
    if asked.casefold() in ("help", "?"):
        return status_help()
    async with house.store.reading() as s:
        there = await deals.all_deals(s)
    theirs = [known for known in there if known.deal.may_see(user_id)]
    if not theirs or not await may_receive(house, theirs[0].deal, user_id):
        return refusal()
    mentioned = _CHANNEL.fullmatch(asked)
    if mentioned or not asked:
        here = mentioned[1] if mentioned else channel
        meant = [known for known in theirs if here in known.channels]
        asked = ""
    else:
        meant = _named(asked, theirs)
    if len(meant) != 1:
        return unknown(asked, _closest(asked, meant or theirs))
    return await _card(house, links, meant[0])


def _named(asked: str, theirs: Sequence[KnownDeal]) -> list[KnownDeal]:
    """The deal of exactly that name, else those whose name has it in it."""
    wanted = asked.casefold()
    exact = [known for known in theirs if known.deal.customer.casefold() == wanted]
    return exact or [known for known in theirs if wanted in known.deal.customer.casefold()]


def _closest(asked: str, theirs: Sequence[KnownDeal]) -> list[str]:
    """Names to offer: those that contain or resemble what was asked for; all, to a limit, when nothing was."""
    names = {known.deal.customer.casefold(): known.deal.customer for known in theirs}
    if not asked:
        return sorted(names.values())[:_NAMED]
    wanted = asked.casefold()
    close = [name for name in names if wanted in name] or get_close_matches(wanted, names, n=3, cutoff=_CLOSE)
    first_words = {name.split()[0]: name for name in names if name.split()}
    close = close or [first_words[word] for word in get_close_matches(wanted, first_words, n=3, cutoff=0.7)]
    return [names[name] for name in close[:_NAMED]]


async def _card(house: House, links: Links, known: KnownDeal) -> Message:
    async with house.store.reading() as s:
        stated = await findings.latest_stated(s, known.id)
        waiting = await findings.open_findings(s, known.id)
    zone = zone_of(house, known.deal)

    async def said(stored: StoredFinding) -> Said:
        origin, person = stored.origin, known.deal.person(stored.origin.speaker)
        link = origin.permalink or await links.of(origin.channel, origin.ts)
        until = stored.until if stored.state == "snoozed" else None
        return Said(stored.finding, origin.speaker, person.name if person else None, origin.said_at, link, stored.count, until)

    shown = await asyncio.gather(*(said(stored) for stored in [*stated, *waiting[:MOST_OPEN]]))
    more = [Said(stored.finding, "", None, stored.origin.said_at) for stored in waiting[MOST_OPEN:]]
    today = house.now().astimezone(ZoneInfo(zone)).date()
    return status(StatusView(known.deal, today, shown[: len(stated)], [*shown[len(stated) :], *more], zone))
