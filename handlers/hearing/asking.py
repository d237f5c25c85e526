"""Asks Slack for what was said earlier, page by page and within its rate limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.house import House

UNANSWERED = (SlackClientError, ClientError, TimeoutError, OSError)
"""All that may come back from Slack instead of an answer."""

PAGE = 200
Message = dict[str, Any]


async def history(house: House, channel: str, *, oldest: str) -> list[Message]:
    """All messages of a channel after `oldest`, newest first. Raises SlackApiError."""

    async def page(cursor: str | None) -> Any:
        await house.pace.turn()
        return await house.slack.conversations_history(channel=channel, oldest=oldest, limit=PAGE, cursor=cursor)

    return [message async for message in _paged(page)]


async def replies(house: House, channel: str, thread: str, *, oldest: str, latest: str | None = None) -> list[Message]:
    """All messages of a thread after `oldest`, up to `latest` and with it; Slack adds the parent. Raises SlackApiError."""
    until: dict[str, Any] = {} if latest is None else {"latest": latest, "inclusive": True}

    async def page(cursor: str | None) -> Any:
        await house.pace.turn()
        return await house.slack.conversations_replies(channel=channel, ts=thread, oldest=oldest, limit=PAGE, cursor=cursor, **until)

    return [message async for message in _paged(page)]


async def lately(
    house: House, channel: str, *, before: str | None, limit: int, at_once: bool = False, inclusive: bool = False
) -> list[Message]:
    """The last messages before a ts (None: up to now), newest first, in one call that does not wait for its turn.

    `at_once`: nor is it made again when Slack wants us to wait, or is in trouble; `inclusive`: with the message at that ts.
    """
    slack = _client(house, at_once=at_once)
    answer = await slack.conversations_history(channel=channel, latest=before, limit=limit, inclusive=inclusive or None)
    return list(answer.get("messages") or ())


async def thread_before(
    house: House, channel: str, thread: str, *, before: str, at_once: bool = False, inclusive: bool = False
) -> list[Message]:
    """A thread's parent and its replies before a ts, oldest first, in a call for each PAGE of them, else as those of lately().

    Slack shows a thread from its beginning, so that all of a long one must be read to know how it goes on.
    """
    slack = _client(house, at_once=at_once)

    async def page(cursor: str | None) -> Any:
        asked: dict[str, Any] = {"channel": channel, "ts": thread, "latest": before, "inclusive": inclusive or None}
        return await slack.conversations_replies(**asked, limit=PAGE, cursor=cursor)

    return [message async for message in _paged(page)]


def _client(house: House, *, at_once: bool) -> AsyncWebClient:
    slack = house.slack
    if not at_once:
        return slack
    return AsyncWebClient(token=slack.token, base_url=slack.base_url, session=slack.session, retry_handlers=[])


async def _paged(page: Callable[[str | None], Awaitable[Any]]) -> AsyncIterator[Message]:
    cursor: str | None = None
    while True:
        answer = await page(cursor)
        for message in answer.get("messages") or ():
            yield message
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return
