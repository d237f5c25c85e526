"""The business day that a moment counts for, and when a figure is worse than those told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.pace import begins, business_day, worsened

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
    ],
)
def test_a_moment_counts_for_the_business_day_of_the_customers_calendar(moment: str, zone: ZoneInfo, day: str) -> None:
    assert business_day(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone) == date.fromisoformat(day)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.sampled_from([NEW_YORK, TOKYO]))
def test_a_business_day_begins_with_its_first_moment(moment: datetime, zone: ZoneInfo) -> None:
    day = business_day(moment, zone)
    first = begins(day, zone)
    assert day.weekday() < 5
    assert first <= moment
    assert business_day(first, zone) == day
    assert business_day((first.astimezone(UTC) - timedelta(microseconds=1)), zone) < day


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
