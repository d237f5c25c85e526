"""The words of the grammar, looked up: each with its class, its value and its canonical name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.language.quantities.classes import CLASS
from bot.language.quantities.words import TABLE

DAY = 86_400.0
_LINE = re.compile(r"(?P<cls>[a-z_]+)(?: (?P<value>-?\d[\d.e]*?)(?:\.\.(?P<step>\d*))?)?(?: (?P<name>[a-z]+))? = (?P<words>.+)")


def words(listed: str) -> frozenset[str]:
    """The words of a list, to look them up."""
    return frozenset(listed.split())


@dataclass(frozen=True, slots=True)
class Entry:
    """A word's class character, its value (numbers as such, periods in seconds) and its canonical name."""

    cls: str
    value: float | None = None
    name: str = ""


def _entries(table: str) -> Iterator[tuple[str, Entry]]:
    for line in _LINE.finditer(table):
        cls, name = line["cls"], line["name"] or ""
        counts_on = line["step"] is not None
        step = float(line["step"] or 1) if counts_on else 0.0
        for at, word in enumerate(line["words"].split()):
            value = float(line["value"]) + at * step if line["value"] else None
            yield word, Entry(CLASS[cls], value, name or (word if cls == "measure" else ""))


LEXICON: dict[str, Entry] = dict(_entries(TABLE))
_SEEDS = """
ones teen tens tensplural hundred hundreds scale scales dozen dozens couple few several handful half quarter nth nths second ord dig misread
slashdate isodate clock phone code compact period dayname month may today once factor measure
"""
SEEDS = frozenset(CLASS[name] for name in _SEEDS.split())
"""The classes that can start a quantity: a text without any holds none."""
