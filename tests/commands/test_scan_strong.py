"""`jumpin scan --reader both`: asked only where the deal says so, and every exchange explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.emulator import free_port
from tests.commands.conftest import Jumpin
from tests.strong.fake_endpoint import FakeEndpoint, fake_endpoint_beside, named, of_candidate, says
from tests.strong.samples import acme

TALK = [
    ("URILEY", "How many will you hand over, Dana?"),
    ("UDANA", "I picture forty of them leaving, tops"),
    ("UDANA", "I'll circle back on the volume later"),
    ("UDANA", "thanks!"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[FakeEndpoint]:
    with fake_endpoint_beside() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(served: FakeEndpoint) -> FakeEndpoint:
    served.asked.clear()
    served.replies.clear()
    return served


def talk(tmp_path: Path, **terms: Any) -> Path:
    messages = [{"n": n, "at": f"2026-11-04T09:0{n}", "speaker": who, "text": text} for n, (who, text) in enumerate(TALK, start=1)]
    deal = acme(**terms).model_dump(mode="json", exclude_none=True)
    file = tmp_path / "talk.json"
    file.write_text(json.dumps({"id": "t", "medium": "slack", "deal": deal, "messages": messages}))
    return file


def environment(endpoint: FakeEndpoint) -> dict[str, str]:
    return {"JUMPIN_READER_URL": endpoint.url, "JUMPIN_READER_MODEL": "fake"}


def test_findings_confirmed_dropped_and_added(jumpin: Jumpin, endpoint: FakeEndpoint, tmp_path: Path) -> None:
    endpoint.replies += [says(named("volume-bait-and-switch", "forty of them", "forty")), says(of_candidate("veto"))]
    told = jumpin("scan", "--json", "--explain", "--reader", "both", talk(tmp_path), **environment(endpoint))
    assert (told.status, told.err) == (0, "")
    lines = [json.loads(line) for line in told.lines]
    found = [line for line in lines if "urgency" in line]
    assert [(one["scenario"], one["urgency"], one["suppressed"], one["said_per_day"]) for one in found] == [
        ("volume-bait-and-switch", "now", None, [40, 40]),
        ("wait-and-see", "digest", "vetoed", None),
    ]
    exchanges = [line["strong"] for line in lines if "silent" in line]
    assert [one["outcome"] for one in exchanges] == ["not-asked", "answered", "answered", "not-asked"]
    assert [one["why"] for one in exchanges] == ["own-side", None, None, "hardly a finding"]
    assert "forty" in exchanges[1]["came_back"]
    assert exchanges[1]["rulings"] == [
        {"scenario": "volume-bait-and-switch", "done": "found", "why": "borne out by the deal: a direct message"}
    ]


def test_the_readable_report_tells_what_was_sent_what_came_back_and_what_was_done(
    jumpin: Jumpin, endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    endpoint.replies += [says("\x1b[31mno idea"), says(of_candidate("confirm", "circle \x07 back"))]
    told = jumpin("scan", "--explain", "--reader", "both", talk(tmp_path), **environment(endpoint))
    words = " ".join(told.out.split())
    assert told.status == 0
    assert "strong reader: not asked, own-side" in words
    assert "no answer to use after" in words
    assert "not the JSON asked for" in words
    assert "“Wait and see” refused: its quote is not in the speaker's words" in words
    assert "1 candidate" in words
    assert "\x1b" not in told.out
    assert "\x07" not in told.out


def test_nothing_is_sent_without_both_switches(jumpin: Jumpin, endpoint: FakeEndpoint, tmp_path: Path) -> None:
    off = jumpin("scan", "--json", "--reader", "both", talk(tmp_path, reader="local"), **environment(endpoint))
    assert "the deal does not say reader: both; nothing of it was sent" in off.err
    plain = jumpin("scan", "--json", talk(tmp_path), JUMPIN_READER="both", **environment(endpoint))
    assert (plain.status, plain.err, plain.lines) == (0, "", off.lines)
    assert endpoint.asked == []


def test_without_an_endpoint_one_sentence(jumpin: Jumpin, tmp_path: Path) -> None:
    told = jumpin("scan", "--reader", "both", talk(tmp_path), JUMPIN_READER_URL="", JUMPIN_READER_MODEL="x")
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("JUMPIN_READER_URL is missing: ")


def test_an_endpoint_that_is_away_leaves_the_local_readers_findings(jumpin: Jumpin, tmp_path: Path) -> None:
    away = {"JUMPIN_READER_URL": f"http://127.0.0.1:{free_port()}/v1", "JUMPIN_READER_MODEL": "x"}
    told = jumpin("scan", "--json", "--reader", "both", talk(tmp_path), **away)
    assert told.status == 0
    assert told.lines == jumpin("scan", "--json", talk(tmp_path)).lines
