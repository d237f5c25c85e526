"""The ramp: whether it runs, by data before words; its rungs, what stops one, what lets it give way, and what resets all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.due import due
from bot.playbook.clock.enforcement import Ramping
from bot.playbook.clock.history import Actual, Actuals, Delay, Happened, History, Next, OpenFinding, RungMark
from bot.playbook.clock.performance import Stretch, performance
from tests.clock.deals import PICKUP, at, day, deal, fed, nudges, on

SATISFIED = Happened("performance", on(13))
SHORT = Happened("short", on(16), "still 150")


def ramp(number: int, *events: Happened, actuals: Actuals | None = None, **other: Any) -> Ramping:
    """The ramp on a day of the test; the ramp is due on day 15 and first looked at on day 16."""
    return day(number, History(happened=(PICKUP, *events), **other), actuals).ramping


@pytest.mark.parametrize(
    ("number", "events", "status", "step"),
    [
        (15, (), "before", "none"),
        (16, (), "unknown", "ask-volume"),
        (16, (SHORT,), "short", "step-1"),
        (16, (SHORT, SATISFIED), "short", "step-2"),
        (18, (Happened("ramped", on(17)),), "as-planned", "thank"),
        (18, (Happened("volume", on(17), "520", 520.0),), "as-planned", "thank"),
        (18, (Happened("volume", on(17), "150", 150.0),), "unknown", "ask-volume"),
        (18, (Happened("volume", on(5), "520", 520.0),), "unknown", "ask-volume"),
        (18, (Happened("ramp-affirmed", on(14)),), "unknown", "ask-volume"),
        (19, (SHORT, Happened("ramped", on(18))), "as-planned", "thank"),
        (19, (Happened("ramped", on(16)), Happened("short", on(18))), "short", "step-1"),
    ],
)
def test_status_and_step_by_what_was_said(number: int, events: tuple[Happened, ...], status: str, step: str) -> None:
    there = ramp(number, *events)
    assert (there.status, there.step) == (status, step)


def test_data_count_before_words() -> None:
    assert ramp(18, SHORT, actuals=Actuals(fed(505, 15, 17))).status == "as-planned"
    low = ramp(18, Happened("ramped", on(16)), actuals=Actuals(fed(300, 15, 17)))
    assert (low.status, low.since, low.actual, low.evidence) == ("short", on(15), 300.0, "300 a day on average against 500 agreed")


def test_data_of_the_test_or_of_today_say_nothing_of_the_ramp() -> None:
    assert ramp(16, actuals=Actuals(fed(150, 1, 12))).status == "unknown"
    assert ramp(16, actuals=Actuals(fed(150, 16, 16))).status == "unknown"


def test_a_rung_gives_way_when_its_milestone_has_passed() -> None:
    first = Delay("d1", "objection-too-busy", on(17), Next("dock two", on(23)))
    second = Delay("d2", "objection-peak-season", on(24), Next("peak plan", on(31)))
    rungs = {number: ramp(number, SHORT, delays=(first, second)) for number in (17, 18, 23, 24, 25, 31, 32)}
    assert {number: (one.rung, one.step) for number, one in rungs.items()} == {
        17: (1, "wait"),
        18: (1, "wait"),
        23: (1, "wait"),
        24: (2, "wait"),  # 25 November; the 24th was agreed, the 26th is a holiday
        25: (2, "wait"),
        31: (2, "wait"),
        32: (3, "agree-next"),
    }
    assert (rungs[32].passed, rungs[24].next) == (second.next, second.next)


def test_a_later_objection_before_the_milestone_moves_it() -> None:
    first = Delay("d1", "objection-too-busy", on(17), Next("dock two", on(22)))
    moved = Delay("d2", "objection-too-busy", on(19), Next("dock two, again", on(29)))
    assert ramp(26, SHORT, delays=(first, moved)).rung == 1
    assert ramp(30, SHORT, delays=(first, moved)).rung == 2


def test_a_rung_that_nobody_takes_on_gives_way_and_one_taken_on_stays() -> None:
    assert [ramp(number, SHORT).rung for number in (16, 22, 23, 40)] == [1, 1, 2, 3]
    taken = ramp(40, SHORT, rungs=(RungMark("acknowledged", on(17)),))
    assert (taken.rung, taken.taken) == (1, on(17))


def test_what_is_resolved_begins_anew() -> None:
    there = ramp(41, SHORT, rungs=(RungMark("resolved", on(38)),))
    assert (there.rung, there.risen) == (1, on(38))


def test_an_objection_needs_a_next_milestone_with_a_date() -> None:
    heard = OpenFinding("f1", "objection-too-busy", on(17), "no time")
    asked = day(18, History(happened=(PICKUP, SHORT), findings=(heard,)))
    assert (asked.ramping.step, nudges(asked)) == ("objection", ["agree-next"])
    assert asked.items[0].script == "objection-too-busy"
    agreed = Delay("d1", "objection-too-busy", on(18), Next("dock two", on(25)), finding="f1")
    quiet = day(19, History(happened=(PICKUP, SHORT), findings=(heard,), delays=(agreed,)))
    assert (quiet.ramping.step, nudges(quiet)) == ("wait", [])


def test_wait_and_see_before_the_ramp_day_asks_for_a_date_too() -> None:
    heard = OpenFinding("f1", "wait-and-see", on(10))
    assert "agree-next" in nudges(day(11, History(happened=(PICKUP,), findings=(heard,))))
    early = OpenFinding("f1", "wait-and-see", on(2))
    assert "agree-next" not in nudges(day(3, History(happened=(PICKUP,), findings=(early,))))


def test_one_thing_is_said_of_a_ramp_that_falls_short_and_the_third_time_to_leadership() -> None:
    said = {
        number: [item for item in day(number, History(happened=(PICKUP, SHORT, SATISFIED))).items if item.rung] for number in (17, 24, 31)
    }
    assert {number: [(item.nudge, item.rung, item.draft) for item in items] for number, items in said.items()} == {
        17: [("ramp-step", 1, None)],
        24: [("ramp-step", 2, "performance-summary")],
        31: [("leadership", 3, "leadership")],
    }


def test_a_rung_taken_on_is_left_alone_then_a_date_is_asked_for() -> None:
    history = History(happened=(PICKUP, SHORT), rungs=(RungMark("acknowledged", on(17)),))
    assert [item.nudge for item in day(20, history).items if item.rung] == []
    assert [item.nudge for item in day(25, history).items if item.rung] == ["agree-next"]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(16, 60), st.integers(1, 20)), max_size=6),
    st.lists(st.tuples(st.integers(16, 60), st.integers(1, 3)), max_size=4),
)
def test_rungs_never_fall_by_themselves(delays: list[tuple[int, int]], taken: list[tuple[int, int]]) -> None:
    history = [Delay(f"d{n}", "objection-too-busy", on(raised), Next("x", on(raised + ahead))) for n, (raised, ahead) in enumerate(delays)]
    marks = [RungMark("acknowledged", on(number), rung) for number, rung in taken]
    before = 0
    for number in range(16, 90, 4):
        known = History(
            happened=(PICKUP, SHORT),
            delays=tuple(one for one in history if one.raised <= on(number)),
            rungs=tuple(mark for mark in marks if mark.day <= on(number)),
        )
        there = ramp_of(known, on(number))
        assert before <= there.rung <= 3
        assert there.risen is not None
        assert there.risen <= on(number)
        assert (there.step == "wait") == (there.next is not None)
        before = there.rung


def ramp_of(history: History, today: date) -> Ramping:
    """The ramp of Acme by a history."""
    return due(deal(), history, None, at(today)).ramping


def test_the_check_of_the_ramp_says_since_when_there_are_no_data() -> None:
    [item] = [one for one in day(16, actuals=Actuals(fed(150, 1, 10))).items if one.nudge == "ramp-check"]
    assert item.detail == "no volume data since 11 Nov"


@pytest.mark.parametrize(("extra", "count"), [(20, 4), (21, 1), (25, 3)], ids=["Saturday", "Sunday", "Thanksgiving"])
def test_parcels_of_a_day_on_which_nobody_ships_lower_no_mean(extra: int, count: int) -> None:
    """Acme ships 500 a day since the ramp; on a weekend, or a holiday, a few parcels leave the house."""
    weekdays = tuple(one for one in fed(500, 15, 30) if one.day != on(25))
    there = Actuals(tuple(sorted((*weekdays, Actual(on(extra), count)), key=lambda one: one.day)))
    for number in (22, 23, 26, 27, 30):
        seen = day(number, actuals=there)
        assert (seen.ramping.status, seen.ramping.actual, seen.actual) == ("as-planned", 500, 500), number
        assert performance(seen, there).ramp == Stretch(on(15), last_weekday(on(number)), working(number), 500, 500)


def working(number: int) -> int:
    """Shipping days of Acme from the ramp to the day before one of the test."""
    return sum(on(one).weekday() < 5 and one != 25 for one in range(15, number))


def last_weekday(before: date) -> date:
    """The shipping day before a day."""
    return WorkingDays().before(before, 1)


@pytest.mark.parametrize("extra", [6, 7, 10], ids=["Saturday", "Sunday", "Veterans Day"])
def test_nor_is_a_test_low_by_them(extra: int) -> None:
    closed = deal(open=[])
    weekdays = tuple(one for one in fed(150, 1, 12) if one.day != on(10))
    there = Actuals(tuple(sorted((*weekdays, Actual(on(extra), 2)), key=lambda one: one.day)))
    assert not any("volume-low" in nudges(day(number, actuals=there, of=closed)) for number in range(3, 14))
