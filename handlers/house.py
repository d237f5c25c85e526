"""What every handler needs at hand: the store, the clock, who we are, what was counted, and what is remembered for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession
from structlog.stdlib import BoundLogger

from bot.playbook.clock.patience import Habits
from bot.playbook.deeds import Limits
from bot.playbook.scenarios import FINDINGS
from bot.strong.reader import StrongReader
from bot.tracing import SILENCE, Traces
from handlers.crm.connected import Crm
from handlers.files.dropped import Taker
from handlers.findings.shelf import Shelf
from handlers.hearing.asked import Asked
from handlers.hearing.backlog import Backlog
from handlers.hearing.replicas import Replicas
from handlers.hearing.rooms import Rooms
from handlers.hearing.seen import Seen
from handlers.home.homes import Homes
from handlers.kept import Kept
from handlers.pace import Pace
from handlers.signed import BODY_AT_MOST, Prover, Signature, Take, standard
from store.engine import Store
from store.records import Errand, KnownDeal
from templates.kit import Message
from templates.scripts import OURS, Scripts

DEAL_SECONDS = 5.0
"""How long deals are taken from memory without a look whether another process (`jumpin deals import`, a second replica) changed any."""

DEAL_AGE = 300.0
"""How long a channel's deals are taken from memory at most."""

USER_SECONDS = 3600.0
"""How long a person's team and guest status are taken from memory when they speak."""

ZONE_SECONDS = 86_400.0
"""How long a person's time zone is taken from memory: people do not travel by the minute."""

MEMBER_SECONDS = 60.0
"""The same when they are to be shown or told something: somebody may have left or become a guest just now."""


DELIVERED_SECONDS = 600.0
"""How long a signed delivery is remembered: signatures hold for five minutes."""


PASTE_SECONDS = 60.0
"""How long a long message is remembered that may go on in the next one."""


DRAW_SECONDS = 86_400.0
"""How long it is taken from memory whether this Slack draws charts itself."""


_OUTCOMES = ("quiet", "finding", "unlinked", "failed")
_TOLD = ("sent", "changed", "again", "failed")
_COMPLETED = ("complete", "unanswered", "left out")
_DM_BUCKETS = (0.25, 0.5, 1, 2, 5, 15, 60, 300, 1800)
_READER_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot as Slack tells it: home workspace and organisation, whether it is a guest, a bot, or gone, and its time zone."""

    id: str
    team_id: str | None
    enterprise_id: str | None = None
    guest: bool = False
    bot: bool = False
    gone: bool = False
    name: str | None = None
    zone: str | None = None


class Counts:
    """Counters in a registry of their own; labels are reasons and scenario names, never a customer or a figure."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._outcomes: dict[str, Counter] = {}
        self.messages = Counter("jumpin_messages", "Messages by what came of them", ["outcome"], registry=self.registry)
        self.findings = Counter("jumpin_findings", "Findings recorded", ["scenario"], registry=self.registry)
        self.opinions = Counter("jumpin_opinions", "Questions to the strong reader by outcome", ["outcome"], registry=self.registry)
        self.deliveries = Counter("jumpin_deliveries", "Signed deliveries by outcome", ["hook", "outcome"], registry=self.registry)
        self.dms = Counter("jumpin_dms", "Direct messages by what came of them", ["outcome"], registry=self.registry)
        self.dm_seconds = Histogram(
            "jumpin_dm_seconds", "Seconds from when a direct message was due until it stood", buckets=_DM_BUCKETS, registry=self.registry
        )
        self.outbox_age = Gauge("jumpin_outbox_age_seconds", "How long what has waited longest has been due", registry=self.registry)
        self.unproven = Counter("jumpin_unproven_requests", "Requests not signed by our Slack app just now", registry=self.registry)
        self.rate_limits = Counter("jumpin_rate_limit_waits", "Times that Slack asked us to wait", registry=self.registry)
        told = "Looks for what another replica heard before a message, by what came of them"
        self.completions = Counter("jumpin_completions", told, ["outcome"], registry=self.registry)
        self.reader_seconds = Histogram(
            "jumpin_reader_seconds", "Seconds that reading a message took", buckets=_READER_BUCKETS, registry=self.registry
        )
        self._begin()

    def _begin(self) -> None:
        """Usual labels are there from the start, at 0: Prometheus sees no increase in what comes up at 1, and nothing without it."""
        for counter, labels in {self.messages: _OUTCOMES, self.findings: FINDINGS, self.dms: _TOLD, self.completions: _COMPLETED}.items():
            for label in labels:
                counter.labels(label)

    def message(self, outcome: str) -> None:
        """Count a message by its outcome: "quiet", "finding", or the reason why it was left alone ("unlinked", "own-side" ...)."""
        counted = self._outcomes.get(outcome)
        if counted is None:
            counted = self._outcomes[outcome] = self.messages.labels(outcome)
        counted.inc()

    def value(self, counter: Counter, label: str) -> float:
        """What a counter stands at, for tests and the health page."""
        return float(counter.labels(label)._value.get())


def as_it_is(message: Message) -> Message:
    """Slack shows all that we say."""
    return message


Saved = Callable[[AsyncSession, Any, int, str], Awaitable[None]]
"""Hears of a deal that was saved by the form: the CRM's record that the form carried (anything), the deal's id, and who saved it."""


