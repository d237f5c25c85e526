"""SQLite's driver: whatever a statement gives comes with it, and nothing of a statement that failed or was given up stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from store import deals, findings
from store.engine import open_store, sqlite_engine
from store.locks import new_key
from store.records import Origin
from store.sqlite_driver import COMPILED
from tests.blank import ready
from tests.store.samples import NOON, acme, low

LONG = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT max(i) FROM n")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    url = make_url(f"sqlite+aiosqlite:///{(tmp_path / 'one.sqlite3').as_posix()}")
    made = sqlite_engine(url, "BEGIN IMMEDIATE", connections=2, patience=0.2)
    async with made.begin() as c:
        await c.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
    yield made
    await made.dispose()


async def test_what_a_statement_gives_comes_with_it(engine: AsyncEngine) -> None:
    async with engine.begin() as c:
        one = await c.execute(text("INSERT INTO t (word) VALUES (:word)"), {"word": "a"})
        assert (one.rowcount, one.lastrowid) == (1, 1)
        many = await c.execute(text("INSERT INTO t (word) VALUES (:word)"), [{"word": "b"}, {"word": "c"}])
        assert many.rowcount == 2
        changed = await c.execute(text("UPDATE t SET word = word || 'x' RETURNING id, word"))
        assert changed.all() == [(1, "ax"), (2, "bx"), (3, "cx")]
    async with engine.connect() as c:
        rows = await c.execute(text("SELECT id, word FROM t ORDER BY id"))
        assert list(rows.keys()) == ["id", "word"]
        assert rows.fetchone() == (1, "ax")
        assert rows.fetchmany() == [(2, "bx")]
        assert rows.fetchall() == [(3, "cx")]
        async with c.stream(text("SELECT id FROM t ORDER BY id")) as streamed:
            assert [row.id async for row in streamed] == [1, 2, 3]


async def test_a_statement_that_fails_says_why_and_holds_nothing(engine: AsyncEngine) -> None:
    async with engine.begin() as c:
        await c.execute(text("INSERT INTO t (word) VALUES ('a')"))
    with pytest.raises(IntegrityError):
        async with engine.begin() as c:
            await c.execute(text("INSERT INTO t (word) VALUES ('b'), ('a')"))
    with pytest.raises(OperationalError, match="no such table"):
        async with engine.begin() as c:
            await c.execute(text("SELECT * FROM nowhere"))
    async with engine.begin() as c:
        assert (await c.execute(text("SELECT count(*) FROM t"))).scalar() == 1


async def test_a_statement_that_was_given_up_lets_others_write(engine: AsyncEngine) -> None:
    async def long() -> None:
        async with engine.begin() as c:
            await c.execute(LONG)

    given_up = asyncio.create_task(long())
    await asyncio.sleep(0.05)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    async with engine.begin() as c:
        await c.execute(text("INSERT INTO t (word) VALUES ('after')"))


async def test_a_statement_is_made_into_sql_once_for_all_stores_that_seal_alike(tmp_path: Path) -> None:
    async def told(name: str, *keys: str) -> tuple[set[Any], str]:
        """What is compiled for a store that writes a quote and reads it in every session, and how the quote stands in its file."""
        url, before = f"sqlite:///{(tmp_path / name).as_posix()}", set(COMPILED)
        await asyncio.to_thread(ready, url)
        store = open_store(url, keys)
        async with store.writing() as s:
            saved = await deals.save_deal(s, acme(), by="test", source="test", now=NOON)
            await findings.record(s, saved.id, low(quote="15 a day"), Origin("C1", "1.0", "U1", NOON), NOON)
        async with store.writing() as writer, store.reading() as reader:
            for s in (writer, reader):
                [stored] = await findings.open_findings(s, saved.id)
                assert stored.finding.quote == "15 a day"
            stands = await (await reader.connection()).execute(text("SELECT quote FROM findings"))
            quote = str(stands.scalar_one())
        await store.close()
        return set(COMPILED) - before, quote

    COMPILED.clear()
    compiled, quote = await told("first")
    assert compiled
    assert quote == "15 a day"
    assert await told("second") == (set(), "15 a day")
    for number in (1, 2):
        compiled, quote = await told(f"sealed {number}", new_key())
        assert compiled
        assert quote.startswith("sealed:1:")
    assert await told("third") == (set(), "15 a day")
