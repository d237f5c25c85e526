"""What a person says that a message means: figures by exact arithmetic, words like those of the judge, labels as files have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Volume
from bot.language.statement import Utterance
from bot.playbook.by_hand import BY_HAND, PERIODS, Correction, by_hand, entry_of, expected, figure, finding_of, key_of, quantity_of, quoted
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from tests.playbook.cases import standard_deal

SAID = Utterance("we start small, with about fifteen", "customer", "U1", datetime(2026, 11, 4, 10), "1")
DAYS = {"day": 1, "week": 5, "fortnight": 10, "month": Fraction(65, 3), "quarter": 65, "year": 260}


@pytest.mark.parametrize(
    ("text", "per", "per_day"),
    [
        ("15", "day", (15, 15)),
        ("10-15", "day", (10, 15)),
        ("15 to 10", "day", (10, 15)),
        ("1,200", "week", (240, 240)),
        ("26,000", "year", (100, 100)),
        ("2.5", "day", (2.5, 2.5)),
        ("30%", "%commitment", (150, 150)),
        ("50", "%test", (75, 75)),
        ("0", "day", (0, 0)),
    ],
)
def test_a_figure_per_shipping_day(text: str, per: str, per_day: tuple[float, float]) -> None:
    assert figure(Correction("volume-gap", quantity=quantity_of(text, per)), standard_deal()) == per_day


@pytest.mark.parametrize("text", ["", "lots", "-5", "1,2", "12,34", "15 16", "1e9", "15%", "٣", "½", "NaN", "inf"])
def test_what_is_no_figure(text: str) -> None:
    assert quantity_of(text, "day") is None


@given(st.integers(0, 10**6), st.sampled_from(PERIODS), st.integers(1, 7))
def test_the_arithmetic_is_exact(count: int, per: str, days: int) -> None:
    deal = standard_deal().model_copy(update={"volume": Volume(committed_per_day=500, shipping_days_per_week=days)})
    said = figure(Correction("volume-gap", quantity=quantity_of(f"{count:,}", per)), deal)
    assert said is not None
    exact = Fraction(count) / (Fraction(DAYS[per]) * (Fraction(days, 5) if per != "day" else 1))
    assert abs(Fraction(said[0]) - exact) <= Fraction(1, 10**6)


@given(st.text(max_size=40), st.sampled_from([*PERIODS, "%commitment", "%test"]))
def test_no_text_breaks_it(text: str, per: str) -> None:
    figure(Correction("volume-gap", quantity=quantity_of(text, per)), standard_deal())


@pytest.mark.parametrize("scenario", [*FINDINGS, *SIGNALS])
def test_every_scenario_makes_a_finding_with_and_without_a_figure(scenario: str) -> None:
    for quantity in (None, quantity_of("10-15", "day")):
        made = finding_of(standard_deal(), SAID, Correction(scenario, "price" if scenario == "contradiction" else None, quantity))
        assert (made.scenario, made.rule, made.side, made.quote) == (scenario, BY_HAND, "customer", SAID.text)
        assert made.urgency == ("log" if scenario in SIGNALS else "now")
        assert made.why.endswith(".")
        assert entry_of(made)["scenario"] == scenario


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_term_that_may_be_contradicted(subject: str) -> None:
    made = finding_of(standard_deal(), SAID, Correction("contradiction", subject, quantity_of("100", "day")))
    assert made.subject == subject
    assert made.said == ("26,000 a year" if subject == "volume.annual" else "100/day")
    assert made.why.startswith(f"The {SUBJECTS[subject]} was given as {made.said}")


def test_the_figure_that_it_was_held_against_stays_where_only_the_figure_was_wrong() -> None:
    heard = replace(finding_of(standard_deal(), SAID, Correction("volume-bait-and-switch")), agreed="ramp", agreed_per_day=500.0, quote="q")
    made = finding_of(standard_deal(), SAID, Correction("volume-bait-and-switch", quantity=quantity_of("50", "day")), heard)
    assert (made.agreed, made.agreed_per_day, made.quote, made.why) == ("ramp", 500.0, "q", "50/day is 90% under the agreed 500/day.")
    other = finding_of(standard_deal(), SAID, Correction("volume-gap", quantity=quantity_of("50", "day")), heard)
    assert other.agreed_per_day == 150


def test_raised_by_hand_it_is_sure() -> None:
    made = replace(finding_of(standard_deal(), SAID, Correction("volume-gap")), urgency="digest", sure=0.2, suppressed="repeat", rule="x")
    assert by_hand(made) == replace(made, urgency="now", sure=1.0, suppressed=None, rule=BY_HAND)


def test_what_is_expected_instead() -> None:
    bait = {"scenario": "volume-bait-and-switch", "said_per_day": [15, 15]}
    gap, price = {"scenario": "volume-gap"}, {"scenario": "contradiction", "subject": "price"}
    assert expected((bait, price), key_of(bait), gap) == (gap, price)
    assert expected((bait, price), key_of(price), None) == (bait,)
    assert expected((bait,), None, price) == (bait, price)
    assert expected((), None, None) == ()
    assert expected((bait, gap), key_of(bait), gap) == (gap,)
    assert expected((bait,), ("not-ramping", None), gap) == (bait, gap)


@given(st.text(max_size=400))
def test_a_quote_stands_in_its_message(text: str) -> None:
    assert quoted(text) in text
    assert len(quoted(text)) <= 220
