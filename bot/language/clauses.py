"""Cuts a message into sentences and clauses, each with its place in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n+|;\s")
_CLAUSE_END = re.compile(r",\s|\s[-–—]\s|—|:\s|\s\(|\)\s|\s\||\b(?:but|though|although|whereas|because|cause|cuz|so that|and then)\b")

FEW = 40
"""Characters of a clause that say too little when quoted alone."""

LONGEST = 600
"""Characters of a sentence; what runs on longer (a pasted table, a transcript without marks) is cut there."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text, `start` to `end`; `sentence` is its sentence, `question` whether that ends in a question mark."""

    text: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    question: bool

    def quoted(self, text: str, start: int, end: int) -> tuple[str, int, int]:
        """What to quote of `text` around `start` to `end`: the clause, or the sentence when that is a few words only."""
        start, end = min(self.start, start), max(self.end, end)
        if end - start < FEW:
            start, end = min(self.sentence_start, start), max(self.sentence_start + len(self.sentence), end)
        return text[start:end].strip().rstrip(",;:-–—( "), start, end


def _pieces(text: str, ends: re.Pattern[str], offset: int) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in ends.finditer(text):
        if match.end() > begin:
            yield offset + begin, offset + match.end()
            begin = match.end()
    if begin < len(text):
        yield offset + begin, offset + len(text)


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    for begin in range(start, end, LONGEST):
        yield begin, min(begin + LONGEST, end)


def clauses(text: str) -> list[Clause]:
    """The clauses of `text` in order; together they cover it."""
    found = []
    for whole_start, whole_end in _pieces(text, _SENTENCE_END, 0):
        question = text[whole_start:whole_end].rstrip().endswith("?")
        for start, end in _cut(whole_start, whole_end):
            sentence = text[start:end]
            for clause_start, clause_end in _pieces(sentence, _CLAUSE_END, start):
                piece = text[clause_start:clause_end]
                if piece.strip():
                    found.append(Clause(piece, clause_start, clause_end, sentence, start, question))
    return found


def clause_at(pieces: list[Clause], position: int) -> Clause | None:
    """The clause that covers `position`."""
    place = bisect_right(pieces, position, key=lambda piece: piece.start) - 1
    return pieces[place] if place >= 0 and position < pieces[place].end else None
