"""`jumpin call`: a transcript in, the rep's report out; it asks before it reads a call of somebody else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Jumpin
from tests.live.block_kit import mistakes
from tests.sources.calls import TEXTS, Spoken, docx, otter

DEAL = ROOT / "tests" / "sources" / "data" / "deals" / "acme.yml"
CALL = (
    Spoken("Riley Chen", 4, "Thanks for joining the call."),
    Spoken("Ivan Petrov", 8, "How many packages a day should we plan for?"),
    Spoken("Dana Ortiz", 13, "We'd start with fifteen packages a day and see how it goes."),
    Spoken("Ivan Petrov", 40, "I'll send you the label templates by Tuesday."),
)


@pytest.fixture
def call(tmp_path: Path) -> Path:
    file = tmp_path / "Acme kickoff 2026-10-30 1000.vtt"
    file.write_text(TEXTS["zoom"](CALL))
    return file


def test_the_report(jumpin: Jumpin, call: Path) -> None:
    told = jumpin("call", call, "--deal", DEAL)
    assert (told.status, told.err) == (0, "")
    assert told.lines[0] == "Call with Acme Outfitters, 30 Oct: 1 point to set right"
    assert "15/day said, 150/day agreed" in told.out
    assert "Dana Ortiz (customer), at 0:13" in told.out
    assert "│ Hi Dana, thanks for the call today." in told.out
    assert "- Ivan Petrov: send you the label templates by Tuesday (Tue 3 Nov), at 0:40" in " ".join(told.out.split())
    assert "Follow-up email, ready to edit" in told.out
    assert max(map(len, told.lines)) <= 80


def _without_times(told: str) -> str:
    return re.sub(r",? at 0:\d\d", "", " ".join(told.partition("\n\n")[2].split()))


def test_every_format_gives_the_same_report(jumpin: Jumpin, tmp_path: Path) -> None:
    told = set()
    for form in ("zoom", "srt", "teams", "otter", "fathom", "pasted"):
        file = tmp_path / "Acme 2026-10-30.txt"
        file.write_text(TEXTS[form](CALL))
        told.add(_without_times(jumpin("call", file, "--deal", DEAL).out))
    document = tmp_path / "Acme 2026-10-30.docx"
    document.write_bytes(docx(otter(CALL).split("\n")))
    told.add(_without_times(jumpin("call", document, "--deal", DEAL).out))
    assert len(told) == 1
    assert "15/day said" in told.pop()


def test_a_file_without_speech_gets_one_sentence(jumpin: Jumpin, tmp_path: Path) -> None:
    file = tmp_path / "empty.vtt"
    file.write_text("WEBVTT\n\n")
    told = jumpin("call", file, "--deal", DEAL)
    assert (told.status, told.err.count("\n")) == (2, 1)
    assert "holds no speech" in told.err


def test_the_message_for_slack(jumpin: Jumpin, call: Path) -> None:
    told = jumpin("call", call, "--deal", DEAL, "--blocks")
    blocks = json.loads(told.out)["blocks"]
    assert mistakes(blocks) == []
    assert blocks[0]["text"]["text"].startswith("Call with Acme Outfitters")


def test_a_call_of_another_customer_is_not_read(jumpin: Jumpin, tmp_path: Path) -> None:
    file = tmp_path / "call 2026-10-30.txt"
    file.write_text(
        TEXTS["otter"]([Spoken("Sam Hale", 1, "We start with fifteen a day."), Spoken("Riley Chen", 9, "Okay, the driver comes.")])
    )
    told = jumpin("call", file, "--deal", DEAL)
    assert (told.status, told.out) == (2, "")
    assert told.err.endswith(
        "has no speaker who is among the people of Acme Outfitters. If it is this deal's call all the same, add --anyway\n"
    )
    assert jumpin("call", file, "--deal", DEAL, "--anyway").status == 0
    named = jumpin("call", file, "--deal", DEAL, "--who", "sam  hale=U1")
    assert named.status == 0
    assert "Dana Ortiz (customer), at 0:01" in named.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere.vtt", "--deal", str(DEAL)), "nowhere.vtt: there is no such file"),
        (("{call}",), "brings no deal; give its terms with --deal FILE"),
        (("{call}", "--deal", str(DEAL), "--who", "Sam=U99"), "--who Sam=U99: write NAME=ID with one of U1, U2, U3, U4, or a role"),
    ],
)
def test_what_cannot_be_done_is_said(jumpin: Jumpin, call: Path, words: tuple[str, ...], reason: str) -> None:
    told = jumpin("call", *(str(call) if word == "{call}" else word for word in words))
    assert told.status == 2
    assert reason in told.err


def test_a_conversation_file_brings_its_deal(jumpin: Jumpin) -> None:
    told = jumpin("call", ROOT / "tests" / "conversations" / "f-010.json")
    assert (told.status, told.err) == (0, "")
    assert "Confirmed" in told.out
