"""Logs: ids and counts come through, and nothing that somebody said, is called, or owns ever does."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def last(stream: io.StringIO) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(stream.getvalue().splitlines()[-1])
    return line


def test_ids_and_counts_come_through(lines: io.StringIO) -> None:
    logs.get("jumpin.watch").info("message heard", channel="C0ACME", ts="1762164840.000100", findings=2, edited=False)
    line = last(lines)
    assert line["event"] == "message heard"
    assert (line["channel"], line["ts"], line["findings"], line["edited"]) == ("C0ACME", "1762164840.000100", 2, False)
    assert line["logger"] == "jumpin.watch"


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("note", "figure 15 a day", "[15 characters]"),
        ("quote", "15", "[withheld]"),
        ("said_per_day", 15, "[withheld]"),
        ("customer", "Acme", "[withheld]"),
        ("url", "postgresql://u:hunter2@db/x", "[secret]"),
        ("id", "xoxb-12-abc", "[secret]"),
        ("items", ["one", "two"], "[14 characters]"),
    ],
)
def test_words_figures_and_secrets_are_withheld(lines: io.StringIO, key: str, value: object, shown: str) -> None:
    logs.get("jumpin.watch").warning("message heard", **{key: value})
    assert last(lines)[key] == shown


def test_other_libraries_lines_are_cut_before_their_contents(lines: io.StringIO) -> None:
    logging.getLogger("slack_bolt.app").warning("Unhandled request (%s)", {"text": "15 a day"})
    assert last(lines)["event"] == "Unhandled request"
    logging.getLogger("slack_sdk").info("too chatty to show")
    assert last(lines)["event"] == "Unhandled request"


def test_exceptions_tell_type_and_place_without_message(lines: io.StringIO) -> None:
    try:
        int("the customer said 15 a day")
    except ValueError:
        logs.get("jumpin.watch").exception("message failed")
    line = last(lines)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"]
    assert "15 a day" not in lines.getvalue()


def test_a_database_that_fails_tells_its_own_code(lines: io.StringIO) -> None:
    with closing(sqlite3.connect(":memory:")) as full:
        full.execute("PRAGMA max_page_count = 1")
        try:
            full.execute("CREATE TABLE words (said TEXT)")
        except sqlite3.OperationalError as error:
            logs.get("jumpin").warning("not acknowledged", exc_info=error)
    assert last(lines)["error"] == "OperationalError(SQLITE_FULL)"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text())
def test_no_sentence_survives_as_a_value(lines: io.StringIO, start: str, end: str) -> None:
    sentence = f"{start} {end}"
    logs.get("jumpin.any").info("something", detail=sentence)
    assert last(lines)["detail"] == f"[{len(sentence)} characters]"
