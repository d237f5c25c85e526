"""Deeds beside words: when a shortfall counts, when it is over, what no data mean, and where the volume stands after the test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.clock.history import Actual, Actuals, Happened, History, Stated
from bot.playbook.clock.plan import Plan, planned
from bot.playbook.deeds import Gap, Limits, finding, gap, not_kept, recovered, standing, untrue
from tests.clock.deals import PICKUP, deal, on


def fed(*packages: int | None, first: int = 1) -> Actuals:
    """Packages on the shipping days from one on; None: no data."""
    days = [number for number in range(first, 400) if on(number).weekday() < 5][: len(packages)]
    return Actuals(tuple(Actual(on(day), count) for day, count in zip(days, packages, strict=True) if count is not None))


def plan(actuals: Actuals | None, today: date) -> Plan:
    return planned(deal(), History(happened=(PICKUP,)), actuals, today)


def found(actuals: Actuals, number: int, limits: Limits | None = None) -> Gap | None:
    today = on(number)
    return gap(plan(actuals, today), actuals, today, limits or Limits())


@pytest.mark.parametrize(
    ("packages", "today", "days"),
    [
        ((150, 148), 3, 0),
        ((150, 130), 3, 0),  # 13 % under, but one day only
        ((150, 130, 128), 4, 2),  # two days running
        ((150, 104), 3, 1),  # 31 % under on one day
        ((130, 150, 130), 4, 0),  # not running
        ((130, None, 130), 4, 0),  # nobody knows of the day between
        ((40,), 1, 0),  # today is not over
        ((0,), 2, 1),  # zero is a figure
        ((150, 40, 150), 4, 0),  # made up for
        ((150, 150, 150, 130, 130), 8, 2),  # over a weekend
        ((100, 100), 15, 0),  # history by now: nobody is alarmed
    ],
)
def test_a_shortfall_in_the_test(packages: tuple[int | None, ...], today: int, days: int) -> None:
    there = found(fed(*packages), today)
    assert (len(there.days) if there else 0) == days


def test_the_limits_are_the_installations() -> None:
    assert found(fed(150, 130), 3, Limits(days=1)) is not None
    assert found(fed(150, 104), 3, Limits(share=0.5)) is None


def test_no_data_is_no_shortfall() -> None:
    today = on(4)
    assert gap(plan(None, today), None, today) is None
    assert found(Actuals(()), 4) is None
    silent = standing(plan(fed(150), on(9)), fed(150), None, on(9))
    assert silent is not None
    assert (silent.last.day, silent.silent, silent.mean) == (on(1), 5, 150)


def test_what_the_rep_is_told() -> None:
    actuals, today = fed(150, 100, 90), on(4)
    there = gap(plan(actuals, today), actuals, today)
    assert there is not None
    kept = not_kept(plan(actuals, today), actuals, Stated((150, 150), on(1), "Dana Ortiz"), today)
    told = finding(plan(actuals, today), there, kept)
    assert (told.scenario, told.said, told.agreed_per_day, told.test_day) == ("volume-gap", "95/day", 150, 3)
    assert told.quote == "Shipped: 100 on 3 Nov, 90 on 4 Nov"
    assert told.why == (
        "95/day on average over 2 shipping days is 37% under the agreed 150/day. "
        "Dana Ortiz said 150/day on 2 Nov; shipped: 100 on 3 Nov, 90 on 4 Nov."
    )


@pytest.mark.parametrize(
    ("said", "packages", "broken"),
    [
        (150, (150, 40), True),
        (150, (150, 110), False),
        (150, (150, 40, 148), False),  # a day late
        (150, (150,), False),  # nobody knows yet
        (150, (150, None, None, 40), True),
        (40, (150, 40), False),
    ],
)
def test_a_stated_figure_is_compared_with_the_next_days(said: float, packages: tuple[int | None, ...], broken: bool) -> None:
    actuals, today = fed(*packages), on(8)
    assert (not_kept(plan(actuals, today), actuals, Stated((said, said), on(1), ""), today) is not None) == broken


def test_a_shortfall_ends_after_days_as_agreed_and_goes_with_a_correction() -> None:
    for packages, over in (((100, 150, 149), True), ((100, 150), False), ((100, 150, 100), False)):
        actuals = fed(*packages)
        assert recovered(plan(actuals, on(5)), actuals, on(1), on(5)) == over
    assert untrue(plan(fed(150), on(5)), fed(150), on(1))
    assert not untrue(plan(fed(100), on(5)), fed(100), on(1))
    assert untrue(plan(fed(None, 90), on(5)), fed(None, 90), on(1)), "its account was another deal's"


@pytest.mark.parametrize(
    ("after", "state"),
    [
        ((500, 505, 480), "full"),
        ((160, 150, 155, 150, 160, 155, 150, 152), "stalled"),
        ((200, 220, 250), "ramping"),
        ((300, 300, 310, 300, 300, 305, 300, 300), "partial"),
        ((150, 200, 260, 330, 400, 430), "ramping"),
        ((500, 500, 500, 500, 500, 300, 300, 300, 300, 300), "leaking"),
    ],
)
def test_the_state_after_the_test(after: tuple[int, ...], state: str) -> None:
    actuals = Actuals((*fed(*[150] * 10).days, *fed(*after, first=15).days))
    today = actuals.days[-1].day + timedelta(days=1)
    there = standing(plan(actuals, today), actuals, None, today)
    assert there is not None
    assert there.state == state
    leak = gap(plan(actuals, today), actuals, today)
    assert (leak is not None and leak.leak) == (state == "leaking")


def test_the_first_pickup_in_the_feed_begins_the_test() -> None:
    actuals = fed(150, 148, first=3)
    begun = planned(deal(), History(), actuals, on(5))
    assert (begun.start, begun.ramp) == (on(3), on(17))
    assert isinstance(begun.first, Happened)


@given(st.lists(st.one_of(st.none(), st.integers(min_value=0, max_value=700)), max_size=40), st.integers(min_value=1, max_value=60))
def test_any_feed_has_a_standing_and_perhaps_a_gap_of_short_days(packages: list[int | None], number: int) -> None:
    actuals, today = fed(*packages), on(number)
    there = plan(actuals, today)
    standing(there, actuals, Stated((150, 150), on(2), ""), today)
    short = gap(there, actuals, today)
    if short is not None:
        assert all(one.day < today for one in short.days)
        assert short.mean < short.agreed
        assert finding(there, short, None).said_per_day == (round(short.mean), round(short.mean))
