"""The business day that a moment counts for, and when a figure is worse than those told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.pace import BusinessDays, worsened

NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-11-04T14:16", NEW_YORK, "2026-11-04"),
        ("2026-11-05T04:59", NEW_YORK, "2026-11-04"),  # still Wednesday evening there
        ("2026-11-05T05:00", NEW_YORK, "2026-11-05"),
        ("2026-11-04T16:00", TOKYO, "2026-11-05"),
        ("2026-11-07T12:00", NEW_YORK, "2026-11-09"),  # Saturday counts to Monday
        ("2026-11-09T04:59", NEW_YORK, "2026-11-09"),  # Sunday evening
        ("2026-11-07T03:00", NEW_YORK, "2026-11-06"),  # Friday evening
        ("2026-11-01T05:30", NEW_YORK, "2026-11-02"),  # in the hour that comes twice, on a Sunday
        ("2026-11-26T16:00", NEW_YORK, "2026-11-27"),  # Thanksgiving
        ("2026-12-25T16:00", NEW_YORK, "2026-12-28"),  # Christmas, on a Friday
    ],
)
def test_a_moment_counts_for_the_business_day_of_the_customers_calendar(moment: str, zone: ZoneInfo, day: str) -> None:
    assert BusinessDays(zone, WorkingDays()).day(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == date.fromisoformat(day)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([NEW_YORK, TOKYO]),
    st.sampled_from(["US", "JP", "DE", "AE", "XX"]),
)
def test_a_business_day_begins_with_its_first_moment(moment: datetime, zone: ZoneInfo, country: str) -> None:
    there = BusinessDays(zone, WorkingDays(5, country))
    day = there.day(moment)
    first = there.begins(day)
    assert WorkingDays(5, country).works(day)
    assert first <= moment
    assert there.day(first) == day
    assert there.day(first.astimezone(UTC) - timedelta(microseconds=1)) < day


@pytest.mark.parametrize(
    ("said", "told", "worse"),
    [
        ((13.5, 13.5), [(15.0, 15.0)], False),  # exactly 10 % less is not more than 10 %
        ((13.4, 13.4), [(15.0, 15.0)], True),
        ((12.0, 12.0), [(15.0, 15.0), (13.0, 13.0)], False),  # 13 was told: 12 is not 10 % under it
        ((11.0, 11.0), [(15.0, 15.0), (13.0, 13.0)], True),
        ((10.0, 20.0), [(15.0, 15.0)], False),  # its middle counts
        ((10.0, inf), [(15.0, 15.0)], False),
        ((15.0, 15.0), [None], False),
        (None, [(15.0, 15.0)], False),
        ((1.0, 1.0), [], False),
        ((10.0, 10.0), [None, (15.0, 15.0)], True),
    ],
)
def test_worse_is_more_than_a_tenth_under_the_lowest_told(
    said: tuple[float, float] | None, told: list[tuple[float, float] | None], worse: bool
) -> None:
    assert worsened(said, told) is worse
