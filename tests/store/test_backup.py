"""A backup, taken while somebody writes, brings everything back, in either database, from either."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store import places
from store.backup import NoBackup, backup, restore
from store.engine import open_store
from store.locks import new_key
from store.schema import state
from tests.blank import ready
from tests.store.conftest import database
from tests.store.full import SAID, fill
from tests.store.raw import bytes_in

Made = Callable[[str, str], str]


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """The address of a new, empty database of a kind."""

    def new(engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite3"
        return database(request.getfixturevalue("postgres_url"))

    return new


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of a backup of a database with something of everything."""
    folder = tmp_path_factory.mktemp("full")
    url = f"sqlite:///{folder / 'full.sqlite3'}"
    ready(url)

    async def filled() -> None:
        store = open_store(url)
        await fill(store)
        await store.close()

    asyncio.run(filled())
    backup(url, folder / "b.gz")
    return gzip.decompress((folder / "b.gz").read_bytes()).decode().splitlines()


async def everything(url: str, keys: list[str]) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the code sees them."""
    store = open_store(url, keys)
    async with store.reading() as s:
        connection = await s.connection()
        found = {table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()] for table in places.tables()}
    await store.close()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
async def test_everything_comes_back_in_either_database(url: str, into: str, made: Made, tmp_path: Path) -> None:
    key, file = [new_key()], tmp_path / "backup.jsonl.gz"
    store = open_store(url, key)
    await fill(store)
    async with store.writing():  # somebody is writing: a backup waits for nobody
        rows = await asyncio.to_thread(backup, url, file)
    await store.close()
    other = await asyncio.to_thread(made, into, "restored")
    assert await asyncio.to_thread(restore, other, file) == rows > 20
    assert await everything(other, key) == await everything(url, key)
    again = open_store(other, key)
    deal, finding = await fill(again, "Globex")
    assert (deal, finding) > (0, 0)
    await again.close()
    assert not any(words.encode() in bytes_in_file for words in SAID.values() for bytes_in_file in [gzip.decompress(file.read_bytes())])
    assert file.stat().st_mode & 0o077 == 0


async def test_whatever_lies_where_the_backup_is_written_is_not_written_into(url: str, tmp_path: Path) -> None:
    """Somebody's file that they could read then, or a link to one, in a folder that others may write to."""
    file, theirs = tmp_path / "b.gz", tmp_path / "theirs"
    theirs.touch(mode=0o644)
    (tmp_path / "b.gz.part").symlink_to(theirs)
    await asyncio.to_thread(backup, url, file)
    assert theirs.read_bytes() == b""
    assert not file.is_symlink()
    assert file.stat().st_mode & 0o077 == 0


async def test_into_a_database_in_use_nothing_is_restored(url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(backup, url, tmp_path / "b.gz")
    with pytest.raises(NoBackup, match="not empty"):
        await asyncio.to_thread(restore, url, tmp_path / "b.gz")


@pytest.mark.parametrize(
    "content",
    [b"", b"not compressed", *(gzip.compress(body, mtime=0) for body in (b"{}\n", b"\x00\xff", json.dumps(["a"]).encode()))],
)
async def test_what_is_no_backup_is_told_and_leaves_the_database_empty(made: Made, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.gz").write_bytes(content)
    url = made("sqlite", "new")
    with pytest.raises(NoBackup):
        await asyncio.to_thread(restore, url, tmp_path / "b.gz")
    assert b"findings" not in await asyncio.to_thread(bytes_in, url)


async def test_a_backup_that_was_cut_off_restores_nothing(url: str, made: Made, tmp_path: Path) -> None:
    store = open_store(url)
    await fill(store)
    await store.close()
    await asyncio.to_thread(backup, url, tmp_path / "b.gz")
    whole = (tmp_path / "b.gz").read_bytes()
    (tmp_path / "b.gz").write_bytes(whole[: len(whole) // 2])
    other = made("sqlite", "new")
    with pytest.raises(NoBackup, match="damaged"):
        await asyncio.to_thread(restore, other, tmp_path / "b.gz")
    assert b"trickle" not in await asyncio.to_thread(bytes_in, other)


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda lines: lines[:-1], "damaged"),
        (lambda lines: [*lines[:3], *lines[4:]], "damaged"),
        (lambda lines: [*lines[:2], '["deals",{"id":"x"}]', *lines[3:]], "damaged"),
        (lambda lines: [lines[0].replace('"schema":"', '"schema":"9'), *lines[1:]], "newer version"),
    ],
    ids=["cut at the end of a line", "a line is missing", "no row", "newer"],
)
async def test_a_backup_of_which_lines_are_missing_or_changed_restores_nothing(
    full: list[str], made: Made, tmp_path: Path, *, changed: Callable[[list[str]], list[str]], told: str, into: str
) -> None:
    (tmp_path / "b.gz").write_bytes(gzip.compress("\n".join(changed(full)).encode()))
    other = await asyncio.to_thread(made, into, "new")
    with pytest.raises(NoBackup, match=told):
        await asyncio.to_thread(restore, other, tmp_path / "b.gz")
    assert await asyncio.to_thread(state, other) == "empty"


async def test_a_backup_made_before_there_was_a_last_line_comes_back(full: list[str], made: Made, tmp_path: Path) -> None:
    head = {name: value for name, value in json.loads(full[0]).items() if name != "ends"}
    (tmp_path / "b.gz").write_bytes(gzip.compress("\n".join([json.dumps(head), *full[1:-1]]).encode()))
    assert await asyncio.to_thread(restore, made("sqlite", "new"), tmp_path / "b.gz") == len(full) - 2
