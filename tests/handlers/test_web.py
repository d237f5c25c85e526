"""Signed deliveries over HTTP: whoever has the secret is heard, once, and nobody else; health tells a dead process from an unready one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bot.demo.emulator import free_port
from bot.settings import Settings
from handlers import web
from handlers.house import Hook, House
from handlers.signed import Answer, Delivery, Unproven, standard
from handlers.web import WebServer
from tests.handlers.conftest import Bot

SECRET = "whsec_" + "A" * 43 + "="
OLD_SECRET = "whsec_" + "B" * 43 + "="


@dataclass
class Taker:
    """The hook under test: keeps what it took, and answers as told."""

    answer: Answer = field(default_factory=Answer)
    taken: list[Delivery] = field(default_factory=list)
    fails: int = 0
    hold: asyncio.Event | None = None

    async def take(self, delivery: Delivery) -> Answer:
        if self.hold is not None:
            await self.hold.wait()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the store is away")
        self.taken.append(delivery)
        return self.answer


def headers(body: str, *, secret: str = SECRET, delivery: str = "msg_1", ago: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    stamp = str(int(at.timestamp()))
    return {"webhook-id": delivery, "webhook-timestamp": stamp, "webhook-signature": Webhook(secret).sign(delivery, at, body)}


@asynccontextmanager
async def listening(house: House, taker: Taker, **ready: Any) -> AsyncIterator[aiohttp.ClientSession]:
    house.hooks["volumes"] = Hook(taker.take, at_most=1000)
    house.hooks["closed"] = Hook(taker.take)
    house.secrets = {"volumes": (SECRET, OLD_SECRET)}
    server, port = WebServer(house, ready=ready), free_port()
    await server.open("127.0.0.1", port)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        await server.leave()


async def test_a_signed_delivery_is_taken_once(bot: Bot) -> None:
    taker, body = Taker(Answer(200, {"ok": True, "days": 2})), '[{"account": "Acme"}]'
    async with listening(bot.house, taker) as http:
        first = await http.post("/hooks/volumes?deal=Acme", data=body, headers=headers(body))
        assert (first.status, await first.json()) == (200, {"ok": True, "days": 2})
        again = await http.post("/hooks/volumes?deal=Acme", data=body, headers=headers(body))
        assert (again.status, await again.json()) == (200, {"ok": True, "repeated": True})
        rotated = await http.post("/hooks/volumes", data=body, headers=headers(body, secret=OLD_SECRET, delivery="msg_2"))
        assert rotated.status == 200
        metrics = await (await http.get("/metrics")).text()
    assert [(one.id, one.query, json.loads(one.body)) for one in taker.taken] == [
        ("msg_1", {"deal": "Acme"}, [{"account": "Acme"}]),
        ("msg_2", {}, [{"account": "Acme"}]),
    ]
    assert 'jumpin_deliveries_total{hook="volumes",outcome="taken"} 2.0' in metrics
    assert "Acme" not in metrics


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"webhook-signature": "v1,AAAA"}, 401, "same secret"),
        ({"webhook-signature": "v1"}, 401, "cannot be read"),
        ({"webhook-signature": "v1,§"}, 401, "cannot be read"),
        ({"webhook-id": "msg_other"}, 401, "same secret"),
        ({"webhook-id": ""}, 401, "needed"),
        ({"webhook-timestamp": "soon"}, 401, ""),
        ({"webhook-timestamp": "1700000000"}, 401, "five minutes"),
        ({"webhook-timestamp": "9999999999"}, 401, "five minutes"),
    ],
)
async def test_what_is_not_proven_is_refused_in_a_sentence(bot: Bot, change: dict[str, str], status: int, says: str) -> None:
    taker, body = Taker(), "[]"
    async with listening(bot.house, taker) as http:
        answer = await http.post("/hooks/volumes", data=body, headers=headers(body) | change)
        assert answer.status == status
        assert says in (await answer.json())["error"]
    assert taker.taken == []


async def test_an_old_signature_and_an_altered_body_are_refused(bot: Bot) -> None:
    taker, body = Taker(), "[]"
    async with listening(bot.house, taker) as http:
        assert (await http.post("/hooks/volumes", data=body, headers=headers(body, ago=600))).status == 401
        assert (await http.post("/hooks/volumes", data="[1]", headers=headers(body))).status == 401
    assert taker.taken == []


async def test_a_hook_without_a_secret_does_not_exist(bot: Bot) -> None:
    async with listening(bot.house, Taker()) as http:
        for path in ("/hooks/closed", "/hooks/unheard-of"):
            assert (await http.post(path, data="[]", headers=headers("[]"))).status == 404
        assert (await http.post("/slack/events", data="{}")).status == 404, "no events over HTTP in Socket Mode"


async def test_what_failed_is_taken_when_it_is_sent_again(bot: Bot) -> None:
    taker, body = Taker(fails=1), "[]"
    async with listening(bot.house, taker) as http:
        assert (await http.post("/hooks/volumes", data=body, headers=headers(body))).status == 500
        assert (await http.post("/hooks/volumes", data=body, headers=headers(body))).status == 200
    assert len(taker.taken) == 1


async def test_a_refused_body_is_read_again_when_it_is_sent_again(bot: Bot) -> None:
    taker, body = Taker(Answer(422, {"ok": False, "error": "no account"})), "[]"
    async with listening(bot.house, taker) as http:
        for _ in range(2):
            assert (await http.post("/hooks/volumes", data=body, headers=headers(body))).status == 422
    assert len(taker.taken) == 2


async def test_too_much_at_once_and_too_large_a_body_are_put_off(bot: Bot) -> None:
    taker, body = Taker(hold=asyncio.Event()), "[]"
    async with listening(bot.house, taker) as http:
        assert (await http.post("/hooks/volumes", data="x" * 1001, headers=headers("x" * 1001))).status == 413

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"x" * 100

        assert (await http.post("/hooks/volumes", data=pieces())).status == 413
        sent = [asyncio.create_task(http.post("/hooks/volumes", data=body, headers=headers(body, delivery=f"m{n}"))) for n in range(12)]
        done, _ = await asyncio.wait(sent, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        assert done, "those over the limit are answered while the others are in work"
        taker.hold.set() if taker.hold else None
        answers = [await one for one in sent]
    assert sorted(answer.status for answer in answers) == [200] * web.AT_ONCE + [503] * (12 - web.AT_ONCE)
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 503)


async def test_who_sends_a_body_little_by_little_shuts_nobody_out(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has proven yet who they are: they are not counted among those in work, and not waited for."""
    monkeypatch.setattr(web, "BODY_WITHIN", 1.0)
    body = "[]"
    async with listening(bot.house, Taker()) as http:

        async def trickle() -> AsyncIterator[bytes]:
            yield b"["
            await asyncio.sleep(30)

        slow = [asyncio.create_task(http.post("/hooks/volumes", data=trickle())) for _ in range(web.AT_ONCE + 1)]
        await asyncio.sleep(0.3)
        assert (await http.post("/hooks/volumes", data=body, headers=headers(body))).status == 200
        answers = await asyncio.gather(*slow)
        assert {answer.status for answer in answers} == {408}
        assert "did not come in time" in (await answers[0].json())["error"]


