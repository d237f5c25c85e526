"""App Home: shown when it is opened, again after each press in it, and kept fresh for a while for those who have it open."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from bot.playbook.preferences import ONBOARDING
from handlers.deals import deal_new
from handlers.home import boxes, settings
from handlers.home.homes import Shown, digest
from handlers.home.preferences import preferences_now
from handlers.home.view import view_for
from handlers.house import House
from handlers.links import Links
from handlers.modals import in_time
from handlers.numbers import shortly
from handlers.people import is_member
from handlers.refused import code_of
from handlers.telling import example
from handlers.telling.outcome import FAILURES, Later, of_failure
from store import book, preferences
from templates import home as shown
from templates.form import View
from templates.home import ACTION, Where, deal_of, name_of, page_of, where_of, which_of
from templates.home_boxes import FOLD, TICK, UNFOLD

EVERY = 60.0
"""Seconds between two looks at what is new for those who have Home open."""

WITHIN = 2.5
"""Seconds in which Home must be shown: Slack wants its acknowledgement after three. What fails is shown by the next look."""


def register(app: AsyncApp, house: House) -> None:
    """The event, and whatever may be pressed in Home."""
    links = Links(house.slack)
    example.register(house)

    async def on_opened(event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            await opened(house, links, event)

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        await pressed(house, links, body, action)

    async def on_settings(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        user_id = str(body["user"]["id"])
        answer = await settings.submitted(house, user_id, view)
        await ack(**answer)
        if not answer:
            await show(house, links, user_id, _where(house, user_id))

    app.event("app_home_opened")(on_opened)
    app.action(re.compile(f"^{ACTION}"))(on_press)
    app.view(settings.CALLBACK)(on_settings)


async def opened(house: House, links: Links, event: Mapping[str, Any]) -> None:
    """Show Home to whoever has opened it: the tab and filter of last time, from the first page on."""
    user_id, view = str(event.get("user")), event.get("view")
    there = view if isinstance(view, dict) else {}
    before = where_of(there.get("private_metadata"))
    if await is_member(house, user_id):
        await preferences_now(house, user_id)  # whoever has travelled takes their quiet hours along
    await show(house, links, user_id, Where(before.tab, before.which), _hash(there))


async def pressed(house: House, links: Links, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
    """Do what was pressed, and show Home as it is then."""
    user_id, view = str(body["user"]["id"]), body.get("view")
    there = view if isinstance(view, dict) else {}
    what, where = str(action.get("action_id")), where_of(there.get("private_metadata"))
    if what == shown.SETTINGS:
        await in_time(house, settings.open_form(house, user_id, body.get("trigger_id")))
    elif what == shown.NEW:
        await in_time(house, deal_new.open_form(house, user_id, body, ""))
    else:
        if what in (shown.EXAMPLE, shown.HIDE):
            await _step(house, user_id, what)
        elif what == TICK:
            await boxes.ticked(house, user_id, there, action)
        await show(house, links, user_id, moved(where, what, action), _hash(there))


def moved(where: Where, what: str, action: Mapping[str, Any]) -> Where:
    """Where a press leads; a value that is not ours leads to the beginning."""
    option = action.get("selected_option")
    if what in (shown.MINE, shown.TEAM):
        return Where("mine" if what == shown.MINE else "team")
    if what in (shown.BACK, shown.ON):
        return replace(where, page=page_of(action.get("value")))
    if what in (UNFOLD, FOLD):
        return replace(where, unfolded=deal_of(action.get("value")) if what == UNFOLD else 0)
    if what == shown.FILTER:
        return replace(where, which=which_of(option.get("value") if isinstance(option, dict) else None), page=0)
    if what == shown.SEARCH:
        return replace(where, named=name_of(action.get("value")), page=0)
    return Where(where.tab) if what == shown.CLEAR else where


async def show(house: House, links: Links, user_id: str, where: Where, hash_before: str | None = None) -> None:
    """Publish Home. What cannot be shown now is shown by the next look; nobody waits for it."""
    try:
        async with asyncio.timeout(WITHIN):
            view, where, published = await _publish(house, links, user_id, where, hash_before)
    except FAILURES as failure:
        _not_shown(house, user_id, where, failure)
    else:
        house.homes.opened(user_id, Shown(where, digest(view), published))


async def keep_fresh(house: House) -> None:
    """Once a minute, for as long as the bot runs: show what is new to those who have Home open."""
    links = Links(house.slack)
    while True:
        await asyncio.sleep(EVERY)
        try:
            await refresh(house, links)
        except Exception as failed:
            house.log.warning("homes not refreshed", exc_info=failed)


async def refresh(house: House, links: Links) -> int:
    """Show Home anew to all who have it open and would see something else; how many those were."""
    there = house.homes.open()
    if not there:
        return 0
    async with house.store.reading() as s:
        stamp = (*await book.stamp(s), house.now().date())
    counted = await shortly.count(house, [user_id for user_id, seen in there if seen.where.tab == "team"])
    nothing_new = stamp == house.homes.stamp and not counted
    shown_anew = [await _again(house, links, user_id, seen) for user_id, seen in there if not (nothing_new and seen.digest)]
    house.homes.stamp = stamp
    return sum(shown_anew)


async def _again(house: House, links: Links, user_id: str, seen: Shown) -> bool:
    try:
        view, where = await view_for(house, links, user_id, seen.where)
        now = digest(view)
        if now == seen.digest or house.homes.shown(user_id) != seen:
            return False
        answer = await house.slack.views_publish(user_id=user_id, view=view, hash=seen.hash)
    except FAILURES as failure:
        _not_shown(house, user_id, seen.where, failure)  # of a conflict: another process, or a press, has shown something newer
        return False
    house.homes.refreshed(user_id, Shown(where, now, _hash(answer.get("view"))))
    return True


async def _publish(house: House, links: Links, user_id: str, where: Where, before: str | None) -> tuple[View, Where, str | None]:
    """What is shown now, and Slack's hash of it. Whoever pressed something sees what they asked for, also where Home has changed meanwhile.

    Then it is made anew: what had been read before may be older than what another press has shown.
    """
    view, where = await view_for(house, links, user_id, where)
    try:
        answer = await house.slack.views_publish(user_id=user_id, view=view, hash=before)
    except SlackApiError as refused:
        if before is None or code_of(refused) != "hash_conflict":
            raise
        view, where = await view_for(house, links, user_id, where)
        answer = await house.slack.views_publish(user_id=user_id, view=view)
    return view, where, _hash(answer.get("view"))


def _not_shown(house: House, user_id: str, where: Where, failure: Exception) -> None:
    outcome = of_failure(failure)
    house.log.warning("home not shown", user=user_id, error=outcome.error)
    if isinstance(outcome, Later) and not outcome.revoked:
        keep = house.homes.refreshed if house.homes.shown(user_id) else house.homes.opened
        keep(user_id, Shown(where))
    else:
        house.homes.closed(user_id)


async def _step(house: House, user_id: str, what: str) -> None:
    """One of the first steps: an example is sent, or the steps are hidden for good."""
    if not await is_member(house, user_id):
        return
    async with house.store.writing() as s:
        if what == shown.HIDE:
            await preferences.choose(s, user_id, {ONBOARDING: "over"}, house.now())
        else:
            await example.ask(s, user_id, house.now())
    house.wake.set()


def _where(house: House, user_id: str) -> Where:
    seen = house.homes.shown(user_id)
    return seen.where if seen else Where()


def _hash(view: Any) -> str | None:
    found = view.get("hash") if isinstance(view, dict) else None
    return found if isinstance(found, str) and found else None
