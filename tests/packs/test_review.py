"""A customer's month and quarter: the figures by hand, the page, and that nothing internal is in it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.deal import Deal
from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.review import Period, figures, latest, month, quarter, review
from templates.packs import customer_pack

DEAL = Deal.model_validate(
    {
        "customer": "Acme <Outfitters>",
        "people": [
            {"id": "U3", "name": "Riley Chen", "role": "rep"},
            {"id": "U1", "name": "Dana Ortiz", "role": "customer"},
            {"id": "U2", "name": "Ivan Petrov", "role": "implementation"},
        ],
        "volume": {"committed_per_day": 200, "annual": 52_000},
        "test": {"volume_per_day": 100, "starts": "2026-09-14", "success": ["transit on target"]},
        "price": [{"service": "Ground", "per_package": 4.85}],
        "discovery": {"claimed_annual": 90_000, "other_carriers": 30_000},
        "amendments": [
            {
                "term": "pickup",
                "old": None,
                "new": {"time": "16:00"},
                "effective": "2026-10-12",
                "ours": "Riley Chen",
                "theirs": "Dana Ortiz",
                "link": "https://example.com/secret",
                "by": "U3",
            },
        ],
        "pickup": {"time": "16:00"},
    }
)
TODAY = date(2026, 11, 10)


def days(first: str, *counts: int | None) -> Actuals:
    """Packages on consecutive calendar days; None is a day without data."""
    begin = date.fromisoformat(first)
    made = [Actual(begin + timedelta(days=number), count, 0.9, None) for number, count in enumerate(counts) if count is not None]
    return Actuals(tuple(made))


def test_the_figures_of_some_days() -> None:
    # Monday to Sunday: a day without data, and a few packages on a Saturday
    found = figures(DEAL, days("2026-10-19", 200, 180, None, 150, 190, 8, None), date(2026, 10, 19), date(2026, 10, 25))
    assert (found.packages, found.shipping_days, found.days, found.per_day, found.agreed) == (728, 5, 4, 182, 200)
    assert found.share == pytest.approx(0.91)
    assert (found.on_time, found.billed_right) == (pytest.approx(0.9), None)


def test_a_holiday_on_which_packages_came_is_a_shipping_day() -> None:
    found = figures(DEAL, days("2026-10-12", 190, 200), date(2026, 10, 12), date(2026, 10, 13))
    assert (found.shipping_days, found.days, found.per_day) == (2, 2, 195)
    quiet = figures(DEAL, days("2026-10-12", 0, 200), date(2026, 10, 12), date(2026, 10, 13))
    assert (quiet.shipping_days, quiet.days, quiet.per_day) == (1, 1, 200)


def test_a_few_parcels_on_a_holiday_do_not_make_it_a_shipping_day() -> None:
    few = figures(DEAL, days("2026-10-09", 200, None, None, 3, 197), date(2026, 10, 9), date(2026, 10, 13))
    assert (few.shipping_days, few.days, few.per_day) == (2, 2, 200)
    half = figures(DEAL, days("2026-10-09", 200, None, None, 100, 300), date(2026, 10, 9), date(2026, 10, 13))
    assert (half.shipping_days, half.days, half.per_day) == (3, 3, 200)


def test_no_data_is_not_nothing() -> None:
    found = figures(DEAL, Actuals(), date(2026, 10, 1), date(2026, 10, 31))
    assert (found.packages, found.days, found.per_day, found.agreed, found.share) == (0, 0, None, None, None)


@pytest.mark.parametrize(
    ("period", "first", "last", "name"),
    [
        (month(2026, 10), "2026-10-01", "2026-10-31", "October 2026"),
        (month(2028, 2), "2028-02-01", "2028-02-29", "February 2028"),
        (quarter(2026, 4), "2026-10-01", "2026-12-31", "Q4 2026"),
        (latest("review", date(2026, 1, 1)), "2025-12-01", "2025-12-31", "December 2025"),
        (latest("audit", date(2026, 1, 1)), "2025-10-01", "2025-12-31", "Q4 2025"),
        (latest("audit", date(2026, 6, 30)), "2026-01-01", "2026-03-31", "Q1 2026"),
    ],
)
def test_periods(period: Period, first: str, last: str, name: str) -> None:
    assert (period.first.isoformat(), period.last.isoformat(), period.name) == (first, last, name)


def test_a_quarter_in_months_with_the_steps_of_test_and_ramp() -> None:
    made = review(DEAL, days("2026-09-14", *[100] * 60), quarter(2026, 3), TODAY)
    assert [(part.first.month, part.days) for part in made.parts] == [(7, 0), (8, 0), (9, 13)]
    assert made.parts[2].agreed == pytest.approx((10 * 100 + 3 * 200) / 13)
    assert made.course.weekly
    assert (made.year.packages, made.committed_year) == (1_700, 52_000)


def test_a_running_month_ends_yesterday_and_one_ahead_has_nothing() -> None:
    made = review(DEAL, days("2026-11-02", *[200] * 30), month(2026, 11), TODAY)
    assert (made.whole.last, made.whole.days, made.known_until) == (date(2026, 11, 9), 6, date(2026, 11, 9))


def test_weeks_of_a_month_hold_every_day_once() -> None:
    made = review(DEAL, days("2026-10-01", *range(100, 131)), month(2026, 10), TODAY)
    assert sum(part.packages for part in made.parts) == made.whole.packages == sum(range(100, 131))
    assert [part.first.day for part in made.parts] == [1, 5, 12, 19, 26]


def test_a_week_without_a_shipping_day_has_no_row_unless_something_came() -> None:
    later = date(2026, 12, 10)
    sunday = review(DEAL, days("2026-11-02", *[200] * 20), month(2026, 11), later)
    assert [part.first.day for part in sunday.parts] == [2, 9, 16, 23, 30]
    came = review(DEAL, days("2026-11-01", *[200] * 20), month(2026, 11), later)
    assert came.parts[0].packages == 200


def test_the_page_says_it_plainly_and_holds_nothing_internal() -> None:
    page = customer_pack(review(DEAL, days("2026-09-14", *[150] * 60), month(2026, 10), TODAY))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]))
    assert "Acme &lt;Outfitters&gt;" in text
    assert "211 a day, as agreed" in text
    assert "Pickup – 16:00 12 Oct 2026 Riley Chen, Dana Ortiz" in text
    assert not re.search(r"4\.85|90,000|30,000|secret|U3|Ivan|finding|risk|jump-in|script|discovery", page, re.IGNORECASE)


def test_a_page_without_data_says_so() -> None:
    page = customer_pack(review(DEAL, None, month(2026, 10), TODAY))
    assert "No volume data for October 2026 yet." in page
    assert "<svg" not in page
