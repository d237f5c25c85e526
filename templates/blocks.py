"""The jump-in DM: headline, who and where, the quote, the script to copy, why it fired, and the buttons; and how it changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.deal import Deal
from bot.playbook.finding import Finding
from templates.kit import Block, Message, button, choices, copyable, header, lines, link, moment, quoted, section, struck, usable
from templates.quote import neutral
from templates.scripts import OURS, Scripts
from templates.status import Said, StatusView, refusal, status, status_help, unknown
from templates.words import headline

__all__ = ["AlertView", "Message", "Said", "StatusView", "alert", "neutral", "refusal", "status", "status_help", "unknown"]

OPEN, USED, NOT_AN_ISSUE, SNOOZE, SNOOZE_FOR = "jumpin-open", "jumpin-used", "jumpin-not-an-issue", "jumpin-snooze", "jumpin-snooze-for"
TERMS_CHANGED = "jumpin-terms-changed"
"""Action ids of the buttons. A button's value is the finding's id; a choice's is "<how long>:<finding's id>"."""

SNOOZES = {"hour": "Snooze 1 hour", "week": "Snooze until next week"}
"""Choices beside the Snooze button, which waits for the next business morning."""

State = Literal["open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed", "terms-changed", "escalated"]

_SIDES = {"customer": "customer", "implementation": "implementation team", "own": "our side", "unknown": "side unknown"}
_DONE: dict[str, str] = {
    "used": "✅ Used",
    "not-an-issue": "☑️ Not an issue, said",
    "snoozed": "💤 Snoozed",
    "resolved": "✅ Resolved",
    "terms-changed": "📝 Terms changed",
    "escalated": "📣 Escalated",
}


@dataclass(frozen=True, slots=True)
class AlertView:
    """All that the DM shows. Times are UTC-aware; `today` (the customer's calendar) is what dates in the script count from."""

    finding: Finding
    deal: Deal
    finding_id: int
    speaker_id: str
    speaker_name: str | None
    channel_id: str
    said_at: datetime
    permalink: str | None = None
    state: State = "open"
    count: int = 1
    changed_by: str | None = None
    changed_at: datetime | None = None
    until: datetime | None = None
    timezone: str = "America/New_York"
    today: date | None = None
    scripts: Scripts = OURS


def alert(view: AlertView) -> Message:
    """The DM as it should look now, by the finding's state."""
    head = headline(view.finding, view.deal)
    if view.state == "withdrawn":
        gone = "The message was deleted or edited; nothing to do."
        return Message(f"Withdrawn: {neutral(head)}\n{gone}", [struck(head), section(gone), lines(_where(view))])
    blocks = [header(head), lines(_where(view), *_again(view)), quoted(view.finding.quote)]
    if view.state != "not-an-issue":
        blocks += _scripts(view)
    blocks.append(lines(f"Why: {neutral(view.finding.why)}"))
    if view.state in _DONE:
        blocks.append(section(_done(view)))
    elements = _actions(view)
    if elements:
        blocks.append({"type": "actions", "block_id": f"finding-{view.finding_id}", "elements": elements})
    return Message(f"{neutral(head)}\n{_name(view)}: {neutral(view.finding.quote)}", blocks)


def _where(view: AlertView) -> str:
    """As "Dana Ortiz (customer) in #impl-acme, today at 9:16 · message"."""
    side = _SIDES[view.finding.side]
    place = f"<#{view.channel_id}>" if view.channel_id.isalnum() else neutral(view.channel_id, 80)
    said = f"*{_name(view)}* ({side}) in {place}, {moment(view.said_at, ZoneInfo(view.timezone))}"
    return f"{said} · {link(view.permalink, 'message')}" if usable(view.permalink) else said


def _again(view: AlertView) -> list[str]:
    return [f"Said {view.count} times"] if view.count > 1 else []


def _name(view: AlertView) -> str:
    name = neutral(view.speaker_name or "", 80)
    if name:
        return name
    return f"<@{view.speaker_id}>" if view.speaker_id.isalnum() else neutral(view.speaker_id, 80) or "Somebody"


def _scripts(view: AlertView) -> list[Block]:
    first = view.scripts.script(view.finding, view.deal, view.speaker_name, view.today)
    blocks = [lines("Jump in with:"), copyable(first)] if first else []
    then = view.scripts.next_step(view.finding, view.deal, view.speaker_name, view.today)
    if then:
        blocks += [lines("Once they confirm that:"), copyable(then)]
    return blocks


def _done(view: AlertView) -> str:
    """As "✅ Used by @Riley, today at 14:02"; a snooze says until when."""
    zone = ZoneInfo(view.timezone)
    line = _DONE[view.state]
    if view.changed_by and view.changed_by.isalnum():
        line += f" by <@{view.changed_by}>" if view.state != "not-an-issue" else f" <@{view.changed_by}>"
    elif view.state == "not-an-issue":
        line = "☑️ Not an issue"
    if view.state == "snoozed" and view.until:
        return f"{line} until {moment(view.until, zone)}"
    return f"{line}, {moment(view.changed_at, zone)}" if view.changed_at else line


def _actions(view: AlertView) -> list[Block]:
    value = str(view.finding_id)
    fresh = view.state in ("open", "suppressed")
    url = usable(view.permalink)
    elements = [button("Open thread", OPEN, value, url=url)] if url else []
    if fresh or view.state in ("not-an-issue", "snoozed"):
        elements.append(button("Used it", USED, value, **({"style": "primary"} if fresh else {})))
    if fresh or view.state in ("used", "snoozed"):
        elements.append(button("Not an issue", NOT_AN_ISSUE, value))
    if fresh or view.state in ("used", "snoozed"):
        elements.append(button("Terms have changed", TERMS_CHANGED, value))
    if fresh:
        elements.append(button("Snooze", SNOOZE, value))
        elements.append(choices(SNOOZE_FOR, {f"{how_long}:{value}": label for how_long, label in SNOOZES.items()}))
    return elements
