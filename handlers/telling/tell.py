"""The courier: takes errands from the store and tells the right person, once, in Slack's time."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import deque
from datetime import timedelta
from time import monotonic

from slack_sdk.web.async_client import AsyncWebClient

from handlers.house import House
from handlers.telling import posting, together
from handlers.telling.delivery import Delivery, InHand, Patience
from handlers.telling.outcome import Later, Never, Outcome, Sent
from store import outbox
from store.records import Errand

SLOW = frozenset({"file", "call", "call-read", "call-pasted"})
"""Notices that take their time before there is anything to say: no DM waits for them."""

AT_ONCE = 100
"""Errands in hand at a time; the rest waits in the store, for this process or another."""


class Courier:
    """Delivers errands; each person's one after the other, different people's side by side. `client` must not retry by itself."""

    def __init__(self, house: House, client: AsyncWebClient, patience: Patience | None = None) -> None:
        self._house = house
        self._patience = patience or Patience()
        self._delivery = Delivery(house, client, self._patience)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:64]
        self._queues: dict[str, deque[InHand]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._ahead = outbox.Ahead(None, None)
        house.counts.outbox_age.set_function(self._overdue)

    async def run(self) -> None:
        """Deliver until cancelled; what is in hand then is finished by drain()."""
        while True:
            self._house.wake.clear()
            try:
                if await self._take():
                    await asyncio.wait(self._workers.values(), return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._rest()
            except Exception as failure:
                self._house.log.warning("errands not read", error=type(failure).__name__, exc_info=failure)
                await asyncio.sleep(self._patience.poll)

    async def drain(self) -> None:
        """Deliver all that is due, then return. Cancelled, it gives back what it has not delivered."""
        try:
            while await self._take() or self._workers:
                await asyncio.wait(self._workers.values())
        finally:
            workers = tuple(self._workers.values())
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _take(self) -> bool:
        """Claim what is due, hand it to the workers, and note when the next is; whether our hands are full."""
        room = AT_ONCE - sum(len(queue) for queue in self._queues.values())
        if room <= 0:
            return True
        until = monotonic() + self._patience.lease
        async with self._house.store.writing() as s:
            claimed = await outbox.claim(s, self._owner, self._house.now(), timedelta(seconds=self._patience.lease), room)
            self._ahead = await outbox.ahead(s)
        for errand in claimed:
            lane = _lane(errand)
            self._queues.setdefault(lane, deque()).append(InHand(errand, until))
            if lane not in self._workers:
                self._workers[lane] = asyncio.create_task(self._serve(lane))
        return len(claimed) == room

    async def _rest(self) -> None:
        """Until something is left for us, or due when we last took what was due, or a poll interval has passed."""
        pause = self._patience.poll
        if self._ahead.next is not None:
            pause = min(pause, max(0.05, (self._ahead.next - self._house.now()).total_seconds()))
        try:
            async with asyncio.timeout(pause):
                await self._house.wake.wait()
        except TimeoutError:
            pass

    def _overdue(self) -> float:
        """For those who watch: for how long (seconds) what waits longest has been due; it goes on while the store is away."""
        since = self._ahead.since
        return max(0.0, (self._house.now() - since).total_seconds()) if since else 0.0

    async def _serve(self, lane: str) -> None:
        queue = self._queues[lane]
        try:
            while queue:
                await self._settle(queue[0])
                queue.popleft()
        except asyncio.CancelledError:
            for hand in queue:
                await self._note(hand.errand, Later("stopped", seconds=0.0))
            raise
        finally:
            del self._queues[lane], self._workers[lane]

    async def _settle(self, hand: InHand) -> None:
        """Deliver one errand and write down what came of it. A lease that has run out means that it is somebody else's now."""
        errand, about = hand.errand, hand.errand.about
        facts = {"errand": errand.id, "kind": errand.kind, "finding": errand.finding_id, "tries": errand.tries}
        with self._house.traces.span("tell", about.get("trace"), what=about.get("what"), **facts) as span:
            span.note(outcome=await self._delivered(hand))

    async def _delivered(self, hand: InHand) -> str:
        """What came of it, in a word."""
        try:
            outcome = await self._tried(hand)
            while isinstance(outcome, Later) and outcome.seconds is not None and monotonic() + outcome.seconds < hand.until:
                await asyncio.sleep(outcome.seconds)
                outcome = await self._tried(hand)
            return await self._note(hand.errand, outcome)
        except Exception as failure:
            # the lease stays: when it has run out the errand is taken up again, with a look whether it was sent
            self._house.log.warning("errand left", errand=hand.errand.id, error=type(failure).__name__, exc_info=failure)
            return "left"

    async def _tried(self, hand: InHand) -> Outcome:
        outcome = await self._delivery.deliver(hand)
        if isinstance(outcome, Later) and outcome.seconds is not None:
            self._house.counts.rate_limits.inc()
        return outcome

    async def _note(self, errand: Errand, outcome: Outcome) -> str:
        now = self._house.now()
        goes_on = isinstance(outcome, Later) and (errand.tries < self._patience.tries or outcome.revoked)
        async with self._house.store.writing() as s:
            match outcome:
                case Sent(channel, ts):
                    kept = await outbox.sent(s, errand, channel, ts, now)
                case Later(error) if goes_on:
                    kept = await outbox.again(s, errand, now + self._pause(errand, outcome), error)
                case Later(error) | Never(error):
                    kept = await outbox.failed(s, errand, error, now)
            if kept and errand.kind == "post" and not goes_on:
                await posting.note(self._house, s, errand, outcome)
            apart = await outbox.told_alone(s, errand, now) if kept and _tells_several(errand) and _is_refused(outcome) else 0
        if errand.kind == "post" or apart:
            self._house.wake.set()
        return self._tell(errand, outcome, kept=kept)

    def _pause(self, errand: Errand, outcome: Later) -> timedelta:
        """What Slack asks for, else twice as long each time, with a spread so that many do not come back at once."""
        if outcome.seconds is not None:
            return timedelta(seconds=outcome.seconds)
        longest = self._patience.longest_pause
        pause = longest if outcome.revoked else min(longest, self._patience.first_pause * 2.0 ** min(errand.tries - 1, 20))
        return timedelta(seconds=pause * (0.5 + secrets.randbelow(1000) / 1000))

    def _tell(self, errand: Errand, outcome: Outcome, *, kept: bool) -> str:
        """Count and log, by ids and error codes only; what came of it, in a word."""
        rings = errand.kind == "alert" or _tells_several(errand)
        went = "sent" if rings else "posted" if errand.kind == "post" else "changed"
        error = None if isinstance(outcome, Sent) else outcome.error
        given_up = "needless" if error in _EXPECTED else "failed"
        name = {Sent: went, Later: "again", Never: given_up}[type(outcome)]
        self._house.counts.dms.labels(name if kept else "lease-lost").inc()
        if kept and isinstance(outcome, Sent) and rings:
            self._house.counts.dm_seconds.observe(max(0.0, (self._house.now() - errand.since).total_seconds()))
        level = self._house.log.info if isinstance(outcome, Sent) or error in _EXPECTED else self._house.log.warning
        what = {"errand": errand.id, "kind": errand.kind, "finding": errand.finding_id, "recipient": errand.recipient}
        level("dm", outcome=name, **what, tries=errand.tries, error=error, kept=kept)
        if isinstance(outcome, Later) and outcome.revoked:
            self._house.revoked.set()
        return name if kept else "lease-lost"


def _tells_several(errand: Errand) -> bool:
    """Whether an errand's DM stands for those of several findings."""
    return errand.kind == "notice" and errand.about.get("what") == together.WHAT


def _is_refused(outcome: Outcome) -> bool:
    """Whether Slack will never take it, as too long a message; where we hold it back ourselves, there is nothing to tell."""
    return isinstance(outcome, Never) and outcome.error not in _HELD_BACK


def _lane(errand: Errand) -> str:
    """Errands of one lane go one after the other: a person's DMs, and beside them what takes long before it is one."""
    return f"{errand.recipient}:{errand.about['what']}" if errand.about.get("what") in SLOW else errand.recipient


_HELD_BACK = frozenset({"settled", "not-allowed"})
_EXPECTED = frozenset({"settled", "withdrawn", "resolved", "terms-changed", "no alert", "alert not sent yet"})
