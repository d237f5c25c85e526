"""Which chat messages are pasted transcripts, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from store.sources.files import Call, read_file
from store.sources.pasted import is_pasted_call, parse_pasted_call
from tests.sources.calls import TEXTS, Spoken

ROWS = yaml.safe_load((Path(__file__).parent / "pasted.yml").read_text(encoding="utf-8"))
KNOWN = ("Dana Ortiz", "Riley Chen")
TALK = tuple(
    Spoken(who, 9 * n, words)
    for n, (who, words) in enumerate(
        [
            ("Riley Chen", "Thanks for joining the call."),
            ("Dana Ortiz", "We'd start with < 15 and > 3 a day."),
            ("Riley Chen", "At 10:30, as agreed?"),
            ("Dana Ortiz", "1,250 boxes, that is 12.5% more."),
        ],
        start=1,
    )
)


def is_one(row: dict[str, Any], surely: bool) -> bool:
    return is_pasted_call(row["text"], KNOWN if row.get("known") else (), surely=surely)


@pytest.mark.parametrize("row", ROWS["calls"], ids=lambda row: row["text"][:30])
def test_a_pasted_transcript_is_one(row: dict[str, Any]) -> None:
    assert is_one(row, bool(row.get("surely")))


@pytest.mark.parametrize("row", ROWS["chat"], ids=lambda row: row["text"][:30])
def test_an_ordinary_message_is_none(row: dict[str, Any]) -> None:
    assert not is_one(row, surely=True)
    assert row.get("surely") or not is_one(row, surely=False)


@pytest.mark.parametrize("form", TEXTS)
def test_what_is_pasted_is_read_as_the_file_is(form: str) -> None:
    text = TEXTS[form](TALK)
    assert is_pasted_call(text, (), surely=True)
    [pasted] = parse_pasted_call(text, KNOWN).conversations
    [dropped] = read_file(text.encode(), "call.txt", Call(names=KNOWN)).conversations
    assert [(turn.name, turn.text, turn.moment) for turn in pasted.turns] == [(turn.name, turn.text, turn.moment) for turn in dropped.turns]


def test_a_title_above_it_gives_the_call_its_name() -> None:
    text = "*Weekly with Acme*\n\nDana Ortiz: 15 a day\nRiley Chen: we agreed on 150\nDana Ortiz: I know"
    [call] = parse_pasted_call(text, ()).conversations
    assert call.id == "Weekly with Acme"
    assert (call.turns[0].name, call.turns[0].text) == ("Dana Ortiz", "15 a day")


@settings(max_examples=200)
@given(st.text(alphabet="ab:A D\n-*>`0123456789[]<v.", max_size=400), st.booleans())
def test_whatever_is_written_never_breaks_it(text: str, surely: bool) -> None:
    if is_pasted_call(text, KNOWN, surely=surely):
        parse_pasted_call(text, KNOWN)
