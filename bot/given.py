"""The settings as they are given: read once at start, what is wrong or missing in one sentence each, and names that are no setting's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_settings import DotEnvSettingsSource

from bot.mistake import SettingsMistake
from bot.settings import Mode, Settings

_OURS = "JUMPIN_"
_PREFIXES = (_OURS, "SLACK_", "DATABASE_", "CRM_", "VOLUMES_")
"""How the settings' names begin, but for a few; all but the first may be another program's as well."""

_LIKE = 0.75
"""How alike two names are (0 to 1), at least, of which one was meant."""

_SERVICE = re.compile(r"(.+?)_(?:SERVICE_(?:HOST|PORT)|PORT)(?:_\w+)?")
"""What a cluster puts into the environment for each service, which may be called like us."""


def read_settings() -> Settings:
    """Settings from the environment, then `.env`, then the defaults; raises SettingsMistake."""
    settings, wrong = as_far_as_right()
    if wrong:
        raise SettingsMistake(" ".join(f"{name}: {what}" for name, what in wrong.items()))
    return settings


def as_far_as_right() -> tuple[Settings, dict[str, str]]:
    """The settings, where a wrong one stays at its default; and by the name of each wrong one what is wrong, without its value."""
    try:
        return Settings(), {}
    except ValidationError as mistakes:
        wrong = dict(_named(dict(error)) for error in mistakes.errors(include_input=False, include_url=False))
    except (OSError, ValueError):
        unreadable = "cannot be read as text in UTF-8: save it as such, readable by the user who starts the bot."
        return Settings(_env_file=None), {".env": unreadable}
    defaults = {str(field.validation_alias): field.get_default(call_default_factory=True) for field in Settings.model_fields.values()}
    return Settings(**{name: defaults[name] for name in wrong}), wrong


def missing(settings: Settings) -> Iterator[tuple[str, str]]:
    """The names of tokens without which the bot cannot run, each with where it is found."""
    if not settings.slack_bot_token:
        yield (
            "SLACK_BOT_TOKEN",
            "install your Slack app, copy the Bot User OAuth Token (xoxb-…) from its page OAuth & Permissions, "
            "and put it into the environment or a .env file.",
        )
    if settings.mode is None:
        yield (
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
            "give the App-Level Token (xapp-…) for Socket Mode, or the Signing Secret for HTTP mode; "
            "both are on your Slack app's page Basic Information.",
        )


def ready_to_run(settings: Settings) -> Mode:
    """The mode to run in; raises SettingsMistake when tokens that it needs are missing."""
    lacking = " ".join(f"{name} is missing: {step}" for name, step in missing(settings))
    if lacking:
        raise SettingsMistake(lacking)
    check_reader(settings)
    assert settings.mode is not None
    return settings.mode


def check_reader(settings: Settings) -> None:
    """Raises SettingsMistake when the strong reader is asked for without an endpoint."""
    if settings.reader == "both":
        for name, value in (("JUMPIN_READER_URL", settings.reader_url), ("JUMPIN_READER_MODEL", settings.reader_model)):
            if not value:
                raise SettingsMistake(
                    f"{name} is missing: JUMPIN_READER=both needs the address and the model of an OpenAI-compatible endpoint; "
                    "give both, or leave JUMPIN_READER at local."
                )


def unknown() -> dict[str, str | None]:
    """Names in the environment and in `.env` that look like ours and are no setting's: mistyped ones, mostly, with what was meant."""
    known = [str(field.validation_alias) for field in Settings.model_fields.values()]
    names = {name.upper() for name in (*os.environ, *_in_file())}
    found = {}
    for name in sorted(names.difference(known)):
        if not name.startswith(_PREFIXES) or _of_a_service(name, names):
            continue
        meant = next(iter(get_close_matches(name, known, 1, _LIKE)), None)
        if name.startswith(_OURS) or (meant is not None and meant not in names):
            found[name] = meant
    return found


def _in_file() -> Mapping[str, Any]:
    try:
        return DotEnvSettingsSource(Settings).env_vars
    except (OSError, ValueError):
        return {}


def _of_a_service(name: str, names: set[str]) -> bool:
    found = _SERVICE.fullmatch(name)
    return found is not None and f"{found[1]}_SERVICE_HOST" in names


def _named(error: dict[str, object]) -> tuple[str, str]:
    place = error.get("loc")
    name = str(place[0]) if isinstance(place, tuple) and place else "a setting"
    field = Settings.model_fields.get(name)
    known = str(field.validation_alias) if field is not None else name
    return known, f"{str(error.get('msg', 'is wrong')).removeprefix('Value error, ')}."
