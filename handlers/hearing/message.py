"""A Slack message as plain values: what an event or a line of history says happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

Happening = Literal["said", "edited", "deleted"]

SPEECH = frozenset({None, "bot_message", "thread_broadcast", "file_share", "me_message"})
"""Subtypes that are somebody's words; the others are notices about the channel."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `teams` are the ids of the author's workspace or organisation, as far as it tells them; `files` those of files,
    `mails` of those files that are emails forwarded to the channel;
    `link` the permalink where it is no message of its own channel, as what was said on a call.
    """

    channel: str
    ts: str
    text: str = ""
    user: str | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    teams: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    link: str | None = None

    @property
    def speaker(self) -> str:
        """The id of who spoke, person or bot."""
        return self.user or self.bot_id or ""

    @property
    def at(self) -> datetime:
        """When it was said (UTC)."""
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a message. `key` names this very happening, whichever event or page of history it came in."""

    what: Happening
    said: Said

    @property
    def key(self) -> tuple[str, str, str]:
        """Channel, ts, and which state of the message this is."""
        return self.said.channel, self.said.ts, "deleted" if self.what == "deleted" else self.said.edited_ts or ""


def from_event(event: Mapping[str, Any]) -> Change | None:
    """The change that a `message` event tells, or None when nobody's words changed."""
    channel = str(event["channel"])
    match event.get("subtype"):
        case "message_changed":
            return _edited(channel, event)
        case "message_deleted":
            return Change("deleted", Said(channel, str(event["deleted_ts"])))
        case _:
            return from_history(channel, event)


def from_history(channel: str, message: Mapping[str, Any]) -> Change | None:
    """The message as it stands now, or None when it is not speech. One that was edited counts as an edit."""
    if message.get("subtype") not in SPEECH or message.get("hidden") or "ts" not in message:
        return None
    said = _said(channel, message)
    return Change("edited" if said.edited_ts else "said", said)


def _edited(channel: str, event: Mapping[str, Any]) -> Change | None:
    now, before = event.get("message") or {}, event.get("previous_message")
    if now.get("subtype") == "tombstone":
        return Change("deleted", Said(channel, str(now["ts"])))
    if now.get("subtype") not in SPEECH or "ts" not in now:
        return None
    said = _said(channel, now)
    # Link previews, reactions and thread counters also arrive as changes, with the words untouched.
    if before is not None and _words(before) == said.text:
        return None
    return Change("edited", replace(said, edited_ts=said.edited_ts or event.get("event_ts") or event.get("ts")))


def _said(channel: str, message: Mapping[str, Any]) -> Said:
    edited = message.get("edited") or {}
    teams = (message.get("user_team"), message.get("source_team"), message.get("team"), message.get("user_enterprise"))
    return Said(
        channel=channel,
        ts=str(message["ts"]),
        text=_words(message),
        user=message.get("user"),
        bot_id=message.get("bot_id"),
        thread_ts=_thread(message),
        edited_ts=edited.get("ts"),
        teams=tuple(dict.fromkeys(str(team) for team in teams if team)),
        files=tuple(str(file["id"]) for file in message.get("files") or () if file.get("id")),
        mails=tuple(str(file["id"]) for file in message.get("files") or () if file.get("id") and _is_mail(file)),
    )


def _is_mail(file: Mapping[str, Any]) -> bool:
    return "email" in (file.get("mode"), file.get("filetype"))


def _thread(message: Mapping[str, Any]) -> str | None:
    """The parent's ts for a reply; a parent carries its own ts there once it has replies, and is no reply."""
    thread = message.get("thread_ts")
    return str(thread) if thread and thread != message["ts"] else None


def _words(message: Mapping[str, Any]) -> str:
    attached = (part.get("text") or part.get("fallback") or "" for part in message.get("attachments") or ())
    return message.get("text") or "\n".join(part for part in attached if part)


def micros(ts: str) -> int:
    """A Slack ts as microseconds, for comparing and counting."""
    whole, _, part = ts.partition(".")
    return int(whole) * 1_000_000 + int(part.ljust(6, "0")[:6] or 0)


def just_before(ts: str) -> str:
    """The greatest ts below this one."""
    whole, part = divmod(max(micros(ts) - 1, 0), 1_000_000)
    return f"{whole}.{part:06d}"
