"""The store says plainly what is wrong with a database, keeps its secrets, and goes on when the database is back."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from store import deals, findings, migrate
from store.engine import STOPPED, Store, StoreUnreachable, open_store
from tests.store.conftest import database
from tests.store.samples import NOON, acme, finding_id, low, said, save
from tests.store.wire import Wire


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///deals.sqlite3", "sqlite+aiosqlite:///deals.sqlite3"),
        ("sqlite+aiosqlite:///deals.sqlite3", "sqlite+aiosqlite:///deals.sqlite3"),
        ("postgres://u:p@db/deals", "postgresql+asyncpg://u:p@db/deals"),
        ("postgresql://u:p@db:5433/deals?sslmode=require&channel_binding=require", "postgresql+asyncpg://u:p@db:5433/deals?ssl=require"),
        ("postgresql+asyncpg://u:p@db/deals", "postgresql+asyncpg://u:p@db/deals"),
    ],
)
async def test_addresses_as_people_write_them(given: str, used: str, tmp_path: Path) -> None:
    here = str(tmp_path / "deals.sqlite3")
    store = open_store(given.replace("deals.sqlite3", here))
    assert store.url == used.replace("deals.sqlite3", here)
    assert ":p@" not in repr(store)
    await store.close()


@pytest.mark.parametrize(
    "given", ["", "deals.db", "mysql://u:hunter2@db/deals", "sqlite://", "sqlite:///:memory:", "postgresql://u:hunter2@db:x/"]
)
def test_addresses_we_cannot_use(given: str) -> None:
    for use in (open_store, migrate.state, migrate.upgrade):
        with pytest.raises(StoreUnreachable, match=r"DATABASE_URL must .*\.$") as refused:
            use(given)
        assert "hunter2" not in str(refused.value)


async def test_sqlite_files_are_made_with_their_folder_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "deals.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    async with store.writing() as s:
        await save(s)
        modes = [stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()]
    await store.close()
    assert len(modes) == 3
    assert set(modes) == {0o600}


async def test_sqlite_is_set_up_for_one_writer_and_many_readers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'deals.sqlite3'}")
    for session in (store.reading, store.writing):
        async with session() as s:
            pragmas = ["journal_mode", "synchronous", "busy_timeout", "foreign_keys"]
            values = [(await (await s.connection()).execute(text(f"PRAGMA {pragma}"))).scalar() for pragma in pragmas]
        assert values == ["wal", 1, 5000, 1]
    await store.close()


@pytest.mark.parametrize("content", [b"", b"this is a letter, not a database" * 100])
async def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.sqlite3"
    path.write_bytes(content)
    if content:
        store = open_store(f"sqlite:///{path}")
        with pytest.raises(StoreUnreachable, match=r"letter\.sqlite3 \(file is not a database\)"):
            await store.ping()
        await store.close()
        with pytest.raises(StoreUnreachable, match="file is not a database"):
            migrate.state(f"sqlite:///{path}")
    else:
        assert migrate.state(f"sqlite:///{path}") == "empty"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnreachable, match=r"Cannot reach the SQLite file .*deals\.sqlite3 \((file exists|not a directory)\)"):
        migrate.upgrade(f"sqlite:///{tmp_path / 'file' / 'deals.sqlite3'}")


async def test_no_server_there() -> None:
    store = open_store("postgresql://jumpin:hunter2@127.0.0.1:1/deals")
    with pytest.raises(StoreUnreachable) as refused:
        await store.ping()
    await store.close()
    assert str(refused.value) == (
        "Cannot reach the PostgreSQL database deals on 127.0.0.1:1 (connection refused): check DATABASE_URL and that it runs."
    )
    with pytest.raises(StoreUnreachable, match="connection refused"):
        migrate.upgrade("postgresql://jumpin:hunter2@127.0.0.1:1/deals")


async def test_wrong_password_database_or_word(postgres_url: str) -> None:
    right = make_url(postgres_url)
    for wrong, sentence in (
        (right.set(password="hunter2"), "Cannot log in to .*: check user and password"),
        (right.set(database="none"), "Cannot find the PostgreSQL database none on .*: create it"),
        (right.set(query={"foo": "bar"}), "Cannot reach .*foo"),
        (right.set(query={"ssl": "require"}), "Cannot reach .*SSL"),
    ):
        store = open_store(wrong.render_as_string(hide_password=False))
        with pytest.raises(StoreUnreachable, match=sentence) as refused:
            await store.ping()
        await store.close()
        assert "hunter2" not in str(refused.value)
        assert str(right.password) not in str(refused.value)


async def test_a_database_that_goes_away_and_comes_back(postgres_url: str) -> None:
    url = make_url(await asyncio.to_thread(database, postgres_url))
    await asyncio.to_thread(migrate.upgrade, url.render_as_string(hide_password=False))
    wire = Wire(url.port or 5432)
    await wire.mend()
    store = open_store(url.set(port=wire.port).render_as_string(hide_password=False))

    async def lose_it_midway() -> None:
        async with store.writing() as s:
            await save(s)
            await wire.cut()
            await finding_id(s)

    with pytest.raises(SQLAlchemyError):
        await lose_it_midway()
    with pytest.raises(StoreUnreachable, match="connection refused"):
        await store.ping()
    await wire.mend()
    async with store.writing() as s:
        assert await deals.all_deals(s) == []
        await save(s)
    await store.close()
    await wire.cut()


async def test_whoever_stops_within_a_transaction_holds_nobody_up_for_good(postgres_url: str) -> None:
    url = await asyncio.to_thread(database, postgres_url)
    store = open_store(url)

    async def stops() -> None:
        async with store.reading() as s:
            connection = await s.connection()
            assert (await connection.execute(text("SHOW idle_in_transaction_session_timeout"))).scalar_one() == STOPPED
            await connection.execute(text("SET idle_in_transaction_session_timeout = '100ms'"))  # two minutes in a hurry
            await asyncio.sleep(1)
            await connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        await stops()
    await store.ping()
    await store.close()


async def test_another_process_writing_to_the_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "deals.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with store.reading() as s:
        assert await deals.all_deals(s) == []

    async def write() -> None:
        async with store.writing() as s:
            await save(s)

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    await store.close()


async def test_the_same_message_handled_by_two_at_once_is_one_finding(store: Store) -> None:
    async with store.writing() as s:
        deal = (await save(s)).id

    async def one() -> bool:
        async with store.writing() as s:
            return (await findings.record(s, deal, low(), said(), NOON))[1]

    assert sorted(await asyncio.gather(*(one() for _ in range(4)))) == [False, False, False, True]


async def test_cancelled_anywhere_leaves_nothing_half_and_frees_the_writer(store: Store) -> None:
    async def write(name: str) -> None:
        async with store.writing() as s:
            await save(s, acme(customer=f"{name} one"))
            await save(s, acme(customer=f"{name} two"))

    for turns in range(0, 60, 2):
        writing = asyncio.create_task(write(str(turns)))
        for _ in range(turns):
            await asyncio.sleep(0.0003)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        async with asyncio.timeout(3), store.writing():
            pass
    async with store.reading() as s:
        kept = sorted(known.deal.customer.split()[0] for known in await deals.all_deals(s))
    assert kept[::2] == kept[1::2]


async def test_a_cursor_left_open_does_not_hold_the_writer(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / 'deals.sqlite3'}")
    store = open_store(f"sqlite:///{tmp_path / 'deals.sqlite3'}")
    left_open = []

    async def cut_off() -> None:
        async with store.writing() as s:
            connection = await s.connection()
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            left_open.append(await driver.execute("INSERT INTO channels_seen VALUES ('C1', 1), ('C2', 2) RETURNING channel"))
            await connection.invalidate()

    with pytest.raises(SQLAlchemyError):
        await cut_off()
    async with asyncio.timeout(2), store.writing() as s:
        await save(s)
    assert left_open
    await store.close()


async def test_errors_tell_no_words_and_no_figures(store: Store) -> None:
    async def unknown_deal() -> None:
        async with store.writing() as s:
            await findings.record(s, 77, low(quote="fifteen a day"), said(), NOON)

    with pytest.raises(SQLAlchemyError) as failed:
        await unknown_deal()
    assert "fifteen" not in str(failed.value)


async def test_reading_keeps_nothing(store: Store) -> None:
    async with store.reading() as s:
        await save(s, acme())
    async with store.reading() as s:
        assert await deals.all_deals(s) == []
