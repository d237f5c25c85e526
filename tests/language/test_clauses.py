"""Clauses cover the text, in order, and know their sentence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.clauses import clause_at, clauses

TEXTS = st.text(max_size=300) | st.text(alphabet="ab 1,.;:!?-—()\n", max_size=300)


@given(TEXTS)
def test_clauses_are_where_they_say(text: str) -> None:
    for piece in clauses(text):
        assert text[piece.start : piece.end] == piece.text
        assert piece.text.strip()
        assert piece.sentence_start <= piece.start < piece.end <= piece.sentence_start + len(piece.sentence)


@given(TEXTS)
def test_clauses_cover_every_word_once(text: str) -> None:
    pieces = clauses(text)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    covered = {position for piece in pieces for position in range(piece.start, piece.end)}
    assert all(position in covered for position, character in enumerate(text) if not character.isspace())


@given(TEXTS, st.integers(-5, 400))
def test_clause_at_finds_the_clause_of_a_position(text: str, position: int) -> None:
    piece = clause_at(clauses(text), position)
    if piece is None:
        assert not 0 <= position < len(text) or text[position].isspace()
    else:
        assert piece.start <= position < piece.end


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("We start Monday. Driver at 4?", ["We start Monday.", "Driver at 4?"]),
        ("busy here, but we ship", ["busy here,", "but", "we ship"]),
        ("it costs 4.85 a box", ["it costs 4.85 a box"]),
        ("1,200 a week", ["1,200 a week"]),
        ("we wait because of peak", ["we wait because", "of peak"]),
        ("one\ntwo", ["one", "two"]),
        ("accepted 90 | rejected 4", ["accepted 90 |", "rejected 4"]),
        ("", []),
        ("   ", []),
    ],
)
def test_where_clauses_end(text: str, pieces: list[str]) -> None:
    assert [piece.text.strip() for piece in clauses(text)] == pieces


def test_a_question_is_one_in_all_its_clauses() -> None:
    first, second, third = clauses("can we wait, maybe a week? We are busy.")
    assert (first.question, second.question, third.question) == (True, True, False)
    assert first.sentence == second.sentence == "can we wait, maybe a week?"


def test_a_quote_is_the_clause_without_its_mark() -> None:
    text = "Good morning all, and from Monday we start with fifteen parcels a day, if the driver finds us"
    piece = clause_at(clauses(text), text.index("fifteen"))
    assert piece is not None
    assert piece.quoted(text, piece.start, piece.end)[0] == "and from Monday we start with fifteen parcels a day"


def test_a_few_words_are_quoted_with_their_sentence() -> None:
    text = "Sure. Figure 10, maybe 15 a day. Bye."
    piece = clause_at(clauses(text), text.index("10"))
    assert piece is not None
    assert piece.quoted(text, piece.start, piece.end)[0] == "Figure 10, maybe 15 a day."
