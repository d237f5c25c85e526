"""Deals that another system sends, signed, over the real HTTP server."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from standardwebhooks import Webhook

from handlers.web import WebServer
from store import deals
from store.records import KnownDeal
from store.sources.deals_file import export_list, export_table
from tests.handlers.telling import Stage, acme, stage

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
PORT_OF_ANY = 0
CHANNEL = "C0123456789"


class Sender:
    """Another system."""

    def __init__(self, at: Stage, url: str) -> None:
        self.at, self.url, self.sent = at, url, 0

    async def sends(self, body: str, kind: str = "application/json", secret: str = SECRET) -> tuple[int, dict[str, Any]]:
        self.sent += 1
        number, now = f"msg_{self.sent}", datetime.now(UTC)
        headers = {"webhook-id": number, "webhook-timestamp": str(int(now.timestamp())), "content-type": kind}
        headers["webhook-signature"] = Webhook(secret).sign(number, now, body)
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.url}/hooks/deals", content=body.encode(), headers=headers)
        told: dict[str, Any] = answer.json()
        return answer.status_code, told

    async def known(self) -> list[KnownDeal]:
        async with self.at.house.store.reading() as s:
            return await deals.all_deals(s)


@pytest_asyncio.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as at:
        at.house.secrets = {"deals": (SECRET,)}
        server = WebServer(at.house)
        await server.open("127.0.0.1", PORT_OF_ANY)
        try:
            yield Sender(at, f"http://127.0.0.1:{server._runner.addresses[0][1]}")
        finally:
            await server.leave()


def listed(*given: Any) -> str:
    return export_list([KnownDeal(number, one, ()) for number, one in enumerate(given)], as_json=True)


async def test_deals_come_in_once_and_again_changes_nothing(sender: Sender) -> None:
    body = listed(acme(channels=[CHANNEL]), acme(customer="Zest", channels=[]))
    assert await sender.sends(body) == (
        200,
        {"ok": True, "taken": [{"customer": "Acme Outfitters", "outcome": "new"}, {"customer": "Zest", "outcome": "new"}], "mistakes": []},
    )
    status, told = await sender.sends(body)
    assert (status, [one["outcome"] for one in told["taken"]]) == (200, ["unchanged", "unchanged"])
    for one, sent in zip(await sender.known(), [acme(channels=[CHANNEL]), acme(customer="Zest", channels=[])], strict=True):
        assert one.deal.model_dump() == sent.model_dump()


async def test_one_deal_a_list_and_a_table_are_all_understood(sender: Sender) -> None:
    one = json.loads(listed(acme(channels=[CHANNEL])))["deals"][0]
    assert (await sender.sends(json.dumps(one)))[0] == 200
    assert (await sender.sends(json.dumps([one])))[1]["taken"][0]["outcome"] == "unchanged"
    status, told = await sender.sends(export_table([KnownDeal(1, acme(channels=[CHANNEL]), ())]), "text/csv; charset=utf-8")
    assert (status, told["taken"][0]["outcome"]) == (200, "unchanged")


async def test_what_is_wrong_is_told_and_the_rest_is_taken(sender: Sender) -> None:
    both = json.loads(listed(acme(channels=[CHANNEL]), acme(customer="Zest", channels=[])))
    both["deals"][0]["volume"]["committed_per_day"] = "lots"
    status, told = await sender.sends(json.dumps(both))
    assert status == 422
    assert told["taken"] == [{"customer": "Zest", "outcome": "new"}]
    assert told["mistakes"][0].startswith("deals.yml, deal 1: volume.committed_per_day:")
    assert (await sender.sends("\x00"))[0] == 422
    assert (await sender.sends('{"version": 9, "deals": []}'))[0] == 422
    assert "Acme" not in str(sender.at.logged)


async def test_terms_that_the_ledger_contradicts_are_refused(sender: Sender) -> None:
    whole = json.loads(listed(acme(channels=[CHANNEL])))["deals"][0]
    line = {"term": "test.volume_per_day", "old": 200, "new": 150, "effective": "2026-10-26", "ours": "Riley Chen", "theirs": "Dana Ortiz"}
    whole["amendments"] = [line]
    assert (await sender.sends(json.dumps(whole)))[0] == 200
    whole["test"]["volume_per_day"] = 120
    del whole["amendments"]
    status, told = await sender.sends(json.dumps(whole))
    assert status == 422
    assert "test.volume_per_day" in told["mistakes"][0]
    assert (await sender.known())[0].deal.test.volume_per_day == 150


async def test_without_the_secret_nothing_comes_in(sender: Sender) -> None:
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    assert (await sender.sends(listed(acme(channels=[CHANNEL])), secret=other))[0] == 401
    assert await sender.known() == []
