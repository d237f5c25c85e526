"""`jumpin deals`: in, out, listed, shown, with their history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from store.sources.deal_file import parse_deal
from tests.commands.conftest import ROOT, Jumpin

DEALS = ROOT / "tests" / "sources" / "data" / "deals"
ACME = (DEALS / "acme.yml").read_text(encoding="utf-8")


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    file = tmp_path / "acme.yml"
    file.write_text(ACME, encoding="utf-8")
    return file


def test_import_again_and_changed(jumpin: Jumpin, acme: Path) -> None:
    told = jumpin("deals", "import", acme)
    assert (told.status, told.err) == (0, "")
    assert told.lines == [f"{acme}: Acme Outfitters: new"]
    assert jumpin("deals", "import", acme).lines == [f"{acme}: Acme Outfitters: unchanged"]
    acme.write_text(ACME.replace("volume_per_day: 150", "volume_per_day: 120").replace("weekly", "monthly"), encoding="utf-8")
    told = jumpin("deals", "import", acme)
    assert told.lines == [f"{acme}: Acme Outfitters: updated", "  test.volume_per_day: 150 → 120", "  billing: weekly → monthly"]
    assert told.err == f"{acme}: note: The test is 24% of the committed volume, below the usual 30-50%.\n"
    history = jumpin("deals", "show", "acme outfitters", "--history").lines
    assert history[-3].startswith("history")
    assert history[-2].endswith("acme.yml: first terms")
    assert history[-1].endswith("acme.yml: test.volume_per_day: 150 → 120; billing: weekly → monthly")


def test_a_move_to_another_stage_tells_what_is_left_open(jumpin: Jumpin, acme: Path) -> None:
    acme.write_text(ACME.replace("customer:", "stage: proposal\ncustomer:", 1).replace("stage: implementation\n", ""), encoding="utf-8")
    assert jumpin("deals", "import", acme).err == ""
    acme.write_text(acme.read_text(encoding="utf-8").replace("stage: proposal", "stage: setup"), encoding="utf-8")
    told = jumpin("deals", "import", acme)
    assert told.err.startswith(f"{acme}: note: stage setup: still open from proposal on: ")
    assert "Agreed: if it works, we ramp to the full volume" in told.err
    assert "Confirmed the ramp's date and target" not in told.err, "that stands in the deal"
    acme.write_text(acme.read_text(encoding="utf-8").replace("stage: setup", "stage: proposal"), encoding="utf-8")
    assert jumpin("deals", "import", acme).err == "", "the way back leaves nothing behind"


def test_a_calendar_file_changes_the_same_entries_when_dates_move(jumpin: Jumpin, acme: Path, tmp_path: Path) -> None:
    coming = ACME.replace("2026-11-02", (datetime.now(UTC).date() + timedelta(days=30)).isoformat())
    acme.write_text(coming, encoding="utf-8")
    jumpin("deals", "import", acme)
    out = tmp_path / "acme.ics"

    def given() -> dict[str, tuple[str, int]]:
        told = jumpin("deals", "calendar", "acme outfitters", "--output", out)
        assert (told.status, told.err) == (0, "")
        assert told.lines[0].startswith("Acme Outfitters: ")
        events = list(Calendar.from_ical(out.read_bytes()).walk("VEVENT"))
        return {str(one["uid"]): (one["dtstart"].dt.isoformat(), int(one["sequence"])) for one in events}

    first = given()
    ramp = next(uid for uid in first if "ramp-day" in uid)
    assert first[ramp][1] == 0
    assert given() == first, "nothing has moved"
    acme.write_text(coming.replace("weeks: 2", "weeks: 3"), encoding="utf-8")
    assert jumpin("deals", "import", acme).lines[0].endswith("updated")
    moved = given()
    assert len(moved.keys() & first.keys()) > 3
    assert moved[ramp][0] > first[ramp][0]
    assert moved[ramp][1] == 1
    assert given() == moved


def test_a_file_without_calls_leaves_those_that_were_noted(jumpin: Jumpin, acme: Path) -> None:
    acme.write_text(ACME + "calls: [{at: 2026-11-04T15:00, title: weekly status}]\n", encoding="utf-8")
    jumpin("deals", "import", acme)
    acme.write_text(ACME.replace("weekly", "monthly"), encoding="utf-8")
    assert jumpin("deals", "import", acme).lines == [f"{acme}: Acme Outfitters: updated", "  billing: weekly → monthly"]
    assert "weekly status" in jumpin("deals", "show", "acme outfitters").out
    acme.write_text(ACME + "calls: [{at: 2026-11-05T15:00, title: docks}]\n", encoding="utf-8")
    jumpin("deals", "import", acme)
    shown = jumpin("deals", "show", "acme outfitters").out
    assert "docks" in shown
    assert "weekly status" not in shown


def test_a_calendar_that_cannot_be_written_gives_nothing_out(jumpin: Jumpin, acme: Path, tmp_path: Path) -> None:
    jumpin("deals", "import", acme)
    told = jumpin("deals", "calendar", "acme outfitters", "--output", tmp_path / "no" / "acme.ics")
    assert told.status != 0
    assert "cannot be written" in told.err
    assert jumpin("deals", "calendar", "nobody", "--output", tmp_path / "x.ics").err.startswith('There is no deal with "nobody"')


def test_amendments_go_in_are_shown_and_come_out_and_are_never_taken_away(jumpin: Jumpin, acme: Path, tmp_path: Path) -> None:
    jumpin("deals", "import", acme)
    line = "{term: test.volume_per_day, old: 150, new: 200, effective: 2026-11-09, ours: Riley, theirs: Dana, link: 'https://x.example/1'}"
    later = ACME.replace("volume_per_day: 150", "volume_per_day: 200") + f"amendments:\n  - {line}\n"
    acme.write_text(later, encoding="utf-8")
    assert jumpin("deals", "import", acme).lines[0] == f"{acme}: Acme Outfitters: updated"
    shown = jumpin("deals", "show", "acme outfitters", "--history").lines
    assert shown[-1] == "  from 9 Nov 2026  test.volume_per_day: 150 → 200 (Riley with Dana) https://x.example/1"
    out = tmp_path / "out.yml"
    jumpin("deals", "export", "acme outfitters", "--output", out)
    exported = parse_deal(out.read_text(encoding="utf-8"), "out.yml").deal
    assert exported is not None
    assert [one.new for one in exported.amendments] == [200]
    assert jumpin("deals", "import", out).lines == [f"{out}: Acme Outfitters: unchanged"]
    acme.write_text(ACME, encoding="utf-8")
    refused = jumpin("deals", "import", acme)
    assert (refused.status, refused.lines) == (2, [])
    assert refused.err.startswith(f"{acme}: test.volume_per_day: 150 is not what the last amendment says (200); write 200")
    assert jumpin("deals", "show", "acme outfitters", "--history").lines == shown


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{}", "amendments, entry 1: term: is missing; write for instance term: test.volume_per_day"),
        ("{term: customer, old: a, new: b, effective: 2026-11-09, ours: R, theirs: D}", '"customer" is not a term'),
        (
            "{term: test.starts, new: 2026-11-03, effective: 2026-11-09, ours: R, theirs: D}",
            "old: is missing; test.starts always has a value",
        ),
        ("{term: test.weeks, old: 1, new: many, effective: 2026-11-09, ours: R, theirs: D}", 'new: "many" is not a whole number'),
        ("{term: services, old: x, new: [], effective: 2026-11-09, ours: R, theirs: D}", 'old: "x" is not a list'),
        ("{term: test.weeks, old: 1, new: 2, effective: 11/9, ours: R, theirs: D, who: x}", "who: is not a field of an amendment"),
        ("{term: test.weeks, old: 1, new: 2, effective: 2026-11-09, ours: R, theirs: D, at: noon}", 'at: "noon" is not a time'),
        (
            "{term: test.weeks, old: 1, new: 3, effective: 2026-11-09, ours: R, theirs: D}",
            "test.weeks: 2 is not what the last amendment says (3)",
        ),
        (
            "{term: volume.committed_per_day, old: 90, new: 500, effective: 2026-11-09, ours: R, theirs: D}",
            "amendments: before them test.volume",
        ),
        ("7", "amendments, entry 1: 7 is not a mapping"),
    ],
)
def test_a_wrong_amendment_is_told_in_one_line(jumpin: Jumpin, acme: Path, line: str, words: str) -> None:
    acme.write_text(f"{ACME}amendments:\n  - {line}\n", encoding="utf-8")
    told = jumpin("deals", "import", acme)
    assert told.status == 2
    assert words in told.err
    assert "pydantic" not in told.err


def test_a_wrong_file_changes_nothing_and_the_others_go_in(jumpin: Jumpin, acme: Path) -> None:
    wrong = DEALS / "every-mistake.yml"
    told = jumpin("deals", "import", wrong, acme, "nowhere.yml")
    assert told.status == 2
    assert told.lines == [f"{acme}: Acme Outfitters: new"]
    assert len(told.err.splitlines()) == len((DEALS / "every-mistake.txt").read_text().splitlines()) + 1
    assert told.err.splitlines()[-1] == "nowhere.yml: cannot be read: No such file or directory"


def test_list_and_show(jumpin: Jumpin, acme: Path) -> None:
    assert jumpin("deals", "list").lines == ["No deals yet. Take one from a file: jumpin deals import acme.yml"]
    jumpin("deals", "import", acme, DEALS / "as-people-write.yml")
    listed = jumpin("deals", "list").lines
    assert max(map(len, listed)) <= 80
    assert "Acme Outfitters  implementation  150 → 500    2 Nov 2026  #impl-acme" in [line.rstrip() for line in listed]
    told = jumpin("deals", "show", "ACME outfitters").lines
    assert "volume     500 packages a day, 5 days a week, 130,000 a year, 60% of the total" in told
    assert "test       150 packages a day, 2 Nov 2026 to 15 Nov 2026 (2 weeks)" in told
    assert "ramp       500 packages a day from 16 Nov 2026" in told
    assert "service    Expedited, New York tri-state, 1 day (through our JFK facility)" in told


@pytest.mark.parametrize("asked", ["Acme Outfiters", "outfit", "acme"])
def test_unknown_customer_gets_the_closest(jumpin: Jumpin, acme: Path, asked: str) -> None:
    jumpin("deals", "import", acme)
    told = jumpin("deals", "show", asked)
    assert (told.status, told.out, told.err) == (2, "", f'There is no deal with "{asked}"; did you mean Acme Outfitters?\n')


@pytest.mark.parametrize("ending", ["yml", "json"])
def test_export_is_the_same_deal(jumpin: Jumpin, acme: Path, tmp_path: Path, ending: str) -> None:
    jumpin("deals", "import", acme)
    out = tmp_path / f"out.{ending}"
    assert jumpin("deals", "export", "Acme Outfitters", "--output", out).status == 0
    deal = parse_deal(ACME, "acme.yml").deal
    assert parse_deal(out.read_text(encoding="utf-8"), out.name).deal == deal
    assert jumpin("deals", "import", out).lines == [f"{out}: Acme Outfitters: unchanged"]
    assert parse_deal(jumpin("deals", "export", "Acme Outfitters").out, "printed.yml").deal == deal


def test_export_to_where_nothing_can_be_written(jumpin: Jumpin, acme: Path, tmp_path: Path) -> None:
    jumpin("deals", "import", acme)
    told = jumpin("deals", "export", "Acme Outfitters", "--output", tmp_path)
    assert told.status == 2
    assert "cannot be written" in told.err


def test_unreachable_database(jumpin: Jumpin, acme: Path) -> None:
    told = jumpin("deals", "import", acme, DATABASE_URL="postgresql://jumpin:secret@127.0.0.1:1/jumpin")
    assert told.status == 2
    assert "secret" not in told.err
    assert "Traceback" not in told.err
    assert len(told.err.splitlines()) == 1
