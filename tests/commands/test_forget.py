"""Forgetting, exporting and encrypting from the command line: shown first, done with --yes, one sentence where it cannot be done."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.engine import open_store
from store.locks import new_key
from tests.blank import ready
from tests.commands.conftest import Jumpin
from tests.store.full import SAID, fill
from tests.store.raw import bytes_in


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The address of a database in which two customers have everything."""
    url = f"sqlite:///{(tmp_path / 'test.sqlite3').as_posix()}"
    ready(url)

    async def both() -> None:
        store = open_store(url)
        await fill(store)
        await fill(store, "Globex")
        await store.close()

    asyncio.run(both())
    return url


@pytest.mark.parametrize(
    ("order", "gone"),
    [
        (["--customer", "acme"], b"CACME"),
        (["--user", "UDANA"], b"UDANA"),
        (["--before", "2030-01-01"], SAID["quote"].encode()),
        (["--all"], b"URILEY"),
    ],
)
def test_it_shows_what_would_go_and_does_it_with_yes(jumpin: Jumpin, filled: str, order: list[str], gone: bytes) -> None:
    shown = jumpin("forget", *order)
    assert (shown.status, shown.lines[0]) == (0, "This would go:")
    assert "findings" in shown.out
    assert shown.lines[-1].startswith("Nothing is changed yet")
    assert gone in bytes_in(filled)
    done = jumpin("forget", *order, "--yes")
    assert (done.status, done.lines) == (0, ["Forgotten:", *shown.lines[1:-1]])
    assert gone not in bytes_in(filled)
    assert jumpin("forget", *order, "--yes").err.count("\n") <= 1


def test_what_is_due_is_what_the_settings_say(jumpin: Jumpin, filled: str) -> None:
    assert jumpin("forget", "--due").out == "There is nothing of that.\n"
    long_ago = (datetime.now(UTC) - datetime(2026, 11, 4, tzinfo=UTC)).days - 2
    if long_ago > 0:
        assert "findings deleted" in jumpin("forget", "--due", JUMPIN_KEEP_FINDINGS_DAYS=str(long_ago)).out


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([], "Say what to forget"),
        (["--all", "--due"], "Say what to forget"),
        (["--customer", "Acne"], "did you mean Acme?"),
    ],
)
def test_an_order_that_says_nothing_or_nobody_is_one_sentence(jumpin: Jumpin, filled: str, order: list[str], said: str) -> None:
    ran = jumpin("forget", *order)
    assert ran.status == 2
    assert said in ran.err


def test_everything_of_a_person_is_one_json_file(jumpin: Jumpin, filled: str, tmp_path: Path) -> None:
    ran = jumpin("export-person", "UDANA", "-o", tmp_path / "dana.json")
    assert ran.status == 0
    kept = json.loads((tmp_path / "dana.json").read_text(encoding="utf-8"))
    assert kept["user"] == "UDANA"
    assert (tmp_path / "dana.json").stat().st_mode & 0o777 == 0o600
    assert [row["quote"] for row in kept["kept"]["findings"]] == [SAID["quote"]] * 2
    assert json.loads(jumpin("export-person", "UNOBODY").out) == {"user": "UNOBODY", "kept": {}}


def test_a_database_is_encrypted_read_and_made_plain_again(jumpin: Jumpin, filled: str) -> None:
    old, new = jumpin("db", "key").out.strip(), new_key()
    assert "JUMPIN_KEY is not set" in jumpin("db", "encrypt").err
    assert "were not" in jumpin("db", "encrypt", JUMPIN_KEY=old).out
    assert not any(words.encode() in bytes_in(filled) for words in SAID.values())
    assert SAID["quote"] in jumpin("export-person", "UDANA", JUMPIN_KEY=old).out
    for wrong, said in (("", "JUMPIN_KEY is not set"), (new, "another key")):
        ran = jumpin("export-person", "UDANA", JUMPIN_KEY=wrong)
        assert ran.status == 2
        assert said in ran.err
        assert ran.err.count("\n") == 1
    assert jumpin("db", "encrypt", JUMPIN_KEY=f"{new},{old}").status == 0
    assert SAID["quote"] in jumpin("export-person", "UDANA", JUMPIN_KEY=new).out
    assert jumpin("db", "decrypt", JUMPIN_KEY=new).status == 0
    assert SAID["quote"] in jumpin("export-person", "UDANA").out


def test_a_key_that_is_none_is_told_without_it(jumpin: Jumpin) -> None:
    ran = jumpin("deals", "list", JUMPIN_KEY="hunter2")
    assert ran.status == 2
    assert "JUMPIN_KEY: must be a key as jumpin db key makes them" in ran.err
    assert "hunter2" not in ran.err