async def test_no_more_is_held_than_there_is_room_for(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "COMING_AT_ONCE", 1500)
    body, more = "[]", asyncio.Event()
    async with listening(bot.house, Taker()) as http:

        async def half() -> AsyncIterator[bytes]:
            yield b" " * 900
            await more.wait()

        first = asyncio.create_task(http.post("/hooks/volumes", data=half()))
        await asyncio.sleep(0.3)
        full = await http.post("/hooks/volumes", data=" " * 900)
        assert (full.status, full.headers["Retry-After"]) == (503, "1")
        assert (await http.post("/hooks/volumes", data=body, headers=headers(body))).status == 200
        more.set()
        assert (await first).status == 401
        assert (await http.post("/hooks/volumes", data=" " * 900)).status == 401, "there is room again"


async def test_an_unready_bot_is_alive(bot: Bot) -> None:
    async def away() -> bool:
        return False

    async with listening(bot.house, Taker(), slack=away) as http:
        assert (await http.get("/healthz")).status == 200
        ready = await http.get("/readyz")
        assert (ready.status, await ready.json()) == (503, {"ok": False, "store": True, "slack": False})
    async with listening(bot.house, Taker()) as http:
        assert (await http.get("/readyz")).status == 200


@given(
    st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "svix-id"]), st.text(max_size=40)), st.binary()
)
def test_no_invented_signature_is_believed_or_breaks_anything(invented: dict[str, str], body: bytes) -> None:
    with pytest.raises(Unproven):
        standard(invented, body, (SECRET,))


def test_older_header_names_are_understood() -> None:
    named = {name.replace("webhook-", "svix-"): value for name, value in headers("[]").items()}
    assert standard(named, b"[]", (OLD_SECRET, SECRET)).id == "msg_1"


@pytest.mark.parametrize(("given", "serves"), [({}, False), ({"PORT": "3100"}, True), ({"JUMPIN_VOLUMES_SECRET": SECRET}, True)])
def test_in_socket_mode_a_port_or_a_hook_opens_the_server(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], serves: bool) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None, slack_bot_token="xoxb-1", slack_app_token="xapp-1")  # type: ignore[call-arg]
    assert settings.serves is serves
    assert SECRET not in repr(settings)
