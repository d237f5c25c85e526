"""Fetches a file from Slack: from Slack's own hosts alone, within bounds of size and time, into a temporary file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.files.dropped import HEAD, LARGEST
from handlers.house import House
from handlers.refused import code_of

Why = Literal["too-large", "slow", "elsewhere", "gone", "refused"]
"""Why a file cannot be had: its size, the time it takes, it lies with another service, it is gone, or Slack does not show it to us."""

WITHIN = 45.0
"""Seconds for the whole of a file."""

CANVASES = frozenset({"canvas", "quip"})
"""What Slack calls its canvases."""

REDIRECTS = 3
CHUNK = 262_144

_SLACKS = (".slack.com", ".slack-files.com", ".slack-gov.com")
_GONE = frozenset({"canvas_not_found", "canvas_deleted", "file_not_found", "file_deleted", "file_not_visible"})
_SHUT = frozenset({"access_denied", "not_visible", "missing_scope", "no_permission", "not_allowed_token_type", "team_access_not_granted"})
_ZIP = b"PK\x03\x04"
_LISTED = re.compile(r"^[ \t]*(?:#{1,6}|[-*+]|\d{1,2}\.|- \[[ x]\])[ \t]+", re.MULTILINE)


class Unfetched(Exception):
    """A file that cannot be had, now or later."""

    def __init__(self, why: Why, size: int | None = None) -> None:
        super().__init__(why)
        self.why: Why = why
        self.size = size


@dataclass(frozen=True, slots=True)
class Facts:
    """What Slack tells of a file; `text`: what an email or a canvas says, which is no file to fetch."""

    name: str
    size: int
    kind: str
    mime: str
    url: str
    mode: str
    ts: str | None = None
    text: str | None = None

    @property
    def media(self) -> bool:
        """Whether it is something to look at or listen to."""
        return self.mime.startswith(("image/", "video/", "audio/"))


async def facts_of(house: House, file: str, channel: str) -> Facts:
    """What Slack tells of a file now. Raises Unfetched, and what Slack raises when it cannot be asked."""
    answer = await _shown(house, file, house.slack.files_info(file=file, limit=1))
    told = answer.get("file") or {}
    kind = str(told.get("filetype") or "")
    canvas = kind in CANVASES or told.get("mimetype") == "application/vnd.slack-docs"
    return Facts(
        name=str(told.get("name") or told.get("title") or "file"),
        size=_number(told.get("size")),
        kind="canvas" if canvas else kind,
        mime=str(told.get("mimetype") or ""),
        url=str(told.get("url_private_download") or told.get("url_private") or ""),
        mode="external" if told.get("is_external") else str(told.get("mode") or ""),
        ts=_shared(told, channel),
        text=await _canvas(house, file) if canvas else _mail(told) if "email" in (told.get("mode"), kind) else None,
    )


async def _shown(house: House, file: str, question: Awaitable[Any]) -> Any:
    """What Slack answers about a file; raises Unfetched where it does not show it to us."""
    try:
        return await question
    except SlackApiError as refused:
        code = code_of(refused)
        if code in _GONE or code in _SHUT:
            house.log.warning("file not shown", file=file, error=code)
            raise Unfetched("gone" if code in _GONE else "refused") from None
        raise


async def _canvas(house: House, file: str) -> str:
    """A canvas as text, without the marks of headings and lists: what stands in it is talk, or notes of a huddle."""
    answer = await _shown(house, file, house.slack.canvases_getContent(canvas_id=file))
    return _LISTED.sub("", str(answer.get("content") or ""))


@asynccontextmanager
async def fetched(house: House, facts: Facts, largest: int = LARGEST) -> AsyncGenerator[tuple[Path, bytes]]:
    """The file at hand, of at most `largest` bytes, and its head; it is gone afterwards. Raises Unfetched, and what the network raises."""
    if facts.size > largest:
        raise Unfetched("too-large", facts.size)
    if facts.mode in ("tombstone", "hidden_by_limit"):
        raise Unfetched("gone")
    if facts.mode == "external":
        raise Unfetched("elsewhere")
    with TemporaryDirectory(prefix="jumpin-") as folder:
        path = Path(folder) / "file"
        if facts.text is not None:
            await asyncio.to_thread(path.write_text, facts.text, "utf-8", "replace")
            yield path, await asyncio.to_thread(_head, path)
            return
        try:
            async with asyncio.timeout(WITHIN):
                await _download(house, facts, path, largest)
        except TimeoutError:
            raise Unfetched("slow") from None
        yield path, await asyncio.to_thread(_head, path)


def is_slacks(house: House, url: str) -> bool:
    """Whether an address is one of Slack's own file hosts, to which our token may go; for a look-alike, its own host and port."""
    there, api = urlsplit(url), urlsplit(house.slack.base_url)
    if api.hostname not in ("slack.com", "slack-gov.com"):
        return (there.scheme, there.netloc) == (api.scheme, api.netloc)
    host = there.hostname or ""
    return there.scheme == "https" and there.port in (None, 443) and not there.username and host.endswith(_SLACKS)


