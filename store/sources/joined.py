"""Turns put together again where a recogniser cut them: a sentence in two cues, or a sentence around somebody's "mm-hm"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from store.sources.spoken import Piece

LONGEST_TURN = 600
"""Characters up to which stretches of one speaker are joined into the sentence that they cut."""

LONGEST_PAUSE = 45.0
"""Seconds between the beginnings of two stretches from which on the second is a new turn."""

ENOUGH = 60
"""Characters at the end of what was said, or of a hum, that tell whether it goes on."""

_ENDS = re.compile(r"[.?!…][\"'”’)\]]*$")
_DANGLES = re.compile(
    r"(?:[,\-–—:]|\b(?:a|an|the|to|of|at|in|on|by|for|from|with|and|or|but|so|like|about|around|roughly|maybe|than|that|is|are|be|was|were|"
    r"we'd|we'll|we're|i'd|i'll|it's|you'd|you'll|they'd|do|doing|start|starting|between|up|only|just|our|your|my|this|uh|um))\W*$",
    re.IGNORECASE,
)
_HUM = re.compile(r"(?:(?:mm+|mm-?hmm?|mhm|hmm+|uh-?huh|ah+|oh)[\s,.!…]*)+", re.IGNORECASE)
_BACKCHANNEL = re.compile(
    r"(?:(?:mm+|mm-?hmm?|mhm|hmm+|uh-?huh|ah+|oh|yeah|yep|yup|right|okay|ok|sure|got it|gotcha|i see|cool|great|exactly)[\s,.!…]*){1,3}",
    re.IGNORECASE,
)


def joined(pieces: Sequence[Piece], *, captions: bool) -> Iterator[Piece]:
    """The pieces as turns, in order; a turn bears the number and the time of its first piece.

    Captions cut anywhere, so that their pieces go on until a sentence ends. Text transcripts cut where a speaker pauses: there a turn goes
    on only if its last words cannot be an end ("we'd start with"). "Mm-hm" or "right" by somebody else does not end a sentence: a hum
    comes before it, for it was about its first half at most, an assent after it.
    """
    at = 0
    while at < len(pieces):
        turn, between = pieces[at], list[Piece]()
        last = turn
        at += 1
        while at < len(pieces):
            if _goes_on(turn, last, pieces[at], captions=captions):
                last = pieces[at]
                turn = replace(turn, text=f"{turn.text} {last.text}")
            elif _interjected(turn, pieces, at, captions=captions):
                between.append(pieces[at])
            else:
                break
            at += 1
        yield from (piece for piece in between if _HUM.fullmatch(piece.text[:ENOUGH]))
        yield turn
        yield from (piece for piece in between if not _HUM.fullmatch(piece.text[:ENOUGH]))


def _goes_on(turn: Piece, last: Piece, then: Piece, *, captions: bool) -> bool:
    if (
        then.who != turn.who
        or len(turn.text) + len(then.text) >= LONGEST_TURN
        or (then.second or 0.0) - (last.second or 0.0) > LONGEST_PAUSE
    ):
        return False
    return _cut(turn.text, then.text, captions=captions)


def _cut(said: str, then: str, *, captions: bool) -> bool:
    """Whether a sentence was cut here."""
    if _ENDS.search(said[-ENOUGH:]):
        return False
    return captions or _DANGLES.search(said[-ENOUGH:]) is not None or (then[:1].islower() and said[-1:].isalpha())


def _interjected(turn: Piece, pieces: Sequence[Piece], at: int, *, captions: bool) -> bool:
    """Whether a piece only hums while the turn goes on right after it."""
    here, after = pieces[at], pieces[at + 1] if at + 1 < len(pieces) else None
    if after is None or not turn.who or not here.who or here.who == turn.who or not _BACKCHANNEL.fullmatch(here.text[:ENOUGH]):
        return False
    dangling = _DANGLES.search(turn.text[-ENOUGH:]) is not None or after.text[:1].islower()
    return dangling and not turn.text.endswith("?") and _goes_on(turn, here, after, captions=captions)
