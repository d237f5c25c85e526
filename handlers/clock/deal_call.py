"""/deal-call: the brief now, a call noted in the deal, and the follow-up that had better wait until the morning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.deal import Call, Deal
from bot.playbook.clock.calls import starts
from bot.playbook.clock.daily import Reader, next_hour
from handlers.calls import rooms
from handlers.clock import daily
from handlers.clock.answers import Pressed, draft_of, kept, pressed, today_of
from handlers.clock.briefs import BRIEF, brief_of
from handlers.clock.zones import zones_of
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import may_receive
from handlers.typed import Typed, typed
from handlers.which import deal_behind, deal_meant
from store import deals, outbox
from store.deals import Entry
from store.records import Errand, KnownDeal
from store.sources.values import Wrong, spoken_day, spoken_time
from templates.call_card import CALL, CALL_FORM, DAY, MEETING, TIME, TITLE, call_card, call_form, call_help, call_noted, draft_waits
from templates.draft_card import WAIT
from templates.drafts import TITLES
from templates.form import notice
from templates.kit import Message
from templates.status import refusal
from templates.terms_form import shut, unanswered

COMMAND = "/deal-call"

WHAT = "draft"
"""What the errand of a draft that waits for the morning is about."""

BACK, AHEAD = timedelta(days=7), timedelta(days=366)
"""How far back and ahead a call may be noted."""

SOON = timedelta(hours=18)
"""A call within so much time is the one that the brief is for."""

MOST_CALLS = 200
"""Calls kept in a deal; the oldest give way."""


def register(app: AsyncApp, house: House) -> None:
    """The command, its form, and the draft that waits."""

    async def on_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        said = house.dress(await answer_to(house, str(command["user_id"]), str(command["channel_id"]), str(command.get("text") or "")))
        await ack(text=said.text, blocks=said.blocks, response_type="ephemeral")

    def on_press(work: Any) -> Any:
        async def listener(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            asked = await pressed(house, str(body["user"]["id"]), action)
            said = refusal() if asked is None else await in_time(house, work(house, asked, body.get("trigger_id")))
            if said is not None:
                await respond(text=said.text, blocks=said.blocks, response_type="ephemeral", replace_original=False)

        return listener

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    async def say(errand: Errand) -> Message | None:
        return await message_of(house, errand)

    app.command(COMMAND)(on_command)
    app.action(CALL)(on_press(_open))
    app.action(re.compile(rf"{re.escape(WAIT)}(?::\d+)?$"))(on_press(_wait))
    app.view(CALL_FORM)(on_submit)
    house.notices[WHAT] = say


async def answer_to(house: House, user_id: str, channel: str, text: str) -> Message:
    """The answer to `/deal-call text` in a channel."""
    asked = unescape(text).strip()
    if asked.casefold() in ("help", "?"):
        return call_help()
    meant = await deal_meant(house, user_id, channel, asked)
    if not isinstance(meant, KnownDeal):
        return meant
    call = coming(meant.deal, house.now(), house.timezone)
    return call_card(meant.id, await brief_of(house, meant, call), call)


def coming(deal: Deal, now: datetime, zone: str) -> Call | None:
    """The call that comes next, if it comes soon; one that has just begun still counts."""
    times = sorted((starts(call, deal, zone), number) for number, call in enumerate(deal.calls))
    return next((deal.calls[number] for at, number in times if now - timedelta(minutes=30) <= at <= now + SOON), None)


async def _open(house: House, asked: Pressed, trigger: Any) -> Message | None:
    await show(house, trigger, call_form(asked.known.deal.customer, kept(asked), briefed=BRIEF not in house.habits.off))
    return None


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: say what was noted, what is wrong, or that it is not open to this person."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    if known is None:
        house.log.info("form refused", user=user)
        return {"response_action": "update", "view": shut()}
    asked = Pressed(known, "", "", user, today_of(house, known))
    wrong: dict[str, str] = {}
    call = _read(given, asked, wrong)
    if call is None:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    if not await rooms.tie(house, asked.known, given.text(MEETING), user):
        wrong[MEETING] = "this meeting is noted for a call that is not of this deal"
        return {"response_action": "errors", "errors": given.errors(wrong)}
    new = await _note(house, asked, call)
    briefed = starts(call, known.deal, house.timezone) > house.now() and BRIEF not in house.habits.off
    told = call_noted(known.deal.customer, call, briefed=briefed, new=new)
    return {"response_action": "update", "view": notice("Note a call", told)}


def _read(given: Typed, asked: Pressed, wrong: dict[str, str]) -> Call | None:
    title, at, day = " ".join(given.text(TITLE).split()), None, None
    if not 0 < len(title) <= 200:
        wrong[TITLE] = "write what it is about, with at most 200 characters"
    try:
        day = spoken_day(given.text(DAY), asked.today)
    except Wrong as reason:
        wrong[DAY] = str(reason)
    if day is not None and not asked.today - BACK <= day <= asked.today + AHEAD:
        wrong[DAY] = f"{day.isoformat()} is neither within the last week nor within the next year"
    try:
        hour, minute = spoken_time(given.text(TIME)).split(":")
        at = time(int(hour), int(minute))
    except Wrong as reason:
        wrong[TIME] = str(reason)
    return Call(at=datetime.combine(day, at), title=title) if day is not None and at is not None and not wrong else None


async def _note(house: House, asked: Pressed, call: Call) -> bool:
    """Add a call to the deal as it stands now; False where it is noted already."""
    now = house.now()

    def with_call(deal: Deal) -> Deal:
        calls = sorted({*deal.calls, call}, key=lambda one: (one.at, one.title))[-MOST_CALLS:]
        return deal if call in deal.calls else deal.model_copy(update={"calls": tuple(calls)})

    async with house.store.writing() as s:
        made = await deals.alter(s, asked.known.id, with_call, Entry(asked.by, "slack", now))
        await daily.refresh(s, asked.known, now)
    new = made is not None and made.after is not made.before
    house.deals.clear()
    house.wake.set()
    house.log.info("call noted", deal=asked.known.id, user=asked.by, new=new)
    return new


async def _wait(house: House, asked: Pressed, _trigger: Any) -> Message | None:
    """The draft comes on the next business morning, at the hour of the person's daily message."""
    name = next((one for one in TITLES if one == asked.more), None)
    if name is None:
        return refusal()
    now, deal = house.now(), asked.known.deal
    zone = (await zones_of(house, [asked.by])).get(asked.by, house.timezone)
    at = next_hour(Reader(asked.by, zone, deal.country, deal.state), now, house.habits)
    about = {"what": WHAT, "deal": asked.known.id, "draft": name, "key": asked.key}
    async with house.store.writing() as s:
        await outbox.notify(s, f"draft:{asked.known.id}:{name}:{asked.key}:{asked.by}:{at.astimezone(UTC):%Y-%m-%d}", asked.by, about, at)
    return draft_waits(TITLES[name], at.astimezone(ZoneInfo(zone)))


async def message_of(house: House, errand: Errand) -> Message | None:
    """The draft as things stand in the morning."""
    async with house.store.reading() as s:
        known = await deals.deal_by_id(s, int(errand.about["deal"]))
    name = next((one for one in TITLES if one == errand.about.get("draft")), None)
    if known is None or name is None or not await may_receive(house, known.deal, errand.recipient):
        return None
    return await draft_of(house, known, name, by=errand.recipient, about=str(errand.about.get("key") or ""))
