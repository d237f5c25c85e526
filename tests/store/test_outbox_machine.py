"""Whatever owners do in whatever order, the outbox agrees with a plain model of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import delete

from store import outbox
from store.engine import open_store
from store.records import Errand
from store.tables import ErrandRow
from tests.store.samples import after, finding_id

Answer = TypeVar("Answer")
LEASE = 20


@dataclass
class Known:
    """An errand as it must stand: `until` is the end of its lease, or when it is due."""

    state: str
    until: int
    owner: str | None = None
    tries: int = 0


class Outbox(RuleBasedStateMachine):
    """Two owners and a clock. Times are seconds after noon."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.store = open_store(url)
        self.finding = self.do(self._begin())
        self.clock = 0
        self.known: dict[str, Known] = {}
        self.claims: list[Errand] = []

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run on our loop."""
        return self.loop.run(work)

    async def _begin(self) -> int:
        async with self.store.writing() as s:
            await s.exec(delete(ErrandRow))
            return await finding_id(s)

    async def _writing(self, call: Any, *args: Any) -> Any:
        async with self.store.writing() as s:
            return await call(s, *args)

    @rule(key=st.sampled_from("abcde"), wait=st.integers(-5, 30))
    def enqueue(self, key: str, wait: int) -> None:
        """Leave an errand."""
        due = self.clock + wait
        new = self.do(self._writing(outbox.enqueue, key, "alert", self.finding, "URILEY", after(seconds=due)))
        assert new == (key not in self.known)
        if new:
            self.known[key] = Known("waiting", due)

    @rule(seconds=st.integers(1, 25))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.clock += seconds

    @rule(owner=st.sampled_from(["one", "two"]), limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        """Take what is due or left behind."""
        claimed = self.do(self._writing(outbox.claim, owner, after(seconds=self.clock), timedelta(seconds=LEASE), limit))
        free = {key for key, one in self.known.items() if one.state in ("waiting", "sending") and one.until <= self.clock}
        assert {errand.key for errand in claimed} <= free
        assert len(claimed) == min(limit, len(free))
        for errand in claimed:
            one = self.known[errand.key]
            one.state, one.owner, one.until, one.tries = "sending", owner, self.clock + LEASE, one.tries + 1
            assert (errand.owner, errand.tries) == (owner, one.tries)
        self.claims += claimed

    @rule(pick=st.integers(0, 100), end=st.sampled_from(["sent", "waiting", "failed"]), wait=st.integers(0, 10))
    def finish(self, pick: int, end: str, wait: int) -> None:
        """Somebody reports, perhaps too late."""
        if not self.claims:
            return
        errand = self.claims[pick % len(self.claims)]
        one = self.known[errand.key]
        mine = (one.state, one.owner, one.tries) == ("sending", errand.owner, errand.tries)
        now, later = after(seconds=self.clock), after(seconds=self.clock + wait)
        args = {"sent": (errand, "D1", "1.0", now), "waiting": (errand, later, "again"), "failed": (errand, "never", now)}[end]
        call = {"sent": outbox.sent, "waiting": outbox.again, "failed": outbox.failed}[end]
        assert self.do(self._writing(call, *args)) == mine
        if mine:
            one.state, one.owner, one.until = end, None, self.clock + wait

    @invariant()
    def agrees(self) -> None:
        """The rows are as the model says."""
        self.do(self._compare())

    async def _compare(self) -> None:
        async with self.store.reading() as s:
            rows = {errand.key: (errand.state, errand.owner, errand.tries) for errand in await outbox.of_finding(s, self.finding)}
            assert rows == {key: (one.state, one.owner, one.tries) for key, one in self.known.items()}
            open_ones = [one.until for one in self.known.values() if one.state in ("waiting", "sending")]
            assert await outbox.waiting(s) == len(open_ones)
            assert (await outbox.ahead(s)).next == (after(seconds=min(open_ones)) if open_ones else None)

    def teardown(self) -> None:
        """Close."""
        self.do(self.store.close())
        self.loop.close()


def test_outbox_agrees_with_its_model(url: str) -> None:
    quick = settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))

    class Here(Outbox):
        def __init__(self) -> None:
            super().__init__(url)

    run_state_machine_as_test(Here, settings=quick)
