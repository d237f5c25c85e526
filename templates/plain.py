"""A message in the few forms that simple Slack look-alikes can show: no rich text, no dates by zone, no escapes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from templates.kit import Block, Message

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")


def plain(message: Message) -> Message:
    """The same message with quotes, code and struck lines as simple mrkdwn, and times as their fallback. For demonstrations only."""
    return Message(_undated(message.text), [_block(block) for block in message.blocks])


def _block(block: Block) -> Block:
    if block["type"] != "rich_text":
        plainer: Block = _texts(block)
        return plainer
    [part] = block["elements"]
    text, style = part["elements"][0]["text"], part["elements"][0].get("style", {})
    if part["type"] == "rich_text_preformatted":
        lines = (f"`{line.replace('`', chr(39))}`" if line else "" for line in text.split("\n"))
        return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)}}
    shown = f"> {text}" if part["type"] == "rich_text_quote" else f"~{text}~" if style.get("strike") else text
    return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}


def _texts(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _undated(value) if name == "text" and isinstance(value, str) else _texts(value) for name, value in part.items()}
    return [_texts(value) for value in part] if isinstance(part, list) else part


def _undated(text: str) -> str:
    return unescape(_DATE.sub(r"\1", text))
