"""/deal-status: the deal card, for the deal's own people only, and seen by nobody else."""

from __future__ import annotations

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.playbook.clock.plan import planned
from bot.playbook.deeds import standing
from handlers.charts import volume_of
from handlers.clock.days import dated, shipped
from handlers.house import House
from handlers.links import Links
from handlers.telling.dm import zone_of
from handlers.which import deal_meant
from store import clock, findings
from store.clock_history import outline
from store.records import KnownDeal, StoredFinding
from templates.kit import Message
from templates.linking import with_link
from templates.status import MOST_OPEN, Said, StatusView, refusal, status, status_help

COMMAND = "/deal-status"


def register(app: AsyncApp, house: House) -> None:
    """The slash command."""
    links = Links(house.slack)

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        answer = house.dress(
            await answer_to(house, links, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or ""))
        )
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    app.command(COMMAND)(on_command)


async def answer_to(house: House, links: Links, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-status text` in a channel. Deals that the asker may not see do not exist for them."""
    if text.strip().casefold() in ("help", "?"):
        return status_help()
    meant = await deal_meant(house, user_id, channel, text)
    if isinstance(meant, KnownDeal):
        return await _card(house, links, meant)
    here = not text.strip() and channel[:1] in ("C", "G") and meant != refusal()
    return with_link(meant, channel) if here else meant


async def _card(house: House, links: Links, known: KnownDeal) -> Message:
    zone = zone_of(house, known.deal)
    today = house.now().astimezone(ZoneInfo(zone)).date()
    async with house.store.reading() as s:
        stated = await findings.latest_stated(s, known.id)
        waiting = await findings.open_findings(s, known.id)
        answers = (await clock.surveys(s, [known.id])).get(known.id, [])
        volume = await volume_of(house, s, known)
        history = await outline(s, known, house.timezone)
        actuals = (await shipped(s, [known], house.now())).get(known.id)

    async def said(stored: StoredFinding) -> Said:
        origin, person = stored.origin, known.deal.person(stored.origin.speaker)
        link = origin.permalink or await links.of(origin.channel, origin.ts)
        until = stored.until if stored.state == "snoozed" else None
        name, escalated = person.name if person else None, stored.state == "escalated"
        return Said(stored.finding, origin.speaker, name, origin.said_at, link, stored.count, until, escalated)

    shown = await asyncio.gather(*(said(stored) for stored in [*stated, *waiting[:MOST_OPEN]]))
    more = [Said(stored.finding, "", None, stored.origin.said_at) for stored in waiting[MOST_OPEN:]]
    plan = planned(known.deal, history, actuals, today)
    stands = standing(plan, actuals, history.stated, today)
    open_now, deal = [*shown[len(stated) :], *more], known.deal.on(today)
    return status(StatusView(deal, today, shown[: len(stated)], open_now, zone, answers, volume, stands, dated(deal, plan)))
