"""Text transcripts cut into stretches of speech, and who speaks each: heads with a time, `Name:` prefixes, speakers carried on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from store.sources.heads import Heads, like_a_name, not_said, time_line

_WIDE = re.compile(r"[ \t]{20,}")
_PREFIX = re.compile(
    r"(?:\*\*(?P<bold>[^*:]{1,80}):\*\*|\[(?P<square>[^\]:\d][^\]:]{0,79})\]:?|(?P<bare>[^\W\d_][^:\n<>]{0,79}?)\s?:)\s+(?P<said>\S.*)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech as the file cuts it; `second` from the start of the call (or of the day, for clock times)."""

    number: int
    text: str
    who: str = ""
    second: float | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What a transcript was cut into; `mistakes` name the lines that could not be read, `notes` what else should be known."""

    pieces: tuple[Piece, ...]
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def text_pieces(lines: Sequence[str], names: Collection[str] = ()) -> Cut:
    """The stretches of a text transcript: each starts at a head (a name with a time), at a `Name:` or after a blank line."""
    lines = _below_heading([_WIDE.sub("  ", line.strip()) for line in lines])
    heads = Heads(lines, names)
    pieces: list[Piece] = []
    second: float | None = None
    goes_on = False
    for line in heads.joined(lines):
        head, clock = heads.of(line), time_line(line)
        if head:
            second = head.second
            pieces.append(Piece(len(pieces) + 1, "" if not_said(head.said) else head.said, head.who, second))
            goes_on = True
        elif clock is not None or not_said(line):
            second = second if clock is None else clock
            goes_on = goes_on and clock is None and bool(pieces) and not pieces[-1].text
        elif not line:
            goes_on = goes_on and not pieces[-1].text
        elif goes_on and (not pieces[-1].text or not _PREFIX.fullmatch(line)):
            pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text} {line}".strip())
        else:
            pieces.append(Piece(len(pieces) + 1, line, "", second))
            goes_on = True
    return Cut(tuple(pieces))


def _below_heading(lines: list[str]) -> list[str]:
    """What stands below a heading "Transcript", and the names above it: a summary or notes may stand there too."""
    for place, line in enumerate(lines):
        if line.strip(" #*:📖").casefold() in ("transcript", "transcription", "meeting transcript"):
            return lines[place + 1 :]
    return lines


def attendees(lines: Sequence[str]) -> tuple[str, ...]:
    """The names under a heading "Attendees"."""
    for place, line in enumerate(lines):
        if line.strip(" #*:").casefold() == "attendees":
            listed = next((after for after in lines[place + 1 : place + 4] if after.strip()), "")
            return tuple(name.strip() for name in listed.split(",") if name.strip())
    return ()


def with_speakers(pieces: Sequence[Piece], names: Collection[str]) -> list[Piece]:
    """Every piece with its speaker: the prefix where it is a name, else the one before; words before the first speaker are a heading."""
    prefixed = [(piece, None if piece.who else _PREFIX.fullmatch(piece.text)) for piece in pieces if piece.text]
    taken = _speakers([found for _, found in prefixed if found], len(prefixed), names)
    told: list[Piece] = []
    who = ""
    for piece, found in prefixed:
        if found and _name(found) in taken:
            who = _name(found)
            told.append(replace(piece, text=found["said"], who=who))
        else:
            who = piece.who or who
            told.append(replace(piece, who=who))
    return [piece for piece in told if piece.who] or told


def _speakers(found: Sequence[re.Match[str]], pieces: int, names: Collection[str]) -> set[str]:
    """Which prefixes are names: those of known people, and what looks like a name and recurs or stands before most of what is said."""
    known = {name.casefold() for name in names} | {name.split()[0].casefold() for name in names if name.split()}
    counts = Counter(_name(one) for one in found)
    most = 2 * len(found) > pieces
    squares = {_name(one) for one in found if one["square"]}
    return {
        name
        for name, count in counts.items()
        if name.casefold() in known
        or (like_a_name(name, square=name in squares) and (most or count > 1))
        or (count > 2 and name not in squares)
    }


def _name(found: re.Match[str]) -> str:
    return (found["bold"] or found["square"] or found["bare"] or "").strip()
