"""`jumpin pack` as people use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Jumpin

ACME = ROOT / "tests" / "sources" / "data" / "deals" / "acme.yml"


@pytest.mark.parametrize(
    ("kind", "of", "name"), [("review", ("--month", "2026-01"), "January 2026"), ("audit", ("--quarter", "2026-q1"), "Q1 2026")]
)
def test_a_pack_of_a_customer_alone(jumpin: Jumpin, tmp_path: Path, kind: str, of: tuple[str, str], name: str) -> None:
    jumpin("deals", "import", ACME)
    told = jumpin("pack", kind, "acme outfitters", *of, "--html", tmp_path / "page.html")
    assert (told.status, "Written to" in told.out) == (0, True)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Acme Outfitters" in page
    assert name in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("acme", "--month", "2026-13"), "2026-13 is none"),
        (("acme outfitters", "--month", "soon"), "write a month such as 2026-10"),
        (("acme outfitters", "--month", "9999-01"), "has not begun"),
        (("acme outfiters",), "did you mean Acme Outfitters?"),
        (("nobody",), "jumpin deals list shows all"),
    ],
)
def test_what_cannot_be_made(jumpin: Jumpin, arguments: tuple[str, ...], sentence: str) -> None:
    jumpin("deals", "import", ACME)
    customer, *more = arguments
    told = jumpin("pack", "review", "acme outfitters" if customer == "acme" else customer, *more)
    assert (told.status, told.err.count("\n"), sentence in told.err) == (2, 1, True)


def test_where_nothing_can_be_written(jumpin: Jumpin, tmp_path: Path) -> None:
    jumpin("deals", "import", ACME)
    told = jumpin("pack", "audit", "acme outfitters", "--html", tmp_path)
    assert (told.status, "cannot be written" in told.err) == (2, True)


def test_the_workshop_of_all_deals_and_of_a_leader(jumpin: Jumpin, tmp_path: Path) -> None:
    jumpin("deals", "import", ACME)
    told = jumpin("pack", "workshop", "--html", tmp_path / "page.html")
    assert told.status == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "30 days of all deals" in page
    assert "Test-to-ramp conversion" in page
    told = jumpin("pack", "workshop", "nobody", "--html", tmp_path / "page.html")
    assert (told.status, "Nobody named nobody leads a deal" in told.err) == (2, True)
