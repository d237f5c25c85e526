"""The buttons of a jump-in DM: whoever presses one is checked, the finding changes its state, and every DM about it changes in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import errands, learning, snooze
from handlers.asking import UNANSWERED
from handlers.house import House
from handlers.people import may_receive
from store import deals, findings, outbox
from store.records import FindingState, StoredFinding
from templates.blocks import NOT_AN_ISSUE, OPEN, SNOOZE, SNOOZE_FOR, USED, refusal

_STATES: dict[str, FindingState] = {USED: "used", NOT_AN_ISSUE: "not-an-issue", SNOOZE: "snoozed", SNOOZE_FOR: "snoozed"}
_OVER: frozenset[FindingState] = frozenset({"withdrawn", "resolved", "terms-changed"})


@dataclass(frozen=True, slots=True)
class Press:
    """What a press asks for: the finding's new state, by whom, and until when (UTC) for a snooze."""

    finding_id: int
    state: FindingState
    by: str
    until: datetime | None = None


def register(app: AsyncApp, house: House) -> None:
    """One listener for each button; a link button asks for an acknowledgement too."""

    async def on_press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        if not await press(house, str(body["user"]["id"]), action):
            refused = refusal()
            await respond(text=refused.text, blocks=refused.blocks, response_type="ephemeral", replace_original=False)

    async def on_open(ack: AsyncAck) -> None:
        await ack()

    for action_id in _STATES:
        app.action(action_id)(on_press)
    app.action(OPEN)(on_open)


async def press(house: House, user_id: str, action: dict[str, Any]) -> bool:
    """Do what the button says; False when this person may not, or there is no such finding (which looks the same to them)."""
    how_long, finding_id = _asked(action)
    async with house.store.reading() as s:
        stored = await findings.get(s, finding_id) if finding_id else None
        known = await deals.deal_by_id(s, stored.deal_id) if stored else None
    if stored is None or known is None or not await may_receive(house, known.deal, user_id):
        house.log.info("press refused", finding=finding_id, user=user_id)
        return False
    state = _STATES[str(action.get("action_id"))]
    until = await _until(house, user_id, how_long) if state == "snoozed" else None
    async with house.store.writing() as s:
        await _change(house, s, Press(stored.id, state, user_id, until))
    house.wake.set()
    return True


async def _change(house: House, s: AsyncSession, asked: Press) -> None:
    """A second click, or one on a finding that is over, changes nothing but brings an old DM up to date."""
    now = house.now()
    stored = await findings.get(s, asked.finding_id)
    if stored is None:
        return
    if stored.state not in _OVER and (stored.state, stored.until) != (asked.state, asked.until):
        stored = await findings.change(s, asked.finding_id, asked.state, by=asked.by, now=now, until=asked.until)
        house.log.info("finding changed", finding=asked.finding_id, state=asked.state, user=asked.by)
        await learning.decided(house, s, stored)
        if asked.until is not None:
            await _remind(s, stored, asked.until)
    await errands.update(s, stored, now)


async def _remind(s: AsyncSession, stored: StoredFinding, until: datetime) -> None:
    """Everybody who was told is told again when the snooze is over."""
    told = {errand.recipient for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"}
    for recipient in sorted(told):
        await outbox.enqueue(s, errands.reminder_key(stored.id, recipient, stored.version), "alert", stored.id, recipient, until)


async def _until(house: House, user_id: str, how_long: str) -> datetime:
    try:
        answer = await house.slack.users_info(user=user_id)
        zone = str((answer.get("user") or {}).get("tz") or "")
    except UNANSWERED:
        zone = ""
    return snooze.until(how_long, house.now(), snooze.zone_named(zone, house.timezone))


def _asked(action: dict[str, Any]) -> tuple[str, int | None]:
    """How long to snooze ("" for the usual), and the finding's id; None where the value is not one of ours."""
    value = str((action.get("selected_option") or action).get("value") or "")
    how_long, _, finding_id = value.rpartition(":")
    return how_long, int(finding_id) if finding_id.isascii() and finding_id.isdigit() and len(finding_id) < 18 else None
