"""The shortcut "Why / why not?": for any message, what was read and why it did, or did not, ring; for the deal's own people only."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playbook.case import agreed_words
from handlers.findings.pointed import Pointed, pointed, shown
from handlers.hearing.became import became
from handlers.hearing.context import local
from handlers.hearing.reread import NotRead, Reread, ShutChannel, message_at, read_again
from handlers.house import House
from handlers.telling.dm import name_of, zone_of
from store import looking_back
from store.records import KnownDeal, StoredFinding
from store.sources.slack_text import plain_text
from templates.form import View
from templates.why import Kept, Why, reading, unlinked, why_view

SHORTCUT = "jumpin-why"
MOST_DEALS = 5
"""Deals of one channel that are told of."""


def register(app: AsyncApp, house: House) -> None:
    """The message shortcut; it is acknowledged at once, and answered in a modal."""

    async def on_shortcut(ack: AsyncAck) -> None:
        await ack()

    async def answer(body: dict[str, Any], respond: AsyncRespond) -> None:
        at = pointed(body)

        async def read(theirs: list[KnownDeal]) -> View:
            return await explained(house, at, [known for known in theirs if at.channel in known.channels])

        await shown(house, at, respond, read, reading())

    app.shortcut(SHORTCUT)(ack=on_shortcut, lazy=[answer])


async def explained(house: House, at: Pointed, here: list[KnownDeal]) -> View:
    """The answer, for those of the asker's deals to which the channel is linked. Raises NotRead."""
    if not here:
        return unlinked()
    try:
        said = await message_at(house, at.channel, at.ts, at.thread)
    except NotRead as reason:
        found = [(why, zone_of(house, known.deal)) for known in here if (why := await from_store(house, known, at.channel, at.ts))]
        if not found:
            raise _mended(reason) from None
        return why_view(found, _quote(found[0][0]))
    told = [(await why_of(house, await read_again(house, known, said)), zone_of(house, known.deal)) for known in here[:MOST_DEALS]]
    return why_view(told, plain_text(said.text))


async def why_of(house: House, reread: Reread) -> Why:
    """A message read again, with what was recorded when it was said."""
    known, said = reread.known, reread.said
    kept = await became(house, reread)
    day = local(house, known.deal, said.at).date()
    return Why(
        customer=known.deal.customer,
        agreed=agreed_words(known.deal.agreed_on(day)),
        speaker=await name_of(house, known.deal, said.speaker) or said.speaker or "Somebody",
        said_at=said.at,
        side=reread.side or "unknown",
        explanation=reread.explanation,
        kept=kept,
        edited=said.edited_ts is not None,
        missed=not kept and any(finding.suppressed is None for finding in reread.raised),
    )


async def from_store(house: House, known: KnownDeal, channel: str, ts: str) -> Why | None:
    """What was recorded of a message that cannot be read any more; None where nothing was."""
    async with house.store.reading() as s:
        stored = await looking_back.of_message(s, channel, ts, known.id)
    if not stored:
        return None
    first: StoredFinding = stored[0]
    day = local(house, known.deal, first.origin.said_at).date()
    return Why(
        customer=known.deal.customer,
        agreed=agreed_words(known.deal.agreed_on(day)),
        speaker=person.name if (person := known.deal.person(first.origin.speaker)) else first.origin.speaker,
        said_at=first.origin.said_at,
        side=first.finding.side,
        explanation=None,
        kept=await became(house, (known, stored)),
    )


def _quote(why: Why) -> str:
    kept: Kept = why.kept[0]
    return kept.finding.quote or "(the message is gone, and its words with it)"


def _mended(reason: NotRead) -> NotRead:
    if isinstance(reason, ShutChannel):
        return ShutChannel(f"{reason} What was said while I was not there I never heard, so nothing was raised.")
    return reason
