"""The weekly message of those who lead: once, on the first business day of their week, at their hour; and the notes for the workshop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.clock import daily, weekly
from store import volumes, workshop
from store.volume_records import Came, Line
from templates.weekly import NOTE
from tests.handlers.telling import Stage, acme, stage, until

MONDAY_NINE = datetime(2026, 11, 9, 14, 5, tzinfo=UTC)
"""Shortly after nine in New York."""


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


def jump(at: Stage, to: datetime) -> None:
    at.clock.ahead(seconds=(to - at.clock.now()).total_seconds())


async def tick(at: Stage, to: datetime) -> list[str]:
    """The clock at a time, and what the leader was then told in weekly messages: the headlines."""
    jump(at, to)
    await daily.tick(at.house)
    async with at.courier() as courier:
        await courier.drain()
    return [str(one["text"]) for one in at.slack.messages["DU4"] if str(one["text"]).startswith("Week of")]


async def shipped(at: Stage, deal_id: int, *counts: int) -> None:
    lines = [Line("", date(2026, 11, 2 + number), count) for number, count in enumerate(counts)]
    await volumes.take(at.house.store, Came("file", "v.csv", "U3", at.clock.now(), None), lines, deal_id)


async def test_it_comes_once_on_monday_at_nine_however_many_ask(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known.id, 40, 45, 50, 40, 40)
    assert await tick(at, datetime(2026, 11, 9, 13, 55, tzinfo=UTC)) == []
    jump(at, MONDAY_NINE)
    await asyncio.gather(*(daily.tick(at.house) for _ in range(3)))
    at.house.weeks.clear()
    told = await tick(at, MONDAY_NINE)
    assert told == ["Week of 2 Nov: 1 deal runs, 1 at risk with 107 packages a day"]
    assert len(await tick(at, datetime(2026, 11, 11, 15, tzinfo=UTC))) == 1
    assert len(await tick(at, datetime(2026, 11, 16, 15, tzinfo=UTC))) == 2
    assert [one for one in at.slack.messages["DU3"] if "Week of" in str(one["text"])] == []


async def test_it_says_what_is_at_risk_what_moved_and_which_terms_are_missing(at: Stage) -> None:
    known = await at.know()
    await shipped(at, known.id, 40, 45, 50, 40, 40)
    await tick(at, MONDAY_NINE)
    told = str(next(one for one in at.slack.messages["DU4"] if str(one["text"]).startswith("Week of")))
    assert "107 a day short (43 of 150) — Riley Chen" in told
    assert "2 Nov *Acme Outfitters*: first packages" in told
    assert NOTE in told


async def test_a_holiday_puts_it_off_to_the_next_business_day(at: Stage) -> None:
    await at.know()
    assert await tick(at, datetime(2026, 12, 28, 15, tzinfo=UTC)) != []
    assert len(await tick(at, datetime(2027, 1, 18, 15, tzinfo=UTC))) == 1  # Martin Luther King Day
    assert len(await tick(at, datetime(2027, 1, 19, 15, tzinfo=UTC))) == 2


async def test_a_message_that_is_long_past_is_not_made_up_for(at: Stage) -> None:
    await at.know()
    assert await tick(at, datetime(2026, 11, 13, 15, tzinfo=UTC)) == []


async def test_only_deals_that_somebody_leads_are_theirs(at: Stage) -> None:
    await at.know()
    await at.know(acme(customer="Secret Co", channels=["#other"], people=[{"id": "U3", "name": "Riley Chen", "role": "rep"}]))
    week = await weekly.week_of(at.house, "U4", MONDAY_NINE)
    assert (week.deals, "Secret" in str(week)) == (1, False)
    assert (await weekly.week_of(at.house, "U3", MONDAY_NINE)).deals == 0


async def form(at: Stage, user: str = "U4") -> dict[str, Any]:
    await at.press(user, {"action_id": NOTE, "value": "note"})
    await until(lambda: bool(at.slack.views), within=20)
    return at.slack.views[-1]


async def kept(at: Stage) -> list[tuple[str, str, str]]:
    async with at.house.store.reading() as s:
        return [(one.kind, one.words, one.by) for one in await workshop.notes(s, date(2026, 1, 1), date(2027, 1, 1))]


async def test_notes_are_kept_once_a_line_each(at: Stage) -> None:
    view = await form(at)
    typed = {"plusses": "• Reps step in the same day\n\n  - drivers   on time", "deltas": "Data come late"}
    for _ in range(2):
        assert "3 notes kept" in str(await at.submit("U4", view, typed))
    assert await kept(at) == [
        ("plus", "Reps step in the same day", "U4"),
        ("plus", "drivers on time", "U4"),
        ("delta", "Data come late", "U4"),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "write a plus here"),
        ({"deltas": "\n".join(["x"] * 21)}, "holds 21 notes"),
        ({"plusses": "x" * 301}, "over 300 characters"),
    ],
)
async def test_notes_that_cannot_be_kept(at: Stage, typed: dict[str, str], sentence: str) -> None:
    answer = await at.submit("U4", await form(at), typed)
    assert (answer["response_action"], sentence in str(answer["errors"]).casefold()) == ("errors", True)
    assert await kept(at) == []


async def test_the_form_is_for_our_own_people(at: Stage) -> None:
    view = await form(at)
    assert "only to our own people" in str(await at.submit("U1", view, {"plusses": "x"}))
    shown = len(at.slack.views)
    await at.press("U1", {"action_id": NOTE, "value": "note"})
    await until(lambda: bool(at.slack.responses), within=20)
    assert ("only to our own people" in str(at.slack.responses), len(at.slack.views)) == (True, shown)
    assert await kept(at) == []
