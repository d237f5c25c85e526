"""What services send of a call while it is held, or at once when it is over: words with their speakers, as each service writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from store.sources.conversation import Turn
from store.sources.joined import joined
from store.sources.plain import NotReadable
from store.sources.spoken import Piece
from store.sources.transcript import moment

Kind = Literal["words", "partial", "ended", "whole", "other"]
"""Final words; words that may still change; the call is over; the whole transcript of a call that is over; anything else."""

LONGEST = 4_000
"""Characters of one stretch of speech that are kept."""

MOST = 20_000
"""Stretches of one delivery."""

_NO_WORDS = "holds no words of a call; known are events of Recall.ai, Zoom RTMS, Fathom, Fireflies, and the plain form in docs/calls.md"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech as the service cuts it. `key` is the same when it is sent again, or corrected; `second` from the call's start."""

    key: str
    text: str
    who: str = ""
    email: str | None = None
    second: float = 0.0


@dataclass(frozen=True, slots=True)
class Streamed:
    """One delivery. `call` names this very call; `meeting` the room or series that it is held in, and `deal` the customer, where told.

    `began` (UTC): when the call began, where told.
    """

    kind: Kind
    call: str = ""
    segments: tuple[Segment, ...] = ()
    meeting: str | None = None
    deal: str | None = None
    title: str | None = None
    began: datetime | None = None


def read_stream(plain: object) -> Streamed:
    """A delivery's JSON as plain data; raises NotReadable, with the reason, for what is no event of a call."""
    if not isinstance(plain, dict):
        raise NotReadable("is no JSON object")
    event = _text(plain.get("event"))
    if isinstance(plain.get("segments"), list) or plain.get("ended") is True:
        return _plain(plain)
    if "msg_type" in plain or event.startswith("meeting.rtms"):
        return _zoom(plain, event)
    if "event_ts" in plain and isinstance(plain.get("payload"), dict):
        return Streamed("other")  # Zoom tells of much else
    if isinstance(plain.get("transcript"), list):
        return _fathom(plain)
    if "sentences" in plain or "chunk_id" in plain or event.startswith("meeting."):
        return _fireflies(plain)
    if event.startswith(("transcript.", "bot.", "recording.", "participant_events.")):
        return _recall(plain, event)
    raise NotReadable(_NO_WORDS)


def turns_of(segments: Sequence[Turn], began: datetime) -> tuple[Turn, ...]:
    """The stretches of a streamed call, in their order, as turns: put together where the recogniser cut a sentence."""
    by_number = dict(enumerate(segments))
    pieces = [Piece(n, one.text, one.name or "", (one.at - began).total_seconds() if one.at else None) for n, one in by_number.items()]
    firsts = ((by_number[piece.number], piece.text) for piece in joined(pieces, captions=True))
    return tuple(Turn(one.key, text, one.speaker, one.at, name=one.name, moment=one.moment, email=one.email) for one, text in firsts)


def turn_of(segment: Segment, began: datetime) -> Turn:
    """A stretch as it is kept."""
    at = datetime.fromtimestamp(began.timestamp() + segment.second, UTC)
    return Turn(segment.key, segment.text, segment.who, at, name=segment.who or None, moment=moment(segment.second), email=segment.email)


def meeting_key(given: str) -> str:
    """A meeting's address or number in one form: "https://us02web.zoom.us/j/123 4567?pwd=x" and "123 4567" are the same."""
    given = unquote(given.strip())
    parts = urlsplit(given if "://" in given or not re.match(r"[\w.-]+\.\w{2,}/", given) else f"https://{given}")
    number = re.search(r"/(?:j|w|wc|s)/(\d{6,})", parts.path)
    if number:
        return number[1]
    if parts.hostname:
        return f"{parts.hostname.removeprefix('www.')}{parts.path.rstrip('/')}".casefold()[:500]
    digits = re.sub(r"[\s-]", "", given)
    return digits if digits.isdigit() else given.casefold()[:500]


