"""Figures that are meant: sites together, listed days, totals by their days, loads of so many, and what was said before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.evidence import Scene
from bot.language.meant import composed, listed, said_before, sites
from bot.language.quantities import find_quantities
from bot.language.read import read
from bot.language.statement import PERHAPS, Statement, Utterance, Vocabulary

DEAL = Vocabulary(test_per_day=150, committed_per_day=500)


def scene(text: str, *before: str) -> Scene:
    return Scene(text, asked=False, vocabulary=DEAL, spoken=before)


def together(text: str, *before: str) -> list[tuple[float | None, float | None, str | None]]:
    return [(one.low, one.high, one.per) for one in composed(find_quantities(text), scene(text, *before))]


def said(text: str, *before: str) -> tuple[Statement, ...]:
    talk = tuple(Utterance(words, "own", "U3", key=str(at)) for at, words in enumerate(before))
    reading = read(Utterance(text, "customer", "U1", key="9"), talk, DEAL)
    return reading.statements + reading.latent


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("mon 44 tue 51 wed 39", (39, 51, "day")),
        ("the last evenings were 118, 121 and 97", (97, 121, "day")),
        ("we've been at 145, one fifty every day", (145, 150, "day")),
        ("scans: 31 boxes Thu, 28 boxes Fri", (28, 31, "day")),
        ("930 went out mon to sat, all told", (930, 930, "6 days")),
        ("412 all told, for the four days", (412, 412, "4 days")),
        ("we entered 2,300 for it", (2300, 2300, "week")),
        ("the planner shows 9,000 for Q4", (9000, 9000, "month")),
        ("five gaylords a day, about 70 of your boxes fit in one", (350, 350, "day")),
    ],
)
def test_figures_come_together(text: str, figure: tuple[float, float, str]) -> None:
    assert figure in together(text)


@pytest.mark.parametrize("text", ["from 50 to 150, then 500", "80 today, 5 pallets", "we have 3 doors and 40 people", "dock 4, 150 a day"])
def test_unlike_figures_make_no_list(text: str) -> None:
    assert not list(listed(find_quantities(text), scene(text)))


def test_a_load_holds_what_was_said_before() -> None:
    assert (160, 160, "day") in together("four skids daily to begin", "each skid carries 40 parcels")


@pytest.mark.parametrize(
    ("text", "before", "figure"),
    [
        ("half's easier for the sort", ("monday we planned 120 a day",), (60, 60)),
        ("a third of what monday was", ("monday was 150", "lovely"), (50, 50)),
        ("and now half of that", ("90 a day then", "great", "thanks", "truck is here"), (45, 45)),
    ],
)
def test_a_part_is_of_what_was_said(text: str, before: tuple[str, ...], figure: tuple[float, float]) -> None:
    found = [one.quantity for one in said(text, *before) if one.quantity]
    assert figure in [(quantity.low, quantity.high) for quantity in found]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("40 from Reno and 25 from Dallas", 65),
        ("we send 40 boxes from the Reno site, 25 from Dallas and 10 out of Tulsa", 75),
        ("40 a day out of Reno plus 25 out of Dallas", 65),
    ],
)
def test_sites_add_up(text: str, total: int) -> None:
    ((whole, parts),) = sites(find_quantities(text), text)
    assert (whole.low, whole.high) == (total, total)
    assert sum(part.low or 0 for part in parts) == total


@pytest.mark.parametrize("text", ["40 from Monday and 60 from Wednesday", "we go from 50 to 150", "15 from us", "40 and 25"])
def test_days_and_changes_are_no_sites(text: str) -> None:
    assert not list(sites(find_quantities(text), text))


def test_what_was_said_before_is_the_last_figure_of_the_deals_size() -> None:
    around = scene("ok by me", "let's open with 40 a day", "two scanners, dock 6", "driver at 4pm")
    assert [one.low for one in said_before(around)] == [40]


def test_what_is_perhaps_meant_is_not_taught() -> None:
    reading = read(Utterance("the planner shows 9,000 for Q4", "customer", "U1", key="1"), (), DEAL)
    assert any(statement.rule == PERHAPS for statement in reading.latent)
    assert all(statement.rule != PERHAPS for statement in reading.carried)


FIGURES = st.lists(st.integers(1, 900), min_size=1, max_size=8)
GLUE = st.sampled_from([", ", " / ", " and ", " mon ", " from Reno, ", " from Dallas and ", " a day, ", " pallets of ", "\n"])


@given(FIGURES, GLUE)
def test_what_comes_together_lies_in_the_text_and_between_its_figures(figures: list[int], glue: str) -> None:
    text = glue.join(map(str, figures)) + glue
    quantities = find_quantities(text)
    for whole in (*composed(quantities, scene(text)), *(total for total, _ in sites(quantities, text))):
        assert text[whole.start : whole.end] == whole.span
        assert whole.low is not None
        assert whole.high is not None
        assert whole.low <= whole.high


@given(st.lists(st.integers(60, 99), min_size=3, max_size=6, unique=True))
def test_listed_days_span_from_the_least_to_the_most(figures: list[int]) -> None:
    text = "per day: " + " / ".join(map(str, figures))
    (run,) = listed(find_quantities(text), scene(text))
    assert [part.low for part in run] == figures
