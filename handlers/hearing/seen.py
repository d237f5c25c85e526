"""Up to where each channel has been handled, and which messages still wait for a second try."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice

from handlers.hearing.message import Change, just_before, micros

WAITING = 20_000
"""How many failed messages are kept for a second try; beyond that the channel's history is read again."""


class Seen:
    """Marks move forward only past messages that are done: a failed or unfinished one holds its channel's mark back."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._open: dict[str, dict[tuple[str, str, str], str]] = {}
        self._failed: dict[tuple[str, str, str], Change] = {}
        self.behind: set[str] = set()

    def begin(self, change: Change) -> None:
        """A message is being handled."""
        self._open.setdefault(change.said.channel, {})[change.key] = change.said.ts

    def done(self, change: Change, *, watched: bool) -> None:
        """A message is handled; only watched channels are marked."""
        self._close(change)
        channel, ts = change.said.channel, change.said.ts
        if watched and change.what != "deleted":
            before = self._latest.get(channel)
            if before is None or micros(ts) > micros(before):
                self._latest[channel] = ts

    def failed(self, change: Change) -> None:
        """A message could not be handled: keep it for another try."""
        self._failed.pop(change.key, None)
        if len(self._failed) < WAITING:
            # At the end: one message that fails again and again must not keep the others from their turn.
            self._failed[change.key] = change
        else:
            self.behind.add(change.said.channel)

    def again(self, limit: int = 200) -> list[Change]:
        """The failed messages whose turn it is: those that have waited longest."""
        return list(islice(self._failed.values(), limit))

    def marks(self, held: Callable[[str], bool]) -> dict[str, str]:
        """The marks that moved since the last writing, of channels that are not held: channel → ts."""
        moved = {}
        for channel, latest in self._latest.items():
            if held(channel):
                continue
            mark = min([latest, *(just_before(ts) for ts in self._open.get(channel, {}).values())], key=micros)
            if self._written.get(channel) != mark:
                moved[channel] = mark
        return moved

    def written(self, marks: Mapping[str, str]) -> None:
        """These marks are in the store."""
        self._written.update(marks)

    def move(self, old: str, new: str) -> None:
        """A channel has another id: what waits or is marked under the old one does so under the new."""
        for marks in (self._latest, self._written):
            if old in marks:
                mark = marks.pop(old)
                marks[new] = max(mark, marks.get(new, mark), key=micros)
        for change in [change for change in self._failed.values() if change.said.channel == old]:
            self._close(change)
            moved = replace(change, said=replace(change.said, channel=new))
            self.begin(moved)
            self.failed(moved)
        if old in self.behind:
            self.behind.discard(old)
            self.behind.add(new)

    def _close(self, change: Change) -> None:
        self._failed.pop(change.key, None)
        waiting = self._open.get(change.said.channel)
        if waiting is not None:
            waiting.pop(change.key, None)
            if not waiting:
                del self._open[change.said.channel]
