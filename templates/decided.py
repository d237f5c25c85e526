"""What became of a finding, in one line: who decided what, when, why, or which words settled it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playbook.deeds import MADE_UP
from templates.kit import moment
from templates.presses import REASONS, State

_DONE: dict[str, str] = {
    "used": "✅ Used",
    "not-an-issue": "☑️ Not an issue, said",
    "snoozed": "💤 Snoozed",
    "resolved": "✅ Resolved",
    "terms-changed": "📝 Terms changed",
    "escalated": "📣 Escalated to leadership",
}

_WORDS: dict[str, str] = {
    "open": "",
    "used": "✅ used",
    "not-an-issue": "☑️ not an issue",
    "snoozed": "💤 snoozed",
    "withdrawn": "withdrawn",
    "resolved": "✅ resolved",
    "suppressed": "🔕 muted",
    "terms-changed": "📝 terms changed",
    "escalated": "📣 escalated",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision: by whom (Slack id), when, until when (UTC), why, and the words that settled it, ready for mrkdwn.

    `waits`: it can still be undone.
    """

    by: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    reason: str | None = None
    words: str | None = None
    waits: bool = False


def state_words(state: State) -> str:
    """A state in a word or two, for lists; "" for what is open."""
    return _WORDS[state]


def decided(state: State, made: Settled, zone: ZoneInfo) -> str:
    """As "✅ Used by @Riley, today at 14:02"; a snooze says until when, no issue says why. "" where nothing was decided."""
    if state not in _DONE:
        return ""
    if state == "resolved" and made.words:
        return f"{_DONE[state]} by what came later: {made.words}"
    line = _DONE[state]
    if state == "resolved" and made.reason == MADE_UP:
        line += f": {MADE_UP}"
    if made.by and made.by.isalnum():
        line += f" <@{made.by}>" if state == "not-an-issue" else f" by <@{made.by}>"
    elif state == "not-an-issue":
        line = "☑️ Not an issue"
    if state == "snoozed" and made.until:
        return f"{line} until {moment(made.until, zone)}"
    line = f"{line}, {moment(made.at, zone)}" if made.at else line
    if state == "not-an-issue" and made.reason in REASONS:
        line += f" — {REASONS[made.reason].lower()}"
    if state == "escalated" and made.waits:
        line += ". They are told a minute later, unless it is undone."
    return line
