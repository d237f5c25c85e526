"""Volume files dropped in Slack: whoever dropped one is told what was understood, and nothing is kept before they press Import."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp

from handlers.files.door import WHAT as DROPPED
from handlers.files.dropped import Drop
from handlers.house import House
from handlers.volumes import importing
from handlers.volumes.offered import READING, Wish, being_read, choices, deals_seen_by, today_of
from handlers.volumes.progress import Watched, watched
from store import outbox
from store.records import Errand, KnownDeal
from store.sources.plain import NotReadable
from store.sources.volume_apart import read_apart
from store.sources.volume_file import NoColumns, VolumeFile
from store.sources.volume_rows import looks_like_table
from store.volume_owners import Owners, changes, owners
from templates.kit import Message
from templates.volume_card import (
    Offer,
    offer,
    unreadable,
)
from templates.volume_progress import Far, reading
from templates.volume_words import AccountView, OddView, Understood, changing

WAIT, WAITED_FOR = 0.1, 50
"""Seconds between looks, and looks, for a DM that is on its way."""


class VolumeFiles:
    """Takes tables."""

    def __init__(self, house: House) -> None:
        self._house = house

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether a file is a table."""
        return looks_like_table(head, name)

    async def take(self, drop: Drop) -> Message | None:
        """What was understood of it, for whoever dropped it; a table of something else in a channel is none of our business."""
        house = self._house

        async def standing() -> Errand | None:
            return await being_read(house, drop.file, drop.channel, leave_for=drop.by)

        async with watched(house, standing, lambda far: reading(drop.name, far)) as work:
            said = await self._looked_at(drop, work)
        shown = await _once_sent(house, drop.file, drop.channel)
        if said is None or shown is None or not (shown.channel and shown.ts):
            return said
        said = house.dress(said)
        await house.slack.chat_update(channel=shown.channel, ts=shown.ts, text=said.text, blocks=said.blocks)
        return None

    async def _looked_at(self, drop: Drop, work: Watched) -> Message | None:
        house = self._house
        try:
            file = await asyncio.to_thread(read_apart, drop.path, today_of(house), progress=lambda *far: work(Far(*far)))
        except NoColumns as reason:
            return unreadable(drop.name, str(reason)) if drop.in_dm else None
        except NotReadable as reason:
            return unreadable(drop.name, str(reason))
        theirs = await deals_seen_by(house, drop.by)
        known = drop.deal
        async with house.store.reading() as s:
            whose = await owners(s, file, known.id if known else None, [one.id for one in theirs])
            change = await changes(s, file, whose, known.id if known and whose.whole else None)
        house.log.info("volume file read", file=drop.file, user=drop.by, rows=file.rows, lines=len(file.lines))
        return _offer(drop, file, whose, theirs, changing([(one.day, one.before, one.after) for one in change]))


def register(app: AsyncApp, house: House) -> None:
    """The taker, the DM that shows how far a large file is read, and the import."""
    importing.register(app, house)
    house.notices[READING] = lambda errand: _still_read(house, errand)
    house.file_takers.append(VolumeFiles(house))


def _offer(drop: Drop, file: VolumeFile, whose: Owners, theirs: Sequence[KnownDeal], change: Sequence[str]) -> Message:
    known = drop.deal
    accounts = [
        AccountView(
            one.account.name,
            one.account.days,
            one.account.packages,
            known.deal.customer if known and whose.whole else one.customer,
            one.ignored,
        )
        for one in whose.accounts
    ]
    odd = [OddView(one.kind, one.count, one.row, one.text) for one in file.odd]
    columns = {str(role): name for role, name in file.columns.items()}
    days = len({line.day for line in file.lines})
    view = Understood(
        drop.name, file.kind == "labels", columns, file.rows, file.first, file.last, days, file.packages, accounts, odd, file.sheet
    )
    nameless = any(not one.account.name for one in whose.accounts)
    deal = known.id if known is not None and whose.whole else None
    wish = Wish(drop.file, drop.channel, deal)
    ready = deal is not None or not nameless
    why = None if ready or theirs else "It has no column of accounts, and you have no deal that these could be the volumes of."
    return offer(Offer(view, wish.packed() if ready else None, wish.packed(), choices(theirs, drop.name), why, change))


async def _still_read(house: House, errand: Errand) -> Message | None:
    """What the DM says before it is known how far the file is; nothing when it has been read meanwhile."""
    async with house.store.reading() as s:
        dropped = await outbox.with_key(s, f"{DROPPED}:{errand.about['channel']}:{errand.about['file']}")
    return reading(None, Far()) if dropped is not None and dropped.state in ("waiting", "sending") else None


async def _once_sent(house: House, file: str, channel: str) -> Errand | None:
    """The DM that shows how far a file was read, where one was sent; one that is on its way is waited for a while."""
    for _ in range(WAITED_FOR):
        there = await being_read(house, file, channel)
        if there is None or there.state not in ("waiting", "sending"):
            return there
        await asyncio.sleep(WAIT)
    return None
