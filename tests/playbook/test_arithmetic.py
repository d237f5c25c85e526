"""The arithmetic of rates: exact for every deal, in every period."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.deal import Deal
from bot.language.rates import days_in
from bot.language.statement import Kind, Quantity
from bot.playbook.arithmetic import differs, materially_below, per_day, same_figure, shown
from tests.said.sayings import standard_deal

FIGURES = st.floats(0, 1e6)
SHIPPING_DAYS = st.integers(1, 7)
WEEKS = {"week": Fraction(1), "fortnight": Fraction(2), "month": Fraction(52, 12), "quarter": Fraction(13), "year": Fraction(52)}


def quantity(low: float | None, high: float | None = None, *, kind: Kind = "number", per: str | None = "day", **other: Any) -> Quantity:
    return Quantity("", 0, 0, kind, low, low if high is None else high, per=per, **other)


def deal(shipping_days: int = 5) -> Deal:
    acme = standard_deal()
    return acme.model_copy(update={"volume": acme.volume.model_copy(update={"shipping_days_per_week": shipping_days})})


@given(st.integers(1, 1_000_000), SHIPPING_DAYS, st.sampled_from(sorted(WEEKS)))
def test_a_rate_is_spread_over_the_shipping_days(figure: int, shipping_days: int, period: str) -> None:
    exact = Fraction(figure) / (WEEKS[period] * shipping_days)
    assert per_day(quantity(figure, per=period), deal(shipping_days)) == pytest.approx((float(exact), float(exact)))


@given(FIGURES, SHIPPING_DAYS)
def test_a_daily_rate_is_itself(figure: float, shipping_days: int) -> None:
    assert per_day(quantity(figure), deal(shipping_days)) == (figure, figure)
    assert per_day(quantity(figure, per=None), deal(shipping_days)) == (figure, figure)


@given(FIGURES, FIGURES, SHIPPING_DAYS, st.sampled_from([None, "day", *WEEKS]))
def test_a_range_keeps_both_ends_in_order(one: float, other: float, shipping_days: int, period: str | None) -> None:
    low, high = sorted((one, other))
    said = per_day(quantity(low, high, per=period), deal(shipping_days))
    assert said is not None
    assert 0 <= said[0] <= said[1] <= high


@pytest.mark.parametrize(
    ("figure", "period", "said"),
    [(1_000, "week", 200), (2_600, "month", 120), (130_000, "year", 500), (1_500, "fortnight", 150), (32_500, "quarter", 500)],
)
def test_rates_of_a_five_day_week(figure: int, period: str, said: float) -> None:
    assert per_day(quantity(figure, per=period), deal()) == pytest.approx((said, said))


@given(st.floats(0, 100), SHIPPING_DAYS)
def test_percent_is_of_the_commitment_unless_said_otherwise(percent: float, shipping_days: int) -> None:
    of_all = per_day(quantity(percent, kind="percent", of="our volume"), deal(shipping_days))
    of_test = per_day(quantity(percent, kind="percent", of="the test volume"), deal(shipping_days))
    assert of_all == pytest.approx((percent * 5, percent * 5))
    assert of_test == pytest.approx((percent * 1.5, percent * 1.5))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_fraction_is_a_share_too(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert per_day(quantity(low, high, kind="fraction", per=None), deal()) == pytest.approx((low * 500, high * 500))


@given(FIGURES)
def test_an_open_end_takes_the_known_one(figure: float) -> None:
    assert per_day(Quantity("", 0, 0, "number", None, figure, per="day"), deal()) == (figure, figure)
    assert per_day(Quantity("", 0, 0, "number", figure, None, per="day"), deal()) == (figure, figure)
    assert per_day(Quantity("", 0, 0, "number", None, None, per="day"), deal()) is None


@given(FIGURES, st.sampled_from(["order", "pallet", "hour", "minute", "truck"]))
def test_what_is_no_stretch_of_days_is_no_volume(figure: float, period: str) -> None:
    assert per_day(quantity(figure, per=period), deal()) is None
    assert days_in(period, 5) is None


@given(FIGURES, st.integers(1, 5))
def test_named_weekdays_thin_a_daily_rate_out(figure: float, weekdays: int) -> None:
    said = per_day(quantity(figure, days_per_week=weekdays), deal(5))
    assert said == pytest.approx((figure * weekdays / 5, figure * weekdays / 5))


@given(st.integers(1, 100_000), st.floats(0, 2))
def test_ten_percent_under_is_the_line(agreed: int, share: float) -> None:
    assume(abs(share - 0.9) > 1e-6)
    assert materially_below((agreed * share, agreed * share), agreed) == (share < 0.9)


@pytest.mark.parametrize("agreed", [10, 150, 500, 1_230])
def test_exactly_ten_percent_under_is_not_materially_below(agreed: int) -> None:
    assert not materially_below((agreed * 0.9, agreed * 0.9), agreed)
    assert materially_below((agreed * 0.9 - 0.01, agreed * 0.9 - 0.01), agreed)


@given(FIGURES, FIGURES, st.integers(1, 1_000_000))
def test_saying_less_is_never_better(one: float, other: float, agreed: int) -> None:
    low, high = sorted((one, other))
    assert materially_below((low, low), agreed) or not materially_below((high, high), agreed)


@given(st.tuples(FIGURES, FIGURES) | st.none(), st.tuples(FIGURES, FIGURES) | st.none())
def test_the_same_figure_is_mutual(one: tuple[float, float] | None, other: tuple[float, float] | None) -> None:
    assert same_figure(one, one)
    assert same_figure(one, other) == same_figure(other, one)


def test_what_counts_as_the_same_figure() -> None:
    assert same_figure((10, 15), (10, 16))
    assert same_figure((200, 200), (190, 190))
    assert not same_figure((20, 20), (40, 40))
    assert not same_figure((20, 20), None)


def test_terms_are_exact_and_speech_rounds() -> None:
    assert not differs(499, 500)
    assert differs(450, 500)
    assert differs(4.25, 4.85)


@pytest.mark.parametrize(
    ("figures", "words"),
    [((15, 15), "15"), ((10, 15), "10-15"), ((1_200, 1_200), "1,200"), ((7.5, 7.5), "7.5"), ((307.69, 307.69), "308"), ((0, 2), "0-2")],
)
def test_figures_for_people(figures: tuple[float, float], words: str) -> None:
    assert shown(figures) == words
