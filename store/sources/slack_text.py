"""Slack's message text into the words that people saw: entities decoded, mentions, links and dates as their labels."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"<(?:([@#!])([^<>|]{1,500})|([a-z][a-z0-9+.-]*:[^<>|\s]{1,3000}))(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))

SOMEBODY = "colleague"
"""Who is mentioned, where Slack gives an id alone. Not "someone": that is a word of hearsay, and whoever is addressed says nothing."""


def plain_text(text: str) -> str:
    """The words of a message; figures inside ids and addresses do not survive as if they had been said."""
    if "<" in text:
        text = _MARKUP.sub(_label, text)
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text


def _label(found: re.Match[str]) -> str:
    kind, inside, address, label = found.groups()
    if kind == "@":
        return f"@{label}" if label else f"@{SOMEBODY}"
    if kind == "#":
        return f"#{label}" if label else "#channel"
    if kind == "!":
        return label or f"@{inside.split('^', maxsplit=1)[0]}"
    return label or address.removeprefix("mailto:").removeprefix("tel:")
