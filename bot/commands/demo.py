"""`jumpin demo`: the whole bot on this machine, against an emulated Slack workspace, with a sample deal and conversation."""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.app import serve
from bot.commands.scan import scan
from bot.deal import Deal
from bot.demo.emulator import EmulatorMissing, LocalSlack, find, free_port, install, local_slack
from bot.demo.play import Direct, play, readable
from bot.demo.sample import APP_TOKEN, BOT_TOKEN, Sample, sample
from bot.settings import Settings
from store.deals import save_deal
from store.engine import open_store
from store.migrate import upgrade

Once = Annotated[bool, typer.Option("--once", help="End after the conversation and print the direct messages in full.")]
Speed = Annotated[float, typer.Option(min=0.1, max=100, help="How many times faster than reading speed.")]
WithoutSlack = Annotated[bool, typer.Option("--without-slack", help="Do not start a workspace: only scan the sample conversation.")]

INVITATION = """
Open {web} and type along: pick Priya in #impl-acme, say "let's start with 20 a day", then look at Riley's messages.
Ctrl-C ends the demo and everything it started."""


def demo(once: Once = False, speed: Speed = 1.0, without_slack: WithoutSlack = False) -> None:
    """Play a sample conversation into an emulated workspace and show what the rep gets. Nothing leaves this machine."""
    today = datetime.now(ZoneInfo("America/New_York")).date()
    scene = sample(today)
    if without_slack or not _emulator_ready():
        _scan(scene)
        return
    # a demo started in the background of a script inherits a Ctrl-C that is switched off; here it always ends everything
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        asyncio.run(_show(scene, once, speed))
    typer.echo("\nThe demo has ended, and everything it started with it.")


def _emulator_ready() -> bool:
    if find() is None:
        typer.echo("Installing the Slack emulator with npm, about 90 MB, once ...")
    try:
        install()
    except EmulatorMissing as reason:
        typer.echo(f"{reason} So this is the sample conversation through `jumpin scan`; install Node.js with npm to see it live.\n")
        return False
    return True


def _scan(scene: Sample) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "impl-acme.json"
        file.write_text(json.dumps(scene.conversation), encoding="utf-8")
        scan([file])


async def _show(scene: Sample, once: bool, speed: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder).as_posix()}/demo.sqlite3"
        await _import(scene, url)
        async with local_slack(scene.workspace()) as slack:
            bot = asyncio.create_task(serve(_settings(slack, url, once=once)))
            stage = asyncio.create_task(_play(slack, scene, once, speed))
            try:
                await asyncio.wait({bot, stage}, return_when=asyncio.FIRST_COMPLETED)
                for done in (bot, stage):
                    if done.done():
                        done.result()
            finally:
                await _stop(stage)
                await _stop(bot)


async def _play(slack: LocalSlack, scene: Sample, once: bool, speed: float) -> None:
    await slack.connected()
    typer.echo(f"A Slack workspace with the bot in it: {slack.web_url}  (sample deal: {scene.terms()})\n")
    got = await play(slack, scene, typer.echo, speed)
    if once:
        _print_all(got)
        return
    typer.echo(INVITATION.format(web=slack.web_url))
    await asyncio.Event().wait()


def _print_all(got: list[Direct]) -> None:
    typer.echo(f"\n{len(got)} direct messages reached the rep:")
    for direct in got:
        typer.echo(f"\n{'-' * 72}\n{readable(direct.message)}")


def _settings(slack: LocalSlack, url: str, *, once: bool) -> Settings:
    """A performance is the same at every hour: the daily message, which comes at nine, has no part in it."""
    return Settings(
        _env_file=None,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_signing_secret=None,
        slack_api_url=slack.base_url,
        database_url=url,
        host="127.0.0.1",
        port=free_port(),
        timezone="America/New_York",
        clock="off" if once else "on",
        log_level="ERROR",
        log_format="console",
    )


async def _import(scene: Sample, url: str) -> None:
    await asyncio.to_thread(upgrade, url)
    store = open_store(url)
    try:
        async with store.writing() as s:
            await save_deal(s, Deal.model_validate(scene.deal), by="demo", source="sample", now=datetime.now(UTC))
    finally:
        await store.close()


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
