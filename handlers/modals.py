"""Opens modals while Slack's trigger lives, and says so in words when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.hearing.asking import UNANSWERED
from handlers.house import House
from handlers.refused import code_of
from templates.form import View
from templates.kit import Message, section

WITHIN = 2.5
"""Seconds in which a modal must stand: Slack forgets the trigger after three."""

_EXPIRED = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id"})


async def in_time(house: House, work: Awaitable[Message | None]) -> Message | None:
    """What the work comes to, within the time that Slack gives; else what to say instead."""
    try:
        async with asyncio.timeout(WITHIN):
            return await work
    except SlackApiError as refused:
        code = code_of(refused)
        house.log.warning("modal refused", error=code)
        return _said("Slack closed this before the form could open. Please try again." if code in _EXPIRED else _NOT_NOW)
    except UNANSWERED as silence:
        house.log.warning("modal not opened", error=type(silence).__name__)
        return _said(_NOT_NOW)


async def show(house: House, trigger: Any, view: View) -> str:
    """Open a modal; its id. Raises what Slack raises."""
    opened = await house.slack.views_open(trigger_id=str(trigger), view=view)
    return str((opened.get("view") or {}).get("id") or "")


_NOT_NOW = "Slack did not answer in time. Please try again."


def _said(text: str) -> Message:
    return Message(text, [section(text)])
