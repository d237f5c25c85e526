"""The small forms of the clock as they come back: a next milestone, a pickup, a postponement, a milestone of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Happened, Mark, Next, Own
from bot.playbook.clock.items import after_call
from handlers.clock.answers import Pressed, day_of, entered, milestone, today_of
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.typed import Typed, typed
from handlers.which import deal_behind
from store import clock
from store.sources.values import Wrong, spoken_day
from templates.clock_forms import DAY, NEXT_FORM, OWN_FORM, PICKUP_FORM, POSTPONE_FORM, REASON, WHAT
from templates.term_words import long_day
from templates.terms_form import shut, unanswered

LONGEST = 200
"""Characters of a milestone's title and of a reason."""

_OF_THE_RAMP = "ramp:"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in: a day, and words."""

    day: date
    words: str = ""


Enter = Callable[[House, AsyncSession, Pressed, Filled], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its field for words, whether its day lies ahead or behind, and how it is entered."""

    words: str | None
    ahead: bool
    enter: Enter


def register(app: AsyncApp, house: House) -> None:
    """All small forms."""
    for callback, form in FORMS.items():
        _listen(app, house, callback, form)


def _listen(app: AsyncApp, house: House, callback: str, form: Form) -> None:
    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view, form))

    app.view(callback)(on_submit)


async def submitted(house: House, user: str, view: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """What Slack is to do with a form: close it, show what is wrong, or say that it is not open to this person."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    if known is None:
        house.log.info("form refused", user=user)
        return {"response_action": "update", "view": shut()}
    asked = Pressed(known, str(given.kept.get("key") or ""), "", user, today_of(house, known))
    filled, wrong = _read(given, form, asked.today)
    if filled is None:
        return {"response_action": "errors", "errors": given.errors(wrong)}

    async def enter(house: House, s: AsyncSession, asked: Pressed) -> bool:
        return await form.enter(house, s, asked, filled)

    await entered(house, asked, enter)
    return {}


def _read(given: Typed, form: Form, today: date) -> tuple[Filled | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    words = " ".join(given.text(form.words).split()) if form.words else ""
    if form.words and not words:
        wrong[form.words] = "write a few words"
    elif len(words) > LONGEST:
        wrong[form.words or DAY] = f"is {len(words)} characters long; write at most {LONGEST}"
    try:
        day = spoken_day(given.text(DAY), today)
        _check(day, today, ahead=form.ahead)
    except Wrong as reason:
        return None, {**wrong, DAY: str(reason)}
    return (None, wrong) if wrong else (Filled(day, words), {})


def _check(day: date, today: date, *, ahead: bool) -> None:
    if ahead and day < today:
        raise Wrong(f"{long_day(day)} has passed; write a day from today on")
    if ahead and day > today + timedelta(days=366):
        raise Wrong(f"{long_day(day)} is more than a year away; write an earlier day")
    if not ahead and day > today:
        raise Wrong(f"{long_day(day)} has not come yet; write today or an earlier day")


async def _next(house: House, s: AsyncSession, asked: Pressed, filled: Filled) -> bool:
    """After an objection or a delay: its next milestone; after a call: a milestone of one's own."""
    if not asked.key.startswith(_OF_THE_RAMP):
        await _call_is_settled(house, s, asked)
        return await _own(house, s, asked, filled)
    now, deal = house.now(), asked.known.id
    delay = (asked.key.split(":", 4) + [""] * 5)[4]
    delay = delay or await clock.delay(s, deal, "not-ramping", asked.today, by=asked.by, now=now)
    await clock.agree_next(s, deal, delay, Next(filled.words, filled.day), by=asked.by, now=now)
    return True


async def _call_is_settled(house: House, s: AsyncSession, asked: Pressed) -> None:
    """A call has its next step: nobody is asked for it any more."""
    call = next((one for one in asked.known.deal.calls if after_call(one) == asked.key), None)
    if call is not None:
        event = Happened("call", call.at.date(), call.title, about=asked.key)
        await clock.happened(s, asked.known.id, event, f"call:{asked.key}", by=asked.by, now=house.now())


async def _pickup(house: House, s: AsyncSession, asked: Pressed, filled: Filled) -> bool:
    event = Happened("pickup", filled.day, "entered by hand")
    return await clock.happened(s, asked.known.id, event, f"pickup:{filled.day}", by=asked.by, now=house.now())


async def _postpone(house: House, s: AsyncSession, asked: Pressed, filled: Filled) -> bool:
    if milestone(await day_of(house, s, asked.known), asked.key) is None:
        return False
    return await clock.mark(s, asked.known.id, Mark(asked.key, "postponed", filled.day, filled.words, asked.by), house.now())


async def _own(house: House, s: AsyncSession, asked: Pressed, filled: Filled) -> bool:
    return await clock.add_own(s, asked.known.id, Own("", filled.words, filled.day), by=asked.by, now=house.now())


FORMS: Mapping[str, Form] = {
    NEXT_FORM: Form(WHAT, ahead=True, enter=_next),
    PICKUP_FORM: Form(None, ahead=False, enter=_pickup),
    POSTPONE_FORM: Form(REASON, ahead=True, enter=_postpone),
    OWN_FORM: Form(WHAT, ahead=True, enter=_own),
}
"""Callback id -> the form."""
