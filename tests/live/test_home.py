"""Home against a Slack workspace that is not ours: it is shown when it is opened, and a press in it is answered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.demo.emulator import LocalSlack
from tests.conftest import StartSlack
from tests.live.at_work import LOW, WORKSPACE, dms, prepare, running
from tests.live.block_kit import home_mistakes, texts


async def shown(slack: LocalSlack, user: str, words: str) -> dict[str, Any]:
    """What stands in somebody's Home, once these words do."""
    async with asyncio.timeout(8):
        while True:
            async with slack.http.ws_connect(slack.ws_ui_url) as ui:
                state = json.loads((await ui.receive()).data)["state"]
            home: dict[str, Any] = state["homeViews"].get(user, {}).get("A1", {"blocks": []})
            if words in "\n".join(texts(home["blocks"])):
                assert home_mistakes({"type": "home", "blocks": home["blocks"]}) == []
                return home
            await asyncio.sleep(0.05)


async def test_home_shows_the_deal_and_answers_a_press(local_slack: StartSlack, tmp_path: Path) -> None:
    database = await prepare(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}")
    async with local_slack(WORKSPACE) as slack, running(slack, database):
        await slack.post("UDANA", "CACME", LOW)
        await dms(slack, lambda got: len(got) == 1)
        await slack.do("open-home", user="URILEY")
        home = await shown(slack, "URILEY", "*Acme* — test day 3 of 14")
        assert "🔔 *1 open*, 135 packages a day at stake" in "\n".join(texts(home["blocks"]))
        await slack.do("open-home", user="UIVAN")
        assert "Acme" not in "\n".join(texts((await shown(slack, "UIVAN", "You have no deals yet"))["blocks"]))
        async with slack.http.ws_connect(slack.ws_ui_url) as ui:
            await ui.receive()
            press = {"type": "static_select", "action_id": "jumpin-home-filter", "block_id": "home-do-all"}
            pressed = {**press, "selected_option": {"value": "ramp"}}
            await ui.send_json({"t": "block_action", "user": "URILEY", "channel": "", "messageTs": "", "appId": "A1", "action": pressed})
            await shown(slack, "URILEY", "No deal here at the moment.")
