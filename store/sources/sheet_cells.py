"""What the cells of an XLSX sheet hold: numbers, days, texts that cells share, as they would stand in a CSV file."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET

FIRST_DAY, FIRST_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""The day 0 of a workbook, of most and of old ones from a Mac."""

_ATTRIBUTE = re.compile(r'\b(\w+)="([^"]*)"')
_MANY_DAYS = 20_000


class NotPlain(Exception):
    """A workbook that is not written as workbooks mostly are: somebody else may be able to read it."""


def parsed(data: bytes) -> ET.Element:
    """As XML. Raises NotPlain. Give it nothing with a head of its own."""
    try:
        return ET.fromstring(data)  # noqa: S314 - without a head in which entities could be defined
    except (ET.ParseError, ValueError, LookupError) as wrong:
        raise NotPlain(str(wrong)) from None


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
            ahead = int(value) + (1 if self._first == FIRST_DAY and value < 60 else 0)
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


def cell_of(cell: ET.Element, cells: Cells) -> str:
    """What a cell holds as it would stand in a CSV file."""
    for one in cell:
        if one.tag.endswith("}v"):
            return cells.read(f't="{cell.get("t", "n")}" s="{cell.get("s", "")}"', [one.text])[0] if one.text else ""
        if one.tag.endswith("}is"):
            return text_of(one)
    return ""


def column(letters: str) -> int:
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


def text_of(item: ET.Element) -> str:
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
