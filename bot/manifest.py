"""The Slack app manifest: the shipped file, and the same for HTTP mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml

EVENTS_PATH = "/slack/events"
"""Where Slack sends events, commands and button presses in HTTP mode."""


def manifest_text() -> str:
    """The manifest as shipped, for Socket Mode."""
    here = Path(__file__)
    packed = here.with_name("manifest.yml")
    return (packed if packed.exists() else here.parents[1] / "manifest.yml").read_text(encoding="utf-8")


def manifest() -> dict[str, Any]:
    """The manifest as data, for Socket Mode."""
    return cast("dict[str, Any]", yaml.safe_load(manifest_text()))


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
