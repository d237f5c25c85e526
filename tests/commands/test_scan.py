"""`jumpin scan` on files of every kind: well-formed lines, exit status, and one clear line per mistake."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.playbook.scenarios import FINDINGS, SIGNALS, SUBJECTS
from tests.commands.conftest import ROOT, Jumpin, Ran, jumpin_in

CONVERSATIONS = ROOT / "tests" / "conversations"
SOURCES = ROOT / "tests" / "sources" / "data"
DEAL = SOURCES / "deals" / "acme.yml"
FIELDS = {
    "conversation", "message", "at", "speaker", "scenario", "subject", "said_per_day", "agreed_per_day",
    "said", "agreed", "quote", "urgency", "suppressed", "script",
}  # fmt: skip


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every fifteenth conversation: each author has some."""
    folder = tmp_path_factory.mktemp("talks")
    for file in sorted(CONVERSATIONS.glob("*.json"))[::15]:
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def told(some: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """What a scan of these files tells."""
    return jumpin_in(tmp_path_factory.mktemp("told"))("scan", "--json", *sorted(some.glob("*.json")))


def test_real_conversations_give_well_formed_lines(told: Ran, some: Path) -> None:
    files = sorted(some.glob("*.json"))
    assert (told.status, told.err) == (0, "")
    talks = {talk["id"]: {str(message["n"]): message for message in talk["messages"]} for talk in map(_json, files)}
    assert told.lines
    for line in told.lines:
        found = json.loads(line)
        assert set(found) == FIELDS
        message = talks[found["conversation"]][found["message"]]
        assert (found["at"], found["speaker"]) == (message["at"], message["speaker"])
        assert found["scenario"] in FINDINGS | SIGNALS
        assert found["subject"] is None or found["subject"] in SUBJECTS
        assert found["urgency"] in ("now", "digest", "log")
        assert (found["script"] is None) == (found["scenario"] in SIGNALS)
        assert found["quote"].strip()


def test_a_folder_gives_the_same_as_its_files(jumpin: Jumpin, told: Ran, some: Path, tmp_path: Path) -> None:
    files = sorted(some.glob("*.json"))[:40]
    folder = tmp_path / "folder"
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    asked = {_json(file)["id"] for file in files}
    assert jumpin("scan", "--json", folder).lines == [line for line in told.lines if json.loads(line)["conversation"] in asked]


def test_the_readable_report(jumpin: Jumpin, some: Path) -> None:
    told = jumpin("scan", some)
    assert (told.status, told.err) == (0, "")
    assert max(map(len, told.lines)) <= 80
    count = len(list(some.glob("*.json")))
    assert any(line.startswith(f"{count:,} conversations (") for line in told.lines)


def test_explain_tells_every_message(jumpin: Jumpin) -> None:
    file = CONVERSATIONS / "a-006.json"
    told = jumpin("scan", "--json", "--explain", file)
    messages = [plain for line in told.lines if "silent" in (plain := json.loads(line))]
    assert [plain["message"] for plain in messages] == [str(message["n"]) for message in _json(file)["messages"]]
    assert {"text", "side", "quantities", "statements", "notes"} <= set(messages[0])
    assert jumpin("scan", "--explain", file).status == 0


def test_every_message_has_its_verdict(jumpin: Jumpin) -> None:
    file = CONVERSATIONS / "l-005.json"
    told = [json.loads(line) for line in jumpin("scan", "--json", "--explain", file).lines]
    explained = {plain["message"]: plain["explained"] for plain in told if "silent" in plain}
    raised = {(plain["message"], plain["scenario"], plain["urgency"]) for plain in told if "urgency" in plain}
    assert raised == {
        (message, one["scenario"], one["raised"]) for message, plain in explained.items() for one in plain["verdict"] if one["raised"]
    }
    assert all(plain["why"] for plain in explained.values())
    (claim,) = (one for one in explained["2"]["statements"] if not one["perhaps"])
    assert (claim["about"], claim["came"], claim["compared_with"]) == ("pickup", "differs", "18:00")
    (claim,) = (one for one in explained["4"]["statements"] if not one["perhaps"])
    assert (claim["came"], claim["compared_with"]) == ("agrees", "Mon-Sat at 18:00")
    assert explained["11"]["why"] == ["nothing: our own side is never judged"]


def test_half_readable_files_are_scanned_as_far_as_they_go(jumpin: Jumpin) -> None:
    told = jumpin(
        "scan", "--json", "--explain", SOURCES / "conversations" / "half-readable.json", CONVERSATIONS / "a-006.json", "nowhere.json"
    )
    assert told.status == 2
    assert len(told.err.splitlines()) == 9
    assert told.err.splitlines()[-1] == "nowhere.json: there is no such file"
    heard = {json.loads(line)["conversation"] for line in told.lines}
    assert heard == {"half", "a-006"}


def test_a_slack_export_in_the_customers_time(jumpin: Jumpin) -> None:
    told = jumpin("scan", "--json", "--explain", "--deal", DEAL, SOURCES / "export")
    heard = [json.loads(line) for line in told.lines]
    messages = [plain for plain in heard if "silent" in plain]
    assert {plain["conversation"] for plain in heard} == {"impl-acme"}
    assert "#impl-other is not a channel of Acme Outfitters" in told.err
    assert [(plain["at"], plain["speaker"], plain["side"], plain["silent"]) for plain in messages] == [
        ("2026-11-02T09:14:00", "U2", "implementation", None),
        ("2026-11-02T09:16:00", "U1", "customer", None),
        ("2026-11-02T09:16:10", "B77", "unknown", "bot"),
        ("2026-11-03T09:13:59", "U2", "implementation", None),
        ("2026-11-03T09:14:00", "U1", "customer", None),
    ]


def test_a_transcript(jumpin: Jumpin) -> None:
    told = jumpin("scan", "--json", "--explain", "--deal", DEAL, "--said-at", "2026-11-02T10:00", SOURCES / "transcripts" / "teams.vtt")
    messages = [plain for plain in map(json.loads, told.lines) if "silent" in plain]
    assert (told.status, told.err) == (0, "")
    assert [(plain["message"], plain["at"], plain["speaker"], plain["side"]) for plain in messages] == [
        ("1", "2026-11-02T10:00:13", "U1", "customer"),
        ("3", "2026-11-02T10:00:17", "U2", "implementation"),
        ("2", "2026-11-02T10:00:20", "U1", "customer"),
        ("2.2", "2026-11-02T10:00:20", "U2", "implementation"),
    ]


def test_talk_without_a_deal(jumpin: Jumpin) -> None:
    told = jumpin("scan", SOURCES / "transcripts" / "teams.vtt")
    assert told.status == 2
    assert "give its terms with --deal FILE" in told.err


def test_a_wrong_deal_file_ends_it(jumpin: Jumpin) -> None:
    told = jumpin("scan", "--deal", SOURCES / "deals" / "every-mistake.yml", CONVERSATIONS / "a-006.json")
    assert (told.status, told.out) == (2, "")
    assert len(told.err.splitlines()) == len((SOURCES / "deals" / "every-mistake.txt").read_text().splitlines())


@pytest.mark.parametrize("text", ["1," * 20_000, "", "🎉🎉", "مرحبا 15", "\u200b\u200b", "\x00\x07", "a" * 40_000, "<@U1> [/bold] {x}"])
def test_strange_messages(jumpin: Jumpin, tmp_path: Path, text: str) -> None:
    talk = _json(CONVERSATIONS / "a-006.json")
    talk["messages"] = [{"n": 1, "at": "2026-02-09T09:00", "speaker": "U1", "text": text}]
    file = tmp_path / "strange.json"
    file.write_text(json.dumps(talk))
    for options in ((), ("--json",), ("--explain",)):
        told = jumpin("scan", *options, file)
        assert (told.status, told.err) == (0, "")


def _json(file: Path) -> dict[str, Any]:
    plain = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(plain, dict)
    return plain
