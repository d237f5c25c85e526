"""The small language in which sayings are listed, compiled to matching that takes linear time on any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import re2

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 2 << 20
_MANY = re2.Options()
_MANY.log_errors = False
_MANY.max_mem = 24 << 20


class Wording:
    """A list of sayings; `search` tells whether one of them stands in a text as whole words, in any case."""

    __slots__ = ("_which", "listed", "pattern")

    def __init__(self, listed: str) -> None:
        self.listed = listed
        sayings = [saying for entry in listed.split(",") if (saying := _saying(entry.split()))]
        self.pattern = f" (?:{'|'.join(sayings)}) "
        self._which = _matcher([self.pattern], _OPTIONS)

    def search(self, text: str) -> bool:
        """Whether one of the sayings stands in `text`."""
        return self._which(_encoded(text)) is not None


class Wordings:
    """Several patterns looked for at once; `which` tells the places of those that stand in a text.

    They are held against the text's words in lower case, with one blank before, between and after them.
    """

    __slots__ = ("_which",)

    def __init__(self, patterns: Sequence[str]) -> None:
        self._which = _matcher(patterns, _MANY)

    def which(self, text: str) -> list[int]:
        """The places of the patterns that stand in `text`, in order."""
        return sorted(self._which(_encoded(text)) or ())


def _matcher(patterns: Sequence[str], options: re2.Options) -> Callable[[bytes], list[int] | None]:
    """A set answers yes or no without looking where: many times quicker than a search."""
    found = re2.Set.SearchSet(options)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    matcher: Callable[[bytes], list[int] | None] = found.Match
    return matcher


def words(listed: str) -> Wording:
    """Sayings listed with commas: `*` is the rest of a word, `/` parts alternatives of one word, `...` lets up to five words between."""
    return Wording(listed)


def any_of(wordings: Iterable[Wording], text: str) -> bool:
    """Whether one of the lists has a saying that stands in `text`."""
    return any(wording.search(text) for wording in wordings)


@lru_cache(maxsize=512)
def _encoded(text: str) -> bytes:
    return _plain(text).encode(errors="replace")


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
