"""Permalinks of messages, asked for once."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from handlers.hearing.asking import UNANSWERED
from handlers.kept import Kept


class Links:
    """Remembers permalinks; a message whose link cannot be had (deleted, channel left, Slack silent) has none."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._kept: Kept[tuple[str, str], str] = Kept(5_000)

    async def of(self, channel: str, ts: str) -> str | None:
        """The permalink of a message, or None; what was said on a call, and not in a channel, has none."""
        if not channel.isalnum():
            return None
        known = self._kept.get((channel, ts))
        if known is not None:
            return known
        try:
            answer = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except UNANSWERED:
            return None
        link = answer.get("permalink")
        return self._kept.put((channel, ts), str(link)) if link else None
