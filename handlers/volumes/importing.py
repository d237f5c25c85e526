"""Volumes of a dropped file are imported: the buttons under what was understood, and the work, which tells there how far it is."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.files.door import WHAT as DROPPED
from handlers.files.fetch import Unfetched, facts_of, fetched
from handlers.house import House
from handlers.people import is_member
from handlers.volumes.offered import Wish, being_read, choices, deals_seen_by, today_of
from handlers.volumes.progress import Watched, watched
from handlers.which import deal_behind, id_of
from store import outbox, volume_accounts, volumes
from store.deals import customer_key
from store.records import Errand, KnownDeal
from store.sources.plain import NotReadable
from store.sources.volume_apart import read_apart
from store.sources.volume_file import VolumeFile
from store.volume_records import Came, Counts
from templates.kit import Message
from templates.status import refusal
from templates.volume_card import FOR, LEAVE, TAKE, WHOSE, Asked, gone, left, mapped, not_mapped, taken, unreadable
from templates.volume_progress import Far, importing
from templates.volume_words import counted

IMPORT = "volumes-import"
"""What the errand of an import is about: fetched again, read again and taken by the courier, so that nobody waits for it."""


Answer = tuple[Message, bool] | None
"""What is said to a press, and whether it stands in the message's place; None: the message itself will show it."""


def register(app: AsyncApp, house: House) -> None:
    """The buttons, and the courier's errand."""

    def on_press(work: Any) -> Any:
        async def listener(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            answer = await work(house, str(body["user"]["id"]), action)
            if answer is not None:
                said = house.dress(answer[0])
                await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=answer[1])

        return listener

    app.action(TAKE)(on_press(_press_take))
    app.action(FOR)(on_press(_press_for))
    app.action(LEAVE)(on_press(_press_leave))
    app.action(WHOSE)(on_press(_press_whose))
    house.notices[IMPORT] = lambda errand: _imported(house, errand)


async def _press_take(house: House, user: str, action: dict[str, Any]) -> Answer:
    return await _wished(house, user, Wish.of(action.get("value")))


async def _press_for(house: House, user: str, action: dict[str, Any]) -> Answer:
    """A deal was chosen: the file stands in the block's id."""
    wish = Wish.of(str(action.get("block_id") or "").removeprefix("volumes-"))
    deal = id_of((action.get("selected_option") or {}).get("value"))
    return await _wished(house, user, Wish(wish.file, wish.channel, deal) if wish and deal is not None else None)


async def _wished(house: House, user: str, wish: Wish | None) -> Answer:
    """Leave the import for the courier, who shows in the message itself how it goes: whatever is said here might come after that."""
    offered = await _offered(house, user, wish) if wish is not None else None
    if wish is None or offered is None:
        house.log.info("press refused", user=user)
        return refusal(), False
    about = {"what": IMPORT, "file": wish.file, "channel": wish.channel, "deal": wish.deal, "of": offered.id}
    async with house.store.writing() as s:
        await outbox.notify(s, f"{IMPORT}:{wish.file}:{wish.deal}:{user}", user, about, house.now())
    house.wake.set()
    return None


async def _offered(house: House, user: str, wish: Wish) -> Errand | None:
    """The DM in which a file was offered; None where it is not this person's to import: they dropped it, and may see its deal."""
    if not await is_member(house, user) or (wish.deal is not None and await deal_behind(house, user, wish.deal) is None):
        return None
    async with house.store.reading() as s:
        dropped = await outbox.with_key(s, f"{DROPPED}:{wish.channel}:{wish.file}")
    if dropped is None or dropped.recipient != user:
        return None
    shown = await being_read(house, wish.file, wish.channel)
    return shown if shown is not None and shown.ts else dropped


async def _press_leave(house: House, user: str, action: dict[str, Any]) -> Answer:
    if not await is_member(house, user):
        return refusal(), False
    wish = Wish.of(action.get("value"))
    async with house.store.reading() as s:
        asked = await outbox.notices(s, f"{IMPORT}:{wish.file}:") if wish is not None else []
    return None if any(one.recipient == user for one in asked) else (left(), True)


async def _press_whose(house: House, user: str, action: dict[str, Any]) -> Answer:
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
    known = await deal_behind(house, errand.recipient, wish.deal) if wish.deal is not None else None
    if wish.deal is not None and known is None:
        return None
    name: str | None = None

    async def standing() -> Errand | None:
        async with house.store.reading() as s:
            return await outbox.get(s, int(errand.about.get("of", 0)))

    async with watched(house, standing, lambda far: importing(name, far), at_once=True) as work:
        try:
            facts = await facts_of(house, wish.file, wish.channel)
            name = facts.name
            async with fetched(house, facts) as (path, _):
                file = await asyncio.to_thread(read_apart, path, today_of(house), progress=lambda *far: work(Far(*far)))
        except Unfetched:
            return gone(name or "the file")
        except NotReadable as reason:
            return unreadable(name or "the file", str(reason))
        came = Came("file", name, errand.recipient, house.now(), f"file:{wish.file}:{wish.deal}:{errand.recipient}")
        return await _taken(house, came, known, file, work)


async def _taken(house: House, came: Came, known: KnownDeal | None, file: VolumeFile, work: Watched) -> Message:
    """Take a file in, all of it for one deal or (None) each account for its own; what became of it."""
    theirs = await deals_seen_by(house, came.by)
    names = [one.name for one in file.accounts()]
    ours, given = list[str](), Counts()
    if known is not None:
        async with house.store.writing() as s:
            ours, given = await volume_accounts.adopt(s, names, known.id, by=came.by, now=came.at)
    made = await volumes.take(
        house.store,
        came,
        file.lines,
        known.id if known is not None else None,
        among=[one.id for one in theirs],
        progress=lambda kept, of: work(Far(file.rows, 1.0, kept, of)),
    )
    async with house.store.reading() as s:
        waiting = await volume_accounts.waiting(s, names) if made.counts.waiting else []
        hidden = await volumes.owners_of(s, [customer_key(one.account) for one in waiting])
    asked = [Asked(_mark(one.account), one.account, one.days, one.packages) for one in waiting if customer_key(one.account) not in hidden]
    house.log.info("volume file taken", user=came.by, new=made.counts.new, replaced=made.counts.replaced)
    became = _became(made.counts + given)
    belongs = (ours, known.deal.customer) if ours and known is not None else None
    return taken(came.name, became, asked, choices(theirs, asked[0].account if asked else ""), belongs)


def _became(counts: Counts) -> str:
    return counted(counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored)


def _mark(account: str) -> str:
    """Stands for an account in a message, whatever its length and letters."""
    return sha256(customer_key(account).encode("utf-8", "replace")).hexdigest()[:16]
