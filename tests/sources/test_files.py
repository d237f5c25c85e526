"""Talk files of every kind, readable, half readable and hostile."""

from __future__ import annotations

import json
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.sources import files
from store.sources.conversation import Conversation, Turn
from store.sources.conversation_file import parse_conversation
from store.sources.files import read_talk
from store.sources.slack_text import plain_text

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "export"


def _read(path: Path) -> tuple[list[Conversation], list[str], list[str]]:
    found = list(read_talk(path))
    return (
        [conversation for one in found for conversation in one.conversations],
        [line for one in found for line in one.mistakes],
        [line for one in found for line in one.notes],
    )


def test_half_readable_conversation() -> None:
    path = DATA / "conversations" / "half-readable.json"
    (talk,), mistakes, notes = _read(path)
    assert talk.deal is not None
    assert talk.deal.volume.share_of_total is None
    assert [(turn.key, turn.text) for turn in talk.turns] == [("1", "good morning"), ("3", "we start with 15 a day"), ("6", "no number")]
    assert talk.turns[2] == Turn("6", "no number", "7", datetime(2026, 11, 2, 9, 18, 30, tzinfo=UTC), "1")
    assert [line.removeprefix(f"{path}: ") for line in mistakes] == [
        "deal: volume.share_of_total: 60 is more than 1; for 60% write 0.6",
        "deal: people, entry 2: name: is missing; write for instance name: Dana Ortiz",
        'messages, entry 2: "what?" is not a message; it should be an object with "text"',
        'messages, entry 3: at: "2 Nov" is not a time; write the local time such as 2026-11-02T09:14 (read without a time)',
        "messages, entry 4: text: is missing; the message is left out",
        "messages, entry 5: text: 15 is not text; the message is left out",
        'medium: "fax" is not one of slack, call, email; read as slack',
    ]
    assert [line.removeprefix(f"{path}: ") for line in notes] == [
        "deal: paint: is not a field of a deal file; "
        "the fields here are customer, stage, coverage, billing, trade, timezone, country, state, signed, kickoff, reader, "
        "volume, test, ramp, discovery, pickup, people, services, price, calls, channels, brands, closed, open, amendments"
    ]


def test_lines_of_messages() -> None:
    talks, mistakes, _ = _read(DATA / "conversations" / "lines.jsonl")
    assert [(talk.id, [turn.text for turn in talk.turns]) for talk in talks] == [
        ("c", ["four"]),
        ("a", ["one", "three"]),
        ("b", ["two"]),
        ("lines", ["five & six"]),
    ]
    assert talks[1].turns[0].side == "customer"
    assert len(mistakes) == 1
    assert "line 3, column 1: is not JSON" in mistakes[0].replace("line 3: column", "line 3, column")


def _acme(talks: list[Conversation]) -> Conversation:
    (acme,) = (talk for talk in talks if talk.id == "impl-acme")
    return acme


def _zipped(tmp_path: Path, top: str = "") -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(EXPORT.rglob("*.json")):
            archive.write(file, f"{top}{file.relative_to(EXPORT)}")
    return path


@pytest.mark.parametrize("how", ["folder", "zip", "zip with a top folder", "channel folder"])
def test_slack_export(tmp_path: Path, how: str) -> None:
    path = {
        "folder": EXPORT,
        "zip": _zipped(tmp_path),
        "zip with a top folder": _zipped(tmp_path / "..", "Acme export/") if how == "zip with a top folder" else EXPORT,
        "channel folder": EXPORT / "impl-acme",
    }[how]
    talks, mistakes, _ = _read(path)
    assert [talk.id for talk in talks] == (["impl-acme"] if how == "channel folder" else ["impl-acme", "impl-other"])
    acme = _acme(talks)
    assert acme.channel == (() if how == "channel folder" else ("#impl-acme", "C0000000001"))
    assert [(turn.key, turn.name, turn.text, turn.thread) for turn in acme.turns] == [
        ("1793628840.000200", "Ivan Petrov", "how many on the @here truck, <20? see the plan", None),
        ("1793628960.000300", "Dana Ortiz", "10, maybe 15 a day", "1793628840.000200"),
        ("1793628970.000000", None, "New ticket 500", None),
        ("1793715239.000100", "Ivan Petrov", "ok", None),
        ("1793715240.000100", "Dana Ortiz", "still 15", "1793628840.000200"),
    ]
    assert acme.turns[2].bot
    assert acme.turns[0].at == datetime(2026, 11, 2, 14, 14, 0, 200, tzinfo=UTC)
    assert len(mistakes) == 2


def test_day_file_alone() -> None:
    (talk,), mistakes, _ = _read(EXPORT / "impl-acme" / "2026-11-02.json")
    assert (len(talk.turns), talk.turns[0].name, mistakes) == (3, "Ivan Petrov", [])


