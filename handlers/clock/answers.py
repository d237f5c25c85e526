"""The buttons of the daily DM: what a person answers is entered once, and the DMs that tell of it change in place."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.due import DealDay
from bot.playbook.clock.history import EventKind, Happened, Mark, RungMark
from bot.playbook.clock.items import after_call
from bot.playbook.clock.milestones import Milestone
from bot.playbook.clock.performance import performance, story
from handlers.clock import daily
from handlers.clock.days import days_of, histories_of, shipped
from handlers.findings.deal_script import script_of
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.modals import in_time, show
from handlers.telling.dm import zone_of
from handlers.which import deal_behind
from store import clock
from store.records import KnownDeal
from templates.clock_forms import next_form, pickup_form, postpone_form
from templates.daily import DRAFT, MARK, NEXT, PICKED_UP, RAMPED, SATISFIED, SCRIPT, SHORT, TAKEN
from templates.draft_card import SENT, draft_card, sent_noted
from templates.draft_facts import Draft, DraftOccasion
from templates.drafts import TITLES, prepared
from templates.form import View
from templates.kit import Message, section
from templates.milestone_card import CALENDAR, calendar_help
from templates.status import refusal

_ANY = r"(?::\d+)?$"
"""Buttons of one message need different action ids: a number follows the name."""


EARLY = timedelta(days=30)
"""An NPS question sent no earlier than so before its day is the one that was to be asked then."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button is about: the deal, the item's key, what follows it, who pressed, and the customer's calendar day."""

    known: KnownDeal
    key: str
    more: str
    by: str
    today: date


Enter = Callable[[House, AsyncSession, Pressed], Awaitable[bool]]
"""Enters what a button says; False where it stood there already."""

Show = Callable[[House, Pressed], Awaitable[Message]]
"""Makes what a button shows to whoever pressed it, and to nobody else."""

Form = Callable[[House, Pressed], Awaitable[View | None]]
"""Makes the form that a button opens; None where it needs none."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a button does: it opens a form if there is one to open, else enters something, and shows something."""

    enter: Enter | None = None
    show: Show | None = None
    form: Form | None = None


def register(app: AsyncApp, house: House) -> None:
    """All buttons of the daily DM."""
    for name, does in BUTTONS.items():
        _listen(app, house, name, does)


def _listen(app: AsyncApp, house: House, name: str, does: Button) -> None:
    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        asked = await pressed(house, str(body["user"]["id"]), action)
        said = refusal() if asked is None else await in_time(house, _do(house, does, asked, body.get("trigger_id")))
        if said is not None:
            dressed = house.dress(said)
            await respond(text=dressed.text, blocks=dressed.blocks, response_type="ephemeral", replace_original=False)

    app.action(re.compile(re.escape(name) + _ANY))(on_press)


async def pressed(house: House, user: str, action: Mapping[str, Any]) -> Pressed | None:
    """What the button says, for somebody who may see its deal; None otherwise."""
    option = action.get("selected_option")
    value = str((option if isinstance(option, dict) else action).get("value") or "")
    what, about = value.split("|", 1) if value.startswith(("done|", "postpone|")) else ("", value)
    deal, key, more = (*about.split("|", 2), "", "")[:3]
    known = await deal_behind(house, user, deal)
    if known is None:
        house.log.info("press refused", user=user)
        return None
    return Pressed(known, key, what or more, user, today_of(house, known))


async def _do(house: House, does: Button, asked: Pressed, trigger: Any) -> Message | None:
    view = await does.form(house, asked) if does.form else None
    if view is not None:
        await show(house, trigger, view)
        return None
    if does.enter is not None:
        await entered(house, asked, does.enter)
    return await does.show(house, asked) if does.show else None


async def entered(house: House, asked: Pressed, enter: Enter) -> bool:
    """Enter something in one transaction with the changes of the DMs that tell of it; False where it stood there already."""
    now = house.now()
    async with house.store.writing() as s:
        new = await enter(house, s, asked)
        await daily.refresh(s, asked.known, now)
    house.log.info("clock answered", deal=asked.known.id, user=asked.by, new=new)
    house.wake.set()
    return new


def today_of(house: House, known: KnownDeal) -> date:
    """The day of the customer's calendar."""
    return house.now().astimezone(ZoneInfo(zone_of(house, known.deal))).date()


async def day_of(house: House, s: AsyncSession, known: KnownDeal) -> DealDay:
    """The day of one deal."""
    return (await days_of(house, s, [known], house.now()))[known.id]


def milestone(day: DealDay, key: str) -> Milestone | None:
    """The milestone with this key."""
    return next((one for one in day.line if one.key == key), None)


def kept(asked: Pressed) -> dict[str, Any]:
    """What a form carries of the button that opened it."""
    return {"deal": asked.known.id, "key": asked.key[:500]}


