"""A disk that is full for a while: nothing is acknowledged that could not be written down, and all is told once there is room again."""

from __future__ import annotations

import os
import resource
import signal
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.emulator import free_port
from store import deals
from store.engine import open_store
from tests.blank import ready
from tests.handlers.telling import SECRET, until
from tests.handlers.test_app import up
from tests.live.at_work import LOW, deal
from tests.live.fake_slack import TOKEN, fake_slack
from tests.live.nursery import nursery
from tests.live.test_heard_between import deliver, hand_over


async def test_what_finds_no_room_is_not_acknowledged_and_told_once_there_is(tmp_path: Path) -> None:
    url, port = f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}", free_port()
    ready(url)
    store = open_store(url)
    async with store.writing() as s:
        await deals.save_deal(s, deal().model_copy(update={"channels": ("CACME",)}), by="test", source="test", now=datetime.now(UTC))
    await store.close()
    async with fake_slack() as slack, nursery() as born:
        for user, name, team in (("UDANA", "Dana Ortiz", "T2"), ("URILEY", "Riley Chen", "T1")):
            slack.person(user, name, team_id=team)
        slack.channel("CACME", "impl-acme")
        env = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.base_url,
            "DATABASE_URL": url,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "JUMPIN_CLOCK": "off",
        }
        pid = await born.born(env, log=tmp_path / "bot.log")
        try:
            await up(port)
            await deliver(slack, port, "UDANA", "good morning")
            room(pid, 4096)
            ts = slack.say("UDANA", "CACME", LOW)
            assert await hand_over(port, "UDANA", LOW, ts) == 500
            assert slack.dms("URILEY") == []
            room(pid, resource.RLIM_INFINITY)
            await until(lambda: slack.dms("URILEY"), within=30)
            assert await hand_over(port, "UDANA", LOW, ts) == 200  # Slack delivers it again
            await deliver(slack, port, "UDANA", "see you tomorrow")
        finally:
            os.kill(pid, signal.SIGKILL)
        assert len(slack.dms("URILEY")) == 1


def room(pid: int, size: int) -> None:
    """The largest file that a process may write (bytes): what goes beyond fails, as on a full disk."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