def test_history_as_the_api_answers(tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(
        json.dumps({"ok": True, "messages": [{"ts": "2000000000.2", "text": "b", "user": "U1"}, {"ts": "2000000000.1", "text": "a"}]})
    )
    (talk,), mistakes, _ = _read(path)
    assert ([turn.text for turn in talk.turns], mistakes) == (["a", "b"], [])


CONVERSATION = json.dumps({"id": "x", "messages": [{"n": 1, "text": "grüße, 15 a day"}]}, ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(CONVERSATION.encode(encoding))
    (talk,), mistakes, _ = _read(path)
    assert (talk.turns[0].text, mistakes) == ("grüße, 15 a day", [])


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "zero bytes": b"\0" * 1000,
    "random": bytes(range(256)) * 40,
    "not json": b"{'a': 1}",
    "cut off": CONVERSATION.encode()[:-3],
    "deep": b'{"messages":' * 50_000,
    "deep list": b"[" * 50_000,
    "a number": b"15",
    "a string": b'"15"',
    "null": b"null",
    "messages is text": b'{"messages": "15 a day"}',
    "no messages": b'{"id": "x"}',
    "bad utf-16": b"\xff\xfeabc",
    "bad zip": b"PK\x03\x04" + b"junk" * 100,
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100,
    "NaN": b'{"messages": [NaN]}',
    "repeated key": b'{"messages": [], "messages": []}',
}


@pytest.mark.parametrize("ending", ["json", "jsonl", "zip", "vtt"])
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_in_short_lines(tmp_path: Path, what: str, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(HOSTILE[what])
    talks, mistakes, _ = _read(path)
    assert mistakes or ending in ("vtt", "jsonl", "zip")
    assert all(turn.text for talk in talks for turn in talk.turns)
    for line in mistakes:
        assert line.startswith(str(path))
        assert len(line) - len(str(path)) < 300
        line.encode()


@pytest.mark.parametrize("blank", ["\x1f", "\u2009", "\u3000", "\u202f", ""])
def test_a_time_with_any_blank_in_it_is_one(tmp_path: Path, blank: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(f"Dana Ortiz\n9:15{blank}AM\nwe start with 15 a day\nRiley Chen\n9:16{blank}PM\nwhy?\n", encoding="utf-8")
    [talk], mistakes, _ = _read(path)
    assert ([turn.text for turn in talk.turns], mistakes) == (["we start with 15 a day", "why?"], [])


def test_missing_and_unreadable() -> None:
    assert _read(Path("nowhere.json"))[1] == ["nowhere.json: there is no such file"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("export.zip", HOSTILE["random"], "is not a .zip, or only a part of one; download the export again"),
        ("talk.json", b" \n", "is empty"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_whoever_named_the_file(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert _read(tmp_path / name)[1] == [f"{tmp_path / name}: {sentence}"]


def test_half_a_surrogate_does_not_stop_anything(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"messages": [{"text": "\\ud83d 15 a day"}]}')
    (talk,), mistakes, _ = _read(path)
    assert (talk.turns[0].text, mistakes) == ("? 15 a day", [])


def test_zip_members_are_read_where_they_lie(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.json", CONVERSATION)
        archive.writestr("/absolute.json", CONVERSATION)
        archive.writestr("__MACOSX/._x.json", "junk")
        archive.writestr("notes.exe", "junk")
        archive.writestr("inner.zip", "PK\x03\x04")
    talks, mistakes, _ = _read(path)
    assert ([talk.id for talk in talks], mistakes) == (["x", "x"], [])
    assert [entry.name for entry in tmp_path.iterdir()] == ["evil.zip"]


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("big.json", "w", force_zip64=True) as member:
        for _ in range(110):
            member.write(b" " * 1_000_000)
    assert path.stat().st_size < 200_000
    talks, mistakes, _ = _read(path)
    assert talks == []
    assert mistakes == [f"{path}/big.json: is 110,000,000 bytes large; at most 100,000,000 are read"]


def test_many_small_files_are_together_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_IN_ALL", 2_000)
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", " " * 1_000)
    talks, mistakes, _ = _read(path)
    assert (talks, mistakes) == ([], [f"{path}: holds more than 50,000 files or 2,000 bytes; give its parts one by one"])


def test_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "lies.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.json", " " * 1_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10)))
    talks, mistakes, _ = _read(path)
    assert talks == []
    assert len(mistakes) == 1


def test_encrypted_zip_member(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.json", CONVERSATION)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert len(_read(path)[1]) == 1


def test_folder_of_mixed_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(CONVERSATION)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "call 2026-11-02.vtt").write_text("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Dana>hello</v>\n")
    (tmp_path / ".hidden.json").write_text("junk")
    (tmp_path / "picture.png").write_bytes(b"\0")
    (tmp_path / "loop").symlink_to(tmp_path)
    talks, mistakes, _ = _read(tmp_path)
    assert ([talk.id for talk in talks], mistakes) == (["x", "call 2026-11-02"], [])


def test_empty_folder(tmp_path: Path) -> None:
    assert len(_read(tmp_path)[1]) == 1


def test_many_mistakes_are_counted_not_listed() -> None:
    found = parse_conversation({"messages": [7] * 5000}, "x.json")
    assert len(found.mistakes) == 21
    assert found.mistakes[-1] == "x.json: and 4,980 more of this kind"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U0123456789> has 15", "@colleague has 15"),
        ("<@U0123456789|dana> has 15", "@dana has 15"),
        ("<#C0123456789|impl> <#C0123456789|>", "#impl #channel"),
        ("<!channel> <!subteam^S1|@team> <!date^1793628840^{date}|2 Nov>", "@channel @team 2 Nov"),
        ("<https://x.test/?a=1&amp;b=2|the plan> <mailto:a@x.test|a@x.test> <tel:5551234>", "the plan a@x.test 5551234"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_slack_markup(raw: str, words: str) -> None:
    assert plain_text(raw) == words


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
MESSAGE = st.dictionaries(
    st.sampled_from(["n", "at", "speaker", "text", "thread", "ts", "user", "subtype", "side", "thread_ts", "attachments"]), ANYTHING
)


@settings(deadline=None, max_examples=200)
@given(st.lists(MESSAGE | ANYTHING, max_size=5), st.dictionaries(st.sampled_from(["id", "medium", "deal"]), ANYTHING))
def test_any_messages_are_read_or_refused(messages: list[object], rest: dict[str, object]) -> None:
    found = parse_conversation({"messages": messages, **rest}, "x.json")
    assert len(found.conversations) == 1
    assert all(isinstance(turn.text, str) and isinstance(turn.key, str) for turn in found.conversations[0].turns)
