"""The whole bot against a Slack workspace that is not ours: what is said in a channel reaches the rep as a direct message, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import StartSlack
from tests.live.at_work import LOW, WORKSPACE, dms, prepare, running


@pytest.fixture
async def database(tmp_path: Path) -> str:
    """A store with the deal."""
    return await prepare(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.sqlite3'}")


async def test_said_edited_deleted_and_in_a_thread(local_slack: StartSlack, database: str) -> None:
    async with local_slack(WORKSPACE) as slack, running(slack, database):
        first = await slack.post("UDANA", "CACME", LOW)
        (told,) = await dms(slack, lambda got: len(got) == 1)
        assert "15" in told["text"]
        assert "150" in told["text"]

        await slack.delete("UDANA", "CACME", first)
        await dms(slack, lambda got: got[0]["text"] != told["text"])

        second = await slack.post("UDANA", "CACME", "let's start with 500 a day")
        await slack.edit("UDANA", "CACME", second, LOW)
        await dms(slack, lambda got: len(got) == 2)

        question = await slack.post("UIVAN", "CACME", "what about the week after?")
        await slack.post("UDANA", "CACME", "let's do 12 a day, no more", thread_ts=question)
        await dms(slack, lambda got: len(got) == 3)

        assert [message for message in await slack.messages("CACME") if message.get("bot_id")] == []


async def test_our_own_words_and_other_channels_bring_nothing(local_slack: StartSlack, database: str) -> None:
    async with local_slack(WORKSPACE) as slack, running(slack, database):
        await slack.post("URILEY", "CACME", LOW)
        await slack.post("UDANA", "COTHER", LOW)
        await slack.post("UDANA", "CACME", LOW)
        await dms(slack, lambda got: len(got) == 1)


async def test_what_was_said_while_the_bot_was_away_is_heard_at_its_start_and_once(local_slack: StartSlack, database: str) -> None:
    async with local_slack(WORKSPACE) as slack:
        async with running(slack, database):
            await slack.post("UDANA", "CACME", LOW)
            await dms(slack, lambda got: len(got) == 1)
        await slack.post("UDANA", "CACME", "actually we can only do 12 a day")
        async with running(slack, database):
            await dms(slack, lambda got: len(got) == 2)
        async with running(slack, database):
            await slack.post("UDANA", "CACME", "see you tomorrow")
            assert len(await dms(slack, lambda got: len(got) == 2)) == 2
