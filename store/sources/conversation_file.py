"""Conversation files: a deal and what was said, as JSON, or messages one a line; whatever is readable is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import get_args

from bot.deal import Deal
from bot.language.statement import Side
from store.sources.conversation import Conversation, Found, Turn, shortened
from store.sources.deal_file import build, check_deal
from store.sources.plain import NotReadable, from_json
from store.sources.slack_export import is_slack, turn_of
from store.sources.values import shown

MEDIA = ("slack", "call", "email")
SIDES: tuple[Side, ...] = get_args(Side)


def parse_conversation(plain: object, name: str, fallback_id: str | None = None) -> Found:
    """One conversation from plain data; every mistake names file, message and field, and spoils only what it touches."""
    if not isinstance(plain, dict) or not isinstance(plain.get("messages"), list):
        return Found(mistakes=(f'{name}: is not a conversation; it should be a JSON object with "messages": [ … ]',))
    mistakes: list[str] = []
    notes: list[str] = []
    deal = _deal(plain.get("deal"), name, mistakes, notes)
    turns = tuple(_turns(plain["messages"], name, mistakes))
    if plain["messages"] and all(isinstance(message, dict) and is_slack(message) for message in plain["messages"]):
        turns = tuple(sorted(turns, key=lambda turn: float(turn.key)))  # Slack's API answers newest first
    medium = plain.get("medium", "slack")
    if medium not in MEDIA:
        mistakes.append(f"{name}: medium: {shown(medium)} is not one of {', '.join(MEDIA)}; read as slack")
        medium = "slack"
    ident = plain.get("id")
    known = str(ident) if isinstance(ident, (str, int)) and ident != "" else (fallback_id or PurePath(name).stem)
    return Found((Conversation(known, medium, turns, deal),), shortened(mistakes, name), tuple(notes))


def parse_lines(text: str, name: str) -> Found:
    """Messages or whole conversations, one JSON object a line; messages are gathered by their `conversation`, if they have one."""
    mistakes: list[str] = []
    notes: list[str] = []
    whole: list[Conversation] = []
    gathered: dict[str, list[object]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            plain = from_json(line)
        except NotReadable as reason:
            mistakes.append(f"{name}: line {number}: {str(reason).removeprefix('line 1, ')}")
            continue
        if isinstance(plain, dict) and "messages" in plain:
            found = parse_conversation(plain, f"{name}: line {number}", f"{PurePath(name).stem}-{number}")
            whole.extend(found.conversations)
            mistakes.extend(found.mistakes)
            notes.extend(found.notes)
        else:
            place = str(plain.get("conversation") or "") if isinstance(plain, dict) else ""
            gathered.setdefault(place or PurePath(name).stem, []).append(plain)
    for ident, messages in gathered.items():
        whole.append(Conversation(ident, "slack", tuple(_turns(messages, name, mistakes))))
    return Found(tuple(whole), shortened(mistakes, name), tuple(notes))


def _deal(plain: object, name: str, mistakes: list[str], notes: list[str]) -> Deal | None:
    """The deal of what is usable; what is not spoils its own field alone, unless the deal needs it."""
    if plain is None:
        return None
    checked = check_deal(plain)
    deal = build(checked)
    mistakes.extend(f"{name}: deal: {line}" for line in checked.wrong)
    notes.extend(f"{name}: deal: {line}" for line in checked.unknown)
    return deal


def _turns(messages: list[object], name: str, mistakes: list[str]) -> Iterator[Turn]:
    for number, message in enumerate(messages, start=1):
        place = f"{name}: messages, entry {number}"
        if not isinstance(message, dict):
            mistakes.append(f'{place}: {shown(message)} is not a message; it should be an object with "text"')
        elif not isinstance(message.get("text"), str):
            given = f"{shown(message['text'])} is not text" if "text" in message else "is missing"
            mistakes.append(f"{place}: text: {given}; the message is left out")
        elif is_slack(message):
            turn = turn_of(message, {})
            if turn is not None:
                yield turn
        else:
            yield _turn(message, number, place, mistakes)


def _turn(message: dict[str, object], number: int, place: str, mistakes: list[str]) -> Turn:
    return Turn(
        key=_name(message.get("n")) or str(number),
        text=str(message["text"]),
        speaker=_name(message.get("speaker")) or "",
        at=_moment(message.get("at"), place, mistakes),
        thread=_name(message.get("thread")),
        side=next((known for known in SIDES if known == message.get("side")), None),
    )


def _name(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value == "":
        return None
    return str(value)


def _moment(value: object, place: str, mistakes: list[str]) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        mistakes.append(f"{place}: at: {shown(value)} is not a time; write the local time such as 2026-11-02T09:14 (read without a time)")
        return None
