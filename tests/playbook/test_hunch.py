"""Rules and the trained reader: together they are sure, alone they wait, and arithmetic has the last word on figures."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.language.statement import Hunch, Reading, Statement, Utterance
from bot.playbook.finding import Finding
from bot.playbook.judge import judge
from tests.playbook.cases import AFTER, BEFORE, TESTING, proposes, reports, standard_deal, statement


def found(
    *statements: Statement, chance: float, on: date = TESTING, latent: tuple[Statement, ...] = (), **labels: float
) -> tuple[Finding, ...]:
    hunch = Hunch(chance, {name.replace("_", "-"): value for name, value in labels.items()})
    utterance = Utterance("as said", "customer", "U1", datetime.combine(on, time(10)), "1")
    return judge(standard_deal(), Reading(statements=statements, hunch=hunch, latent=latent), utterance, ())


@pytest.mark.parametrize(
    ("rules", "chance", "urgency"),
    [(0.6, 0.6, "now"), (0.6, 0.3, "digest"), (0.75, 0.3, "digest"), (0.8, 0.01, "now")],
)
def test_a_finding_of_the_rules_rings_when_both_are_sure_enough(rules: float, chance: float, urgency: str) -> None:
    (finding,) = found(proposes(20, sure=rules), on=BEFORE, chance=chance)
    assert finding.urgency == urgency


@pytest.mark.parametrize(("chance", "urgency"), [(0.3, None), (0.5, "digest"), (0.95, "now")])
def test_what_only_the_trained_reader_hears_needs_more(chance: float, urgency: str | None) -> None:
    heard = found(chance=chance, on=AFTER, objection_too_busy=0.7, wait_and_see=0.2)
    assert [(finding.scenario, finding.urgency) for finding in heard] == ([("objection-too-busy", urgency)] if urgency else [])


def test_a_figure_that_meets_the_agreement_refutes_a_heard_gap() -> None:
    heard = found(reports(152), chance=0.8, volume_gap=0.9)
    assert [finding.scenario for finding in heard] == ["volume-confirmed"]


def test_a_heard_scenario_takes_the_figure_that_may_be_meant() -> None:
    (finding,) = found(chance=0.7, latent=(proposes(40),), volume_bait_and_switch=0.8)
    assert (finding.scenario, finding.said_per_day) == ("volume-bait-and-switch", (40, 40))


def test_a_figure_that_only_may_be_meant_is_nothing_by_itself() -> None:
    assert found(chance=0.2, latent=(proposes(40),)) == ()


def test_a_heard_contradiction_names_its_subject() -> None:
    hunch = Hunch(0.8, {"contradiction": 0.9, "subject billing": 0.8, "subject price": 0.1})
    utterance = Utterance("monthly invoices were promised", "customer", "U1", datetime.combine(TESTING, time(10)), "1")
    (finding,) = judge(standard_deal(), Reading(hunch=hunch), utterance, ())
    assert (finding.scenario, finding.subject, finding.quote) == ("contradiction", "billing", "monthly invoices were promised")


def test_signals_are_heard_where_nothing_is_wrong() -> None:
    (signal,) = found(chance=0.1, pickup_confirmed=0.8)
    assert (signal.scenario, signal.urgency) == ("pickup-confirmed", "log")


def test_a_lower_volume_leaves_no_room_for_a_confirmation() -> None:
    heard = found(proposes(20), statement("pickup-confirmed"), chance=0.9, on=BEFORE, volume_confirmed=0.9)
    assert [finding.scenario for finding in heard] == ["volume-bait-and-switch", "pickup-confirmed"]
