"""The plain values that the store gives and takes; nobody outside this package sees a table row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.deal import Deal
from bot.playbook.finding import Finding

FindingState = Literal["open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed", "terms-changed", "escalated"]
ErrandKind = Literal["alert", "update", "post", "notice"]
ErrandState = Literal["waiting", "sending", "sent", "failed"]
NoteKind = Literal["asked", "no-deal", "archived", "left", "gone", "moved"]
"""What is noted of a channel: somebody was asked whose it is; somebody said that it is no deal's; it was archived, we were removed from it,
Slack does not show it any more; it has another id now."""


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A stored deal: its row id, the terms in force, and the channel ids linked to it."""

    id: int
    deal: Deal
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """One line of a deal's history: the terms as they stood from `since` (UTC), who set them and from where."""

    deal: Deal
    since: datetime
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a finding was said: channel and ts of the message, its thread, who said it, when (UTC), and its permalink."""

    channel: str
    ts: str
    speaker: str
    said_at: datetime
    thread_ts: str | None = None
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding as kept: `count` says how often it has been said, `until` when a snooze ends (UTC).

    `reason` says why it is no issue, `link` which message settled it.
    """

    id: int
    deal_id: int
    finding: Finding
    origin: Origin
    state: FindingState
    raised_at: datetime
    changed_at: datetime
    count: int = 1
    changed_by: str | None = None
    until: datetime | None = None
    version: int = 1
    reason: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """A message that the courier must deliver: a DM about a finding (`alert`), a change of one already sent (`update`), a script that
    a person had posted for them (`post`), or any other DM (`notice`).

    `key` is unique for ever; `about` says of a notice what it is and holds ids only, of an alert that was told together with others
    "with", the id of the errand that tells them, and where traces are on "trace", the span that it was left in; `channel`/`ts` say
    where the message stands once sent; `tries` counts claims; `owner` holds it until the lease ends.
    """

    id: int
    key: str
    kind: ErrandKind
    finding_id: int | None
    recipient: str
    due_at: datetime
    state: ErrandState
    about: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0
    owner: str | None = None
    channel: str | None = None
    ts: str | None = None
    error: str | None = None
    first_due_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """When it was due the first time (UTC), `due_at` being the next try: before that it cannot have been sent."""
        return self.first_due_at or self.due_at


@dataclass(frozen=True, slots=True)
class Linked:
    """A channel's link to a deal: `by` made it in Slack at a time (UTC); None where the deal's terms list the channel."""

    deal_id: int
    by: str | None = None
    at: datetime | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something noted of a channel: `about` is who it comes from, or the id that a moved channel has now."""

    channel: str
    what: NoteKind
    about: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A linked channel: its id, and the ts up to which its messages have been handled (None: never read)."""

    channel: str
    seen_ts: str | None = None