def _recall(plain: Mapping[str, Any], event: str) -> Streamed:
    """Recall.ai: words with times and a participant. Source: its documentation of real-time endpoints."""
    data = _map(plain.get("data"))
    bot = _map(data.get("bot")) or _map(data.get("recording"))
    about = {**_map(_map(data.get("recording")).get("metadata")), **_map(_map(data.get("bot")).get("metadata"))}
    told = {"call": _id("recall", bot.get("id")), "meeting": _meeting(about), "deal": _some(about.get("deal"))}
    if event in ("bot.call_ended", "bot.done", "recording.done", "transcript.done"):
        return Streamed("ended", **told)  # type: ignore[arg-type]
    if event not in ("transcript.data", "transcript.partial_data"):
        return Streamed("other", **told)  # type: ignore[arg-type]
    inner = _map(data.get("data"))
    words = [word for word in _list(inner.get("words")) if isinstance(word, dict)]
    who = _map(inner.get("participant"))
    text = " ".join(" ".join(_text(word.get("text")) for word in words).split())
    first = _map(words[0].get("start_timestamp")) if words else {}
    second = _number(first.get("relative"))
    name = _text(who.get("name")) or (f"Participant {who['id']}" if who.get("id") is not None else "")
    absolute = _when(first.get("absolute"))
    began = datetime.fromtimestamp(absolute.timestamp() - second, UTC) if absolute else None
    segment = Segment(f"{who.get('id', '')}@{second:.2f}", text[:LONGEST], name, _some(who.get("email")), second)
    kind: Kind = "words" if event == "transcript.data" else "partial"
    return Streamed(kind, segments=(segment,) if text else (), began=began, **told)  # type: ignore[arg-type]


def _zoom(plain: Mapping[str, Any], event: str) -> Streamed:
    """Zoom RTMS, as a forwarder of its sockets posts it: msg_type 17 is the transcript; times in milliseconds."""
    payload = _map(plain.get("payload")) or plain
    call = _id("zoom", payload.get("meeting_uuid") or payload.get("rtms_stream_id"))
    told = {"call": call, "meeting": _meeting(payload), "deal": _some(payload.get("deal"))}
    if event:
        return Streamed("ended" if event == "meeting.rtms_stopped" else "other", **told)  # type: ignore[arg-type]
    if plain.get("msg_type") != 17:
        return Streamed("other", **told)  # type: ignore[arg-type]
    content = _map(plain.get("content"))
    start = _number(content.get("start_time") or content.get("timestamp"))
    start = start / 1_000 if start > 1e14 else start  # some versions tell microseconds
    base = _number(payload.get("started_at")) or (start if start > 1e11 else 0.0)
    second = max(0.0, (start - base) / 1_000) if start > 1e11 else start / 1_000
    began = datetime.fromtimestamp(base / 1_000, UTC) if base > 1e11 else None
    key = f"{content.get('user_id', '')}@{start:.0f}"
    segment = Segment(key, _text(content.get("data"))[:LONGEST], _text(content.get("user_name")), None, second)
    return Streamed("words", segments=(segment,) if segment.text else (), began=began, **told)  # type: ignore[arg-type]


def _fathom(plain: Mapping[str, Any]) -> Streamed:
    """Fathom: the whole transcript when the call is over, with invitees' addresses."""
    segments = []
    for n, one in enumerate(_list(plain.get("transcript"))[:MOST]):
        said = _map(one)
        who = _map(said.get("speaker"))
        name, email = _text(who.get("display_name")), _some(who.get("matched_calendar_invitee_email"))
        segments.append(Segment(str(n), _text(said.get("text"))[:LONGEST], name, email, _clock(said.get("timestamp"))))
    began = _when(plain.get("recording_start_time")) or _when(plain.get("scheduled_start_time"))
    title = _some(plain.get("meeting_title")) or _some(plain.get("title"))
    call = _id("fathom", plain.get("recording_id") or plain.get("share_url") or plain.get("url"))
    return Streamed("whole", call, _with_words(segments), _meeting(plain), _some(plain.get("deal")), title, began)


