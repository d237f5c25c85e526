"""The questions to the strong reader that are on their way, and whether the message they are about still stands as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from handlers.hearing.message import Change
from handlers.kept import Kept


class Asked:
    """Questions in the background; each message's newest state, so that an answer about an older one changes nothing."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._newest: Kept[tuple[str, str], tuple[str, str, str]] = Kept(20_000)

    def note(self, change: Change) -> None:
        """A message was said, edited or deleted."""
        self._newest.put(change.key[:2], change.key)

    def stands(self, change: Change) -> bool:
        """Whether nothing has happened to the message since."""
        return self._newest.get(change.key[:2]) == change.key

    def overtaken(self, change: Change) -> bool:
        """Whether a later state of the message is known: its event came first, or history was read before that happened."""
        newest = self._newest.get(change.key[:2])
        return newest is not None and newest[2] > change.key[2]  # "" as said, then the times of edits, then "deleted"

    def begin(self, question: Coroutine[Any, Any, None]) -> None:
        """Let a question run."""
        task = asyncio.create_task(question)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, within: float) -> None:
        """Wait for what is on its way, so many seconds at most; what takes longer is given up."""
        tasks = tuple(self._tasks)
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=within)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
