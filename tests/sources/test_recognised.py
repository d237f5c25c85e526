"""What a dropped file is, by what it holds: talk in every form that is read, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.files.dropped import HEAD
from store.sources.files import read_file
from store.sources.recognised import is_talk
from tests.sources.calls import TEXTS, Spoken, docx, otter

DATA = Path(__file__).parent / "data"
CALL = tuple(
    Spoken(who, 10 * n, words)
    for n, (who, words) in enumerate(
        [
            ("Riley Chen", "Thanks for joining."),
            ("Dana Ortiz", "We'd start with fifteen packages a day."),
            ("Ivan Petrov", "How many pallets is that?"),
            ("Dana Ortiz", "One, perhaps two."),
            ("Riley Chen", "We agreed on 150."),
        ]
    )
)
MAIL = "From: Dana Ortiz <dana@acme.example>\nDate: Wed, 4 Nov 2026 10:00:00 -0500\nSubject: start\n\nWe start with 15 a day.\n"


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_form_is_talk(form: str, encoding: str) -> None:
    assert is_talk(TEXTS[form](CALL).encode(encoding), "file.bin")


@pytest.mark.parametrize("file", sorted((DATA / "transcripts").iterdir()), ids=lambda file: file.name)
def test_every_sample_is_talk(file: Path) -> None:
    assert is_talk(file.read_bytes()[:HEAD], "file")


def test_documents_and_mails_are_talk() -> None:
    assert is_talk(docx(otter(CALL).split("\n")), "call")
    assert is_talk(MAIL.encode(), "start.eml")
    assert is_talk(b"", "empty.vtt") is False


def test_a_head_that_ends_within_a_character_is_still_text() -> None:
    talk = TEXTS["zoom"]((Spoken("Zoë Núñez", 1, "é" * 40),)).encode()
    assert all(is_talk(talk[:cut], "x") for cut in range(60, len(talk)))


def _sheet() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", "")
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"date,packages\n2026-11-02,150\n2026-11-03,160\n2026-11-04,120\n",
        b"Account;Ship date;Packages\nAcme;2026-11-02;150\nAcme;2026-11-03;160\n",
        b"Tracking\tShipped\n1Z999\t2026-11-02 10:00\n1Z998\t2026-11-02 10:05\n1Z997\t2026-11-02 10:06\n",
        b"Dear all,\n\nplease find the schedule attached.\n\nRegards\nDana\n",
        b"Roses are red\nviolets are blue\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        bytes(range(256)) * 4,
        (DATA / "deals" / "acme.yml").read_bytes(),
        b'{"a": 1}',
        _sheet(),
        b"",
    ],
    ids=["csv", "csv with ;", "tabs", "letter", "poem", "png", "pdf", "bytes", "deal", "json", "xlsx", "empty"],
)
def test_anything_else_is_not(content: bytes) -> None:
    assert not is_talk(content, "file")


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode), st.sampled_from(["a.vtt", "b.docx", "c"]))
def test_nothing_breaks_it(content: bytes, name: str) -> None:
    is_talk(content, name)
    read_file(content, name)
