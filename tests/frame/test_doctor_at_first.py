"""The doctor meets a machine where much is wrong at once: it tells all of it, each with its next step, and ends with status 1."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.commands.checks import clock, room
from bot.deal import Deal
from bot.demo.sample import Sample, sample
from bot.manifest import bot_scopes
from handlers.identity import Identity
from tests.frame.commands import Ran, jumpin, with_deals
from tests.frame.test_doctor import furnish, wrongs
from tests.live.fake_slack import APP_TOKEN, TOKEN, Fault, fake_slack


@pytest.fixture
def scene() -> Sample:
    return sample(date(2026, 11, 4))


@pytest.fixture
async def database(tmp_path: Path, scene: Sample) -> str:
    return await with_deals(f"sqlite+aiosqlite:///{tmp_path / 'doctor.sqlite3'}", Deal.model_validate(scene.deal))


def told(ran: Ran) -> dict[str, str]:
    """What is wrong, by thing."""
    lines = [line.removeprefix("wrong  ").split(": ", 1) for line in ran.out.splitlines() if line.startswith("wrong  ")]
    return {line[0]: line[1] for line in lines}


async def test_without_any_setting_it_says_all_that_is_missing_and_looks_at_the_rest(tmp_path: Path) -> None:
    ran = await jumpin(tmp_path, "doctor")
    wrong = told(ran)
    assert (ran.status, ran.err) == (1, "")
    assert wrong.keys() == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"}
    assert wrong["SLACK_BOT_TOKEN"].startswith("missing: install your Slack app")
    assert "ok     database: SQLite" in ran.out
    assert "ok     scripts: en" in ran.out
    assert ran.out.endswith("\n2 to mend.\n")


async def test_all_wrong_settings_are_told_at_once_and_their_values_never(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxp-hunter2\nJUMPIN_LOGLEVEL=hunter2\nSLACK_SIGNING_SECRETS=hunter2\nLOG=hunter2\n")
    ran = await jumpin(
        tmp_path,
        "doctor",
        PORT="hunter2",
        DATABASE_URL="mysql://u:hunter2@db/x",
        JUMPIN_NUDGES_OFF="hunter2",
        JUMPIN_READER="both",
        VOLUMES_URL="sqlite:///hunter2",
        CRM_SOURCE="file",
        JUMPIN_OTEL_ENDPOINT="localhost:4318",
        SLACK_WEBHOOK_URL="https://hunter2",
    )
    wrong = told(ran)
    assert ran.status == 1
    assert wrong.keys() == {
        *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET", "PORT", "DATABASE_URL", "JUMPIN_OTEL_ENDPOINT", "nudges"),
        *("JUMPIN_LOGLEVEL", "SLACK_SIGNING_SECRETS", "strong reader", "database of volumes", "CRM"),
    }
    assert wrong["JUMPIN_LOGLEVEL"] == "there is no such setting, so it does nothing: write JUMPIN_LOG_LEVEL."
    assert wrong["SLACK_SIGNING_SECRETS"].endswith("write SLACK_SIGNING_SECRET.")
    assert wrong["SLACK_BOT_TOKEN"].startswith("must start with xoxb-")
    assert "hunter2" not in ran.out + ran.err
    assert "Traceback" not in ran.err


async def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("SLACK_BOT_TOKEN=xoxb-é\n".encode("latin-1"))
    for order, status in (("doctor", 1), ("run", 2)):
        ran = await jumpin(tmp_path, order)
        assert ran.status == status
        assert ".env: cannot be read as text in UTF-8" in ran.out + ran.err
        assert "Traceback" not in ran.err


async def test_what_a_cluster_puts_into_the_environment_is_no_mistake(tmp_path: Path) -> None:
    service = {"JUMPIN_SERVICE_HOST": "10.0.0.1", "JUMPIN_SERVICE_PORT_HTTP": "80", "JUMPIN_PORT": "tcp://10.0.0.1:80"}
    ran = await jumpin(tmp_path, "doctor", **service, JUMPIN_PORT_80_TCP_ADDR="10.0.0.1")
    assert told(ran).keys() == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"}
    alone = await jumpin(tmp_path, "doctor", JUMPIN_PORT="3000")
    assert (
        told(alone)["JUMPIN_PORT"]
        == "there is no such setting, so it does nothing: docs/configuration.md has all that there are; take it away."
    )


async def test_a_folder_that_cannot_be_written_is_told_before_the_bot_starts() -> None:
    async with fake_slack() as fake:
        wrong = await wrongs(fake, "sqlite+aiosqlite:////proc/jumpin/new.sqlite3")
        beside_a_file = await wrongs(fake, f"sqlite+aiosqlite:///{os.__file__}/new.sqlite3")
    assert wrong["database"].startswith("Cannot reach the SQLite file /proc/jumpin/new.sqlite3")
    assert wrong["database"].endswith("check that the path is right and this user may write there.")
    assert "not a directory" in beside_a_file["database"]


def test_a_disk_that_is_nearly_full_is_told(database: str) -> None:
    assert room(database) is None
    told = room(database, needed=10**18)
    assert told is not None
    assert "MB are left on the disk of " in told
    assert room("postgresql://u@h/d", needed=10**18) is None


async def test_missing_scopes_hide_nothing(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        fake.headers["x-oauth-scopes"] = ",".join(bot_scopes() - {"users:read", "users:read.email"})
        fake.faults["users.info"].extend([Fault(error="missing_scope")] * 30)
        wrong = await wrongs(fake, database)
    assert wrong["scopes"].startswith("The Slack app lacks the scopes users:read, users:read.email")
    assert "Slack did not tell who that is" in wrong["people of Acme Outfitters"]
    assert "workspace" not in wrong


async def test_another_workspace_is_called_that(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        wrong = await wrongs(fake, database)
    assert wrong["workspace"].startswith("T1 knows none of the ")
    assert wrong["workspace"].endswith("SLACK_BOT_TOKEN is of another workspace, or DATABASE_URL names the database of another one.")


async def test_tokens_of_two_apps_do_not_go_together(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        assert await wrongs(fake, database, slack_app_token=APP_TOKEN) == {}
        fake.app_id = "A2"
        wrong = await wrongs(fake, database, slack_app_token=APP_TOKEN)
        revoked = await wrongs(fake, database, slack_app_token="xapp-1-A1-2-other")
    assert wrong == {"Socket Mode": "SLACK_APP_TOKEN is of another Slack app (A1) than SLACK_BOT_TOKEN (A2): take both from one app."}
    assert revoked["Socket Mode"].startswith("Slack does not accept SLACK_APP_TOKEN (invalid_auth)")


async def test_a_clock_that_is_off_is_told(scene: Sample, database: str) -> None:
    async with fake_slack() as fake:
        furnish(fake, scene)
        fake.headers["Date"] = format_datetime(datetime.now(UTC) - timedelta(minutes=7), usegmt=True)
        wrong = await wrongs(fake, database)
    assert wrong["clock"].startswith("this machine's clock is 42")
    assert "s ahead of Slack's: run NTP; over HTTP all that Slack sends is refused from five minutes on." in wrong["clock"]
    told = await clock(
        Identity("T1", "UBOT", None, None, None, datetime(2026, 11, 4, tzinfo=UTC)), None, datetime(2026, 11, 3, 23, 55, tzinfo=UTC)
    )
    assert str(told.mend).startswith("this machine's clock is 300 s behind Slack's")


async def test_a_running_bot_logs_a_setting_that_there_is_not(tmp_path: Path) -> None:
    async with fake_slack() as fake:
        ran = await jumpin(
            tmp_path,
            "run",
            SLACK_BOT_TOKEN="xoxb-revoked",
            SLACK_SIGNING_SECRET="s",
            SLACK_API_URL=fake.base_url,
            JUMPIN_LOGLEVEL="DEBUG",
        )
    assert TOKEN not in ran.err
    assert "there is no such setting" in ran.err
    assert "setting=JUMPIN_LOGLEVEL" in ran.err
    assert ran.status == 2
