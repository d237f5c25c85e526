"""Mutes a scenario on a deal until a day, from an alert or from /deal-findings, and ends a mute early."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.scenarios import FINDINGS, title
from handlers.findings.pressed import finding_behind, pressed
from handlers.findings.snooze import MORNING
from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.modals import in_time, show
from handlers.telling import errands
from handlers.telling.dm import UNDO_WITHIN, zone_of
from handlers.typed import typed
from handlers.which import deal_behind, id_of
from store import deals, findings, mutes
from store.mutes import Mute
from store.records import KnownDeal
from templates.finding_list import MUTE_ON_DEAL
from templates.form import View
from templates.kit import Message
from templates.mute_form import CALLBACK, mute_form, muted
from templates.presses import MORE, MUTE, UNMUTE
from templates.said_back import mute_ended, mute_over
from templates.status import refusal
from templates.terms_form import shut, unanswered

PRESET = timedelta(weeks=2)
LONGEST = timedelta(days=366)
"""A mute that is meant for ever would be forgotten."""


def register(app: AsyncApp, house: House) -> None:
    """The menu of an alert, the button of /deal-findings, the form, and the button that ends a mute."""

    async def asks_for_it(action: dict[str, Any]) -> bool:
        asked = pressed(action)
        return asked is not None and asked.what == MUTE

    async def on_menu(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await _answer(respond, await in_time(house, open_form(house, body, action)))

    async def on_submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack(**await submitted(house, str(body["user"]["id"]), view))

    async def on_unmute(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await _answer(respond, await unmute(house, str(body["user"]["id"]), action))

    app.action(MORE, matchers=[asks_for_it])(on_menu)
    app.action(MUTE_ON_DEAL)(on_menu)
    app.view(CALLBACK)(on_submit)
    app.action(UNMUTE)(on_unmute)


async def open_form(house: House, body: Mapping[str, Any], action: Mapping[str, Any]) -> Message | None:
    """Open the form for the finding, or the deal, behind a press; what to answer where that cannot be."""
    user, asked = str(body["user"]["id"]), pressed(action)
    if action.get("action_id") == MUTE_ON_DEAL:
        known, scenario, kept = await deal_behind(house, user, action.get("value")), None, dict[str, int]()
    else:
        behind = await finding_behind(house, user, asked.number if asked else None)
        known, scenario = (behind[1], behind[0].finding.scenario) if behind else (None, None)
        kept = {"finding": behind[0].id} if behind else {}
    if known is None:
        return refusal()
    until = house.now().astimezone(ZoneInfo(zone_of(house, known.deal))).date() + PRESET
    await show(house, body.get("trigger_id"), mute_form(known.deal.customer, scenario, until, {"deal": known.id, **kept}))
    return None


async def submitted(house: House, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """What Slack is to do with the form: show what is wrong with the day, or say what was muted."""
    given = typed(view)
    try:
        known = await deal_behind(house, user, given.kept.get("deal"))
    except UNANSWERED:
        return {"response_action": "update", "view": unanswered()}
    scenario = given.text("scenario")
    if known is None or scenario not in FINDINGS:
        house.log.info("mute refused", user=user)
        return {"response_action": "update", "view": shut()}
    zone, now = ZoneInfo(zone_of(house, known.deal)), house.now()
    day = _day(given.text("until"), now.astimezone(zone).date())
    if isinstance(day, str):
        return {"response_action": "errors", "errors": given.errors({"until": day})}
    until = datetime.combine(day, MORNING, zone).astimezone(UTC)
    async with house.store.writing() as s:
        await deals.hold(s, known.id)
        made, before = await mutes.mute(s, known.id, scenario, until, by=user, now=now)
        await _show(house, s, known, id_of(given.kept.get("finding")), f"mute:{made.id}")
    house.wake.set()
    house.log.info("scenario muted", deal=known.id, scenario=scenario, user=user, mute=made.id)
    return {"response_action": "update", "view": _told(known, made, before, zone)}


async def unmute(house: House, user: str, action: Mapping[str, Any]) -> Message | None:
    """End a mute; undone within its minute, the one that it took the place of holds again. What to answer."""
    value, _, shown = str(action.get("value") or "").partition(":")
    number, now = id_of(value), house.now()
    async with house.store.reading() as s:
        mute = await mutes.get(s, number) if number is not None else None
    known = await deal_behind(house, user, mute.deal_id) if mute else None
    if mute is None or known is None:
        return refusal()
    async with house.store.writing() as s:
        await deals.hold(s, known.id)
        ended = await mutes.end(s, mute.id, by=user, now=now)
        if ended is not None and now - mute.at <= UNDO_WITHIN:
            await _restore(s, mute, now)
        await _show(house, s, known, id_of(shown), f"unmute:{mute.id}")
    house.wake.set()
    house.log.info("mute ended", deal=known.id, mute=mute.id, user=user, over=ended is None)
    if ended is None:
        return mute_over()
    return None if id_of(shown) is not None else mute_ended(title(mute.scenario), known.deal.customer)


async def _restore(s: AsyncSession, undone: Mute, now: datetime) -> None:
    before = [one for one in await mutes.of_deal(s, undone.deal_id) if one.scenario == undone.scenario and one.until > now]
    replaced = [one for one in before if one.ended_at == undone.at]
    for one in replaced[-1:]:
        await mutes.mute(s, one.deal_id, one.scenario, one.until, by=one.by, now=now)


async def _show(house: House, s: AsyncSession, known: KnownDeal, finding_id: int | None, mark: str) -> None:
    stored = await findings.get(s, finding_id) if finding_id is not None else None
    if stored is not None and stored.deal_id == known.id:
        await errands.show_anew(s, stored, mark, house.now())


def _day(text: str, today: date) -> date | str:
    """The day typed, or one sentence on what is wrong with it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "is not a day of the calendar; choose one"
    if day <= today:
        return "A mute lasts until a day to come; choose tomorrow or later"
    return "A mute lasts a year at most; choose an earlier day" if day > today + LONGEST else day


def _told(known: KnownDeal, made: Mute, before: Mute | None, zone: ZoneInfo) -> View:
    return muted(known.deal.customer, made.scenario, made.until, zone, before.by if before else None)


async def _answer(respond: AsyncRespond, answer: Message | None) -> None:
    if answer is not None:
        await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)
