"""Cues of WebVTT and SRT files into stretches of speech, every digit kept; a line that cannot be read costs itself alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import pairwise

from store.sources.heads import like_a_name
from store.sources.spoken import Cut, Piece

_TIME = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*(?:--+>|→)\s*(?:\d{{1,3}}:)?\d{{1,3}}:\d{{1,2}}(?:[.,]\d{{1,6}})?(?:\s.*)?")
_BAD_TIMING = re.compile(r"\s*(?:\d\S*:\S*)?\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,60})?\s{1,9}([^>]{1,120})>")
_TAG = re.compile(
    r"</?(?:v|lang|font)(?:[.\s][^<>]*)?>|</?(?:c|i|b|u|ruby|rt)(?:\.[^<>\s]*)?>|<\d{1,3}:\d{2}(?::\d{2})?\.\d{3}>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_HEADER = re.compile(r"WEBVTT\b|X-TIMESTAMP-MAP|(?:Kind|Language|Style|Region)\s*:|STYLE\b|REGION\b")
_PASSED_OVER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_IDENT = re.compile(r"(?=\S*\d)[\w{}-]+(?:[/-][\w{}-]+)+|[0-9a-fA-F]{16,}")
_NAMED = re.compile(r"[(\[]([^()\[\]:]{2,80})[)\]]|([^()\[\]:<>]{2,80})")
_PREFIXED = re.compile(r"[^\W\d_][^:\n<>]{0,79}:\s+\S")


@dataclass(slots=True)
class _Cue:
    """A cue as it stands: its place in the file, second, the lines of its words, and the line of its time."""

    number: int
    second: float | None
    line: int
    words: list[str] = field(default_factory=list)


def is_timing(line: str) -> bool:
    """Whether a line is the time of a cue."""
    return "-->" in line and _TIMING.fullmatch(line) is not None


def cue_pieces(lines: Sequence[str]) -> Cut:
    """The stretches of speech of a cue file, in the order of their times; a cue of two voices gives two.

    Teams writes cues out of order. Several files pasted together, told by several headers, stay as they stand.
    """
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        reader.take(number, line)
    reader.end()
    cues = reader.cues
    _unrolled(cues)
    _with_names_above(cues)
    pieces = [piece for cue in cues for piece in _voices(cue)]
    if reader.headers < 2:
        pieces.sort(key=lambda piece: piece.second or 0.0)
    notes = ("it ends in the middle of a cue, perhaps it was cut off",) if cues and not cues[-1].words else ()
    return Cut(tuple(pieces), tuple(reader.mistakes), notes)


class _Reader:
    """Takes a cue file line by line. A line between a blank and a time names a cue; it is never words."""

    def __init__(self) -> None:
        self.cues: list[_Cue] = []
        self.mistakes: list[str] = []
        self.headers = 0
        self._block: list[tuple[int, str]] = []

    def take(self, number: int, line: str) -> None:
        """One more line of the file."""
        if not line.strip():
            self._words()
        elif is_timing(line):
            self._words(names_next=True)
            self._open(number, _second(line))
        elif _BAD_TIMING.match(line):
            self._words(names_next=True)
            self._open(number, self.cues[-1].second if self.cues else None)
            self._wrong(number, f"{line.strip()[:60]!r} is no time such as 00:00:01.000 --> 00:00:03.000")
        else:
            self._block.append((number, line.strip()))

    def end(self) -> None:
        """The file has ended."""
        self._words()

    def _open(self, number: int, second: float | None) -> None:
        self.cues.append(_Cue(len(self.cues) + 1, second, number))

    def _words(self, *, names_next: bool = False) -> None:
        """Give the lines gathered to the cue they belong to; the last of them may name the cue that comes (`names_next`)."""
        block, self._block = self._block, []
        if not block:
            return
        fresh = bool(self.cues) and not self.cues[-1].words and self.cues[-1].line == block[0][0] - 1
        if names_next and ((len(block) == 1 and not fresh) or self._names(block[-1][1])):
            block.pop()
        if not block:
            return
        first_line, first = block[0]
        if _HEADER.match(first) or (not fresh and _PASSED_OVER.match(first)):
            self.headers += first.startswith("WEBVTT")
        elif not self.cues:
            self._before_all(block)
        elif not fresh and self._names(first):
            if len(block) > 1:
                self._open(first_line, self.cues[-1].second)
                self.cues[-1].words += [words for _, words in block[1:]]
                self._wrong(first_line, f"cue {first[:40]!r} has no time")
        else:
            self.cues[-1].words += [words for _, words in block]

    def _before_all(self, block: list[tuple[int, str]]) -> None:
        """Words above the first time are a title, unless somebody speaks them."""
        spoken = [(number, words) for number, words in block if _VOICE.search(words) or _PREFIXED.match(words)]
        if spoken:
            self._open(spoken[0][0], None)
            self.cues[-1].words += [words for _, words in spoken]
            self.mistakes.append(f"line {spoken[0][0]}: these words have no time; they are read as said at the start")

    def _names(self, line: str) -> bool:
        """Whether a line is the name of a cue: its number in turn, or an identifier such as 5893ab12-…/32-1."""
        return (line.isdecimal() and int(line) == len(self.cues) + 1) or _IDENT.fullmatch(line) is not None

    def _wrong(self, number: int, what: str) -> None:
        self.mistakes.append(f"line {number}: {what}; its words are read with the time of the cue before")


def _second(line: str) -> float:
    timing = _TIMING.fullmatch(line)
    assert timing is not None
    hours, minutes, seconds, part = timing.groups()[:4]
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part or 0}")


def _unrolled(cues: list[_Cue]) -> None:
    """Captions that roll repeat the line before above the new one: where most cues do, it is said once."""
    rolling = [
        cue
        for last, cue in pairwise(cues)
        if len(cue.words) > 1 and last.words and cue.words[0] == last.words[-1] and not _VOICE.search(cue.words[0])
    ]
    if len(rolling) > 2 and 2 * len(rolling) > len(cues):
        for cue in rolling:
            del cue.words[0]


def _with_names_above(cues: list[_Cue]) -> None:
    """Some writers put the speaker's name alone above the words: "Dana Ortiz", "(Dana Ortiz)". It counts where it recurs."""
    several = [cue for cue in cues if len(cue.words) > 1]
    names: Counter[str] = Counter()
    for cue in several:
        found = _NAMED.fullmatch(cue.words[0])
        name = (found[1] or found[2]).strip() if found else ""
        if name and like_a_name(name, square=True) and (len(name.split()) > 1 or not found or not found[1]):
            names[name] += 1
    taken = {name for name, count in names.items() if count > 1}
    plain = 2 * sum(names[name] for name in taken) > len(cues)
    for cue in several:
        found = _NAMED.fullmatch(cue.words[0])
        name = (found[1] or found[2] or "").strip() if found else ""
        if found and name in names and (plain or (found[1] and name in taken)):
            cue.words = [f"<v {name}>", *cue.words[1:]]


def _voices(cue: _Cue) -> Iterator[Piece]:
    parts = _VOICE.split(" ".join(line for line in cue.words if line not in ("-", "–")))
    whole = Piece(cue.number, "", "", cue.second)
    if bare(parts[0]):
        yield replace(whole, text=bare(parts[0]))
    for who, words in zip(parts[1::2], parts[2::2], strict=True):
        if bare(words):
            yield replace(whole, text=bare(words), who=bare(who))


def bare(text: str) -> str:
    """Words without markup: WebVTT's own tags and complete entities; "< 15 and > 3" stays."""
    return " ".join(_ENTITY.sub(_entity, _TAG.sub("", text)).split())


def _entity(found: re.Match[str]) -> str:
    return unescape(found[0])
