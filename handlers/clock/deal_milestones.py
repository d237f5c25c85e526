"""/deal-milestones: the time line of a deal, and milestones added in words or in a form; for the deal's own people only."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Own
from handlers.clock.answers import Pressed, day_of, entered, kept, pressed, today_of
from handlers.house import House
from handlers.modals import in_time, show
from handlers.which import deal_meant
from store import clock
from store.records import KnownDeal
from store.sources.own_milestone import own_milestone
from store.sources.values import Wrong
from templates.clock_forms import own_form
from templates.kit import Message
from templates.milestone_card import ADD, added, milestone_card, milestones_help, no_day
from templates.status import refusal
from templates.term_words import long_day

COMMAND = "/deal-milestones"
_HOW = "write what and then when, such as: add second pickup window review next Thursday"

_ADD = re.compile(r"\badd\b\s*:?\s*", re.IGNORECASE)


def register(app: AsyncApp, house: House) -> None:
    """The command, and the button that opens the form for a milestone of one's own."""

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        said = house.dress(await answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or "")))
        await ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    async def on_add(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        asked = await pressed(house, str(body["user"]["id"]), action)
        said = refusal() if asked is None else await in_time(house, _open(house, asked, body.get("trigger_id")))
        if said is not None:
            await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

    app.command(COMMAND)(on_command)
    app.action(ADD)(on_add)


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-milestones text` in a channel: "acme", or "acme add second pickup review next Thursday"."""
    asked = unescape(text).strip()
    if asked.casefold() in ("help", "?"):
        return milestones_help()
    customer, add, words = _ADD.split(asked, maxsplit=1)[0].strip(), bool(_ADD.search(asked)), ""
    if add:
        words = _ADD.split(asked, maxsplit=1)[1].strip()
    meant = await deal_meant(house, user_id, channel, customer)
    if not isinstance(meant, KnownDeal):
        return meant
    return await _add(house, meant, user_id, words) if add else await card(house, meant)


async def card(house: House, known: KnownDeal) -> Message:
    """The time line as it stands now."""
    async with house.store.reading() as s:
        answers = (await clock.surveys(s, [known.id])).get(known.id, [])
        return milestone_card(known.id, await day_of(house, s, known), answers)


async def _add(house: House, known: KnownDeal, user: str, words: str) -> Message:
    """A milestone in words: what, then when."""
    asked = Pressed(known, "", "", user, today_of(house, known))
    try:
        made = spoken(words, asked)
    except Wrong as reason:
        return no_day(str(reason))

    async def enter(house: House, s: Any, asked: Pressed) -> bool:
        return await clock.add_own(s, asked.known.id, made, by=user, now=house.now())

    new = await entered(house, asked, enter)
    asks_on = WorkingDays.of(known.deal).office.on_or_after(made.day)
    return added(known.deal.customer, made.title, made.day, asks_on, new=new)


def spoken(words: str, asked: Pressed) -> Own:
    """A milestone out of words such as "second pickup window review next Thursday". Raises Wrong, in one sentence."""
    if not words:
        raise Wrong(_HOW)
    title, day = own_milestone(words, asked.today)
    if day < asked.today:
        raise Wrong(f"{long_day(day)} has passed; name a day from today on")
    return Own("", title, day)


async def _open(house: House, asked: Pressed, trigger: Any) -> Message | None:
    await show(house, trigger, own_form(asked.known.deal.customer, kept(asked)))
    return None
