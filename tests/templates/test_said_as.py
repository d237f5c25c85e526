"""A figure that was not said per day is told as it was said: nobody is quoted with a figure they never named."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language.quantities import find_quantities
from bot.playbook.arithmetic import per_day
from templates.blocks import alert
from templates.said_as import reckoned, said_as
from templates.scripts import Scripts
from templates.voice import Voice
from templates.words import script
from tests.live.block_kit import texts
from tests.templates.samples import deal, finding
from tests.templates.test_blocks import view

PLAIN = (
    "we'll start with 15 packages a day",
    "figure 10, maybe 15 boxes a day from us",
    "a couple dozen a day is what we can do",
    "between forty and sixty a day, then",
    "we'll start with 50",
)


def said_in(quote: str, **other: Any) -> Any:
    """The finding of a quote, with the first figure in it that is a volume."""
    found = [figures for quantity in find_quantities(quote) if not quantity.role and (figures := per_day(quantity, deal()))]
    return finding("volume-bait-and-switch", quote=quote, **({"said_per_day": found[0]} | other))


@pytest.mark.parametrize("quote", PLAIN)
def test_what_was_said_per_day_stays_as_it_is(quote: str) -> None:
    one = said_in(quote)
    assert said_as(one, deal()) is None
    assert reckoned(one, deal()) is None


@pytest.mark.parametrize(
    ("quote", "in_the_script", "below"),
    [
        (
            "we're going to send 300 packages a week to start",
            "300 packages a week (60 a day)",
            "300 a week is 60/day on 5 shipping days a week.",
        ),
        ("we'll do about 900 packages a month", "900 packages a month (42 a day)", "900 a month is 42/day on 5 shipping days a week."),
        ("between 200 and 300 a week", "200-300 packages a week (40-60 a day)", "200-300 a week is 40-60/day on 5 shipping days a week."),
        ("25k a year is what we can do", "25,000 packages a year (96 a day)", "25,000 a year is 96/day on 5 shipping days a week."),
        (
            "we'll only send 10% of our volume at first",
            "“10% of our volume” (50 packages a day)",
            "“10% of our volume” is 50/day of the committed 500/day.",
        ),
        (
            "you can have a third of the lot",
            "“a third of the lot” (167 packages a day)",
            "“a third of the lot” is 167/day of the committed 500/day.",
        ),
        (
            "a third of the test volume for now",
            "“a third of the test volume” (50 packages a day)",
            "“a third of the test volume” is 50/day of the test's 150/day.",
        ),
        ("we'd do half of the 150 at first", "“half of the 150” (75 packages a day)", "“half of the 150” is 75/day."),
        ("20 every other day is enough", "“20 every other day” (10 packages a day)", "“20 every other day” is 10/day."),
        (
            "we'll send 100 on Mondays and Wednesdays",
            "“100 on Mondays and Wednesdays” (40 packages a day)",
            "“100 on Mondays and Wednesdays” is 40/day.",
        ),
    ],
)
def test_another_way_of_saying_it_is_kept_with_what_it_comes_to(quote: str, in_the_script: str, below: str) -> None:
    one = said_in(quote)
    assert f"since I see {in_the_script} mentioned" in script(one, deal(), "Dana Ortiz")
    assert below in "\n".join(texts(alert(view(finding=one)).blocks))


def test_a_sum_says_that_it_is_one() -> None:
    one = said_in("40 from the Reno site and 25 from the Dallas site", said_per_day=(65.0, 65.0))
    assert said_as(one, deal()) is None
    assert reckoned(one, deal()) == "40 and 25 make 65/day."


def test_two_figures_that_are_the_ends_of_a_range_are_no_sum() -> None:
    one = said_in("we only shipped 60 packages yesterday and 55 the day before", said_per_day=(55.0, 60.0))
    assert reckoned(one, deal()) is None


@pytest.mark.parametrize("other", [{"said_per_day": None}, {"quote": ""}, {"quote": "as you know"}])
def test_without_a_figure_in_the_words_nothing_is_made_up(other: dict[str, Any]) -> None:
    one = finding("volume-bait-and-switch", **({"quote": "300 a week", "said_per_day": (60.0, 60.0)} | other))
    assert said_as(one, deal()) is None
    assert reckoned(one, deal()) is None


def test_in_spanish_a_week_is_a_week() -> None:
    one = said_in("we're going to send 300 packages a week")
    assert "300 paquetes a la semana (60 al día)" in Scripts(Voice("es", "plain", "long")).script(one, deal(), "Dana Ortiz")


@pytest.mark.parametrize(
    ("subject", "said", "told"),
    [
        ("ramp.timing", "4 Jan", "since Monday, January 4 came up as the date"),
        ("test.start", "29 Oct", "since Thursday, October 29 came up"),
        ("pickup", "18:00", "since 6:00 PM came up for the pickup"),
        ("pickup", "Tue, Thu", "since Tue and Thu came up for the pickup"),
        ("volume.annual", "80,000 a year", "since 80,000 packages a year came up as the annual volume"),
        ("price", "4.25 a package", "since 4.25 a package came up as the price"),
        ("test.duration", "four weeks", "since four weeks came up"),
        ("ramp.timing", "30 Feb", "since 30 Feb came up"),
    ],
)
def test_days_and_hours_that_were_claimed_are_written_as_the_agreed_ones(subject: str, said: str, told: str) -> None:
    one = finding("contradiction", subject=subject, said=said, said_per_day=None)
    assert told in script(one, deal(), "Dana Ortiz")
