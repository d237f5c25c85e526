"""Which deal somebody means: by name, by channel, or by its id behind a button; deals that they may not see do not exist for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from handlers.house import House
from handlers.people import is_member, may_receive
from store import deal_people, deals
from store.deals import customer_key
from store.records import KnownDeal
from templates.kit import Message
from templates.status import refusal, several, unknown

_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")
_CLOSE, _CLOSE_WORD = 0.5, 0.7
_NAMED, _ALIKE, _LOOKED_AT = 5, 3, 50


async def deal_meant(house: House, user_id: str, channel: str, text: str, names: Mapping[int, str] | None = None) -> KnownDeal | Message:
    """The deal that `text` means, typed in `channel`: a customer's name or a part of it, a channel, or nothing; else what to answer.

    `names`: the names of the person's deals (store.deal_people.names), where they have just been read.
    """
    asked = unescape(text).strip()
    mentioned = _CHANNEL.fullmatch(asked)
    here = False
    if not await is_member(house, user_id):
        return refusal()
    async with house.store.reading() as s:
        theirs = await deal_people.names(s, user_id) if names is None else names
        if not theirs:
            return refusal()
        if mentioned or not asked:
            meant = await deal_people.in_channel(s, user_id, mentioned[1] if mentioned else channel)
            asked, here = "", len(meant) > 1
        else:
            meant = _named(customer_key(asked), theirs)
        wanted = meant if len(meant) == 1 else _closest(customer_key(asked), {one: theirs[one] for one in meant} or theirs)
        found = [known for known in await deals.deals_by_id(s, wanted) if known.deal.may_see(user_id)]
    if len(meant) == 1:
        return found[0] if found else refusal()
    if here:
        return several([known.deal.customer for known in found])
    return unknown(asked, [known.deal.customer for known in found], 0 if asked else len(theirs) - len(found))


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


def _named(wanted: str, theirs: Mapping[int, str]) -> list[int]:
    """The deal of exactly that name, else those whose name has it in it."""
    exact = [one for one, name in theirs.items() if name == wanted]
    return exact or [one for one, name in theirs.items() if wanted in name]


def _closest(wanted: str, theirs: Mapping[int, str]) -> list[int]:
    """Deals to offer: those whose names contain or resemble what was asked for; all, to a limit, when nothing was."""
    if not wanted:
        return list(theirs)[:_NAMED]
    close = [one for one, name in theirs.items() if wanted in name]
    close = close or _resembling(wanted, theirs, _CLOSE)
    first_words = {one: name.partition(" ")[0] for one, name in theirs.items()}
    return (close or _resembling(wanted, first_words, _CLOSE_WORD))[:_NAMED]


def _resembling(wanted: str, theirs: Mapping[int, str], cutoff: float) -> list[int]:
    """The few that are most like it, as difflib.get_close_matches has them, but looking closely only at those that may be among them."""
    matcher = SequenceMatcher(b=wanted)

    def like(name: str, measure: Callable[[], float]) -> float:
        matcher.set_seq1(name)
        return measure()

    at_best = {one: like(name, matcher.quick_ratio) for one, name in theirs.items() if _lengths_fit(wanted, name, cutoff)}
    best: list[tuple[float, int]] = []
    for one in sorted(at_best, key=lambda one: -at_best[one])[:_LOOKED_AT]:
        if at_best[one] < cutoff or (len(best) == _ALIKE and at_best[one] <= best[-1][0]):
            break
        ratio = like(theirs[one], matcher.ratio)
        if ratio >= cutoff:
            best = sorted([*best, (ratio, one)], key=lambda found: -found[0])[:_ALIKE]
    return [one for _, one in best]


def _lengths_fit(wanted: str, name: str, cutoff: float) -> bool:
    """Two words of very different lengths cannot be alike, and a very long one costs time."""
    return 2 * min(len(wanted), len(name)) >= cutoff * (len(wanted) + len(name))
