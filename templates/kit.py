"""Block Kit pieces, each within Slack's limits whatever is put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from templates.quote import clean, escaped, isolated

Block = dict[str, Any]

HEADER, SECTION, BUTTON, URL = 150, 3000, 75, 3000
"""Slack's limits: characters of a header, a section's text, a button's label, a button's link."""

NAME = 20
"""Characters of a header that are a name's at least."""

PLACEHOLDER, OPTIONS = 150, 100
"""The same of a select: characters of its placeholder, options at most."""

SCRIPT = 2900
"""Characters of a script block; scripts are far shorter."""

_UNLINKABLE = re.compile(r'[<>|\\^`"\s]')


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `text` for notifications and screen readers, `blocks` for the eye."""

    text: str
    blocks: list[Block]


def header(text: str, of: str = "") -> Block:
    """A large plain line; nothing in it is read as markup.

    `of`: whose it is, a name before it. Where both are too long the name is cut, and right-to-left letters in it cannot turn the rest.
    """
    told = clean(text, HEADER - NAME if of else HEADER)
    name = isolated(clean(of, HEADER - len(told) - len(" \u2068\u2069"))) if of else ""
    line = f"{name}{'' if told.startswith(':') else ' '}{told}" if name else told
    return {"type": "header", "text": {"type": "plain_text", "text": line or "…", "emoji": False}}


def lines(*texts: str) -> Block:
    """Small grey mrkdwn, one element a line. Texts must be neutral already."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:SECTION], "verbatim": True} for text in texts if text][:10]}


def section(text: str) -> Block:
    """A mrkdwn paragraph; it must be neutral already. Cut at a line's end where it is too long."""
    if len(text) > SECTION:
        text = text[: SECTION - 2].rpartition("\n")[0] or text[: SECTION - 2]
        text += "\n…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": text or "…", "verbatim": True}}


def struck(text: str) -> Block:
    """A line struck through, literally as given."""
    return _rich("rich_text_section", text, {"strike": True})


def quoted(text: str) -> Block:
    """A quote with its bar; literal text, so nothing in it pings, links or formats."""
    return _rich("rich_text_quote", isolated(clean(text)))


def copyable(text: str) -> Block:
    """A code block: Slack shows a button that copies it as it stands."""
    return _rich("rich_text_preformatted", text[:SCRIPT])


def literal(text: str) -> Block:
    """A paragraph as typed, line by line: nothing in it pings, links or formats. 1 to 3,000 characters."""
    return {"type": "section", "text": {"type": "plain_text", "text": text[:SECTION] or "…", "emoji": True}}


def button(label: str, action: str, value: str, **more: str) -> Block:
    """A button; `more` is style or url."""
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label[:BUTTON], "emoji": False},
        "action_id": action,
        "value": value,
        **more,
    }


def choices(action: str, options: dict[str, str]) -> Block:
    """An overflow menu of value -> label."""
    return {
        "type": "overflow",
        "action_id": action,
        "options": [
            {"text": {"type": "plain_text", "text": label[:BUTTON], "emoji": False}, "value": value} for value, label in options.items()
        ],
    }


def select(action: str, placeholder: str, options: Mapping[str, str] | None, chosen: str | None = None) -> Block:
    """A choice of one from value -> label, 100 at most, with one of them `chosen`; without options they are asked for as somebody types."""
    element: Block = {"type": "external_select", "action_id": action, "placeholder": plain_text(placeholder, PLACEHOLDER)}
    if options is None:
        return element | {"min_query_length": 0}
    made = select_options(options)
    first = [option for option in made if option["value"] == chosen]
    return element | {"type": "static_select", "options": made} | ({"initial_option": first[0]} if first else {})


def select_options(options: Mapping[str, str]) -> list[Block]:
    """The options of a select, as Slack takes them: 100 at most."""
    return [{"text": plain_text(label, BUTTON), "value": value} for value, label in list(options.items())[:OPTIONS]]


def plain_text(text: str, most: int) -> Block:
    """Text that Slack shows as it is, cut to a length."""
    return {"type": "plain_text", "text": clean(text, most) or "…", "emoji": False}


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time in each reader's own zone and words ("today at 14:02"); elsewhere as it is in `zone`."""
    there = at.astimezone(zone)
    spare = f"{there.day} {there:%b} {there:%H:%M %Z}".strip()
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{escaped(spare)}>"


def link(url: str | None, label: str) -> str:
    """A mrkdwn link; only the label where there is no usable address."""
    good = usable(url)
    return f"<{good}|{label}>" if good else label


def usable(url: str | None) -> str | None:
    """The link if it may go into a message: http(s), short enough, without characters that end or alter Slack's markup; else None."""
    if url is None or len(url) > URL or not url.startswith(("https://", "http://")):
        return None
    return None if _UNLINKABLE.search(url) else url


def _rich(kind: str, text: str, style: dict[str, bool] | None = None) -> Block:
    element: Block = {"type": "text", "text": text[:SECTION] or "…"}
    if style:
        element["style"] = style
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [element]}]}
