"""Runs `jumpin` as a person would, in a process and a folder of its own, and brings deals into a store."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.deal import Deal
from store.deals import save_deal
from store.engine import open_store
from tests.blank import ready

CACHE = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
"""Where the emulator is installed: shared with the other tests, though the home folder is not."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


async def jumpin(folder: Path, *words: str, **env: str) -> Ran:
    """`jumpin …` with no settings but those in `env`, to its end."""
    run = await started(folder, *words, **env)
    out, err = await run.communicate()
    return Ran(run.returncode or 0, out.decode(), err.decode())


async def started(folder: Path, *words: str, **env: str) -> asyncio.subprocess.Process:
    """The same, begun."""
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CACHE_HOME": CACHE, "PYTHONPATH": str(Path.cwd())}
    order = (sys.executable, "-u", "-m", "bot", *words)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*order, cwd=folder, env={**home, **env}, stdout=pipe, stderr=pipe)


async def with_deals(url: str, *deals: Deal) -> str:
    """A store at this address with these deals in it; the address again."""
    await asyncio.to_thread(ready, url)
    store = open_store(url)
    try:
        async with store.writing() as s:
            for deal in deals:
                await save_deal(s, deal, by="test", source="test", now=datetime.now(UTC))
    finally:
        await store.close()
    return url
