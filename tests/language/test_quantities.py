"""Quantities: one meaning in many sayings, decoys with their kind, and no text that breaks the reader or holds it up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.language.quantities import find_quantities
from bot.language.quantities.classes import ALPHABET
from bot.language.quantities.engine import needs
from bot.language.quantities.lexer import LOOK_AT, NEAR, NUMBERS_AT_MOST, nodes_of
from bot.language.statement import Quantity

SAID_AT = datetime(2026, 6, 3, 9)
TABLE = yaml.safe_load((Path(__file__).parent / "quantities.yaml").read_text(encoding="utf-8"))
PIECES = """
150|one|fifty|a|hundred|and|half|of|the|to|-|,|.|/|%|$|x|k|ish|about|per day|a day|packages|pallets|weeks|Monday|June|5/6|no wait|sorry
|between|twice|second|third|dozen|each
|plus|~|'|3:30|pm|dock|#12|at least|or so|in|×|½|minus|point|zero|oh|*|M|45|1.200|Tuesdays|16th|double|two
"""


def read(text: str) -> tuple[Quantity, ...]:
    return find_quantities(text, said_at=SAID_AT)


def _plain(value: Any) -> Any:
    return float(value.toordinal()) if isinstance(value, date) else value


@pytest.mark.parametrize(
    ("meaning", "said"),
    [pytest.param(entry["is"], str(said), id=str(said)) for entry in TABLE["meanings"] for said in entry["said"]],
)
def test_one_meaning_has_many_sayings(meaning: dict[str, Any], said: str) -> None:
    wanted = {name: pytest.approx(_plain(value)) if name in ("low", "high") else value for name, value in meaning.items()}
    found = [{name: getattr(quantity, name) for name in wanted} for quantity in read(said)]
    assert wanted in found


@pytest.mark.parametrize("case", TABLE["decoys"], ids=lambda case: case["text"])
def test_a_decoy_stands_there_with_its_kind(case: dict[str, Any]) -> None:
    found = read(case["text"])
    assert [quantity.kind for quantity in found] == case["kinds"]
    assert all(quantity.role for quantity in found if quantity.kind != "number")


@pytest.mark.parametrize("said", TABLE["taken_back"])
def test_a_figure_taken_back_is_marked(said: str) -> None:
    first, last = read(said)
    assert (first.low, first.role) == (150, "corrected")
    assert (last.low, last.role) == (50, None)


@pytest.mark.parametrize("said", TABLE["silence"])
def test_nothing_is_read_where_nothing_is_counted(said: str) -> None:
    assert read(said) == ()


def test_a_change_is_two_figures_not_a_range() -> None:
    assert [(quantity.low, quantity.high) for quantity in read("we go from 50 to 150 a day")] == [(50, 50), (150, 150)]


def test_sites_are_kept_apart() -> None:
    assert [quantity.low for quantity in read("60 from Reno and 40 from Dallas")] == [60, 40]


def test_a_relative_day_stays_open_when_the_day_of_saying_is_not_known() -> None:
    (monday,) = find_quantities("from Monday")
    assert (monday.kind, monday.low, monday.high) == ("date", None, None)


def test_places_hold_in_texts_of_other_scripts() -> None:
    (quantity,) = read("ÅÉ ½ × １５０ a day".replace("½ × ", "“"))
    assert quantity.span == "１５０ a day"


def _hundreds(number: int, joint: str) -> str:
    hundreds, rest = divmod(number, 100)
    words = [_ONES.split()[hundreds], "hundred"] if hundreds else []
    return " ".join([*words, *([joint] if hundreds and rest and joint else []), *([_tens(rest)] if rest else [])])


_ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety"


def _tens(number: int, joint: str = "-") -> str:
    if number < 20:
        return _ONES.split()[number]
    return _TENS.split()[number // 10] + (joint + _ONES.split()[number % 10] if number % 10 else "")


def _written(number: int, joint: str = "") -> str:
    thousands, rest = divmod(number, 1000)
    words = [_hundreds(thousands, joint), "thousand"] if thousands else []
    last = f"{joint} {_tens(rest)}" if thousands and joint and 0 < rest < 100 else _hundreds(rest, joint)
    return " ".join([*words, *([last] if rest else [])]) or "zero"


def _british(number: int) -> str:
    return _written(number, "and")


STYLES: tuple[Callable[[int], str], ...] = (str, "{:,}".format, _written, _british, lambda number: _written(number).replace("-", " "))


@given(st.integers(0, 999_999), st.sampled_from(STYLES))
def test_a_number_is_read_however_it_is_written(number: int, style: Callable[[int], str]) -> None:
    assert [(quantity.low, quantity.high) for quantity in read(f"we ship {style(number)} boxes")] == [(number, number)]


@given(st.integers(1, 99), st.integers(10, 99))
def test_hundreds_are_read_as_they_are_spoken(hundreds: int, rest: int) -> None:
    """ "nine thirty one", "twenty six fifty"; "forty fifty" and other round ones can mean a range."""
    assume(hundreds < 10 or hundreds % 5)
    assert [(quantity.low, quantity.high) for quantity in read(f"we ship {_tens(hundreds)} {_tens(rest)} boxes")] == [
        (hundreds * 100 + rest, hundreds * 100 + rest)
    ]


def check(text: str) -> None:
    found = read(text)
    end = 0
    for quantity in found:
        assert text[quantity.start : quantity.end] == quantity.span
        assert end <= quantity.start < quantity.end
        end = quantity.end
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.high
    assert found == read(text)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(PIECES.replace("\n", "").split("|")), max_size=12), st.sampled_from(["", " "]))
def test_any_row_of_the_grammars_words_can_be_read(pieces: list[str], between: str) -> None:
    check(between.join(pieces))


HOSTILE = (
    "1,1,1,", "1 1 ", "a a a ", "(", "9", "17,629,box 17,2026-06-05,2.43\n", "one two twenty hundred ", "10-", "half of a ", "hundred and ",
    "monday and ", "1/", "about ", "$", "1 day and ", "A1-", "a@", "<@", "`a", ":a", "12:", "5% of the ", "-1", "http://", "1.", "a'", "½",
    "thousand ", "5 no wait ", "~1~", "between 1 and ", "point ", "A", "1A", "+1 555 ", "'",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_costs_no_more_than_a_long_message(piece: str) -> None:
    """The work is bounded: so many characters are looked at, so many figures, and only the words near them."""
    text = (piece * (40_000 // len(piece) + 1))[:40_000]
    row = nodes_of(text)
    assert len(row) <= min(LOOK_AT, (NUMBERS_AT_MOST + 1) * (2 * NEAR + 1))
    check(text[:2_000])
    assert all(quantity.end <= LOOK_AT for quantity in read(text))


def test_what_a_pattern_needs_is_seen_before_searching() -> None:
    classes = ALPHABET.classes
    required = needs("num (comma|dot)? (hedge|tilde (just)) per? (?!unit)", ALPHABET)
    assert sorted(map(sorted, required)) == sorted([[classes["num"]], sorted((classes["hedge"], classes["tilde"]))])


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 12, 31)),
    st.integers(0, 40),
    st.sampled_from(
        ["{0} Feb", "Feb {0}", "2/{0}", "{0}.2.", "April {0}", "{0}/4", "until the {0}th", "11/{0}/26", "{0} June", "Mon {0}/2"]
    ),
)
def test_a_day_that_is_in_no_calendar_breaks_nothing(said_at: datetime, day: int, form: str) -> None:
    find_quantities(f"we start on {form.format(day)} with 150", said_at=said_at)


@pytest.mark.parametrize(
    ("said_at", "said", "day"),
    [
        (date(2026, 6, 3), "29 Feb", date(2028, 2, 29)),
        (date(2026, 6, 3), "2/29", date(2028, 2, 29)),
        (date(2028, 4, 3), "Feb 29", date(2028, 2, 29)),
    ],
)
def test_the_29th_of_february_is_the_next_there_is(said_at: date, said: str, day: date) -> None:
    (found,) = find_quantities(f"on {said}", said_at=datetime.combine(said_at, datetime.min.time()))
    assert (found.kind, found.low) == ("date", day.toordinal())
