"""The same call as every program writes it gives the same turns, each number intact; what is broken is named, and the rest is read."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.sources.conversation import Turn
from store.sources.files import read_file, read_talk
from store.sources.word import word_text
from tests.sources.calls import TEXTS, Spoken, docx, meet, otter, teams, zipped, zoom

CALL = (
    Spoken("Riley Chen", 4, "Thanks for joining. What do you plan to start with?"),
    Spoken("Dana Ortiz", 13, "We'd start with 15 a day, so < 20 and > 3 & see how it goes."),
    Spoken("Ivan Petrov", 40, "The plan: 1,200 by 16:00, and 2.5% on Nov 3?"),
    Spoken("Dana Ortiz", 3_700, "Right, 15 a day -> 20 a day."),
    Spoken("Riley Chen", 3_725, "The agreement is 150/day."),
)
DOCUMENTS = {"meet": meet, "otter": otter, "pasted": TEXTS["pasted"]}


def _turns(data: bytes, name: str) -> tuple[Turn, ...]:
    found = read_file(data, name)
    assert found.mistakes == ()
    (conversation,) = found.conversations
    assert conversation.medium == "call"
    return conversation.turns


def _said(turns: tuple[Turn, ...]) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in turns]


@pytest.mark.parametrize("form", TEXTS)
def test_each_program_writes_the_same_call(form: str) -> None:
    turns = _turns(TEXTS[form](CALL).encode(), "call.txt")
    assert _said(turns) == [(one.who, one.text) for one in CALL]
    if form not in ("gemini", "pasted", "scripted"):
        clock = form in ("zoom_client", "zoom_chat_saved")
        moments = ["10:00", "10:00", "10:00", "11:01", "11:02"] if clock else ["0:04", "0:13", "0:40", "1:01:40", "1:02:05"]
        assert [turn.moment for turn in turns] == moments


@pytest.mark.parametrize("form", DOCUMENTS)
def test_word_documents(form: str) -> None:
    turns = _turns(docx(DOCUMENTS[form](CALL).split("\n")), "call.docx")
    assert _said(turns) == [(one.who, one.text) for one in CALL]


@pytest.mark.parametrize("ending", ["vtt", "srt", "txt", "docx", "md", "", "pdf"])
def test_content_says_what_a_file_is(ending: str) -> None:
    assert len(_turns(zoom(CALL).encode(), f"call.{ending}")) == 5
    assert len(_turns(docx(otter(CALL).split("\n")), f"call.{ending}")) == 5


WORDS = st.sampled_from(
    [
        "we",
        "ship",
        "15",
        "1,200",
        "2.5%",
        "a day",
        "< 15",
        "> 3",
        "16:00",
        "fifteen",
        "&",
        "#7",
        "$4.85",
        "Nov 3",
        "10-15",
        "150/day",
        "R&D",
        "½",
    ]
)
NAMES = st.sampled_from(["Dana Ortiz", "Ivan Petrov", "Riley Chen", "Renée O'Neil", "Zoë de la Cruz"])


@st.composite
def calls(draw: st.DrawFn) -> list[Spoken]:
    """Some calls of two and more people who end their sentences, each saying several things."""
    said = draw(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=2, max_size=8))
    first, second = draw(st.lists(NAMES, min_size=2, max_size=2, unique=True))
    return [
        Spoken(first if number % 2 == 0 else second, 5 * number + 1, f"So {' '.join(words)}.")
        for number, words in enumerate([*said, *said])
    ]


@pytest.mark.parametrize("form", TEXTS)
@settings(max_examples=25)
@given(call=calls())
def test_no_format_loses_or_invents_a_number(form: str, call: list[Spoken]) -> None:
    assert _said(_turns(TEXTS[form](call).encode(), "call.txt")) == [(one.who, " ".join(one.text.split())) for one in call]


@settings(max_examples=25)
@given(calls())
def test_no_document_loses_or_invents_a_number(call: list[Spoken]) -> None:
    assert _said(_turns(docx(meet(call).split("\n")), "call.docx")) == [(one.who, one.text) for one in call]


NO_TIME = "is no time such as 00:00:01.000 --> 00:00:03.000; its words are read with the time of the cue before"
ODD = {
    "a cue without a time": (
        "WEBVTT//1/@1/<v Dana>Hello.</v>//2/<v Dana>15 a day.</v>//3/@9/<v Ivan>Ok.</v>",
        ["Hello.", "15 a day.", "Ok."],
        "line 7: cue '2' has no time; its words are read with the time of the cue before",
    ),
    "a time that is none": (
        "WEBVTT//@1/<v Dana>Hello.</v>//00:0x:03.000 --> 00:00:04.000/<v Dana>15 a day.</v>",
        ["Hello.", "15 a day."],
        f"line 6: '00:0x:03.000 --> 00:00:04.000' {NO_TIME}",
    ),
    "a time that is half": (
        "WEBVTT//@1/<v Dana>Hello.</v>//00:00:03.000 -->/<v Dana>15 a day.</v>",
        ["Hello.", "15 a day."],
        f"line 6: '00:00:03.000 -->' {NO_TIME}",
    ),
    "words above the first time": (
        "WEBVTT//<v Dana>We start with 15.</v>//@1/<v Ivan>Hello.</v>",
        ["We start with 15.", "Hello."],
        "line 3: these words have no time; they are read as said at the start",
    ),
    "a title above the first time": ("Acme kickoff 2026//1/@1/Dana: Hello.", ["Hello."], None),
    "numbers as words": ("1/@1/Dana: How many?//2/@3/15//3/@5/Dana: A day.", ["How many?", "15 A day."], None),
    "no blank lines": ("1/@1/Dana: How many?/2/@3/Ivan: It is/15/3/@5/Dana: Ok.", ["How many?", "It is 15", "Ok."], None),
    "a note and a style": (
        "WEBVTT/Kind: captions/Language: en//NOTE 15 things/were edited//STYLE/::cue { color: red }//@1 align:start/"
        "<v.loud Dana><b>15<~b> <c.yellow>a day<~c><~v>",
        ["15 a day"],
        None,
    ),
    "a blank line within": ("@1/Dana: It is//15 a day.//@3/Dana: Ok.", ["It is 15 a day.", "Ok."], None),
    "rolling captions": (
        "WEBVTT//@1/we/start//@2/start/with//@3/with/15//@4/15/a day.//@5/a day./Ok.",
        ["we start with 15 a day.", "Ok."],
        None,
    ),
    "an arrow in speech": ("@1/<v Dana>From 15//@2/15 --> 20 a day.", ["From 15 15 --> 20 a day."], None),
    "tags that are none": (
        "@1/<v Dana>it is <15 and >3, a <b and c> d &amp;lt; AT&T &copy 5",
        ["it is <15 and >3, a <b and c> d &lt; AT&T &copy 5"],
        None,
    ),
}
"""Text ("/": a new line; "@3": the time from 3 to 4), the words read, and the line of what could not be read."""


def _file(text: str) -> bytes:
    times = re.sub(r"@(\d)", r"00:00:0\1.000 --> 00:00:0\1.900", text.replace("</", "<~").replace("/", "\n"))
    return times.replace("<~", "</").encode()


@pytest.mark.parametrize("what", ODD)
def test_odd_cues(what: str) -> None:
    text, said, mistake = ODD[what]
    found = read_file(_file(text), "call.vtt")
    assert [turn.text for turn in found.conversations[0].turns] == said
    assert found.mistakes == ((f"call.vtt: {mistake}",) if mistake else ())


def test_a_transcript_that_was_cut_off() -> None:
    whole = teams(CALL)
    found = read_file(whole[: whole.rindex("<v")].encode(), "call.vtt")
    assert len(found.conversations[0].turns) == 4
    assert found.notes[0] == "call.vtt: it ends in the middle of a cue, perhaps it was cut off"


def test_a_sentence_around_a_hum_is_one_turn() -> None:
    call = [
        Spoken("Dana Ortiz", 1, "so we'd start with"),
        Spoken("Ivan Petrov", 3, "Mm-hm."),
        Spoken("Dana Ortiz", 4, "fifteen a day"),
        Spoken("Ivan Petrov", 9, "Right."),
    ]
    for form in ("zoom", "teams", "srt", "otter", "pasted"):
        turns = _turns(TEXTS[form](call).encode(), "call.txt")
        assert [turn.text for turn in turns] == ["Mm-hm.", "so we'd start with fifteen a day", "Right."]
        assert turns[1].moment == (None if form == "pasted" else "0:01")


def test_an_answer_stays_behind_its_question_and_chat_is_not_joined() -> None:
    asked = [Spoken("Ivan Petrov", 1, "so 150 a day?"), Spoken("Dana Ortiz", 3, "Yeah."), Spoken("Ivan Petrov", 4, "good")]
    assert [turn.text for turn in _turns(zoom(asked).encode(), "call.vtt")] == ["so 150 a day?", "Yeah.", "good"]
    typed = [Spoken("Dana Ortiz", 1, "we start with"), Spoken("Dana Ortiz", 3, "pickup at 4"), Spoken("Dana Ortiz", 4, "ok")]
    assert len(_turns(TEXTS["zoom_chat"](typed).encode(), "chat.txt")) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x01\x02" * 50, "is not text"),
        (zipped({"word/document.xml": b"<w:document"}), "is a damaged Word document"),
        (docx(["Dana: 15 a day."])[:-40], "is a damaged or locked Word document"),
        (docx(["Dana: 15"], more='<!DOCTYPE w [<!ENTITY a "15">]>'), "declares entities"),
        (zipped({"word/document.xml": b"<p>" * 5_000}), "is a Word document nested too deeply"),
        (zipped({"word/document.xml": b"<a>" + b" " * 30_000_000 + b"</a>"}), "unpacks to 30,000,007 bytes"),
        (zipped({"word/document.xml": b"x", **{str(n): "" for n in range(5_100)}}), "more than 5,000 parts"),
        (b"Dana: 15\n" * 600_000, "is 5,400,000 characters long; no call is longer"),
        (docx([""]), "holds no speech"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence(data: bytes, reason: str) -> None:
    found = read_file(data, "call.docx")
    assert found.conversations == ()
    (line,) = found.mistakes
    assert line.startswith("call.docx: ")
    assert reason in line
    assert len(line) < 200


def test_deleted_words_are_not_said() -> None:
    data = docx(["Dana Ortiz:\t15 a day"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode()
    xml = xml.replace("</w:p>", "<w:del><w:r><w:t>0</w:t><w:delText>0</w:delText></w:r></w:del><w:r><w:br/><w:t>ok</w:t></w:r></w:p>")
    assert word_text(zipped({"word/document.xml": xml})) == "Dana Ortiz:\t15 a day\nok\n"


def test_a_word_document_in_a_folder_and_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "kickoff.docx").write_bytes(docx(otter(CALL).split("\n")))
    (tmp_path / "calls.zip").write_bytes(zipped({"../kickoff.docx": docx(otter(CALL).split("\n"))}))
    for path in (tmp_path / "calls", tmp_path / "calls.zip"):
        (found,) = read_talk(path)
        assert len(found.conversations[0].turns) == 5
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["calls", "calls.zip"]


def test_what_looks_like_a_head_is_words() -> None:
    text = "Dana Ortiz: First truck is\nPickup 4:30\nRiley Chen: Fine.\nDana Ortiz: We said Monday 9:15\nRiley Chen: Ok."
    assert _said(_turns(text.encode(), "paste.txt")) == [
        ("Dana Ortiz", "First truck is Pickup 4:30"),
        ("Riley Chen", "Fine."),
        ("Dana Ortiz", "We said Monday 9:15"),
        ("Riley Chen", "Ok."),
    ]


def test_an_assent_in_between_stays_behind_the_whole_sentence() -> None:
    call = [Spoken("Ivan Petrov", 1, "so it's 150 a day"), Spoken("Dana Ortiz", 3, "Yeah."), Spoken("Ivan Petrov", 4, "from Monday on.")]
    assert [turn.text for turn in _turns(zoom(call).encode(), "call.vtt")] == ["so it's 150 a day from Monday on.", "Yeah."]
