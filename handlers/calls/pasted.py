"""Mail threads pasted into a channel: each mail is heard as its writer's words, once; what whoever pasted it says above stays theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from handlers.calls.hearing import began, leave_reading
from handlers.calls.taking import ask, fits_among, turns_of_mails
from handlers.hearing.message import Change
from handlers.house import House
from handlers.people import recipients
from store import calls
from store.calls import New
from store.records import KnownDeal
from store.sources.conversation import Conversation
from store.sources.mail import Mail, is_mail, mails
from store.sources.slack_text import plain_text

_MARKS = ("wrote:", "From:", "escribió:", "De:", "schrieb:", "Von:", "a écrit")
"""What stands in every pasted mail: a cheap look, for each message passes here."""


async def without_mails(house: House, change: Change, deals: Sequence[KnownDeal]) -> Change:
    """The message without the mails in it, which are left for the courier to hear, each as the words of its writer."""
    text = change.said.text
    if change.what == "deleted" or not any(mark in text for mark in _MARKS):
        return change
    found = await asyncio.to_thread(_thread, text)
    if not found:
        return change
    own = "" if found[-1].who or found[-1].address else found[-1].text
    others = [one for one in found if one.who or one.address]
    if others:
        await _leave(house, change, deals, others)
    return replace(change, said=replace(change.said, text=own)) if others else change


def _thread(text: str) -> tuple[Mail, ...]:
    plain = plain_text(text)
    return mails(plain) if is_mail(plain) else ()


async def _leave(house: House, change: Change, deals: Sequence[KnownDeal], found: Sequence[Mail]) -> None:
    said, now = change.said, house.now()
    subject = next((one.subject for one in reversed(found) if one.subject), None)
    talk = Conversation(subject or "pasted email", calls.EMAIL, turns_of_mails(found))
    known = deals[0] if len(deals) == 1 else None
    if known is None:
        sure = [fit.known for fit in await asyncio.to_thread(fits_among, talk, deals, deals) if not fit.doubt.asks]
        known = sure[0] if len(sure) == 1 else None
    person = next((one for deal in ([known] if known else deals) for one in recipients(deal.deal)), None)
    if person is None:
        return
    new = New(said.speaker or person, said.channel, said.ts, began(talk.turns, said.ts, now))
    async with house.store.writing() as s:
        call, _ = await calls.bring(s, calls.mark_of(talk), talk, new, now)
        if known is not None:
            await calls.settle(s, call.id, known.id)
            await leave_reading(house, s, call.id, known, said.ts)
        else:
            await ask(house, s, call.id, person, said.ts)
    house.wake.set()
