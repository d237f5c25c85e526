"""One delivery: what an errand says right now, to a recipient who may have it, in Slack's time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.house import House
from handlers.kept import Kept
from handlers.links import Links
from handlers.pace import Pace
from handlers.people import is_member, may_receive
from handlers.telling import posting
from handlers.telling.dm import Around, dm, look_around
from handlers.telling.errands import is_escalation, is_reminder
from handlers.telling.escalation import still_holds
from handlers.telling.outcome import FAILURES, Later, Never, Outcome, Sent, of_failure
from handlers.telling.post import OUT_OF_TIME, Ours, Post
from store import deals, findings, outbox
from store.records import Errand, StoredFinding
from templates.kit import Message

_AT_ONCE = timedelta(minutes=1)
"""A DM due later than this after its finding was put off."""

BY_CLOCK = "clock"
"""Who opened a finding again whose snooze was over."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: between looks into the store, of a lease, of the first and longest pause after a failure; tries until one gives up.

    So many tries take three days: longer than a weekend for which Slack or the network is away.
    `burst` DMs may go to one person in `burst_within` seconds: Slack grants one a second, and lets short bursts pass.
    """

    poll: float = 1.0
    lease: float = 120.0
    first_pause: float = 1.0
    longest_pause: float = 300.0
    tries: int = 1000
    burst: int = 4
    burst_within: float = 4.0


@dataclass(frozen=True, slots=True)
class InHand:
    """An errand that we have claimed, and until when (monotonic seconds) it is ours."""

    errand: Errand
    until: float


@dataclass(frozen=True, slots=True)
class _There:
    """The DMs of their own with which somebody was told of a finding, and the last one that told of it together with others."""

    told: Sequence[Errand] = ()
    beside: Errand | None = None


class Delivery:
    """Sends errands one by one. `client` must not retry by itself."""

    def __init__(self, house: House, client: AsyncWebClient, patience: Patience) -> None:
        self._house = house
        self._patience = patience
        self._post = Post(client)
        self._links = Links(client)
        self._paces: Kept[str, Pace] = Kept(5_000)

    async def deliver(self, hand: InHand) -> Outcome:
        """One try, and how it ended."""
        if hand.errand.kind == "notice":
            return await self._notice(hand)
        errand = hand.errand
        if errand.kind == "post":
            return await posting.deliver(self._house, self._post, errand, self._ours(hand))
        async with self._house.store.reading() as s:  # one for all that there is to look up: opening it costs more than most questions
            around = await self._around(s, errand)
            there = await _there(s, errand) if errand.kind == "update" else _There()
        if around is None:
            return Never("gone")
        try:
            if not await may_receive(self._house, around.known.deal, errand.recipient):
                return Never("not-allowed")
        except FAILURES as failure:
            return of_failure(failure)
        return await (self._alert(hand, around) if errand.kind == "alert" else self._update(there, around))

    async def _around(self, s: AsyncSession, errand: Errand) -> Around | None:
        stored = await findings.get(s, errand.finding_id) if errand.finding_id else None
        known = await deals.deal_by_id(s, stored.deal_id) if stored else None
        return await look_around(self._house, s, stored, known, errand.recipient) if stored and known else None

    async def _notice(self, hand: InHand) -> Outcome:
        """A DM about no finding: whoever asked for it says what stands in it now, and whether it is still wanted."""
        errand = hand.errand
        say = self._house.notices.get(str(errand.about.get("what")))
        if say is None:
            return Never("unknown notice")
        try:
            if not await is_member(self._house, errand.recipient):
                return Never("not-allowed")
            message = await say(errand)
        except FAILURES as failure:
            return of_failure(failure)
        if message is None:
            return Never("settled")
        if "of" in errand.about:
            return await self._replace(errand, self._house.dress(message))
        return await self._once(hand, self._house.dress(message), since=errand.since)

    async def _replace(self, errand: Errand, message: Message) -> Outcome:
        """Change a notice that was sent; one that is still on its way will show the present state itself."""
        async with self._house.store.reading() as s:
            sent = await outbox.get(s, int(errand.about["of"]))
        if sent is None or not (sent.channel and sent.ts):
            on_its_way = sent is not None and sent.state in ("waiting", "sending")
            return Later("alert not sent yet") if on_its_way else Never("no alert")
        return await self._post.change(sent.channel, sent.ts, message)

    async def _once(self, hand: InHand, message: Message, *, since: datetime) -> Outcome:
        """Post a DM in its recipient's turn; not with a lease about to end, for somebody else would post it too."""
        errand, ours = hand.errand, self._ours(hand)
        await self._pace(errand.recipient).turn()
        if not ours():
            return OUT_OF_TIME
        return await self._post.once(errand.recipient, errand.key, message, since=since, maybe_sent=errand.tries > 1, ours=ours)

    def _ours(self, hand: InHand) -> Ours:
        """Whether an errand is still ours to send, with a quarter of the lease for Slack to answer."""
        return lambda: monotonic() <= hand.until - self._patience.lease / 4

    async def _alert(self, hand: InHand, around: Around) -> Outcome:
        errand, stored = hand.errand, around.stored
        if is_escalation(errand.key) and not await still_holds(self._house, errand, stored):
            return Never("settled")
        if is_reminder(errand.key):
            reopened = await self._reopened(stored)
            if reopened is None:
                return Never("settled")
            async with self._house.store.reading() as s:
                stored, around = reopened, await look_around(self._house, s, reopened, around.known, errand.recipient)
        if stored.state in ("withdrawn", "resolved", "terms-changed"):
            return Never(stored.state)
        if stored.state in ("used", "not-an-issue", "snoozed") and errand.due_at > stored.raised_at + _AT_ONCE:
            return Never("settled")  # it waited for quiet hours to end, and somebody else has decided meanwhile
        return await self._once(hand, await self._message(around), since=stored.raised_at)

    async def _update(self, there: _There, around: Around) -> Outcome:
        """Change every DM of this finding that its recipient has; one that is still on its way is waited for."""
        standing = [(other.channel, other.ts) for other in there.told if other.channel and other.ts]
        if not standing and there.beside is None:
            on_its_way = any(other.state in ("waiting", "sending") for other in there.told)
            return Later("alert not sent yet") if on_its_way else Never("no alert")
        outcomes = [await self._beside(there.beside)] if there.beside else []
        message = await self._message(around) if standing else None
        outcomes += [await self._post.change(channel, ts, message) for channel, ts in standing if message is not None]
        later = next((outcome for outcome in outcomes if isinstance(outcome, Later)), None)
        return later or next((outcome for outcome in outcomes if isinstance(outcome, Sent)), outcomes[0])

    async def _beside(self, notice: Errand) -> Outcome:
        """The finding was told together with others: that DM is changed."""
        if not (notice.channel and notice.ts):
            return Later("alert not sent yet") if notice.state in ("waiting", "sending") else Never("no alert")
        message = await self._house.notices[str(notice.about["what"])](notice)
        return Never("settled") if message is None else await self._post.change(notice.channel, notice.ts, self._house.dress(message))

    async def _message(self, around: Around) -> Message:
        return self._house.dress(await dm(self._house, self._links, around))

    def _pace(self, recipient: str) -> Pace:
        patience = self._patience
        return self._paces.get(recipient) or self._paces.put(recipient, Pace(patience.burst, patience.burst_within))

    async def _reopened(self, stored: StoredFinding) -> StoredFinding | None:
        """A snooze is over: the finding, open again; None where it was decided meanwhile, or the snooze was undone."""
        now = self._house.now()
        if stored.state == "open":
            async with self._house.store.reading() as s:
                steps = await findings.steps(s, stored.id)
            return stored if steps and (steps[-1].before, steps[-1].by) == ("snoozed", BY_CLOCK) else None
        if stored.state != "snoozed" or (stored.until and stored.until > now):
            return None
        async with self._house.store.writing() as s:
            return await findings.change(s, stored.id, "open", by=BY_CLOCK, now=now)


async def _there(s: AsyncSession, errand: Errand) -> _There:
    asked = await outbox.of_finding(s, errand.finding_id or 0)
    told = [other for other in asked if other.kind == "alert" and other.recipient == errand.recipient]
    beside = [sent for other in told if "with" in other.about and (sent := await outbox.get(s, int(other.about["with"])))]
    return _There(told, beside[-1] if beside else None)
