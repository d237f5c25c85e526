"""Claims about agreed terms: what differs is a contradiction that names both, what agrees is nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deal import Deal, Volume
from bot.language.statement import Quantity, Statement
from tests.playbook.cases import claims, names, number, statement, verdict
from tests.said.sayings import standard_deal

DAY = 86_400.0


def percent(value: float) -> Quantity:
    return number(value, kind="percent", per=None)


def duration(low: float, high: float | None = None) -> Quantity:
    return number(low * DAY, None if high is None else high * DAY, kind="duration", per=None, span=f"{low:g} days")


def money(value: float) -> Quantity:
    return number(value, kind="money", per=None)


def yearly(value: float) -> Quantity:
    return number(value, per="year")


@pytest.mark.parametrize(
    ("subject", "quantity", "said", "agreed"),
    [
        ("volume.committed", number(300), "300/day", "500/day"),
        ("volume.committed", number(1_500, per="week"), "300/day", "500/day"),
        ("volume.test", number(50), "50/day", "150/day"),
        ("volume.test", number(250), "250/day", "150/day"),
        ("volume.annual", yearly(80_000), "80,000 a year", "130,000 a year"),
        ("volume.share", percent(40), "40% of the total", "60% of the total"),
        ("volume.share", number(0.5, kind="fraction", per=None), "50% of the total", "60% of the total"),
        ("test.duration", duration(42), "42 days", "two weeks (2 Nov - 15 Nov)"),
        ("test.duration", duration(7), "7 days", "two weeks (2 Nov - 15 Nov)"),
        ("price", money(4.25), "4.25 a package", "Expedited 4.85 a package"),
    ],
)
def test_a_claim_that_differs_names_both(subject: str, quantity: Quantity, said: str, agreed: str) -> None:
    (finding,) = verdict(claims(subject, quantity))
    assert (finding.scenario, finding.subject, finding.said, finding.agreed) == ("contradiction", subject, said, agreed)
    assert said in finding.why
    assert agreed in finding.why


@pytest.mark.parametrize(
    ("subject", "quantity"),
    [
        ("volume.committed", number(500)),
        ("volume.committed", number(495)),
        ("volume.committed", number(2_500, per="week")),
        ("volume.test", number(150)),
        ("volume.test", number(140, 160)),
        ("volume.annual", yearly(130_000)),
        ("volume.share", percent(60)),
        ("volume.share", number(0.6, kind="fraction", per=None)),
        ("test.duration", duration(14)),
        ("test.duration", duration(10, 14)),
        ("price", money(4.85)),
    ],
)
def test_a_claim_that_agrees_is_nothing(subject: str, quantity: Quantity) -> None:
    assert verdict(claims(subject, quantity)) == ()


@pytest.mark.parametrize(
    ("subject", "quantity"),
    [
        ("volume.committed", number(2)),
        ("volume.committed", number(90_000)),
        ("volume.annual", yearly(12)),
        ("volume.share", percent(1)),
        ("price", money(120)),
        ("price", money(0.3)),
        ("other", number(5)),
    ],
)
def test_figures_of_another_kind_are_no_claim(subject: str, quantity: Quantity) -> None:
    assert verdict(claims(subject, quantity)) == ()


def transit(days: float, words: str) -> Any:
    return claims("service.transit", duration(days), notes=(words,), quote=words)


@pytest.mark.parametrize(
    ("days", "words", "agreed"),
    [
        (1, "next day to all of the Northeast", "Expedited to Northeast: 2-3 days"),
        (5, "five days to the northeast", "Expedited to Northeast: 2-3 days"),
        (2, "2 days into New York tri-state", "Expedited to New York tri-state: 1 day (through our JFK facility)"),
    ],
)
def test_transit_is_held_against_the_lane_with_its_exception(days: float, words: str, agreed: str) -> None:
    (finding,) = verdict(transit(days, words), side="implementation")
    assert (finding.subject, finding.agreed) == ("service.transit", agreed)


@pytest.mark.parametrize(
    ("days", "words"), [(2, "2 days to the Northeast"), (3, "Northeast in 3"), (1, "New York tri-state in 1"), (1, "one day")]
)
def test_transit_as_promised_is_nothing(days: float, words: str) -> None:
    assert verdict(transit(days, words)) == ()


def test_without_the_term_there_is_nothing_to_contradict() -> None:
    acme = standard_deal()
    deal = Deal(customer="Bo", people=acme.people, volume=Volume(committed_per_day=500), test=acme.test)
    said = [claims("price", money(4.25)), claims("volume.share", percent(40)), transit(9, "nine days")]
    assert [verdict(claim, deal=deal) for claim in said] == [(), (), ()]


def test_a_rejected_claim_is_nothing() -> None:
    assert verdict(claims("volume.test", number(50), stance="rejected")) == ()


@given(st.floats(1, 9_000))
def test_the_commitment_is_contradicted_from_two_percent_on(said: float) -> None:
    found = names(verdict(claims("volume.committed", number(said))))
    close = abs(said - 500) <= 10 or abs(said - 150) <= 3
    assert found == ([] if close or not 5 < said < 10_000 else ["contradiction"])


def worded(subject: str, *notes: str) -> Statement:
    return statement("claims-term", about=subject, notes=notes)


def days(*on: date) -> Quantity:
    return number(on[0].toordinal(), on[-1].toordinal(), kind="date", per=None)


SERVED = {
    "services": [
        {"service": "Ground", "lane": "Lower 48", "days": [2, 5], "note": "no Alaska or Hawaii"},
        {"service": "Saver", "lane": "Puerto Rico", "days": [4, 7]},
    ]
}


@pytest.mark.parametrize(
    ("claim", "said", "agreed"),
    [
        (worded("billing", "monthly"), "monthly invoices", "weekly invoices"),
        (worded("pickup", "time", "720"), "12:00", "16:00"),
        (worded("pickup", "time", "180", "900"), "15:00", "16:00"),
        (worded("pickup", "days", "Tue", "Thu"), "Tue, Thu", "Mon-Fri"),
        (worded("pickup", "days", "Sat"), "Sat", "Mon-Fri"),
        (worded("test.criteria", "damage", "cost"), "damage, cost", "transit times, billing accuracy, operational smoothness"),
        (
            worded("service.coverage", "in", "Hawaii"),
            "Hawaii served",
            "Ground Lower 48 (no Alaska or Hawaii); Saver Puerto Rico",
        ),
        (worded("service.coverage", "out", "Puerto Rico"), "Puerto Rico not served", None),
        (claims("test.start", days(date(2026, 11, 9))), "9 Nov", "2 Nov"),
        (claims("test.end", days(date(2026, 11, 29))), "test until 29 Nov", "two weeks (2 Nov - 15 Nov)"),
        (claims("ramp.timing", days(date(2027, 1, 4))), "4 Jan", "500/day from 16 Nov"),
        (claims("ramp.timing", duration(60)), "60 days after the test", "500/day from 16 Nov"),
        (claims("ramp.volume", number(350)), "350/day", "500/day"),
    ],
)
def test_every_term_has_its_comparison(claim: Statement, said: str, agreed: str | None) -> None:
    deal = Deal.model_validate(standard_deal().model_dump() | (SERVED if claim.about == "service.coverage" else {}))
    (finding,) = verdict(claim, deal=deal)
    assert (finding.scenario, finding.said) == ("contradiction", said)
    assert agreed is None or finding.agreed == agreed


@pytest.mark.parametrize(
    "claim",
    [
        worded("billing", "weekly"),
        worded("pickup", "time", "240", "960"),
        worded("pickup", "time", "975"),
        worded("pickup", "days", "Mon", "Tue", "Wed", "Thu", "Fri"),
        worded("pickup", "days", "Mon"),
        worded("test.criteria", "transit", "billing"),
        worded("service.coverage", "in", "Puerto Rico"),
        worded("service.coverage", "out", "Hawaii"),
        claims("test.start", days(date(2026, 11, 2))),
        claims("test.start", days(date(2026, 11, 1), date(2026, 11, 30))),
        claims("test.end", days(date(2026, 11, 15))),
        claims("ramp.timing", days(date(2026, 11, 16))),
        claims("ramp.timing", duration(5)),
        claims("ramp.volume", number(500)),
        claims("ramp.volume", number(150)),
    ],
)
def test_what_agrees_with_its_term_is_nothing(claim: Statement) -> None:
    deal = Deal.model_validate(standard_deal().model_dump() | (SERVED if claim.about == "service.coverage" else {}))
    assert verdict(claim, deal=deal) == ()


@pytest.mark.parametrize("subject", ["billing", "pickup", "service.coverage", "test.criteria"])
def test_without_the_term_nothing_contradicts(subject: str) -> None:
    bare = standard_deal().model_dump() | {"billing": None, "pickup": None, "services": []}
    bare["test"] = bare["test"] | {"success": []}
    notes = {"billing": ("monthly",), "pickup": ("time", "720"), "service.coverage": ("in", "Hawaii"), "test.criteria": ("cost",)}[subject]
    assert verdict(worded(subject, *notes), deal=Deal.model_validate(bare)) == ()
