"""The course of a deal by day and by week, and its charts, for any figures."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.deal import Deal
from bot.playbook.clock.history import Actual, Actuals
from bot.playbook.course import Course, Point, by_week, course
from templates.charts.blocks import sample
from templates.charts.layout import HEIGHT, WIDE, WIDTH, Words, drawn
from templates.charts.native import native, without_charts
from templates.charts.png import png, title_of
from templates.charts.svg import svg
from templates.charts.words import alt, in_a_line, sparkline
from tests.backtest.test_gaps import DEAL, MONDAY
from tests.live.block_kit import mistakes

NAMES = ["Acme Outfitters", "Søren & Söhne", "株式会社", '<b>Acme</b> & "Co"', "x" * 200, "\u202eevil"]


def shipped(*figures: tuple[int, int]) -> Actuals:
    """Packages by the number of days after the Monday."""
    return Actuals(tuple(Actual(MONDAY + timedelta(days=number), count) for number, count in figures))


def test_days_are_shipping_days_and_a_day_without_data_is_none() -> None:
    made = course(DEAL, shipped((0, 90), (1, 95), (3, 20), (5, 7)), MONDAY + timedelta(days=8))
    assert [(point.day.day, point.actual) for point in made.points] == [(2, 90), (3, 95), (4, None), (5, 20), (6, None), (7, 7), (9, None)]
    assert {point.agreed for point in made.points} == {100}


def test_the_ramp_step_and_the_last_days_alone() -> None:
    made = course(DEAL, shipped((11, 100), (14, 130)), MONDAY + timedelta(days=15), most=2)
    assert [(point.day.day, point.actual, point.agreed) for point in made.points] == [(13, 100, 100), (16, 130, 200)]


def test_figures_stand_on_their_day_the_last_one_counts_and_a_weekend_counts_to_the_friday() -> None:
    said = [
        (MONDAY, (10.0, 10.0)),
        (MONDAY, (15.0, 20.0)),
        (MONDAY + timedelta(days=5), (30.0, 30.0)),
        (MONDAY + timedelta(days=30), (1.0, 1.0)),
    ]
    made = course(DEAL, None, MONDAY + timedelta(days=7), said)
    assert {point.day.day: point.stated for point in made.points if point.stated} == {2: (15.0, 20.0), 6: (30.0, 30.0)}


def test_a_week_is_the_mean_of_its_days_with_data() -> None:
    made = by_week(course(DEAL, shipped((0, 90), (1, 110), (14, 200)), MONDAY + timedelta(days=16), [(MONDAY, (5.0, 9.0))]))
    assert made.weekly
    assert [(point.day.day, point.actual, point.agreed) for point in made.points] == [(2, 100, 100), (9, None, 100), (16, 200, 200)]
    assert made.points[0].stated == (5.0, 9.0)


def test_bars_are_shares_of_what_was_agreed_that_day() -> None:
    made = course(DEAL, shipped((0, 0), (1, 50), (2, 100), (4, 900), (14, 100)), MONDAY + timedelta(days=15))
    assert sparkline(made) == "▁▄█·█····▄"  # 11 November is a holiday
    assert in_a_line(made).endswith("0 to 900 a day since 2 Nov, agreed 100, then 200")
    assert in_a_line(course(DEAL, None, MONDAY + timedelta(days=3))) == ""


def test_the_alternative_text_says_what_the_picture_shows() -> None:
    made = course(DEAL, shipped((0, 20), (1, 100)), MONDAY + timedelta(days=3), [(MONDAY, (10.0, 15.0))])
    assert alt(made) == (
        "Acme: packages shipped by day, 2 Nov to 4 Nov. Agreed 100. Latest 100 (3 Nov). "
        "1 of 2 days with data more than 10% under the agreement. 1 day without data. Stated: 10-15/day on 2 Nov."
    )
    assert "no volume data yet" in alt(course(DEAL, None, MONDAY + timedelta(days=3)))


def test_slacks_own_chart_has_the_last_twenty_days_with_data_and_the_stated_figures_in_its_labels() -> None:
    made = course(
        DEAL,
        shipped(*((number, 100 + number) for number in range(40))),
        MONDAY + timedelta(days=41),
        [(MONDAY + timedelta(days=39), (15.0, 15.0))],
    )
    block = native(made)
    assert block is not None
    assert mistakes([block]) == []
    labels = block["chart"]["axis_config"]["categories"]
    assert (len(labels), labels[-1]) == (20, "11 Dec · said 15")
    assert [series["name"] for series in block["chart"]["series"]] == ["Shipped", "Agreed"]
    assert without_charts([block, {"type": "divider"}]) == [{"type": "divider"}]
    assert native(course(DEAL, shipped((0, 1)), MONDAY + timedelta(days=3))) is None
    assert mistakes(sample()) == []


figures = st.one_of(st.none(), st.integers(0, 10_000_000))
ranges = st.one_of(st.none(), st.tuples(st.floats(0, 1e7), st.floats(0, 1e7)).map(lambda two: (min(two), max(two))))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any course of up to 120 points."""
    many = draw(st.lists(st.tuples(figures, st.integers(1, 10_000_000), ranges), min_size=1, max_size=120))
    points = [Point(MONDAY + timedelta(days=number), *facts) for number, facts in enumerate(many)]
    return Course(draw(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=60))), tuple(points), draw(st.booleans()))


@settings(max_examples=15, deadline=None)
@given(courses())
def test_any_course_makes_a_page_figure_a_line_and_a_block_within_bounds(made: Course) -> None:
    for size in ((WIDTH, HEIGHT), WIDE):
        for shape in drawn(made, size=size):
            if isinstance(shape, Words):
                assert 0 <= shape.x <= size[0]
                assert 0 <= shape.y <= size[1]
    if made.points:
        root = ET.fromstring(str(svg(made)))
        assert {part.tag for part in root} <= {"rect", "polyline", "polygon", "text"}
    assert len(in_a_line(made)) < 200
    assert len(alt(made)) < 1000
    block = native(made)
    assert block is None or mistakes([block]) == []


@pytest.mark.parametrize("name", NAMES[1:4])
def test_a_picture_names_the_customer_in_letters_that_it_has(name: str) -> None:
    made = Course(name, (Point(MONDAY, 10, 100), Point(MONDAY + timedelta(days=1), None, 100, (5.0, 9.0))))
    picture = png(made)
    assert picture is not None
    assert Image.open(BytesIO(picture)).size == (WIDTH * 2, HEIGHT * 2)
    assert re.fullmatch(r"[ -~…]+", title_of(made))


def test_nothing_to_draw() -> None:
    empty = Course("Acme", ())
    assert (png(empty), str(svg(empty)), in_a_line(empty)) == (None, "", "")
    assert course(DEAL, None, MONDAY).points == by_week(course(DEAL, None, MONDAY)).points == ()


def test_a_chart_may_hold_months_of_a_deal_whose_terms_changed() -> None:
    plain = DEAL.model_dump(mode="json") | {"test": {"volume_per_day": 100, "starts": "2025-01-06", "weeks": 2}}
    deal = Deal.model_validate(plain)
    made = by_week(course(deal, None, date(2026, 11, 26)))
    assert (len(made.points) > 90, made.points[0].day) == (True, date(2025, 1, 6))
