"""What is held in memory of each channel: the talk so far by deal, and one lock, so that a channel's messages are heard in turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from handlers.hearing.page import Shown
from handlers.hearing.remembered import Remembered
from handlers.hearing.sorting import Sorter
from handlers.kept import Kept


@dataclass(slots=True)
class Room:
    """One channel. `threads` are those (by deal and parent) of which all that was said has been heard or fetched.

    `sorter` tells the deals of a channel with several apart; None where there is one.
    `looked` tells up to when (UTC) all that was said outside threads (""), or in a thread, is remembered, whoever heard it;
    `rests_until` for how long not to ask what others have heard, and `shown` is where that can be had without asking.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    talks: dict[int, Remembered] = field(default_factory=dict)
    threads: Kept[tuple[int, str], bool] = field(default_factory=lambda: Kept(200))
    sorter: Sorter | None = None
    looked: Kept[str, datetime] = field(default_factory=lambda: Kept(200))
    rests_until: datetime | None = None
    shown: Shown | None = None

    def looked_at(self, thread: str | None, until: datetime) -> None:
        """All that was said up to a moment (UTC) has been asked for, and was told."""
        before = self.looked.get(thread or "")
        self.looked.put(thread or "", until if before is None else max(before, until))


class Rooms:
    """The channels heard lately; what falls out of memory is fetched from Slack again when needed."""

    def __init__(self, size: int = 1_000) -> None:
        self._rooms: Kept[str, Room] = Kept(size)

    def of(self, channel: str) -> Room:
        """The channel's room, made on first use."""
        return self._rooms.get(channel) or self._rooms.put(channel, Room())

    def move(self, old: str, new: str) -> None:
        """A channel has another id: what was said there stays known."""
        room = self._rooms.get(old)
        if room is not None:
            self._rooms.drop(old)
            self._rooms.put(new, room)

    def forget(self, channel: str) -> None:
        """Drop what is known of a channel."""
        self._rooms.drop(channel)
