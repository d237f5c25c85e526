"""What was shipped, held against what was agreed: a shortfall is told once like words, settled, withdrawn, and shown on the deal card."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.playbook.finding import Finding
from handlers.volumes import deeds
from store import findings, volumes
from store.records import KnownDeal, Origin
from store.volume_records import Came, Line
from tests.handlers.telling import Stage, stage
from tests.templates.samples import finding as sample_finding


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as made:
        yield made


MONDAY = date(2026, 11, 2)


async def ship(at: Stage, known: KnownDeal, *packages: int | None, first: date = MONDAY) -> None:
    """Volumes come in for days in a row from one on, and are looked at."""
    there = enumerate(packages)
    lines = [Line("", first + timedelta(days=number), count) for number, count in there if count is not None]
    await volumes.take(at.house.store, Came("pull", "warehouse", "schedule", at.clock.now()), lines, known.id)
    await deeds.tick(at.house)


def texts(message: Any) -> str:
    """All that stands in a message."""
    return str(message["blocks"])


async def test_a_shortfall_is_told_once_with_the_script(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await ship(at, known, 120, 110)
        await at.courier_done()
        await ship(at, known, 120, 110)
        await ship(at, known, 120, 112)
        await at.courier_done()
    [told] = await at.all_found(known)
    assert (told.finding.scenario, told.finding.said, told.origin.channel, told.count) == ("volume-gap", "115/day", "volume feed", 1)
    dms = at.slack.dms("U3")
    assert len(dms) == 1
    said = texts(dms[0])
    assert "*Actual volumes*" in said
    assert "Shipped: 120 on 2 Nov, 110 on 3 Nov" in said
    assert "115/day on average over 2 shipping days is 23% under the agreed 150/day." in said
    assert "what is holding the rest back" in said.lower()
    assert "Acme Outfitters: 115/day shipped, 150/day agreed — test day 3 of 14" in said, "today, as the script below it"
    assert "*Actual volumes* since 2 Nov" in said
    assert "Hi Dana, we're on day 3 of the 14-day test and running at 115" in said, "whom the rep writes to, today"
    assert dms[0]["text"].endswith("Shipped: 120 on 2 Nov, 110 on 3 Nov")
    for name, says in (("/deal-status", "115/day — shipped since 2 Nov"), ("/deal-findings", "Actual volumes since 2 Nov")):
        shown = str(await at.command("U3", "acme", name=name)) + str(at.slack.responses[-1:])
        assert says in shown
        assert "volume feed" not in shown


async def test_a_correction_withdraws_it_and_days_as_agreed_settle_it(at: Stage) -> None:
    known = await at.know()
    async with at.courier():
        await ship(at, known, 100)
        await at.courier_done()
        [found] = await at.all_found(known)
        assert (found.state, found.finding.said) == ("open", "100/day")
        await ship(at, known, 149)
        await at.courier_done()
        assert (await at.state(found.id)).state == "withdrawn"
        await ship(at, known, 149, 90)
        at.clock.ahead(days=3)
        await ship(at, known, 150, 151, first=MONDAY + timedelta(days=2))
        await at.courier_done()
    assert "✅ Resolved: shipped as agreed again, <!date^" in texts(at.slack.dms("U3")[-1])
    settled = (await at.all_found(known))[-1]
    assert (settled.state, settled.reason) == ("resolved", "shipped as agreed again")


async def test_a_day_that_is_not_over_is_looked_at_when_it_is(at: Stage) -> None:
    known = await at.know()
    await ship(at, known, 10, first=MONDAY + timedelta(days=2))
    assert await at.all_found(known) == []
    assert await deeds.tick(at.house) == 0
    at.clock.ahead(hours=20)
    assert await deeds.tick(at.house) == 0, "at five in the morning what was scanned late is still coming in"
    at.clock.ahead(hours=3)
    assert await deeds.tick(at.house) == 1
    [found] = await at.all_found(known)
    assert found.finding.said == "10/day"


async def test_half_of_what_comes_in_is_no_shortfall(at: Stage) -> None:
    known = await at.know()
    came = Came("file", "two sites", "U3", at.clock.now())
    async with at.house.store.writing() as s:
        arrival = await volumes.begin(s, came)
        counts = await volumes.add(s, arrival, [Line("East", MONDAY, 60)], known.id)
    assert await deeds.tick(at.house) == 0
    async with at.house.store.writing() as s:
        counts += await volumes.add(s, arrival, [Line("West", MONDAY, 90)], known.id)
        await volumes.finish(s, arrival, counts, at.clock.now())
    assert await deeds.tick(at.house) == 1
    assert await at.all_found(known) == []


async def test_no_data_and_old_data_alarm_nobody(at: Stage) -> None:
    known = await at.know()
    await ship(at, known, 150)
    at.clock.ahead(days=40)
    await ship(at, known, 20, 20)
    assert await at.all_found(known) == []


async def test_a_figure_from_the_feed_is_not_a_figure_that_was_stated(at: Stage) -> None:
    known = await at.know()
    stated: Finding = sample_finding("volume-confirmed", said_per_day=(150.0, 150.0), urgency="log")
    async with at.house.store.writing() as s:
        await findings.record(
            s, known.id, stated, Origin("C1", "1793620800.000000", "U1", at.clock.now() - timedelta(days=2)), at.clock.now()
        )
    await ship(at, known, 150, 40)
    async with at.house.store.reading() as s:
        assert [one.finding.scenario for one in await findings.latest_stated(s, known.id)] == ["volume-confirmed"]
    card = texts(await at.command("U3", "acme"))
    assert "Shipped lately: 95/day on average over 2 shipping days, 150 agreed: in the test" in card
    assert "Dana Ortiz said 150/day on 2 Nov; shipped: 40 on 3 Nov." in card
