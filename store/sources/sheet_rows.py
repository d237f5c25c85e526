"""Rows of an XLSX sheet out of a piece of it: by a pattern of their shape where all are alike, else by an XML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from store.sources.sheet_cells import Cells, NotPlain, cell_of, column, parsed

MOST_COLUMNS = 1_000
"""Columns of a sheet that are read."""

_A_CELL = re.compile(r'<c r="([A-Z]{1,3})\d+"([^>/]*)')
_WIDEST = 100
_LEARNT_FROM = 65_536
_INLINE = '><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>'


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
        return parsed(self.head + self.data + b"</piece>")


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
        places = sorted((column(letters), letters) for letters in found)
        if not places or places[-1][0] >= MOST_COLUMNS or len(places) > _WIDEST or any(len(rests) > _WIDEST for rests in found.values()):
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


def plain_rows(piece: Piece, cells: Cells, shape: Shape | None) -> tuple[list[tuple[int | None, list[str]]] | None, Shape | None]:
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


def any_rows(piece: Piece, cells: Cells) -> Iterator[tuple[int | None, list[str]]]:
    """The rows of any piece with their numbers, where they tell them."""
    for one in piece.parsed():
        number = one.get("r")
        if number is not None and not (number.isdecimal() and len(number) < 8):
            raise NotPlain("a row without a number")
        row: list[str] = []
        for cell in one:
            place = column(cell.get("r", "").rstrip("0123456789")) if cell.get("r") else len(row)
            if place < MOST_COLUMNS:
                row += [""] * (place + 1 - len(row))
                row[place] = cell_of(cell, cells)
        yield int(number) if number else None, row
