"""A house with a real store and a fake Slack, a deal of Riley's, and signed requests, for the tests of telling."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from bot.app import build
from bot.deal import Deal
from bot.settings import Settings
from handlers.house import House
from handlers.slack import SlackApp
from handlers.telling import errands
from handlers.telling.delivery import Patience
from handlers.telling.tell import Courier
from store import deals, finding_list, findings, outbox
from store.engine import open_store
from store.finding_list import Wanted
from store.records import Errand, KnownDeal, Origin, StoredFinding
from store.tables import ErrandRow
from tests.blank import ready
from tests.live.fake_slack import TOKEN, FakeSlack, fake_slack
from tests.templates.samples import deal as sample_deal
from tests.templates.samples import finding as sample_finding

START = datetime(2026, 11, 4, 14, 16, tzinfo=UTC)
SECRET = "signing"
PEOPLE = [
    {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
    {"id": "U2", "name": "Ivan Petrov", "role": "implementation"},
    {"id": "U3", "name": "Riley Chen", "role": "rep"},
    {"id": "U4", "name": "Morgan Lee", "role": "leadership"},
]
SETTINGS = Settings(_env_file=None, slack_bot_token=TOKEN, slack_signing_secret=SECRET)  # type: ignore[call-arg]
"""Of all stages: to look for each setting in the environment takes as long as to store a deal."""

QUICK = Patience(poll=0.05, first_pause=0.05, longest_pause=0.2)


@dataclass
class Clock:
    """Runs with real time from START; `ahead` jumps."""

    began: float = field(default_factory=time.monotonic)
    jumped: timedelta = timedelta()

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.began) + self.jumped

    def ahead(self, **by: float) -> None:
        self.jumped += timedelta(**by)


@dataclass
class Stage:
    """Everything a test of telling touches."""

    house: House
    slack: FakeSlack
    clock: Clock
    app: SlackApp
    logged: list[dict[str, Any]]
    acknowledged_in: float = 0.0

    async def know(self, deal: Deal | None = None) -> KnownDeal:
        """Store a deal, Acme's by default, linked to C1."""
        async with self.house.store.writing() as s:
            saved = await deals.save_deal(s, deal or acme(), by="test", source="test", now=self.clock.now())
        async with self.house.store.reading() as s:
            known = await deals.deal_by_id(s, saved.id)
        assert known is not None
        return known

    async def hear(self, known: KnownDeal, scenario: str = "volume-bait-and-switch", **facts: Any) -> StoredFinding:
        """Somebody says something in C1: the finding is recorded and the courier asked."""
        ts = self.slack.say("U1", "C1", "figure 10, maybe 15 boxes a day from us")
        async with self.house.store.writing() as s:
            origin = Origin("C1", ts, "U1", self.clock.now())
            stored, _ = await findings.record(s, known.id, sample_finding(scenario, **facts), origin, self.clock.now())
            await errands.alert(s, known, stored, self.clock.now())
        self.house.wake.set()
        return stored

    async def says(self, user: str, text: str, channel: str = "C1") -> str:
        """Somebody says something, and the bot hears it; the ts."""
        ts = self.slack.say(user, channel, text)
        await self.message_event(channel=channel, user=user, text=text, ts=ts)
        return ts

    async def edits(self, ts: str, user: str, before: str, text: str, channel: str = "C1") -> None:
        """Somebody changes what they said."""
        at = f"{self.clock.now().timestamp():.6f}"
        old = {"type": "message", "user": user, "text": before, "ts": ts}
        new = {**old, "text": text, "edited": {"user": user, "ts": at}}
        await self.message_event(subtype="message_changed", channel=channel, message=new, previous_message=old, ts=at)

    async def deletes(self, ts: str, channel: str = "C1") -> None:
        """A message is deleted."""
        await self.message_event(subtype="message_deleted", channel=channel, deleted_ts=ts, ts=f"{self.clock.now().timestamp():.6f}")

    async def all_found(self, known: KnownDeal) -> list[StoredFinding]:
        """Every finding of a deal, oldest first."""
        async with self.house.store.reading() as s:
            found, _ = await finding_list.page(s, Wanted([known.id]), first=0, most=1000)
        return found[::-1]

    async def settle(self) -> None:
        """Wait until nothing that is due is left for the courier, nor in its hands."""
        left = (
            select(func.count())
            .select_from(ErrandRow)
            .where(
                or_(col(ErrandRow.state) == "sending", and_(col(ErrandRow.state) == "waiting", col(ErrandRow.due_at) <= self.clock.now()))
            )
        )
        self.house.wake.set()
        for _ in range(250):
            async with self.house.store.reading() as s:
                if (await s.exec(left)).one() == 0:
                    return
            await asyncio.sleep(0.02)
        pytest.fail("errands still due after 5 s")

    async def withdraw(self, stored: StoredFinding) -> None:
        """Its message is deleted."""
        async with self.house.store.writing() as s:
            for gone in await findings.withdraw(s, stored.origin.channel, stored.origin.ts, now=self.clock.now()):
                await errands.update(s, gone, self.clock.now())
        self.house.wake.set()

    async def errands(self, finding_id: int) -> list[Errand]:
        """What the courier was asked about a finding."""
        async with self.house.store.reading() as s:
            return await outbox.of_finding(s, finding_id)

    async def courier_done(self) -> None:
        """Wait until no errand waits or is in hand."""
        for _ in range(250):
            async with self.house.store.reading() as s:
                if not await outbox.waiting(s):
                    return
            await asyncio.sleep(0.02)
        pytest.fail("errands still open after 5 s")

    async def told(self, finding_id: int) -> list[Errand]:
        """The errands of a finding, once none of them waits or is in hand."""
        for _ in range(250):
            asked = await self.errands(finding_id)
            if all(errand.state in ("sent", "failed") for errand in asked):
                return asked
            await asyncio.sleep(0.02)
        pytest.fail("errands still open after 5 s")

    async def state(self, finding_id: int) -> StoredFinding:
        """The finding as it stands."""
        async with self.house.store.reading() as s:
            stored = await findings.get(s, finding_id)
        assert stored is not None
        return stored

    @asynccontextmanager
    async def courier(self, patience: Patience = QUICK) -> AsyncIterator[Courier]:
        """A running courier."""
        courier = Courier(self.house, self.slack.client(1), patience)
        running = asyncio.create_task(courier.run())
        try:
            yield courier
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            async with asyncio.timeout(5):
                await courier.drain()

    async def press(self, user: str, action: dict[str, Any], trigger: str = "1.ok", *, ephemeral: bool = False) -> BoltResponse:
        """A click on an element of a DM, or of a message that only this person sees, as Slack sends it."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "channel": {"id": f"D{user}"},
            "container": {"type": "message", "is_ephemeral": ephemeral},
            "response_url": self.slack.base_url.replace("/api/", "/response"),
            "trigger_id": trigger,
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.0", **action}],
        }
        return await self._dispatch(urlencode({"payload": json.dumps(payload)}))

    async def message_event(self, **event: Any) -> None:
        """A message event; it must be acknowledged."""
        assert await self.event(type="message", **event) == 200

    async def event(self, **event: Any) -> int:
        """An event of Slack's; the status that it gets."""
        body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
        return (await self._dispatch(body, "application/json")).status

    async def submit(self, user: str, view: dict[str, Any], typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A modal sent off with what stands in it, and `typed` (by field) over that; Slack's instructions."""
        values: dict[str, dict[str, Any]] = {}
        given = dict(typed or {})
        for block in view["blocks"]:
            if block["type"] == "input":
                name = block["block_id"].partition("#")[0]
                values[block["block_id"]] = {"value": _entered(block["element"], given.pop(name, ...))}
        assert not given, f"no such fields: {given}"
        return await self.send(user, view, values)

    async def send(self, user: str, view: dict[str, Any], values: Any) -> dict[str, Any]:
        """A modal sent off with any values."""
        sent = {name: view[name] for name in ("callback_id", "private_metadata", "blocks")}
        view = {"id": "V1", "type": "modal", **sent, "state": {"values": values}}
        payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1", "view": view}
        response = await self._dispatch(urlencode({"payload": json.dumps(payload)}))
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.body) if response.body else {}
        return answer

    async def command(
        self, user: str, text: str = "", channel: str = "C9", name: str = "/deal-status", trigger: str = "1.ok"
    ) -> dict[str, Any]:
        """A command as somebody types it; what Slack would show."""
        fields = {"command": name, "text": text, "user_id": user, "channel_id": channel, "team_id": "T1", "trigger_id": trigger}
        response = await self._dispatch(urlencode(fields))
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.body) if response.body else {}
        return answer

    async def opens_home(self, user: str, tab: str = "home") -> dict[str, Any]:
        """Somebody opens Home; what stands there then."""
        there = {"view": self.slack.homes[user]} if user in self.slack.homes else {}
        assert await self.event(type="app_home_opened", user=user, channel=f"D{user}", tab=tab, **there) == 200
        return self.slack.homes.get(user, {})

    async def presses_home(self, user: str, view: Any, **action: Any) -> dict[str, Any]:
        """A press in a Home tab, which has no response_url; what stands there then."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "trigger_id": "1.ok",
            "view": view,
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.0", **action}],
        }
        assert (await self._dispatch(urlencode({"payload": json.dumps(payload)}))).status == 200
        return self.slack.homes.get(user, {})

    async def asks(self, user: str, text: str = "", channel: str = "C9", name: str = "/deal-script") -> dict[str, Any]:
        """A command that is acknowledged at once and answered by its response_url; the answer."""
        before = len(self.slack.responses)
        url = self.slack.base_url.replace("/api/", "/response")
        fields = {"command": name, "text": text, "user_id": user, "channel_id": channel, "team_id": "T1", "response_url": url}
        begun = time.monotonic()
        response = await self._dispatch(urlencode(fields))
        assert (response.status, response.body) == (200, "")
        self.acknowledged_in = time.monotonic() - begun
        await until(lambda: len(self.slack.responses) > before, within=30)
        return dict(self.slack.responses[-1])

    async def shortcut(self, user: str, trigger: str = "1.ok") -> None:
        """The global shortcut "New deal"."""
        who = {"user": {"id": user, "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": trigger}
        payload = {"type": "shortcut", "callback_id": "jumpin-new-deal", "action_ts": "1.0", **who}
        assert (await self._dispatch(urlencode({"payload": json.dumps(payload)}))).status == 200

    async def points(self, user: str, shortcut: str, channel: str, message: Mapping[str, Any], trigger: str = "1.ok") -> None:
        """A message shortcut, as Slack sends it; it is acknowledged at once and answered later."""
        payload = {
            "type": "message_action",
            "callback_id": shortcut,
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "channel": {"id": channel, "name": "any"},
            "message": dict(message),
            "message_ts": message.get("ts"),
            "action_ts": "1.0",
            "trigger_id": trigger,
            "response_url": self.slack.base_url.replace("/api/", "/response"),
        }
        response = await self._dispatch(urlencode({"payload": json.dumps(payload)}))
        assert (response.status, response.body) == (200, "")

    async def press_in(self, user: str, view: Mapping[str, Any], action_id: str) -> None:
        """A button within a modal that stands."""
        sent = {name: view[name] for name in ("callback_id", "private_metadata", "blocks")}
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "trigger_id": "1.ok",
            "view": {"id": "V1", "hash": "h", "type": "modal", **sent, "state": {"values": {}}},
            "actions": [{"type": "button", "block_id": "check", "action_ts": "1.0", "action_id": action_id, "value": "any"}],
        }
        assert (await self._dispatch(urlencode({"payload": json.dumps(payload)}))).status == 200

    async def fill(self, user: str, view: dict[str, Any], text: Any) -> None:
        """A deal file pasted into the form for a new deal, and the button pressed."""
        block = next(block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith("paste"))
        state = {"values": {block: {"value": {"type": "plain_text_input", "value": text}}}}
        sent = {name: view[name] for name in ("callback_id", "private_metadata", "blocks")}
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "trigger_id": "1.ok",
            "view": {"id": "V1", "hash": "h", "type": "modal", **sent, "state": state},
            "actions": [{"type": "button", "block_id": "fill#0", "action_ts": "1.0", "action_id": "jumpin-deal-fill", "value": "fill"}],
        }
        assert (await self._dispatch(urlencode({"payload": json.dumps(payload)}))).status == 200

    async def _dispatch(self, body: str, content_type: str = "application/x-www-form-urlencoded") -> BoltResponse:
        stamp = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature or "",
        }
        return await self.app.answer(body, headers)


def _entered(element: dict[str, Any], given: Any) -> dict[str, Any]:
    """An element's state as Slack sends it: what is given, else its initial value."""
    kinds = {
        "plain_text_input": ("value", "initial_value"),
        "datepicker": ("selected_date", "initial_date"),
        "users_select": ("selected_user", "initial_user"),
        "multi_users_select": ("selected_users", "initial_users"),
        "multi_conversations_select": ("selected_conversations", "initial_conversations"),
        "static_select": ("selected_option", "initial_option"),
        "checkboxes": ("selected_options", "initial_options"),
    }
    name, initial = kinds[element["type"]]
    if given is ...:
        many = name in ("selected_users", "selected_conversations", "selected_options")
        return {"type": element["type"], name: element.get(initial, [] if many else None)}
    if name == "selected_option":
        given = {"text": {"type": "plain_text", "text": str(given)}, "value": str(given)}
    if name == "selected_options":
        given = [{"text": {"type": "plain_text", "text": str(one)}, "value": str(one)} for one in given]
    return {"type": element["type"], name: given}


