"""Deals that other systems send to /hooks/deals, signed: taken into the deal book as a deal file is, each as a whole or not at all."""

from __future__ import annotations

import asyncio

from slack_bolt.async_app import AsyncApp

from bot.deal import Deal
from handlers.clock import stages
from handlers.house import Hook, House
from handlers.signed import Answer, Delivery
from store import deals
from store.sources.deals_file import parse_deals
from store.sources.plain import NotReadable, decode

NAME = "deals"
BY = "webhook"
"""Who enters what a hook brings."""


def register(_app: AsyncApp, house: House) -> None:
    """The hook."""

    async def on_delivery(delivery: Delivery) -> Answer:
        return await take(house, delivery)

    house.hooks[NAME] = Hook(on_delivery)


async def take(house: House, delivery: Delivery) -> Answer:
    """What is right is taken, what is wrong is told in one line each (422): sending all of it again changes nothing more."""
    kind = delivery.headers.get("content-type", "").partition(";")[0].strip()
    name = "deals.csv" if kind == "text/csv" else "deals.yml"
    try:
        found = await asyncio.to_thread(lambda: parse_deals(decode(delivery.body), name))
    except NotReadable as reason:
        return Answer(422, {"ok": False, "taken": [], "mistakes": [f"the body {reason}"]})
    taken: list[dict[str, str]] = []
    mistakes = [line for one in found for line in one.mistakes]
    for one in found:
        if one.deal is None:
            continue
        try:
            taken.append({"customer": one.deal.customer, "outcome": await _save(house, one.deal)})
        except deals.Disagreement as wrong:
            mistakes += [f"{one.deal.customer}: {line}" for line in wrong.lines]
    if taken:
        house.deals.clear()
        house.wake.set()
    house.log.info("deals delivered", taken=len(taken), refused=len(found) - len(taken))
    return Answer(422 if mistakes else 200, {"ok": not mistakes, "taken": taken, "mistakes": mistakes[:1000]})


async def _save(house: House, deal: Deal) -> str:
    """One deal; its reps are told what a move of its stage leaves open."""
    async with house.store.writing() as s:
        before = await deals.deal_named(s, deal.customer)
        if before is not None and not deal.calls:
            deal = deal.model_copy(update={"calls": before.deal.calls})  # noted in Slack since
        saved = await deals.save_deal(s, deal, by=BY, source=f"hooks/{NAME}", now=house.now())
        if before is not None and saved.outcome == "updated":
            after = await deals.deal_by_id(s, saved.id)
            assert after is not None
            await stages.announce(s, before.deal.stage, after, house.now())
        after_all = await deals.deals_by_id(s, [saved.id])
    channels = after_all[0].channels if saved.outcome == "new" else ()
    for channel in channels:
        house.rooms.forget(channel)
        house.backlog.add(channel)
    return saved.outcome
