"""Other people's words made harmless: for a plain line, for Slack's mrkdwn, cut to a length."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
"""Characters of a quote that a DM shows: enough to recognise what was said; the permalink has the rest."""

_JOINER = "\u2060"
_LOOK_ALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "|": "ǀ"})
_LINKABLE = re.compile(r"(?<=\w)(?:\.(?=[^\W\d])|:(?=/?/?[^\s\d]))|@(?=\w)|(?<!\w)#(?=\w)")
_AT = re.compile(r"@(?=\w)")
_UNTYPED = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING = dict.fromkeys(range(0x202A, 0x202F)) | dict.fromkeys(range(0x2066, 0x206A))
_BLANK = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u3164\uffa0"))
"""Marks and letters that show nothing."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def clean(text: str, longest: int = LONGEST) -> str:
    """One visible line of at most `longest` characters: no control, zero-width or direction characters, runs of space made one."""
    head = text[: longest * 20]
    seen = head.translate(_BLANK) if head.isprintable() else "".join(_visible(character) for character in head)
    line = " ".join(seen.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def as_typed(text: str) -> str:
    """A text of several lines as somebody typed it, without control characters and without those that turn its direction; "" if blank."""
    kept = "".join(character for character in text if character in "\n\t" or unicodedata.category(character) not in _UNTYPED)
    kept = kept.translate(_TURNING).strip()
    return kept if clean(kept) else ""


def unpinging(text: str) -> str:
    """A text for mrkdwn in which nothing pings: neither markup nor a typed @channel."""
    return escaped(_AT.sub(f"@{_JOINER}", text))


def neutral(text: str, longest: int = LONGEST) -> str:
    """A quote for mrkdwn that pings nobody, links nowhere and formats nothing; right-to-left words cannot turn the rest of the line."""
    line = clean(text, longest).translate(_LOOK_ALIKES)
    line = _LINKABLE.sub(lambda match: match[0] + _JOINER, line)
    return escaped(isolated(line))


def escaped(text: str) -> str:
    """Text with the three characters escaped that Slack reads as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def isolated(line: str) -> str:
    """The line, set apart by direction isolates where it holds right-to-left letters."""
    if not line.isascii() and any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return f"\u2068{line}\u2069"
    return line


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind.startswith("Z") or character in "\t\n\r\v\f":
        return " "
    return "" if kind.startswith("C") or ord(character) in _BLANK else character
