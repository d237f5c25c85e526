"""Call transcripts (.vtt, .srt, and the text forms of Zoom, Teams, Meet and Otter) into turns: who said what, when, every digit kept."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePath

from store.sources.conversation import Conversation, Found, Turn
from store.sources.spoken import Piece, attendees, tells_clock, text_pieces, with_speakers

_TIMING = re.compile(r"\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,120})>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d{1,3}:\d{2}(?::\d{2})?\.\d{3}>")
_FILE_DAY = re.compile(r"GMT(\d{8})-(\d{6})|(?<!\d)(\d{4}-\d{2}-\d{2})(?:(?:[T _-]| at )(\d{2})[-:.]?(\d{2}))?(?!\d)")
_ENDS = (".", "?", "!", "…", '."', '?"')
LONGEST_TURN = 600
"""Characters up to which cues of one speaker are joined into the sentence that they cut."""


def parse_transcript(text: str, name: str, starts: datetime | None = None, names: Sequence[str] = ()) -> Found:
    """One call from a transcript's text.

    `starts`: when the call began; else the file's name may tell; else turns have no time. `names`: people who may have taken part.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues = any(_TIMING.match(line) for line in lines)
    if cues:
        pieces = list(_sentences(_in_order(with_speakers(list(_cues(lines)), names), lines)))
    else:
        pieces = with_speakers(text_pieces(lines), (*names, *attendees(lines)))
    starts = starts or day_of(PurePath(name).name) or (None if cues else day_of(lines[0]))
    if not pieces:
        return Found(
            mistakes=(f"{name}: holds no speech that could be read; a transcript has cues (00:00:01.000 --> …) or lines such as Dana: …",)
        )
    notes: tuple[str, ...] = (
        () if starts else (f"{name}: tells no date, so turns have no time; say when the call began with --said-at 2026-11-02T10:00",)
    )
    if not any(piece.who for piece in pieces):
        notes += (f"{name}: names no speakers",)
    return Found(
        (Conversation(PurePath(name).stem, "call", tuple(_turns(pieces, starts, clock=not cues and tells_clock(lines)))),), notes=notes
    )


def day_of(name: str) -> datetime | None:
    """When a call began, as far as its file's name tells (Zoom's GMT20261102-150000, or any 2026-11-02)."""
    found = _FILE_DAY.search(name)
    if not found:
        return None
    try:
        if found[1]:
            return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return datetime.fromisoformat(f"{found[3]}T{found[4] or '00'}:{found[5] or '00'}")
    except ValueError:
        return None


def _turns(pieces: list[Piece], starts: datetime | None, *, clock: bool) -> Iterator[Turn]:
    if starts and clock:
        starts = datetime.combine(starts.date(), time())
    used: Counter[int] = Counter()
    for piece in pieces:
        used[piece.number] += 1
        key = str(piece.number) if used[piece.number] == 1 else f"{piece.number}.{used[piece.number]}"
        at = starts + timedelta(seconds=piece.second or 0) if starts else None
        yield Turn(key, piece.text, piece.who, at, name=piece.who or None)


def _cues(lines: list[str]) -> Iterator[Piece]:
    """The cues of a WebVTT or SRT file, numbered as they stand; a cue of two voices gives two pieces."""
    number, second = 0, 0.0
    said: list[str] | None = None
    for place, line in enumerate(lines):
        timing = _TIMING.match(line)
        if timing:
            if said is not None:
                yield from _voices(number, second, said)
            hours, minutes, seconds, part = timing.groups()
            number, said = number + 1, []
            second = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000
        elif said is not None and not _cue_id(lines, place) and not line.startswith(("WEBVTT", "NOTE ")):
            said.append(line)
    if said is not None:
        yield from _voices(number, second, said)


def _cue_id(lines: list[str], place: int) -> bool:
    """Whether a line names the next cue: it stands alone between a blank line and a timing."""
    follows = place + 1 < len(lines) and _TIMING.match(lines[place + 1]) is not None
    return follows and (place == 0 or not lines[place - 1].strip())


def _voices(number: int, second: float, said: Iterable[str]) -> Iterator[Piece]:
    parts = _VOICE.split(" ".join(line.strip() for line in said if line.strip()))
    if parts[0].strip():
        yield Piece(number, _bare(parts[0]), "", second)
    for who, words in zip(parts[1::2], parts[2::2], strict=True):
        yield Piece(number, _bare(words), _bare(who), second)


def _bare(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _in_order(pieces: list[Piece], lines: list[str]) -> list[Piece]:
    """Cues by time, as Teams writes them out of order; several files pasted together stay as they are."""
    if sum(line.startswith("WEBVTT") for line in lines) > 1:
        return pieces
    return sorted(pieces, key=lambda piece: piece.second or 0)


def _sentences(pieces: list[Piece]) -> Iterator[Piece]:
    """Captions cut sentences: pieces of one speaker are joined until the sentence ends."""
    held: Piece | None = None
    for piece in pieces:
        if held and held.who == piece.who and not held.text.endswith(_ENDS) and len(held.text) + len(piece.text) < LONGEST_TURN:
            held = replace(held, text=f"{held.text} {piece.text}")
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held
