"""What is loaded when `jumpin` starts: nothing that only some feature needs, for loading is most of the time and memory of a start."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.demo.emulator import free_port
from tests.blank import ready
from tests.frame.commands import started
from tests.live.fake_slack import TOKEN, fake_slack

HEAVY = {
    *("alembic", "mako", "asyncpg", "sqlalchemy.dialects.postgresql", "cryptography", "psycopg"),
    *("dateparser", "httpx", "icalendar", "PIL", "python_calamine", "rich.console", "pygments.lexers"),
    *("opentelemetry", "requests", "google.protobuf"),
}
"""Each is loaded by its feature: a new schema, PostgreSQL, a key, a loose date, a CRM, a calendar file, a chart, a workbook, traces."""

WHOLE_BOT = {"bot.settings", "handlers", "pydantic", "slack_bolt", "sqlalchemy", "aiohttp", "templates"}


async def loaded(folder: Path, *words: str, until: bytes = b"", **env: str) -> set[str]:
    """The modules that `jumpin` loads until it ends, or until it has logged `until`."""
    run = await started(folder, *words, PYTHONPROFILEIMPORTTIME="1", **env)
    assert run.stdout is not None
    assert run.stderr is not None
    printed = asyncio.create_task(run.stdout.read())
    found, lines = set(), []
    async with asyncio.timeout(60):
        async for line in run.stderr:
            if line.startswith(b"import time:"):
                found.add(line.rpartition(b"|")[2].strip().decode())
                continue
            lines.append(line)
            if until and until in line:
                run.terminate()
        await printed
    assert await run.wait() == 0, lines
    return found


async def test_help_and_version_load_no_command(tmp_path: Path) -> None:
    for word in ("--version", "--help"):
        found = await loaded(tmp_path, word)
        assert "typer" in found
        assert found & WHOLE_BOT == set()


async def test_a_reading_command_loads_no_slack_and_no_store(tmp_path: Path) -> None:
    found = await loaded(tmp_path, "read", "we will start with 15 a day")
    assert "bot.language.read" in found
    assert not found & {"slack_bolt", "slack_sdk", "sqlalchemy", "aiohttp", "handlers"}


async def test_the_bot_listens_without_what_only_some_feature_needs(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'jumpin.sqlite3').as_posix()}"
    await asyncio.to_thread(ready, url)
    async with fake_slack() as slack:
        env = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": "secret", "SLACK_API_URL": slack.base_url, "DATABASE_URL": url}
        env |= {"HOST": "127.0.0.1", "JUMPIN_LOG_FORMAT": "json"}
        found = await loaded(tmp_path, "run", until=b"listening", PORT=str(free_port()), **env)
    assert "slack_bolt" in found
    assert found & HEAVY == set()


COUNTRIES = """
import sys
from datetime import date
from holidays import list_supported_countries
from bot.playbook.clock.calendar import WorkingDays

assert not WorkingDays(country="US", state="AK").works(date(2026, 10, 19)), "Alaska Day"
loaded = {name for name in sys.modules if name.startswith("holidays.countries.")}
assert loaded == {"holidays.countries.united_states"}, loaded
for country, states in list_supported_countries(include_aliases=False).items():
    for state in (None, *states[:1]):
        assert [day for day in range(1, 8) if WorkingDays(country=country, state=state).works(date(2026, 3, day))], (country, state)
"""


async def test_only_the_country_of_a_deal_is_loaded_and_each_can_be(tmp_path: Path) -> None:
    run = await asyncio.create_subprocess_exec(sys.executable, "-c", COUNTRIES, cwd=tmp_path, stderr=asyncio.subprocess.PIPE)
    _, wrong = await run.communicate()
    assert run.returncode == 0, wrong.decode()
