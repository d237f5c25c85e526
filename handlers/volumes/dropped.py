"""Volume files dropped in Slack: whoever dropped one is told what was understood, and nothing is kept before they press Import."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.files.door import WHAT as DROPPED
from handlers.files.dropped import Drop
from handlers.files.fetch import Unfetched, facts_of, fetched
from handlers.house import House
from handlers.people import is_member, may_receive
from handlers.which import deal_behind, id_of
from store import deals, outbox, volume_accounts, volumes
from store.deals import customer_key
from store.records import Errand, KnownDeal
from store.sources.plain import NotReadable
from store.sources.volume_apart import read_apart
from store.sources.volume_file import NoColumns, VolumeFile
from store.sources.volume_rows import looks_like_table
from store.volume_owners import Owners, changes, owners
from store.volume_records import Came, Counts
from templates.kit import OPTIONS, Message
from templates.status import refusal
from templates.volume_card import (
    FOR,
    LEAVE,
    TAKE,
    WHOSE,
    Asked,
    Offer,
    gone,
    left,
    mapped,
    not_mapped,
    offer,
    on_its_way,
    taken,
    unreadable,
)
from templates.volume_words import AccountView, OddView, Understood, changing, counted

IMPORT = "volumes-import"
"""What the errand of an import is about: fetched again, read again and taken by the courier, so that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A file to import, by Slack's ids, and the deal that it is for (None: each account for its own)."""

    file: str
    channel: str
    deal: int | None = None

    def packed(self) -> str:
        """As a button carries it."""
        return json.dumps([self.file, self.channel, self.deal])

    @classmethod
    def of(cls, value: Any) -> Wish | None:
        """What a button carries; None for anything else."""
        try:
            file, channel, deal = json.loads(str(value)[:500])
        except (ValueError, TypeError):
            return None
        fits = isinstance(file, str) and isinstance(channel, str) and (deal is None or isinstance(deal, int))
        return cls(file, channel, deal) if fits and file.isalnum() and channel.isalnum() else None


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
        try:
            file = await asyncio.to_thread(read_apart, drop.path, _today(house))
        except NoColumns as reason:
            return unreadable(drop.name, str(reason)) if drop.in_dm else None
        except NotReadable as reason:
            return unreadable(drop.name, str(reason))
        theirs = await _theirs(house, drop.by)
        known = drop.deals[0] if len(drop.deals) == 1 else None
        async with house.store.reading() as s:
            whose = await owners(s, file, known.id if known else None, [one.id for one in theirs])
            change = await changes(s, file, whose, known.id if known and whose.whole else None)
        house.log.info("volume file read", file=drop.file, user=drop.by, rows=file.rows, lines=len(file.lines))
        return _offer(drop, file, whose, theirs, changing([(one.day, one.before, one.after) for one in change]))


def register(app: AsyncApp, house: House) -> None:
    """The taker, the buttons, and the courier's errand."""

    def on_press(work: Any) -> Any:
        async def listener(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            said, instead = await work(house, str(body["user"]["id"]), action)
            said = house.dress(said)
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=instead)

        return listener

    app.action(TAKE)(on_press(_press_take))
    app.action(FOR)(on_press(_press_for))
    app.action(LEAVE)(on_press(_press_leave))
    app.action(WHOSE)(on_press(_press_whose))
    house.notices[IMPORT] = lambda errand: _imported(house, errand)
    house.file_takers.append(VolumeFiles(house))


def _offer(drop: Drop, file: VolumeFile, whose: Owners, theirs: Sequence[KnownDeal], change: Sequence[str]) -> Message:
    known = drop.deals[0] if len(drop.deals) == 1 else None
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
    return offer(Offer(view, wish.packed() if ready else None, wish.packed(), _choices(theirs, drop.name), why, change))


async def _press_take(house: House, user: str, action: dict[str, Any]) -> tuple[Message, bool]:
    return await _wished(house, user, Wish.of(action.get("value")))


async def _press_for(house: House, user: str, action: dict[str, Any]) -> tuple[Message, bool]:
    """A deal was chosen: the file stands in the block's id."""
    wish = Wish.of(str(action.get("block_id") or "").removeprefix("volumes-"))
    deal = id_of((action.get("selected_option") or {}).get("value"))
    return await _wished(house, user, Wish(wish.file, wish.channel, deal) if wish and deal is not None else None)


