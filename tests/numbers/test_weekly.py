"""A manager's week, and the workshop's causes and actions, from deals in figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.deal import Person, Volume
from bot.deal import Test as Trial
from bot.playbook.clock.history import Actual, Actuals, History, Stated
from bot.playbook.numbers.facts import Entered, Facts
from bot.playbook.numbers.flow import Flow
from bot.playbook.numbers.lives import Life
from bot.playbook.weekly import weekly
from bot.playbook.workshop import Action, actions, causes
from templates.weekly import headline, help_line, lack_lines, move_line, risk_line, weekly_message
from templates.workshop import action_words
from tests.live.block_kit import mistakes
from tests.numbers.deals import RILEY, START, deal, seen, ships

SAM = Person(id="U7", name="Sam Ortega", role="rep")
TODAY = date(2026, 4, 13)
"""A Monday, four weeks after the ramp."""


def running(number: int, *levels: tuple[int, int], rep: Person = RILEY, today: date = TODAY, **more: Any) -> Facts:
    """A deal of a rep with its shipments."""
    there = deal(customer=f"Customer {number}", people=(rep,), **more.pop("terms", {}))
    return seen(there, ships(*levels) if levels else None, today, id=number, **more)


FULL = (10, 150), (20, 500)
SHORT = (10, 150), (20, 200)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (running(1, *FULL), None),
        (running(1, *SHORT), "*Customer 1*: 300 a day short (200 of 500) — Riley Chen"),
        (running(1, (10, 150), (10, 500), (10, 200)), "*Customer 1*: 300 a day short (200 of 500), and it had been full — Riley Chen"),
        (running(1, (29, 0)), "*Customer 1*: nothing shipped yet of 500 a day — Riley Chen"),
        (running(1), None),
        (
            running(1, history=History(stated=Stated((10, 20), TODAY))),
            "*Customer 1*: 485 a day short by what was said (15 of 500); no fresh volume data — Riley Chen",
        ),
        (running(1, *SHORT, terms={"coverage": "standard"}), None),
        (running(1, *SHORT, terms={"stage": "proposal"}), None),
    ],
)
def test_what_is_at_risk(one: Facts, line: str | None) -> None:
    assert [risk_line(risk) for risk in weekly([one], TODAY).risks] == ([line] if line else [])


RAMP = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("levels", "today", "line"),
    [
        (((10, 150),), RAMP, None),
        (((10, 120),), RAMP, "*Customer 1*: 30 a day short (120 of 150) — Riley Chen"),
        (((10, 0),), RAMP, "*Customer 1*: nothing shipped yet of 150 a day — Riley Chen"),
        (((10, 150), (2, 500)), RAMP + timedelta(days=2), None),
        (((10, 150), (2, 300)), RAMP + timedelta(days=2), "*Customer 1*: 80 a day short (210 of 290) — Riley Chen"),
        (((15, 150),), RAMP + timedelta(days=7), "*Customer 1*: 350 a day short (150 of 500) — Riley Chen"),
    ],
)
def test_volumes_are_held_against_what_was_agreed_for_their_days(
    levels: tuple[tuple[int, int], ...], today: date, line: str | None
) -> None:
    found = weekly([running(1, *levels, today=today)], today)
    assert [risk_line(risk) for risk in found.risks] == ([line] if line else [])


@pytest.mark.parametrize("today", [RAMP, RAMP + timedelta(days=14)])
@pytest.mark.parametrize(
    ("stated", "short"),
    [
        (Stated((150, 150), RAMP - timedelta(days=4)), None),
        (Stated((100, 120), RAMP - timedelta(days=4)), "40 a day short by what was said (110 of 150)"),
        (Stated((150, 150), RAMP - timedelta(days=4), "", 500), "350 a day short by what was said (150 of 500)"),
        (Stated((150, 150), RAMP), "350 a day short by what was said (150 of 500)"),
        (Stated((500, 500), RAMP), None),
    ],
)
def test_what_was_said_is_held_against_what_was_agreed_for_the_days_spoken_of(stated: Stated, short: str | None, today: date) -> None:
    found = weekly([running(1, history=History(stated=stated), today=today)], today)
    assert [risk_line(risk) for risk in found.risks] == ([f"*Customer 1*: {short}; no fresh volume data — Riley Chen"] if short else [])


@pytest.mark.parametrize("today", [date(2026, 3, 9), date(2026, 3, 16)])
def test_days_before_the_first_shipment_are_not_short(today: date) -> None:
    """The first packages come on Wednesday, as agreed: the feed says 0 for the two days before."""
    terms = {"test": Trial(volume_per_day=150, starts=date(2026, 3, 4))}
    assert weekly([running(1, (2, 0), (8, 150), today=today, terms=terms)], today).risks == ()


@pytest.mark.parametrize(("holiday", "others", "line"), [(150, 150, None), (3, 150, None), (120, 120, "30 a day short (120 of 150)")])
def test_a_holiday_that_was_shipped_on_is_a_day_of_its_own(holiday: int, others: int, line: str | None) -> None:
    """Memorial Day in the second week of a test; the ramp is due on the Monday after."""
    terms = {"test": Trial(volume_per_day=150, starts=date(2026, 5, 18))}
    there = {date(2026, 5, 18) + timedelta(days=ahead): others for ahead in range(12) if ahead not in (5, 6)} | {date(2026, 5, 25): holiday}
    actuals = Actuals(tuple(Actual(day, packages) for day, packages in there.items()))
    risks = weekly([seen(deal(**terms), actuals, date(2026, 6, 1))], date(2026, 6, 1)).risks
    assert [risk_line(risk) for risk in risks] == ([f"*Acme*: {line} — Riley Chen"] if line else [])


def test_the_most_packages_at_stake_come_first() -> None:
    large = running(3, *SHORT, terms={"volume": Volume(committed_per_day=2_000)})
    found = weekly([running(1, *SHORT), large, running(2, *FULL)], TODAY)
    assert [risk.id for risk in found.risks] == [3, 1]
    assert headline(found) == "Week of 6 Apr: 3 deals run, 2 at risk with 2,100 packages a day"


def test_a_rep_needs_help_by_their_share_not_by_their_number() -> None:
    sams = [running(number, *(SHORT if number < 3 else FULL), rep=SAM) for number in range(4)]
    rileys = [running(number, *(SHORT if number < 13 else FULL)) for number in range(10, 30)]
    [one] = weekly([*sams, *rileys], TODAY).helps
    assert help_line(one) == "*Sam Ortega*: 3 of 4 deals at risk (everybody else: 3 of 20), with 900 packages a day at stake"


def test_a_rep_who_lets_findings_wait_needs_help_too() -> None:
    def told(number: int, ago: int, **more: Any) -> Life:
        at = datetime(2026, 4, 13, 12, tzinfo=UTC) - timedelta(days=ago)
        return Life(number, "wait-and-see", at, at.date(), told_at=at, **more)

    lives = [told(1, 4), told(2, 8), told(3, 10), told(4, 1), told(5, 9, answered_at=datetime(2026, 4, 5, tzinfo=UTC)), told(6, 100)]
    [one] = weekly([running(1, *FULL, lives=tuple(lives))], TODAY).helps
    assert help_line(one) == "*Riley Chen*: 3 findings have waited for an answer for over 3 days"
    assert weekly([running(1, *FULL, lives=tuple(lives[:2]))], TODAY).helps == ()


def test_what_moved_in_the_week_before() -> None:
    stages = Entered("setup", START - timedelta(days=40)), Entered("implementation", date(2026, 3, 16))
    found = weekly([running(1, *FULL, today=date(2026, 3, 23), stages=stages)], date(2026, 3, 23))
    assert [move_line(move) for move in found.moves] == [
        "16 Mar *Customer 1*: now in 06 Implementation",
        "20 Mar *Customer 1*: reached the committed volume 🎉",
    ]
    earlier = weekly([running(1, *FULL, today=date(2026, 3, 9))], date(2026, 3, 9))
    assert [move.kind for move in earlier.moves] == ["first"]


def test_missing_data_and_terms() -> None:
    silent, never = running(1, (10, 150)), running(2)
    ramp, price = "No ramp date is agreed.", "No price is known."
    missing = {3: (price, ramp)} | dict.fromkeys(range(4, 11), (ramp,))
    found = weekly([silent, never, *(running(number, *FULL) for number in range(3, 11))], TODAY, missing)
    assert lack_lines(found.lacks) == [
        "No volume data: *Customer 1* since 13 Mar, *Customer 2* none at all",
        "No ramp date is agreed. 8 deals: *Customer 10*, *Customer 3*, *Customer 4*, *Customer 5*, *Customer 6*, *Customer 7* and 2 more",
        "No price is known. 1 deal: *Customer 3*",
    ]


def test_the_message_fits_whatever_there_is() -> None:
    many = [running(number, *SHORT, rep=SAM if number % 9 == 0 else RILEY) for number in range(200)]
    message = weekly_message(weekly(many, TODAY, dict.fromkeys(range(200), ("x" * 300,))))
    assert mistakes(message.blocks) == []
    assert "… and 188 more" in str(message.blocks)
    quiet = weekly_message(weekly([running(1, *FULL)], TODAY))
    assert "Nothing under the agreement." in str(quiet.blocks)


@pytest.mark.parametrize(
    ("there", "count"),
    [
        (running(2), 1),
        (running(2, (10, 150)), 1),
        (running(2, (10, 150), (17, 500)), 1),
        (running(2, (10, 150), (18, 500)), 0),
        (running(2, history=History(stated=Stated((500, 500), TODAY))), 1),
        (running(2, history=History(stated=Stated((20, 20), TODAY))), 0),
        (running(2, *SHORT), 0),
        (running(2, terms={"test": Trial(volume_per_day=150, starts=date(2026, 4, 9))}), 0),
        (running(2, terms={"coverage": "standard"}), 0),
    ],
)
def test_a_deal_without_fresh_data_is_told_as_not_known(there: Facts, count: int) -> None:
    """Data of more than five days ago are not fresh; what was said to be short is at risk; a test that has just begun has no data yet."""
    found = weekly([running(1, *SHORT), there], TODAY)
    assert found.unknown == ("Customer 2",) * count
    words = str(weekly_message(found).blocks)
    assert ("Not known, without fresh volume data: *Customer 2*" in words) == (count == 1)
    assert headline(found).endswith(", 1 not known") == (count == 1)


def test_no_risk_is_not_told_of_what_is_not_known() -> None:
    found = weekly([running(1, *FULL), running(2), running(3)], TODAY)
    assert headline(found) == "Week of 6 Apr: 3 deals run, none at risk, 2 not known"
    words = str(weekly_message(found).blocks)
    assert "Nothing that is known to be under the agreement.\\nNot known, without fresh volume data: *Customer 2*, *Customer 3*" in words


def test_what_was_heard_and_what_is_to_be_done() -> None:
    lives = tuple(Life(number, "wait-and-see", datetime(2026, 4, 1, tzinfo=UTC), date(2026, 4, 1 + number)) for number in range(3))
    portfolio = [
        running(1, *SHORT, lives=lives),
        running(2, *SHORT, lives=(*lives[:1], Life(9, "new-stakeholder", lives[0].said_at, START))),
    ]
    heard = causes(portfolio, date(2026, 4, 1))
    assert [(one.scenario, one.findings, one.deals) for one in heard] == [("wait-and-see", 4, 2)]
    told = [action_words(one) for one in actions(weekly(portfolio, TODAY), Flow((), None, ()), heard, TODAY)]
    assert told[0] == "Bring 2 deals to the agreed volume (600 packages a day at stake), first Customer 1, Customer 2."
    assert told[1] == "Help Riley Chen: go through their deals at risk together, and take part in the next customer call."
    assert told[2].startswith("Rehearse the answer to “Wait and see”, heard 4 times")
    assert "heard once: the script" in action_words(Action("cause", 1, ("wait-and-see",), TODAY))
    assert actions(weekly([], TODAY), Flow((), None, ()), (), TODAY) == ()
