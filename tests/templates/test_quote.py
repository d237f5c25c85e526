"""Quotes: whatever somebody wrote, showing it to the rep pings nobody, links nowhere and cannot hide anything."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.quote import LONGEST, clean, neutral


@pytest.mark.parametrize(
    "words",
    [
        "<!here> 15 a day",
        "<!channel>",
        "<@U123> hello",
        "<https://evil.example|your bank>",
        "https://evil.example/x",
        "mail me@evil.example",
        "see evil.example now",
    ],
)
def test_pings_and_links_are_gone(words: str) -> None:
    shown = neutral(words)
    assert "<" not in shown
    assert ">" not in shown
    assert "://" not in shown
    assert "evil.example" not in shown or "evil.\u2060" in shown
    assert "e@e" not in shown


def test_formatting_shows_as_written() -> None:
    assert not set("*_~`") & set(neutral("*bold* _it_ ~no~ `code` ```block```"))


def test_figures_and_plain_words_stay_as_they_are() -> None:
    assert neutral("so 4.85 each, 10-15 boxes/day at 16:00, ok? it's 50%!") == "so 4.85 each, 10-15 boxes/day at 16:00, ok? it's 50%!"


def test_hidden_characters_are_stripped_and_lines_joined() -> None:
    assert clean("1\u200b5\u202e a\x00 day\r\n\n now\u2066!") == "15 a day now!"


def test_right_to_left_words_are_set_apart() -> None:
    assert neutral("עשר חבילות") == "\u2068עשר חבילות\u2069"


def test_long_quotes_are_cut() -> None:
    cut = clean("word " * 10_000)
    assert len(cut) <= LONGEST
    assert cut.endswith("…")


PIECES = st.sampled_from(
    ["https://evil.example/x", "me@evil.example", "evil.example", "mailto:me@evil.example", "#general", "@channel", " ", "a"]
)


@given(st.text(max_size=1000) | st.lists(st.text(max_size=3) | PIECES, max_size=20).map("".join))
def test_no_text_gets_through_with_markup(words: str) -> None:
    shown = neutral(words)
    assert not set("<>*_~`|") & set(shown)
    assert "://" not in shown
    assert not re.search(r"\w\.[^\W\d]|@\w|(?<!\w)#\w|mailto:\w", shown), "what Slack, or whoever copies it, would make a link or a ping of"
    assert not any(unicodedata.category(c) == "Cc" or c in "\u200b\u200e\u202a\u202e\u2066" for c in shown)
    assert len(clean(words)) <= LONGEST
