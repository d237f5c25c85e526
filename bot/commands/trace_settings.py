"""Where traces go, by the settings."""

from __future__ import annotations

from bot.mistake import SettingsMistake
from bot.settings import Settings
from bot.tracing import SILENCE, Traces


def traces(settings: Settings) -> Traces:
    """Traces for the collector that the settings name; silence where they name none. Raises SettingsMistake without its libraries."""
    if settings.otel_endpoint is None:
        return SILENCE
    try:
        from bot.otel import Collector  # noqa: PLC0415 - OpenTelemetry, which is optional, comes with it
    except ImportError:
        raise SettingsMistake(
            "JUMPIN_OTEL_ENDPOINT is set and OpenTelemetry is not installed: install what constraints-otel.txt pins "
            "(docs/operations.md, Traces), or leave JUMPIN_OTEL_ENDPOINT empty."
        ) from None
    return Collector(settings.otel_endpoint)
