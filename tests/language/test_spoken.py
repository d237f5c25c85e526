"""Hesitation inside a number is taken out; every other word and every figure stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.spoken import plainly

KEPT = [
    "at nine, um, fifteen a day",
    "it's twenty, um, twenty five packages",
    "fifteen, maybe twenty a day",
    "between one and, uh, one fifty",
    "we have two, like, trucks",
    "one. Uh, two trucks",
    "uh, we'd start with, um, fifteen a day",
    "fifty, sorry, fifteen a day",
    "it's fif-fifteen",
]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("we do a hundred and uh twenty a day", "we do a hundred and twenty a day"),
        ("so two hundred, um, fifty", "so two hundred fifty"),
        ("twenty, uh, five a day", "twenty five a day"),
        ("fifteen, you know, a day", "fifteen a day"),
        ("150... uh... packages", "150 packages"),
        ("uh fif- fifteen a day", "uh fifteen a day"),
        ("fifteen fifteen a day", "fifteen a day"),
        *((text, text) for text in KEPT),
    ],
)
def test_hesitation_inside_a_number(said: str, meant: str) -> None:
    assert plainly(said) == meant


@given(
    st.lists(
        st.sampled_from(["15", "1,200", "um", "uh,", "a day", "you know,", "and", "we", "2.5", "...", "-", "per week", "like,"]), max_size=9
    )
)
def test_no_figure_is_lost_or_made(words: list[str]) -> None:
    said = " ".join(words)
    assert re.findall(r"\d[\d.,]*", plainly(said)) == re.findall(r"\d[\d.,]*", said)
