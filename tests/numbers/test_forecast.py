"""The volume to come: by hand for single deals, and over portfolios beside what then came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.deal import Price
from bot.playbook.clock.history import Actuals, Happened, History, Stated
from bot.playbook.numbers.curve import learn, track
from bot.playbook.numbers.facts import Facts, facts
from bot.playbook.numbers.forecast import HORIZONS, check, forecast, interval, tries
from tests.bench.portfolio import Made, portfolio
from tests.numbers.deals import START, deal, seen, ships

TODAY = date(2026, 8, 3)
"""A Monday; of the next 30 days 22 are shipping days, of 60 days 43 (Labor Day lies in them), of 90 days 63 (Columbus Day)."""

DAYS = (22, 43, 63)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return portfolio()


@pytest.fixture(scope="module")
def figures(made: list[Made]) -> list[Facts]:
    return [facts(one.source) for one in made]


def alike(count: int, level: int = 500) -> list[Facts]:
    """Deals that go straight to a level after their test."""
    return [seen(actuals=ships((10, 150), (100, level)), id=100 + number, today=TODAY) for number in range(count)]


def test_a_deal_without_others_to_learn_from() -> None:
    said = History(stated=Stated((300, 400), START))
    running = seen(deal(price=(Price(service="a", per_package=5), Price(service="b", per_package=4))), ships((110, 200)), history=said)
    found = forecast([running], TODAY)
    assert [one.committed for one in found.horizons] == [500 * days for days in DAYS]
    assert [one.said for one in found.horizons] == [350 * days for days in DAYS]
    assert [one.run_rate for one in found.horizons] == [200 * days for days in DAYS]
    assert [(one.expected, one.low, one.high, one.revenue) for one in found.horizons] == [(None, None, None, {})] * 3
    assert (found.curve, found.counted, found.unknown, found.priced) == (None, (1,), (), 1)


def test_a_deal_keeps_its_distance_from_the_usual_way() -> None:
    half = seen(deal(price=(Price(service="a", per_package=5), Price(service="b", per_package=4))), ships((10, 150), (100, 250)))
    found = forecast([*alike(9), half], TODAY)
    assert found.curve is not None
    assert found.curve.weeks == pytest.approx([0.95] * len(found.curve.weeks)), "nine at 1, one at one half"
    assert found.curve.keep == pytest.approx(1)
    for one, days in zip(found.horizons, DAYS, strict=True):
        assert one.expected == pytest.approx((9 * 500 + 250) * days)
        assert one.revenue == {"US": pytest.approx((250 * days * 4, 250 * days * 5))}
    assert all(one.tries == 0 or one.error < 0.01 for one in found.checks)


def test_a_deal_in_its_test_is_expected_to_ramp_as_others_did() -> None:
    young = seen(
        deal(test=deal().test.model_copy(update={"starts": date(2026, 7, 27)})), ships((5, 165), since=date(2026, 7, 27)), today=TODAY
    )
    found, alone = forecast([*alike(9), young], TODAY), forecast(alike(9), TODAY)
    # five days more at what its test ships, then as the others
    assert found.horizons[0].expected == pytest.approx((alone.horizons[0].expected or 0) + 5 * 165 + 17 * 500)


def test_a_deal_that_has_not_begun_counts_by_its_chance() -> None:
    dropped = [seen(id=number, history=History(since=START), today=TODAY) for number in range(3)]
    coming = seen(deal(test=deal().test.model_copy(update={"starts": date(2026, 8, 10)})), id=50, today=TODAY)
    found, without = forecast([*alike(9), *dropped, coming], TODAY), forecast([*alike(9), *dropped], TODAY)
    assert found.curve is not None
    assert found.curve.chances == pytest.approx([0.75, 0, 0, 0, 0])
    assert without.horizons[2].expected == pytest.approx(9 * 500 * DAYS[2]), "three never came, and will not"
    more = (found.horizons[2].expected or 0) - (without.horizons[2].expected or 0)
    # 10 August is five shipping days away, its test has ten
    assert more == pytest.approx(0.75 * (10 * 150 + (DAYS[2] - 5 - 10) * 500))


def test_a_deal_that_ships_without_data_is_not_guessed_at() -> None:
    silent = seen(history=History(happened=(Happened("pickup", START),)), today=TODAY)
    found = forecast([*alike(9), silent], TODAY)
    assert found.unknown == (1,)
    assert found.horizons[0].committed == 9 * 500 * DAYS[0]


def test_it_is_better_than_simpler_guesses_and_says_so_honestly(figures: list[Facts]) -> None:
    found = forecast(figures, figures[0].today)
    for one, horizon in zip(found.checks, found.horizons, strict=True):
        assert one.tries > 15
        assert one.error < one.error_run_rate < one.error_committed
        assert horizon.expected is not None
        assert horizon.low is not None
        assert horizon.high is not None
        assert horizon.low < horizon.expected < horizon.high
    assert len(found.counted) + len(found.unknown) == len(figures)


def test_an_earlier_day_is_tried_with_nothing_that_came_later(made: list[Made]) -> None:
    today = made[0].source.today
    at = today - timedelta(days=170)
    then = []
    for one in made:
        days = one.source.actuals.days if one.source.actuals else ()
        known = replace(one.source.history, happened=tuple(event for event in one.source.history.happened if event.day < at))
        then.append(replace(one.source, actuals=Actuals(tuple(day for day in days if day.day < at)), history=known))
    # what is known of the later course (the first shipment, and so the ramp day) must not count: the same deals, cut at that day
    later = {run.at: run for run in tries([track(facts(one.source)) for one in made], today.toordinal())}
    curve = learn([track(facts(one)) for one in then], at.toordinal())
    assert curve is not None
    assert learn([track(facts(one.source)) for one in made], at.toordinal()) == curve
    assert at.toordinal() in later


@pytest.mark.parametrize(("count", "ends"), [(0, None), (7, None), (8, (0, 7)), (19, (0, 18)), (40, (2, 37))])
def test_an_interval_needs_enough_earlier_days(count: int, ends: tuple[int, int] | None) -> None:
    ratios = [1 + number for number in range(count)]
    assert interval(10.0, ratios) == ((None, None) if ends is None else (10.0 * (ends[0] + 1), 10.0 * (ends[1] + 1)))
    assert interval(None, ratios) == (None, None)


def test_nothing_to_forecast() -> None:
    found = forecast([], TODAY)
    assert [(one.committed, one.expected) for one in found.horizons] == [(0, None)] * len(HORIZONS)
    assert all(one.tries == 0 for one in check([], TODAY.toordinal()))
