"""/deal-milestones: the time line for the deal's own people, and milestones in people's own words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from store.clock_history import histories
from store.records import KnownDeal
from templates.daily import MARK
from templates.milestone_card import ADD
from tests.handlers.telling import Stage, stage
from tests.live.block_kit import mistakes, texts

TUESDAY = datetime(2026, 11, 17, 14, 30, tzinfo=UTC)


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        there.clock.ahead(seconds=(TUESDAY - there.clock.now()).total_seconds())
        yield there


async def asks(at: Stage, text: str, user: str = "U3", channel: str = "C9") -> str:
    answer = await at.command(user, text, channel, "/deal-milestones")
    assert answer["response_type"] == "ephemeral"
    assert mistakes(answer["blocks"]) == []
    return "\n".join(texts(answer["blocks"]))


async def own(at: Stage, known: KnownDeal) -> list[tuple[str, date]]:
    async with at.house.store.reading() as s:
        found = (await histories(s, [known], "America/New_York"))[known.id]
    return [(one.title, one.day) for one in found.own]


async def test_the_time_line_of_the_deal_of_the_channel_or_of_that_name(at: Stage) -> None:
    await at.know()
    for shown in (await asks(at, "", channel="C1"), await asks(at, "acme")):
        assert "Acme Outfitters" in shown
        assert "Ramp day" in shown
        assert "30-day business review" in shown
        assert "Postpone: " in shown


@pytest.mark.parametrize(
    ("words", "what", "day"),
    [
        ("acme add second pickup window review next Thursday", "second pickup window review", date(2026, 11, 26)),
        ("acme add call with the CFO in two weeks", "call with the CFO", date(2026, 12, 1)),
        ("acme ADD: new labels on 9 Dec", "new labels", date(2026, 12, 9)),
        ("acme add dock check 2026-11-30", "dock check", date(2026, 11, 30)),
        ("acme add review of dock 5 tomorrow", "review of dock 5", date(2026, 11, 18)),
    ],
)
async def test_a_milestone_in_words(at: Stage, words: str, what: str, day: date) -> None:
    known = await at.know()
    assert "Added to the milestones of *Acme Outfitters*" in await asks(at, words)
    assert "Already among" in await asks(at, words)
    assert await own(at, known) == [(what, day)]
    assert what in await asks(at, "acme")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("acme add dock check on Saturday", "dock check, Sat 21 Nov. Nobody works there that day: I ask about it on Mon 23 Nov."),
        ("acme add count on 26 Nov", "count, Thu 26 Nov. Nobody works there that day: I ask about it on Fri 27 Nov."),
        ("acme add count on Friday", "count, Fri 20 Nov."),
    ],
)
async def test_a_day_on_which_nobody_works_is_said_to_be_one(at: Stage, words: str, told: str) -> None:
    await at.know()
    assert (await asks(at, words)).endswith(told)


@pytest.mark.parametrize("words", ["acme add", "acme add something", "acme add next Thursday", "acme add dock check 11/12"])
async def test_what_has_no_day_or_no_words_adds_nothing_and_says_how(at: Stage, words: str) -> None:
    known = await at.know()
    assert "Nothing was added" in await asks(at, words)
    assert await own(at, known) == []


async def test_marking_and_adding_from_the_card(at: Stage) -> None:
    known = await at.know()
    answer = await at.command("U3", "acme", name="/deal-milestones")
    [actions] = [block for block in answer["blocks"] if block["type"] == "actions"]
    select, add, *_ = actions["elements"]
    assert (select["action_id"], add["action_id"]) == (MARK, ADD)
    done = next(option for option in select["options"] if option["text"]["text"].startswith("Done: "))
    await at.press("U3", {"action_id": MARK, "type": "static_select", "selected_option": done})
    await at.press("U3", {"action_id": ADD, "value": add["value"]})
    await at.submit("U3", at.slack.views[-1], {"what": "dock check", "day": "Friday"})
    assert await own(at, known) == [("dock check", date(2026, 11, 20))]
    async with at.house.store.reading() as s:
        [mark] = (await histories(s, [known], "America/New_York"))[known.id].marks
    assert mark.key == done["value"].split("|")[2]


async def test_help(at: Stage) -> None:
    assert "add second pickup window review next Thursday" in await asks(at, "help")
