"""/deal-new and the shortcut "New deal": the form opens in time, tells what it converts and what is unusual, and saves once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.terms import agreeing
from handlers.deals import taken
from handlers.deals.beside import carried_on
from handlers.deals.deal_draft import finished, people_of, put_people, read_draft
from handlers.deals.pasted import pasted
from handlers.deals.whose import forget, settle
from handlers.hearing.asking import UNANSWERED
from handlers.house import House, User
from handlers.modals import in_time, show
from handlers.people import is_member, user_of
from handlers.typed import Typed, typed
from handlers.which import id_of
from store import deals
from store.columns import terms_json
from store.records import KnownDeal
from templates.form import View
from templates.kit import Message, section
from templates.new_form import CALLBACK, FILL, NAME_TAKEN, SHORTCUT, NewForm, members_only, new_form, saved
from templates.terms_form import unanswered

COMMAND = "/deal-new"
_WITHIN = 1.5
"""Seconds for Slack to tell who the people are; whoever it does not tell of in time is checked again before anything is sent to them."""


def register(app: AsyncApp, house: House) -> None:
    """The command, the shortcut, the button that fills the form, and the submission."""

    async def on_command(ack: AsyncAck, body: dict[str, Any], command: dict[str, Any]) -> None:
        answer = await in_time(house, open_form(house, str(command["user_id"]), body, str(command.get("channel_id") or "")))
        if answer is None:
            await ack()
        else:
            await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        user = str(body["user"]["id"])
        answer = await in_time(house, open_form(house, user, body, ""))
        if answer is not None:
            # A shortcut has no place for an answer but a modal of its own, as long as the trigger lives.
            view = members_only() if await _shut(house, user) else unanswered()
            await in_time(house, _shown(house, body, view))

    async def on_fill(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await in_time(house, fill(house, body))

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    app.command(COMMAND)(on_command)
    app.shortcut(SHORTCUT)(on_shortcut)
    app.action(FILL)(on_fill)
    app.view(CALLBACK)(on_submit)
    taken.register(house)


async def open_form(house: House, user_id: str, body: Mapping[str, Any], channel: str) -> Message | None:
    """Open the form; what to answer where this person may not make deals."""
    if not await is_member(house, user_id):
        house.log.info("new deal refused", user=user_id)
        return _told("Sorry, deals are made by full members of our own workspace.")
    here = [channel] if channel[:1] in ("C", "G") else []
    await show(house, body.get("trigger_id"), new_form(NewForm(chosen={"people.rep": [user_id], "channels": here})))
    return None


async def fill(house: House, body: Mapping[str, Any]) -> Message | None:
    """Fill the form from the deal file pasted into it."""
    user_id, view = str(body["user"]["id"]), body.get("view") or {}
    given = typed(view)
    if not await is_member(house, user_id):
        made = members_only()
    else:
        number = _number(given) + 1
        record = id_of(given.kept.get("record"))
        form = replace(pasted(given.text("paste"), number), record=record) if given.text("paste") else _as_typed(given, number)
        known = await _people(house, [one for ids in form.chosen.values() for one in ids if one[:1] in "UW"])
        chosen = {
            name: [one for one in ids if not name.startswith("people.") or _is_there(known.get(one))] for name, ids in form.chosen.items()
        }
        made = new_form(replace(form, chosen=chosen))
    await house.slack.views_update(view_id=str(view.get("id")), hash=str(view.get("hash") or ""), view=made)
    return None


async def submitted(house: House, user_id: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show errors, show it again with what is to be confirmed, or say that it is saved."""
    given = typed(view)
    try:
        if not await is_member(house, user_id):
            house.log.info("new deal refused", user=user_id)
            return {"response_action": "update", "view": members_only()}
        users = await _people(house, people_of(given))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    draft = read_draft(given, house.now().astimezone(ZoneInfo(house.timezone)).date())
    put_people(house, given, draft, users)
    deal = finished(draft)
    if deal is None:
        return {"response_action": "errors", "errors": given.errors(draft.wrong)}
    notes = [*draft.notes, *agreeing(deal)]
    seen = sha256("\n".join([terms_json(deal), *notes]).encode()).hexdigest()[:16] if notes else ""
    if seen != given.kept.get("seen", ""):
        form = replace(_as_typed(given, _number(given) + 1), notes=notes, seen=seen)
        return {"response_action": "update", "view": new_form(form)}
    return await _save(house, user_id, given, deal)


async def _save(house: House, user_id: str, given: Typed, deal: Deal) -> dict[str, Any]:
    """Save a deal of a name that is not taken; the same once more (a second click) is saved already."""
    async with house.store.writing() as s:
        there = await deals.deal_named(s, deal.customer)
        made = None if there else await deals.save_deal(s, deal, by=user_id, source="slack", now=house.now())
        if made is not None:
            await settle(house, s, deal.channels)
            await house.saved(s, given.kept.get("record"), made.id, user_id)
        refused = there is not None and not await _is_the_same(s, there, deal, user_id)
        if there is not None and refused:
            await taken.tell(house, s, there, user_id)
    if refused:
        house.wake.set()
        return {"response_action": "errors", "errors": given.errors({"customer": NAME_TAKEN})}
    if made is not None:
        for channel in deal.channels:
            forget(house, channel)
            house.backlog.add(channel)
        house.deals.clear()
        house.log.info("new deal", deal=made.id, user=user_id, people=len(deal.people), channels=len(deal.channels))
    return {"response_action": "update", "view": saved(deal, deal.channels)}


async def _is_the_same(s: AsyncSession, there: KnownDeal, deal: Deal, user_id: str) -> bool:
    """Whether this person made this very deal: anybody else is not to learn whose terms they have guessed."""
    return terms_json(there.deal) == terms_json(deal) and (await deals.history(s, there.id))[-1].by == user_id


def _as_typed(given: Typed, number: int) -> NewForm:
    return NewForm(
        given.texts, given.chosen, more=carried_on(given.kept.get("more")), number=number, record=id_of(given.kept.get("record"))
    )


def _number(given: Typed) -> int:
    number = given.kept.get("generation")
    return number if isinstance(number, int) and 0 <= number < 10**6 else 0


async def _people(house: House, ids: list[str]) -> dict[str, User]:
    """Those of them whom Slack tells of in time."""
    found: dict[str, User] = {}

    async def ask(user_id: str) -> None:
        try:
            found[user_id] = await user_of(house, user_id)
        except SlackApiError:
            return

    try:
        async with asyncio.timeout(_WITHIN):
            await asyncio.gather(*(ask(user_id) for user_id in ids))
    except UNANSWERED:
        house.log.warning("people not told in time", asked=len(ids), told=len(found))
    return found


def _is_there(user: User | None) -> bool:
    return user is not None and user.team_id is not None


async def _shut(house: House, user_id: str) -> bool:
    try:
        return not await is_member(house, user_id)
    except UNANSWERED:
        return False


async def _shown(house: House, body: Mapping[str, Any], view: View) -> None:
    await show(house, body.get("trigger_id"), view)


def _told(text: str) -> Message:
    return Message(text, [section(text)])