async def _heard_by_nobody(_s: AsyncSession, _record: Any, _deal: int, _user: str) -> None:
    """Nothing to do."""


Notice = Callable[[Errand], Awaitable[Message | None]]
"""Says what a DM that is about no finding shows now; None when it is wanted no more. It checks who may see the deal that it names."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A door for signed deliveries: who takes them in, how a sender is proven, the bytes that one may have.

    `others`: how services sign that do so in their own way.
    """

    take: Take
    prove: Prover = standard
    at_most: int = BODY_AT_MOST
    others: tuple[Signature, ...] = ()


@dataclass(slots=True)
class House:
    """One running bot. `slack` is for asking Slack (it waits out rate limits); sending belongs to the courier.

    `own_team_id`, `own_enterprise_id`, `bot_user_id` and `bot_id` come from auth.test. `timezone` holds for deals that name none.
    Set `wake` after a transaction that left an errand for the courier. `revoked` is set when Slack took our token away for good.
    `dress` alters what we say for a Slack look-alike that shows less than Slack does.
    `scripts` are the installation's, in its language and tone; they may take a moment, so ask for them in a thread.
    `habits` are the clock's: the hour of the daily message, what is switched off.
    `limits` say from when on actual volumes are a shortfall.
    `strong` is the strong reader where the installation has one; `asked` the questions to it that are on their way.
    `learning`: whether what people make of findings decides for whom a scenario rings.
    `notices` say what the DMs that are about no finding show, by what they are ("what" in the errand).
    `hooks` take signed deliveries, by the last part of their path; `secrets` are theirs, and those of services
    that sign in their own way: a hook without one does not exist.
    `traces` take spans of what is done; the span that an errand was left in goes with it.
    `delivered` remembers for a while what was taken in, so that a delivery that is sent again is not.
    `file_takers` are asked in turn whether a file that was dropped is for them; `whole_calls` are those heard in the last minutes.
    `pastes` are the last long parts of pasted transcripts, by channel and person.
    `crm` is the CRM that deals come from, where there is one; `saved` hears of deals that the form saved.
    `post_for_me`: whether a person may have a script posted for them in the customer's channel.
    `shelf` remembers deals' findings in figures; `homes` who has Home open; `short` the numbers of a person's deals (by their ids) in a
    few lines.
    `replicas` tells whether other processes hear along.
    `backlog` takes the channels whose history is to be read; `handled` are the message states done in this process.
    """

    store: Store
    slack: AsyncWebClient
    now: Callable[[], datetime]
    log: BoundLogger
    own_team_id: str
    bot_user_id: str
    bot_id: str | None = None
    own_enterprise_id: str | None = None
    timezone: str = "America/New_York"
    dress: Callable[[Message], Message] = as_it_is
    scripts: Scripts = OURS
    limits: Limits = field(default_factory=Limits)
    habits: Habits = field(default_factory=Habits)
    learning: bool = True
    post_for_me: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    revoked: asyncio.Event = field(default_factory=asyncio.Event)
    counts: Counts = field(default_factory=Counts)
    traces: Traces = SILENCE
    users: Kept[str, User] = field(default_factory=lambda: Kept(5_000, USER_SECONDS))
    asked_lately: Kept[str, bool] = field(default_factory=lambda: Kept(5_000, MEMBER_SECONDS))
    zones: Kept[str, str] = field(default_factory=lambda: Kept(20_000, ZONE_SECONDS))
    deals: Kept[str, tuple[KnownDeal, ...]] = field(default_factory=lambda: Kept(20_000, DEAL_AGE))
    deals_stamp: Kept[str, tuple[int, ...]] = field(default_factory=lambda: Kept(1, DEAL_SECONDS))
    deals_seen: tuple[int, ...] = ()
    names: Kept[str, str] = field(default_factory=lambda: Kept(20_000, USER_SECONDS))
    handled: Kept[tuple[str, str, str], bool] = field(default_factory=lambda: Kept(20_000))
    rooms: Rooms = field(default_factory=Rooms)
    replicas: Replicas = field(default_factory=Replicas)
    seen: Seen = field(default_factory=Seen)
    pace: Pace = field(default_factory=Pace)
    backlog: Backlog = field(default_factory=Backlog)
    shelf: Shelf = field(default_factory=Shelf)
    weeks: Kept[str, bool] = field(default_factory=lambda: Kept(5_000))
    draws: Kept[str, bool] = field(default_factory=lambda: Kept(1, DRAW_SECONDS))
    homes: Homes = field(default_factory=Homes)
    short: Kept[tuple[str, tuple[int, ...]], str] = field(default_factory=lambda: Kept(200, USER_SECONDS))
    notices: dict[str, Notice] = field(default_factory=dict)
    file_takers: list[Taker] = field(default_factory=list)
    pastes: Kept[tuple[str, str], str] = field(default_factory=lambda: Kept(1_000, PASTE_SECONDS))
    whole_calls: Kept[int, Any] = field(default_factory=lambda: Kept(4, 600.0))
    hooks: dict[str, Hook] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    delivered: Kept[tuple[str, str], bool] = field(default_factory=lambda: Kept(20_000, DELIVERED_SECONDS))
    crm: Crm | None = None
    saved: Saved = _heard_by_nobody
    strong: StrongReader | None = None
    asked: Asked = field(default_factory=Asked)
