"""Laws of figures: parts make their whole, conversions invert, and no text, however strange, breaks the reader."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deal import Deal
from bot.demo.sample import sample
from bot.language.quantities import find_quantities
from bot.language.rates import days_in
from bot.language.read import read
from bot.language.statement import Quantity, Utterance, Vocabulary
from bot.playbook.arithmetic import per_day

DEAL = Deal.model_validate(sample(date(2026, 11, 2)).deal)
DAYS = DEAL.volume.shipping_days_per_week
VOCABULARY = Vocabulary(test_per_day=150, committed_per_day=500, services=("Expedited",))
PERIODS = st.sampled_from(["day", "week", "fortnight", "month", "quarter", "year", "3 days", "2 weeks"])
WHOLE = st.integers(1, 999_999)
SMALL = st.integers(2, 90)


def only(text: str) -> Quantity:
    (quantity,) = find_quantities(text)
    return quantity


@given(WHOLE, PERIODS)
def test_a_rate_and_back_is_the_rate(number: int, period: str) -> None:
    days = days_in(period, DAYS)
    daily = per_day(Quantity("", 0, 0, "number", number, number, per=period), DEAL)
    assert days is not None
    assert daily == pytest.approx((number / days, number / days))
    assert daily is not None
    assert per_day(Quantity("", 0, 0, "number", daily[0] * days, daily[1] * days, per=period), DEAL) == pytest.approx(daily)


@given(WHOLE, st.sampled_from(["day", "week", "month", "year"]))
def test_a_rate_is_read_however_its_period_is_said(number: int, period: str) -> None:
    for said in (f"{number} a {period}", f"{number} parcels per {period}", f"{number:,} boxes/{period}", f"{number} each {period}"):
        quantity = only(said)
        assert (quantity.low, quantity.high, quantity.per) == (number, number, period)


@given(SMALL, SMALL)
def test_loads_multiply(outer: int, inner: int) -> None:
    for said in (f"{outer} pallets of {inner} boxes", f"{outer} cages at {inner} each", f"{outer} skids, {inner} in each"):
        assert only(said).low == outer * inner


@given(st.integers(10, 40), st.integers(2, 12))
def test_hours_and_shifts_multiply(rate: int, hours: int) -> None:
    quantity = only(f"{rate} an hour for {hours} hours")
    assert (quantity.low, quantity.per) == (rate * hours, "day")
    assert only(f"{rate} a shift, 3 shifts").low == 3 * rate


@given(st.integers(1, 100), st.integers(10, 5_000))
def test_a_part_of_a_figure_is_its_share(percent: int, whole: int) -> None:
    assert only(f"{percent} % of the {whole}").low == pytest.approx(whole * percent / 100)
    if percent < 100:
        assert only(f"{percent}% less than the {whole}").low == pytest.approx(whole * (1 - percent / 100))


@given(st.integers(10, 400), st.integers(1, 400))
def test_a_range_keeps_both_ends(low: int, more: int) -> None:
    for said in (f"between {low} and {low + more}", f"from {low} up to {low + more}", f"at least {low} and at most {low + more}"):
        quantity = only(said)
        assert (quantity.low, quantity.high) == (low, low + more)


@given(st.integers(1, 7), st.integers(10, 400))
def test_days_a_week_are_spread_over_the_week(days: int, number: int) -> None:
    quantity = only(f"{number} a day, {days} days a week")
    assert per_day(quantity, DEAL) == pytest.approx((number * days / DAYS, number * days / DAYS))


@given(WHOLE)
def test_digits_of_any_script_are_digits(number: int) -> None:
    for zero in ("０", "٠", "०", "๐"):
        assert only("".join(chr(ord(zero) + int(digit)) for digit in str(number)) + " boxes").low == number


STRANGE = st.text(alphabet="1270.,:/-+%$k½⑫ ١五🙂\u20e3\ufe0f\u200b'\"`|<>@#lO\n\ud83d", max_size=120) | st.text(max_size=200)


@settings(max_examples=300)
@given(STRANGE, st.lists(STRANGE, max_size=3))
def test_any_message_can_be_read(text: str, before: list[str]) -> None:
    talk = tuple(Utterance(said, "customer", f"U{at}", key=str(at)) for at, said in enumerate(before))
    reading = read(Utterance(text, "customer", "U1", at=datetime(2026, 11, 4, 9), key="9"), talk, VOCABULARY)
    end = 0
    for quantity in reading.quantities:
        assert end <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end] == quantity.span
        end = quantity.end


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{row},{row * 7 % 900},box,{row % 12 + 1}/{row % 28 + 1}/2026,{row * 1.37:.2f}" for row in range(5_000)),
        " ".join(str(number) for number in range(200)),
        "he said \"she said '15' a day\"",
        "1🙂5🙂0 a day",
    ],
    ids=["a table", "200 numbers", "quotes in quotes", "emoji between digits"],
)
def test_tables_and_noise_are_read_as_far_as_they_go(text: str) -> None:
    reading = read(Utterance(text, "customer", "U1", key="1"), (), VOCABULARY)
    assert 0 < len(reading.quantities) <= 160


@pytest.mark.parametrize("text", ["一百五十个包裹", "cento cinquanta pacchi al giorno", "hundert Pakete am Tag", "сто пятьдесят", "يوميا"])
def test_other_languages_are_met_with_silence(text: str) -> None:
    reading = read(Utterance(text, "customer", "U1", key="1"), (), VOCABULARY)
    assert (reading.quantities, reading.statements) == ((), ())
