"""A message that somebody points at by a shortcut: who may, which deals are theirs, and a modal that stands while it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncRespond

from handlers.hearing.asking import UNANSWERED
from handlers.hearing.message import Said, from_history
from handlers.hearing.reread import NotRead, with_words
from handlers.house import House
from handlers.modals import in_time, show
from handlers.people import may_receive
from store import deals
from store.records import KnownDeal
from templates.form import View, notice
from templates.kit import Message
from templates.status import refusal
from templates.terms_form import unanswered

READ_WITHIN = 20.0
"""Seconds for reading a message again; the modal stands meanwhile and says so."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """By whom, at which message; `message` is what Slack tells of it, `trigger` opens a modal for three seconds."""

    user: str
    channel: str
    ts: str
    thread: str | None = None
    message: Mapping[str, Any] = field(default_factory=dict)
    trigger: str = ""

    def said(self) -> Said:
        """The message as the shortcut brought it, for a channel that we cannot read. Raises NotRead."""
        change = from_history(self.channel, self.message)
        if change is None:
            raise NotRead("That is a notice about the channel, not something that somebody said.")
        return with_words(change.said)


def pointed(body: Mapping[str, Any]) -> Pointed:
    """Out of the shortcut's payload; ts "" where it tells none."""
    message = body.get("message") or {}
    ts = str(message.get("ts") or body.get("message_ts") or "")
    thread = message.get("thread_ts")
    return Pointed(
        user=str(body["user"]["id"]),
        channel=str((body.get("channel") or {}).get("id") or ""),
        ts=ts,
        thread=str(thread) if thread and thread != ts else None,
        message=message,
        trigger=str(body.get("trigger_id") or ""),
    )


async def deals_of(house: House, user_id: str) -> list[KnownDeal]:
    """The deals that this person may see, by customer; none for whoever is no full member of our own team."""
    async with house.store.reading() as s:
        theirs = await deals.deals_of_person(s, user_id)
    return theirs if theirs and await may_receive(house, theirs[0].deal, user_id) else []


async def shown(
    house: House, at: Pointed, respond: AsyncRespond, read: Callable[[list[KnownDeal]], Awaitable[View]], waiting: View
) -> None:
    """Check who asks, open `waiting` while the trigger lives, and put what `read` makes of it, with their deals, in its place."""
    opened: list[str] = []

    async def begin() -> Message | None:
        theirs.extend(await deals_of(house, at.user))
        if not theirs:
            house.log.info("shortcut refused", user=at.user)
            return refusal()
        opened.append(await show(house, at.trigger, waiting))
        return None

    theirs: list[KnownDeal] = []
    answer = await in_time(house, begin())
    if answer is not None:
        answer = house.dress(answer)
        await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)
        return
    await put(house, opened[0], await made(house, read(theirs)))


async def made(house: House, work: Awaitable[View]) -> View:
    """What the work comes to, else a modal that says in words why it came to nothing."""
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await work
    except NotRead as reason:
        return notice("Jump-In", str(reason))
    except UNANSWERED as silence:
        house.log.warning("not read again", error=type(silence).__name__)
        return unanswered()
    except Exception as failed:
        house.log.warning("not read again", exc_info=failed)
        return notice("Jump-In", "Something went wrong here; it is in the log. Please try again.")


async def put(house: House, view_id: str, view: View) -> None:
    """Put another view in the place of one that stands; one that was closed meanwhile is left closed."""
    try:
        await house.slack.views_update(view_id=view_id, view=view)
    except UNANSWERED as gone:
        house.log.info("modal is gone", error=type(gone).__name__)
