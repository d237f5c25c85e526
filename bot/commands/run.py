"""`jumpin run`: the bot itself, until it is stopped."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.app import serve
from bot.commands.opening import settings_for_running


def run() -> None:
    """Listen in Slack and tell the reps, until Ctrl-C or SIGTERM; what was begun is finished first."""
    settings = settings_for_running()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(settings))
