"""Takes transcripts and mails that were dropped: read in a thread, known by their words, and heard once it is clear whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.calls.belongs import Belonging
from bot.deal import OWN_SIDE, Deal
from bot.listening import doubt_of, speakers_of
from bot.playbook.clock.calls import starts
from bot.speakers import faces
from handlers.calls.hearing import began, hear_call
from handlers.files.dropped import Drop
from handlers.house import House
from handlers.people import may_receive, recipients
from store import calls, deals, outbox
from store.calls import New
from store.records import KnownDeal
from store.sources.conversation import Conversation, Found, Turn
from store.sources.files import Call as Reading
from store.sources.files import read_file
from store.sources.mail import LARGEST as MOST_OF_A_MAIL
from store.sources.mail import Mail, mails
from store.sources.plain import decode
from store.sources.recognised import is_talk
from templates.call_doors import known_already, unreadable
from templates.kit import Message

ASK = "call-whose"
"""What the question whose a call is, is about."""

LARGEST = 30_000_000
"""Bytes of a transcript; a day of talk has a tenth of that, as a Word document with pictures perhaps as much."""

NOTED = timedelta(minutes=45)
"""How near the noted time of a call one that streams may be it."""

MOST_DEALS = 100
"""Deals of a person that are looked at, where the place does not tell the deal."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A deal that a call may be of, and what speaks against it."""

    known: KnownDeal
    doubt: Belonging


@dataclass(frozen=True, slots=True)
class Brought:
    """How talk came in: by whom, with which message, and the deals of the channel that they may see; none in direct messages.

    `mark` is the same when the same file or message comes once more; `name` is for people, `notes` tell what could not be read.
    `pasted`: it is the message itself, and may be edited.
    """

    by: str
    channel: str
    ts: str | None
    deals: tuple[KnownDeal, ...]
    mark: str
    name: str
    notes: tuple[str, ...] = ()
    pasted: bool = False


