"""`jumpin read`: one line in, one reading out, readable or as JSON."""

from __future__ import annotations

import json

from tests.commands.conftest import Jumpin

SENTENCE = "we'd start with 10 to 15 boxes a day"


def test_readable(jumpin: Jumpin) -> None:
    told = jumpin("read", SENTENCE, "hello")
    assert (told.status, told.err) == (0, "")
    assert told.lines[0] == SENTENCE
    assert told.lines[1] == "    figure   “10 to 15 boxes a day” = 10 to 15 boxes per day, taken as a volume"
    assert told.lines[2].startswith("    said     proposes a volume = 10-15 packages a shipping day. By the words")
    assert "trained reader: " in told.out
    assert "hello" in told.lines


def test_what_the_trained_reader_thinks_without_a_deal(jumpin: Jumpin) -> None:
    (line,) = jumpin("read", "--json", "we're far too busy to ramp the parcels, ask us in march").lines
    explained = json.loads(line)["explained"]
    assert explained["trained_reader"]["asked"] is True
    assert 0 <= explained["trained_reader"]["any"] <= 1
    assert explained["verdict"] == explained["why"] == []


def test_one_object_per_line(jumpin: Jumpin) -> None:
    earlier = ["how many a day?", {"text": "boxes?", "side": "own"}]
    with_context = json.dumps({"text": "yep, 15", "before": earlier, "side": "customer"})
    given = f"\ufeffwe ship 150 a day\r\n\n{{not json}} 20\n{with_context}\n".encode() + b"\xff"
    told = jumpin("read", "--json", "--said-at", "2026-11-02T09:00", given=given)
    assert (told.status, told.err) == (0, "")
    read = [json.loads(line) for line in told.lines]
    assert [one["text"] for one in read[:4]] == ["we ship 150 a day", "", "{not json} 20", "yep, 15"]
    assert len(read) == 5
    (quantity,) = (one for one in read[0]["quantities"] if one["low"] == 150)
    assert quantity["kind"] == "number"
    assert read[0]["text"][quantity["start"] : quantity["end"]] == quantity["span"]
    assert set(quantity) == {"span", "start", "end", "kind", "low", "high", "approximate", "unit", "per", "role"}


def test_a_text_with_json(jumpin: Jumpin) -> None:
    (line,) = jumpin("read", "--json", SENTENCE).lines
    assert {"text", "quantities", "statements"} <= set(json.loads(line))
