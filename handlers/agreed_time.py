"""The time that all replicas go by: the database's, whatever the clock of each one's machine shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from structlog.stdlib import BoundLogger

from store.engine import Store

SET_EVERY = 30.0
"""Seconds between two looks at the database's clock; in between we count on from there by ourselves."""

LOOKS = 3
"""How often the database is asked each time: of these the quickest answer counts, for it is known best when that was so."""

OFF = timedelta(minutes=1)
"""A clock of this machine that is off by more is worth a warning: signatures, which others make by the right time, are checked by it."""


class AgreedTime:
    """`local` is the clock of this machine (UTC). It holds for SQLite, whose only process we are, and nothing is asked there."""

    def __init__(self, store: Store, local: Callable[[], datetime], log: BoundLogger) -> None:
        self._store, self._local, self._log = store, local, log
        self._set_at: tuple[datetime, float] | None = None
        self._warned = False

    def now(self) -> datetime:
        """The time (UTC). Setting the clock of this machine does not move it."""
        if self._set_at is None:
            return self._local()
        at, ticks = self._set_at
        return at + timedelta(seconds=_ticks() - ticks)

    async def set(self) -> None:
        """Look at the database's clock. Raises what the database raises when it is away."""
        if not self._store.tells_time:
            return
        _, at, ticks = min([await self._look() for _ in range(LOOKS)])
        self._set_at = at, ticks
        off = self._local() - self.now()
        if (abs(off) > OFF) != self._warned:
            self._warned = not self._warned
            level = self._log.warning if self._warned else self._log.info
            level("the clock of this machine differs from the database's", seconds=round(off.total_seconds()))

    async def keep(self, every: float = SET_EVERY) -> None:
        """Keep in step with the database for as long as the bot runs; while it is away we count on."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.set()
            except Exception as away:  # noqa: BLE001 - whatever it is, the time that we have goes on
                self._log.warning("the database's clock is not told", exc_info=away)

    async def _look(self) -> tuple[float, datetime, float]:
        """How long it took (seconds), the database's time, and our ticks when that was so."""
        async with self._store.reading() as s:
            before = _ticks()
            there = await self._store.time(s)
            after = _ticks()
        return after - before, there, (before + after) / 2


def _ticks() -> float:
    """Seconds that nobody sets, and that go on while the machine sleeps, where the system counts such."""
    boot: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
