"""Keeps to a rate limit: bursts pass, then one waits."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

CALLS, WINDOW = 45, 60.0
"""Slack grants 50 calls a minute to each history method; a few are left for the live messages that need context."""


class Pace:
    """At most `calls` in any `window` seconds: bursts pass, then one waits."""

    def __init__(self, calls: int = CALLS, window: float = WINDOW) -> None:
        self._calls, self._window = calls, window
        self._made: deque[float] = deque(maxlen=calls)
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for a free call."""
        async with self._turn:
            if len(self._made) == self._calls:
                await asyncio.sleep(max(0.0, self._made[0] + self._window - monotonic()))
            self._made.append(monotonic())
