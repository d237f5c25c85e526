"""The manifest asks for exactly what the code needs: scopes of the methods it calls, events it listens to, commands it answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import bot_scopes, manifest
from handlers.findings import check, why
from templates.new_form import SHORTCUT

ROOMS = ("bot", "handlers", "store", "templates")

SCOPES_OF_METHOD: dict[str, frozenset[str]] = {
    "api_call": frozenset(),
    "apps_connections_open": frozenset(),
    "auth_test": frozenset(),
    "bots_info": frozenset({"users:read"}),
    "chat_delete": frozenset({"chat:write"}),
    "canvases_getContent": frozenset({"canvases:read"}),
    "chat_getPermalink": frozenset(),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations_info": frozenset({"channels:read", "groups:read"}),
    "conversations_list": frozenset({"channels:read", "groups:read"}),
    "conversations_members": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": frozenset({"channels:history", "groups:history", "im:history"}),
    "dnd_teamInfo": frozenset({"dnd:read"}),
    "files_info": frozenset({"files:read"}),
    "files_upload_v2": frozenset({"files:write"}),
    "team_info": frozenset({"team:read"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_update": frozenset(),
    "users_conversations": frozenset({"channels:read", "groups:read"}),
    "users_info": frozenset({"users:read"}),
    "users_lookupByEmail": frozenset({"users:read.email"}),
    "users_list": frozenset({"users:read"}),
}
"""Web API method -> scopes that it needs in the conversations we use it for (im: the bot's own direct messages)."""

SCOPES_OF_EVENT: dict[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_uninstalled": frozenset(),
    "channel_archive": frozenset({"channels:read"}),
    "channel_deleted": frozenset({"channels:read"}),
    "channel_id_changed": frozenset({"channels:read", "groups:read"}),
    "channel_left": frozenset({"channels:read"}),
    "channel_rename": frozenset({"channels:read"}),
    "channel_shared": frozenset({"channels:read", "groups:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "channel_unshared": frozenset({"channels:read", "groups:read"}),
    "file_shared": frozenset({"files:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "group_left": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "tokens_revoked": frozenset(),
}


def trees(*rooms: str) -> Iterator[ast.Module]:
    for room in rooms:
        for file in Path(room).rglob("*.py"):
            if "demo" not in file.parts:
                yield ast.parse(file.read_text(encoding="utf-8"))


def web_api_methods_called() -> set[str]:
    known = {name for name in dir(AsyncWebClient) if "_" in name and not name.startswith("_")}
    names = {node.attr for tree in trees(*ROOMS) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names & known


def registered(kind: str) -> set[str]:
    """Names given to app.event(...), app.command(...) and the like in the handlers; the catch-all is a pattern and left out."""
    found: set[str] = set()
    for tree in trees("handlers"):
        constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{kind}" and node.args:
                name = constants.get(ast.unparse(node.args[0]), node.args[0])
                found |= {str(name.value)} if isinstance(name, ast.Constant) else set()
    return found


def test_scopes_are_those_that_calls_events_and_commands_need() -> None:
    called = web_api_methods_called()
    assert called <= SCOPES_OF_METHOD.keys(), "a new Web API method: state its scopes here and in the manifest"
    needed = {scope for method in called for scope in SCOPES_OF_METHOD[method]}
    needed |= {scope for event in manifest()["settings"]["event_subscriptions"]["bot_events"] for scope in SCOPES_OF_EVENT[event]}
    assert bot_scopes() == needed | {"commands"}


def test_events_are_those_that_the_code_listens_to() -> None:
    subscribed = {event.split(".")[0] for event in manifest()["settings"]["event_subscriptions"]["bot_events"]}
    assert registered("event") | registered("at_once") == subscribed


def test_shortcuts_are_those_that_the_code_answers() -> None:
    ours = {SHORTCUT: "deals/deal_new", why.SHORTCUT: "findings/why", check.SHORTCUT: "findings/check"}
    assert {shortcut["callback_id"] for shortcut in manifest()["features"]["shortcuts"]} == set(ours)
    for handler in ours.values():
        assert "app.shortcut(SHORTCUT)" in Path(f"handlers/{handler}.py").read_text(encoding="utf-8")


def test_commands_are_those_that_the_code_answers() -> None:
    assert registered("command") == {command["command"] for command in manifest()["features"]["slash_commands"]}
