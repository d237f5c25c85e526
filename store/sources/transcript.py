"""Call transcripts (.vtt, .srt, and the text forms of Zoom, Teams, Meet, Otter and others) into turns: who said what, when, digits kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePath

from store.sources.conversation import Conversation, Found, Turn, shortened
from store.sources.cues import cue_pieces, is_timing
from store.sources.heads import tells_clock, typed
from store.sources.joined import joined
from store.sources.plain import NotReadable
from store.sources.spoken import Cut, Piece, attendees, text_pieces, with_speakers

LARGEST = 5_000_000
"""Characters of one transcript: a whole day of talk has half of that."""

_FILE_DAY = re.compile(r"GMT(\d{8})-(\d{6})|(?<!\d)(\d{4}-\d{2}-\d{2})(?:(?:[T _-]| at )(\d{2})[-:.]?(\d{2}))?(?!\d)")


def parse_transcript(text: str, name: str, starts: datetime | None = None, names: Sequence[str] = ()) -> Found:
    """One call from a transcript's text. Raises NotReadable where it is far too long.

    `starts`: when the call began; else the file's name may tell; else turns have no time. `names`: people who may have taken part.
    """
    if len(text) > LARGEST:
        raise NotReadable(f"is {len(text):,} characters long; no call is longer than {LARGEST:,}. Give its parts one by one")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    captions = any(is_timing(line) for line in lines)
    cut = cue_pieces(lines) if captions else text_pieces(lines, names)
    pieces = with_speakers(cut.pieces, (*names, *attendees(lines)))
    if not (captions is False and typed(lines)):
        pieces = list(joined(pieces, captions=captions))
    mistakes = shortened([f"{name}: {mistake}" for mistake in cut.mistakes], name)
    if not pieces:
        nothing = f"{name}: holds no speech that could be read; a transcript has cues (00:00:01.000 --> …) or lines such as Dana: …"
        return Found(mistakes=(*mistakes, nothing))
    clock = not captions and tells_clock(lines)
    starts = starts or day_of(PurePath(name).name) or (None if captions else day_of(lines[0]))
    turns = tuple(_turns(pieces, starts, clock=clock))
    return Found((Conversation(PurePath(name).stem, "call", turns),), mistakes, tuple(_notes(cut, pieces, name, starts)))


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


def moment(second: float | None, *, clock: bool = False) -> str | None:
    """Where in a call something was said: "14:32", "1:02:03"; for times of the clock on the wall "11:02"."""
    if second is None:
        return None
    minutes, seconds = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    if clock:
        return f"{hours % 24}:{minutes:02d}"
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _notes(cut: Cut, pieces: Sequence[Piece], name: str, starts: datetime | None) -> Iterator[str]:
    yield from (f"{name}: {note}" for note in cut.notes)
    if not starts:
        yield f"{name}: tells no date, so turns have no time; say when the call began with --said-at 2026-11-02T10:00"
    if not any(piece.who for piece in pieces):
        yield f"{name}: names no speakers"


def _turns(pieces: Sequence[Piece], starts: datetime | None, *, clock: bool) -> Iterator[Turn]:
    if starts and clock:
        starts = datetime.combine(starts.date(), time())
    used: Counter[int] = Counter()
    for piece in pieces:
        used[piece.number] += 1
        key = str(piece.number) if used[piece.number] == 1 else f"{piece.number}.{used[piece.number]}"
        at = starts + timedelta(seconds=piece.second or 0) if starts else None
        yield Turn(key, piece.text, piece.who, at, name=piece.who or None, moment=moment(piece.second, clock=clock))
