"""The rows of a large XLSX workbook as a stream: the sheet is unpacked and read piece by piece, so that its size does not matter.

A piece ends before a row. Exports are rows of the same shape, a million times: a pattern of that shape, learnt from the piece, takes it
apart five times as fast as an XML parser, which gets what does not fit. Neither sees the head of a file, so no entity that it defines is
known.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree as ET

PIECE = 262_144
"""Bytes that are unpacked at a time."""

LONGEST_ROW = 16_000_000
"""Bytes of one row, or of one shared text; what is longer is no table."""

LARGEST_PART = 20_000_000
"""Bytes of the parts that are read whole: the list of sheets, the styles."""

LONGEST_HEAD = 1_000_000
"""Bytes before the first row of a sheet, or the first shared text."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 1_000
"""Rows that a sheet can have, and the columns of it that are read."""

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

_A_CELL = re.compile(r'<c r="([A-Z]{1,3})\d+"([^>/]*)')
_PLAIN_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ATTRIBUTE = re.compile(r'\b(\w+)="([^"]*)"')
_NAMESPACES = re.compile(rb"""\sxmlns(?::\w+)?=(?:"[^"]*"|'[^']*')""")
_FIRST_DAY, _FIRST_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_WIDEST = 100
_MANY_DAYS = 20_000
_LEARNT_FROM = 65_536
_INLINE = '><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>'


class NotPlain(Exception):
    """A workbook that is not written as workbooks mostly are: somebody else may be able to read it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, where it lies in the archive, and whether people see it."""

    name: str
    part: str
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that cells share, end to end in one piece of memory: a million of them by themselves would take a hundred megabytes."""

    whole: str
    ends: array[int]

    @classmethod
    def of(cls, found: Iterable[Sequence[str]]) -> Texts:
        """All of them, as they come."""
        parts, ends, end = list[str](), array("Q", [0]), 0
        for texts in found:
            for text in texts:
                end += len(text)
                ends.append(end)
            parts.append("".join(texts))
        return cls("".join(parts), ends)

    def at(self, places: Iterable[str]) -> list[str]:
        """Those that cells name."""
        whole, ends = self.whole, self.ends
        try:
            return [whole[ends[place] : ends[place + 1]] for place in map(int, places)]
        except (ValueError, IndexError):
            raise NotPlain("a text that is not there") from None


class Days(dict[str, str]):
    """Days by their numbers, as they were asked for."""

    def __init__(self, first: date) -> None:
        self._first = first

    def __missing__(self, text: str) -> str:
        try:
            value = float(text)
            # by their count the 29th of February 1900 was a day
            ahead = int(value) + (1 if self._first == _FIRST_DAY and value < 60 else 0)
            day = (self._first + timedelta(days=ahead)).isoformat() if value >= 1 else _number(text)
        except (ValueError, OverflowError):
            return text
        if len(self) < _MANY_DAYS:
            self[text] = day
        return day


@dataclass(frozen=True, slots=True)
class Cells:
    """What cells hold by their kind and style: shared texts, and numbers, some of which are days."""

    texts: Texts
    dates: frozenset[str]
    days: Days

    def read(self, rest: str, values: Sequence[str]) -> Sequence[str]:
        """Cells of the same attributes as they would stand in a CSV file; an empty one is one."""
        attributes = dict(_ATTRIBUTE.findall(rest))
        kind = attributes.get("t", "n")
        if kind == "n" and attributes.get("s") not in self.dates:
            return [value if value.isdecimal() and value[0] != "0" and len(value) < 16 else _number(value) for value in values]
        if kind == "n":
            return list(map(self.days.__getitem__, values))
        if kind == "s":
            return self.texts.at(values) if all(values) else [self.texts.at([value])[0] if value else "" for value in values]
        if kind == "b":
            return [{"1": "True", "0": "False"}.get(value, value) for value in values]
        return [value[:10] for value in values] if kind == "d" else values


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
        self._first = _FIRST_OF_1904 if about is not None and about.get("date1904") in ("1", "true") else _FIRST_DAY
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
            rows, learnt = _plain_rows(piece, cells, shape)
            shape = learnt if number else None  # the names of the columns stand in the first piece, and are written in another way
            for at, row in rows if rows is not None else _any_rows(piece, cells):
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
            texts = Texts.of(_plain_texts(piece) or [_text(one) for one in piece.parsed()] for _, piece in found)
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
        if len(data) > LARGEST_PART or b"<!DOCTYPE" in data:
            raise NotPlain(f"{name} is not what it should be")
        return _parsed(data)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole items of a part, and the words around them that name their namespaces."""

    data: bytes
    head: bytes

    def text(self) -> str | None:
        """As text; None where a pattern must not read it."""
        if b"&" in self.data:
            return None
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return None

    def parsed(self) -> ET.Element:
        """As XML, the items in one element."""
        return _parsed(self.head + self.data + b"</piece>")


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


def _parsed(data: bytes) -> ET.Element:
    try:
        return ET.fromstring(data)  # noqa: S314 - without a head in which entities could be defined
    except (ET.ParseError, ValueError, LookupError) as wrong:
        raise NotPlain(str(wrong)) from None


