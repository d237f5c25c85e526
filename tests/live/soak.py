"""`make soak`: minutes of talk with a known set of findings, while the bot is killed again and again and everything around it fails.

`python -m tests.live.soak MINUTES SEED`. The same seed gives the same talk and the same dice; processes do not run to the millisecond.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.deal import Deal
from store import deals
from store.engine import Store, open_store
from tests.blank import ready
from tests.live.edge import SECRET, Edge, Weather, edge
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack
from tests.live.nursery import Nursery, alive, nursery

RINGS = (
    "we'll start with {figure} packages a day",
    "we can't ramp until peak season is over",
    "why are we doing this with you at all?",
    "let's see how the first weeks go, then decide about the ramp",
)
"""What rings by itself in a deal, whatever was said before; the first with another figure in each deal."""
QUIET = (
    "good morning, the scanners are charged",
    "the sample parcel came out at 3.2 lb, zone 5",
    "invoice 48213 is on its way, $612.40 in total",
    "thanks, see you at the dock at 9:30",
    "with the last carrier we did 40 a day",
    "3 boxes were crushed on our belt, that one is on us",
    "who has the key for dock 12?",
    "perfect",
)


AT_ONCE = 40
"""Events on their way at a time: a slow machine makes the talk slower, not the bot late."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen: sizes, and how long one thing lasts (seconds). `settled_within`: how long nothing may move at the end."""

    seconds: float
    messages: int
    deals: int
    seed: int = 7
    bots: int = 1
    strikes: int = 0
    calls: float = 0.06
    deliveries: float = 0.06
    settled_within: float = 60.0
    lease: float = 6.0
    skew: float = 0.0
    pauses: bool = False


