"""Slack and a CRM side by side, with Riley, Morgan and Sam in both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.deal import Deal
from handlers.crm import reading, sending
from handlers.crm.connected import Crm
from store import crm as rows
from store import deals
from store.crm import Known
from store.sources.crm.hubspot import HubSpot
from store.sources.crm.mapping import CrmMap, Term
from templates.crm import CONFIRM
from tests.crm.fake_hubspot import FakeHubSpot
from tests.crm.fakes import Deal as CrmDeal
from tests.crm.fakes import serving
from tests.handlers.dms import element
from tests.handlers.telling import Stage, stage
from tests.live.block_kit import mistakes, view_mistakes

FIELDS = {
    "committed": ("Committed", "number"),
    "test": ("Test volume", "text"),
    "starts": ("Test start", "date"),
    "weeks": ("Weeks", "text"),
}
MAP = CrmMap(
    "hubspot",
    {"signing": "setup", "launch": "implementation", "won": "closed-won", "quote": "proposal"},
    {"signing": "Contract out", "launch": "Launch", "won": "Won", "quote": "Quote"},
    {
        "volume.committed_per_day": Term("committed"),
        "test.volume_per_day": Term("test"),
        "test.starts": Term("starts"),
        "test.weeks": Term("weeks", "2"),
    },
    also={"leadership": ("morgan@carrier.example",)},
    tell=("U4",),
)
WHOLE = {"committed": "500", "test": "~150/day", "starts": "2026-11-16"}


@dataclass
class Office:
    """Slack and the CRM."""

    at: Stage
    crm: Crm
    fake: FakeHubSpot

    async def reads(self) -> dict[str, int] | None:
        """The bot reads the CRM once, and sends what it has to say."""
        self.at.clock.ahead(minutes=6)
        came = await reading.once(self.at.house, self.crm)
        await self.says()
        return None if came is None else {name: count for name, count in came.items() if name != "read"}

    async def writes(self) -> int:
        """What happened goes back to the CRM; how many things were written."""
        await sending.gather(self.at.house, self.crm)
        written = await sending.send(self.at.house, self.crm)
        await self.says()
        return written

    async def says(self) -> None:
        async with self.at.courier():
            await self.at.settle()

    async def deal(self, customer: str = "Harbor Goods") -> Deal | None:
        async with self.at.house.store.reading() as s:
            known = await deals.deal_named(s, customer)
        return known.deal if known else None

    async def known(self, number: str = "1") -> Known:
        async with self.at.house.store.reading() as s:
            found = await rows.record(s, "hubspot", number)
        assert found is not None
        return found

    def put(self, number: str = "1", customer: str = "Harbor Goods", stage: str = "signing", **more: Any) -> None:
        fields = {**WHOLE, **more.pop("fields", {})}
        self.fake.now = max(self.fake.now, self.at.clock.now())
        self.fake.put(CrmDeal(number, customer, stage, fields={k: v for k, v in fields.items() if v}, modified=self.fake.now, **more))

    async def press(self, action: str, user: str = "U3", number: int = -1) -> None:
        await self.at.press(user, element(self.at, action, user, number))
        await self.says()

    async def confirmed(self) -> Deal:
        self.put()
        await self.reads()
        await self.press(CONFIRM)
        made = await self.deal()
        assert made is not None
        return made


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as at, serving(FakeHubSpot()) as fake:
        assert isinstance(fake, FakeHubSpot)
        for user, name, email in (("U3", "Riley Chen", "riley"), ("U4", "Morgan Lee", "morgan"), ("U5", "Sam Stone", "sam")):
            at.slack.person(user, name, profile={"real_name": name, "email": f"{email}@carrier.example"})
        at.slack.person("UGUEST", "Pat Guest", is_restricted=True, profile={"real_name": "Pat Guest", "email": "pat@carrier.example"})
        fake.clock = at.clock.now
        fake.fields, fake.stages = dict(FIELDS), {one: MAP.names[one] for one in MAP.stages}
        source = HubSpot(fake.key, fake.url, gap=0)
        crm = Crm(source, MAP)
        at.house.crm = crm
        try:
            yield Office(at, crm, fake)
        finally:
            await source.close()
        assert fake.wrong == []
        for said in at.slack.messages.values():
            assert [mistakes(one["blocks"]) for one in said if one.get("bot_id")] == [[]] * len([one for one in said if one.get("bot_id")])
        assert [view_mistakes(view) for view in at.slack.views] == [[]] * len(at.slack.views)