def _fireflies(plain: Mapping[str, Any]) -> Streamed:
    """Fireflies: sentences of a call that is over, or chunks while it is held; the same chunk again replaces its text."""
    call = _id("fireflies", plain.get("transcript_id") or plain.get("meeting_id") or plain.get("meetingId") or plain.get("id"))
    if "chunk_id" in plain:
        text = _text(plain.get("text"))[:LONGEST]
        segment = Segment(_text(plain["chunk_id"]), text, _text(plain.get("speaker_name")), None, _number(plain.get("start_time")))
        return Streamed("words", call, (segment,) if text else (), _meeting(plain), _some(plain.get("deal")))
    if "sentences" not in plain:
        raise NotReadable("tells of a meeting without its sentences; let your forwarder fetch them, or drop the transcript in Slack")
    segments = []
    for n, one in enumerate(_list(plain["sentences"])[:MOST]):
        said = _map(one)
        text = _text(said.get("text") or said.get("raw_text"))[:LONGEST]
        segments.append(Segment(str(n), text, _text(said.get("speaker_name")), None, _number(said.get("start_time"))))
    began = _when(plain.get("date"))
    return Streamed("whole", call, _with_words(segments), _meeting(plain), _some(plain.get("deal")), _some(plain.get("title")), began)


def _plain(plain: Mapping[str, Any]) -> Streamed:
    """The plain form, for services without an adapter."""
    segments = []
    for n, one in enumerate(_list(plain.get("segments"))[:MOST]):
        said = _map(one)
        key = _text(said.get("id")) or f"{_text(said.get('speaker'))}@{_number(said.get('start')):.2f}"
        text, who = _text(said.get("text"))[:LONGEST], _text(said.get("speaker"))
        segments.append(Segment(key or str(n), text, who, _some(said.get("email")), _number(said.get("start"))))
    kind: Kind = "whole" if plain.get("ended") is True and segments else "ended" if plain.get("ended") is True else "words"
    kind = "partial" if plain.get("final") is False else kind
    call = _id("call", plain.get("call") or plain.get("meeting"))
    began = _when(plain.get("began"))
    return Streamed(kind, call, _with_words(segments), _meeting(plain), _some(plain.get("deal")), _some(plain.get("title")), began)


def _with_words(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(one for one in segments if one.text)


def _id(service: str, given: Any) -> str:
    if not isinstance(given, str | int) or isinstance(given, bool) or not str(given).strip():
        raise NotReadable("does not say which call it is of")
    return f"{service}:{str(given).strip()[:300]}"


def _meeting(told: Mapping[str, Any]) -> str | None:
    given = next((told[name] for name in ("meeting_url", "meeting_link", "meeting_id", "meeting") if told.get(name)), None)
    return meeting_key(str(given)) if isinstance(given, str | int) else None


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Text without superfluous space; a number as text, anything else as none."""
    if isinstance(value, str):
        return " ".join(value.split())
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _some(value: Any) -> str | None:
    return _text(value)[:300] or None


def _number(value: Any) -> float:
    """A number of seconds or milliseconds; 0 for whatever is none, or cannot be one."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return found if 0 <= found < 1e17 else 0.0


def _clock(value: Any) -> float:
    """A time such as "00:05:32" in seconds; 0 for anything else."""
    parts = str(value).split(":")
    if not all(part.isdecimal() and len(part) < 5 for part in parts):
        return 0.0
    return float(sum(int(part) * 60**place for place, part in enumerate(reversed(parts))))


def _when(value: Any) -> datetime | None:
    """An ISO time, or milliseconds since 1970, as UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1_000 if value > 1e11 else value, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found.astimezone(UTC) if found.tzinfo else None
