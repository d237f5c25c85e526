"""`jumpin simulate`: what goes out, day by day, as a reader sees it; and one sentence where something cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Jumpin

SCENES = ROOT / "tests" / "clock" / "scenes"


def test_ninety_days_as_the_rep_reads_them(jumpin: Jumpin) -> None:
    ran = jumpin("simulate", SCENES / "smooth.yml", "--events", SCENES / "smooth-events.yml", "--until", "day90")
    assert (ran.status, ran.err) == (0, "")
    assert "── Mon 2 Mar 2026, 09:00 EST, to Riley Chen (rep)" in ran.lines
    assert "── Mon 16 Mar 2026, 09:00 EDT, to Riley Chen (rep)" in ran.lines, "nine o'clock stays nine o'clock"
    assert "   ✅ First pickup confirmed (BOL 4711)" in ran.lines
    assert "── Thu 5 Mar 2026, 14:00 EST, to Riley Chen (rep)" in ran.lines, "an hour before the call"
    assert not any(line != line.rstrip() for line in ran.lines)
    assert ran.lines[-1] == "17 messages in 111 days: 15 to Riley Chen, 2 to Morgan Lee"


def test_only_the_kinds_of_a_stretch_in_another_zone(jumpin: Jumpin) -> None:
    options = ("--from", "day1", "--until", "2026-05-07", "--timezone", "Europe/London", "--hour", "8", "--kinds")
    ran = jumpin("simulate", SCENES / "silent.yml", *options)
    assert ran.lines == [
        "Mon 4 May 2026    Riley Chen: test-start",
        "Tue 5 May 2026    Riley Chen: test-start",
        "Wed 6 May 2026    Riley Chen: test-start",
        "Thu 7 May 2026    Riley Chen: test-start",
        "4 messages in 4 days: 4 to Riley Chen",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--until", "soon"],
            '--until soon: "soon" is not a date that is clear everywhere; write year-month-day, such as 2026-11-02, or a day of the test',
        ),
        (["--until", "2026-01-01"], "--until 2026-01-01 is before the first day, 2026-04-20; write a later one, or an earlier --from"),
        (["--timezone", "Mars"], "--timezone Mars is not a time zone; write a name such as America/New_York"),
        (["--events", "nowhere.yml"], "nowhere.yml: cannot be read: No such file or directory"),
        (["--events", "{wrong}"], "wrong.yml: entry 1: has no day; write on: day3, or from: day1 with through: day14"),
    ],
)
def test_trouble_is_one_sentence(jumpin: Jumpin, tmp_path: Path, options: list[str], told: str) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("- {pickup: x}", encoding="utf-8")
    ran = jumpin("simulate", SCENES / "silent.yml", *(option.format(wrong=wrong) for option in options))
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_a_deal_in_which_nobody_would_read(jumpin: Jumpin, tmp_path: Path) -> None:
    deal = tmp_path / "deal.yml"
    deal.write_text(
        "customer: Bo\npeople: [{id: U1, name: Dana, role: customer}]\nvolume: {committed_per_day: 500}\n"
        "test: {volume_per_day: 150, starts: 2026-11-02}\n",
        encoding="utf-8",
    )
    assert jumpin("simulate", deal).err == "nobody in this deal would get a message: name a person with role: rep\n"
