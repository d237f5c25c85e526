"""The courier: takes errands from the store and tells the right person, once, in Slack's time."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from slack_sdk.web.async_client import AsyncWebClient

from handlers.dm import dm
from handlers.house import House
from handlers.kept import Kept
from handlers.links import Links
from handlers.outcome import FAILURES, Later, Never, Outcome, Sent, of_failure
from handlers.pace import Pace
from handlers.people import may_receive
from handlers.post import Post
from store import deals, findings, outbox
from store.records import Errand, KnownDeal, StoredFinding
from templates.kit import Message

AT_ONCE = 100
"""Errands in hand at a time; the rest waits in the store, for this process or another."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: between looks into the store, of a lease, of the first and longest pause after a failure; tries until one gives up.

    `burst` DMs may go to one person in `burst_within` seconds: Slack grants one a second, and lets short bursts pass.
    """

    poll: float = 1.0
    lease: float = 120.0
    first_pause: float = 1.0
    longest_pause: float = 300.0
    tries: int = 40
    burst: int = 4
    burst_within: float = 4.0


@dataclass(frozen=True, slots=True)
class _InHand:
    errand: Errand
    until: float


class Courier:
    """Delivers errands; each person's one after the other, different people's side by side. `client` must not retry by itself."""

    def __init__(self, house: House, client: AsyncWebClient, patience: Patience | None = None) -> None:
        self._house = house
        self._patience = patience or Patience()
        self._post = Post(client)
        self._links = Links(client)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:64]
        self._queues: dict[str, deque[_InHand]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._paces: Kept[str, Pace] = Kept(5_000)

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
        """Claim what is due and hand it to the workers; whether our hands are full."""
        room = AT_ONCE - sum(len(queue) for queue in self._queues.values())
        if room <= 0:
            return True
        until = monotonic() + self._patience.lease
        async with self._house.store.writing() as s:
            claimed = await outbox.claim(s, self._owner, self._house.now(), timedelta(seconds=self._patience.lease), room)
        for errand in claimed:
            self._queues.setdefault(errand.recipient, deque()).append(_InHand(errand, until))
            if errand.recipient not in self._workers:
                self._workers[errand.recipient] = asyncio.create_task(self._serve(errand.recipient))
        return len(claimed) == room

    async def _rest(self) -> None:
        """Until something is left for us, or due, or a poll interval has passed."""
        async with self._house.store.reading() as s:
            due = await outbox.next_due(s)
        pause = self._patience.poll
        if due is not None:
            pause = min(pause, max(0.05, (due - self._house.now()).total_seconds()))
        try:
            async with asyncio.timeout(pause):
                await self._house.wake.wait()
        except TimeoutError:
            pass

    async def _serve(self, recipient: str) -> None:
        queue = self._queues[recipient]
        try:
            while queue:
                await self._settle(queue[0])
                queue.popleft()
        except asyncio.CancelledError:
            for hand in queue:
                await self._note(hand.errand, Later("stopped", seconds=0.0))
            raise
        finally:
            del self._queues[recipient], self._workers[recipient]

    async def _settle(self, hand: _InHand) -> None:
        """Deliver one errand and write down what came of it. A lease that has run out means that it is somebody else's now."""
        try:
            outcome = await self._deliver(hand)
            while isinstance(outcome, Later) and outcome.seconds is not None and monotonic() + outcome.seconds < hand.until:
                await asyncio.sleep(outcome.seconds)
                outcome = await self._deliver(hand)
            await self._note(hand.errand, outcome)
        except Exception as failure:
            # the lease stays: when it has run out the errand is taken up again, with a look whether it was sent
            self._house.log.warning("errand left", errand=hand.errand.id, error=type(failure).__name__, exc_info=failure)

    async def _deliver(self, hand: _InHand) -> Outcome:
        errand = hand.errand
        async with self._house.store.reading() as s:
            stored = await findings.get(s, errand.finding_id)
            known = await deals.deal_by_id(s, stored.deal_id) if stored else None
        if stored is None or known is None:
            return Never("gone")
        try:
            if not await may_receive(self._house, known.deal, errand.recipient):
                return Never("not-allowed")
        except FAILURES as failure:
            return of_failure(failure)
        return await (self._alert(hand, stored, known) if errand.kind == "alert" else self._update(errand, stored, known))

    async def _alert(self, hand: _InHand, stored: StoredFinding, known: KnownDeal) -> Outcome:
        errand = hand.errand
        if is_reminder(errand.key):
            if stored.state not in ("open", "snoozed") or (stored.until and stored.until > self._house.now()):
                return Never("settled")
            stored = await self._reopened(stored)
        if stored.state in ("withdrawn", "resolved", "terms-changed"):
            return Never(stored.state)
        message = await self._message(stored, known)
        await self._pace(errand.recipient).turn()
        if monotonic() > hand.until - self._patience.lease / 4:
            return Later("out of time", seconds=None)
        return await self._post.once(errand.recipient, errand.key, message, since=stored.raised_at, maybe_sent=errand.tries > 1)

    async def _update(self, errand: Errand, stored: StoredFinding, known: KnownDeal) -> Outcome:
        """Change every DM of this finding that its recipient has; one that is still on its way is waited for."""
        async with self._house.store.reading() as s:
            told = [
                other for other in await outbox.of_finding(s, stored.id) if other.kind == "alert" and other.recipient == errand.recipient
            ]
        standing = [(other.channel, other.ts) for other in told if other.channel and other.ts]
        if not standing:
            on_its_way = any(other.state in ("waiting", "sending") for other in told)
            return Later("alert not sent yet") if on_its_way else Never("no alert")
        message = await self._message(stored, known)
        outcomes = [await self._post.change(channel, ts, message) for channel, ts in standing]
        later = next((outcome for outcome in outcomes if isinstance(outcome, Later)), None)
        return later or next((outcome for outcome in outcomes if isinstance(outcome, Sent)), outcomes[0])

    async def _message(self, stored: StoredFinding, known: KnownDeal) -> Message:
        return self._house.dress(await dm(self._house, self._links, stored, known))

    def _pace(self, recipient: str) -> Pace:
        patience = self._patience
        return self._paces.get(recipient) or self._paces.put(recipient, Pace(patience.burst, patience.burst_within))

    async def _reopened(self, stored: StoredFinding) -> StoredFinding:
        if stored.state != "snoozed":
            return stored
        async with self._house.store.writing() as s:
            return await findings.change(s, stored.id, "open", by="clock", now=self._house.now())

    async def _note(self, errand: Errand, outcome: Outcome) -> None:
        now = self._house.now()
        async with self._house.store.writing() as s:
            match outcome:
                case Sent(channel, ts):
                    kept = await outbox.sent(s, errand, channel, ts, now)
                case Later(error) if errand.tries < self._patience.tries or outcome.revoked:
                    kept = await outbox.again(s, errand, now + self._pause(errand, outcome), error)
                case Later(error) | Never(error):
                    kept = await outbox.failed(s, errand, error, now)
        self._tell(errand, outcome, kept=kept)

    def _pause(self, errand: Errand, outcome: Later) -> timedelta:
        """What Slack asks for, else twice as long each time, with a spread so that many do not come back at once."""
        if outcome.seconds is not None:
            return timedelta(seconds=outcome.seconds)
        longest = self._patience.longest_pause
        pause = longest if outcome.revoked else min(longest, self._patience.first_pause * 2.0 ** min(errand.tries - 1, 20))
        return timedelta(seconds=pause * (0.5 + secrets.randbelow(1000) / 1000))

    def _tell(self, errand: Errand, outcome: Outcome, *, kept: bool) -> None:
        """Count and log, by ids and error codes only."""
        name = {Sent: "sent" if errand.kind == "alert" else "changed", Later: "again", Never: "failed"}[type(outcome)]
        self._house.counts.dms.labels(name if kept else "lease-lost").inc()
        error = None if isinstance(outcome, Sent) else outcome.error
        level = self._house.log.info if isinstance(outcome, Sent) or error in _EXPECTED else self._house.log.warning
        level("dm", outcome=name, errand=errand.id, finding=errand.finding_id, kind=errand.kind, tries=errand.tries, error=error, kept=kept)
        if isinstance(outcome, Later) and outcome.revoked:
            self._house.revoked.set()


_EXPECTED = frozenset({"settled", "withdrawn", "resolved", "terms-changed", "no alert", "alert not sent yet"})
_AGAIN = ":again:"


def reminder_key(finding_id: int, recipient: str, version: int) -> str:
    """The key of the DM that comes back after a snooze; the version makes each snooze's its own."""
    return f"alert:{finding_id}:{recipient}{_AGAIN}{version}"


def is_reminder(key: str) -> bool:
    """Whether an errand's DM comes back after a snooze."""
    return _AGAIN in key
