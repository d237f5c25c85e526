"""A message on the table: where it stands, what of it the modal carries along, and its reading beside a deal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.by_hand import Entry, entry_of
from bot.playbook.finding import Finding
from handlers.findings.pointed import Pointed
from handlers.hearing.message import Said
from handlers.hearing.reread import Reread, ShutChannel, message_at, read_again
from handlers.house import House
from store import examples, looking_back, tellings
from store.records import KnownDeal
from store.sources.slack_text import plain_text
from templates import check
from templates.form import METADATA, View

_CARRIED = METADATA - 900
"""Characters of metadata that a message's own words may take; the rest is for what was heard."""


@dataclass(frozen=True, slots=True)
class Table:
    """What the modals carry: the message, which deal, the words as they were (hashed), what was heard and what is to be heard as it stands.

    `had`: whether an example stood already; `carried`: the message itself, of a channel that we cannot read.
    """

    channel: str
    ts: str
    thread: str | None = None
    deal: int = 0
    words: str = ""
    heard: tuple[Entry, ...] = ()
    now: tuple[Entry, ...] = ()
    had: bool = False
    generation: int = 0
    carried: Said | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        kept: dict[str, Any] = {"channel": self.channel, "ts": self.ts, "deal": self.deal, "words": self.words, "now": list(self.now)}
        kept |= {"had": self.had, "generation": self.generation}
        kept |= {"thread": self.thread} if self.thread else {}
        kept |= {"heard": list(self.heard)} if self.heard != self.now else {}
        return kept | ({"carried": _carried(self.carried)} if self.carried else {})


def table(kept: Mapping[str, Any]) -> Table | None:
    """Out of what a modal carried; None where it is not ours."""
    channel, ts, deal = kept.get("channel"), kept.get("ts"), kept.get("deal")
    if not isinstance(channel, str) or not isinstance(ts, str) or not isinstance(deal, int):
        return None
    now = _entries(kept.get("now"))
    number = kept.get("generation")
    thread, words = kept.get("thread"), kept.get("words")
    return Table(
        channel=channel,
        ts=ts,
        thread=thread if isinstance(thread, str) else None,
        deal=deal,
        words=words if isinstance(words, str) else "",
        heard=_entries(kept["heard"]) if "heard" in kept else now,
        now=now,
        had=kept.get("had") is True,
        generation=number if isinstance(number, int) and 0 <= number < 10**6 else 0,
        carried=_said(kept.get("carried"), channel, ts),
    )


def first_table(at: Pointed) -> Table:
    """Of a message that somebody points at. Raises NotRead where it has no words."""
    return Table(at.channel, at.ts, at.thread, carried=at.said())


async def look(house: House, on: Table) -> tuple[Said, bool]:
    """The message as it stands, and whether the channel can be read; one of a channel that cannot be is as it was brought.

    Raises NotRead, and what Slack raises.
    """
    try:
        return await message_at(house, on.channel, on.ts, on.thread), True
    except ShutChannel:
        if on.carried is None:
            raise
        return on.carried, False


def words_of(said: Said) -> str:
    """What tells a message's words from others, and tells nothing of them."""
    return sha256(plain_text(said.text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


async def checked(house: House, known: KnownDeal, on: Table, note: str = "") -> View:
    """The message read now against a deal. Raises NotRead, and what Slack raises."""
    said, readable = await look(house, on)
    reread = await read_again(house, known, said, asked=True, alone=not readable)
    text = plain_text(said.text)
    async with house.store.reading() as s:
        example = await examples.get(s, known.id, said.channel, said.ts)
        told = await _told(s, known, said, reread.raised)
    heard = tuple(map(entry_of, reread.findings))
    stands = example is not None and example.text == text
    now = example.expected if example is not None and stands else heard
    carried = None if readable else said
    there = Table(said.channel, said.ts, said.thread_ts, known.id, words_of(said), heard, now, example is not None, on.generation, carried)
    kept = there.plain()
    notes = [note, *_notes(reread, readable=readable)]
    if example is not None and stands:
        notes.append(f"ℹ️ <@{example.by}> corrected it: it reads {check.entries_words(now)}.")
    return check.result(
        check.Checked(
            kept if len(json.dumps(kept)) <= METADATA else {},
            known.deal.customer,
            text,
            reread.explanation,
            raised=() if stands and now != heard else reread.raised,
            entries=now,
            notes=[one for one in notes if one],
            told=told,
        )
    )


async def _told(s: AsyncSession, known: KnownDeal, said: Said, raised: Sequence[Finding]) -> frozenset[str]:
    """Who has a direct message about all that the message says; nobody where something in it is still to be told."""
    kept = [one for one in await looking_back.of_message(s, said.channel, said.ts, known.id) if one.state != "withdrawn"]
    people = await tellings.told_of(s, [one.id for one in kept])
    had = {(one.finding.scenario, one.finding.subject) for one in kept if one.id in people}
    if not raised or any((one.scenario, one.subject) not in had for one in raised):
        return frozenset()
    return frozenset().union(*people.values())


def _notes(reread: Reread, *, readable: bool) -> list[str]:
    notes = []
    if not readable:
        notes.append("ℹ️ I am not in this channel, so I read the message by itself, without what was said before.")
    if reread.side is None:
        notes.append("ℹ️ A bot wrote it that the deal does not list, so I take it for nobody's side.")
    if reread.known.deal.coverage == "standard" and reread.side != "own":
        notes.append("ℹ️ The deal is on standard coverage: I read this because you ask.")
    return notes


def _entries(plain: Any) -> tuple[Entry, ...]:
    listed: Sequence[Any] = plain if isinstance(plain, list) else []
    return tuple(dict(one) for one in listed if isinstance(one, dict) and isinstance(one.get("scenario"), str))


def _carried(said: Said) -> dict[str, str]:
    """The message's own words as far as there is room for them: Slack counts the characters of JSON."""
    room, text = _CARRIED, said.text[:_CARRIED]
    while len(json.dumps(text)) > room:
        text = text[: len(text) * room // len(json.dumps(text)) - 1]
    plain = {"text": text, "user": said.user, "bot": said.bot_id, "thread": said.thread_ts}
    return {name: value for name, value in plain.items() if value}


def _said(plain: Any, channel: str, ts: str) -> Said | None:
    if not isinstance(plain, dict) or not isinstance(plain.get("text"), str):
        return None
    user, bot, thread = (value if isinstance(value := plain.get(name), str) else None for name in ("user", "bot", "thread"))
    return Said(channel, ts, plain["text"], user, bot, thread)
