"""The strong reader: from a message that was heard to rulings on it, with an account of the exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import monotonic

from bot.strong.answer import Answer, Unusable, answer_of
from bot.strong.endpoint import Address, Endpoint, Failed
from bot.strong.guards import Budget, Fuse, Memory
from bot.strong.opinion import Opinion
from bot.strong.question import Asking, Question, question, why_not
from bot.strong.rulings import rulings


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds within which an answer may ring, and after which it is given up; a day's budget; answers remembered; questions at a time,
    and waiting for their turn."""

    in_time: float = 3.0
    given_up: float = 30.0
    calls: int = 2_000
    characters: int = 20_000_000
    remembered: int = 1_000
    at_once: int = 4
    waiting: int = 50


@dataclass(slots=True)
class StrongReader:
    """Asks the endpoint, within its limits. `clock` is monotonic, `today` the day whose budget is spent."""

    address: Address
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = monotonic
    today: Callable[[], date] = lambda: datetime.now(UTC).date()
    fuse: Fuse = field(init=False)
    _endpoint: Endpoint = field(init=False)
    _budget: Budget = field(init=False)
    _memory: Memory[str] = field(init=False)
    _turn: asyncio.Semaphore = field(init=False)
    _in_line: int = 0

    def __post_init__(self) -> None:
        limits = self.limits
        self.fuse = Fuse(self.clock)
        self._endpoint = Endpoint(self.address, limits.given_up)
        self._budget = Budget(limits.calls, limits.characters)
        self._memory = Memory(limits.remembered)
        self._turn = asyncio.Semaphore(limits.at_once)

    async def opinion(self, asking: Asking) -> Opinion:
        """What it makes of a message, if the message is worth a question. Never raises but when cancelled."""
        begun = self.clock()
        reason = why_not(asking)
        if reason:
            return Opinion("not-asked", why=reason)
        asked = question(asking)
        remembered = self._memory.get(asked)
        if remembered is not None:
            made = rulings(answer_of(remembered), asking, asked, late=False)
            return Opinion("remembered", asked.summary, remembered, self.clock() - begun, rulings=made)
        if self._in_line >= self.limits.at_once + self.limits.waiting:
            return Opinion("not-asked", asked.summary, why="too many questions at a time")
        self._in_line += 1
        try:
            async with self._turn:
                return await self._asked(asking, asked, begun)
        finally:
            self._in_line -= 1

    async def close(self) -> None:
        """Close the connection."""
        await self._endpoint.close()

    async def _asked(self, asking: Asking, asked: Question, begun: float) -> Opinion:
        if self.clock() - begun > self.limits.given_up:
            return Opinion("not-asked", asked.summary, why="its turn came too late")
        if not self.fuse.lets_through():
            return Opinion("not-asked", asked.summary, why="the endpoint failed again and again and is left alone for a while")
        if not self._budget.spend(asked, self.today()):
            self.fuse.left()
            return Opinion("not-asked", asked.summary, why="today's budget is spent")
        said = ""
        try:
            said = await self._endpoint.ask(asked)
            answer = answer_of(said)
        except (Failed, Unusable) as failed:
            self.fuse.failed(failed.seconds if isinstance(failed, Failed) else 0.0)
            return Opinion("failed", asked.summary, said, self.clock() - begun, str(failed))
        except BaseException:
            self.fuse.left()
            raise
        self.fuse.held()
        self._memory.put(asked, said)
        return self._ruled(answer, said, asking, asked, self.clock() - begun)

    def _ruled(self, answer: Answer, said: str, asking: Asking, asked: Question, seconds: float) -> Opinion:
        late = seconds > self.limits.in_time
        made = rulings(answer, asking, asked, late=late)
        return Opinion("late" if late else "answered", asked.summary, said, seconds, rulings=made)
