"""The plain values that the store gives and takes; nobody outside this package sees a table row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.deal import Deal
from bot.playbook.finding import Finding

FindingState = Literal["open", "used", "not-an-issue", "snoozed", "withdrawn", "resolved", "suppressed", "terms-changed"]
ErrandKind = Literal["alert", "update"]
ErrandState = Literal["waiting", "sending", "sent", "failed"]


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
    """A finding as kept: `count` says how often it has been said, `until` when a snooze ends (UTC)."""

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


@dataclass(frozen=True, slots=True)
class Errand:
    """A message that the courier must deliver: a new DM (`alert`) or a change to one already sent (`update`).

    `key` is unique for ever; `channel`/`ts` say where the DM stands once sent; `tries` counts claims;
    `owner` holds it until the lease ends.
    """

    id: int
    key: str
    kind: ErrandKind
    finding_id: int
    recipient: str
    due_at: datetime
    state: ErrandState
    tries: int = 0
    owner: str | None = None
    channel: str | None = None
    ts: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A linked channel: its id, and the ts up to which its messages have been handled (None: never read)."""

    channel: str
    seen_ts: str | None = None
