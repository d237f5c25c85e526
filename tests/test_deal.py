"""The deal's calendar: which figure holds on which day, and what a deal may not say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.deal import Deal, Phase
from tests.said.sayings import standard_deal

PARTS: dict[str, Any] = {
    "customer": "Acme Outfitters",
    "people": [{"id": "U3", "name": "Riley Chen", "role": "rep"}],
    "volume": {"committed_per_day": 500},
    "test": {"volume_per_day": 150, "starts": "2026-11-02"},
}


def deal(**other: Any) -> Deal:
    return Deal.model_validate(PARTS | other)


@pytest.mark.parametrize(
    ("day", "phase", "per_day"),
    [
        (date(2026, 10, 1), "before-test", 150),
        (date(2026, 11, 1), "before-test", 150),
        (date(2026, 11, 2), "test", 150),
        (date(2026, 11, 15), "test", 150),
        (date(2026, 11, 16), "after-test", 500),
        (date(2027, 6, 1), "after-test", 500),
    ],
)
def test_phase_and_figure_of_a_day(day: date, phase: Phase, per_day: int) -> None:
    assert standard_deal().phase(day) == phase
    assert standard_deal().agreed_on(day).per_day == per_day


def test_days_are_counted_from_the_tests_first() -> None:
    acme = standard_deal()
    assert [acme.test_day(date(2026, 11, day)) for day in (1, 2, 15, 16)] == [0, 1, 14, 15]
    assert (acme.test_days, acme.test_ends, acme.ramp_starts) == (14, date(2026, 11, 15), date(2026, 11, 16))


def test_days_between_test_and_ramp_stay_at_the_test_volume() -> None:
    later = deal(ramp={"to_per_day": 400, "days_after_test": 10})
    assert later.ramp_starts == date(2026, 11, 26)
    assert later.agreed_on(date(2026, 11, 25)).per_day == 150
    assert later.agreed_on(date(2026, 11, 26)).per_day == 400


def test_without_a_ramp_the_committed_volume_follows_the_test() -> None:
    assert deal().ramp_per_day == 500
    assert deal().agreed_on(date(2026, 11, 16)).kind == "ramp"


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 52), st.integers(0, 365), st.integers(-500, 900))
def test_phases_follow_each_other(starts: date, weeks: int, gap: int, offset: int) -> None:
    terms = deal(test={"volume_per_day": 150, "starts": starts, "weeks": weeks}, ramp={"days_after_test": gap})
    order = ["before-test", "test", "after-test"]
    today, tomorrow = (order.index(terms.phase(starts + timedelta(days=offset + ahead))) for ahead in (0, 1))
    assert today <= tomorrow
    assert (terms.test_ends - starts).days == weeks * 7 - 1
    assert (terms.ramp_starts - terms.test_ends).days == gap + 1


def test_a_test_above_the_commitment_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"test\.volume_per_day is 600 but volume\.committed_per_day is only 500"):
        deal(test={"volume_per_day": 600, "starts": "2026-11-02"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"volume": {"committed_per_day": 0}},
        {"volume": {"committed_per_day": 500, "share_of_total": 60}},
        {"volume": {"committed_per_day": 500, "shipping_days_per_week": 8}},
        {"test": {"volume_per_day": 150, "starts": "2026-11-02", "weeks": 0}},
        {"test": {"volume_per_day": 150}},
        {"people": []},
        {"customer": ""},
        {"coverage": "gold"},
        {"discount": 0.1},
    ],
)
def test_impossible_terms_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        deal(**wrong)


def test_only_our_own_people_may_see_the_terms() -> None:
    acme = standard_deal()
    assert [acme.may_see(user) for user in ("U1", "U2", "U3", "U4", "U9")] == [False, False, True, True, False]
    dana = acme.person("U1")
    assert dana is not None
    assert dana.name == "Dana Ortiz"
