"""/deal-terms: the terms in force and their history, and the deal as a file; for the deal's own people only."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from handlers.house import House
from handlers.telling.dm import zone_of
from handlers.which import deal_behind, deal_meant
from store import deals
from store.records import KnownDeal
from store.sources.deal_file import export_known
from templates.kit import Message
from templates.ledger import EXPORT, Entered, TermsView, file_message, terms_card, terms_help
from templates.status import refusal

COMMAND = "/deal-terms"


def register(app: AsyncApp, house: House) -> None:
    """The slash command, and the button that gives the deal as a file."""

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        answer = house.dress(
            await answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or "")),
        )
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    async def on_export(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        known = await deal_behind(house, str(body["user"]["id"]), action.get("value"))
        answer = house.dress(file_message(known.deal.customer, export_known(known)) if known else refusal())
        await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    app.command(COMMAND)(on_command)
    app.action(EXPORT)(on_export)


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-terms text` in a channel."""
    if text.strip().casefold() in ("help", "?"):
        return terms_help()
    meant = await deal_meant(house, user_id, channel, text)
    return await card(house, meant) if isinstance(meant, KnownDeal) else meant


async def card(house: House, known: KnownDeal) -> Message:
    """A deal's terms as they stand now, with their history."""
    async with house.store.reading() as s:
        entered = [Entered(one.deal, one.by, one.source, one.since) for one in await deals.history(s, known.id)]
    zone = zone_of(house, known.deal)
    return terms_card(TermsView(known.deal, known.id, house.now().astimezone(ZoneInfo(zone)).date(), entered, zone))
