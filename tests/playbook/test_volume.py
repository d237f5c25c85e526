"""A volume against the agreed figure of its day: which scenario it is in which phase."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.scenarios import FINDINGS
from tests.playbook.cases import AFTER, BEFORE, ENDING, TESTING, names, number, proposes, reports, statement, verdict


@pytest.mark.parametrize(
    ("on", "said", "scenario"),
    [
        (BEFORE, 20, "volume-bait-and-switch"),
        (BEFORE, 134, "volume-bait-and-switch"),
        (BEFORE, 135, "volume-confirmed"),
        (BEFORE, 150, "volume-confirmed"),
        (TESTING, 60, "volume-bait-and-switch"),
        (TESTING, 140, "volume-confirmed"),
        (ENDING, 150, "not-ramping"),
        (ENDING, 500, "ramp-confirmed"),
        (AFTER, 150, "not-ramping"),
        (AFTER, 449, "not-ramping"),
        (AFTER, 450, "ramp-confirmed"),
    ],
)
def test_a_proposed_volume(on: date, said: float, scenario: str) -> None:
    assert names(verdict(proposes(said), on=on)) == [scenario]


@pytest.mark.parametrize(
    ("on", "said", "scenario"),
    [
        (TESTING, 60, "volume-gap"),
        (TESTING, 148, "volume-confirmed"),
        (ENDING, 100, "volume-gap"),
        (ENDING, 150, "volume-confirmed"),
        (AFTER, 150, "volume-gap"),
        (AFTER, 505, "volume-confirmed"),
    ],
)
def test_a_reported_volume(on: date, said: float, scenario: str) -> None:
    assert names(verdict(reports(said), on=on)) == [scenario]


def test_what_is_said_to_run_before_the_test_is_how_it_will_start() -> None:
    assert names(verdict(reports(20), on=BEFORE)) == ["volume-bait-and-switch"]


@pytest.mark.parametrize("stance", ["rejected", "hypothetical", "hearsay"])
@given(said=st.floats(1, 1_000), on=st.sampled_from([BEFORE, TESTING, ENDING, AFTER]))
def test_what_is_not_meant_raises_nothing(stance: str, said: float, on: date) -> None:
    assert verdict(proposes(said, stance=stance), on=on) == ()


@given(st.floats(1, 1_400), st.sampled_from([BEFORE, TESTING]))
def test_before_the_test_ends_its_volume_is_the_measure(said: float, on: date) -> None:
    (finding,) = verdict(proposes(said), on=on)
    assert (finding.scenario in FINDINGS) == (said < 135)
    assert finding.agreed_per_day == 150
    assert finding.said_per_day == (said, said)


def test_a_day_named_ahead_is_held_against_its_own_figure() -> None:
    ramp_day = datetime(2026, 11, 20)
    (finding,) = verdict(proposes(150, when=ramp_day), on=TESTING)
    assert (finding.scenario, finding.agreed_per_day) == ("not-ramping", 500)


def test_the_two_last_days_of_the_test_are_still_the_test() -> None:
    assert names(verdict(proposes(150, when=datetime(2026, 11, 13)), on=ENDING)) == ["volume-confirmed"]


def test_the_finding_says_both_figures_and_the_day() -> None:
    (finding,) = verdict(proposes(10, 15), on=date(2026, 11, 4))
    assert (finding.said, finding.agreed) == ("10-15/day", "test volume 150/day (2 Nov - 15 Nov)")
    assert (finding.test_day, finding.phase, finding.urgency) == (3, "test", "now")
    assert finding.why == "10-15/day is 92% under the agreed 150/day."


def test_a_weekly_volume_is_spread_over_the_shipping_days() -> None:
    weekly = statement("proposes-volume", quantity=number(200, per="week"), stance="proposed")
    (finding,) = verdict(weekly, on=BEFORE)
    assert finding.said_per_day == (40, 40)


@pytest.mark.parametrize("said", [0, 0.3, 1_600, 90_000])
def test_counts_of_another_size_are_no_volume(said: float) -> None:
    assert verdict(proposes(said), on=TESTING) == ()


def test_unsure_readings_wait_for_the_digest() -> None:
    (finding,) = verdict(proposes(20, sure=0.6), on=BEFORE)
    assert finding.urgency == "digest"
    (signal,) = verdict(proposes(150, sure=0.6), on=BEFORE)
    assert signal.urgency == "log"


@pytest.mark.parametrize(("on", "found"), [(BEFORE, True), (TESTING, True), (AFTER, False)])
def test_a_small_start_is_one_until_the_test_is_over(on: date, found: bool) -> None:
    assert names(verdict(statement("start-small-and-ramp"), on=on)) == ["start-small-and-ramp"] * found


def test_a_small_start_with_a_figure_is_one_finding() -> None:
    (finding,) = verdict(statement("start-small-and-ramp", sure=0.8), proposes(20), on=BEFORE)
    assert (finding.scenario, finding.said_per_day) == ("start-small-and-ramp", (20, 20))


@pytest.mark.parametrize(("on", "found"), [(TESTING, False), (ENDING, True), (AFTER, True)])
def test_staying_put_counts_around_the_tests_end(on: date, found: bool) -> None:
    assert names(verdict(statement("not-ramping"), on=on)) == ["not-ramping"] * found


@pytest.mark.parametrize(
    ("other", "found"), [({}, True), ({"when": datetime(2026, 11, 16)}, True), ({"when": datetime(2027, 1, 4)}, False)]
)
def test_a_ramp_is_confirmed_for_the_agreed_day(other: dict[str, Any], found: bool) -> None:
    assert names(verdict(statement("ramp-confirmed", **other), on=ENDING)) == ["ramp-confirmed"] * found