def _plain_texts(piece: Piece) -> list[str]:
    """The shared texts of a piece; none where one is not plain."""
    text = piece.text()
    found: list[str] = _PLAIN_TEXT.findall(text) if text is not None else []
    return found if text is not None and text.count("<") == 4 * len(found) else []


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows are written: the pattern of one, and of each column its place with the attributes of its cells and the groups of a match.

    A column of cells with several attributes has a group that tells which, after those of the value and the inline text.
    """

    pattern: re.Pattern[str]
    columns: Sequence[tuple[int, Sequence[str], int]]

    @classmethod
    def of(cls, text: str) -> Shape | None:
        """The shape of rows like these; None where they have none that can be told."""
        found: dict[str, dict[str, None]] = {}
        for letters, rest in _A_CELL.findall(text):
            found.setdefault(letters, {})[rest] = None
        places = sorted((_column(letters), letters) for letters in found)
        if not places or len(places) > _WIDEST or any(len(rests) > _WIDEST for rests in found.values()):
            return None
        pattern, columns, group = [r'<row r="(\d{1,7})"[^>]*>'], [], 1
        for place, letters in places:
            rests = list(found[letters])
            known = "|".join(map(re.escape, rests))
            known = f"({known})" if len(rests) > 1 else known
            pattern.append(rf'(?:<c r="{letters}\d+"{known}(?:/>|><v>([^<]*)</v></c>|{_INLINE}))?')
            columns.append((place, rests, group))
            group += 3 if len(rests) > 1 else 2
        return cls(re.compile("".join([*pattern, "</row>"])), columns)


def _plain_rows(piece: Piece, cells: Cells, shape: Shape | None) -> tuple[list[tuple[int | None, list[str]]] | None, Shape | None]:
    """The rows of a piece with their numbers, and the shape of them all; None where some row has another, so that nothing is left out."""
    text = piece.text()
    if text is None:
        return None, shape
    wanted, fit = text.count("<row"), _fit(shape, text)
    for sample in (text[:_LEARNT_FROM], text) if wanted != len(fit) else ():
        shape = Shape.of(sample)
        fit = _fit(shape, text)
        if len(fit) == wanted:
            break
    if shape is None or not fit or len(fit) != wanted:
        return None, shape
    by_group = list(zip(*fit, strict=True))
    columns = list[Sequence[str]]()
    for place, rests, group in shape.columns:
        columns += [[""] * wanted] * (place - len(columns))
        columns.append(_read_column(by_group, rests, group, cells))
    return list(zip(map(int, by_group[0]), map(list, zip(*columns, strict=True)), strict=True)), shape


def _fit(shape: Shape | None, text: str) -> list[tuple[str, ...]]:
    return shape.pattern.findall(text) if shape is not None else []


def _read_column(by_group: Sequence[Sequence[str]], rests: Sequence[str], group: int, cells: Cells) -> Sequence[str]:
    if len(rests) == 1:
        values, inline = by_group[group : group + 2]
        read = cells.read(rests[0], values)
    else:
        which, values, inline = by_group[group : group + 3]
        read = list(values)
        for rest in rests:
            at = [place for place, one in enumerate(which) if one == rest and values[place]]
            for place, text in zip(at, cells.read(rest, [values[place] for place in at]), strict=True):
                read[place] = text
    return [one or other for one, other in zip(read, inline, strict=True)] if any(inline) else read


def _any_rows(piece: Piece, cells: Cells) -> Iterator[tuple[int | None, list[str]]]:
    """The rows of any piece with their numbers, where they tell them."""
    for one in piece.parsed():
        number = one.get("r")
        if number is not None and not (number.isdecimal() and len(number) < 8):
            raise NotPlain("a row without a number")
        row: list[str] = []
        for cell in one:
            place = _column(cell.get("r", "").rstrip("0123456789")) if cell.get("r") else len(row)
            if place < MOST_COLUMNS:
                row += [""] * (place + 1 - len(row))
                row[place] = _cell(cell, cells)
        yield int(number) if number else None, row


def _cell(cell: ET.Element, cells: Cells) -> str:
    for one in cell:
        if one.tag.endswith("}v"):
            return cells.read(f't="{cell.get("t", "n")}" s="{cell.get("s", "")}"', [one.text])[0] if one.text else ""
        if one.tag.endswith("}is"):
            return _text(one)
    return ""


def _column(letters: str) -> int:
    """The place of a column from 0, by its letters."""
    place = 0
    for sign in letters:
        place = place * 26 + ord(sign) - 64
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and place <= 16_384):
        raise NotPlain(f"no column {letters[:20]}")
    return place - 1


def _number(text: str) -> str:
    """A number as it would stand in a CSV file: a count without a decimal point."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() else str(value)


def _text(item: ET.Element) -> str:
    """The text of a shared or inline one: all of its runs, without the readings that are printed above Japanese words."""
    first = item[0] if len(item) else None
    if first is not None and len(item) == 1 and first.tag.endswith("}t"):
        return first.text or ""
    found = []
    for one in item:
        if one.tag.endswith("}t"):
            found.append(one.text or "")
        elif one.tag.endswith("}r"):
            found += [part.text or "" for part in one if part.tag.endswith("}t")]
    return "".join(found)


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
