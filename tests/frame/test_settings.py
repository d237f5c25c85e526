"""Settings: what is accepted, and the one plain sentence for what is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.commands.clock_settings import habits
from bot.commands.opening import strong_reader
from bot.given import ready_to_run
from bot.mistake import SettingsMistake
from bot.playbook.clock.patience import BY_NAME, Habits
from bot.settings import Settings

SECRET = "xoxp-not-a-bot-token"
READ = "import bot.given as s\ntry:\n    print(s.read_settings().mode)\nexcept s.SettingsMistake as wrong:\n    print(wrong)"


def made(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


def read_in(folder: Path, env: dict[str, str]) -> str:
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "-c", READ], cwd=folder, env={**home, **env}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgres://u:p@db/deals", "postgresql+asyncpg://u:p@db/deals"),
        ("postgresql://u:p@db/deals", "postgresql+asyncpg://u:p@db/deals"),
        ("sqlite:///deals.sqlite3", "sqlite+aiosqlite:///deals.sqlite3"),
    ],
)
def test_database_addresses_get_their_async_engine(given: str, kept: str) -> None:
    assert made(database_url=given).database_url == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slack_bot_token", SECRET),
        ("slack_app_token", "xoxb-1"),
        ("database_url", "mysql://u:hunter2@db/deals"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("port", 0),
        ("slack_api_url", "slack.com"),
        ("log_level", "loud"),
        ("reader", "strong"),
        ("language", "Spanish"),
        ("language", "../es"),
        ("language", "e"),
        ("tone", "loud"),
        ("post_for_me", "yes"),
        ("script_length", "medium"),
        ("slack_api_url", "ftp://slack.com/api/"),
        ("slack_api_url", "https://me:hunter2@slack.com/api/"),
        ("slack_api_url", "https://[slack.com/api/"),
        ("reader_url", "localhost:8000/v1"),
        ("reader_url", "https://me:hunter2@llm.example/v1"),
        ("reader_url", "https://llm.example/v1?key=hunter2"),
        ("reader_key", "two words"),
        ("reader_key", "k\u00e9y"),
        ("reader_seconds", 0),
        ("reader_calls", -1),
        ("clock", "maybe"),
        ("daily_hour", 24),
        ("quarter_end_days", -1),
    ],
)
def test_wrong_values_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        made(**{name: value})


def test_the_voice_of_scripts_is_read_in_any_letters() -> None:
    assert (made().playbook, made().language, made().tone, made().script_length) == (None, "en", "plain", "long")
    told = made(tone="Warm", script_length=" SHORT ", language="es-MX", playbook="playbook")
    assert (told.playbook, told.language, told.tone, told.script_length) == (Path("playbook"), "es-MX", "warm", "short")


def test_nothing_is_posted_unless_it_is_switched_on() -> None:
    assert (made().post_for_me, made(post_for_me=" ON ").post_for_me) == ("off", "on")


def test_mode_follows_the_tokens() -> None:
    assert made(slack_bot_token="xoxb-1").mode is None
    assert ready_to_run(made(slack_bot_token="xoxb-1", slack_signing_secret="s")) == "http"
    assert ready_to_run(made(slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_signing_secret="s")) == "socket"


def test_missing_tokens_are_named_with_the_next_step() -> None:
    with pytest.raises(SettingsMistake, match=r"SLACK_BOT_TOKEN is missing: .*OAuth & Permissions"):
        ready_to_run(made())
    with pytest.raises(SettingsMistake, match=r"SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing"):
        ready_to_run(made(slack_bot_token="xoxb-1"))


def test_repr_shows_no_secret() -> None:
    shown = repr(made(slack_bot_token="xoxb-abc", slack_app_token="xapp-abc", database_url="postgresql://u:hunter2@db/deals"))
    assert "abc" not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("password", ["hunter2", "hun[ter2", "hun]ter2", "hunter2%40home", "hun:ter2"])
def test_the_databases_password_is_hidden_whatever_is_in_it(password: str) -> None:
    assert made(database_url=f"postgresql://u:{password}@db:5432/deals?ssl=on").secrets == {password}
    assert made(database_url="postgresql://u@db/deals").secrets == made(database_url="sqlite:///deals.sqlite3").secrets == frozenset()


def test_environment_and_dotenv_are_read_and_blanks_ignored(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nUNRELATED=1\n")
    assert read_in(tmp_path, {"DATABASE_URL": ""}) == "socket"


def test_mistakes_name_the_variable_and_never_the_value(tmp_path: Path) -> None:
    said = read_in(tmp_path, {"SLACK_BOT_TOKEN": SECRET, "PORT": "many", "DATABASE_URL": "mysql://u:hunter2@db/x"})
    assert said.startswith("SLACK_BOT_TOKEN: must start with xoxb-")
    assert "PORT: " in said
    assert "DATABASE_URL: must look like" in said
    assert SECRET not in said
    assert "hunter2" not in said


def test_the_strong_reader_needs_an_address_and_a_model() -> None:
    tokens = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "reader": "both"}
    with pytest.raises(SettingsMistake, match=r"JUMPIN_READER_URL is missing: "):
        ready_to_run(made(**tokens))
    with pytest.raises(SettingsMistake, match=r"JUMPIN_READER_MODEL is missing: "):
        ready_to_run(made(**tokens, reader_url="http://localhost:8000/v1"))
    whole = made(**tokens, reader_url="http://localhost:8000/v1/", reader_model="m", reader_key="sk-hunter2")
    assert ready_to_run(whole) == "http"
    assert "hunter2" not in repr(whole)
    strong = strong_reader(whole)
    assert strong is not None
    assert strong.address.completions == "http://localhost:8000/v1/chat/completions"
    assert "hunter2" not in repr(strong)
    assert strong_reader(made(reader_url="http://localhost:8000/v1", reader_model="m")) is None


def test_the_clock_goes_by_its_settings() -> None:
    assert habits(made()) == Habits()
    given = made(
        clock=" OFF ",
        daily_hour=8,
        quarter_end_days=0,
        nudges_off=" nps,workshop ,",
        nudge_gaps="own=5, nps = 10",
        timezone="Europe/Berlin",
    )
    assert given.clock == "off"
    assert habits(given).off == frozenset(BY_NAME), "nothing comes, and nothing is promised"
    assert habits(given.model_copy(update={"clock": "on"})) == Habits(
        8, "Europe/Berlin", frozenset({"nps", "workshop"}), {"own": 5, "nps": 10}, 0
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"nudges_off": "nps, hunter2"}, r"^JUMPIN_NUDGES_OFF: entry 2 is no nudge; write names from docs/nudges\.md"),
        ({"nudge_gaps": "hunter2=5"}, r"^JUMPIN_NUDGE_GAPS: entry 1 is no distance; write a name from docs/nudges\.md and 1 to 60"),
        ({"nudge_gaps": "own=5, nps"}, "entry 2 is no distance"),
        ({"nudge_gaps": "nps=0"}, "entry 1 is no distance"),
        ({"nudge_gaps": "nps=61"}, "entry 1 is no distance"),
        ({"nudge_gaps": "nps=-1"}, "entry 1 is no distance"),
    ],
)
def test_a_nudge_that_there_is_not_is_told_in_one_sentence(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsMistake, match=sentence) as wrong:
        habits(made(**values))
    assert "hunter2" not in str(wrong.value)
