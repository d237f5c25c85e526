"""Text transcripts cut into stretches of speech, and who speaks each: heads with a time, `Name:` prefixes, speakers carried on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

_AT = r"(?P<at>\d{1,3}:\d{2}(?::\d{2})?)"
_ZOOM_CLIENT = re.compile(rf"\[(?P<who>[^\]]{{1,80}})\]\s+{_AT}(?P<said>)")
_SLACK_AT = r"(?P<at>(?:1[0-2]|0?[1-9]):[0-5]\d\s?[AaPp][Mm])"
_SLACK_COPY = re.compile(rf"(?P<who>[^\W\d_][^\t*:]{{0,79}}?)(?:\s{{2,}}|\s+\[){_SLACK_AT}\]?(?P<said>)")
_HEADS = (
    _SLACK_COPY,
    _ZOOM_CLIENT,
    re.compile(rf"{_AT}\s*\t\s*(?:From\s+)?(?P<who>[^\t]{{1,80}}?)\s*:\t(?P<said>.*)"),  # Zoom chat
    re.compile(rf"\**(?P<who>[^\W\d_][^\t*]{{0,79}}?)\**(?:\s{{2,}}|\t){_AT}(?P<said>)"),  # Otter
    re.compile(rf"\*\*(?P<who>[^*]{{1,80}})\*\*\s*[\[(]{_AT}[\])]\s*(?P<said>.*)"),
    re.compile(rf"{_AT}(?:\.\d+)?\s+<v (?P<who>[^>]{{1,80}})>(?P<said>.*)"),
)
_TIME_LINE = re.compile(rf"\[?{_AT}\]?")
_SLACK_TIME_LINE = re.compile(rf"\[?{_SLACK_AT}\]?")
_PREFIX = re.compile(
    r"(?:\*\*(?P<bold>[^*:]{1,80}):\*\*|\[(?P<square>[^\]:\d][^\]:]{0,79})\]:?|(?P<bare>[^\W\d_][^:\n<>]{0,79}?)\s?:)\s+(?P<said>\S.*)"
)
_NOT_SAID = re.compile(
    r"WEBVTT\b|attendees$|transcript$|transcribed by https?://otter\.ai|.{0,40}computer[- ]generated|"
    r".{0,60}transcription (?:ended|started)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"de", "da", "del", "der", "den", "di", "la", "le", "van", "von", "al", "bin", "of"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech as the file cuts it; `second` from the start of the call (or of the day, for clock times)."""

    number: int
    text: str
    who: str = ""
    second: float | None = None


def text_pieces(lines: Sequence[str]) -> list[Piece]:
    """The stretches of a text transcript: each starts at a head (a name with a time), at a `Name:` or after a blank line."""
    pieces: list[Piece] = []
    second: float | None = None
    goes_on = False
    for line in _heads_joined([line.strip() for line in lines]):
        head = _head(line)
        clock = _TIME_LINE.fullmatch(line) or _SLACK_TIME_LINE.fullmatch(line)
        if head or clock:
            second = _seconds((head or clock)["at"])  # type: ignore[index]
        if head:
            pieces.append(Piece(len(pieces) + 1, head["said"], head["who"].strip(), second))
            goes_on = True
        elif clock or _NOT_SAID.match(line):
            goes_on = False
        elif not line:
            goes_on = goes_on and not pieces[-1].text
        elif goes_on and not _PREFIX.fullmatch(line):
            pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text} {line}".strip())
        else:
            pieces.append(Piece(len(pieces) + 1, line, "", second))
            goes_on = True
    return pieces


def tells_clock(lines: Sequence[str]) -> bool:
    """Whether the times are those of the clock on the wall, as Zoom's client and Slack write them, not of the call."""
    return any(form.fullmatch(line.strip()) for line in lines for form in (_ZOOM_CLIENT, _SLACK_COPY, _SLACK_TIME_LINE))


def _heads_joined(lines: Sequence[str]) -> Iterator[str]:
    """The lines, a name and the time under it made one: some copies from Slack part them."""
    at = 0
    while at < len(lines):
        line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        joined = bool(_SLACK_TIME_LINE.fullmatch(below)) and len(line.split()) > 1 and _like_a_name(line, square=True)
        yield f"{line}  {below}" if joined else line
        at += 2 if joined else 1


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
        or (_like_a_name(name, square=name in squares) and (most or count > 1))
        or (count > 2 and name not in squares)
    }


def _like_a_name(name: str, *, square: bool) -> bool:
    words = re.sub(r"\(.*?\)", " ", name).replace(",", " ").split()
    if len(words) == 1 and not square:
        return True
    return 0 < len(words) <= 5 and all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words)


def _name(found: re.Match[str]) -> str:
    return (found["bold"] or found["square"] or found["bare"] or "").strip()


def _head(line: str) -> re.Match[str] | None:
    return next((found for form in _HEADS if (found := form.fullmatch(line))), None) if ":" in line else None


def _seconds(clock: str) -> float:
    half = clock[-2:].lower()
    if half in ("am", "pm"):
        hours, minutes = clock[:-2].split(":")
        return float((int(hours) % 12 + (12 if half == "pm" else 0)) * 3600 + int(minutes) * 60)
    parts = [int(part) for part in clock.split(":")]
    return float(sum(part * 60**place for place, part in enumerate(reversed(parts))))
