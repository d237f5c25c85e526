"""Word documents (.docx) into plain text, a line a paragraph: bounded in size and depth, nothing unpacked, nothing resolved or fetched."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

from store.sources.plain import NotReadable

DOCUMENT = "word/document.xml"
LARGEST = 40_000_000
"""Bytes of the document's XML, unpacked; a day of talk has a tenth of that."""

MOST_MEMBERS = 5_000
TIGHTEST = 150
"""How many times larger the XML may be than it is packed; prose packs to a fifth or a twentieth, a zip bomb to a thousandth."""

DEEPEST = 200
_MAIN = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_SHOWN = frozenset({"del", "moveFrom", "instrText", "pPr", "rPr", "sectPr", "Fallback"})


def is_word(data: bytes) -> bool:
    """Whether bytes are a .docx, by what lies in them."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return DOCUMENT in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def word_text(data: bytes) -> str:
    """The text of a .docx as a reader sees it; raises NotReadable."""
    text = _Text()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = text.opened
    parser.EndElementHandler = text.closed
    parser.CharacterDataHandler = text.said
    parser.StartDoctypeDeclHandler = _forbidden
    parser.EntityDeclHandler = _forbidden
    try:
        parser.Parse(_document(data), True)
    except expat.ExpatError as wrong:
        raise NotReadable(f"is a damaged Word document (line {wrong.lineno} of its text is not well formed)") from None
    return text.whole()


def _document(data: bytes) -> bytes:
    """The bytes of the document's text, if their number is that of a text."""
    with _opened(data) as archive:
        parts, info = len(archive.infolist()), archive.getinfo(DOCUMENT)
        if parts > MOST_MEMBERS:
            raise NotReadable(f"is a Word document of more than {MOST_MEMBERS:,} parts")
        if info.file_size > LARGEST or info.file_size > TIGHTEST * max(info.compress_size, 10_000):
            raise NotReadable(f"is a Word document that unpacks to {info.file_size:,} bytes; no transcript does")
        with archive.open(info) as member:
            return member.read(info.file_size)


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError, OSError):
        raise NotReadable("is a damaged or locked Word document; save it as plain text") from None


def _forbidden(*_declared: Any) -> None:
    raise NotReadable("is a Word document that declares entities, as none written by a program for texts does")


class _Text:
    """Gathers what stands in w:t, paragraph by paragraph; deletions, field codes and settings are not shown."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._path: list[str] = []
        self._hidden = 0

    def opened(self, name: str, _attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if len(self._path) > DEEPEST:
            raise NotReadable("is a Word document nested too deeply")
        self._path.append(local)
        self._hidden += local in _NOT_SHOWN
        if not self._hidden and space in _MAIN and local in _BREAKS:
            self._line.append(_BREAKS[local])

    def closed(self, _name: str) -> None:
        local = self._path.pop()
        self._hidden -= local in _NOT_SHOWN
        if local == "p":
            self._lines += "".join(self._line).split("\n")
            self._line.clear()

    def said(self, text: str) -> None:
        if not self._hidden and self._path and self._path[-1] == "t":
            self._line.append(text)

    def whole(self) -> str:
        return "\n".join((*self._lines, "".join(self._line)))
