"""Whether a file is talk (a transcript, saved chat or mail), by its first bytes and whatever it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from store.sources.cues import is_timing
from store.sources.heads import Heads, like_a_name
from store.sources.mail import is_mail
from store.sources.plain import NotReadable, decode

LINES = 400
"""Lines that are looked at."""

_WORD = b"word/document.xml"
_HUDDLE = re.compile(r"\W*huddle\s+(?:notes|recap|summary|transcript)\b", re.IGNORECASE)
NAMED = re.compile(r"(?:\*\*([^*:]{1,80}):\*\*|\[([^\]:\d][^\]:]{0,79})\]:?|([^\W\d_][^:\n<>]{0,79}?)\s?:)\s+\S.*")


def is_talk(head: bytes, name: str) -> bool:
    """Whether somebody speaks in it, or it holds the notes of a huddle. `head`: the first bytes; of an archive the last ones as well."""
    if head.startswith(b"PK\x03\x04"):
        return _WORD in head
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return True  # and if what follows is not text, that is told
    text = _text(head)
    if text is None:
        return False
    if _HUDDLE.match(name) and text.strip():
        return True  # notes are prose, and only their title tells of what
    lines = [line.strip() for line in text.split("\n")][:LINES]
    return any(map(is_timing, lines)) or is_mail(text) or (not _is_table(lines) and _is_named(lines, name))


def _is_named(lines: Sequence[str], name: str) -> bool:
    """Whether lines begin with who speaks: heads with a time, or `Name:` of two people of whom one speaks again."""
    heads = Heads(lines, ())
    if sum(1 for line in heads.joined(lines) if heads.of(line)) > 1:
        return True
    found = (NAMED.fullmatch(line) for line in heads.joined(lines))
    who = Counter(who for one in found if one and like_a_name(who := (one[1] or one[2] or one[3]).strip(), square=True))
    recur = any(count > 1 for count in who.values())
    enough = max(3, sum(1 for line in lines if line) // 4)
    return len(who) > 1 and recur and sum(who.values()) >= enough and not name.lower().endswith(_NO_TALK)


_NO_TALK = (".yml", ".yaml", ".toml", ".ini", ".log", ".py", ".js", ".html", ".css")
"""Endings of files whose lines only look like `Name: words`."""


def _is_table(lines: Sequence[str]) -> bool:
    """Whether most lines have the same number of one mark between columns."""
    full = [line for line in lines if line][:50]
    for mark in (",", ";", "\t", "|"):
        counts = Counter(line.count(mark) for line in full)
        count, times = counts.most_common(1)[0] if counts else (0, 0)
        if count > 0 and len(full) > 2 and times > 0.8 * len(full) and not any(re.search(r":\s*\t", line) for line in full):
            return True
    return False


def _text(head: bytes) -> str | None:
    """The head as text; a character that its end cuts in two is left out."""
    for cut in range(4):
        try:
            text = decode(head[: len(head) - cut] if cut else head)
        except NotReadable:
            continue
        shown = sum(1 for character in text[:4_000] if character.isprintable() or character in "\r\n\t\ufeff")
        if shown <= 0.95 * len(text[:4_000]):
            return None
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    return None