def _event(kind: EventKind) -> Enter:
    async def enter(house: House, s: AsyncSession, asked: Pressed) -> bool:
        who = asked.known.deal.person(asked.by)
        event = Happened(kind, asked.today, f"{who.name} said so" if who else "")
        return await clock.happened(s, asked.known.id, event, f"answer:{kind}:{asked.today}", by=asked.by, now=house.now())

    return enter


async def _taken(house: House, s: AsyncSession, asked: Pressed) -> bool:
    rung = max(1, (await day_of(house, s, asked.known)).ramping.rung)
    return await clock.rung(s, asked.known.id, RungMark("acknowledged", asked.today, rung, asked.by), house.now())


async def _done(house: House, s: AsyncSession, asked: Pressed) -> bool:
    return await clock.mark(s, asked.known.id, Mark(asked.key, "done", asked.today, "", asked.by), house.now())


async def _postpone(house: House, asked: Pressed) -> View | None:
    if asked.more != "postpone":
        return None
    async with house.store.reading() as s:
        one = milestone(await day_of(house, s, asked.known), asked.key)
    return postpone_form(asked.known.deal.customer, one.title if one else asked.key, kept(asked))


async def _script(house: House, asked: Pressed) -> Message:
    return await script_of(house, asked.known, asked.more, await scripts_for(house, asked.by))


async def _draft(house: House, asked: Pressed) -> Message:
    if asked.more not in TITLES:
        return Message(_NO_DRAFT, [section(_NO_DRAFT)])
    return await draft_of(house, asked.known, asked.more, by=asked.by, about=asked.key)


async def _sent(house: House, asked: Pressed) -> Message:
    """An email was sent: an event of today. Where sending it is the milestone itself, that is done."""
    name = next((one for one in TITLES if one == asked.more), None)
    if name is None:
        return Message(_NO_DRAFT, [section(_NO_DRAFT)])
    who = asked.known.deal.person(asked.by)
    event = Happened("email", asked.today, f"sent by {who.name}" if who else "email sent", about=name)

    async def enter(house: House, s: AsyncSession, asked: Pressed) -> bool:
        one = milestone(await day_of(house, s, asked.known), asked.key)
        new = await clock.happened(s, asked.known.id, event, f"email:{name}:{asked.today}", by=asked.by, now=house.now())
        if one is not None and one.kind == name == "nps" and one.due <= asked.today + EARLY:
            await clock.mark(s, asked.known.id, Mark(one.key, "done", asked.today, "", asked.by), house.now())
        return new

    return sent_noted(TITLES[name], new=await entered(house, asked, enter))


async def draft_of(house: House, known: KnownDeal, name: Draft, *, by: str, about: str = "") -> Message:
    """A draft as things stand now, signed by `by`; `about` is the key of the milestone that it invites to, or of the call it follows."""
    async with house.store.reading() as s:
        day = await day_of(house, s, known)
        history = (await histories_of(house, s, [known]))[known.id]
        actuals = (await shipped(s, [known], house.now())).get(known.id)
    sender, one = known.deal.person(by), milestone(day, about)
    figures, turns = performance(day, actuals), story(day, history)
    occasion = DraftOccasion(
        day, figures, turns, sender=sender.name if sender else None, about=one.due if one else None, call=_called(known, about)
    )
    made = await asyncio.to_thread(prepared, name, occasion, house.scripts)
    return draft_card(known.deal.customer, name, made, f"{known.id}|{about[:500]}")


def _called(known: KnownDeal, key: str) -> str | None:
    """What the call was about whose follow-up has this key."""
    return next((call.title for call in known.deal.calls if after_call(call) == key), None)


async def _calendar(_house: House, asked: Pressed) -> Message:
    return calendar_help(asked.known.deal.customer)


async def _next(_house: House, asked: Pressed) -> View:
    return next_form(asked.known.deal.customer, kept(asked))


async def _pickup(_house: House, asked: Pressed) -> View:
    return pickup_form(asked.known.deal.customer, asked.today, kept(asked))


_NO_DRAFT = "I know no such draft any more; that message is an old one."

BUTTONS: Mapping[str, Button] = {
    SCRIPT: Button(show=_script),
    DRAFT: Button(show=_draft),
    SENT: Button(show=_sent),
    CALENDAR: Button(show=_calendar),
    RAMPED: Button(enter=_event("ramped")),
    SHORT: Button(enter=_event("short")),
    SATISFIED: Button(enter=_event("performance")),
    TAKEN: Button(enter=_taken),
    MARK: Button(enter=_done, form=_postpone),
    NEXT: Button(form=_next),
    PICKED_UP: Button(form=_pickup),
}
"""Action id -> what the button does."""
