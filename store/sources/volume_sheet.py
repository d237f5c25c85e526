"""The rows of a large XLSX workbook as a stream: the sheet is unpacked and read piece by piece, so that its size does not matter.

A piece ends before a row. Exports are rows of the same shape, a million times: a pattern of that shape, learnt from the piece, takes it
apart five times as fast as an XML parser, which gets what does not fit. Neither sees the head of a file, so no entity that it defines is
known.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree as ET

from store.sources.sheet_cells import FIRST_DAY, FIRST_OF_1904, Cells, Days, NotPlain, Texts, parsed, text_of
from store.sources.sheet_rows import Piece, Shape, any_rows, plain_rows

PIECE = 262_144
"""Bytes that are unpacked at a time."""

LONGEST_ROW = 16_000_000
"""Bytes of one row, or of one shared text; what is longer is no table."""

LARGEST_PART = 20_000_000
"""Bytes of the parts that are read whole: the list of sheets, the styles."""

LONGEST_HEAD = 1_000_000
"""Bytes before the first row of a sheet, or the first shared text."""

MOST_ROWS = 1_048_576
"""Rows that a sheet can have."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINKS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of the formats for days and times that every workbook has."""

_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What stands in a format without being one: quoted words, colours and conditions."""

_PLAIN_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_NAMESPACES = re.compile(rb"""\sxmlns(?::\w+)?=(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, where it lies in the archive, and whether people see it."""

    name: str
    part: str
    shown: bool = True


class Book:
    """A workbook's sheets. Raises NotPlain for one that this reader does not know how to read, and what zipfile raises."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        at = next((target for kind, _, target in self._links("", "") if kind == "officeDocument"), "xl/workbook.xml")
        root = self._whole(at)
        main = _namespace(root)
        links = [(kind, key, target) for kind, key, target in self._links(str(PurePosixPath(at).parent), PurePosixPath(at).name)]
        parts = {key: target for kind, key, target in links if kind == "worksheet"}
        self._shared = next((target for kind, _, target in links if kind == "sharedStrings"), None)
        self._styles = next((target for kind, _, target in links if kind == "styles"), None)
        about = root.find(f"{main}workbookPr")
        self._first = FIRST_OF_1904 if about is not None and about.get("date1904") in ("1", "true") else FIRST_DAY
        self._cells: Cells | None = None
        found = [(one, next((one.get(link) for link in _LINKS if link in one.attrib), None)) for one in root.iter(f"{main}sheet")]
        self.sheets = [
            Sheet(one.get("name", ""), self._part(parts[key]), one.get("state", "visible") == "visible")
            for one, key in found
            if key in parts
        ]
        if not self.sheets:
            raise NotPlain("no sheets")

    def size(self, sheet: Sheet) -> int:
        """Bytes of a sheet, unpacked."""
        return self._archive.getinfo(sheet.part).file_size

    def rows(self, sheet: Sheet, progress: Callable[[int, float], None] = lambda _rows, _share: None) -> Iterator[list[str]]:
        """Its rows as they would stand in a CSV file, one for each row of the sheet; `progress` is told rows and share read."""
        cells, size, number = self._read_first(), max(self.size(sheet), 1), 0
        shape: Shape | None = None
        for read, piece in _pieces(self._archive.open(sheet.part), b"sheetData", b"row"):
            rows, learnt = plain_rows(piece, cells, shape)
            shape = learnt if number else None  # the names of the columns stand in the first piece, and are written in another way
            for at, row in rows if rows is not None else any_rows(piece, cells):
                if at is not None and not number < at <= MOST_ROWS:
                    raise NotPlain("rows out of order")
                yield from ([] for _ in range(number + 1, at or 0))
                number = at or number + 1
                yield row
            progress(number, min(1.0, read / size))

    def _read_first(self) -> Cells:
        """What the cells need: the shared texts, and the styles that show a number as a day."""
        if self._cells is None:
            shared = self._archive.open(self._part(self._shared)) if self._shared is not None else None
            found = _pieces(shared, b"sst", b"si") if shared is not None else ()
            texts = Texts.of(_plain_texts(piece) or [text_of(one) for one in piece.parsed()] for _, piece in found)
            dates = _dated(self._whole(self._styles)) if self._styles is not None else frozenset[str]()
            self._cells = Cells(texts, dates, Days(self._first))
        return self._cells

    def _links(self, folder: str, name: str) -> Iterator[tuple[str, str, str]]:
        """What a part refers to: kind, key and place."""
        at = str(PurePosixPath(folder) / "_rels" / f"{name}.rels")
        for one in self._whole(at) if at in self._names else ():
            target = one.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else str(PurePosixPath(folder) / target)
            if one.get("TargetMode") != "External":
                yield one.get("Type", "").rpartition("/")[2], one.get("Id", ""), place

    def _part(self, name: str) -> str:
        if name not in self._names:
            raise NotPlain(f"no {name}")
        return name

    def _whole(self, name: str) -> ET.Element:
        with self._archive.open(self._part(name)) as part:
            data = part.read(LARGEST_PART + 1)
        if len(data) > LARGEST_PART or b"<!DOCTYPE" in data or b"\0" in data:  # in two bytes a letter a head would not be seen
            raise NotPlain(f"{name} is not what it should be")
        return parsed(data)


def _pieces(part: IO[bytes], whole: bytes, item: bytes) -> Iterator[tuple[int, Piece]]:
    """The items of a part (rows of a sheet, shared texts), some at a time, with the bytes read so far."""
    with part:
        data = b""
        while (begin := re.search(rb"<(\w+:)?" + whole + rb"\b([^>]*)>", data)) is None:
            more = part.read(PIECE)
            data += more
            if not more or len(data) > LONGEST_HEAD or b"\0" in data:  # the last: of two bytes a letter
                raise NotPlain("no head of the usual kind")
        if b"<!DOCTYPE" in data[: begin.start()]:
            raise NotPlain("a head of its own")
        if begin[2].endswith(b"/"):
            return
        head = b"<piece" + b"".join(dict.fromkeys(_NAMESPACES.findall(data[: begin.end()]))) + b">"
        prefix = begin[1] or b""
        # to cut where one begins, and not where one ends, is right for empty ones too, which have no end
        first, end = b"<" + prefix + item, b"</" + prefix + whole + b">"
        read, data = len(data), data[begin.end() :]
        while (over := data.find(end)) < 0:
            cut = data.rfind(first)
            if cut > 0:
                yield read, Piece(data[:cut], head)
                data = data[cut:]
            elif len(data) > LONGEST_ROW:
                raise NotPlain("too long a row")
            more = part.read(PIECE)
            if not more:
                raise NotPlain("ends in the middle")
            read += len(more)
            data += more
        yield read, Piece(data[:over], head)


def _plain_texts(piece: Piece) -> list[str]:
    """The shared texts of a piece; none where one is not plain."""
    text = piece.text()
    found: list[str] = _PLAIN_TEXT.findall(text) if text is not None else []
    return found if text is not None and text.count("<") == 4 * len(found) else []


def _dated(styles: ET.Element) -> frozenset[str]:
    """The styles, by number, that show a number as a day or a time."""
    main = _namespace(styles)
    own = {one.get("numFmtId"): _is_day(one.get("formatCode", "")) for one in styles.iter(f"{main}numFmt")}
    formats: Sequence[ET.Element] = [one for group in styles.findall(f"{main}cellXfs") for one in group]
    found = set()
    for place, one in enumerate(formats):
        number = one.get("numFmtId", "0")
        if own.get(number, number.isdecimal() and int(number) in _DAYS):
            found.add(str(place))
    return frozenset(found)


def _is_day(code: str) -> bool:
    plain = _ASIDE.sub("", code.partition(";")[0])
    return plain.lower() != "general" and bool(re.search(r"[dmyhs]", plain, re.IGNORECASE))


def _namespace(root: ET.Element) -> str:
    found = next((one for one in (_MAIN, _STRICT) if root.tag.startswith(one)), None)
    if found is None:
        raise NotPlain("another kind of workbook")
    return found
