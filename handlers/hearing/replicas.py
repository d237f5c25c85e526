"""Whether other processes hear the same channels, so that what was said may be known to them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from structlog.stdlib import BoundLogger

from store.engine import Store

LOOK_EVERY = 2.0
"""Seconds between two looks at who else has the database open."""

PATIENCE = 0.6
"""Seconds that a message waits for what another process may have heard: a direct message is to come within a second."""


class Replicas:
    """What is known of the others. Nobody is there until look() finds somebody; with SQLite nobody ever is."""

    def __init__(self, patience: float = PATIENCE, every: float = LOOK_EVERY) -> None:
        self.patience, self._every = patience, every
        self._others = False
        self._visible_since = monotonic()
        self._alone_since: datetime | None = None
        self.rests_until: datetime | None = None
        """Until when (UTC) Slack is not to be asked what the others have heard, because it wants that."""

    def heard_after(self, moment: datetime | None) -> bool:
        """Whether another may have heard something after a moment (UTC; None: at any time)."""
        return self._others or (self._alone_since is not None and (moment is None or moment < self._alone_since))

    async def look(self, store: Store, now: Callable[[], datetime]) -> None:
        """See who is there. One who has gone may have heard something up to this moment. Raises what the database raises."""
        others = await store.others()
        if self._others and not others:
            self._alone_since = now()
        self._others = others

    async def arrive(self, store: Store, now: Callable[[], datetime]) -> None:
        """Be there for the others, whose looks find us from now on, and see who is there. Raises what the database raises."""
        await self.look(store, now)
        self._visible_since = monotonic()

    async def noticed(self) -> None:
        """Wait until each of the others has looked: from then on none misses what is said to us. Whoever is alone waits for nobody."""
        if self._others:
            await asyncio.sleep(max(0.0, self._visible_since + 1.25 * self._every - monotonic()))

    async def keep(self, store: Store, now: Callable[[], datetime], log: BoundLogger) -> None:
        """Look at once, and for as long as the bot runs; while the database is away, what was seen last holds."""
        while True:
            try:
                await self.look(store, now)
            except Exception as away:
                log.warning("other replicas are not told", exc_info=away)
            await asyncio.sleep(self._every)
