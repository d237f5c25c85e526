"""One's own settings: the form opens from Home, and what is chosen in it counts from the next message on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from bot.playbook.preferences import SETTINGS, ZONE, Preferences, clock, free_at, preferences_of
from handlers.hearing.asking import UNANSWERED
from handlers.home.preferences import languages, preferences_now
from handlers.house import House
from handlers.modals import show
from handlers.people import is_member, user_of
from handlers.telling import together
from handlers.typed import Typed, typed
from store import outbox, preferences
from templates import preferences_form as form
from templates.form import View, notice
from templates.kit import Message
from templates.preferences_form import CALLBACK
from templates.terms_form import unanswered

__all__ = ["CALLBACK", "open_form", "read", "submitted"]

_WEEKDAYS = frozenset(map(str, range(7)))
_UNKNOWN = "is none of the choices; choose one from the list"


async def open_form(house: House, user_id: str, trigger: Any) -> Message | None:
    """Open the form with what is chosen now. Raises what Slack raises."""
    if not await is_member(house, user_id):
        house.log.info("settings refused", user=user_id)
        return None
    now = await preferences_now(house, user_id)
    await show(house, trigger, form.preferences_form(now, await asyncio.to_thread(languages, house.scripts)))
    return None


async def submitted(house: House, user_id: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show errors, refuse, or (empty) close it, since all is kept."""
    try:
        if not await is_member(house, user_id):
            house.log.info("settings refused", user=user_id)
            return {"response_action": "update", "view": _refused()}
        user = await user_of(house, user_id)
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    given = typed(view)
    chosen, wrong = read(given, await asyncio.to_thread(languages, house.scripts))
    if wrong:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    kept = {SETTINGS: chosen.plain(), ZONE: preferences_of({ZONE: user.zone}, house.timezone).zone}
    now = house.now()
    async with house.store.writing() as s:
        await preferences.choose(s, user_id, kept, now)
        free = now if chosen.urgent_wakes else free_at(preferences_of(kept), now)
        await outbox.put_off(s, user_id, free, now, notices=together.BEGINS)
    house.wake.set()
    house.log.info("settings changed", user=user_id)
    return {}


def read(given: Typed, codes: Collection[str]) -> tuple[Preferences, dict[str, str]]:
    """The preferences in a form, and what is wrong with it, by field."""
    wrong: dict[str, str] = {}

    def one_of(name: str, options: Collection[str]) -> str | None:
        text = given.text(name)
        if text not in options:
            wrong[name] = _UNKNOWN
        return None if text == form.USUAL else text

    settings = {
        "threshold": one_of("threshold", form.THRESHOLDS),
        "quiet": _quiet(given, wrong),
        "urgent_wakes": one_of("quiet.urgent", form.IN_QUIET) == form.WAKE,
        "business_days": _days(given, wrong),
        "days_off_quiet": one_of("days.off", form.DAYS_OFF) == form.QUIET,
        "digest_at": _clock(given, "digest", wrong),
        "language": one_of("language", [form.USUAL, *codes]),
        "tone": one_of("tone", form.TONES),
        "length": one_of("length", form.LENGTHS),
    }
    return preferences_of({SETTINGS: settings}), wrong


def _quiet(given: Typed, wrong: dict[str, str]) -> list[str] | None:
    if given.text("quiet.begins") == form.NONE:
        return None
    begins, ends = _clock(given, "quiet.begins", wrong), _clock(given, "quiet.ends", wrong)
    if begins and begins == ends:
        wrong["quiet.ends"] = "must differ from the beginning; choose another time, or no quiet hours"
    return [begins, ends]


def _clock(given: Typed, name: str, wrong: dict[str, str]) -> str:
    text = given.text(name)
    if clock(text) is None:
        wrong[name] = _UNKNOWN
    return text


def _days(given: Typed, wrong: dict[str, str]) -> list[int]:
    ticked = given.chosen.get("days", ())
    days = [int(day) for day in ticked if day in _WEEKDAYS]
    if not days or len(days) < len(ticked):
        wrong["days"] = "needs at least one day of the week"
    return days


def _refused() -> View:
    return notice("Jump-In", "Sorry, that is open only to full members of our own workspace.")
