"""One finding per thing said: within a message, and over messages of the same side."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.playbook.finding import Finding, Raised
from bot.playbook.talk import TALK
from tests.playbook.cases import AFTER, BEFORE, TESTING, claims, names, number, proposes, reports, statement, verdict


def raised(finding: Finding) -> Raised:
    return Raised(finding.scenario, finding.subject, finding.side, finding.said_per_day, finding.said)


def test_figures_of_one_message_become_their_range() -> None:
    for figures in permutations((25, 31, 28)):
        (finding,) = verdict(*(reports(figure) for figure in figures), on=TESTING)
        assert finding.said_per_day == (25, 31)


def test_a_finding_outweighs_a_confirmation_in_the_same_message() -> None:
    assert names(verdict(reports(150), proposes(60), on=TESTING)) == ["volume-bait-and-switch"]


def test_different_scenarios_stand_side_by_side() -> None:
    found = verdict(proposes(150), statement("objection-too-busy"), on=AFTER)
    assert names(found) == ["not-ramping", "objection-too-busy"]


def test_the_same_side_saying_it_again_is_a_repetition() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    (again,) = verdict(proposes(20), on=TESTING, raised=[raised(first)])
    assert (first.suppressed, again.suppressed) == (None, "repeat")


def test_a_rounded_figure_is_still_the_same() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    (again,) = verdict(proposes(21), on=BEFORE, raised=[raised(first)])
    assert again.suppressed == "repeat"


def test_another_figure_is_news() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    (second,) = verdict(proposes(60), on=BEFORE, raised=[raised(first)])
    assert second.suppressed is None


def test_the_other_side_saying_it_is_news() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    (second,) = verdict(proposes(20), on=BEFORE, side="implementation", raised=[raised(first)])
    assert second.suppressed is None


def test_the_latest_word_is_what_a_repetition_is_measured_by() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    (second,) = verdict(proposes(60), on=BEFORE)
    earlier = [raised(first), raised(second)]
    assert [verdict(proposes(figure), on=BEFORE, raised=earlier)[0].suppressed for figure in (60, 20)] == ["repeat", None]


@pytest.mark.parametrize("scenario", TALK)
def test_talk_without_a_figure_repeats_by_its_scenario(scenario: str) -> None:
    (first,) = verdict(statement(scenario))
    (again,) = verdict(statement(scenario), raised=[raised(first)])
    assert (first.scenario, again.suppressed) == (scenario, "repeat")


def test_a_figure_joins_the_surer_words_of_the_same_scenario() -> None:
    small, figure = statement("start-small-and-ramp"), proposes(20)
    for said in permutations((small, figure)):
        (finding,) = verdict(*said, on=BEFORE)
        assert (finding.scenario, finding.said_per_day, finding.urgency) == ("start-small-and-ramp", (20, 20), "now")


def test_signals_are_never_repetitions() -> None:
    (first,) = verdict(statement("pickup-confirmed"))
    (again,) = verdict(statement("pickup-confirmed"), raised=[raised(first)])
    assert again.suppressed is None


def test_contradictions_repeat_by_subject_and_value() -> None:
    (first,) = verdict(claims("price", number(4.25, kind="money", per=None)))
    (again,) = verdict(claims("price", number(4.25, kind="money", per=None)), raised=[raised(first)])
    (other,) = verdict(claims("price", number(5.35, kind="money", per=None)), raised=[raised(first)])
    assert (again.suppressed, other.suppressed) == ("repeat", None)


def test_the_same_figure_sold_as_a_small_start_is_the_same_matter() -> None:
    (first,) = verdict(proposes(20), on=BEFORE)
    small = [proposes(20), statement("start-small-and-ramp")]
    (again,) = verdict(*small, on=BEFORE, raised=[raised(first)])
    assert (again.scenario, again.suppressed) == ("volume-bait-and-switch", "repeat")
