"""What Slack shows of the time before a message: of its thread with the parent, or of what was said outside threads."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.ears import KEPT
from handlers.hearing.message import Change, Said, from_history, micros

FIRST = "0.000000"
"""Before every message."""

GONE = "deleted"
"""The state of what is not shown and ought to be."""

THREAD = 11
"""How many replies of a thread are taken along with its parent."""


@dataclass(frozen=True, slots=True)
class Page:
    """Messages as they stand now, oldest first. What was said from `since` up to `until` (ts) and is not among them is gone.

    Without `since` nothing is known to be gone. `stands` is the state of the message itself by now, as in Change.key; None: not told.
    """

    changes: tuple[Change, ...]
    since: str | None = None
    until: str = FIRST
    stands: str | None = None

    @property
    def said(self) -> list[Said]:
        """The messages alone."""
        return [change.said for change in self.changes]

    def leaves_out(self, ts: str) -> bool:
        """Whether a message that is not on the page ought to be."""
        return self.since is not None and micros(self.since) <= micros(ts) < micros(self.until)


def channel_page(before: Said, messages: Sequence[dict[str, object]], most: int) -> Page:
    """The page of a channel's last messages up to one and with it, of which Slack shows `most` at most."""
    since = FIRST if len(messages) < most else min((str(one["ts"]) for one in messages if "ts" in one), key=micros, default=None)
    changes, stands = _changes(before, messages)
    return Page(changes, since, before.ts, GONE if stands is None else stands)


def thread_page(before: Said, messages: Sequence[dict[str, object]]) -> Page:
    """The page of a thread's parent and last replies up to one and with it, of the whole thread until then."""
    changes, stands = _changes(before, messages)
    replies = changes[1:][-THREAD:]
    since = FIRST if len(replies) == len(changes[1:]) else replies[0].said.ts
    return Page(changes[:1] + replies, since, before.ts, GONE if stands is None else stands)


class Shown:
    """All that Slack showed of a channel when its history was read, from which each message's page can be taken.

    `whole`: there is nothing before it.
    """

    def __init__(self, changes: Iterable[Change], *, whole: bool = False) -> None:
        self._whole = whole
        self._changes = sorted(changes, key=_when)
        self._times = [_when(change) for change in self._changes]

    def channel_before(self, said: Said) -> list[Said] | None:
        """The last messages before one, outside threads, oldest first; None where there may be more of them."""
        page = self.before(replace(said, thread_ts=None))
        return page.said if page is not None and (self._whole or len(page.changes) == KEPT) else None

    def before(self, said: Said) -> Page | None:
        """The page before a message; None where the message was not shown."""
        place = bisect_left(self._times, micros(said.ts))
        if place == len(self._times) or self._times[place] != micros(said.ts):
            return None
        thread, found = said.thread_ts, list[Change]()
        most = KEPT if thread is None else THREAD
        for change in reversed(self._changes[:place]):
            if thread is not None and change.said.ts == thread:
                found.append(change)
                break
            if change.said.thread_ts == thread and len(found) < most:
                found.append(change)
            elif thread is None and len(found) == most:
                break
        return Page(tuple(reversed(found)))


def _changes(before: Said, messages: Iterable[dict[str, object]]) -> tuple[tuple[Change, ...], str | None]:
    """What was said before a message, and how that stands."""
    changes = [change for change in map(partial(from_history, before.channel), messages) if change is not None]
    stands = next((one.key[2] for one in changes if one.said.ts == before.ts), None)
    return tuple(sorted((one for one in changes if _when(one) < micros(before.ts)), key=_when)), stands


def _when(change: Change) -> int:
    return micros(change.said.ts)
