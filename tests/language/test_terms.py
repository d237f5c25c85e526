"""What a message claims of a term by its words: billing, pickup, places served, what the test is judged by, first and last days."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.read import read
from bot.language.statement import Statement, Utterance, Vocabulary
from bot.language.terms.billing import cycle
from bot.language.terms.coverage import places
from bot.language.terms.criteria import metrics
from bot.language.terms.pickup import clock_times, week_days

DEAL = Vocabulary(
    test_per_day=150,
    committed_per_day=500,
    services=("Expedited", "Ground"),
    prices=(4.85, 12.5),
    starts=date(2026, 11, 2),
    ends=date(2026, 11, 15),
    ramps=date(2026, 11, 16),
)


def made(text: str, act: str) -> list[Statement]:
    reading = read(Utterance(text, "customer", "U1", datetime(2026, 10, 26, 9), "1"), (), DEAL)
    return [statement for statement in (*reading.statements, *reading.latent) if statement.act == act]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("one collective invoice at the end of the month", "monthly"),
        ("we are billed once a quarter", "quarterly"),
        ("invoices come every second Friday", "every two weeks"),
        ("an invoice every other week", "every two weeks"),
        ("a statement each week", "weekly"),
        ("invoiced on the 1st and the 15th", "twice a month"),
        ("billed per shipment", "per shipment"),
        ("is it weekly or monthly?", None),
        ("the invoice is wrong", None),
    ],
)
def test_billing_cycles(text: str, name: str | None) -> None:
    assert cycle(text) == name


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("at noon", [(720,)]),
        ("half past two", [(150, 870)]),
        ("quarter to six", [(345, 1065)]),
        ("16:30", [(990,)]),
        ("3:30", [(210, 930)]),
        ("at 1 pm", [(780,)]),
        ("10.30am", [(630,)]),
        ("signed is 5.05", []),
        ("12 am", [(0,)]),
    ],
)
def test_times_of_day_keep_all_that_they_may_mean(text: str, minutes: list[tuple[int, ...]]) -> None:
    assert clock_times(text) == minutes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", "Mon Tue Wed Thu Fri"),
        ("Monday till Saturday", "Mon Tue Wed Thu Fri Sat"),
        ("Tuesdays and Thursdays", "Tue Thu"),
        ("mon/wed/fri", "Mon Wed Fri"),
        ("Monday, Wednesday and Friday", "Mon Wed Fri"),
        ("on Saturdays", "Sat"),
        ("see you on Monday", ""),
    ],
)
def test_days_of_the_week_that_are_a_rule(text: str, days: str) -> None:
    assert week_days(text) == set(days.split())


@pytest.mark.parametrize(
    ("text", "subject", "notes"),
    [
        ("we agreed on monthly invoices", "billing", ("monthly",)),
        ("the contract says the driver comes at noon", "pickup", ("time", "720")),
        ("as agreed the truck comes Tuesdays and Thursdays", "pickup", ("days", "Tue", "Thu")),
        ("Hawaii and Puerto Rico are included, we were told", "service.coverage", ("in", "Hawaii", "Puerto Rico")),
        ("you don't do Alaska, right?", "service.coverage", ("out", "Alaska")),
        ("the test is judged by cost per order", "test.criteria", ("cost",)),
        ("the pass mark we agreed is zero damages and on-time", "test.criteria", ("transit", "damage")),
    ],
)
def test_worded_claims(text: str, subject: str, notes: tuple[str, ...]) -> None:
    assert (subject, notes) in [(claim.about, claim.notes) for claim in made(text, "claims-term")]


@pytest.mark.parametrize(
    "text",
    [
        "the driver came at 4:12 today",
        "UPS bills us monthly",
        "the bill of lading is on the desk, weekly report follows",
        "a box to Honolulu got lost",
        "pickup tomorrow at 3 pm please",
        "we have a meeting every Monday",
        "the scanner passed the test",
    ],
)
def test_what_happened_once_is_no_claim(text: str) -> None:
    assert not [claim for claim in made(text, "claims-term") if claim.quantity is None]


@pytest.mark.parametrize(
    ("text", "subject", "day"),
    [
        ("day one is Monday November 9", "test.start", date(2026, 11, 9)),
        ("we go live on the 16th", "test.start", date(2026, 11, 16)),
        ("the agreement has the ramp on January 4", "ramp.timing", date(2027, 1, 4)),
    ],
)
def test_days_claimed(text: str, subject: str, day: date) -> None:
    claimed = [(claim.about, claim.quantity.low) for claim in made(text, "claims-term") if claim.quantity]
    assert (subject, float(day.toordinal())) in claimed


@pytest.mark.parametrize("text", ["the training starts on November 9", "my holiday begins on the 16th, the new manager starts on Monday"])
def test_other_beginnings_are_no_test_start(text: str) -> None:
    assert not [claim for claim in made(text, "claims-term") if claim.about == "test.start"]


@pytest.mark.parametrize(
    ("text", "price"),
    [("it says 5.35 now", 5.35), ("four fifty is what my sheet has", 4.5), ("12.50 for the big ones", 12.5)],
)
def test_a_figure_of_a_prices_size_is_perhaps_a_price(text: str, price: float) -> None:
    assert price in [claim.quantity.low for claim in made(text, "latent-claim") if claim.about == "price" and claim.quantity]


@pytest.mark.parametrize("text", ["station 4.85.12 is down", "we did four hundred today", "invoice total 4,120.75"])
def test_other_figures_are_no_price(text: str) -> None:
    assert not [claim for claim in made(text, "latent-claim") if claim.about == "price"]


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    cycle(text)
    places(text)
    metrics(text)
    assert all(0 <= minutes < 1_440 for times in clock_times(text) for minutes in times)
    assert week_days(text) <= {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