@dataclass
class Report:
    """What came of it."""

    messages: int = 0
    expected: int = 0
    kills: int = 0
    paused: int = 0
    starts: int = 0
    dropped: int = 0
    told: int = 0
    digest: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)
    unwanted: list[tuple[str, str, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        waits = sorted(self.waits) or [0.0]
        p50, p99 = waits[len(waits) // 2], waits[min(len(waits) - 1, round(len(waits) * 0.99))]
        met = ", ".join(f"{count} {what}" for what, count in sorted(self.faults.items()))
        return [
            f"{self.messages} messages, {self.expected} to be found; {self.kills} kills, {self.paused} pauses, {self.starts} starts",
            f"{sum(self.faults.values())} faults: {met}; {self.dropped} events given up by Slack",
            f"{self.told} direct messages, {self.digest} findings for the digest: "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, unwanted {len(self.unwanted)}",
            f"from word to direct message: p50 {p50 * 1000:.0f} ms, p99 {p99:.1f} s, last {waits[-1]:.1f} s",
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as the store has it: where and when it was said, and whether anybody is rung for it."""

    where: str
    ts: str
    rings: bool


Due = tuple[str, str, str]
"""Channel and ts of a message that must be found, and who is to be told of it."""


@dataclass
class Soak:
    """One run: the workspace, the edge before it, the bots behind it."""

    plan: Plan
    url: str
    slack: FakeSlack
    edge: Edge
    nursery: Nursery
    folder: Path
    store: Store
    report: Report = field(default_factory=Report)
    due: set[Due] = field(default_factory=set)
    pids: list[int] = field(default_factory=list)
    doors: dict[int, str] = field(default_factory=dict)
    midway: Callable[[], Awaitable[None]] | None = None

    async def run(self) -> Report:
        """Talk under fire, then wait under a blue sky until all is told."""
        talk = self._talk()
        weather = self.edge.weather
        weather.calls, weather.deliveries = self.plan.calls, self.plan.deliveries
        for number in range(self.plan.bots):
            self.pids.append(await self._start(number))
        await self._all_marked()
        fires = [asyncio.create_task(fire) for fire in (self._disconnect(), self._database())]
        try:
            await self._say(talk)
        finally:
            for fire in fires:
                fire.cancel()
            await asyncio.gather(*fires, return_exceptions=True)
        weather.clear()
        await self._everybody_up()
        await self.edge.quiet()
        await self._settled()
        return self._counted(await self._of_findings(), await self._beside())

    def _talk(self) -> list[tuple[str, str, str, bool]]:
        """Channel, speaker, words, and whether they ring; each deal's rings in a random order, spread over quiet talk."""
        dice = random.Random(self.plan.seed)
        rings = [
            (channel(number), "UCUST", words.format(figure=10 + number % 25), True)
            for number in range(self.plan.deals)
            for words in dice.sample(RINGS, dice.randint(1, len(RINGS)))
        ]
        quiet = [
            (channel(dice.randrange(self.plan.deals)), dice.choice(("UCUST", "UIMPL")), dice.choice(QUIET), False)
            for _ in range(self.plan.messages - len(rings))
        ]
        said = rings + quiet
        dice.shuffle(said)
        return said

    async def _all_marked(self) -> None:
        """Until every channel has been seen once: what was said before that is none of the bot's business."""
        async with asyncio.timeout(60):
            while (await self._asked("SELECT count(*) FROM channels_seen"))[0][0] < self.plan.deals:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)

    async def _say(self, talk: Sequence[tuple[str, str, str, bool]]) -> None:
        dice, began = random.Random(self.plan.seed + 1), time.monotonic()
        strikes = self._strikes(len(talk))
        for number, (where, who, words, rings) in enumerate(talk):
            ts = self.slack.say(who, where, words)
            if rings:
                self.due.add((where, ts, rep(where)))
            self.edge.deliver({"type": "message", "channel": where, "user": who, "text": words, "ts": ts, **_teams(who)})
            if number == len(talk) // 2 and self.midway is not None:
                await self.midway()
            for pause in strikes.get(number, ()):
                await self._strike(dice, pause)
            await self.edge.room(AT_ONCE)
            ahead = began + self.plan.seconds * number / len(talk) - time.monotonic()
            if ahead > 0 and dice.random() < 0.5:
                await asyncio.sleep(2 * ahead)
            elif number % 20 == 0:
                await asyncio.sleep(0)
        self.report.messages, self.report.expected = len(talk), len(self.due)

    async def _start(self, number: int) -> int:
        """A bot, over a socket or over HTTP as the dice fall."""
        weather = self.edge.weather
        env = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": self.edge.base_url,
            "DATABASE_URL": self.url,
            "JUMPIN_CLOCK": "off",
            "JUMPIN_LOG_FORMAT": "json",
            "JUMPIN_LOG_LEVEL": "INFO",
        }
        door = None
        if weather.dice.random() < 0.5:
            env["SLACK_APP_TOKEN"] = "xapp-1"
        else:
            port = free_port()
            env |= {"SLACK_SIGNING_SECRET": SECRET, "PORT": str(port), "HOST": "127.0.0.1"}
            door = f"http://127.0.0.1:{port}"
        ahead = self.plan.skew * (number - (self.plan.bots - 1) / 2)
        pid = await self.nursery.born(env, ahead=ahead, lease=self.plan.lease, log=self.folder / f"bot{number}.log")
        self.report.starts += 1
        old = self.doors.pop(number, None)
        if old is not None:
            self.edge.doors.remove(old)
        if door is not None:
            self.doors[number] = door
            self.edge.doors.append(door)
        return pid

    def _strikes(self, messages: int) -> dict[int, list[bool]]:
        """After which messages a bot is struck, and whether by a pause: two in five where the plan has pauses, however the dice fall."""
        dice = random.Random(self.plan.seed + 5)
        pauses = set(dice.sample(range(self.plan.strikes), self.plan.strikes * 2 // 5 if self.plan.pauses else 0))
        strikes: dict[int, list[bool]] = {}
        for number, after in enumerate(dice.choices(range(messages), k=self.plan.strikes)):
            strikes.setdefault(after, []).append(number in pauses)
        return strikes

    async def _strike(self, dice: random.Random, pause: bool) -> None:
        """kill -9, also in the midst of starting; or a pause, for longer than the lease."""
        number = dice.randrange(self.plan.bots)
        pid = self.pids[number]
        if pause:
            # one that was killed or gave up may be on its way up again: another one is paused then
            there = [one for one in (pid, *self.pids) if alive(one)]
            longer = self.plan.lease * dice.uniform(1.1, 1.6)
            if there:
                self.report.paused += 1
                os.kill(there[0], signal.SIGSTOP)
                asyncio.get_running_loop().call_later(longer, _go_on, there[0])
                return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.report.kills += 1
        self.pids[number] = await self._start(number)

    async def _disconnect(self) -> None:
        dice = random.Random(self.plan.seed + 3)
        while self.plan.calls:
            await asyncio.sleep(dice.uniform(0.5, 3.0))
            await self.edge.disconnect()

    async def _database(self) -> None:
        """An SQLite file is locked by somebody else, or the disk is full for a while."""
        dice, address = random.Random(self.plan.seed + 4), make_url(self.url)
        while self.plan.calls and address.get_backend_name() == "sqlite":
            await asyncio.sleep(dice.uniform(1.0, 4.0))
            if dice.random() < 0.5:
                self.edge.weather.seen["database locked"] += 1
                await asyncio.to_thread(_lock, str(address.database), dice.choice((0.3, 1.0, 6.0)))
                continue
            pid = self.pids[0]
            with suppress(ProcessLookupError):
                _fullness(pid, 4096)
                self.edge.weather.seen["disk full"] += 1
                await asyncio.sleep(dice.uniform(0.2, 1.5))
                _fullness(pid, resource.RLIM_INFINITY)

    async def _everybody_up(self) -> None:
        for number, pid in enumerate(self.pids):
            with suppress(ProcessLookupError):
                _fullness(pid, resource.RLIM_INFINITY)
                os.kill(pid, signal.SIGCONT)
            if not alive(pid):
                self.pids[number] = await self._start(number)
        # what Slack gave up while nobody was there is found at the next start
        os.kill(self.pids[0], signal.SIGKILL)
        self.report.kills += 1
        self.pids[0] = await self._start(0)

    async def _settled(self) -> None:
        """Until all that is due is told and the outbox is empty: from then on nobody takes up anything again.

        A slow machine takes its time: it is given up only when nothing has moved for long.
        """
        before, moved = None, time.monotonic()
        while time.monotonic() - moved < self.plan.settled_within:
            waiting, now = await self._waiting(), self._counted(await self._of_findings(), await self._beside())
            if not waiting and not now.lost:
                break
            if (waiting, len(now.lost), now.told) != before:
                before, moved = (waiting, len(now.lost), now.told), time.monotonic()
            for number, pid in enumerate(self.pids):
                if not alive(pid):  # it met Slack's bad weather at its start and left, as it says it does
                    self.pids[number] = await self._start(number)
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)

    def _told(self, beside: Mapping[str, Sequence[tuple[int, str]]]) -> list[tuple[int, str, float]]:
        """Finding, recipient and time of each alert that stands in Slack; `beside`: those told together, by the key of their message."""
        told = []
        for where, messages in self.slack.messages.items():
            for message in messages if where.startswith("D") else ():
                key = str(message.get("metadata", {}).get("event_payload", {}).get("key", ""))
                alone = [(int(key.split(":")[1]), key.split(":")[2])] if key.startswith("alert:") else ()
                told += [(*one, float(message["ts"])) for one in (*alone, *beside.get(key, ()))]
        return told

    async def _beside(self) -> dict[str, list[tuple[int, str]]]:
        """What was said during an absence of more than ten minutes is told together: finding and recipient by the key of the message."""
        joined = "outbox AS one JOIN outbox AS notice ON one.about = '{\"with\":' || CAST(notice.id AS VARCHAR) || '}'"
        found: dict[str, list[tuple[int, str]]] = {}
        for key, number, recipient in await self._asked(f"SELECT notice.key, one.finding_id, one.recipient FROM {joined}"):
            found.setdefault(str(key), []).append((int(number), str(recipient)))
        return found

    async def _waiting(self) -> int:
        (count,) = (await self._asked("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"))[0]
        return int(count)

    async def _of_findings(self) -> dict[int, Found]:
        rows = await self._asked("SELECT id, channel, ts, urgency FROM findings")
        return {int(number): Found(str(where), str(ts), urgency == "now") for number, where, ts, urgency in rows}

    async def _asked(self, query: str) -> Sequence[Any]:
        async with self.store.reading() as s:
            return (await (await s.connection()).execute(text(query))).all()

    def _counted(self, findings: dict[int, Found], beside: Mapping[str, Sequence[tuple[int, str]]]) -> Report:
        report, told = self.report, Counter[Due]()
        report.waits = []
        for number, recipient, at in self._told(beside):
            found = findings.get(number, Found("?", "0", rings=False))
            told[found.where, found.ts, recipient] += 1
            report.waits.append(at - float(found.ts))
        kept = {(found.where, found.ts) for found in findings.values()}
        # what was said right after something of its kind may be for the digest: it is found, and nobody is rung for it
        silent = {(found.where, found.ts) for found in findings.values() if not found.rings}
        report.lost = sorted(due for due in self.due if due[:2] not in kept or (due[:2] not in silent and due not in told))
        report.unwanted = sorted(set(told) - self.due)
        report.doubled = sorted(one for one, count in told.items() if count > 1)
        report.digest, report.told = len(silent), sum(told.values())
        report.faults, report.dropped = self.edge.weather.seen, self.edge.dropped
        return report


@asynccontextmanager
async def soak(plan: Plan, url: str, folder: Path) -> AsyncIterator[Soak]:
    """Everything in place, on an empty database."""
    async with AsyncExitStack() as stack:
        born = asyncio.create_task(_entered(stack, nursery()))
        slack = await stack.enter_async_context(fake_slack())
        await fill(plan, url, slack)
        there = await stack.enter_async_context(edge(slack.base_url, Weather(random.Random(plan.seed))))
        there.ext_shared = frozenset(channel(number) for number in range(0, plan.deals, 2))
        store = open_store(url)
        run = Soak(plan, url, slack, there, await born, folder, store)
        try:
            yield run
        finally:
            await store.close()
            for pid in run.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
                    os.kill(pid, signal.SIGKILL)


async def _entered(stack: AsyncExitStack, nursed: Any) -> Nursery:
    there: Nursery = await stack.enter_async_context(nursed)
    return there


async def fill(plan: Plan, url: str, slack: FakeSlack) -> None:
    """A workspace with the plan's deals: each with a channel, a customer of another company and a rep of its own."""
    await asyncio.to_thread(ready, url)
    slack.person("UCUST", "Dana Ortiz", team_id="T2")
    slack.person("UIMPL", "Ivan Petrov")
    store = open_store(url)
    now = datetime.now(UTC)
    async with store.writing() as s:
        for number in range(plan.deals):
            where = channel(number)
            slack.channel(where, f"impl-{number}")
            slack.person(rep(where), f"Rep {number}")
            await deals.save_deal(s, _deal(number, now), by="soak", source="soak", now=now)
    await store.close()


def _deal(number: int, now: datetime) -> Deal:
    people = [
        {"id": "UCUST", "name": "Dana Ortiz", "role": "customer"},
        {"id": "UIMPL", "name": "Ivan Petrov", "role": "implementation"},
        {"id": rep(channel(number)), "name": f"Rep {number}", "role": "rep"},
    ]
    return Deal.model_validate(
        {
            "customer": f"Customer {number}",
            "people": people,
            "volume": {"committed_per_day": 500},
            "test": {"volume_per_day": 150, "starts": (now - timedelta(days=3)).date()},
            "channels": [channel(number)],
        }
    )


def channel(number: int) -> str:
    """The channel of a deal."""
    return f"C{number:04}"


def rep(where: str) -> str:
    """The rep of a channel's deal."""
    return f"UREP{where[1:]}"


def _teams(user: str) -> dict[str, str]:
    """What Slack Connect adds to the messages of people from elsewhere."""
    return {"team": "T2", "user_team": "T2", "source_team": "T2"} if user == "UCUST" else {"team": "T1"}


def _go_on(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def _lock(path: str, seconds: float) -> None:
    with sqlite3.connect(path, timeout=10, isolation_level=None) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return
        time.sleep(seconds)
        connection.execute("ROLLBACK")
    connection.close()


def _fullness(pid: int, size: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def main(minutes: float, seed: int) -> int:
    """The long form, on SQLite; the exit status."""
    plan = Plan(seconds=minutes * 60, messages=int(minutes * 1500), deals=min(400, int(60 * minutes)), seed=seed, strikes=int(20 * minutes))
    with tempfile.TemporaryDirectory() as folder:
        async with soak(plan, f"sqlite+aiosqlite:///{folder}/soak.sqlite3", Path(folder)) as run:
            report = await run.run()
    print(*report.lines(), sep="\n")
    return 1 if report.lost or report.doubled or report.unwanted else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]), int(sys.argv[2]))))
