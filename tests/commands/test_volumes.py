"""`jumpin volumes`: a file is shown before it is taken, taken once, corrected with its history, and each account goes to its deal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Jumpin
from tests.fuzz import packed

ACME = ROOT / "tests" / "sources" / "data" / "deals" / "acme.yml"
TOTALS = 'Shipping report\nDate,Packages\n11/13/2025,148\n11/14/2025,"1,172"\n'


@pytest.fixture
def file(jumpin: Jumpin, tmp_path: Path) -> Path:
    """A file of daily totals, and the deal that it is of."""
    assert jumpin("deals", "import", ACME).status == 0
    made = tmp_path / "november.csv"
    made.write_text(TOTALS, encoding="utf-8")
    return made


def test_a_file_is_shown_and_taken_and_corrected(jumpin: Jumpin, file: Path) -> None:
    shown = jumpin("volumes", "import", file, "--deal", "acme outfitters", "--dry-run")
    assert (shown.status, shown.err) == (0, "")
    assert shown.lines == [
        "november.csv: 1,320 packages on 2 days, 13 - 14 Nov 2025 (2 rows, daily totals)",
        "  Columns: day = “Date”, packages = “Packages”",
        "  No account named: 1,320 packages on 2 days → Acme Outfitters",
    ]
    assert jumpin("volumes", "list").lines == ["No volumes yet. Take some from a file: jumpin volumes import november.csv"]
    refused = jumpin("volumes", "import", file, "--deal", "acme outfitters")
    assert (refused.status, refused.err) == (2, "Nothing was taken: look at it with --dry-run, and take it with --yes.\n")
    assert jumpin("volumes", "import", file, "--deal", "acme outfitters", "--yes").lines[-1] == "Taken: 2 days new."
    assert jumpin("volumes", "import", file, "--deal", "acme outfitters", "--yes").lines[-1] == "Taken: 2 as before."
    file.write_text(TOTALS.replace("148", "150"), encoding="utf-8")
    corrected = jumpin("volumes", "import", file, "--deal", "acme outfitters", "--yes").lines
    assert corrected[-2:] == ["  note: 1 day known already changes: 13 Nov 2025, 148 → 150", "Taken: 1 corrected, 1 as before."]
    days = jumpin("volumes", "list", "ACME outfitters").lines
    assert days[0] == "Acme Outfitters: 2 days with data, the last on 2025-11-14"
    assert days[1].split()[:3] == ["2025-11-13", "Thu", "150"]
    assert days[3].startswith("  corrected: 2025-11-13 was 148 until ")
    out = jumpin("volumes", "list", "acme outfitters", "--csv").lines
    assert out == [
        "customer,day,packages,on_time,billed_right,transit_days",
        "Acme Outfitters,2025-11-13,150,,,",
        "Acme Outfitters,2025-11-14,1172,,,",
    ]


def test_a_file_taken_for_a_deal_tells_whose_its_account_is(jumpin: Jumpin, file: Path) -> None:
    file.write_text("date,account,packages\n2025-11-13,ACME WH 2,20\n", encoding="utf-8")
    taken = jumpin("volumes", "import", file, "--deal", "acme outfitters", "--yes").lines
    assert taken[-2:] == ["Taken: 1 day new.", "  “ACME WH 2” is the account of Acme Outfitters from now on."]
    file.write_text("date,account,packages\n2025-11-14,ACME WH 2,30\n", encoding="utf-8")
    assert jumpin("volumes", "import", file, "--yes").lines[-1] == "Taken: 1 day new."


def test_accounts_go_to_their_deals_and_unknown_ones_wait(jumpin: Jumpin, file: Path) -> None:
    file.write_text(
        "date,account,packages\n2025-11-13,Acme Outfitters,148\n2025-11-13,ACME WH 2,20\n2025-11-13,Other,5\n", encoding="utf-8"
    )
    taken = jumpin("volumes", "import", file, "--yes").lines
    assert "  “ACME WH 2”: 20 packages on 1 day → no deal yet" in taken
    assert taken[-3:] == [
        "Taken: 1 day new, 2 kept until their account has a deal.",
        '  jumpin volumes map "ACME WH 2" CUSTOMER',
        '  jumpin volumes map "Other" CUSTOMER',
    ]
    assert "  ACME WH 2: 20 packages, 13 Nov 2025 (file)" in jumpin("volumes", "list").lines
    assert jumpin("volumes", "map", "ACME WH 2", "acme outfitters").lines == ["ACME WH 2 → Acme Outfitters: 1 day new."]
    assert jumpin("volumes", "map", "other", "--ignore").lines == ["other → ignored: 1 of accounts that are ignored."]
    assert "accounts without a deal:" not in jumpin("volumes", "list").lines
    assert jumpin("volumes", "list", "acme outfitters").lines[1].split()[2] == "168"


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (TOTALS, [], "has no column of accounts, so say whose volumes these are: --deal CUSTOMER"),
        (TOTALS, ["--deal", "Akme Outfiters"], "There is no deal named Akme Outfiters; did you mean Acme Outfitters?"),
        ("date,account,packages\n2025-11-13,A,1\n2025-11-13,B,1\n", ["--deal", "acme outfitters"], "The file names 2 accounts (“A”, “B”)"),
        ("name,phone\nx,1\n", [], "has no column for the day and for packages or tracking numbers (it has: name, phone)"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_sentence(jumpin: Jumpin, file: Path, text: str, arguments: list[str], sentence: str) -> None:
    file.write_text(text, encoding="utf-8")
    told = jumpin("volumes", "import", file, "--yes", *arguments)
    assert told.status == 2
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1


def test_a_workbook_with_a_cell_far_away_ends_nothing_but_the_reading(jumpin: Jumpin, file: Path, tmp_path: Path) -> None:
    sheet, whole = tmp_path / "far.xlsx", packed.SEEDS["workbook"]
    for text, status in ((whole, 0), (whole.replace('r="C3"', 'r="XFD1048576"'), 2)):
        sheet.write_bytes(packed.book(text.encode()))
        shown = jumpin("volumes", "import", sheet, "--deal", "acme outfitters", "--dry-run")
        assert shown.status == status
    assert shown.err.endswith("takes too much memory to read; save it as CSV, or cut it into parts\n")


def test_a_file_that_is_not_there(jumpin: Jumpin, tmp_path: Path) -> None:
    told = jumpin("volumes", "import", tmp_path / "none.csv")
    assert (told.status, told.err) == (2, f"{tmp_path / 'none.csv'}: cannot be read: No such file or directory\n")


def test_a_pull_from_the_carriers_database(jumpin: Jumpin, file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "wms.db")) as wms:
        wms.execute("CREATE TABLE shipped (customer TEXT, ship_date TEXT, packages INTEGER)")
        wms.execute("INSERT INTO shipped VALUES ('Acme Outfitters', '2025-11-13', 148)")
        wms.commit()
    query = tmp_path / "volumes.sql"
    query.write_text("SELECT customer, ship_date, packages FROM shipped", encoding="utf-8")
    there = {"VOLUMES_URL": f"sqlite:///{tmp_path / 'wms.db'}", "VOLUMES_SQL": str(query)}
    assert jumpin("volumes", "pull", "--dry-run", **there).lines[0].startswith("volumes.sql: 148 packages on 1 day, 13 Nov 2025")
    assert jumpin("volumes", "pull", **there).lines[-1] == "Taken: 1 day new."
    assert jumpin("volumes", "pull", **there).lines[-1] == "Taken: 1 as before."
    query.write_text("DELETE FROM shipped", encoding="utf-8")
    told = jumpin("volumes", "pull", **there)
    assert (told.status, told.err) == (2, "VOLUMES_SQL may only read: it must be one SELECT, and nothing that writes.\n")
    assert "VOLUMES_SQL is missing beside VOLUMES_URL" in jumpin("volumes", "pull", VOLUMES_URL="sqlite:///x.db").err
    assert "Set VOLUMES_URL to the database" in jumpin("volumes", "pull").err
