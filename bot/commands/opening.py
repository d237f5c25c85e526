"""How commands come by their settings: read once, or one plain sentence of trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.commands.trouble import Trouble
from bot.given import check_reader, read_settings, ready_to_run
from bot.mistake import SettingsMistake
from bot.playbook.deeds import Limits as GapLimits
from bot.settings import Settings
from templates.job import Wrong
from templates.scripts import Scripts
from templates.voice import Voice

if TYPE_CHECKING:
    from bot.strong.reader import StrongReader


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


def scripts(settings: Settings, tell: Callable[[Wrong], None]) -> Scripts:
    """The scripts in the installation's voice, its own ones first; `tell` hears why one of those was left out."""
    return Scripts(Voice(settings.language, settings.tone, settings.script_length), settings.playbook, tell)


def strong_reader(settings: Settings) -> StrongReader | None:
    """The strong reader at the installation's endpoint; None where it is left at local. Raises SettingsMistake without an endpoint."""
    check_reader(settings)
    if settings.reader != "both" or settings.reader_url is None or settings.reader_model is None:
        return None
    from bot.strong.endpoint import Address  # noqa: PLC0415 - with it comes an HTTP client, which commands that only read do not need
    from bot.strong.reader import Limits, StrongReader  # noqa: PLC0415 - the same

    limits = Limits(in_time=settings.reader_seconds, calls=settings.reader_calls, characters=settings.reader_characters)
    return StrongReader(Address(settings.reader_url, settings.reader_model, settings.reader_key), limits)


def limits_of(settings: Settings) -> GapLimits:
    """From when on actual volumes are a shortfall."""
    return GapLimits(days=settings.gap_days, share=settings.gap_percent / 100)
