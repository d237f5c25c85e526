"""The buttons of a jump-in DM: whoever presses one is checked, the finding changes its state, and every DM about it changes in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.findings import learning, snooze
from handlers.findings.pressed import Pressed, finding_behind, pressed
from handlers.hearing.asking import UNANSWERED
from handlers.hearing.ringing import changed
from handlers.home.preferences import free_for, preferences_now
from handlers.house import House
from handlers.telling import errands, escalation
from store import deals, findings, outbox
from store.records import FindingState, KnownDeal, StoredFinding
from templates.blocks import refusal
from templates.kit import Message
from templates.presses import BEHIND, ESCALATED, MORE, MUTE, NOT_AN_ISSUE, OPEN, REASON, REASONS, REOPEN, RESOLVED, SNOOZE, SNOOZES, USED
from templates.said_back import changed_meanwhile, nobody_leads, over

_STATES: dict[str, FindingState] = {USED: "used", NOT_AN_ISSUE: "not-an-issue", SNOOZE: "snoozed", REOPEN: "open"}
_CHOSEN: dict[str, FindingState] = {
    **dict.fromkeys(SNOOZES, "snoozed"),
    RESOLVED: "resolved",
    ESCALATED: "escalated",
    "used": "used",
    "not-an-issue": "not-an-issue",
    "open": "open",
}
_OVER: frozenset[FindingState] = frozenset({"withdrawn", "resolved", "terms-changed"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a press asks for: the finding's new state, by whom, until when (UTC) for a snooze, why it is no issue, and the state seen."""

    finding_id: int
    state: FindingState
    by: str
    until: datetime | None = None
    reason: str | None = None
    seen: str | None = None


def register(app: AsyncApp, house: House) -> None:
    """One listener for all that changes a finding's state; a link button asks for an acknowledgement too."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        answer = await press(house, str(body["user"]["id"]), action)
        if answer is not None:
            await respond(text=answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False)

    async def on_open(ack: AsyncAck) -> None:
        await ack()

    async def changes_state(action: dict[str, Any]) -> bool:
        asked = pressed(action)
        return asked is None or asked.what != MUTE

    for action_id in _STATES:
        app.action(action_id)(on_press)
    app.action(MORE, matchers=[changes_state])(on_press)
    app.action(re.compile(f"{REASON}-.*"))(on_press)
    app.action(re.compile(f"{BEHIND}-.*"))(on_press)
    app.action(OPEN)(on_open)


async def press(house: House, user_id: str, action: Mapping[str, Any]) -> Message | None:
    """Do what the button says; what to answer, where there is anything to say. Who may not learns nothing."""
    asked = pressed(action)
    state = _asked_state(str(action.get("action_id")), asked) if asked else None
    behind = await finding_behind(house, user_id, asked.number) if asked and state else None
    if asked is None or state is None or behind is None:
        return refusal()
    stored, known = behind
    until = await _until(house, user_id, asked.what) if state == "snoozed" else None
    reason = asked.what if asked.what in REASONS else None
    async with house.store.writing() as s:
        answer = await _decide(house, s, known, Wish(stored.id, state, user_id, until, reason, asked.seen))
    house.wake.set()
    return answer


def _asked_state(action_id: str, asked: Pressed) -> FindingState | None:
    if action_id.startswith(REASON):
        return "not-an-issue" if asked.what in REASONS else None
    return _STATES.get(action_id) or _CHOSEN.get(asked.what)


async def _decide(house: House, s: AsyncSession, known: KnownDeal, wish: Wish) -> Message | None:
    """A second click, or one on what is over or somebody else has decided, changes nothing but brings an old DM up to date."""
    await deals.hold(s, known.id)
    stored = await findings.get(s, wish.finding_id)
    if stored is None:
        return refusal()
    answer = _why_not(stored, wish)
    if answer is None and not _is_so(stored, wish):
        stored = await findings.change(s, wish.finding_id, wish.state, by=wish.by, now=house.now(), until=wish.until, reason=wish.reason)
        house.log.info("finding changed", finding=wish.finding_id, state=wish.state, user=wish.by)
        await learning.decided(house, s, stored)
        if wish.until is not None:
            await _remind(s, stored, wish.until)
        await changed(house, s, known, stored)
        if wish.state == "escalated" and not await escalation.ask(house, s, known, stored):
            return nobody_leads(known.deal.customer)
        return None
    await changed(house, s, known, stored)
    return answer


def _is_so(stored: StoredFinding, wish: Wish) -> bool:
    """Whether a finding is already as wished: somebody pressed twice, or two people the same."""
    return stored.state == wish.state and wish.state != "snoozed" and wish.reason in (None, stored.reason)


def _why_not(stored: StoredFinding, wish: Wish) -> Message | None:
    """What to say where a press cannot do what it says: it is over, or somebody else has decided since that was shown."""
    if _is_so(stored, wish):
        return None
    if stored.state in _OVER and not (stored.state == "resolved" and wish.state == "open"):
        return over(stored.state)
    if wish.seen in get_args(FindingState) and wish.seen != stored.state and stored.changed_by not in (None, wish.by):
        return changed_meanwhile(stored.state, stored.changed_by)
    return None


async def _remind(s: AsyncSession, stored: StoredFinding, until: datetime) -> None:
    """Everybody who was told is told again when the snooze is over; not those to whom it was only escalated."""
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errands.rang(errand)}
    for recipient in sorted(told):
        due = await free_for(s, recipient, until)
        await outbox.enqueue(s, errands.reminder_key(stored.id, recipient, stored.version), "alert", stored.id, recipient, due)


async def _until(house: House, user_id: str, how_long: str) -> datetime:
    try:
        answer = await house.slack.users_info(user=user_id)
        zone = str((answer.get("user") or {}).get("tz") or "")
    except UNANSWERED:
        zone = ""
    days = (await preferences_now(house, user_id)).business_days
    return snooze.until(how_long, house.now(), snooze.zone_named(zone, house.timezone), days)
