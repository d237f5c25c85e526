"""What a scan prints, for people and for machines, of findings made by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from rich.console import Console

from bot.commands import lines
from bot.commands.report import Report
from bot.deal import Deal, Person, Test, Volume
from bot.ears import Hearing
from bot.language.statement import Quantity, Reading, Statement
from bot.listening import Heard
from bot.playbook.finding import Finding
from store.sources.conversation import Conversation, Turn
from templates.amounts import value

DEAL = Deal(
    customer="Acme [bold]Outfitters",
    people=(Person(id="U1", name="Dana Ortiz", role="customer"),),
    volume=Volume(committed_per_day=500),
    test=Test(volume_per_day=150, starts=date(2026, 11, 2)),
)
TURN = Turn("2", "yep. figure 10, maybe 15 boxes a day \x1b[31mfrom us", "U1", datetime(2026, 11, 2, 9, 16))
TALK = Conversation("a1-017", "slack", (TURN,))
FINDING = Finding(
    scenario="volume-bait-and-switch",
    quote="figure 10, maybe 15 boxes a day \x1b[31mfrom us",
    why="below the test volume",
    urgency="now",
    side="customer",
    phase="test",
    test_day=1,
    said_per_day=(10.0, 15.5),
    agreed_per_day=150.0,
    said="10-15.5/day",
    agreed="test volume 150/day (2 Nov - 15 Nov)",
)
QUANTITY = Quantity("10, maybe 15 boxes", 12, 30, "number", 10, 15, approximate=True, unit="boxes", per="day", role="test volume proposed")
READING = Reading((QUANTITY,), (Statement("proposes-volume", "figure 10, maybe 15", 5, 24, 0.8345, "figure", QUANTITY),), ("a note",))


def _heard(*findings: Finding, silent: str | None = None) -> Iterator[Heard]:
    return iter([Heard(TURN, TURN.at, "customer", "U1", "Dana Ortiz", Hearing(READING, findings, silent))])


def _report(*findings: Finding, explain: bool = False, silent: str | None = None) -> list[str]:
    out = io.StringIO()
    report = Report(explain=explain, console=Console(file=out, width=80))
    report.conversation(TALK, DEAL, _heard(*findings, silent=silent))
    report.close()
    return out.getvalue().splitlines()


def test_a_finding_reads_well_at_80_columns() -> None:
    told = _report(FINDING)
    assert max(map(len, told)) <= 80
    assert "\x1b" not in "".join(told)
    assert told[1] == "a1-017 · Acme [bold]Outfitters · slack, 1 message"
    assert told[3] == "Mon 2 Nov 2026 09:16  Dana Ortiz (customer)  #2"
    assert told[4].split() == ["DM", "now", "Lower", "starting", "volume"]
    assert "said, 150/day agreed — test day 1 of 14" in told[5]
    assert told[6] == "  “figure 10, maybe 15 boxes a day [31mfrom us”"
    assert told[7].startswith("    │ ")
    assert "1 conversation (0 without a DM), 1 message" in told
    assert told[-1].split() == ["1", "DM", "now", "Lower", "starting", "volume", "1"]


def test_what_is_held_back_is_said_without_its_script() -> None:
    told = _report(replace(FINDING, suppressed="repeat"))
    assert not any(line.startswith("    │ ") for line in told)
    assert any("held back, repeat" in line for line in told)
    assert "1 conversation (1 without a DM), 1 message" in told


def test_a_quiet_conversation_is_counted_only() -> None:
    told = _report()
    assert len(told) == 3


@pytest.mark.parametrize(
    ("silent", "why"),
    [
        ("own-side", "our own side is never judged"),
        ("standard-coverage", "the deal is on standard coverage, so nothing is judged"),
        (None, "nothing in it departs from the deal by the rules"),
    ],
)
def test_explained(silent: str | None, why: str) -> None:
    told = " ".join(" ".join(_report(explain=True, silent=silent)).split())
    assert why in told
    assert ("figure “10, maybe 15 boxes” = about 10 to 15 boxes per day" in told) == (silent is None)
    assert ("10-15 packages a shipping day, 92% under the agreed test volume 150/day (2 Nov - 15 Nov)" in told) == (silent is None)


def test_json_line_of_a_finding() -> None:
    (heard,) = _heard(FINDING)
    line = lines.line(lines.finding_of(TALK, DEAL, heard, FINDING))
    assert line.isascii()
    assert line.count("\n") == 1
    plain = json.loads(line)
    assert list(plain) == [
        "conversation", "message", "at", "speaker", "scenario", "subject", "said_per_day", "agreed_per_day",
        "said", "agreed", "quote", "urgency", "suppressed", "script",
    ]  # fmt: skip
    assert plain["said_per_day"] == [10, 15.5]
    assert '"said_per_day": [10, 15.5], "agreed_per_day": 150,' in line
    assert (plain["at"], plain["message"], plain["urgency"], plain["suppressed"]) == ("2026-11-02T09:16", "2", "now", None)
    assert "150" in plain["script"]


def test_json_line_of_a_signal_has_no_script() -> None:
    (heard,) = _heard()
    signal = replace(FINDING, scenario="volume-confirmed", urgency="log")
    assert lines.finding_of(TALK, DEAL, heard, signal)["script"] is None


def test_json_line_of_a_message() -> None:
    (heard,) = _heard(silent="own-side")
    plain = json.loads(lines.line(lines.explained(TALK, DEAL, heard)))
    assert (plain["silent"], plain["side"], plain["notes"]) == ("own-side", "customer", ["a note"])
    assert plain["statements"][0]["sure"] == 0.835
    assert plain["quantities"][0]["low"] == 10


@pytest.mark.parametrize(
    ("kind", "low", "high", "expected"),
    [
        ("number", None, 20, "up to 20"),
        ("number", 100, None, "at least 100"),
        ("number", None, None, "open"),
        ("number", 1234.5, 1234.5, "1,234.5"),
        ("date", 739922, 739922, "Mon 2 Nov 2026"),
        ("date", 10**12, 10**12, "open"),
        ("duration", 1209600, 1209600, "14 days"),
        ("duration", 5400, 5400, "1.5 hours"),
        ("duration", 86400, 86400, "1 day"),
        ("duration", 600, 600, "10 minutes"),
    ],
)
def test_values_in_words(kind: str, low: float | None, high: float | None, expected: str) -> None:
    assert value(Quantity("x", 0, 1, kind, low, high)) == expected  # type: ignore[arg-type]


def test_quantities_for_machines() -> None:
    day = lines.quantity_of(Quantity("2 Nov", 0, 5, "date", 739922, None))
    assert (day["low"], day["high"]) == ("2026-11-02", None)
    assert lines.quantity_of(Quantity("x", 0, 1, "number", float("inf"), 0.1 + 0.2))["low"] is None
    assert lines.number(0.1 + 0.2) == 0.3
