"""What comes in from outside and is not what it says it is; and the document that promises all this names tests that exist."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.signature import SignatureVerifier

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


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "\u0661\u0662", "9" * 400])
async def test_a_message_at_no_time_is_refused(at: Stage, stamp: str) -> None:
    known = await at.know()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    answer = await at.app.answer(body, {"x-slack-request-timestamp": stamp, "x-slack-signature": signature})
    assert answer.status in (401, 500)
    assert await at.all_found(known) == []


@pytest.mark.parametrize("signature", ["", "v0=", "v0=\udcff", "v0=é", "v1=" + "0" * 64])
async def test_a_signature_that_is_none_is_refused(at: Stage, signature: str) -> None:
    known = await at.know()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": "let's rather begin with 15 a day", "ts": "1793801760.000100"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    answer = await at.app.answer(body, {"x-slack-request-timestamp": str(int(time.time())), "x-slack-signature": signature})
    assert answer.status in (401, 500)
    assert await at.all_found(known) == []


async def test_a_request_without_a_signature_is_refused(at: Stage) -> None:
    answer = await at.app.answer("{}", {"content-type": "application/json"})
    assert answer.status == 401


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil.txt", "..\\..\\evil.txt", "C:\\evil.txt", "a/../../evil.txt"])
def test_a_member_that_leads_elsewhere_is_read_where_it_lies(tmp_path: Path, name: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "Dana: let's begin with 15 a day\nRiley: why?\n")
    inner = tmp_path / "deep" / "inner"
    inner.mkdir(parents=True)
    (inner / "talk.zip").write_bytes(data.getvalue())
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
