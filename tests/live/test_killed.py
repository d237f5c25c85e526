"""The clock's messages under kill -9, pauses past the lease and a Slack that fails: each is sent once, whoever sends it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from store import deals, outbox
from store.engine import open_store
from tests.blank import ready
from tests.handlers.telling import acme, until
from tests.handlers.test_away_on_postgresql import database_for
from tests.live.clockwork import NINE
from tests.live.edge import Weather, edge
from tests.live.fake_slack import FakeSlack, Fault, fake_slack
from tests.live.nursery import Nursery, nursery

REPS = [f"U{number:03}" for number in range(100, 112)]
LEADER = "U200"
STRIKES = int(os.environ.get("JUMPIN_KILLS", "6"))
"""`JUMPIN_KILLS=50` for the long form."""

DUE = {f"daily:{rep}:2026-11-16" for rep in REPS} | {f"weekly:{LEADER}:2026-11-16", f"brief:1:2026-11-16T10:00:00:{REPS[0]}"}
"""What the clock has to say at nine, by its key: to each rep, to who leads, and to who has a call at ten."""


async def test_what_the_clock_says_is_said_once_however_often_the_process_is_killed(tmp_path: Path) -> None:
    await said_once(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}", processes=1, pauses=False)


async def test_so_it_is_by_three_replicas_of_which_some_are_killed_and_some_stopped_past_their_lease(postgres_url: str) -> None:
    await said_once(await database_for(postgres_url), processes=3, pauses=True)


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_who_was_stopped_in_the_midst_of_sending_does_not_send_what_another_has_sent(postgres_url: str, method: str) -> None:
    url, rep = await database_for(postgres_url), REPS[1]
    async with fake_slack() as slack, nursery() as born:
        run = Run(born, url, slack.base_url, nine=time.time() - 1, lease=2.0)
        slack.clock = lambda: NINE.timestamp() + time.time() - run.nine
        await fill(url, slack, [rep], leader=None)
        slack.fail(method, Fault(hang=run.lease, acted=True))
        try:
            await run.start(0)
            await until(lambda: slack.count(method), within=30)
            os.kill(run.pids[0], signal.SIGSTOP)
            await run.start(1)
            await until(lambda: slack.count("conversations.history"), within=60)  # it looks whether the first has sent it
            await until(lambda: slack.dms(rep), within=60)
            os.kill(run.pids[0], signal.SIGCONT)
            await asyncio.sleep(run.lease)
        finally:
            run.end()
        assert said(slack) == Counter([f"daily:{rep}:2026-11-16"])


async def said_once(url: str, *, processes: int, pauses: bool) -> None:
    """Nine o'clock strikes under fire; afterwards everybody has what was due, once."""
    await asyncio.to_thread(ready, url)
    weather = Weather(random.Random(7), calls=0.15)
    async with fake_slack() as slack, nursery() as born, edge(slack.base_url, weather) as between:
        slack.clock = lambda: NINE.timestamp() + time.time() - run.nine
        run = Run(born, url, between.base_url)
        await fill(url, slack)
        try:
            for number in range(processes):
                await run.start(number)
            for strike in range(STRIKES):
                await asyncio.sleep(run.dice.uniform(0.2, 0.7))
                await run.strike(pause=pauses and strike % 3 == 1)
            weather.clear()
            await asyncio.gather(*run.pauses)  # whoever was stopped goes on with what it had in hand
            await until(lambda: said(slack).keys() >= DUE, within=90)
            await nothing_left(url)
        finally:
            run.end()
        assert said(slack) == Counter(DUE)
        assert weather.seen


@dataclass
class Run:
    """The processes, when it is nine for them (Unix seconds), and how long they hold what they send (seconds).

    A quarter of that is longer than the edge makes a call last that takes effect.
    """

    nursery: Nursery
    url: str
    slack: str
    nine: float = field(default_factory=lambda: time.time() + 1)
    lease: float = 6.0
    pids: dict[int, int] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)
    pauses: list[asyncio.Task[None]] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    async def start(self, number: int) -> None:
        """A process in this place."""
        self.pids[number] = await self.nursery.clock(self.url, self.slack, self.nine, self.lease)

    async def strike(self, *, pause: bool) -> None:
        """kill -9, and another in its place; or a pause for longer than the lease."""
        if self.stopped.issuperset(self.pids.values()):
            await asyncio.gather(*self.pauses)
        number = self.dice.choice([one for one in self.pids if self.pids[one] not in self.stopped])
        pid = self.pids[number]
        if pause:
            self.stopped.add(pid)
            os.kill(pid, signal.SIGSTOP)
            self.pauses.append(asyncio.create_task(self._go_on(pid)))
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        await self.start(number)

    async def _go_on(self, pid: int) -> None:
        await asyncio.sleep(1.25 * self.lease)
        os.kill(pid, signal.SIGCONT)
        self.stopped.discard(pid)
        await asyncio.sleep(1)

    def end(self) -> None:
        """All of them."""
        for pid in self.pids.values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


async def nothing_left(url: str) -> None:
    """Until nothing waits or is in anybody's hands: what a killed process held has been taken up then, and nobody sends anything again."""
    store = open_store(url)
    async with asyncio.timeout(60):
        waiting = 1
        while waiting:
            async with store.reading() as s:
                waiting = await outbox.waiting(s)
            await asyncio.sleep(0.1)
    await store.close()


def said(slack: FakeSlack) -> Counter[str]:
    """How often each message stands in Slack, by its key."""
    return Counter(dm["metadata"]["event_payload"]["key"] for person in (*REPS, LEADER) for dm in slack.dms(person))


async def fill(url: str, slack: FakeSlack, reps: Sequence[str] = REPS, leader: str | None = LEADER) -> None:
    """A deal for each rep, all led by one; the first has a call at ten."""
    store = open_store(url)
    led = [{"id": leader, "name": "Morgan Lee", "role": "leadership"}] if leader else []
    for person in (*reps, *(one["id"] for one in led)):
        slack.person(person, f"Colleague {person}")
    for rep in reps:
        people = [{"id": rep, "name": f"Rep {rep}", "role": "rep"}, *led]
        calls = [{"at": datetime(2026, 11, 16, 10), "title": "Kick-off"}] if rep == REPS[0] else []
        async with store.writing() as s:
            made = acme(customer=f"Customer of {rep}", people=people, channels=[], calls=calls)
            await deals.save_deal(s, made, by="test", source="test", now=NINE)
    await store.close()