async def _download(house: House, facts: Facts, path: Path, largest: int) -> None:
    url = facts.url
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for _ in range(REDIRECTS + 1):
            if not is_slacks(house, url):
                raise Unfetched("elsewhere")
            headers = {"Authorization": f"Bearer {house.slack.token}"}
            async with session.get(url, headers=headers, allow_redirects=False, proxy=house.slack.proxy) as response:
                if response.status in (301, 302, 303, 307, 308):
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                await _take(response, facts, path, largest)
                return
    raise Unfetched("refused")


async def _take(response: aiohttp.ClientResponse, facts: Facts, path: Path, largest: int) -> None:
    if response.status in (404, 410):
        raise Unfetched("gone")
    if response.status == 429 or response.status >= 500:
        response.raise_for_status()
    # without the right to read files Slack answers with the page for signing in
    if response.status != 200 or (response.content_type == "text/html" and "html" not in f"{facts.mime} {facts.kind} {facts.mode}"):
        raise Unfetched("refused")
    if (response.content_length or 0) > largest:
        raise Unfetched("too-large", response.content_length)
    size = 0
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > largest:
                raise Unfetched("too-large")
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head.startswith(_ZIP):
            return head
        file.seek(max(len(head), path.stat().st_size - HEAD))
        return head + file.read(HEAD)


def _mail(told: Mapping[str, Any]) -> str | None:
    """An email as Slack tells it, written as one: who sent it, when, what about, and its plain text. None where the text is not told."""
    text = told.get("plain_text") or told.get("preview_plain_text")
    if not isinstance(text, str) or not text.strip():
        return None
    senders = told.get("from")
    first = senders[0] if isinstance(senders, list) and senders and isinstance(senders[0], dict) else {}
    name, address = (" ".join(str(first.get(key) or "").split()) for key in ("name", "address"))
    headers = told.get("headers") if isinstance(told.get("headers"), dict) else {}
    day = str((headers or {}).get("date") or "") or formatdate(_number(told.get("timestamp")) or _number(told.get("created")))
    subject = " ".join(str(told.get("subject") or told.get("title") or "").split())
    return f"From: {name} <{address}>\nDate: {' '.join(day.split())}\nSubject: {subject}\n\n{text}"


def _number(told: Any) -> int:
    return told if isinstance(told, int) and not isinstance(told, bool) else 0


def _shared(told: Mapping[str, Any], channel: str) -> str | None:
    """The message with which a file was shared in a channel."""
    shares = told.get("shares")
    for how in shares.values() if isinstance(shares, dict) else ():
        there = how.get(channel) if isinstance(how, dict) else None
        for one in there if isinstance(there, list) else ():
            if isinstance(one, dict) and one.get("ts"):
                return str(one["ts"])
    return None
