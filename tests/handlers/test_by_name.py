"""What has a name is brought to its listener at once; all else goes Bolt's own way."""

from __future__ import annotations

import json
import re
from time import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.tracing import SILENCE
from handlers.slack import SlackApp
from tests.handlers.telling import SECRET, until

CLICK = {"type": "block_actions", "actions": [{"type": "button", "action_id": "a", "block_id": "b"}]}
REQUESTS = {
    "command": {"command": "/a"},
    "action": {"payload": json.dumps(CLICK)},
    "options": {"payload": json.dumps({"type": "block_suggestion", "action_id": "a", "value": ""})},
    "shortcut": {"payload": json.dumps({"type": "shortcut", "callback_id": "a"})},
    "shortcut of a message": {"payload": json.dumps({"type": "message_action", "callback_id": "a"})},
    "view_submission": {"payload": json.dumps({"type": "view_submission", "view": {"type": "modal", "callback_id": "a"}})},
}


@pytest.fixture
def app() -> SlackApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")

    async def failed(error: Exception) -> BoltResponse:
        return BoltResponse(status=500, body=str(error))

    return SlackApp(
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=True,
        failed=failed,
        bot_user_id="UBOT",
        bot_id="BBOT",
        traces=lambda: SILENCE,
    )


async def sent(app: SlackApp, what: str) -> BoltResponse:
    body, stamp = urlencode(REQUESTS[what]), str(int(time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    headers = {"content-type": "application/x-www-form-urlencoded", "x-slack-signature": signature, "x-slack-request-timestamp": stamp}
    return await app.answer(body, headers)


def saying(word: str) -> Any:
    async def say(ack: Any, body: dict[str, Any]) -> None:
        await (ack(response_action="errors", errors={"b": word}) if "view" in body else ack(text=word))

    return say


async def silent(body: dict[str, Any]) -> None:
    assert body


@pytest.mark.parametrize("what", REQUESTS)
async def test_a_name_leads_to_its_listener_past_all_others(app: SlackApp, what: str) -> None:
    listen = {"view_submission": app.view}.get(what) or getattr(app, what.partition(" ")[0])
    listen(re.compile("."))(saying("a pattern's"))
    listen("b")(saying("another's"))
    listen("/a" if what == "command" else "a")(saying("its own"))
    answer = await sent(app, what)
    assert answer.status == 200
    assert "its own" in answer.body


async def test_the_first_at_a_name_stays(app: SlackApp) -> None:
    app.command("/a")(saying("first"))
    app.command("/a")(saying("second"))
    assert "first" in (await sent(app, "command")).body


async def test_what_its_listener_does_not_acknowledge_goes_on_to_bolts(app: SlackApp) -> None:
    app.command("/a")(silent)
    app.command(re.compile("/a"))(saying("a pattern's"))
    assert "a pattern's" in (await sent(app, "command")).body


async def test_conditions_are_looked_at(app: SlackApp) -> None:
    async def no(body: dict[str, Any]) -> bool:
        return not body

    app.command("/a", matchers=[no])(saying("conditional"))
    assert (await sent(app, "command")).status == 404
    app.command("/a")(saying("its own"))
    assert "its own" in (await sent(app, "command")).body


async def test_a_listener_that_fails_is_told_to_slack(app: SlackApp) -> None:
    async def fail(ack: Any) -> None:
        raise ValueError(ack)

    app.command("/a")(fail)
    assert (await sent(app, "command")).status == 500


async def test_what_takes_longer_comes_after_the_acknowledgement(app: SlackApp) -> None:
    done = []

    async def later(body: dict[str, Any]) -> None:
        done.append(body["command"])

    app.command("/a")(ack=saying("wait"), lazy=[later, later])
    assert "wait" in (await sent(app, "command")).body
    await until(lambda: done == ["/a", "/a"])
