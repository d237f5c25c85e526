"""What is held in memory of each channel: the talk so far by deal, and one lock, so that a channel's messages are heard in turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.ears import Talk
from handlers.hearing.sorting import Sorter
from handlers.kept import Kept


@dataclass(slots=True)
class Room:
    """One channel. `threads` are those (by deal and parent) of which all that was said has been heard or fetched.

    `sorter` tells the deals of a channel with several apart; None where there is one.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    talks: dict[int, Talk] = field(default_factory=dict)
    threads: Kept[tuple[int, str], bool] = field(default_factory=lambda: Kept(200))
    sorter: Sorter | None = None


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
