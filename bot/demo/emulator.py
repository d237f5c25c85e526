"""A Slack workspace on this machine: installs, starts and ends the pinned third-party emulator, and acts as its people.

The emulator (npm package local-slack) listens on loopback only and ends with the process that started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import aiohttp
from platformdirs import user_cache_path

HERE = Path(__file__).parent
PACKAGE = "local-slack-linux-x64"
STARTS_WITHIN = 20.0
"""Seconds; it is ready within one on an idle machine."""


class EmulatorMissing(Exception):
    """The emulator cannot be had here; its text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class LocalSlack:
    """A running emulator: where it is, and what its people can do."""

    base_url: str
    control_url: str
    ws_ui_url: str
    web_url: str
    http: aiohttp.ClientSession

    async def post(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Say something as a person; returns the message's ts. Waits until the bot has acknowledged the event."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        answer = await self.do("message", user=user, channel=channel, text=text, **thread)
        return str(answer["message"]["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        await self.do("edit-message", user=user, channel=channel, ts=ts, text=text)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message."""
        await self.do("delete-message", user=user, channel=channel, ts=ts)

    async def command(self, user: str, channel: str, command: str, text: str = "") -> dict[str, Any]:
        """Type a slash command."""
        return await self.do("command", user=user, channel=channel, command=command, text=text)

    async def press(self, user: str, channel: str, message_ts: str, element: Mapping[str, Any], block_id: str) -> dict[str, Any]:
        """Press a button of a message: `element` is copied from the message's blocks."""
        action = {**element, "block_id": block_id}
        return await self.do("interact", user=user, channel=channel, messageTs=message_ts, action=action)

    async def state(self) -> dict[str, Any]:
        """People and channels."""
        async with self.http.get(f"{self.control_url}/state") as answer:
            return cast("dict[str, Any]", await answer.json())

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        """All messages of a channel, oldest first."""
        async with self.http.get(f"{self.control_url}/messages/{channel}") as answer:
            return cast("list[dict[str, Any]]", (await answer.json())["messages"])

    async def connected(self) -> None:
        """Wait until the first app's socket is up."""
        async with self.http.ws_connect(self.ws_ui_url) as ui:
            async for frame in ui:
                if _bot_is_up(json.loads(frame.data)):
                    return

    async def traffic(self) -> list[dict[str, Any]]:
        """All that the bot and the emulator said to each other, in order."""
        async with self.http.get(f"{self.control_url}/log") as answer:
            body = await answer.json()
        return cast("list[dict[str, Any]]", body if isinstance(body, list) else body.get("log", []))

    async def dms(self, user: str) -> list[dict[str, Any]]:
        """What the bot told this person directly, oldest first."""
        ims = [channel["id"] for channel in (await self.state())["channels"] if channel.get("is_im") and user in channel.get("members", ())]
        return [message for im in ims for message in await self.messages(im) if message.get("bot_id")]

    async def do(self, what: str, **fields: Any) -> dict[str, Any]:
        """One call of the control API; raises RuntimeError with its answer when it is refused."""
        async with self.http.post(f"{self.control_url}/{what}", json=fields) as answer:
            body = cast("dict[str, Any]", await answer.json())
        if not body.get("ok"):
            raise RuntimeError(f"the emulator refused {what}: {body.get('error')}")
        return body


def _bot_is_up(news: Mapping[str, Any]) -> bool:
    if news.get("t") == "init":
        return bool(news["state"]["apps"][0].get("connected"))
    return news.get("t") == "socket_status" and bool(news.get("connected"))


def home() -> Path:
    """Where the emulator is installed: the user's cache folder, shared by the demo and the tests."""
    version = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"][PACKAGE]
    return user_cache_path("jump-in") / f"{PACKAGE}-{version}"


def find() -> Path | None:
    """The installed emulator, if there is one."""
    binary = home() / "node_modules" / PACKAGE / "bin" / "local-slack"
    return binary if binary.is_file() else None


def install() -> Path:
    """The emulator, installed with npm when it is not there yet; raises EmulatorMissing."""
    found = find()
    if found is not None:
        return found
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise EmulatorMissing("The Slack emulator is built for Linux on x86-64 only.")
    npm = shutil.which("npm")
    if npm is None:
        raise EmulatorMissing("npm is not installed, so there is no Slack emulator.")
    home().parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=home().parent))
    try:
        _npm_install(npm, fresh)
        # Two processes may install at the same time: one rename wins, the other finds the work done.
        with suppress(OSError):
            fresh.rename(home())
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    found = find()
    if found is None:
        raise EmulatorMissing(f"The Slack emulator is incomplete: remove {home()} and try again.")
    return found


def _npm_install(npm: str, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    order = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(order, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EmulatorMissing(f"npm could not install the Slack emulator: {last}")


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def local_slack(config: Mapping[str, Any]) -> AsyncIterator[LocalSlack]:
    """A workspace made from `config` (the emulator's own JSON); ends with the block. Raises EmulatorMissing."""
    binary = await asyncio.to_thread(install)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "workspace.json"
        await asyncio.to_thread(file.write_text, json.dumps(config), encoding="utf-8")
        # A copy, since the option that names it is split at spaces and the package may lie under any path.
        preload = await asyncio.to_thread(shutil.copy, HERE / "loopback.js", folder)
        process = await asyncio.create_subprocess_exec(
            *(str(binary), "--config", str(file), "--port", str(port), "--base-host", "127.0.0.1"),
            env={**os.environ, "BUN_OPTIONS": f"--preload={preload}", "TMPDIR": folder},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            web = f"http://127.0.0.1:{port}"
            async with aiohttp.ClientSession() as http:
                slack = LocalSlack(f"{web}/api/", f"{web}/_control", f"ws://127.0.0.1:{port}/ui", web, http)
                await _ready(slack, process)
                yield slack
        finally:
            await _end(process)


async def _ready(slack: LocalSlack, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while process.returncode is None:
            try:
                await slack.state()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
            else:
                return
    raise EmulatorMissing("The Slack emulator stopped at once; its package may be damaged.")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    if process.stdin is not None:
        process.stdin.close()
