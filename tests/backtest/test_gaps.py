"""Gaps in what was shipped, and the words that announced them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.backtest.gaps import gaps
from bot.backtest.hits import Hit
from bot.deal import Deal
from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.deeds import Limits
from tests.backtest.test_bell import BAIT, hit

MONDAY = date(2026, 11, 2)
DEAL = Deal.model_validate(
    {
        "customer": "Acme",
        "people": [{"id": "U3", "name": "Riley", "role": "rep"}],
        "volume": {"committed_per_day": 200},
        "test": {"volume_per_day": 100, "starts": MONDAY, "weeks": 2},
    }
)
NO = None

CASES = {
    "as agreed": ([100, 95, 91, 100, 100], []),
    "one day a little short": ([100, 80, 100, 100, 100], []),
    "two days running": ([100, 80, 80, 100, 100], [(1, 2, 40)]),
    "one deep day": ([100, 60, 100, 100, 100], [(1, 1, 40)]),
    "days that recur are one gap": ([60, 100, 60, 100, 60], [(0, 4, 120)]),
    "no data is not zero": ([100, NO, NO, NO, 100], []),
    "a day without data between does not part them": ([80, NO, 80, 100, 100], [(0, 2, 40)]),
    "nothing shipped": ([0, 0, 0, 0, 0], [(0, 4, 500)]),
}


def actuals(figures: list[int | None]) -> Actuals:
    """Figures of the shipping days from Monday on."""
    days = [MONDAY + timedelta(days=number + 2 * (number // 5)) for number in range(len(figures))]
    return Actuals(tuple(Actual(day, count) for day, count in zip(days, figures, strict=True) if count is not None))


def test_what_a_gap_is_follows_the_settings() -> None:
    three_running = {"Acme": actuals([100, 80, 80, 80, 60, 100])}
    assert [gap.days for gap in gaps([], [DEAL], three_running, limits=Limits(days=4, share=0.5))] == [4]
    assert gaps([], [DEAL], three_running, limits=Limits(days=5, share=0.5)) == []
    assert [gap.days for gap in gaps([], [DEAL], three_running, limits=Limits(days=5, share=0.35))] == [4]


@pytest.mark.parametrize(("figures", "expected"), CASES.values(), ids=CASES)
def test_gaps(figures: list[int | None], expected: list[tuple[int, int, int]]) -> None:
    found = gaps([], [DEAL], {"Acme": actuals(figures)})
    assert [((gap.first - MONDAY).days, (gap.last - MONDAY).days, gap.missing) for gap in found] == expected
    assert [gap.announced for gap in found] == [()] * len(expected)


def test_a_week_as_agreed_parts_two_gaps_and_the_ramp_is_what_counts_after_the_test() -> None:
    found = gaps([], [DEAL], {"Acme": actuals([50, *[100] * 9, 100, 100, 200])})
    assert [(gap.first, gap.days, gap.agreed, gap.missing) for gap in found] == [
        (date(2026, 11, 16), 2, 200, 200),
        (MONDAY, 1, 100, 50),
    ]


def test_a_weekend_parcel_is_no_gap() -> None:
    assert gaps([], [DEAL], {"Acme": Actuals((Actual(date(2026, 11, 7), 3),))}) == []


def _announced(hits: list[Hit]) -> list[str]:
    (gap,) = gaps(hits, [DEAL], {"Acme": actuals([100, 100, 100, 100, 40])})
    return [one.id for one in gap.announced]


def test_only_what_was_said_before_it_about_volume_and_still_stood_announced_it() -> None:
    said = {
        "in time": hit(1, "2026-11-03T15:00", BAIT),
        "too old": hit(2, "2026-10-01T15:00", BAIT),
        "on the day": hit(3, "2026-11-06T15:00", BAIT),
        "not of volume": hit(4, "2026-11-03T15:00", {"scenario": "strategic-question"}),
        "a price": hit(5, "2026-11-03T15:00", {"scenario": "contradiction", "subject": "price"}),
        "a volume": hit(6, "2026-11-03T15:00", {"scenario": "contradiction", "subject": "volume.test"}),
        "a good sign": hit(7, "2026-11-03T15:00", {"scenario": "volume-confirmed"}),
    }
    settled = replace(hit(8, "2026-11-03T15:00", BAIT), settled=hit(9, "2026-11-04T15:00", BAIT).at)
    other = replace(hit(10, "2026-11-03T15:00", BAIT), customer="Beta")
    assert _announced([*said.values(), settled, other]) == ["1", "6"]


def test_the_first_direct_message_and_the_days_it_was_ahead() -> None:
    waited = replace(hit(1, "2026-11-03T15:00", BAIT), came="digest")
    told = replace(hit(2, "2026-11-05T15:00", BAIT), came="dm")
    (gap,) = gaps([waited, told], [DEAL], {"Acme": actuals([100, 100, 100, 100, 40])})
    assert (gap.lead, gap.told) == (3, told)
