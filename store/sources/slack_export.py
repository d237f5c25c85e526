"""Slack exports: the day files of a channel, with the names of its people, into a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from store.sources.conversation import Conversation, Found, Turn, shortened
from store.sources.slack_text import plain_text

DAY_FILE = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_TS = re.compile(r"\d{9,11}(\.\d{1,6})?")
_SPEECH = (None, "bot_message", "thread_broadcast", "file_share", "me_message")
"""Subtypes that are somebody's words; the others are notices about the channel."""

Names = Mapping[str, str]
"""Slack user id -> name."""


def is_slack(message: Mapping[str, object]) -> bool:
    """Whether a message is one of Slack's own rather than one of a conversation file."""
    return "ts" in message and "n" not in message


def names_of(users: object) -> dict[str, str]:
    """Names by user id from a users.json; whatever else stands there is passed over."""
    found = {}
    for user in users if isinstance(users, list) else []:
        if isinstance(user, dict) and isinstance(user.get("id"), str):
            told = user.get("profile")
            profile = told if isinstance(told, dict) else {}
            name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name")
            if isinstance(name, str) and name:
                found[user["id"]] = name
    return found


def ids_of(channels: object) -> dict[str, str]:
    """Channel ids by channel name from a channels.json or groups.json."""
    rows = channels if isinstance(channels, list) else []
    return {str(row["name"]): str(row["id"]) for row in rows if isinstance(row, dict) and "name" in row and "id" in row}


def parse_channel(days: Iterable[tuple[str, object]], ident: str, names: Names, channel: tuple[str, ...] = ()) -> Found:
    """A channel's day files (file name, plain data) into one conversation in the order said."""
    mistakes: list[str] = []
    turns: dict[str, Turn] = {}
    for name, plain in days:
        if not isinstance(plain, list):
            mistakes.append(f"{name}: is not a day of a Slack export; it should be a JSON list of messages")
            continue
        for number, message in enumerate(plain, start=1):
            if not isinstance(message, dict) or not _TS.fullmatch(str(message.get("ts"))):
                mistakes.append(f"{name}: message {number}: has no ts and is left out")
                continue
            turn = turn_of(message, names)
            if turn is not None:
                turns[turn.key] = turn
    ordered = tuple(sorted(turns.values(), key=lambda turn: float(turn.key)))
    return Found((Conversation(ident, "slack", ordered, channel=channel),), shortened(mistakes, ident))


def turn_of(message: Mapping[str, Any], names: Names) -> Turn | None:
    """One Slack message as it stands now; None when it is nobody's words."""
    ts = str(message.get("ts"))
    if message.get("subtype") not in _SPEECH or message.get("hidden") or not _TS.fullmatch(ts):
        return None
    words = plain_text(_words(message))
    if not words.strip():
        return None
    speaker = str(message.get("user") or message.get("bot_id") or "")
    thread = str(message.get("thread_ts") or ts)
    return Turn(
        key=ts,
        text=words,
        speaker=speaker,
        at=datetime.fromtimestamp(float(ts), UTC),
        thread=None if thread == ts else thread,
        name=names.get(speaker) or _profile_name(message),
        bot="bot_id" in message,
    )


def _words(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    if isinstance(text, str) and text:
        return text
    attached = message.get("attachments")
    parts = [part for part in attached if isinstance(part, dict)] if isinstance(attached, list) else []
    return "\n".join(str(part.get("text") or part.get("fallback") or "") for part in parts).strip()


def _profile_name(message: Mapping[str, Any]) -> str | None:
    profile = message.get("user_profile")
    name = profile.get("real_name") if isinstance(profile, dict) else message.get("username")
    return name if isinstance(name, str) and name else None
