"""Whether other processes hear the same channels, so that what was said may be known to them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from structlog.stdlib import BoundLogger

from store.engine import Store

LOOK_EVERY = 2.0
"""Seconds between two looks at who else has the database open; for so long a new replica may go unnoticed."""

PATIENCE = 0.6
"""Seconds that a message waits for what another process may have heard: a direct message is to come within a second."""


class Replicas:
    """What is known of the others. Nobody is there until look() finds somebody; with SQLite nobody ever is."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._others = False
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

    async def keep(self, store: Store, now: Callable[[], datetime], log: BoundLogger, every: float = LOOK_EVERY) -> None:
        """Look for as long as the bot runs; while the database is away, what was seen last holds."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.look(store, now)
            except Exception as away:
                log.warning("other replicas are not told", exc_info=away)
