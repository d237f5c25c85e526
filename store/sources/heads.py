"""The lines of text transcripts that say who speaks, and when, as meeting programs, note takers and Slack write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_AT = r"(?P<at>\d{1,3}:\d{2}(?::\d{2})?)(?:[.,]\d{1,3})?"
_ANY_AT = r"[\[(]?" + _AT + r"[\])]?"
_NAME = r"\**(?P<who>[^\W\d_][^\t*:\[|]{0,79}?)\**"
_SLACK_AT = r"(?P<at>(?:1[0-2]|0?[1-9]):[0-5]\d\s?[AaPp][Mm])"
_ZOOM_CLIENT = re.compile(rf"\[(?P<who>[^\]]{{1,80}})\]\s+{_AT}(?P<said>)")
_ZOOM_FROM = re.compile(
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}\s+)?{_AT}\s+From\s+(?P<who>.{{1,80}}?)(?:\s+to\s+.{{1,80}}?)?\s*:(?:\s+(?P<said>.*))?", re.IGNORECASE
)
_SLACK_COPY = re.compile(rf"(?P<who>[^\W\d_][^\t*:]{{0,79}}?)(?:\s{{2,}}|\s+\[){_SLACK_AT}\]?(?P<said>)")
_CERTAIN = (
    _SLACK_COPY,
    _ZOOM_CLIENT,
    _ZOOM_FROM,
    re.compile(rf"{_AT}\s*\t\s*(?P<who>[^\t]{{1,80}}?)\s*:\t(?P<said>.*)"),  # Zoom chat of a recording
    re.compile(rf"\**(?P<who>[^\W\d_][^\t*]{{0,79}}?)\**(?:\s{{2,}}|\t){_AT}(?P<said>)"),  # Otter, Teams .docx
    re.compile(rf"\*\*(?P<who>[^*]{{1,80}})\*\*\s*[\[(]{_AT}[\])]\s*(?P<said>.*)"),
    re.compile(rf"{_AT}\s+<v (?P<who>[^>]{{1,80}})>(?P<said>.*)"),
)
_LIKELY = (
    re.compile(rf"{_ANY_AT}\s*(?:[-–—|]\s*)?{_NAME}:\**\s+(?P<said>\S.*)"),  # Tactiq, Grain
    re.compile(rf"{_AT}\s+[-–—|]\s+{_NAME}(?P<said>)"),  # Fathom "0:15 - Dana Ortiz (Acme)", Gong "0:15 | Dana"
    re.compile(rf"{_NAME}\s*[\[(]{_AT}[\])]\s*:?\s*(?P<said>.*)"),  # Rev "Dana Ortiz (00:15):"
    re.compile(rf"{_NAME}(?:\s+[-–—|])?\s+{_AT}\s*:?(?P<said>)"),  # Fireflies "Dana Ortiz - 00:15"
)
_TIME_LINE = re.compile(rf"\s*{_ANY_AT}\s*")
_SLACK_TIME_LINE = re.compile(rf"\[?{_SLACK_AT}\]?")
_ALONE = re.compile(r"\**(?P<who>[^\W\d_][^\t*:|\[\]]{0,79}?)\**(?P<colon>:?)\**")
_NOT_SAID = re.compile(
    r"WEBVTT\b|(?:attendees|invited|transcript|transcription|action items)\W*$|transcribed by https?://otter\.ai|"
    r".{0,40}computer[- ]generated|.{0,60}(?:transcription|meeting|recording) (?:ended|started|stopped)\b|"
    r"ACTION ITEM: |SCREEN SHARING: |VIEW RECORDING\b|[-–—_=*#]{3,}$|"
    r"Reacted to .{1,400}\bwith\b|Removed an? .{1,80} reaction\b|Replying to [\"“]",
    re.IGNORECASE,
)
_PARTICLES = frozenset(("de", "da", "del", "der", "den", "di", "du", "la", "le", "van", "von", "al", "bin", "of", "y", "e", "dos", "and"))
_NO_NAMES = frozenset(("okay", "ok", "yes", "yeah", "no", "right", "thanks", "at", "by", "from", "until", "before", "after", "around"))
_NO_NAMES |= {"pickup", "tomorrow", "today", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}


@dataclass(frozen=True, slots=True)
class Head:
    """Who begins to speak, the second of the call (or of the day), and the words on the same line."""

    who: str
    second: float
    said: str


class Heads:
    """The heads of one text: what looks like one surely is, where it is of a form that nothing else has, or where its name recurs."""

    def __init__(self, lines: Sequence[str], names: Collection[str]) -> None:
        likely = [found["who"].strip() for line in lines if (found := _likely(line))]
        alone = [_ALONE.fullmatch(line) for line, below in pairwise(lines) if _TIME_LINE.fullmatch(below)]
        above = [found["who"].strip() for found in alone if found and not found["colon"]]
        counts = Counter(name for name in (*likely, *above) if like_a_name(name, square=True))
        known = {name.casefold() for name in names} | {name.split()[0].casefold() for name in names if name.split()}
        self._names = {
            name for name, count in counts.items() if count > 1 or name.casefold() in known or (len(name.split()) > 1 and _all_names(name))
        }

    def of(self, line: str) -> Head | None:
        """The head that a line is, if it is one."""
        if ":" not in line:
            return None
        found = next((found for form in _CERTAIN if (found := form.fullmatch(line))), None)
        if found is None:
            found = _likely(line)
            if found is None or found["who"].strip() not in self._names:
                return None
        return Head(found["who"].strip(), seconds(found["at"]), (found["said"] or "").strip())

    def joined(self, lines: Sequence[str]) -> Iterator[str]:
        """The lines, a name and the time or the words under it made one: some exports part them."""
        at = 0
        while at < len(lines):
            line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
            joined = self._parted(line, below)
            yield joined or line
            at += 2 if joined else 1

    def _parted(self, line: str, below: str) -> str | None:
        alone = _ALONE.fullmatch(line) if below else None
        if alone is None or _NOT_SAID.match(line):
            return None
        who = alone["who"].strip()
        if alone["colon"]:  # "Dana Ortiz:" above her words
            follows = _ALONE.fullmatch(below)
            return f"{line} {below}" if like_a_name(who, square=True) and not (follows and follows["colon"]) else None
        if _SLACK_TIME_LINE.fullmatch(below):
            return f"{who}  {below}" if len(who.split()) > 1 and like_a_name(who, square=True) else None
        return f"{who}  {below.strip('[]() ')}" if _TIME_LINE.fullmatch(below) and who in self._names else None


def _likely(line: str) -> re.Match[str] | None:
    return next((found for form in _LIKELY if (found := form.fullmatch(line))), None) if ":" in line else None


def _all_names(name: str) -> bool:
    return not any(word.strip(".,").casefold() in _NO_NAMES for word in name.split())


def time_line(line: str) -> float | None:
    """The second that a line names which holds nothing but a time."""
    found = _TIME_LINE.fullmatch(line) or _SLACK_TIME_LINE.fullmatch(line)
    return seconds(found["at"]) if found else None


def not_said(line: str) -> bool:
    """Whether a line is the program's own: headings, notices, reactions."""
    return _NOT_SAID.match(line) is not None


