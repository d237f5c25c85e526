"""The Slack app manifest: the shipped file, and the same for HTTP mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml

try:
    from yaml import CSafeLoader as _Loader  # a tenth of the time, which is part of every start
except ImportError:  # made without its C part
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

EVENTS_PATH = "/slack/events"
"""Where Slack sends events, commands and button presses in HTTP mode."""


def manifest_text() -> str:
    """The manifest as shipped, for Socket Mode."""
    here = Path(__file__)
    packed = here.with_name("manifest.yml")
    return (packed if packed.exists() else here.parents[1] / "manifest.yml").read_text(encoding="utf-8")


def manifest() -> dict[str, Any]:
    """The manifest as data, for Socket Mode."""
    return cast("dict[str, Any]", yaml.load(manifest_text(), _Loader))


def manifest_for_http(url: str) -> dict[str, Any]:
    """The manifest as data, for HTTP mode behind the address `url` (without path, or with the proxy's prefix)."""
    app = manifest()
    endpoint = url.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH
    for command in app["features"]["slash_commands"]:
        command["url"] = endpoint
    settings = app["settings"]
    settings["event_subscriptions"] = {"request_url": endpoint, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = endpoint
    settings["interactivity"]["message_menu_options_url"] = endpoint
    settings["socket_mode_enabled"] = False
    return app


def bot_scopes() -> frozenset[str]:
    """The scopes that the bot token must have."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])
