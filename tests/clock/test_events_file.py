"""Events files: each kind of event as it is meant, and one clear sentence for each mistake."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.playbook.clock.history import Actual, Delay, Happened, Mark, Next, OpenFinding, Own, RungMark, Stated
from bot.playbook.clock.rehearsal import Closed
from store.sources.events_file import KINDS, EventsFile, parse_events
from tests.clock.deals import START, deal, on


def read(text: str) -> EventsFile:
    return parse_events(text, "events.yml", deal())


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("{on: day1, pickup: BOL 4711}", Happened("pickup", START, "BOL 4711")),
        ("{on: 2026-11-02, volume: 155}", Happened("volume", START, "155 a day", 155.0)),
        ("{on: day1, satisfied: fine}", Happened("performance", START, "fine")),
        ("{on: day1, affirmed: yes}", Happened("ramp-affirmed", START, "yes")),
        ("{on: day1, ramped: 500 now}", Happened("ramped", START, "500 now")),
        ("{on: day1, short: 150}", Happened("short", START, "150")),
        ("{on: day1, sent: pre-kickoff}", Happened("email", START, "email sent", about="pre-kickoff")),
        ("{on: day1, called: status}", Happened("call", START, "status")),
        ("{on: day1, done: kickoff, reason: held}", Mark("kickoff", "done", START, "held")),
        ("{on: day1, postponed: kickoff, to: day3}", Mark("kickoff", "postponed", on(3))),
        ("{on: day1, add: window review, for: 2026-11-12}", Own("own-1", "window review", date(2026, 11, 12))),
        ("{on: day1, heard: Wait and see, said: hm, waits: true}", OpenFinding("heard-1", "wait-and-see", START, "hm", waits=True)),
        ("{on: day1, settled: wait-and-see}", Closed("wait-and-see")),
        ("{on: day1, objection: wait-and-see}", Delay("delay-1", "wait-and-see", START)),
        ("{on: day1, objection: wait-and-see, next: talk, by: day9}", Delay("delay-1", "wait-and-see", START, Next("talk", on(9)))),
        ("{on: day1, acknowledged: 2}", RungMark("acknowledged", START, 2)),
        ("{on: day1, resolved: by phone}", RungMark("resolved", START)),
        ("{on: day1, stated: 10-15, by: Dana}", Stated((10.0, 15.0), START, "Dana")),
        ("{on: day1, packages: 140, on_time: 98%}", Actual(START, 140, 0.98)),
    ],
)
def test_what_may_happen(entry: str, value: Any) -> None:
    found = read(f"- {entry}")
    assert found.mistakes == ()
    assert [(beat.day, beat.value) for beat in found.beats] == [(START, value)]


def test_stretches_are_shipping_days_and_downtime_is_every_day() -> None:
    found = read("- {from: day5, through: day9, packages: 100}\n- {from: day5, through: day9, down: moved}")
    assert [beat.day for beat in found.beats] == [on(5), on(8), on(9)]
    assert found.down == {on(number) for number in range(5, 10)}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: b", "events.yml: holds no list; write one line per event, such as - {on: day1, pickup: BOL 4711}"),
        ("- pickup", 'entry 1: "pickup" is not an event; write for instance {on: day1, pickup: BOL 4711}'),
        ("- {on: day1, pikcup: x}", f"entry 1: says not what happens; write one of {', '.join(KINDS)} (did you mean pickup?)"),
        ("- {pickup: x}", "entry 1: has no day; write on: day3, or from: day1 with through: day14"),
        ("- {on: Monday, pickup: x}", 'entry 1: "Monday" is not a date that is clear everywhere; write year-month-day, such as'),
        ("- {on: day1, pickup: x, reason: y}", 'entry 1: "reason" does not go with pickup; beside its day there may be pickup'),
        ("- {on: day1, postponed: kickoff}", "entry 1: to is missing; postponed needs it"),
        ("- {on: day1, heard: busy}", 'entry 1: "busy" is not a scenario; write one of volume-bait-and-switch'),
        ("- {on: day1, objection: wait-and-see, next: talk}", "entry 1: next and by go together: the next milestone, and its day"),
        ("- {on: day1, packages: many}", 'entry 1: "many" is not a whole number; write packages a day, such as 140'),
        ("- {on: day1, packages: 5, on_time: 98}", "entry 1: 98 is more than 1; for 98% write 0.98"),
        (
            "- {from: day9, through: day2, packages: 5}",
            "entry 1: 2026-11-10 to 2026-11-03 is no stretch of days; write the earlier one first",
        ),
        ("- {on: day1, acknowledged: 7}", "entry 1: 7 is not between 1 and 3; write the round, such as 1"),
        ("- {on: day1, pickup: }", "entry 1: null is not text; write a few words"),
        ("- {", "events.yml: "),
    ],
)
def test_every_mistake_is_one_sentence(text: str, mistake: str) -> None:
    [line] = read(text).mistakes
    assert mistake in line
    assert line.startswith("events.yml: ")
    assert "\n" not in line


def test_the_events_that_the_documentation_shows_are_some() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", Path("docs/clock.md").read_text(encoding="utf-8"), re.DOTALL)
    found = read(example)
    assert found.mistakes == ()
    assert len(found.beats) > 10
    told = Path("docs/clock.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in told] == []
