"""The manifest: within Slack's limits and ready to paste for either mode."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.manifest import manifest, manifest_for_http, manifest_text


def within(value: Any, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most


@pytest.mark.parametrize("made", [manifest(), manifest_for_http("https://jumpin.example.com")], ids=["socket", "http"])
def test_it_keeps_slacks_limits(made: dict[str, Any]) -> None:
    shown, features, settings = made["display_information"], made["features"], made["settings"]
    assert set(made) <= {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert within(shown["name"], 35)
    assert within(shown["description"], 140)
    assert 175 <= len(shown["long_description"]) <= 4000
    assert within(features["bot_user"]["display_name"], 80)
    for command in features["slash_commands"]:
        assert within(command["command"], 32)
        assert command["command"].startswith("/")
        assert within(command["description"], 2000)
        assert within(command["usage_hint"], 1000)
        assert command["should_escape"] is True
    for shortcut in features["shortcuts"]:
        assert within(shortcut["name"], 24)
        assert within(shortcut["description"], 150)
        assert within(shortcut["callback_id"], 255)
        assert shortcut["type"] in ("global", "message")
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 255
    assert len(settings["event_subscriptions"]["bot_events"]) <= 100
    assert isinstance(settings["interactivity"]["is_enabled"], bool)
    assert settings["token_rotation_enabled"] is False


def test_people_can_get_direct_messages() -> None:
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True


def test_socket_mode_has_no_addresses_and_http_mode_has_all() -> None:
    assert "url" not in manifest_text().lower()
    made = manifest_for_http("https://jumpin.example.com/")
    endpoint = "https://jumpin.example.com/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == endpoint
    assert made["settings"]["interactivity"]["request_url"] == endpoint
    assert made["settings"]["interactivity"]["message_menu_options_url"] == endpoint
    assert {command["url"] for command in made["features"]["slash_commands"]} == {endpoint}
    assert manifest_for_http(endpoint) == made


def test_the_command_prints_it_ready_to_paste() -> None:
    run = CliRunner().invoke(app, ["manifest"])
    assert yaml.safe_load(run.stdout) == manifest()
    run = CliRunner().invoke(app, ["manifest", "--url", "https://jumpin.example.com"])
    assert yaml.safe_load(run.stdout) == manifest_for_http("https://jumpin.example.com")


@pytest.mark.parametrize("url", ["http://jumpin.example.com", "jumpin.example.com", "https://", "https://a.example/?x=1"])
def test_an_address_that_slack_would_refuse_is_trouble(url: str) -> None:
    run = CliRunner().invoke(app, ["manifest", "--url", url])
    assert run.exit_code == 2
    assert "--url must be the public address" in run.stderr
