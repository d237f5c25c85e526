"""`jumpin db` on a real PostgreSQL: empty, upgraded, from a newer version, and away."""

from __future__ import annotations

import asyncio

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.demo.emulator import free_port
from store.schema import VERSION_TABLE

NAME = "frame_db"


async def run_sql(url: str, sql: str) -> None:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    await connection.execute(sql)
    await connection.close()


@pytest.fixture
def url(postgres_url: str) -> str:
    asyncio.run(run_sql(postgres_url, f"DROP DATABASE IF EXISTS {NAME}"))
    asyncio.run(run_sql(postgres_url, f"CREATE DATABASE {NAME}"))
    return make_url(postgres_url).set(database=NAME).render_as_string(hide_password=False)


def db(word: str, url: str) -> Result:
    return CliRunner().invoke(app, ["db", word], env={"DATABASE_URL": url})


def test_an_empty_database_is_upgraded_once_and_for_all(url: str) -> None:
    assert (db("current", url).exit_code, "no tables yet" in db("current", url).stdout) == (1, True)
    for _ in range(2):
        assert db("upgrade", url).exit_code == 0
    assert (db("current", url).exit_code, "newest schema" in db("current", url).stdout) == (0, True)


def test_a_database_from_a_newer_version_is_left_alone(url: str) -> None:
    db("upgrade", url)
    asyncio.run(run_sql(url, f"UPDATE {VERSION_TABLE} SET version_num = 'from_the_future'"))
    assert db("current", url).exit_code == 1
    done = db("upgrade", url)
    assert done.exit_code == 2
    assert "newer" in done.stderr


def test_an_unreachable_database_is_one_sentence_without_the_password() -> None:
    done = db("upgrade", f"postgresql://jumpin:hunter2@127.0.0.1:{free_port()}/jumpin")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.output
