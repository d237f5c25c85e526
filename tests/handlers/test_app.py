"""Starting and leaving: what is wrong is said in one plain sentence, and a revoked token ends the bot."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import serve
from bot.commands.trouble import Trouble
from bot.demo.emulator import free_port
from bot.settings import Settings
from store import deals, installation
from store.engine import open_store
from tests.blank import ready as migrated
from tests.handlers.conftest import SECRET
from tests.handlers.fake_web import FakeWeb
from tests.handlers.telling import acme


def settings(web: FakeWeb, tmp_path: Path, **other: Any) -> Settings:
    fields = {
        "slack_bot_token": "xoxb-test",
        "slack_signing_secret": SECRET,
        "slack_api_url": web.url,
        "host": "127.0.0.1",
        "port": free_port(),
        "database_url": f"sqlite+aiosqlite:///{tmp_path / 'run.sqlite3'}",
        "log_level": "ERROR",
    }
    return Settings(_env_file=None, **{**fields, **other})  # type: ignore[arg-type]


async def test_a_wrong_bot_token_is_named_with_the_next_step(web: FakeWeb, tmp_path: Path) -> None:
    web.fail("auth.test", error="invalid_auth")
    with pytest.raises(Trouble, match=r"SLACK_BOT_TOKEN \(invalid_auth\).*OAuth & Permissions"):
        await serve(settings(web, tmp_path))


async def test_a_wrong_app_token_is_named_with_the_next_step(web: FakeWeb, tmp_path: Path) -> None:
    web.fail("apps.connections.open", error="not_allowed_token_type")
    with pytest.raises(Trouble, match=r"SLACK_APP_TOKEN \(not_allowed_token_type\).*connections:write"):
        await serve(settings(web, tmp_path, slack_app_token="xapp-test"))


@pytest.mark.parametrize(("code", "begins"), [("account_inactive", True), ("token_revoked", True), ("invalid_auth", False)])
async def test_the_time_of_grace_begins_also_where_the_app_was_removed_while_the_bot_was_away(
    web: FakeWeb, tmp_path: Path, code: str, *, begins: bool
) -> None:
    web.fail("auth.test", error=code)
    with pytest.raises(Trouble, match=code):
        await serve(settings(web, tmp_path))
    assert (await removed(settings(web, tmp_path)) is not None) == begins


async def removed(with_settings: Settings) -> datetime | None:
    """Since when the app is noted as gone."""
    store = open_store(with_settings.database_url)
    async with store.reading() as s:
        since = await installation.removed_at(s)
    await store.close()
    return since


async def test_missing_scopes_are_named(web: FakeWeb, tmp_path: Path) -> None:
    web.scopes = "chat:write,users:read"
    with pytest.raises(Trouble, match=r"lacks the scopes .*channels:history, .*jumpin manifest"):
        await serve(settings(web, tmp_path))


async def test_a_slack_that_cannot_be_reached_is_told(web: FakeWeb, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Slack cannot be reached"):
        await serve(settings(web, tmp_path, slack_api_url=f"http://127.0.0.1:{free_port()}/api/"))


async def test_a_database_that_cannot_be_reached_is_told_without_its_password(web: FakeWeb, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        await serve(settings(web, tmp_path, database_url=f"postgresql+asyncpg://jumpin:geheim@127.0.0.1:{free_port()}/jumpin"))
    assert "geheim" not in str(told.value)


async def test_a_taken_port_is_told(web: FakeWeb, tmp_path: Path) -> None:
    held = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    with pytest.raises(Trouble, match="set PORT"):
        await serve(settings(web, tmp_path, port=held.sockets[0].getsockname()[1]))
    held.close()


async def test_a_revoked_token_ends_the_bot_with_one_sentence(web: FakeWeb, tmp_path: Path) -> None:
    ready = settings(web, tmp_path)
    bot = asyncio.create_task(serve(ready))
    await up(ready.port)
    body, stamp = json.dumps({"type": "event_callback", "event": {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}}), str(int(time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    headers = {"content-type": "application/json", "x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    async with aiohttp.ClientSession() as http:
        assert (await http.post(f"http://127.0.0.1:{ready.port}/slack/events", data=body, headers=headers)).status == 200
    async with asyncio.timeout(10):
        with pytest.raises(Trouble, match="taken this app's token away"):
            await bot


@pytest.mark.parametrize(
    "other", [{}, {"reader": "both", "reader_url": "http://127.0.0.1:9/v1", "reader_model": "m"}], ids=["local", "both"]
)
async def test_a_cancelled_bot_leaves_in_order(web: FakeWeb, tmp_path: Path, other: dict[str, str]) -> None:
    ready = settings(web, tmp_path, **other)
    bot = asyncio.create_task(serve(ready))
    await up(ready.port)
    bot.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await bot


async def logged(web: FakeWeb, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a bot writes to its log from its start to its end."""
    ready = settings(web, tmp_path, log_level="INFO")
    bot = asyncio.create_task(serve(ready))
    await up(ready.port)
    bot.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bot
    return capsys.readouterr().err


async def test_what_the_bot_does_is_logged_at_the_level_asked_for(web: FakeWeb, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = await logged(web, tmp_path, capsys)
    assert "listening" in told
    assert "stopped" in told


async def test_a_token_in_the_environment_brings_no_warning_of_a_librarys(
    web: FakeWeb, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
    told = await logged(web, tmp_path, capsys)
    assert "listening" in told
    assert "warning" not in told


async def test_the_clock_looks_after_people_and_not_where_it_is_off(web: FakeWeb, tmp_path: Path) -> None:
    """Its first look asks Slack for the time zone of everybody who may get a daily message, whatever the hour."""
    asked = {}
    for clock in ("on", "off"):
        (tmp_path / clock).mkdir()
        ready = settings(web, tmp_path / clock, clock=clock)
        await asyncio.to_thread(migrated, ready.database_url)
        store = open_store(ready.database_url)
        async with store.writing() as s:
            await deals.save_deal(s, acme(channels=[]), by="test", source="test", now=datetime.now(UTC))
        await store.close()
        before, bot = len(web.calls), asyncio.create_task(serve(ready))
        await up(ready.port)
        for _ in range(60 if clock == "on" else 15):
            asked[clock] = {fields["user"] for method, fields in web.calls[before:] if method == "users.info"}
            if asked[clock] >= {"U3", "U4"}:
                break
            await asyncio.sleep(0.1)
        bot.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bot
    assert asked["on"] >= {"U3", "U4"}
    assert asked["off"] == set()


async def up(port: int) -> None:
    """Wait until a bot listens."""
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        while True:
            try:
                if (await http.get(f"http://127.0.0.1:{port}/healthz")).status == 200:
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
