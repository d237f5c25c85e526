"""The small language in which sayings are listed, compiled to matching that takes linear time on any text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import re2

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 2 << 20


class Wording:
    """A list of sayings; `search` tells whether one of them stands in a text as whole words, in any case."""

    __slots__ = ("_found", "listed")

    def __init__(self, listed: str) -> None:
        self.listed = listed
        sayings = [saying for entry in listed.split(",") if (saying := _saying(entry.split()))]
        self._found = re2.compile(f" (?:{'|'.join(sayings)}) ", _OPTIONS).search

    def search(self, text: str) -> bool:
        """Whether one of the sayings stands in `text`."""
        return self._found(_plain(text)) is not None


def words(listed: str) -> Wording:
    """Sayings listed with commas: `*` is the rest of a word, `/` parts alternatives of one word, `...` lets up to five words between."""
    return Wording(listed)


def any_of(wordings: Iterable[Wording], text: str) -> bool:
    """Whether one of the lists has a saying that stands in `text`."""
    return any(wording.search(text) for wording in wordings)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """The words of a text in lower case with one space around each; apostrophes fall away, since half of the writers leave them out."""
    return f" {' '.join(_WORD.findall(text.lower()))} ".replace("'", "").replace("’", "")


def _saying(tokens: list[str]) -> str:
    pattern = ""
    for place, item in enumerate(tokens):
        if item == "...":
            pattern += "(?: [^ ]+){0,5}? "
            continue
        pattern += " " if place and tokens[place - 1] != "..." else ""
        pattern += f"(?:{'|'.join(_word(part) for part in item.split('/'))})"
    return pattern


def _word(part: str) -> str:
    return re.escape(_plain(part.replace("*", "")).strip()) + ("[^ ]*" if part.endswith("*") else "")
