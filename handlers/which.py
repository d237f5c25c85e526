"""Which deal somebody means: by name, by channel, or by its id behind a button; deals that they may not see do not exist for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from html import unescape
from typing import Any

from handlers.house import House
from handlers.people import may_receive
from store import deals
from store.records import KnownDeal
from templates.kit import Message
from templates.status import refusal, several, unknown

_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")
_CLOSE, _NAMED = 0.5, 5


async def deal_meant(house: House, user_id: str, channel: str, text: str) -> KnownDeal | Message:
    """The deal that `text` means, typed in `channel`: a customer's name or a part of it, a channel, or nothing; else what to answer."""
    asked = unescape(text).strip()
    async with house.store.reading() as s:
        there = await deals.all_deals(s)
    theirs = [known for known in there if known.deal.may_see(user_id)]
    if not theirs or not await may_receive(house, theirs[0].deal, user_id):
        return refusal()
    mentioned = _CHANNEL.fullmatch(asked)
    if mentioned or not asked:
        here = mentioned[1] if mentioned else channel
        meant = [known for known in theirs if here in known.channels]
        if len(meant) > 1:
            return several(sorted(known.deal.customer for known in meant)[:_NAMED])
        asked = ""
    else:
        meant = _named(asked, theirs)
    return meant[0] if len(meant) == 1 else unknown(asked, _closest(asked, meant or theirs))


async def deal_behind(house: House, user_id: str, value: Any) -> KnownDeal | None:
    """The deal with the id that a button or form carries; None where there is none, or none for this person: they cannot tell which."""
    number = id_of(value)
    if number is None:
        return None
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, number)
    return known if known is not None and await may_receive(house, known.deal, user_id) else None


def id_of(value: Any) -> int | None:
    """A row id as a button carries it, or None: what comes back from Slack may be anything."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


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
