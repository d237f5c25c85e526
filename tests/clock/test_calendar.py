"""Shipping days: the week, holidays by country and state, closed and open days, and counting along them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.clock.calendar import WorkingDays, months_after, place_unknown, quarter_end
from tests.clock.deals import deal

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CALENDARS = st.builds(
    WorkingDays,
    st.integers(1, 7),
    st.sampled_from(["US", "CA", "MX", "IL", "DE", "XX"]),
    st.sampled_from([None, "NY", "ON"]),
    st.frozensets(DAYS, max_size=5),
)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        (WorkingDays(), date(2026, 11, 26), False),  # Thanksgiving
        (WorkingDays(), date(2026, 11, 27), True),
        (WorkingDays(), date(2026, 11, 28), False),  # Saturday
        (WorkingDays(6), date(2026, 11, 28), True),
        (WorkingDays(7), date(2026, 11, 29), True),
        (WorkingDays(7), date(2026, 11, 26), False),
        (WorkingDays(4), date(2026, 11, 27), False),
        (WorkingDays(closed=frozenset({date(2026, 11, 27)})), date(2026, 11, 27), False),
        (WorkingDays(open=frozenset({date(2026, 11, 26)})), date(2026, 11, 26), True),
        (WorkingDays(open=frozenset({date(2026, 11, 28)})), date(2026, 11, 28), True),
        (WorkingDays(country="US", state="TX"), date(2026, 3, 2), False),  # Texas Independence Day
        (WorkingDays(country="US"), date(2026, 3, 2), True),
        (WorkingDays(country="CA"), date(2026, 11, 26), True),
        (WorkingDays(country="MX"), date(2026, 9, 16), False),
        (WorkingDays(country="IL"), date(2026, 11, 27), False),  # Friday
        (WorkingDays(country="IL"), date(2026, 11, 29), True),  # Sunday
        (WorkingDays(country="XX"), date(2026, 12, 25), True),
        (WorkingDays(country="US", state="??"), date(2026, 12, 25), False),
    ],
)
def test_which_days_work(calendar: WorkingDays, day: date, works: bool) -> None:
    assert calendar.works(day) is works


@given(CALENDARS, DAYS)
def test_the_next_and_the_last_working_day(calendar: WorkingDays, day: date) -> None:
    ahead, back = calendar.on_or_after(day), calendar.on_or_before(day)
    assert back <= day <= ahead
    assert calendar.works(ahead)
    assert calendar.works(back)
    assert not any(calendar.works(day + timedelta(days=n)) for n in range((ahead - day).days))
    assert (ahead == day) == (back == day) == calendar.works(day)


@given(CALENDARS, DAYS, st.integers(0, 40))
def test_steps_forth_and_back_agree_with_counting(calendar: WorkingDays, day: date, count: int) -> None:
    there = calendar.after(day, count)
    assert calendar.since(day, there) == count
    assert calendar.after(calendar.after(day, count), 1) == calendar.after(day, count + 1)
    first = calendar.on_or_after(day)
    assert calendar.before(calendar.after(first, count), count) == first


@given(CALENDARS, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_counts_add_up(calendar: WorkingDays, day: date, one: int, other: int) -> None:
    middle, last = day + timedelta(days=one), day + timedelta(days=one + other)
    assert calendar.count(day, middle) + calendar.since(middle, last) == calendar.count(day, last)
    assert calendar.count(last, day - timedelta(days=1)) == 0


@given(DAYS, st.integers(0, 60))
def test_months_keep_the_day_where_there_is_one(day: date, count: int) -> None:
    there = months_after(day, count)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == count
    assert there.day == day.day or (there + timedelta(days=1)).day == 1


@given(DAYS)
def test_a_quarter_ends_on_its_last_day(day: date) -> None:
    ends = quarter_end(day)
    assert day <= ends
    assert (ends - day).days < 92
    assert (ends + timedelta(days=1)).month in (1, 4, 7, 10)


def test_a_place_without_known_holidays_is_said() -> None:
    assert place_unknown(deal()) is None
    assert place_unknown(deal(country="XX")) == (
        "No public holidays are known for XX: every day of the working week counts as a shipping day."
    )
    assert place_unknown(deal(state="??")) == "No public holidays are known for ?? in US: only those of the whole country count."
