"""The daily run under kill -9: whoever dies at whatever moment, each person gets their one DM."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from pathlib import Path

from store import deals
from store.engine import open_store
from tests.blank import ready
from tests.handlers.telling import acme, until
from tests.live.clockwork import LEASE, NINE
from tests.live.fake_slack import FakeSlack, fake_slack

REPS = 12
KILLS = int(os.environ.get("JUMPIN_KILLS", "6"))
"""`JUMPIN_KILLS=50` for the long form."""

ROOT = Path(__file__).parents[2]


async def test_each_person_gets_one_dm_however_often_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}"
    await asyncio.to_thread(ready, url)
    async with fake_slack() as slack:
        reps = [f"U{number:03}" for number in range(100, 100 + REPS)]
        await fill(url, slack, reps)
        dice = random.Random(7)
        for _ in range(KILLS):
            child = await start(url, slack)
            await asyncio.sleep(dice.uniform(0.1, 2.5))
            child.kill()
            await child.wait()
        last = await start(url, slack)
        try:
            await until(lambda: all(slack.dms(rep) for rep in reps), within=60)
            await asyncio.sleep(2 * LEASE)  # a second DM would come when what a killed process held is taken up again
        finally:
            last.kill()
            await last.wait()
        assert Counter({rep: len(slack.dms(rep)) for rep in reps}) == Counter(dict.fromkeys(reps, 1))


async def fill(url: str, slack: FakeSlack, reps: list[str]) -> None:
    """A deal for each rep."""
    store = open_store(url)
    for rep in reps:
        slack.person(rep, f"Rep {rep}")
        async with store.writing() as s:
            people = [{"id": rep, "name": f"Rep {rep}", "role": "rep"}]
            await deals.save_deal(s, acme(customer=f"Customer of {rep}", people=people, channels=[]), by="test", source="test", now=NINE)
    await store.close()


async def start(url: str, slack: FakeSlack) -> asyncio.subprocess.Process:
    """The clock and the courier in a process of their own."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.live.clockwork", url, slack.base_url, cwd=ROOT)
