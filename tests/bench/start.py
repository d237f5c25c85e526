"""How long `jumpin run` takes from its first instruction until it listens, what it has in memory then, and how long the first message
takes to its direct message. `python -m tests.bench.start [CHECKOUT ...]` measures several versions in turn, this one by default.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan, nan
from pathlib import Path

from tests.bench.listener import processor
from tests.live.edge import SECRET, Edge, Weather, edge
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack
from tests.live.soak import RINGS, Plan, channel, fill, free_port, rep

ROUNDS, DEALS, REST, PATIENCE = 5, 10, 3.0, 30.0
"""Starts of each version (one more before them, unmeasured, leaves the compiled modules that an installation has); deals; seconds at
rest before memory is read; seconds that a direct message may take."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds until it listened, of the wall clock and of the processor; MiB at rest (nan: it had none); seconds from word to message."""

    wall: float
    processor: float
    rest: float
    first: float


async def measure(checkouts: tuple[Path, ...] = (Path.cwd(),)) -> list[str]:
    """A line for each version."""
    found: dict[Path, list[Start]] = {checkout: [] for checkout in checkouts}
    for turn in range(ROUNDS + 1):
        for checkout in checkouts:
            started = await _start(checkout, rested=bool(turn % 2))
            found[checkout] += [started] if turn else []
    return [line for checkout, starts in found.items() for line in _told(checkout, starts)]


def _told(checkout: Path, starts: list[Start]) -> list[str]:
    def middle(of: str) -> float:
        return statistics.median(value for start in starts if not isnan(value := getattr(start, of)))

    at_once, rested = ([one.first for number, one in enumerate(starts, start=1) if number % 2 == odd] for odd in (0, 1))
    return [
        f"{checkout.name}: jumpin run listens after {middle('wall'):.2f} s ({middle('processor'):.2f} s of processor); "
        f"at rest {middle('rest'):.0f} MiB",
        f"{checkout.name}: first message to its direct message: sent as soon as it listens {statistics.median(at_once):.2f} s, "
        f"{REST:.0f} s later {statistics.median(rested):.2f} s",
    ]


async def _start(checkout: Path, *, rested: bool) -> Start:
    with tempfile.TemporaryDirectory() as folder:
        url, port = f"sqlite+aiosqlite:///{folder}/bench.sqlite3", free_port()
        async with fake_slack() as slack, edge(slack.base_url, Weather(random.Random(1))) as there:
            await fill(Plan(seconds=0, messages=0, deals=DEALS), url, slack)
            env = {**os.environ, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": there.base_url, "SLACK_SIGNING_SECRET": SECRET}
            env |= {"DATABASE_URL": url, "PORT": str(port), "HOST": "127.0.0.1", "JUMPIN_LOG_LEVEL": "ERROR"}
            env |= {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": ""}
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=env, cwd=checkout)
            try:
                await _listens(port)
                wall, used = time.perf_counter() - began, processor(process.pid)
                there.doors.append(f"http://127.0.0.1:{port}")
                await asyncio.sleep(REST if rested else 0)
                rest = _resident(process.pid)
                return Start(wall, used, rest if rested else nan, await _first(slack, there))
            finally:
                process.terminate()
                await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.01)


async def _first(slack: FakeSlack, there: Edge) -> float:
    where, text = channel(0), RINGS[0].format(figure=15)
    began = time.perf_counter()
    event = {"type": "message", "channel": where, "user": "UCUST", "text": text, "ts": slack.say("UCUST", where, text)}
    there.deliver(event)
    async with asyncio.timeout(PATIENCE):
        while not slack.dms(rep(where)):  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.005)
    return time.perf_counter() - began


def _resident(pid: int) -> float:
    """MiB of a process; Linux alone tells it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024


if __name__ == "__main__":
    given = tuple(Path(one).resolve() for one in sys.argv[1:]) or (Path.cwd(),)
    print(datetime.now(UTC).isoformat(timespec="minutes"), *asyncio.run(measure(given)), sep="\n")
