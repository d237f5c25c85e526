"""What comes in from outside and is not what it says it is; and the document that promises all this names tests that exist."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.demo.emulator import free_port
from handlers.web import WebServer
from store.sources.files import read_talk
from tests.handlers.telling import SECRET, Stage, stage


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite:///{tmp_path / 'test.sqlite3'}") as ready:
        yield ready


def signed(secret: str, body: str, at: float) -> dict[str, str]:
    stamp = str(int(at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    return {"content-type": "application/json", "x-slack-request-timestamp": stamp, "x-slack-signature": signature}


@pytest.mark.parametrize(
    ("secret", "age", "altered", "status"),
    [
        (SECRET, 0, False, 200),
        ("other", 0, False, 401),
        (SECRET, 301, False, 401),
        (SECRET, -301, False, 401),
        (SECRET, 0, True, 401),
    ],
)
async def test_what_slack_did_not_sign_just_now_is_refused(at: Stage, secret: str, age: int, *, altered: bool, status: int) -> None:
    known = await at.know()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    headers = signed(secret, body, time.time() - age)
    answer = await at.app.answer(body + " " if altered else body, headers)
    assert answer.status == status
    assert len(await at.all_found(known)) == (1 if status == 200 else 0)


async def test_whoever_runs_it_hears_that_slack_is_refused_but_not_of_every_request(at: Stage) -> None:
    server, port = WebServer(at.house, events=at.app), free_port()
    await server.open("127.0.0.1", port)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            for headers in [signed("other", "{}", time.time() - 400)] * 5 + [{}]:
                assert (await http.post("/slack/events", data="{}", headers=headers)).status == 401
            shown = await (await http.get("/metrics")).text()
    finally:
        await server.leave()
    assert "jumpin_unproven_requests_total 5.0" in shown
    [line] = [one for one in at.logged if one["event"] == "a request does not bear the signature of our Slack app"]
    assert 400 <= line["seconds_off"] < 410


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "\u0661\u0662", "9" * 400])
async def test_a_message_at_no_time_is_refused(at: Stage, stamp: str) -> None:
    known = await at.know()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    answer = await at.app.answer(body, {"x-slack-request-timestamp": stamp, "x-slack-signature": signature})
    assert answer.status == 401
    assert await at.all_found(known) == []
    assert at.logged == []


@pytest.mark.parametrize("signature", ["", "v0=", "v0=\udcff", "v0=é", "v1=" + "0" * 64])
async def test_a_signature_that_is_none_is_refused(at: Stage, signature: str) -> None:
    known = await at.know()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    answer = await at.app.answer(body, {"x-slack-request-timestamp": str(int(time.time())), "x-slack-signature": signature})
    assert answer.status == 401
    assert await at.all_found(known) == []
    assert at.logged == []


@pytest.mark.parametrize(
    "body", ["{}", "{", "[]", "null", "[" * 100_000, '{"a":' * 100_000, "payload=%5B%5D", "payload=%7B", "ssl_check=1" + "&" * 500, ""]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_request_without_a_signature_is_refused_unread(at: Stage, body: str, kind: str) -> None:
    stamp = {"x-slack-request-timestamp": str(int(time.time())), "x-slack-signature": "v0=" + "0" * 64}
    for headers in ({}, stamp):
        answer = await at.app.answer(body, {"content-type": kind, **headers})
        assert (answer.status, answer.body) == (401, "")
    assert at.logged == []


async def test_slack_looks_at_our_certificate_without_a_signature(at: Stage) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await at.app.answer("token=any&ssl_check=1", kind)).status == 200


async def test_over_http_a_forged_signature_before_a_right_one_counts(at: Stage) -> None:
    """Slack sends one of each; whoever adds one beside it could at most be refused."""
    known, server, port = await at.know(), WebServer(at.house, events=at.app), free_port()
    await server.open("127.0.0.1", port)
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    good = list(signed(SECRET, body, time.time()).items())
    other = list(signed("other", body, time.time()).items())[1:]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            async with http.post("/slack/events", data=body, headers=[*other, *good]) as answer:
                assert answer.status == 401
            assert await at.all_found(known) == []
            async with http.post("/slack/events", data=body, headers=good) as answer:
                assert answer.status == 200
            async with http.post("/slack/events", data=io.BytesIO(b"x" * 1_100_000), headers=good) as answer:
                assert answer.status == 413
    finally:
        await server.leave()
    assert len(await at.all_found(known)) == 1


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "..\\..\\evil.txt", "C:\\evil.txt", "a/../../evil.txt"])
def test_a_member_that_leads_elsewhere_is_read_where_it_lies(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "Dana: let's begin with 15 a day\nRiley: why?\n")
    inner = tmp_path / "deep" / "inner"
    inner.mkdir(parents=True)
    (inner / "talk.zip").write_bytes(data.getvalue())
    monkeypatch.chdir(inner)
    before = set(tmp_path.rglob("*"))
    assert any(found.conversations or found.mistakes for found in read_talk(inner / "talk.zip"))
    assert set(tmp_path.rglob("*")) == before
    assert not Path("/etc/evil.txt").exists()


def test_every_test_that_the_document_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", Path("docs/security.md").read_text(encoding="utf-8"))
    assert len(named) > 25
    for file, name in named:
        source = Path(file).read_text(encoding="utf-8")
        assert not name or re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), f"{file}::{name}"
