"""A bot at home: the real Slack app, a store in a file, and a fake Web API at its own address."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import time
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import build, build_house
from bot.deal import Deal, Person, Volume
from bot.deal import Test as Trial
from bot.settings import Settings
from handlers.house import House
from handlers.identity import Identity
from handlers.slack import SlackApp
from store import deals, findings, outbox
from store.engine import Store, open_store
from store.records import Errand, StoredFinding
from tests.blank import ready
from tests.handlers.crm_office import office as office  # noqa: PLC0414 - a fixture for all tests here
from tests.handlers.fake_web import FakeWeb, fake_web

SECRET = "signing-secret"
NOON = 1793811600
"""2026-11-04 12:00 in New York: day 3 of the sample deal's test."""

PEOPLE = (
    Person(id="UDANA", name="Dana", role="customer"),
    Person(id="UIVAN", name="Ivan", role="implementation"),
    Person(id="URILEY", name="Riley", role="rep"),
    Person(id="UMORGAN", name="Morgan", role="leadership"),
)


def acme(**other: Any) -> Deal:
    """The sample deal: 150 a day from 2026-11-02 for two weeks, then 500."""
    fields: dict[str, Any] = {
        "customer": "Acme",
        "people": PEOPLE,
        "volume": Volume(committed_per_day=500, annual=130000),
        "test": Trial(volume_per_day=150, starts=date(2026, 11, 2)),
        "channels": ("CACME",),
    }
    return Deal(**{**fields, **other})


def ts(after: float = 0) -> str:
    """A Slack ts so many seconds after noon."""
    return f"{NOON + after:.6f}"


def unreachable() -> Store:
    """A store whose database is away."""
    return open_store("postgresql://nobody@127.0.0.1:1/none")


@dataclass
class Bot:
    """The bot under test with its surroundings."""

    app: SlackApp
    house: House
    web: FakeWeb
    events: int = field(default=0)

    async def event(self, event_id: str | None = None, **event: Any) -> int:
        """Deliver an event as Slack does, signed; the status that Slack gets."""
        self.events += 1
        wrapper = {"type": "event_callback", "team_id": "TOWN", "event_id": event_id or f"Ev{self.events}", "event": event}
        body, stamp = json.dumps(wrapper), str(int(time()))
        headers = {
            "content-type": "application/json",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or "",
        }
        return (await self.app.answer(body, headers)).status

    async def says(self, user: str, text: str, at: float = 0, **more: Any) -> int:
        """Somebody says something in the sample channel."""
        return await self.event(**{"type": "message", "channel": "CACME", "user": user, "text": text, "ts": ts(at), **more})

    async def edits(self, user: str, before: str, text: str, later: float = 60) -> int:
        """Somebody changes what they said at noon."""
        old = {"type": "message", "user": user, "text": before, "ts": ts()}
        new = {**old, "text": text, "edited": {"user": user, "ts": ts(later)}}
        changed = {"message": new, "previous_message": old, "ts": ts(later)}
        return await self.event(type="message", subtype="message_changed", channel="CACME", **changed)

    async def deletes(self, at: float = 0) -> int:
        """A message is deleted."""
        return await self.event(type="message", subtype="message_deleted", channel="CACME", deleted_ts=ts(at), ts=ts(at + 90))

    async def findings(self, customer: str = "Acme") -> list[StoredFinding]:
        """The open findings of a deal that call for a DM."""
        async with self.house.store.reading() as s:
            known = await deals.deal_named(s, customer)
            assert known is not None
            return [stored for stored in await findings.open_findings(s, known.id) if stored.finding.urgency == "now"]

    async def errands(self) -> list[Errand]:
        """All errands of the first findings."""
        async with self.house.store.reading() as s:
            return [errand for number in range(1, 10) for errand in await outbox.of_finding(s, number)]

    def counted(self, outcome: str) -> float:
        """How many messages came to this."""
        return self.house.counts.value(self.house.counts.messages, outcome)

    async def import_deal(self, deal: Deal) -> None:
        """Import a deal as `jumpin deals import` does."""
        async with self.house.store.writing() as s:
            await deals.save_deal(s, deal, by="test", source="test", now=datetime.now(UTC))
        self.house.deals.clear()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}"
    ready(url)
    store = open_store(url)
    yield store
    await store.close()


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    """A Slack with our own people and two from the customer's workspace."""
    async with fake_web() as fake:
        own = {"team_id": "TOWN"}
        fake.users = {
            "URILEY": own,
            "UIVAN": own,
            "UOWN": own,
            "UGUEST": {**own, "is_restricted": True},
            "UDANA": {"team_id": "TACME"},
            "UFOREIGN": {"team_id": "TACME"},
        }
        fake.channels = {"CACME": "impl-acme", "COTHER": "random"}
        yield fake


@pytest.fixture
async def bot(store: Store, web: FakeWeb) -> Bot:
    """The bot with the sample deal imported."""
    settings = Settings(_env_file=None, slack_bot_token="xoxb-test", slack_signing_secret=SECRET, slack_api_url=web.url)  # type: ignore[call-arg]
    house = build_house(settings, store, Identity("TOWN", "UBOT", "BBOT", None, None))
    bot = Bot(build(settings, house), house, web)
    await bot.import_deal(acme())
    return bot
