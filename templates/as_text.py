"""A message as plain text, from the same blocks as in Slack: for terminals and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from templates.kit import Message

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<(?:[^<>|]*)\|([^<>]*)>")
_MARKS = re.compile(r"(?<!\w)([*_~])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_JOINER = "\u2060"


def as_text(message: Message) -> str:
    """Every text of the message in its order, without markup; buttons in brackets."""
    return "\n".join(_unmarked(line) for block in message.blocks for line in _block(block))


def _block(block: dict[str, Any]) -> Iterator[str]:
    kind = block["type"]
    if kind == "actions":
        yield "   " + " ".join(f"[{_label(element)}]" for element in block["elements"])
    elif kind == "context":
        yield from (f"   {element['text']}" for element in block["elements"])
    elif kind == "rich_text":
        yield from (part["text"] for element in block["elements"] for part in element["elements"])
    elif kind == "divider":
        yield ""
    elif kind == "section" and "fields" in block:
        yield from (field["text"] for field in block["fields"])
    else:
        yield block["text"]["text"]


def _label(element: dict[str, Any]) -> str:
    if element["type"] == "overflow":
        count = len(element["options"])
        return f"⋯ {count} choice{'' if count == 1 else 's'}"
    return str(element["text"]["text"])


def _unmarked(text: str) -> str:
    text = _LINK.sub(r"\1", _DATE.sub(r"\1", text))
    for _ in range(3):
        text = _MARKS.sub(r"\2", text)
    return unescape(text).replace(_JOINER, "")