def tells_clock(lines: Sequence[str]) -> bool:
    """Whether the times are those of the clock on the wall, as Zoom's client and chat and Slack write them, not of the call."""
    return any(form.fullmatch(line.strip()) for line in lines for form in (_ZOOM_CLIENT, _ZOOM_FROM, _SLACK_COPY, _SLACK_TIME_LINE))


def typed(lines: Sequence[str]) -> bool:
    """Whether the words were written, in a chat, and not spoken: every message stands by itself."""
    return any(form.fullmatch(line.strip()) for line in lines for form in (_ZOOM_FROM, _CERTAIN[3], _SLACK_COPY, _SLACK_TIME_LINE))


def like_a_name(name: str, *, square: bool) -> bool:
    """Whether words look like somebody's name: a few of them, each with a capital. `square`: one word alone must have one too."""
    words = re.sub(r"\(.*?\)", " ", name).replace(",", " ").split()
    if len(words) == 1 and not square:
        return True
    return 0 < len(words) <= 5 and all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words)


def seconds(clock: str) -> float:
    """A time as written ("0:15", "1:02:03", "9:14 AM") in seconds."""
    half = clock[-2:].lower()
    if half in ("am", "pm"):
        hours, minutes = clock[:-2].strip().split(":")  # int() does not know all that counts as blank
        return float((int(hours) % 12 + (12 if half == "pm" else 0)) * 3600 + int(minutes) * 60)
    parts = [int(part) for part in clock.split(":")]
    return float(sum(part * 60**place for place, part in enumerate(reversed(parts))))