async def _wished(house: House, user: str, wish: Wish | None) -> tuple[Message, bool]:
    if wish is None or not await _may(house, user, wish):
        house.log.info("press refused", user=user)
        return refusal(), False
    about = {"what": IMPORT, "file": wish.file, "channel": wish.channel, "deal": wish.deal}
    async with house.store.writing() as s:
        await outbox.notify(s, f"{IMPORT}:{wish.file}:{wish.deal}:{user}", user, about, house.now())
    house.wake.set()
    return on_its_way("the file"), True


async def _may(house: House, user: str, wish: Wish) -> bool:
    """Whether a file is this person's to import: they dropped it, and may see the deal that it is for."""
    if not await is_member(house, user) or (wish.deal is not None and await deal_behind(house, user, wish.deal) is None):
        return False
    async with house.store.reading() as s:
        dropped = await outbox.with_key(s, f"{DROPPED}:{wish.channel}:{wish.file}")
    return dropped is not None and dropped.recipient == user


async def _press_leave(house: House, user: str, _action: dict[str, Any]) -> tuple[Message, bool]:
    return (left(), True) if await is_member(house, user) else (refusal(), False)


async def _press_whose(house: House, user: str, action: dict[str, Any]) -> tuple[Message, bool]:
    """Somebody says whose an account is that waits."""
    known = await deal_behind(house, user, (action.get("selected_option") or {}).get("value"))
    mark = str(action.get("block_id") or "").partition("|")[2]
    if known is None:
        house.log.info("press refused", user=user)
        return refusal(), False
    async with house.store.writing() as s:
        account = next((one.account for one in await volume_accounts.waiting(s) if _mark(one.account) == mark), None)
        owner = (await volumes.owners_of(s, [customer_key(account)])) if account else {}
        if account is None or owner:
            return not_mapped(), False
        counts = await volume_accounts.map_account(s, account, known.id, by=user, now=house.now())
    house.log.info("account mapped", deal=known.id, user=user)
    return mapped(account, known.deal.customer, _became(counts)), False


async def _imported(house: House, errand: Errand) -> Message | None:
    """Fetch the file again, read it again and take it in, once; what to tell whoever asked for it."""
    wish = Wish(str(errand.about["file"]), str(errand.about["channel"]), errand.about.get("deal"))
    user = errand.recipient
    known = await deal_behind(house, user, wish.deal) if wish.deal is not None else None
    if wish.deal is not None and known is None:
        return None
    name = "the file"
    try:
        facts = await facts_of(house, wish.file, wish.channel)
        name = facts.name
        async with fetched(house, facts) as (path, _):
            file = await asyncio.to_thread(read_apart, path, _today(house))
    except Unfetched:
        return gone(name)
    except NotReadable as reason:
        return unreadable(name, str(reason))
    theirs = await _theirs(house, user)
    mine = [one.id for one in theirs]
    key = f"file:{wish.file}:{wish.deal}:{user}"
    made = await volumes.take(house.store, Came("file", name, user, house.now(), key), file.lines, known.id if known else None, among=mine)
    async with house.store.reading() as s:
        waiting = await volume_accounts.waiting(s, [one.name for one in file.accounts()]) if made.counts.waiting else []
        hidden = await volumes.owners_of(s, [customer_key(one.account) for one in waiting])
    asked = [Asked(_mark(one.account), one.account, one.days, one.packages) for one in waiting if customer_key(one.account) not in hidden]
    house.log.info("volume file taken", file=wish.file, user=user, new=made.counts.new, replaced=made.counts.replaced)
    return taken(name, _became(made.counts), asked, _choices(theirs, asked[0].account if asked else ""))


async def _theirs(house: House, user: str) -> list[KnownDeal]:
    """The deals that somebody may see."""
    async with house.store.reading() as s:
        found = await deals.deals_of_person(s, user)
    return [known for known in found if await may_receive(house, known.deal, user)]


def _choices(theirs: Sequence[KnownDeal], like: str) -> dict[str, str]:
    """Deals to choose from, the likeliest first where there are more than Slack shows."""
    wanted = customer_key(like)
    found = sorted(theirs, key=lambda one: one.deal.customer.casefold())
    if len(found) > OPTIONS:
        found = sorted(found, key=lambda one: -SequenceMatcher(None, wanted, customer_key(one.deal.customer)).ratio())[:OPTIONS]
    return {str(one.id): one.deal.customer for one in found}


def _became(counts: Counts) -> str:
    return counted(counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored)


def _mark(account: str) -> str:
    """Stands for an account in a message, whatever its length and letters."""
    return sha256(customer_key(account).encode("utf-8", "replace")).hexdigest()[:16]


def _today(house: House) -> date:
    return house.now().astimezone(ZoneInfo(house.timezone)).date()
