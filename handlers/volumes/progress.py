"""Shows in a direct message how far a long piece of work is, every few seconds; short work is done before there is anything to show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from store.records import Errand
from templates.kit import Message
from templates.volume_progress import Far

EVERY = 2.5
"""Seconds between two changes of a message; Slack grants about one a second, and nobody reads faster."""

Standing = Callable[[], Awaitable[Errand | None]]
"""Finds the errand whose DM shows how far the work is, and may leave one; None, or one that was not sent yet, is asked for again."""


@dataclass(slots=True)
class Watched:
    """Work in progress. Call it from any thread with how far it is."""

    far: Far = field(default_factory=Far)

    def __call__(self, far: Far) -> None:
        """It has come so far."""
        self.far = far


@asynccontextmanager
async def watched(
    house: House, standing: Standing, words: Callable[[Far], Message], *, at_once: bool = False, every: float = EVERY
) -> AsyncIterator[Watched]:
    """Show `words` about the work in the DM while it goes on; `at_once`: also before it has come anywhere.

    When this ends no change of ours is on its way any more, so that what is shown next stays.
    """
    work, over = Watched(), asyncio.Event()
    showing = asyncio.create_task(_show(house, standing, words, work, over, None if at_once else work.far, every))
    try:
        yield work
    finally:
        over.set()
        await showing


async def _show(  # noqa: PLR0917 - its own parts
    house: House,
    standing: Standing,
    words: Callable[[Far], Message],
    work: Watched,
    over: asyncio.Event,
    shown: Far | None,
    every: float,
) -> None:
    while not over.is_set():
        far = work.far
        if far != shown:
            try:
                there = await standing()
                if there is not None and there.channel and there.ts and not over.is_set():
                    said = house.dress(words(far))
                    await house.slack.chat_update(channel=there.channel, ts=there.ts, text=said.text, blocks=said.blocks)
                    shown = far
            except UNANSWERED as failure:
                # the work goes on all the same, and what comes of it is told by the courier
                house.log.info("progress not shown", error=type(failure).__name__)
        try:
            async with asyncio.timeout(every):
                await over.wait()
        except TimeoutError:
            continue
