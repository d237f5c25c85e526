"""Volumes from a database that is not ours, on SQLite and on a real PostgreSQL: read only, in time, and in one sentence what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from store.sources.volume_query import Refused, query, query_apart

TODAY = date(2026, 11, 27)
SQL = "SELECT account, ship_date, packages FROM shipped -- daily; totals\n;"
WRITES = "may only read"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a carrier's database with two accounts, and a table to ruin."""
    if request.param == "sqlite":
        address, driver = f"sqlite:///{tmp_path / 'wms.db'}", "sqlite"
    else:
        address, driver = (
            make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql").render_as_string(False),
            "postgresql+psycopg",
        )
    engine = create_engine(make_url(address).set(drivername=driver))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS shipped"))
        connection.execute(text("CREATE TABLE shipped (account TEXT, ship_date DATE, packages NUMERIC(10, 2))"))
        rows = [("Acme", "2026-11-02", 150), ("Acme", "2026-11-03", 148), ("Beta", "2026-11-02", 7)]
        for row in rows:
            connection.execute(text("INSERT INTO shipped VALUES (:a, :d, :p)"), dict(zip("adp", row, strict=True)))
    yield address
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM shipped")).scalar() == 3, "nothing was written"
        connection.execute(text("DROP TABLE shipped"))
    engine.dispose()


def test_what_was_shipped_comes_out(url: str) -> None:
    found = query_apart(url, SQL, TODAY, 20)
    assert [(line.account, line.day, line.packages) for line in found.lines] == [
        ("Acme", date(2026, 11, 2), 150),
        ("Acme", date(2026, 11, 3), 148),
        ("Beta", date(2026, 11, 2), 7),
    ]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM shipped", WRITES),
        ("SELECT 1; DELETE FROM shipped", WRITES),
        ("COMMIT; DROP TABLE shipped", WRITES),
        ("-- nothing\n", "is empty"),
        ("SELECT account, packages FROM shipped", "must give account, ship_date and packages; it gives account, packages"),
        ("SELECT ship_date, packages FROM shipped", "must give account"),
        ("SELECT account, ship_date, packages FROM no_such_table", "cannot be run: "),
        ("SELECT account, ship_date, packages FROM shipped WHERE packages < 0", "holds no row"),
        ("SELECT 'Acme' AS account, 'soon' AS ship_date, ':x' AS packages", "holds no row"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(url: str, sql: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as reason:
        query(url, sql, TODAY, 20)
    assert "\n" not in str(reason.value)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "sql",
    ["WITH gone AS (DELETE FROM shipped RETURNING *) SELECT * FROM gone", "SELECT account, ship_date, packages INTO more FROM shipped"],
)
def test_a_select_that_writes_is_stopped_by_the_database(url: str, sql: str) -> None:
    with pytest.raises(Refused, match=WRITES):
        query(url, sql, TODAY, 20)


def test_a_query_that_hangs_is_stopped(url: str) -> None:
    endless: dict[bool, Any] = {
        True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'a' account, '' day, max(i) packages FROM n",
        False: "SELECT 'a' AS account, '2026-11-02' AS day, 1 AS packages FROM pg_sleep(60)",
    }
    with pytest.raises(Refused, match="took longer than 1 seconds and was stopped"):
        query(url, endless[url.startswith("sqlite")], TODAY, 1)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "is no database address"),
        ("nosuchdb://x:secret@host/y", "driver that is not installed"),
        ("sqlite:////nowhere/wms.db", "cannot be opened"),
        ("postgresql://x:secret@127.0.0.1:1/y", "cannot be opened"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as reason:
        query(url, SQL, TODAY, 5)
    assert "secret" not in str(reason.value)
