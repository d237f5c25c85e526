"""Undo: for a minute the last decision on a finding can be taken back; the finding stands as before, and its history tells of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.findings.pressed import Pressed, finding_behind, pressed
from handlers.hearing.ringing import changed
from handlers.house import House
from handlers.telling.dm import is_fresh
from handlers.telling.posting import take_back
from store import deals, findings, life, posts
from store.posts import Posted
from store.records import KnownDeal
from templates.kit import Message
from templates.presses import UNDO
from templates.said_back import changed_meanwhile, too_late
from templates.status import refusal


def register(app: AsyncApp, house: House) -> None:
    """The button."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await undo(house, str(body["user"]["id"]), action)
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    app.action(UNDO)(on_press)


async def undo(house: House, user_id: str, action: Mapping[str, Any]) -> Message | None:
    """Take back the decision that the button stands under; what to answer where that cannot be."""
    asked = pressed(action)
    behind = await finding_behind(house, user_id, asked.number if asked else None)
    if asked is None or behind is None:
        return refusal()
    async with house.store.writing() as s:
        answer = await _undo(house, s, behind[1], asked, user_id)
    if isinstance(answer, Posted):
        answer = await take_back(house, answer, user_id)
    house.wake.set()
    return answer


async def _undo(house: House, s: AsyncSession, known: KnownDeal, asked: Pressed, user_id: str) -> Message | Posted | None:
    """What to answer; a script that was posted with the decision, and has to be taken out of its thread."""
    await deals.hold(s, known.id)
    stored = await findings.get(s, asked.number)
    steps = await findings.steps(s, asked.number)
    if stored is None or not steps:
        return refusal()
    if (steps[-1].by, steps[-1].reason) == (user_id, life.UNDONE):
        return None  # pressed twice
    if asked.seen != str(stored.version) or not await life.can_undo(s, stored.id):
        await changed(house, s, known, stored)
        return changed_meanwhile(stored.state, steps[-1].by)
    if not is_fresh(house, stored):
        return too_late(stored.state)
    before = await life.go_back(s, stored.id, by=user_id, reason=life.UNDONE, now=house.now())
    if before is not None:
        house.log.info("decision undone", finding=stored.id, state=before.state, user=user_id)
        await changed(house, s, known, before)
    posted = await posts.of_finding(s, stored.id)
    came_of_it = posted is not None and posted.state == "sent" and stored.state == "used" and stored.changed_at >= posted.at
    return posted if came_of_it else None
