"""Posts a DM once: opens the conversation, posts with a key in the metadata, and looks for that key when the outcome is unknown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handlers.kept import Kept
from handlers.outcome import FAILURES, Later, Never, Outcome, Sent, of_failure
from templates.kit import Message

EVENT_TYPE = "jumpin_alert"
_PAGES, _PAGE = 5, 200
_CLOCKS_DIFFER = timedelta(minutes=2)


class Post:
    """Sends through a client that does not retry by itself: a retry of its own would post twice."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._dms: Kept[str, str] = Kept(5_000)

    async def once(self, recipient: str, key: str, message: Message, *, since: datetime, maybe_sent: bool) -> Outcome:
        """Post `message` under `key`, unless it already stands in the DM; `since` (UTC): it cannot have been sent before."""
        try:
            channel = await self._open(recipient)
            if maybe_sent and (found := await self._find(channel, key, since)):
                return found
        except FAILURES as failure:
            return of_failure(failure)
        outcome = await self._post(channel, key, message)
        if isinstance(outcome, Later) and outcome.unknown:
            return await self._reconciled(channel, key, since, outcome)
        if outcome == Never("channel_not_found"):
            self._dms.drop(recipient)
        return outcome

    async def change(self, channel: str, ts: str, message: Message) -> Outcome:
        """Change a DM that stands; doing it twice does no harm."""
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        except FAILURES as failure:
            return of_failure(failure)
        return Sent(channel, ts)

    async def _post(self, channel: str, key: str, message: Message) -> Outcome:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        try:
            answer = await self._client.chat_postMessage(
                channel=channel, text=message.text, blocks=message.blocks, metadata=metadata, unfurl_links=False, unfurl_media=False
            )
        except FAILURES as failure:
            return of_failure(failure)
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def _reconciled(self, channel: str, key: str, since: datetime, unknown: Later) -> Outcome:
        try:
            return await self._find(channel, key, since) or unknown
        except FAILURES:
            return unknown

    async def _open(self, recipient: str) -> str:
        known = self._dms.get(recipient)
        if known is not None:
            return known
        answer = await self._client.conversations_open(users=recipient)
        return self._dms.put(recipient, str(answer["channel"]["id"]))

    async def _find(self, channel: str, key: str, since: datetime) -> Sent | None:
        oldest, cursor = f"{(since - _CLOCKS_DIFFER).timestamp():.6f}", None
        for _ in range(_PAGES):
            answer = await self._client.conversations_history(
                channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor, include_all_metadata=True
            )
            for message in answer.get("messages") or ():
                if _key(message) == key:
                    return Sent(channel, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return None


def _key(message: dict[str, Any]) -> Any:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None
