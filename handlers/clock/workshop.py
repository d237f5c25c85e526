"""Plusses and deltas for the managers' workshop: a form that any full member of the team may open, kept once however often it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playbook.workshop import Note
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import is_member
from handlers.typed import typed
from store import workshop
from templates.kit import Message, section
from templates.terms_form import unanswered
from templates.weekly import NOTE
from templates.workshop import DELTAS, NOTED, PLUSSES, not_yours, note_form, noted

MOST, LONGEST = 20, 300
"""Notes of a field, and characters of one."""

_NOT_YOURS = Message("Sorry, that is open only to our own people.", [section("Sorry, that is open only to our own people.")])


def register(app: AsyncApp, house: House) -> None:
    """The button of the weekly message, and the form."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        said = await in_time(house, _open(house, str(body["user"]["id"]), body.get("trigger_id")))
        if said is not None:
            dressed = house.dress(said)
            await respond(text=dressed.text, blocks=dressed.blocks, response_type="ephemeral", replace_original=False)

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    app.action(NOTE)(on_press)
    app.view(NOTED)(on_submit)


async def _open(house: House, user: str, trigger: Any) -> Message | None:
    if not await is_member(house, user):
        house.log.info("workshop refused", user=user)
        return _NOT_YOURS
    await show(house, trigger, note_form({"once": secrets.token_hex(8)}))
    return None


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form."""
    given = typed(view)
    try:
        if not await is_member(house, user):
            house.log.info("workshop refused", user=user)
            return {"response_action": "update", "view": not_yours()}
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    zone = house.zones.get(user) or house.timezone
    today, wrong = house.now().astimezone(ZoneInfo(zone)).date(), dict[str, str]()
    notes = [
        *_read("plus", PLUSSES, given.text(PLUSSES), wrong, (today, user)),
        *_read("delta", DELTAS, given.text(DELTAS), wrong, (today, user)),
    ]
    if not notes and not wrong:
        wrong[PLUSSES] = "write a plus here, or a delta below"
    if wrong:
        return {"response_action": "errors", "errors": given.errors(wrong)}
    async with house.store.writing() as s:
        new = await workshop.note(s, notes, f"form:{str(given.kept.get('once') or '')[:64]}", house.now())
    house.log.info("workshop notes", user=user, count=new)
    return {"response_action": "update", "view": noted(len(notes))}


def _read(kind: Any, field: str, text: str, wrong: dict[str, str], by: tuple[date, str]) -> list[Note]:
    """A note for each line; bullets before it are no words."""
    lines = [line for raw in text.splitlines() if (line := " ".join(raw.split()).lstrip("•-*+ "))]
    if len(lines) > MOST:
        wrong[field] = f"holds {len(lines)} notes; write at most {MOST}"
    elif any(len(line) > LONGEST for line in lines):
        wrong[field] = f"holds a note of over {LONGEST} characters; say it shorter"
    return [Note(kind, line, *by) for line in lines]