class Transcripts:
    """The taker."""

    def __init__(self, house: House) -> None:
        self._house = house

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether it is talk, by what it holds."""
        return is_talk(head, name)

    async def take(self, drop: Drop) -> Message | None:
        """Keep it, and hear it or ask whose it is; what to tell at once."""
        house = self._house
        if drop.size > LARGEST:
            return unreadable(drop.name, (f"is larger than {LARGEST // 1_000_000} MB, as no transcript is",))
        theirs = await deals_of_person(house, drop.by)
        candidates = drop.deals or theirs
        names = tuple(person.name for known in candidates[:20] for person in known.deal.people)
        found = await asyncio.to_thread(_read, drop.path, drop.name, names)
        talks = [one for one in found.conversations if one.turns]
        if len(talks) != 1:
            return unreadable(drop.name, found.mistakes or ("holds no speech that could be read",))
        talk = await asyncio.to_thread(_thread, drop.path, talks[0]) if talks[0].medium == calls.EMAIL else talks[0]
        fits = await asyncio.to_thread(fits_among, talk, candidates, theirs)
        notes = tuple(one.removeprefix(f"{drop.name}: ") for one in found.mistakes)
        return await bring(house, Brought(drop.by, drop.channel, drop.ts, drop.deals, drop.file, drop.name, notes), talk, fits)


async def bring(house: House, brought: Brought, talk: Conversation, fits: Sequence[Fit]) -> Message | None:
    """Keep talk that was handed in, and hear it, or ask whose it is; what to tell at once."""
    sure = [fit.known for fit in fits if not fit.doubt.asks or _told_by_place(talk, brought, fit)]
    now = house.now()
    new = New(brought.by, brought.channel, brought.ts, began(talk.turns, brought.ts, now), brought.notes)
    async with house.store.writing() as s:
        call, fresh = await calls.bring(s, calls.mark_of(talk), talk, new, now, again=brought.pasted)
        settled = call.deal_id is not None or (len(sure) == 1 and await calls.settle(s, call.id, sure[0].id))
        if not settled:
            await ask(house, s, call.id, brought.by, brought.mark)
    house.wake.set()
    if settled and call.state != "heard":
        await hear_call(house, call.id)
    if fresh or not settled or (call.channel, call.ts) == (brought.channel, brought.ts):
        return None
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, call.deal_id) if call.deal_id else None
    allowed = known is not None and await may_receive(house, known.deal, brought.by)
    return known_already(brought.name, known.deal.customer if known and allowed else None)


def _told_by_place(talk: Conversation, brought: Brought, fit: Fit) -> bool:
    """Whether a mail is of the only deal of the channel that it was forwarded to: few mails name the customer."""
    return talk.medium == calls.EMAIL and len(brought.deals) == 1 and fit.doubt.doubt != "another-customer"


async def ask(house: House, s: AsyncSession, call_id: int, person: str, mark: str) -> bool:
    """Ask somebody whose a call is; once for the same `mark`."""
    return await outbox.notify(s, f"{ASK}:{call_id}:{mark}", person, {"what": ASK, "call": call_id}, house.now())


async def fits_of(house: House, person: str, talk: Conversation, channel: str | None) -> list[Fit]:
    """The deals that a call may be of, for this person, the likeliest first."""
    candidates = await deals_of_person(house, person)
    here = [known for known in candidates if channel in known.channels]
    found = await asyncio.to_thread(fits_among, talk, candidates, candidates)
    return sorted(found, key=lambda fit: (fit.doubt.asks, fit.known not in here))


async def likely_for(house: House, talk: Conversation, now: datetime) -> str | None:
    """Whom to ask whose call it is: the first recipient of the deal that seems to be meant; None where nothing tells."""
    async with house.store.reading() as s:
        everything = await deals.all_deals(s)
    return await asyncio.to_thread(_likely, house.timezone, talk, everything, now)


def _likely(timezone: str, talk: Conversation, everything: Sequence[KnownDeal], now: datetime) -> str | None:
    noted = [known for known in everything if any(abs(starts(call, known.deal, timezone) - now) < NOTED for call in known.deal.calls)]
    speak = [known for known in (*noted, *everything) if _theirs_speak(known.deal, talk)]
    meant = speak[:1] or (noted if len(noted) == 1 else [])
    return next((person for known in meant for person in recipients(known.deal)), None)


def _theirs_speak(deal: Deal, talk: Conversation) -> bool:
    seen = faces(deal, speakers_of(talk)).values()
    return any(face.person is not None and face.person.role not in OWN_SIDE for face in seen)


async def deals_of_person(house: House, person: str) -> tuple[KnownDeal, ...]:
    """The deals that somebody is on."""
    async with house.store.reading() as s:
        return tuple(await deals.deals_of_person(s, person))[:MOST_DEALS]


def fits_among(talk: Conversation, candidates: Sequence[KnownDeal], all_of_them: Sequence[KnownDeal]) -> list[Fit]:
    """What speaks against each candidate; whoever asks must not learn of customers that are not theirs."""
    customers = [known.deal.customer for known in all_of_them]
    return [Fit(known, doubt_of(talk, known.deal, [one for one in customers if one != known.deal.customer])) for known in candidates]


def _read(path: Path, name: str, names: Sequence[str]) -> Found:
    return read_file(path.read_bytes(), name, Reading(names=names))


def _thread(path: Path, talk: Conversation) -> Conversation:
    return replace(talk, turns=turns_of_mails(mails(decode(path.read_bytes())[:MOST_OF_A_MAIL])))


def turns_of_mails(found: Sequence[Mail]) -> tuple[Turn, ...]:
    """Mails as turns that are known by their marks, with the addresses of their writers."""
    named = ((one, one.who or one.address or "") for one in found)
    return tuple(Turn(one.mark, one.text, who, one.at, name=who or None, email=one.address) for one, who in named)
