"""What a later word settles, and what it does not: in doubt a finding stays open."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playbook.finding import Finding
from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from bot.playbook.settled import CLAIM_CONFIRMED_BY, CONFIRMED_BY, SIGNALS_THAT_SETTLE, confirmed
from tests.templates.samples import finding


def low(scenario: str = "volume-bait-and-switch", **other: Any) -> Finding:
    return finding(scenario, **({"said_per_day": (15.0, 15.0)} | other))


def signal(scenario: str = "volume-confirmed", **other: Any) -> Finding:
    parts: dict[str, Any] = {"urgency": "log", "said_per_day": (150.0, 150.0), "agreed_per_day": 150.0, "sure": 0.9, "rule": "by hand"}
    return finding(scenario, **(parts | other))


def ramp(**other: Any) -> Finding:
    return signal("ramp-confirmed", **({"said_per_day": (500.0, 500.0), "agreed_per_day": 500.0} | other))


@pytest.mark.parametrize("scenario", ["volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "avoiding-commitment"])
def test_the_customers_agreed_volume_settles_talk_of_volume(scenario: str) -> None:
    assert confirmed(low(scenario), signal())
    assert not confirmed(low(scenario), ramp())


@pytest.mark.parametrize("scenario", ["not-ramping", "wait-and-see", *(name for name in FINDINGS if name.startswith("objection-"))])
def test_the_affirmed_ramp_settles_talk_against_it(scenario: str) -> None:
    found = low(scenario, said_per_day=None, agreed_per_day=500.0)
    assert confirmed(found, ramp())
    assert confirmed(found, ramp(said_per_day=None))
    assert not confirmed(found, signal())


@pytest.mark.parametrize("scenario", ["new-stakeholder", "strategic-question"])
@pytest.mark.parametrize("kind", SIGNALS)
def test_what_only_people_can_settle_stays(scenario: str, kind: str) -> None:
    assert not confirmed(low(scenario), signal(kind))


@pytest.mark.parametrize(
    "weak",
    [
        {"sure": 0.74},
        {"rule": "trained reader"},
        {"said_per_day": None},
        {"said_per_day": (120.0, 120.0)},
        {"side": "unknown"},
        {"side": "implementation"},
    ],
    ids=["unsure", "heard without a rule", "without a figure", "too low", "side unknown", "implementation speaks for the customer"],
)
def test_a_doubtful_word_settles_nothing(weak: dict[str, Any]) -> None:
    assert not confirmed(low(), signal(**weak))


def test_a_test_volume_does_not_settle_what_falls_short_of_the_ramp() -> None:
    assert not confirmed(low("volume-gap", agreed_per_day=500.0, phase="after-test"), signal())
    assert not confirmed(low("not-ramping", agreed_per_day=500.0), ramp(said_per_day=(150.0, 150.0), agreed_per_day=150.0))


def test_implementation_can_tell_what_was_shipped_and_take_back_its_own_words() -> None:
    assert confirmed(low("volume-gap"), signal(side="implementation"))
    assert confirmed(low(side="implementation"), signal(side="implementation"))
    assert confirmed(low(side="implementation"), signal())


def test_a_claim_is_settled_only_by_the_agreed_figure_itself() -> None:
    claim = low("contradiction", subject="volume.test", said="80/day", said_per_day=(80.0, 80.0))
    assert confirmed(claim, signal())
    assert not confirmed(claim, signal(said_per_day=(160.0, 160.0)))
    assert not confirmed(claim, ramp())
    assert confirmed(low("contradiction", subject="ramp.volume", agreed_per_day=500.0), ramp())
    assert not confirmed(low("contradiction", subject="ramp.volume", agreed_per_day=500.0), ramp(said_per_day=None))


@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject not in CLAIM_CONFIRMED_BY])
@pytest.mark.parametrize("kind", SIGNALS)
def test_no_signal_tells_of_the_other_terms(subject: str, kind: str) -> None:
    assert not confirmed(low("contradiction", subject=subject), signal(kind))


def test_the_names_are_those_of_the_house() -> None:
    assert CONFIRMED_BY.keys() <= FINDINGS.keys()
    assert CLAIM_CONFIRMED_BY.keys() <= SUBJECTS.keys()
    assert {*CONFIRMED_BY.values(), *CLAIM_CONFIRMED_BY.values()} == SIGNALS_THAT_SETTLE <= SIGNALS.keys()
