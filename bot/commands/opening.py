"""How commands come by their settings: read once, or one plain sentence of trouble."""

from __future__ import annotations

from bot.commands.trouble import Trouble
from bot.settings import Settings, SettingsMistake, read_settings, ready_to_run


def settings() -> Settings:
    """The settings; Slack tokens may be missing."""
    try:
        return read_settings()
    except SettingsMistake as wrong:
        raise Trouble(str(wrong)) from None


def settings_for_running() -> Settings:
    """The settings with all tokens that a mode needs."""
    ready = settings()
    try:
        ready_to_run(ready)
    except SettingsMistake as wrong:
        raise Trouble(str(wrong)) from None
    return ready
