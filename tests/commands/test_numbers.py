"""`jumpin report`: the numbers of all deals, in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.bench.portfolio import portfolio, write
from tests.blank import ready
from tests.commands.conftest import Jumpin


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path) -> None:
    ready(f"sqlite:///{(tmp_path / 'test.sqlite3').as_posix()}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "deals", portfolio(4, 200))
    return tmp_path / "deals"


def test_no_deals_no_numbers(jumpin: Jumpin) -> None:
    told = jumpin("report")
    assert (told.status, told.err) == (0, "")
    assert "No deals yet." in told.out


def test_every_form(jumpin: Jumpin, folder: Path, tmp_path: Path) -> None:
    assert jumpin("deals", "import", *sorted(folder.glob("*.yml"))).status == 0
    shown = jumpin("report", COLUMNS="200")
    assert (shown.status, shown.err) == (0, "")
    assert shown.lines[0].startswith("4 deals · as of ")
    assert "Test-to-ramp conversion" in shown.out
    assert "no data" in shown.out, "no volume has been taken in"
    plain = json.loads(jumpin("report", "--json").out)
    assert (plain["deals"], [one["value"] for one in plain["metrics"]]) == (4, [None] * 6)
    rows = list(csv.DictReader(io.StringIO(jumpin("report", "--csv").out)))
    assert {row["group"] for row in rows if row["by"] == "Rep"} == {group["name"] for group in plain["groups"]["rep"]}
    page = tmp_path / "numbers.html"
    told = jumpin("report", "--html", "-o", page)
    assert (told.status, told.out, told.err) == (0, "", f"{page}: written\n")
    assert "4 deals" in page.read_text(encoding="utf-8")
    table = tmp_path / "numbers.csv"
    jumpin("report", "--csv", "--output", table)
    assert table.read_bytes().startswith(b"\xef\xbb\xbfwhat,by,group"), "so that a spreadsheet takes it for UTF-8"
    rep = plain["groups"]["rep"][0]
    narrowed = json.loads(jumpin("report", "--json", "--rep", rep["name"].upper()).out)
    assert (narrowed["deals"], narrowed["of"], narrowed["chosen"]) == (rep["deals"], 4, {"rep": rep["name"]})


def test_what_cannot_be_done_is_one_sentence(jumpin: Jumpin, folder: Path, tmp_path: Path) -> None:
    jumpin("deals", "import", *sorted(folder.glob("*.yml"))[:2])
    for arguments, words in (
        (("--csv", "--json"), "Choose one of --csv, --json and --html."),
        (("--output", "x"), "Say what to write: --csv, --json or --html."),
        (("--rep", "Nobody"), "No deal has the rep “Nobody”. There is: "),
        (("--html", "-o", tmp_path / "no" / "such.html"), "cannot be written (No such file or directory)."),
    ):
        told = jumpin("report", *arguments)
        assert (told.status, told.out) == (2, "")
        assert words in told.err
        assert len(told.err.splitlines()) == 1
