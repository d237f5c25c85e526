"""Charts of volume in Slack: on the card, in a gap's direct message, as Slack's own chart or a picture; only for the deal's people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest_asyncio
from PIL import Image

from store import volumes
from store.records import KnownDeal
from store.volume_records import Came, Line
from templates.charts.blocks import PICTURE
from tests.handlers.telling import Stage, stage, until
from tests.live.fake_slack import Fault


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as made:
        yield made


async def shipped(at: Stage, known: KnownDeal, *counts: int) -> None:
    """What was shipped on the days before today, the oldest first."""
    today = at.clock.now().date()
    lines = [Line("", today - timedelta(days=len(counts) - number), count) for number, count in enumerate(counts)]
    await volumes.take(at.house.store, Came("file", "volumes.csv", "U3", at.clock.now(), None), lines, known.id)


async def card(at: Stage, user: str = "U3") -> dict[str, Any]:
    """The deal card."""
    return await at.command(user, "acme")


async def press(at: Stage, user: str, known: KnownDeal) -> None:
    """The button, until it has answered."""
    before = len(at.slack.responses)
    await at.press(user, {"action_id": PICTURE, "value": str(known.id)})
    await until(lambda: len(at.slack.responses) > before, within=20)


def kinds(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["type"] for block in blocks]


async def test_the_card_shows_what_was_shipped_in_a_line_with_a_button_for_a_picture(at: Stage) -> None:
    await shipped(at, await at.know(), 12, 75, 148)
    shown = await card(at)
    assert "12 to 148 a day since" in str(shown)
    assert "agreed 150" in str(shown)
    assert PICTURE in str(shown)
    assert "data_visualization" not in kinds(shown["blocks"])


async def test_the_card_without_data_says_nothing_of_it(at: Stage) -> None:
    await at.know()
    assert PICTURE not in str(await card(at))


async def test_where_slack_draws_charts_the_card_has_one_and_slack_is_asked_once(at: Stage) -> None:
    at.slack.draws = True
    await shipped(at, await at.know(), 12, 75, 148)
    first, second = await card(at), await card(at)
    assert kinds(first["blocks"]).count("data_visualization") == kinds(second["blocks"]).count("data_visualization") == 1
    assert PICTURE not in str(first)
    assert [call.method for call in at.slack.calls].count("blocks.validate") == 1


async def test_nobody_waits_for_a_slack_that_does_not_say_whether_it_draws(at: Stage) -> None:
    at.slack.draws = True
    await shipped(at, await at.know(), 12, 75, 148)
    at.slack.faults["blocks.validate"].append(Fault(hang=3.0))
    assert PICTURE in str(await card(at))
    assert "data_visualization" in kinds((await card(at))["blocks"])


async def test_a_gap_is_told_with_what_was_shipped_and_other_matters_without(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known, 140, 40)
    await at.hear(known, "volume-gap")
    await at.hear(known, "wait-and-see")
    async with at.courier():
        await at.courier_done()
    gap, other = at.slack.messages["DU3"]
    assert "40 to 140 a day since" in str(gap["blocks"])
    assert "a day since" not in str(other["blocks"])


async def test_a_chart_that_slack_does_not_take_after_all_costs_nobody_the_message(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known, 140, 40)
    at.house.draws.put("charts", True)
    await at.hear(known, "volume-gap")
    async with at.courier():
        await at.courier_done()
    [told] = at.slack.messages["DU3"]
    assert "40 to 140 a day since" in str(told["blocks"])
    assert "data_visualization" not in kinds(told["blocks"])


async def test_the_picture_goes_to_whoever_pressed_with_its_words(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known, 12, 75, 148)
    await press(at, "U3", known)
    [sent] = at.slack.uploads
    assert sent["channel"] == "DU3"
    picture = Image.open(BytesIO(sent["content"]))
    assert picture.size == (1500, 860)
    asked = next(call.args for call in at.slack.calls if call.method == "files.getUploadURLExternal")
    assert "packages shipped by day" in asked["alt_txt"]
    assert "in your messages with me" in str(at.slack.responses)


async def test_a_picture_that_slack_does_not_take_is_said(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known, 12, 75, 148)
    at.slack.faults["files.getUploadURLExternal"].append(Fault(error="file_uploads_disabled"))
    await press(at, "U3", known)
    assert "did not take the picture" in str(at.slack.responses)
    assert at.slack.uploads == []


async def test_nobody_else_gets_a_picture(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known, 12, 75, 148)
    for user in ("U1", "U2"):
        await press(at, user, known)
    assert at.slack.uploads == []
    assert "only to our own people" in str(at.slack.responses)
