"""The dates of a deal beside sums done in another way: across changes of the clock, leap days, year ends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal
from bot.playbook.clock.due import due
from bot.playbook.clock.history import Happened, History
from bot.playbook.clock.plan import planned
from tests.clock.deals import by_key, deal

DAY = timedelta(days=1)
ZONES = ("America/New_York", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))
STARTS = st.dates(date(2024, 1, 1), date(2031, 12, 1))


def with_test(starts: date, **other: object) -> Deal:
    """A deal with its test from a day on; `other` replaces parts."""
    return deal(**{"test": {"volume_per_day": 150, "starts": starts}, "open": [], "signed": None} | other)


@given(st.sampled_from(ZONES), INSTANTS, st.integers(-40, 120))
def test_the_day_is_the_customers_own(zone: str, now: datetime, ahead: int) -> None:
    local = now.astimezone(ZoneInfo(zone)).date()
    made = with_test(local - ahead * DAY, timezone=zone, country="XX", volume={"committed_per_day": 500, "shipping_days_per_week": 7})
    seen = due(made, History(), None, now)
    assert (seen.today, seen.number) == (local, ahead + 1)


@given(st.sampled_from(ZONES), STARTS)
def test_every_calendar_day_is_one_day_of_the_test_however_many_hours_it_has(zone: str, starts: date) -> None:
    made = with_test(starts, timezone=zone, country="XX", volume={"committed_per_day": 500, "shipping_days_per_week": 7})
    place = ZoneInfo(zone)
    for ahead in range(18):
        day = starts + ahead * DAY
        first, last = (datetime(day.year, day.month, day.day, hour, minute, tzinfo=place) for hour, minute in ((3, 1), (23, 59)))
        assert {due(made, History(), None, moment.astimezone(UTC)).number for moment in (first, last)} == {ahead + 1}


@given(STARTS, st.integers(1, 8), st.integers(0, 40), st.integers(1, 7), st.sampled_from(["US", "CA", "DE", "MX", "XX"]))
def test_ramp_and_check_lie_on_the_first_shipping_days_from_its_day_on(
    starts: date, weeks: int, gap: int, per_week: int, country: str
) -> None:
    volume = {"committed_per_day": 500, "shipping_days_per_week": per_week}
    test = {"volume_per_day": 150, "starts": starts, "weeks": weeks}
    plan = planned(with_test(starts, test=test, ramp={"days_after_test": gap}, country=country, volume=volume), History(), None, starts)
    days = plan.days.works
    begins = next(day for day in (starts + ahead * DAY for ahead in range(60)) if days(day))
    ramp = next(day for day in (begins + (7 * weeks + gap + ahead) * DAY for ahead in range(60)) if days(day))
    check = next(day for day in (ramp + (1 + ahead) * DAY for ahead in range(60)) if days(day))
    assert (plan.start, plan.ramp, plan.check) == (begins, ramp, check)
    assert plan.day_number(begins) == 1
    assert plan.day_number(ramp) >= 7 * weeks + gap + 1
    assert begins <= plan.last_test_day < ramp
    agreed = [plan.agreed_on(begins + ahead * DAY).per_day for ahead in range(7 * weeks + gap + 5)]
    assert agreed == [150] * (7 * weeks + gap) + [500] * 5, "the ramp's figure holds from its calendar day on"


@given(st.dates(date(2024, 1, 1), date(2031, 12, 1)).filter(lambda day: day.weekday() < 4))
def test_a_test_of_two_weeks_is_looked_at_on_day_16(starts: date) -> None:
    """Without holidays, from Monday to Thursday on; one from a Friday ramps on a Friday, and is looked at on the Monday after."""
    line = by_key(
        due(with_test(starts, country="XX", closed=[]), History(), None, datetime(starts.year, starts.month, starts.day, 15, tzinfo=UTC))
    )
    assert (line["ramp-day"].due, line["ramp-check"].due) == (starts + 14 * DAY, starts + 15 * DAY)
    assert line["review-30"].due == next(day for day in (starts + (29 + ahead) * DAY for ahead in range(3)) if day.weekday() < 5)


@pytest.mark.parametrize(
    ("starts", "first", "ramp", "check"),
    [
        (date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 11), date(2026, 12, 14)),  # Thanksgiving
        (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 11), date(2027, 1, 12)),  # Christmas on a Friday
        (date(2026, 12, 18), date(2026, 12, 18), date(2027, 1, 4), date(2027, 1, 5)),  # the ramp would fall on New Year's Day
        (date(2027, 12, 17), date(2027, 12, 17), date(2028, 1, 3), date(2028, 1, 4)),  # New Year's Day on a Saturday is kept on the Friday
        (date(2028, 2, 15), date(2028, 2, 15), date(2028, 2, 29), date(2028, 3, 1)),  # a leap day
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 14), date(2028, 3, 15)),
        (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 17)),  # the clocks go forward on the 8th
        (date(2026, 10, 26), date(2026, 10, 26), date(2026, 11, 9), date(2026, 11, 10)),  # and back on 1 November
    ],
)
def test_days_by_hand(starts: date, first: date, ramp: date, check: date) -> None:
    plan = planned(with_test(starts), History(), None, starts)
    assert (plan.start, plan.ramp, plan.check) == (first, ramp, check)


def test_a_pickup_on_the_holiday_itself_begins_the_test() -> None:
    thanksgiving = date(2026, 11, 26)
    plan = planned(with_test(thanksgiving), History(happened=(Happened("pickup", thanksgiving, "BOL 1"),)), None, thanksgiving)
    assert (plan.start, plan.day_number(thanksgiving), plan.ramp) == (thanksgiving, 1, date(2026, 12, 10))


def test_months_from_a_leap_day() -> None:
    line = by_key(due(with_test(date(2028, 2, 29)), History(), None, datetime(2028, 3, 1, 15, tzinfo=UTC)))
    assert (line["monthly-review-2"].due, line["quarterly-audit-4"].due) == (date(2028, 5, 1), date(2029, 2, 28))
