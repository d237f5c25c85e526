"""The time line: every milestone on its day, moved by what really happens, with its state and evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal
from bot.playbook.clock.due import due
from bot.playbook.clock.history import Actual, Actuals, Delay, Happened, History, Mark, Next, Own
from bot.playbook.clock.kinds import BY_KEY
from tests.clock.deals import PICKUP, START, at, by_key, day, deal, fed, on

EXPECTED = {
    "signed": "Oct 19",
    "account-manager": "Oct 19",
    "framework": "Oct 21",
    "pre-kickoff-email": "Oct 23",
    "welcome-call": "Oct 26",
    "team-briefed": "Oct 27",
    "kickoff": "Oct 28",
    "test-start": "Nov 02",
    "pickup-2": "Nov 03",
    "pickup-3": "Nov 04",
    "pickup-4": "Nov 05",
    "pickup-5": "Nov 06",
    "mid-test": "Nov 09",
    "test-completes": "Nov 13",
    "criteria-review": "Nov 13",
    "ramp-day": "Nov 16",
    "ramp-check": "Nov 17",
    "step-1": "Nov 17",
    "step-2": "Nov 19",
    "onboarding-survey": "Nov 23",
    "ramp-settled": "Dec 01",
    "review-30": "Dec 01",
    "variance-30": "Dec 01",
    "workshop-30": "Dec 01",
    "variance-60": "Dec 31",
    "workshop-60": "Dec 31",
    "monthly-review-2": "Jan 04",
    "variance-90": "Feb 01",
    "quarterly-audit-1": "Feb 02",
    "nps-6": "May 10",
}


def test_every_milestone_on_its_day() -> None:
    line = by_key(day(-20, History()))
    assert {key: f"{line[key].due:%b %d}" for key in EXPECTED} == EXPECTED
    assert {one.kind for one in line.values()} == set(BY_KEY) - {"next", "own"}


def test_a_bot_that_came_late_does_not_take_the_first_pickup_it_hears_of_for_the_first_one() -> None:
    """Known from day 3 on, and a driver is confirmed then: the test has run since its agreed start, as far as anybody knows."""
    heard = Happened("pickup", on(3), "BOL 7719034", heard=True)
    assert day(3, History(happened=(heard,), since=on(3))).number == 3
    assert day(3, History(happened=(heard,), since=on(1))).number == 1
    assert day(3, History(happened=(replace(heard, heard=False),), since=on(3))).number == 1, "somebody who knows said so"


def test_a_confirmed_pickup_moves_all_that_follows() -> None:
    late = Happened("pickup", date(2026, 11, 9), "BOL 7")
    line = by_key(day(9, History(happened=(late,))))
    assert (line["test-start"].state, line["test-start"].evidence, line["test-start"].done) == ("done", "BOL 7", date(2026, 11, 9))
    assert line["ramp-day"].due == date(2026, 11, 23)
    assert line["pickup-2"].due == date(2026, 11, 10)
    assert line["variance-30"].due == date(2026, 12, 8)
    early = by_key(day(1, History(happened=(Happened("pickup", date(2026, 10, 30)),))))
    assert early["ramp-day"].due == date(2026, 11, 13)
    long_before = by_key(day(1, History(happened=(Happened("pickup", date(2026, 9, 1)),))))
    assert long_before["test-start"].due == START, "a pickup of some other time begins no test"


def test_a_pickup_that_is_still_to_come_moves_nothing() -> None:
    planned = Happened("pickup", date(2026, 11, 4), "driver comes Wednesday")
    assert by_key(day(2, History(happened=(planned,))))["test-start"].state == "overdue"


def test_packages_in_the_feed_are_a_pickup_and_none_are_no_data() -> None:
    line = by_key(day(4, History(), Actuals((Actual(on(1), 0), Actual(on(2), 140), Actual(on(3), 150)))))
    assert (line["test-start"].done, line["test-start"].evidence) == (on(2), "140 packages in the volume feed")
    assert by_key(day(4, History(), Actuals(())))["test-start"].state == "overdue"


def test_a_test_start_that_is_postponed_moves_what_follows_and_says_why() -> None:
    moved = Mark("test-start", "postponed", date(2026, 11, 12), "labels are late")
    line = by_key(day(3, History(marks=(moved,))))
    assert (line["test-start"].due, line["test-start"].planned, line["test-start"].state) == (date(2026, 11, 12), START, "postponed")
    assert line["test-start"].reason == "labels are late"
    assert line["ramp-day"].due == date(2026, 11, 27), "on the 26th nothing is shipped"


def test_marks_and_own_milestones() -> None:
    history = History(
        happened=(PICKUP,),
        marks=(
            Mark("welcome-call", "postponed", date(2026, 11, 5), "Morgan is away"),
            Mark("welcome-call", "done", date(2026, 11, 3), "done by phone"),
            Mark("mid-test", "postponed", date(2026, 11, 10), "Dana asked for it"),
        ),
        own=(Own("own-1", "second pickup window review", date(2026, 11, 12)),),
        delays=(Delay("d1", "objection-too-busy", on(9), Next("dock two", date(2026, 11, 20))),),
    )
    line = by_key(day(8, history))
    assert (line["welcome-call"].state, line["welcome-call"].evidence) == ("done", "done by phone")
    assert (line["mid-test"].state, line["mid-test"].due, line["mid-test"].planned) == ("postponed", date(2026, 11, 10), date(2026, 11, 9))
    assert (line["own-1"].state, line["own-1"].title) == ("next", "second pickup window review")
    assert (line["next:d1"].state, line["next:d1"].title) == ("next", "dock two")


def test_what_was_due_before_the_bot_knew_the_deal_is_not_asked_for() -> None:
    known_since = History(since=on(4), happened=(PICKUP,))
    states = {key: one.state for key, one in by_key(day(5, known_since)).items()}
    assert (states["welcome-call"], states["pickup-2"], states["pickup-4"]) == ("missed", "missed", "overdue")
    assert by_key(day(5, History(since=on(4))))["test-start"].state == "overdue", "whether it began matters whenever one comes to know"


def test_a_test_from_a_friday_and_seven_shipping_days() -> None:
    friday = deal(test={"volume_per_day": 150, "starts": date(2026, 11, 6), "success": ["x"]})
    line = by_key(day(1, History(), of=friday))
    assert [line[f"pickup-{n}"].due.day for n in (2, 3, 4, 5)] == [9, 10, 11, 12]
    assert (line["test-completes"].due, line["ramp-day"].due) == (date(2026, 11, 19), date(2026, 11, 20))
    daily = friday.model_copy(update={"volume": friday.volume.model_copy(update={"shipping_days_per_week": 7})})
    line = by_key(day(1, History(), of=daily))
    assert [line[f"pickup-{n}"].due.day for n in (2, 3, 4, 5)] == [7, 8, 9, 10]
    assert all(line[key].due.weekday() < 5 for key in ("mid-test", "criteria-review", "review-30", "onboarding-survey")), (
        "people meet in the week"
    )


def test_variances_have_figures_only_with_data() -> None:
    data = Actuals((*fed(150, 1, 12), *fed(410, 15, 29)))
    line = by_key(day(30, None, data))
    assert (line["variance-30"].state, line["variance-30"].evidence) == ("done", "410 a day against 500, 18% below it")
    assert by_key(day(30))["variance-30"].state == "due"


def test_no_survey_in_a_dispute() -> None:
    line = by_key(day(25, History(happened=(PICKUP, Happened("short", on(17), "still 150")))))
    assert (line["onboarding-survey"].state, line["onboarding-survey"].reason) == ("postponed", "waits until the ramp runs")
    ramped = by_key(day(24, History(happened=(PICKUP, Happened("ramped", on(17))))))
    assert (ramped["onboarding-survey"].state, ramped["onboarding-survey"].due) == ("due", on(24))


@pytest.mark.parametrize("kind", [one for one in BY_KEY.values() if one.asked and not one.key.startswith(("pickup", "next", "own", "nps"))])
def test_nobody_is_asked_for_ever(kind: object) -> None:
    states = {one.kind: one.state for one in day(400, History()).line if one.due < on(330)}
    assert states.get(kind.key, "missed") == "missed"  # type: ignore[attr-defined]


@st.composite
def situations(draw: st.DrawFn) -> tuple[Deal, History, date]:
    starts = draw(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
    test = {"volume_per_day": 100, "starts": starts, "weeks": draw(st.integers(1, 8))}
    volume = {"committed_per_day": 300, "shipping_days_per_week": draw(st.integers(1, 7))}
    made = deal(
        test=test,
        volume=volume,
        ramp={"days_after_test": draw(st.integers(0, 30))},
        signed=draw(st.none() | st.just(starts - timedelta(days=20))),
        country=draw(st.sampled_from(["US", "CA", "MX", "IL"])),
        open=[],
    )
    happened = [Happened("pickup", starts + timedelta(days=n)) for n in draw(st.sets(st.integers(-25, 30), max_size=4))]
    marks = [Mark("test-start", "postponed", starts + timedelta(days=n)) for n in draw(st.lists(st.integers(1, 20), max_size=1))]
    today = starts + timedelta(days=draw(st.integers(-30, 200)))
    return made, History(happened=tuple(happened), marks=tuple(marks)), today


@given(situations())
def test_the_order_of_days_holds_whatever_happens(situation: tuple[Deal, History, date]) -> None:
    made, history, today = situation
    there = due(made, history, None, at(today, 17))
    line = by_key(there)
    assert len(line) == len(there.line), "keys are unique"
    order = [line[key].due for key in ("test-start", "test-completes", "ramp-day", "ramp-check", "step-2", "ramp-settled")]
    assert order == sorted(order)
    assert all(
        there.plan.days.works(line[key].due)
        for key in ("test-completes", "ramp-day", "ramp-check")
        if line[key].due > line["test-start"].due
    )
    for one in there.line:
        if one.state == "due":
            assert one.due == there.today
        elif one.state == "overdue":
            assert one.due < there.today
        elif one.state in ("next", "postponed") and not one.waits:
            assert one.due > there.today
        assert (one.done is not None) == (one.state == "done")
        assert one.done is None or one.done <= there.today
    if there.next:
        assert there.next.due > there.today
    assert len({item.key for item in there.items}) == len(there.items), "each thing is told of once"
    assert all(item.late >= 0 and item.since <= there.today for item in there.items)
