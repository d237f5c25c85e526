"""Posts a DM once: opens the conversation, posts with a key in the metadata, and looks for that key when the outcome is unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handlers.kept import Kept
from handlers.telling.outcome import FAILURES, Later, Never, Outcome, Sent, of_failure
from templates.charts.native import without_charts
from templates.kit import Message

REFUSED_BLOCKS = Never("invalid_blocks")
"""Slack does not take what the blocks hold. Its own charts are new: without them it may."""

OUT_OF_TIME = Later("out of time", seconds=None)
"""The lease is about to end, or has: somebody else would send it too."""

Ours = Callable[[], bool]

_PAGES, _PAGE = 5, 200
_CLOCKS_DIFFER = timedelta(hours=1)
"""How much Slack's clock may differ from ours: what was posted so long before it was asked for is looked at, too."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a direct message, or a thread of a channel."""

    channel: str
    thread_ts: str | None = None

    @property
    def event_type(self) -> str:
        """What the metadata calls the message. Other apps in a channel may read it."""
        return "jumpin_alert" if self.thread_ts is None else "jumpin_post"


class Post:
    """Sends through a client that does not retry by itself: a retry of its own would post twice."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._dms: Kept[str, str] = Kept(5_000)

    async def once(self, recipient: str, key: str, message: Message, *, since: datetime, maybe_sent: bool, ours: Ours) -> Outcome:
        """Send a DM under `key`, unless it already stands there; `since` (UTC): it cannot have been sent before; `ours`: see send()."""
        try:
            place = Place(await self._open(recipient))
            if maybe_sent and (found := await self.find(place, key, since)):
                return found
        except FAILURES as failure:
            return of_failure(failure)
        outcome = await self.send(place, key, message, since=since, ours=ours)
        if outcome == Never("channel_not_found"):
            self._dms.drop(recipient)
        return outcome

    async def send(self, place: Place, key: str, message: Message, *, since: datetime, ours: Ours) -> Outcome:
        """Post `message` under `key`; where it is unknown how that ended, the answer is looked for at the place itself.

        Not any more when it is not `ours` to send: whatever came before may have taken long, or the process was stopped meanwhile.
        """
        if not ours():
            return OUT_OF_TIME
        outcome = await self._post(place, key, message)
        if outcome == REFUSED_BLOCKS and (plainer := without_charts(message.blocks)) != message.blocks:
            outcome = await self._post(place, key, Message(message.text, plainer))
        if isinstance(outcome, Later) and outcome.unknown:
            try:
                return await self.find(place, key, since) or outcome
            except FAILURES:
                return outcome
        return outcome

    async def find(self, place: Place, key: str, since: datetime) -> Sent | None:
        """The message that stands under `key`, posted since then (UTC). Raises what a call may raise."""
        oldest, cursor = f"{(since - _CLOCKS_DIFFER).timestamp():.6f}", None
        for _ in range(_PAGES):
            answer = await self._page(place, oldest, cursor)
            for message in answer.get("messages") or ():
                if _key(place, message) == key:
                    return Sent(place.channel, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return None

    async def change(self, channel: str, ts: str, message: Message) -> Outcome:
        """Change a DM that stands; doing it twice does no harm."""
        outcome = await self._change(channel, ts, message)
        if outcome == REFUSED_BLOCKS and (plainer := without_charts(message.blocks)) != message.blocks:
            return await self._change(channel, ts, Message(message.text, plainer))
        return outcome

    async def _change(self, channel: str, ts: str, message: Message) -> Outcome:
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        except FAILURES as failure:
            return of_failure(failure)
        return Sent(channel, ts)

    async def _post(self, place: Place, key: str, message: Message) -> Outcome:
        metadata = {"event_type": place.event_type, "event_payload": {"key": key}}
        try:
            answer = await self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread_ts,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as failure:
            return of_failure(failure)
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def _open(self, recipient: str) -> str:
        known = self._dms.get(recipient)
        if known is not None:
            return known
        answer = await self._client.conversations_open(users=recipient)
        return self._dms.put(recipient, str(answer["channel"]["id"]))

    async def _page(self, place: Place, oldest: str, cursor: str | None) -> Any:
        asked: dict[str, Any] = {"channel": place.channel, "oldest": oldest, "limit": _PAGE, "cursor": cursor, "include_all_metadata": True}
        if place.thread_ts is None:
            return await self._client.conversations_history(**asked)
        return await self._client.conversations_replies(ts=place.thread_ts, **asked)


def _key(place: Place, message: dict[str, Any]) -> Any:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == place.event_type else None
