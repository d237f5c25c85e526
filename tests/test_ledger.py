"""The ledger of terms: which terms hold on which day, what an amendment adds, and what judge() makes of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal, plain_term
from bot.ears import Hearing, Talk, hear
from bot.language.statement import Utterance
from bot.ledger import TERMS, Agreement, amended, changes, disagreements, joined
from store.sources.deal_file import export_deal, parse_deal
from tests.templates.samples import bare, deal


def agreed(day: int = 9, **more: Any) -> Agreement:
    return Agreement(date(2026, 11, day), "Riley Chen", "Dana Ortiz", **more)


def said(terms: Deal, text: str, day: int) -> Hearing:
    at = datetime(2026, 11, day, 10, 0)
    return hear(terms, Talk(), Utterance(text, "customer", "U1", at, "1"), weights=lambda: None)


def test_terms_hold_from_their_day_on_whatever_the_order_of_recording() -> None:
    terms = amended(deal(), {"test.volume_per_day": 120}, agreed(12))
    terms = amended(terms, {"test.volume_per_day": 130}, agreed(6))
    on = {day: terms.on(date(2026, 11, day)).test.volume_per_day for day in (2, 5, 6, 11, 12, 30)}
    assert on == {2: 150, 5: 150, 6: 130, 11: 130, 12: 120, 30: 120}
    assert terms.test.volume_per_day == 120
    assert [(one.old, one.new) for one in terms.amendments] == [(150, 120), (150, 130)]


def test_of_two_for_the_same_day_the_later_recorded_holds() -> None:
    terms = amended(amended(deal(), {"billing": "monthly"}, agreed()), {"billing": None}, agreed())
    assert terms.on(date(2026, 11, 9)).billing is None
    assert terms.on(date(2026, 11, 8)).billing == "weekly"


def test_every_term_can_be_amended_and_undone() -> None:
    values: dict[Any, Any] = {
        "volume.committed_per_day": 400,
        "volume.annual": 104_000,
        "volume.share_of_total": 0.5,
        "volume.shipping_days_per_week": 6,
        "test.volume_per_day": 120,
        "test.starts": "2026-11-04",
        "test.weeks": 3,
        "test.success": ["transit times"],
        "ramp.to_per_day": 400,
        "ramp.days_after_test": 7,
        "services": [{"service": "Ground", "days": [3, 5]}],
        "price": [{"service": "Ground", "per_package": 3.5}],
        "pickup": {"days": "Mon-Sat"},
        "billing": "monthly",
    }
    assert set(values) == set(TERMS)
    terms = amended(deal(), values, agreed())
    assert {one.term: one.new for one in terms.amendments} == values
    assert not changes(deal(), terms.on(date(2026, 11, 8)))
    back = amended(terms, {term: plain_term(deal(), term) for term in TERMS}, agreed(10))
    assert not changes(deal(), back.on(date(2026, 11, 10)))


def test_nothing_to_change_changes_nothing() -> None:
    terms = amended(deal(), {"test.weeks": 3}, agreed())
    assert amended(terms, {"test.weeks": 3, "services": plain_term(deal(), "services")}, agreed()) is terms


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"test.volume_per_day": 501}, "at most that"),
        ({"volume.committed_per_day": 100}, "at most that"),
        ({"volume.committed_per_day": 0}, "greater than 0"),
        ({"test.starts": "soon"}, "valid date"),
        ({"services": [{"lane": "x"}]}, "service: Field required"),
    ],
)
def test_values_that_no_deal_can_have_are_refused_in_words(values: dict[Any, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        amended(deal(), values, agreed())
    assert "pydantic" not in str(refused.value)


def test_a_ledger_only_grows() -> None:
    once = amended(deal(), {"billing": "monthly"}, agreed()).amendments
    twice = amended(deal(), {"test.weeks": 3}, agreed()).amendments
    assert joined(once, twice) == (*once, *twice)
    assert joined(once, once) == once


def test_terms_beside_the_ledger_are_told() -> None:
    terms = amended(deal(), {"test.volume_per_day": 120}, agreed())
    [line] = disagreements(terms.model_copy(update={"test": deal().test}))
    assert line.startswith("test.volume_per_day: 150 is not what the last amendment says (120)")


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(1, 500)), max_size=6), st.integers(1, 30))
def test_the_figure_of_a_day_is_the_latest_one_that_holds_by_then(steps: list[tuple[int, int]], day: int) -> None:
    terms, holds = deal(), dict.fromkeys(range(31), 150)
    recorded: dict[int, int] = {}
    for from_day, figure in steps:
        terms = amended(terms, {"test.volume_per_day": figure}, agreed(from_day))
        if holds[from_day] != figure:  # what holds already is no change, and leaves no line
            recorded[from_day] = figure
            holds = {on: recorded[max(since)] if (since := [one for one in recorded if one <= on]) else 150 for on in holds}
    expected = holds[day]
    assert terms.on(date(2026, 11, day)).test.volume_per_day == expected
    assert parse_deal(export_deal(terms), "deal.yml").deal == terms
    assert Deal.model_validate(terms.model_dump(mode="json")) == terms


def test_what_is_said_is_judged_by_the_terms_of_the_day_spoken_of() -> None:
    terms = amended(deal(), {"test.volume_per_day": 100}, agreed(9))
    low = "we will ship 100 packages a day"
    [before] = said(terms, low, 4).findings
    assert (before.scenario, before.agreed_per_day) == ("volume-bait-and-switch", 150)
    [after] = said(terms, low, 10).findings
    assert (after.scenario, after.agreed_per_day) == ("volume-confirmed", 100)
    [ahead] = said(terms, "we will ship 100 packages a day from November 11", 4).findings
    assert (ahead.scenario, ahead.agreed_per_day) == ("volume-confirmed", 100)


def test_a_ramp_amended_from_its_day_on_is_known_beforehand() -> None:
    terms = amended(deal(), {"ramp.to_per_day": 300}, agreed(16))
    assert terms.on(date(2026, 11, 4)).agreed_on(date(2026, 11, 20)).per_day == 300
    assert terms.on(date(2026, 11, 4)).ramp_per_day == 500


def test_a_test_put_off_has_not_begun() -> None:
    terms = amended(deal(), {"test.starts": "2026-11-16"}, agreed(1))
    [finding] = said(terms, "let's start with 15 packages a day", 4).findings
    assert (finding.phase, finding.test_day) == ("before-test", -11)


def test_a_price_is_the_one_of_its_day() -> None:
    terms = amended(deal(), {"price": [{"service": "Expedited", "per_package": 5.1}]}, agreed(9))
    claim = "you promised us $5.10 per package for Expedited"
    assert [one.subject for one in said(terms, claim, 4).findings] == ["price"]
    assert said(terms, claim, 10).findings == ()


def test_a_deal_without_a_ledger_is_itself() -> None:
    terms = bare()
    assert terms.on(date(2026, 1, 1)) is terms
