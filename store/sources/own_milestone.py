"""A milestone of one's own as people type it: "second pickup window review next Thursday"."""

from __future__ import annotations

import re
from datetime import date

from store.sources.values import Wrong, shown, spoken_day

LONGEST = 6
"""Words in which a day is named."""

_BEFORE = re.compile(r"(?:^|[\s,;:–-]+)(?:on|by|until|at|for|next|this|coming)?[\s,;:–-]*$", re.IGNORECASE)
_DAYLIKE = re.compile(r"\d|day|week|month|tomorrow", re.IGNORECASE)
_NUMERIC = re.compile(r"\S*\d+[/.-]\d+\S*")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_OF_A_MONTH = re.compile(rf"{_MONTH}\s+\d+\S*|\d+\S*\s+(?:of\s+)?{_MONTH}", re.IGNORECASE)
"""What is no day though it names one, such as Feb 30: part of it must not be taken for another."""


def own_milestone(text: str, today: date) -> tuple[str, date]:
    """Its title and its day, which stands at the end: "in two weeks", "next Thursday", "9 Nov", 2026-11-09.

    Raises Wrong, in one sentence.
    """
    words = text.split()[:60]
    refused: Wrong | None = None
    for count in _lengths(words):
        named = " ".join(words[-count:])
        try:
            day = spoken_day(named, today)
        except Wrong as reason:
            if _OF_A_MONTH.fullmatch(named):
                raise
            refused = reason if _NUMERIC.fullmatch(named) else refused
            continue
        title = _BEFORE.sub("", " ".join(words[:-count]))
        if title:
            return title[:200], day
    if refused is not None:
        raise refused
    raise Wrong(f"{shown(' '.join(words)[:60])} names no day at its end; write for instance: window review next Thursday")


def _lengths(words: list[str]) -> list[int]:
    """How many words at the end may name the day: first what a preposition sets apart, then the most; "5 tomorrow" is no day."""
    if [word.casefold() for word in words[-2:-1]] != ["after"] and words[-1:] and words[-1].casefold() in ("today", "tomorrow"):
        return [1] if len(words) > 1 else []
    lengths = [count for count in range(min(LONGEST, len(words) - 1), 0, -1) if _DAYLIKE.search(" ".join(words[-count:]))]
    apart = [count for count in lengths if words[-count - 1].casefold() in ("on", "by", "until", "for", "at")]
    return [*sorted(apart), *(count for count in lengths if count not in apart)]
