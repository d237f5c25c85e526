"""The clock's settings as its habits: which nudges are off, and at which distance from each other they come."""

from __future__ import annotations

from collections.abc import Iterator

from bot.mistake import SettingsMistake
from bot.playbook.clock.patience import BY_NAME, Habits
from bot.settings import Settings

LONGEST = 60
"""Business days of a distance."""


def habits(settings: Settings) -> Habits:
    """The habits that the settings ask for. Raises SettingsMistake, one sentence and without the value, for what is no nudge."""
    return Habits(
        hour=settings.daily_hour,
        zone=settings.timezone,
        off=frozenset(BY_NAME) if settings.clock == "off" else frozenset(_off(settings.nudges_off)),
        gaps=dict(_gaps(settings.nudge_gaps)),
        quarter_end=settings.quarter_end_days,
    )


def _off(given: str) -> Iterator[str]:
    for number, name in _entries(given):
        if name not in BY_NAME:
            raise SettingsMistake(
                f"JUMPIN_NUDGES_OFF: entry {number} is no nudge; write names from docs/nudges.md, "
                "separated by commas, such as nps, workshop."
            )
        yield name


def _gaps(given: str) -> Iterator[tuple[str, int]]:
    for number, entry in _entries(given):
        name, _, days = (part.strip() for part in entry.partition("="))
        if name not in BY_NAME or not (days.isascii() and days.isdigit() and len(days) < 4 and 1 <= int(days) <= LONGEST):
            raise SettingsMistake(
                f"JUMPIN_NUDGE_GAPS: entry {number} is no distance; write a name from docs/nudges.md and 1 to {LONGEST} business days, "
                "separated by commas, such as nps=10, own=5."
            )
        yield name, int(days)


def _entries(given: str) -> list[tuple[int, str]]:
    """What stands between the commas, each with its number."""
    return [(number, entry.strip()) for number, entry in enumerate(given.split(","), start=1) if entry.strip()]
