"""With every secret set and everything failing that can fail, no secret and no word stands in the log, a repr, or an answer."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
import traceback
from collections.abc import Iterator

import pytest
from slack_sdk.signature import SignatureVerifier

from bot import logs
from bot.app import build, build_house
from bot.settings import Settings
from handlers.identity import Identity
from store.engine import StoreUnreachable, open_store
from store.locks import new_key
from tests.handlers.telling import Stage, stage, until

KEY = new_key()
SECRETS = {
    "slack_bot_token": "xoxb-4711-botsecret",
    "slack_app_token": "xapp-4711-appsecret",
    "slack_signing_secret": "signingsecret4711",
    "database_url": "postgresql+asyncpg://jumpin:dbsecret4711@127.0.0.1:1/jumpin",
    "volumes_secret": "whsec_" + "dm9sdW1lc3NlY3JldDQ3MTE0NzExNDcxMTQ3MTE=",
    "transcripts_secret": "whsec_" + "dHJhbnNjcmlwdHM0NzExNDcxMTQ3MTE0NzExNDc=",
    "deals_secret": "whsec_" + "ZGVhbHM0NzExNDcxMTQ3MTE0NzExNDcxMTQ3MTE=",
    "zoom_secret": "zoomsecret4711token",
    "fireflies_secret": "firefliessecret4711",
    "reader_url": "https://reader.invalid/v1/urlsecret4711",
    "reader_key": "readersecret4711",
    "key": KEY,
    "volumes_url": "https://feed:feedsecret4711@volumes.invalid/days.csv",
    "crm_key": "crmkeysecret4711",
    "crm_client_id": "crmidsecret4711",
    "otel_endpoint": "http://traces.invalid/tracessecret4711",
}
FORBIDDEN = (
    "botsecret",
    "appsecret",
    "signingsecret4711",
    "dbsecret4711",
    "dm9sdW1",
    "dHJhbnN",
    "ZGVhbHM0",
    "zoomsecret",
    "firefliessecret",
    "urlsecret",
    "readersecret",
    "feedsecret",
    "crmkeysecret",
    "crmidsecret",
    "tracessecret",
    KEY,
)
SENTENCE = "the quartermaster wants 15 a day"


def settings() -> Settings:
    return Settings(_env_file=None, reader="both", reader_model="model", slack_api_url="http://127.0.0.1:1/api/", **SECRETS)  # type: ignore[call-arg, arg-type]


def test_every_secret_setting_is_tried() -> None:
    hidden = {name for name, field in Settings.model_fields.items() if not field.repr}
    assert hidden <= set(SECRETS), f"give {hidden - set(SECRETS)} a value here"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the whole process logs at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", "json", stream, settings().secrets)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def telling(text: str) -> list[str]:
    return [secret for secret in (*FORBIDDEN, "quartermaster", SENTENCE) if secret in text]


async def test_an_app_in_which_everything_fails_tells_no_secret_and_no_word(lines: io.StringIO) -> None:
    ready = settings()
    store = open_store(ready.database_url, ready.keys)
    house = build_house(ready, store, Identity("T1", "UBOT", "BBOT", None, frozenset()))
    app = build(ready, house)
    event = {"type": "message", "channel": "C1", "user": "U1", "text": SENTENCE, "ts": "1793801760.000100", "team": "T1"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
    stamp = str(int(time.time()))
    signed = SignatureVerifier(SECRETS["slack_signing_secret"]).generate_signature(timestamp=stamp, body=body)
    headers = {"content-type": "application/json", "x-slack-request-timestamp": stamp, "x-slack-signature": signed or ""}
    answer = await app.answer(body, headers)
    assert answer.status == 500
    try:
        async with store.writing():
            pass
    except StoreUnreachable as away:
        logs.get("jumpin").exception("store away")
        told = "".join(traceback.format_exception(away))
    for thing in (ready, house, store, app, house.strong, house.slack):
        told += repr(thing) + str(thing)
    assert "not acknowledged" in lines.getvalue()
    assert telling(lines.getvalue()) == []
    assert telling(told + answer.body) == []
    await store.close()


def fails(secret: str) -> None:
    """An exception and its cause, both with a secret and with words."""
    try:
        int(f"{secret}: {SENTENCE}")
    except ValueError as cause:
        raise RuntimeError(secret, {"text": SENTENCE}) from cause


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_with_secrets_in_it_is_logged_without_them(lines: io.StringIO, form: str) -> None:
    logs.configure("DEBUG", form, lines, settings().secrets)
    for secret in SECRETS.values():
        try:
            fails(secret)
        except RuntimeError:
            logs.get("jumpin").exception(f"failed: {secret}", url=secret, quote=SENTENCE)
            logging.getLogger("asyncio").error("Task exception was never retrieved %s", secret, exc_info=True)
    assert lines.getvalue().count("failed") >= len(SECRETS)
    assert telling(lines.getvalue()) == []


async def test_every_line_that_a_message_brings_about_holds_ids_only(tmp_path_factory: pytest.TempPathFactory, lines: io.StringIO) -> None:
    folder = await asyncio.to_thread(tmp_path_factory.mktemp, "ids")
    async with stage(f"sqlite:///{folder / 'test.sqlite3'}") as at:
        at.house.log = logs.get("jumpin")
        await heard(at, lines)
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {"finding", "dm"} <= {line["event"] for line in written}
    for words in ("quartermaster", "15 packages", "Acme", "Dana", "Riley"):
        assert words not in lines.getvalue()


async def heard(at: Stage, lines: io.StringIO) -> None:
    await at.know()
    async with at.courier():
        await at.says("U1", "let's start with 15 packages a day, says the quartermaster")
        await until(lambda: '"dm"' in lines.getvalue())
