"""A deleted message, a removed app and the passing of days, from Slack's event to what is left in the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handlers import keeping
from store import installation
from store.retention import Keep
from tests.handlers.telling import Stage, stage
from tests.store.raw import bytes_in

WORDS = "let's rather begin with 15 a day, said the quartermaster"


@pytest.fixture
async def on_stage(tmp_path: Path):  # type: ignore[no-untyped-def]
    async with stage(f"sqlite:///{(tmp_path / 'test.sqlite3').as_posix()}") as ready:
        yield ready


async def kept(there: Stage) -> bytes:
    """What stands in the database file and in its log."""
    await there.house.store.flush_traces()
    return await asyncio.to_thread(bytes_in, there.house.store.url)


async def test_a_message_that_is_deleted_in_slack_is_gone_from_the_file(on_stage: Stage) -> None:
    known = await on_stage.know()
    ts = await on_stage.says("U1", WORDS)
    assert [one.state for one in await on_stage.all_found(known)] == ["open"]
    assert b"15 a day" in await kept(on_stage)
    await on_stage.deletes(ts)
    assert [one.state for one in await on_stage.all_found(known)] == ["withdrawn"]
    left = await kept(on_stage)
    assert b"15 a day" not in left
    assert b"quartermaster" not in left


async def test_words_are_gone_the_day_after_their_time_is_over(on_stage: Stage) -> None:
    known = await on_stage.know()
    await on_stage.says("U1", WORDS)
    await keeping.tick(on_stage.house, Keep(quotes=30))
    assert b"15 a day" in await kept(on_stage)
    on_stage.clock.ahead(days=31)
    await keeping.tick(on_stage.house, Keep(quotes=30))
    assert b"15 a day" not in await kept(on_stage)
    [found] = await on_stage.all_found(known)
    assert (found.state, found.finding.quote, found.finding.said_per_day) == ("open", "", (15.0, 15.0))
    assert [line["rows"] for line in on_stage.logged if line["event"] == "retention"] == [0, 1]


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}])
async def test_the_time_of_grace_begins_when_the_app_is_removed(on_stage: Stage, event: dict[str, object]) -> None:
    await on_stage.event(**event)
    assert on_stage.house.revoked.is_set()
    async with on_stage.house.store.reading() as s:
        assert await installation.removed_at(s) is not None
    await keeping.came_back(on_stage.house)
    async with on_stage.house.store.reading() as s:
        assert await installation.removed_at(s) is None


async def test_somebody_elses_token_that_is_revoked_is_none_of_ours(on_stage: Stage) -> None:
    await on_stage.event(type="tokens_revoked", tokens={"bot": ["UOTHER"], "oauth": []})
    async with on_stage.house.store.reading() as s:
        assert await installation.removed_at(s) is None
