"""The buttons and menus of a finding: what may be pressed in each of its states, and what each press carries."""

from __future__ import annotations

from typing import Literal

from templates.kit import Block, button, choices, usable

OPEN, USED, NOT_AN_ISSUE, SNOOZE, MORE = "jumpin-open", "jumpin-used", "jumpin-not-an-issue", "jumpin-snooze", "jumpin-snooze-for"
TERMS_CHANGED, REOPEN, UNDO, UNMUTE = "jumpin-terms-changed", "jumpin-reopen", "jumpin-undo", "jumpin-unmute"
POST = "jumpin-post"
REASON, BEHIND = "jumpin-reason", "jumpin-behind"
"""Action ids. A button's value is "<finding's id>:<state shown>", so that a press on what others have changed is told from any other;
before it stands, where there is a choice, "<what>:". "Terms have changed", "Post for me" and "Open thread" carry the id alone,
Undo "<id>:<version>",
Unmute "<mute's id>:<finding's id>" (or the mute's id alone).
"""

State = Literal["open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed", "terms-changed", "escalated"]

SNOOZES = {"hour": "Snooze 1 hour", "week": "Snooze until next week"}
"""Choices beside the Snooze button, which waits for the next business morning."""

RESOLVED, ESCALATED, MUTE = "resolved", "escalated", "mute"
_MORE = {RESOLVED: "Resolved", ESCALATED: "Escalated to leadership", MUTE: "Mute this scenario here…"}

REASONS = {
    "wrong-figure": "Wrong figure read",
    "not-our-volume": "Not about our volume",
    "already-agreed": "Already agreed",
    "other": "Other",
}
"""Why something is no issue -> what the button says."""

_BEHIND_CHOICES = {"used": "Used it", "not-an-issue": "Not an issue", "open": "Open again"}
"""What may be decided on a finding that is shown beside another one."""


_LIVE = frozenset({"open", "used", "not-an-issue", "snoozed", "escalated"})


def presses(finding_id: int, state: State, permalink: str | None, *, may_post: bool = False) -> list[Block]:
    """The buttons of a finding in a state; `may_post`: also the one that posts the script."""
    value, number = f"{finding_id}:{state}", str(finding_id)
    fresh = state in ("open", "suppressed")
    live = fresh or state in ("used", "snoozed", "escalated")
    url = usable(permalink)
    elements = [button("Open thread", OPEN, number, url=url)] if url else []
    if fresh or state in ("not-an-issue", "snoozed", "escalated"):
        elements.append(button("Used it", USED, value, **({"style": "primary"} if fresh else {})))
    if may_post and (fresh or state in ("snoozed", "escalated")):
        elements.append(button("Post for me", POST, number))
    if live:
        elements.append(button("Not an issue", NOT_AN_ISSUE, value))
        elements.append(button("Terms have changed", TERMS_CHANGED, number))
    if fresh:
        elements.append(button("Snooze", SNOOZE, value))
    if state == "resolved":
        elements.append(button("Still open", REOPEN, value))
    if live or state == "not-an-issue":
        elements.append(choices(MORE, {f"{what}:{value}": label for what, label in _more(state).items()}))
    return elements


def _more(state: State) -> dict[str, str]:
    if state == "not-an-issue":
        return {MUTE: _MORE[MUTE]}
    more = {what: label for what, label in _MORE.items() if what != state}
    return SNOOZES | more if state in ("open", "suppressed") else more


def reasons(finding_id: int) -> list[Block]:
    """One button for each reason why something is no issue."""
    return [button(label, f"{REASON}-{why}", f"{why}:{finding_id}:not-an-issue") for why, label in REASONS.items()]


def undo(finding_id: int, version: int) -> Block:
    """The button that takes the last decision back."""
    return button("Undo", UNDO, f"{finding_id}:{version}")


def unmute(mute_id: int, finding_id: int | None, *, fresh: bool) -> Block:
    """The button that ends a mute."""
    return button("Undo the mute" if fresh else "End the mute", UNMUTE, f"{mute_id}:{finding_id}" if finding_id else str(mute_id))


def behind_choices(finding_id: int, state: State) -> Block | None:
    """The menu of a finding that is shown beside another one; None where nothing is left to decide."""
    return _menu(f"{BEHIND}-{finding_id}", finding_id, state, _BEHIND_CHOICES) if state in _LIVE else None


def listed_choices(action: str, finding_id: int, state: State) -> Block | None:
    """The menu of a finding in a list; None where nothing is left to decide."""
    if state == "resolved":
        return _menu(action, finding_id, state, {"open": "Still open"})
    more = {RESOLVED: _MORE[RESOLVED], ESCALATED: _MORE[ESCALATED]}
    return _menu(action, finding_id, state, _BEHIND_CHOICES | more) if state in _LIVE else None


def _menu(action: str, finding_id: int, state: State, options: dict[str, str]) -> Block:
    return choices(action, {f"{what}:{finding_id}:{state}": label for what, label in options.items() if what != state})
