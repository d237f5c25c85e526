"""Starts bots in no time: a process that has loaded everything once, and forks one for each line that it reads.

A line is JSON: `env` for the settings, `ahead` (seconds that its clock is wrong by), `lease` (seconds), `log` (a file for its log);
or `clock` for a process of tests.live.clockwork.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.orm import configure_mappers

from bot.app import build_house, serve
from bot.commands.trouble import Trouble
from bot.given import read_settings
from bot.language.model.hunch import shipped
from bot.settings import Settings
from handlers.hearing.replicas import Replicas
from handlers.house import House
from handlers.identity import Identity
from handlers.pace import Pace
from handlers.telling.delivery import Patience
from store.engine import Store
from tests.live import clockwork

ROOT = Path(__file__).parents[2]


@dataclass
class Nursery:
    """Its forks live until they are killed, or it ends."""

    process: asyncio.subprocess.Process

    async def born(self, env: Mapping[str, str], *, ahead: float = 0.0, lease: float = 4.0, log: Path | None = None) -> int:
        """A new bot; its process id."""
        return await self._forked({"env": dict(env), "ahead": ahead, "lease": lease, "log": str(log or os.devnull)})

    async def clock(self, database: str, slack: str, nine: float, lease: float) -> int:
        """A process that does the clock's work; its process id."""
        return await self._forked({"clock": {"database": database, "slack": slack, "nine": nine, "lease": lease}})

    async def _forked(self, wanted: Mapping[str, Any]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(wanted).encode() + b"\n")
        return int(await self.process.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A running one; all that it started ends with it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.live.nursery", cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def alive(pid: int) -> bool:
    """Whether a bot still runs."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def main() -> None:
    """Fork until the input ends, then end all that still lives."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that nobody has to wait for the dead
    shipped()
    configure_mappers()
    born = []
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(wanted)
        born.append(pid)
        print(pid, flush=True)
    for pid in born:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _live(wanted: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if "clock" in wanted:
        asyncio.run(clockwork.work(**wanted["clock"]))
        os._exit(0)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(wanted["env"])
    ahead, right = wanted["ahead"], time.time
    time.time = lambda: right() + ahead  # as it is for this process alone: what Slack's SDK checks signatures by

    def furnish(settings: Settings, store: Store, identity: Identity) -> House:
        house = build_house(settings, store, identity)
        house.now = lambda: datetime.now(UTC) + timedelta(seconds=ahead)
        house.pace = Pace(10_000)
        house.replicas = Replicas(every=0.2)
        return house

    patience = Patience(poll=0.2, lease=wanted["lease"], first_pause=0.1, longest_pause=1.0, tries=1000)
    status = 0
    try:
        asyncio.run(serve(read_settings(), furnish=furnish, patience=patience))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        status = 2
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
