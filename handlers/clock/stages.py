"""A deal moves to another stage: its reps are told once what the stages so far leave open."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from slack_bolt.async_app import AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Stage
from bot.playbook.clock.checklists import left_open
from handlers.clock.lists import lists_now
from handlers.house import House
from handlers.people import may_receive, recipients
from store import deals, outbox
from store.records import Errand, KnownDeal
from templates.checklist import stage_message
from templates.kit import Message

WHAT = "stage"
"""What the errand of a warning is about."""

STAGES: tuple[Stage, ...] = get_args(Stage)


def register(_app: AsyncApp, house: House) -> None:
    """Say what a warning shows when it is sent."""

    async def say(errand: Errand) -> Message | None:
        return await message_of(house, errand)

    house.notices[WHAT] = say


async def announce(s: AsyncSession, before: Stage, known: KnownDeal, now: datetime, *, but: str = "") -> bool:
    """The deal has moved on from `before`: leave a warning for each of its reps but the one who moved it. Whether there is any."""
    if known.deal.coverage != "white-glove" or STAGES.index(known.deal.stage) <= STAGES.index(before):
        return False
    version, asked = await deals.terms_version(s, known.id), False
    for person in recipients(known.deal):
        if person != but:
            about = {"what": WHAT, "deal": known.id, "before": before, "after": known.deal.stage}
            asked |= await outbox.notify(s, f"stage:{known.id}:{version}:{person}", person, about, now)
    return asked


async def message_of(house: House, errand: Errand) -> Message | None:
    """What is left open as things stand now; None where nothing is, or the recipient may not know."""
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, int(errand.about["deal"]))
        if known is None or not await may_receive(house, known.deal, errand.recipient):
            return None
        lists = (await lists_now(house, s, [known]))[known.id]
    before, after = (next(stage for stage in STAGES if stage == errand.about[name]) for name in ("before", "after"))
    boxes = left_open(before, after, lists)
    return stage_message(known.id, known.deal.customer, after, boxes) if boxes else None
