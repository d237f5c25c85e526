"""Migrations make exactly the tables that the code expects, on both databases, and can be undone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store import deal_people, findings, migrate, outbox
from store.address import normalised
from store.engine import StoreUnreachable, StoreUnready, open_store
from store.migrations.options import OPTIONS
from store.schema import VERSION_TABLE, may_write, state
from store.tables import metadata
from tests.store.conftest import on_postgres
from tests.store.samples import NOON, finding_id

Checks = dict[str, dict[str, set[str]]]


def look(url: str, work: Any) -> Any:
    """What `work` finds on a connection."""

    async def once() -> Any:
        engine = create_async_engine(normalised(url))
        async with engine.begin() as connection:
            found = await connection.run_sync(work)
        await engine.dispose()
        return found

    return asyncio.run(once())


def drift(connection: Connection) -> list[Any]:
    """How the tables differ from what the code expects."""
    opts = {key: value for key, value in OPTIONS.items() if key != "target_metadata"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))


def checks(connection: Connection) -> Checks:
    """Table -> check constraint -> the texts it allows; Alembic does not compare these."""
    found: Checks = {}
    for table in metadata.tables:
        constraints = inspect(connection).get_check_constraints(table)
        found[table] = {str(one["name"]): set(re.findall(r"'([^']+)'", one["sqltext"])) for one in constraints}
    return found


def expected_checks() -> Checks:
    """The same from the code."""
    return {
        name: {
            str(one.name): {str(text) for column in one.columns for text in getattr(column.type, "enums", ())}
            for one in table.constraints
            if isinstance(one, CheckConstraint)
        }
        for name, table in metadata.tables.items()
    }


def test_upgrade_makes_what_the_code_expects(empty_url: str) -> None:
    assert migrate.state(empty_url) == "empty"
    migrate.upgrade(empty_url)
    assert migrate.state(empty_url) == "current"
    assert look(empty_url, drift) == []
    assert look(empty_url, checks) == expected_checks()
    migrate.upgrade(empty_url)


def test_there_and_back_again(empty_url: str) -> None:
    url = empty_url
    migrate.upgrade(url)
    migrate.downgrade(url)
    assert migrate.state(url) == "empty"
    assert set(look(url, lambda connection: inspect(connection).get_table_names())) <= {VERSION_TABLE}
    migrate.upgrade(url)
    assert look(url, drift) == []


def test_a_newer_database_is_left_alone(empty_url: str) -> None:
    url = empty_url
    migrate.upgrade(url)
    look(url, lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")))
    assert migrate.state(url) == "ahead"
    for prepare in (migrate.upgrade, migrate.make_ready):
        with pytest.raises(StoreUnready, match="newer version of jumpin"):
            prepare(url)


def test_missing_tables(empty_url: str, engine: str) -> None:
    if engine == "sqlite":
        migrate.make_ready(empty_url)
        assert migrate.state(empty_url) == "current"
    else:
        with pytest.raises(StoreUnready, match="jumpin db upgrade"):
            migrate.make_ready(empty_url)
        migrate.upgrade(empty_url)
        migrate.make_ready(empty_url)


def test_several_upgrade_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(max_workers=4) as threads:
        list(threads.map(migrate.upgrade, [empty_url] * 4))
    assert look(empty_url, drift) == []


async def test_upgrade_within_an_event_loop_keeps_what_is_there(url: str) -> None:
    store = open_store(url)
    async with store.writing() as s:
        await finding_id(s)
    migrate.upgrade(url)
    async with store.writing() as s:
        await finding_id(s, ts=2)
    await store.close()


def test_looking_creates_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none" / "jumpin.sqlite3"
    assert migrate.state(f"sqlite:///{path}") == "empty"
    assert not path.parent.exists()


def test_the_ledger_comes_to_a_database_in_use_and_goes_again(url: str) -> None:
    async def filled() -> int:
        store = open_store(url)
        async with store.writing() as s:
            number = await finding_id(s)
            await findings.change(s, number, "terms-changed", by="URILEY", now=NOON)
        await store.close()
        return number

    async def found(number: int) -> tuple[str, list[str]]:
        store = open_store(url)
        async with store.reading() as s:
            stored = await findings.get(s, number)
            steps = await findings.steps(s, number)
        await store.close()
        assert stored is not None
        return stored.state, [step.after for step in steps]

    number = asyncio.run(filled())
    migrate.downgrade(url, "0001")
    assert migrate.state(url) == "behind"
    migrate.upgrade(url)
    assert asyncio.run(found(number)) == ("resolved", ["open", "resolved"])
    assert look(url, drift) == []
    assert look(url, checks) == expected_checks()


def test_the_life_of_a_finding_comes_to_a_database_in_use_and_goes_again(url: str) -> None:
    async def filled() -> int:
        store = open_store(url)
        async with store.writing() as s:
            number = await finding_id(s)
            await findings.change(s, number, "escalated", by="URILEY", now=NOON)
            await outbox.enqueue(s, "alert:1", "alert", number, "URILEY", NOON)
            await outbox.notify(s, "welcome:1", "URILEY", {"what": "welcome"}, NOON)
        await store.close()
        return number

    async def found(number: int) -> tuple[str, list[str], int]:
        store = open_store(url)
        async with store.reading() as s:
            stored = await findings.get(s, number)
            waiting = await outbox.waiting(s)
            kept = [(errand.key, errand.about) for errand in await outbox.of_finding(s, number)]
        await store.close()
        assert stored is not None
        assert kept == [("alert:1", {})]
        return stored.state, [stored.origin.channel], waiting

    async def on() -> tuple[dict[int, str], list[int], dict[int, str]]:
        store = open_store(url)
        async with store.reading() as s:
            theirs = await deal_people.names(s, "URILEY")
            told = theirs, await deal_people.in_channel(s, "URILEY", "CACME"), await deal_people.names(s, "UDANA")
        await store.close()
        return told

    number = asyncio.run(filled())
    migrate.downgrade(url, "0002")
    assert migrate.state(url) == "behind"
    migrate.upgrade(url)
    assert asyncio.run(found(number)) == ("used", ["CACME"], 1)
    theirs, there, customers = asyncio.run(on())
    assert (list(theirs.values()), there, customers) == (["acme"], list(theirs), {})
    assert look(url, drift) == []
    assert look(url, checks) == expected_checks()


def test_a_user_who_may_not_work_on_the_tables_is_told_so(blank: Callable[[str], str]) -> None:
    url = blank("postgresql")
    on_postgres(url, "CREATE ROLE stranger LOGIN PASSWORD 'hunter2'")
    theirs = make_url(url).set(username="stranger", password="hunter2").render_as_string(hide_password=False)

    async def tried() -> None:
        store = open_store(theirs)
        try:
            await may_write(store)
        finally:
            await store.close()

    with pytest.raises(StoreUnreachable, match=r"^The user in DATABASE_URL may not work on our tables in the PostgreSQL database"):
        state(theirs)
    on_postgres(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO stranger")
    assert state(theirs) == "current"
    with pytest.raises(StoreUnreachable, match=r"grant it SELECT, INSERT, UPDATE and DELETE on them"):
        asyncio.run(tried())
    on_postgres(url, "GRANT UPDATE ON ALL TABLES IN SCHEMA public TO stranger")
    asyncio.run(tried())
