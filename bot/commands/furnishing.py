"""What the settings say of a bot that runs: how long it keeps what, and the carrier's own database beside it."""

from __future__ import annotations

from datetime import timedelta

from bot.mistake import SettingsMistake
from bot.settings import Settings
from handlers.volumes.pulling import Warehouse
from store.retention import Keep


def keep(settings: Settings) -> Keep:
    """For how long the settings let things be kept."""
    return Keep(settings.keep_quotes_days, settings.keep_findings_days, settings.keep_after_removal_days)


def warehouse(settings: Settings) -> Warehouse | None:
    """The carrier's own database of volumes; None where there is none. Raises SettingsMistake where only half of it is given."""
    if settings.volumes_url is None and settings.volumes_sql is None:
        return None
    if settings.volumes_url is None or settings.volumes_sql is None:
        missing, there = ("VOLUMES_URL", "VOLUMES_SQL") if settings.volumes_url is None else ("VOLUMES_SQL", "VOLUMES_URL")
        raise SettingsMistake(
            f"{missing} is missing beside {there}: pulling volumes needs the database's address and a file with the query."
        )
    every = timedelta(minutes=settings.volumes_minutes)
    return Warehouse(settings.volumes_url, settings.volumes_sql, every, settings.volumes_seconds)
