"""The channels whose history is to be read: each waits once, and holds its mark until it has been read."""

from __future__ import annotations

import asyncio
from collections import deque


class Backlog:
    """A queue of channels. While a gap is unread, or a channel is in here, how far it is handled must not be written."""

    def __init__(self) -> None:
        self._gap = asyncio.Event()
        self._gap_in_work = False
        self._waiting: deque[str] = deque()
        self._held: set[str] = set()
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.reading: set[str] = set()
        """Channels of which what was missed is being heard right now."""
        self.withheld: set[int] = set()
        """Deals (by number) of which something is held until another of their channels has been tried."""

    def missed_something(self) -> None:
        """Events may have been missed in any channel."""
        self._gap.set()
        self._idle.clear()

    async def gap(self) -> None:
        """Wait until something was missed; call gap_queued() when all channels have been added, or missed_something() to try again."""
        await self._gap.wait()
        self._gap.clear()
        self._gap_in_work = True

    def gap_queued(self) -> None:
        """All channels that the gap concerns are in the backlog."""
        self._gap_in_work = False
        self._settle()

    def add(self, channel: str) -> None:
        """Let a channel be read; once is enough while it waits."""
        self._held.add(channel)
        self._idle.clear()
        if channel not in self._waiting:
            self._waiting.append(channel)
            self._news.set()

    def __contains__(self, channel: str) -> bool:
        """Whether a channel is yet to be read."""
        return channel in self._held

    def move(self, old: str, new: str) -> None:
        """A channel has another id; it is read under that one."""
        if old in self._waiting:
            self._waiting.remove(old)
        self.add(new)
        self.done(old)

    async def next(self) -> str:
        """The channel whose turn it is; call done() or later() when it has been tried."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()

    def done(self, channel: str) -> None:
        """A channel has been read."""
        if channel not in self._waiting:
            self._held.discard(channel)
        self._settle()

    def later(self, channel: str, seconds: float) -> None:
        """A channel could not be read now: it keeps its hold and comes again."""
        asyncio.get_running_loop().call_later(seconds, self.add, channel)

    def holds(self, channel: str) -> bool:
        """Whether the channel's mark must stay where it is."""
        return self._gap.is_set() or self._gap_in_work or channel in self._held

    async def empty(self) -> None:
        """Wait until all channels have been read."""
        await self._idle.wait()

    def _settle(self) -> None:
        if not (self._held or self._gap_in_work or self._gap.is_set()):
            self._idle.set()
