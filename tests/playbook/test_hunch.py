"""Rules and the trained reader: together they are sure, alone they wait, and arithmetic has the last word on figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.language.statement import Hunch, Quantity, Reading, Statement, Utterance
from bot.playbook.finding import Finding
from bot.playbook.judge import judge
from tests.playbook.cases import AFTER, BEFORE, TESTING, claims, number, proposes, reports, standard_deal, statement


def found(
    *statements: Statement,
    chance: float,
    on: date = TESTING,
    latent: tuple[Statement, ...] = (),
    meant: Mapping[Quantity, float] | None = None,
    foreign: bool = False,
    acquainted: bool = True,
    worth: float | None = None,
    **labels: float,
) -> tuple[Finding, ...]:
    named = {name.replace("_", "-"): value for name, value in labels.items()}
    hunch = Hunch(chance, named, meant or {}, foreign, acquainted, worth=worth)
    utterance = Utterance("as said", "customer", "U1", datetime.combine(on, time(10)), "1")
    return judge(standard_deal(), Reading(statements=statements, hunch=hunch, latent=latent), utterance, ())


@pytest.mark.parametrize(
    ("rules", "chance", "worth", "urgency"),
    [
        (0.8, 0.9, 0.95, "now"),
        (0.8, 0.5, 0.95, "now"),
        (0.6, 0.9, 0.95, "now"),
        (0.8, 0.9, 0.8, "digest"),
        (0.8, 0.95, None, "now"),
        (0.85, 0.01, 0.1, "digest"),
        (0.7, 0.05, 0.1, None),
    ],
)
def test_the_second_look_says_whether_a_finding_of_the_rules_rings(
    rules: float, chance: float, worth: float | None, urgency: str | None
) -> None:
    heard = found(proposes(20, sure=rules), on=BEFORE, chance=chance, worth=worth, volume_bait_and_switch=0.9)
    assert [finding.urgency for finding in heard] == ([urgency] if urgency else [])


@pytest.mark.parametrize(
    ("rules", "worth", "acquainted", "urgency"),
    [(0.8, 0.8, False, "now"), (0.8, 0.8, True, "digest"), (0.6, 0.8, False, "digest"), (0.8, 0.35, False, "digest")],
)
def test_at_the_beginning_of_a_talk_plain_rules_ring_sooner(rules: float, worth: float, acquainted: bool, urgency: str) -> None:
    (finding,) = found(proposes(20, sure=rules), on=BEFORE, chance=0.5, worth=worth, acquainted=acquainted)
    assert finding.urgency == urgency


def test_foreign_talk_raises_nothing() -> None:
    assert found(proposes(20), on=BEFORE, chance=0.0, foreign=True) == ()


@pytest.mark.parametrize(("other_likely", "meant_likely", "figure"), [(0.05, 0.9, 40), (0.4, 0.5, 40), (0.5, 0.4, 3), (0.05, 0.2, 3)])
def test_the_figure_that_is_clearly_meant_replaces_another(other_likely: float, meant_likely: float, figure: int) -> None:
    other, perhaps = proposes(3), replace(proposes(40), act="latent-volume")
    assert other.quantity is not None
    assert perhaps.quantity is not None
    likely = {other.quantity: other_likely, perhaps.quantity: meant_likely}
    (finding,) = found(other, on=BEFORE, chance=0.9, latent=(perhaps,), volume_bait_and_switch=0.9, meant=likely)
    assert finding.said_per_day == (figure, figure)


@pytest.mark.parametrize(
    ("worth", "meant", "urgency"), [(0.75, 0.97, "now"), (0.75, 0.85, "digest"), (0.45, 0.97, "digest"), (0.9, 0.5, "now")]
)
def test_plain_words_ring_sooner_where_their_figure_is_surely_meant(worth: float, meant: float, urgency: str) -> None:
    said = proposes(15)
    assert said.quantity is not None
    (finding,) = found(said, on=BEFORE, chance=0.9, worth=worth, volume_bait_and_switch=0.9, meant={said.quantity: meant})
    assert finding.urgency == urgency


def test_a_message_raises_each_scenario_once_also_where_one_gets_the_name_of_another() -> None:
    heard = found(proposes(20), reports(22), chance=0.95, worth=0.95, volume_gap=0.9)
    assert [(finding.scenario, finding.said_per_day) for finding in heard] == [("volume-gap", (20, 20))]


def test_a_claim_that_differs_names_the_heard_contradiction() -> None:
    claim = replace(claims("price", number(4.25, kind="money", per=None), sure=0.3), act="latent-claim")
    (finding,) = found(chance=0.7, latent=(claim,), contradiction=0.9, **{"subject price": 0.4, "subject billing": 0.5})
    assert (finding.subject, finding.said) == ("price", "4.25 a package")


@pytest.mark.parametrize(
    ("chance", "worth", "urgency"), [(0.9, 0.35, None), (0.35, None, None), (0.95, 0.5, "digest"), (0.3, 0.95, "now"), (0.95, None, "now")]
)
def test_what_only_the_trained_reader_hears_needs_more(chance: float, worth: float | None, urgency: str | None) -> None:
    heard = found(chance=chance, worth=worth, on=AFTER, objection_too_busy=0.7, wait_and_see=0.2)
    assert [(finding.scenario, finding.urgency) for finding in heard] == ([("objection-too-busy", urgency)] if urgency else [])


def test_a_figure_that_meets_the_agreement_refutes_a_heard_gap() -> None:
    heard = found(reports(152), chance=0.8, volume_gap=0.9)
    assert [finding.scenario for finding in heard] == ["volume-confirmed"]


def test_a_heard_scenario_takes_the_figure_that_may_be_meant() -> None:
    perhaps = proposes(40)
    assert perhaps.quantity is not None
    (finding,) = found(chance=0.7, latent=(perhaps,), volume_bait_and_switch=0.8, meant={perhaps.quantity: 0.4})
    assert (finding.scenario, finding.said_per_day) == ("volume-bait-and-switch", (40, 40))


def test_a_figure_that_only_may_be_meant_is_nothing_by_itself() -> None:
    assert found(chance=0.2, latent=(replace(proposes(40), act="latent-volume"),)) == ()


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
