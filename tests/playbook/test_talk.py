"""Talk without a figure: who may say it for it to count."""

from __future__ import annotations

import pytest

from tests.playbook.cases import TESTING, names, statement, verdict

TALK = [
    "wait-and-see",
    "objection-too-busy",
    "objection-extend-test",
    "objection-volume-unavailable",
    "objection-peak-season",
    "avoiding-commitment",
    "new-stakeholder",
    "strategic-question",
]


@pytest.mark.parametrize("scenario", TALK)
def test_the_customer_says_it(scenario: str) -> None:
    (finding,) = verdict(statement(scenario), on=TESTING)
    assert (finding.scenario, finding.said_per_day, finding.agreed_per_day, finding.urgency) == (scenario, None, 150, "now")
    assert finding.why


@pytest.mark.parametrize("scenario", ["wait-and-see", "objection-extend-test"])
def test_implementation_may_leave_an_end_open_too(scenario: str) -> None:
    assert names(verdict(statement(scenario), side="implementation")) == [scenario]


def test_an_unknown_act_is_nothing() -> None:
    assert verdict(statement("sings")) == ()
