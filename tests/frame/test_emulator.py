"""The emulator: it starts on loopback only, its people can act, and it ends with its block and with its starter."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.demo.emulator import home
from tests.conftest import StartSlack

WORKSPACE = {
    "workspace": {"name": "Carrier", "domain": "carrier", "teamId": "T1"},
    "apps": [
        {
            "appId": "A1",
            "botUserId": "U0BOT",
            "botName": "jumpin",
            "botToken": "xoxb-t",
            "appToken": "xapp-t",
            "signingSecret": "s",
            "mode": "socket",
        }
    ],
    "users": [{"id": "U1", "name": "dana", "real_name": "Dana"}],
    "channels": [{"id": "C1", "name": "impl-acme", "is_private": False, "members": ["U1", "U0BOT"]}],
}
STARTER = f"""
import asyncio, sys
from bot.demo.emulator import local_slack
async def main():
    async with local_slack({WORKSPACE!r}) as slack:
        print(slack.web_url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def listening(port: int) -> set[str]:
    """Local addresses with a listener on this port, as the kernel tells them."""
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}


async def test_people_can_act_and_it_listens_on_loopback_only(local_slack: StartSlack) -> None:
    async with local_slack(WORKSPACE) as slack:
        ts = await slack.post("U1", "C1", "hello")
        assert [(message["ts"], message["text"]) for message in await slack.messages("C1")] == [(ts, "hello")]
        assert await slack.dms("U1") == []
        assert listening(int(slack.web_url.rsplit(":", 1)[1])) == {"0100007F"}
        web = slack.web_url
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(web)


async def test_it_ends_when_its_starter_is_killed(local_slack: StartSlack) -> None:
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", STARTER, stdout=asyncio.subprocess.PIPE)
    assert starter.stdout is not None
    web = (await starter.stdout.readline()).decode().strip()
    starter.kill()
    await starter.wait()
    async with aiohttp.ClientSession() as http, asyncio.timeout(5):
        while True:
            try:
                await http.get(web)
            except aiohttp.ClientConnectionError:
                return
            await asyncio.sleep(0.05)


def test_it_is_installed_once_under_its_pinned_version() -> None:
    assert home().name == "local-slack-linux-x64-0.1.8"