def acme(**other: Any) -> Deal:
    """Acme's deal: Riley is the rep, Morgan leads, Dana is the customer."""
    return sample_deal(**({"people": PEOPLE, "channels": ["C1"]} | other))


@asynccontextmanager
async def stage(database: str, like: Path | None = None) -> AsyncIterator[Stage]:
    """A house on the database at that URL (a copy of `like` if given), with the people of the deal and an outsider of the own team."""
    clock = Clock()
    await asyncio.to_thread(ready, database, like)
    async with fake_slack() as slack:
        slack.clock = lambda: clock.now().timestamp()
        for user, name in {"U1": "Dana Ortiz", "U2": "Ivan Petrov", "U3": "Riley Chen", "U4": "Morgan Lee", "U5": "Sam Stone"}.items():
            slack.person(user, name, **({"team_id": "T2"} if user == "U1" else {}))
        slack.channel("C1", "impl-acme")
        slack.channel("C9", "general")
        logged: list[dict[str, Any]] = []
        store = open_store(database)
        house = House(
            store=store,
            slack=slack.client(),
            now=clock.now,
            log=structlog.wrap_logger(structlog.PrintLogger(), processors=[_into(logged)], wrapper_class=structlog.stdlib.BoundLogger),
            own_team_id="T1",
            bot_user_id="UBOT",
            bot_id="BBOT",
        )
        try:
            yield Stage(house, slack, clock, app_of(house, slack), logged)
        finally:
            await store.close()


async def until(true: Callable[[], Any], within: float = 5.0) -> None:
    """Wait until something is so; fails when it does not become so in time."""
    for _ in range(int(within / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"not so within {within} s")


def app_of(house: House, slack: FakeSlack) -> SlackApp:
    """The app as it runs, with all its listeners."""
    return build(SETTINGS.model_copy(update={"slack_api_url": slack.base_url}), house)


def _into(logged: list[dict[str, Any]]) -> structlog.typing.Processor:
    def take(_logger: Any, _method: str, event: Any) -> Any:
        logged.append(dict(event))
        raise structlog.DropEvent

    return take
