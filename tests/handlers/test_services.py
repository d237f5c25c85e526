"""Zoom's and Fireflies' own signatures at the hook for transcripts: theirs are taken, forged, replayed and missing ones refused."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from bot.demo.emulator import free_port
from bot.settings import Settings
from handlers.services import fireflies, zoom
from handlers.signed import Unproven
from handlers.web import WebServer
from store import calls
from tests.handlers.telling import Stage, stage

ZOOM_TOKEN, FIREFLIES_TOKEN, OLD = "zoom-secret-token-1", "fireflies-secret-1", "zoom-secret-token-0"
LINE = {"msg_type": 17, "meeting_uuid": "z1", "content": {"user_id": 7, "user_name": "Dana Ortiz", "start_time": 13000}}
WORDS = json.dumps({**LINE, "content": {**LINE["content"], "data": "We'd start with fifteen packages a day."}})  # type: ignore[dict-item]
CHUNK = json.dumps({"transcript_id": "f1", "chunk_id": "1", "text": "We'd start with fifteen a day.", "speaker_name": "Dana Ortiz"})


def hmac_of(secret: str, signed: str) -> str:
    return hmac.new(secret.encode(), signed.encode(), sha256).hexdigest()


def by_zoom(body: str, *, secret: str = ZOOM_TOKEN, ago: float = 0) -> dict[str, str]:
    stamp = str(int(datetime.now(UTC).timestamp() - ago))
    return {"x-zm-request-timestamp": stamp, "x-zm-signature": "v0=" + hmac_of(secret, f"v0:{stamp}:{body}")}


def by_fireflies(body: str, *, secret: str = FIREFLIES_TOKEN) -> dict[str, str]:
    return {"x-hub-signature": "sha256=" + hmac_of(secret, body)}


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.house.secrets = {"zoom": (ZOOM_TOKEN, OLD), "fireflies": (FIREFLIES_TOKEN,)}
        yield there


@asynccontextmanager
async def listening(at: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    server, port = WebServer(at.house), free_port()
    await server.open("127.0.0.1", port)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        await server.leave()


async def post(at: Stage, body: str, headers: dict[str, str], path: str = "/hooks/transcripts?deal=Acme%20Outfitters") -> tuple[int, Any]:
    async with listening(at) as http:
        answer = await http.post(path, data=body, headers=headers)
        return answer.status, await answer.json()


async def kept(at: Stage) -> list[str]:
    """The stretches of speech that were kept."""
    async with at.house.store.reading() as s:
        return [turn.text for number in (1, 2) for turn in await calls.turns(s, number)]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (WORDS, lambda: by_zoom(WORDS)),
        (WORDS, lambda: by_zoom(WORDS, secret=OLD)),
        (WORDS, lambda: by_zoom(WORDS, ago=240)),
        (CHUNK, lambda: by_fireflies(CHUNK)),
    ],
    ids=["zoom", "zoom's secret before", "zoom, four minutes ago", "fireflies"],
)
async def test_what_a_service_signs_in_its_own_way_is_heard(at: Stage, body: str, headers: Callable[[], dict[str, str]]) -> None:
    known = await at.know()
    assert await post(at, body, headers()) == (200, {"ok": True, "heard": 1, "deal": True})
    assert len(await at.all_found(known)) == 1


@pytest.mark.parametrize(
    ("body", "headers", "says"),
    [
        (WORDS, dict, "no secret is set here for transcripts"),
        (WORDS, lambda: by_zoom(WORDS, secret="zoom-secret-token-2"), "same secret"),
        (WORDS.replace("fifteen", "fifty"), lambda: by_zoom(WORDS), "same secret"),
        (WORDS, lambda: by_zoom(WORDS) | {"x-zm-request-timestamp": "1700000000"}, "same secret"),
        (WORDS, lambda: by_zoom(WORDS, ago=301), "more than 5 minutes ago"),
        (WORDS, lambda: by_zoom(WORDS, ago=-400), "in the future"),
        (WORDS, lambda: {"x-zm-signature": by_zoom(WORDS)["x-zm-signature"]}, "x-zm-request-timestamp is needed"),
        (WORDS, lambda: {"x-zm-signature": "", "x-zm-request-timestamp": "1"}, "same secret"),
        (WORDS, lambda: {"x-zm-signature": "v0=", "x-zm-request-timestamp": "nan"}, "is needed"),
        (WORDS, lambda: by_zoom(WORDS, secret=FIREFLIES_TOKEN), "same secret"),
        (WORDS, lambda: by_fireflies(WORDS, secret=ZOOM_TOKEN), "same secret"),
        (CHUNK, lambda: {"x-hub-signature": "sha256=" + "0" * 64}, "same secret"),
        (CHUNK, lambda: {"x-hub-signature": hmac_of(FIREFLIES_TOKEN, CHUNK)}, "same secret"),
        (CHUNK.replace("fifteen", "fifty"), lambda: by_fireflies(CHUNK), "same secret"),
    ],
)
async def test_what_is_forged_replayed_or_missing_is_refused(
    at: Stage, body: str, headers: Callable[[], dict[str, str]], says: str
) -> None:
    await at.know()
    status, answer = await post(at, body, headers())
    assert (status, says in answer["error"]) == (401, True), answer
    assert await kept(at) == []


async def test_an_old_event_of_fireflies_is_refused(at: Stage) -> None:
    await at.know()
    now = datetime.now(UTC).timestamp()
    for ago, status in ((7200, 401), (1800, 200)):
        body = json.dumps({**json.loads(CHUNK), "timestamp": int((now - ago) * 1000)})
        assert (await post(at, body, by_fireflies(body)))[0] == status


async def test_the_same_delivery_again_is_taken_once(at: Stage) -> None:
    await at.know()
    assert (await post(at, WORDS, by_zoom(WORDS)))[1]["heard"] == 1
    assert (await post(at, WORDS, by_zoom(WORDS, ago=2)))[1] == {"ok": True, "repeated": True}


async def test_zooms_question_is_answered_to_zoom_alone(at: Stage) -> None:
    body = json.dumps({"event": "endpoint.url_validation", "event_ts": 1, "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}})
    answer = {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": hmac_of(ZOOM_TOKEN, "qgg8vlvZRS6UYooatFL8Aw")}
    for _ in range(2):  # it asks anew every few days
        assert await post(at, body, by_zoom(body)) == (200, answer)
    before = hmac_of(OLD, "qgg8vlvZRS6UYooatFL8Aw")
    assert (await post(at, body, by_zoom(body, secret=OLD)))[1]["encryptedToken"] == before
    assert (await post(at, body, {}))[0] == 401
    forged = by_zoom(body, secret="somebody-elses-secret")
    assert (await post(at, body, forged))[0] == 401
    for token in (7, "", None):
        wrong = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": token}})
        assert (await post(at, wrong, by_zoom(wrong)))[0] == 422


async def test_what_else_zoom_tells_is_left_alone(at: Stage) -> None:
    body = json.dumps({"event": "meeting.started", "event_ts": 1, "payload": {"account_id": "a", "object": {"id": "1"}}})
    assert await post(at, body, by_zoom(body)) == (200, {"ok": True, "heard": 0})


async def test_a_forwarder_that_signs_anew_and_passes_zooms_headers_on_is_known_by_its_own(at: Stage) -> None:
    known = await at.know()
    secret, now = "whsec_" + "A" * 43 + "=", datetime.now(UTC)
    own = {"webhook-id": "d1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": Webhook(secret).sign("d1", now, WORDS)}
    for secrets in ({"transcripts": (secret,)}, {"transcripts": (secret,), "zoom": (OLD,)}):
        at.house.secrets = secrets
        assert (await post(at, WORDS, by_zoom(WORDS) | own))[0] == 200
    assert len(await at.all_found(known)) == 1
    at.house.secrets = {"zoom": (ZOOM_TOKEN,)}
    assert (await post(at, WORDS, by_zoom(WORDS) | {"webhook-id": "d2"}))[0] == 200


async def test_no_other_hook_takes_these_signatures(at: Stage) -> None:
    at.house.secrets = {**at.house.secrets, "volumes": ("whsec_" + "A" * 43 + "=",)}
    assert (await post(at, "[]", by_zoom("[]"), "/hooks/volumes"))[0] == 401
    assert (await post(at, "[]", by_zoom("[]"), "/hooks/zoom"))[0] == 404


@given(st.dictionaries(st.sampled_from(["x-zm-signature", "x-zm-request-timestamp", "x-hub-signature"]), st.text(max_size=80)), st.binary())
def test_no_invented_signature_is_believed_or_breaks_anything(invented: dict[str, str], body: bytes) -> None:
    for prove in (zoom, fireflies):
        with pytest.raises(Unproven):
            prove(invented, body, (ZOOM_TOKEN,))


@pytest.mark.parametrize("name", ["JUMPIN_ZOOM_SECRET", "JUMPIN_FIREFLIES_SECRET"])
def test_a_services_secret_opens_the_server_and_must_be_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f" {ZOOM_TOKEN} ,{OLD}")
    settings = Settings(_env_file=None)
    assert settings.serves
    assert settings.service_secrets[name.split("_")[1].lower()] == (ZOOM_TOKEN, OLD)
    monkeypatch.setenv(name, "short")
    with pytest.raises(ValueError, match="as the service shows it"):
        Settings(_env_file=None)
