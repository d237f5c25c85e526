"""Asks Slack who we are, and says in one plain sentence what is wrong with a token."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.hearing.asking import UNANSWERED
from handlers.refused import code_of

TRIES = 3

_BAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "no_permission"}
)


BOT_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - the setting's name
_TAKEN_AWAY = frozenset({"account_inactive", "token_revoked"})


class Unwelcome(Exception):
    """Slack does not let us in. Its text is one plain sentence with the next step, without the token.

    `gone`: it was ours, and the app was removed or the token taken away.
    """

    def __init__(self, text: str, *, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token is: workspace, organisation on Enterprise, bot user and bot ids, the scopes granted, and what time it is in Slack.

    Scopes and time (UTC) are None where Slack does not tell them.
    """

    team_id: str
    bot_user_id: str
    bot_id: str | None
    enterprise_id: str | None
    scopes: frozenset[str] | None
    clock: datetime | None = None


async def who_are_we(client: AsyncWebClient) -> Identity:
    """The identity behind the bot token. Raises Unwelcome."""
    answer = await _asked(
        client.auth_test,
        BOT_TOKEN,
        "copy the Bot User OAuth Token (xoxb-…) again from your Slack app's page OAuth & Permissions, after installing the app once more",
    )
    granted = answer.headers.get("x-oauth-scopes")
    return Identity(
        team_id=str(answer["team_id"]),
        bot_user_id=str(answer["user_id"]),
        bot_id=answer.get("bot_id"),
        enterprise_id=answer.get("enterprise_id"),
        scopes=None if granted is None else frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
        clock=_time(answer.headers.get("date")),
    )


def _time(shown: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(shown or "").astimezone(UTC)
    except ValueError:
        return None


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """A ticket for Socket Mode. Raises Unwelcome."""

    async def ask() -> Any:
        return await client.apps_connections_open(app_token=app_token)

    answer = await _asked(
        ask,
        "SLACK_APP_TOKEN",
        "make an App-Level Token (xapp-…) with the scope connections:write on your Slack app's page Basic Information",
    )
    return str(answer["url"])


async def app_of(client: AsyncWebClient, identity: Identity) -> str | None:
    """The id of the Slack app that the bot token is of, where Slack tells it."""
    try:
        told = (await client.bots_info(bot=identity.bot_id)).get("bot") if identity.bot_id else None
    except (SlackApiError, *UNANSWERED):
        return None
    return told.get("app_id") if isinstance(told, dict) else None


def require_scopes(identity: Identity, needed: frozenset[str]) -> None:
    """Raises Unwelcome when scopes are missing; a Slack that does not tell its scopes is believed."""
    missing = sorted(needed - identity.scopes) if identity.scopes is not None else []
    if missing:
        raise Unwelcome(
            f"The Slack app lacks the scope{'s' if len(missing) > 1 else ''} {', '.join(missing)}: "
            "paste the output of `jumpin manifest` into your Slack app's page App Manifest, save, and install the app again."
        )


async def _asked(ask: Callable[[], Awaitable[Any]], variable: str, next_step: str) -> Any:
    refused = "no answer"
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(attempt)
        try:
            return await ask()
        except SlackApiError as error:
            refused = code_of(error) or str(error.response.status_code)
            gone = refused in _TAKEN_AWAY and variable == BOT_TOKEN
            if refused in _BAD_TOKEN or refused == "missing_scope":
                raise Unwelcome(f"Slack does not accept {variable} ({refused}): {next_step}.", gone=gone) from None
        except UNANSWERED as silence:
            refused = type(silence).__name__
    raise Unwelcome(f"Slack cannot be reached ({refused}): check this machine's network, its proxy, and SLACK_API_URL if you set it.")
