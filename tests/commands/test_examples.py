"""`jumpin examples`: what was corrected, listed and written so that scan, the bench and score.py read it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from store import examples
from tests.bench.lessons import lessons
from tests.bench.talk import conversations, utterances
from tests.commands.conftest import Jumpin, Ran
from tests.handlers.telling import Stage, acme, stage
from tests.handlers.test_check import form
from tests.handlers.test_why import LOW, hears


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(f"sqlite+aiosqlite:///{tmp_path / 'jumpin.db'}") as there:
        yield there


Run = Callable[..., Awaitable[Ran]]


@pytest.fixture
def run(at: Stage, jumpin: Jumpin) -> Run:
    async def here(*words: str | Path) -> Ran:
        return await asyncio.to_thread(jumpin, *words, DATABASE_URL=at.house.store.url)

    return here


async def corrected(at: Stage) -> None:
    """Two messages of one deal: another figure, and nothing here."""
    await at.know()
    first, other = at.slack.say("U1", "C1", LOW), at.slack.say("U1", "C1", "we also start with 20 packages a day elsewhere")
    await hears(at, first)
    await at.submit("U3", await form(at, first), {"figure": "50", "scenario": "volume-gap"})
    await at.submit("U3", await form(at, other), {"scenario": "nothing"})


async def test_before_there_are_any(at: Stage, run: Run, tmp_path: Path) -> None:
    assert "No examples yet." in (await run("examples", "list")).out
    ran = await run("examples", "export")
    assert (ran.status, ran.out, "nothing was written" in ran.err) == (0, "", True)


async def test_they_are_listed(at: Stage, run: Run, tmp_path: Path) -> None:
    await corrected(at)
    ran = await run("examples", "list")
    whole = " ".join(ran.out.split())
    assert "heard" in whole
    assert "50 a day" in whole
    assert "nothing" in whole


async def test_exported_files_are_what_the_bench_learns_from(at: Stage, run: Run, tmp_path: Path) -> None:
    await corrected(at)
    ran = await run("examples", "export", "--output", tmp_path / "out")
    assert (ran.status, ran.out.strip()) == (0, f"1 conversation written to {tmp_path / 'out'}")
    assert "customers' own words" in ran.err
    [talk] = conversations(tmp_path / "out")
    assert talk.author == "x"
    assert talk.deal.model_dump(exclude={"channels"}) == acme().model_dump(exclude={"channels"})
    [first, other] = talk.messages
    assert first["expect"] == [{"scenario": "volume-gap", "said_per_day": [50, 50]}]
    assert (first["speaker"], first["side"], first["text"], "expect" in other) == ("U1", "customer", LOW, False)
    assert [said.side for _, said in utterances(talk)] == ["customer", "customer"]
    assert {label for lesson in lessons(talk) for label in lesson.true} >= {"volume-gap"}


async def test_exported_lines_are_scanned(at: Stage, run: Run, tmp_path: Path) -> None:
    await corrected(at)
    printed = await run("examples", "export")
    written = await run("examples", "export", "-o", tmp_path / "all.jsonl")
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == printed.out
    assert written.status == 0
    [talk] = map(json.loads, printed.out.splitlines())
    assert [message["n"] for message in talk["messages"]] == [1, 2]
    scanned = await run("scan", "--json", tmp_path / "all.jsonl")
    assert (scanned.status, scanned.err) == (0, "")
    assert {json.loads(line)["message"] for line in scanned.out.splitlines()} <= {"1", "2"}


async def test_a_place_that_cannot_be_written_is_told(at: Stage, run: Run, tmp_path: Path) -> None:
    await corrected(at)
    (tmp_path / "taken").write_text("a file")
    ran = await run("examples", "export", "--output", tmp_path / "taken")
    assert ran.status == 2
    assert "taken: cannot be written" in ran.err
    async with at.house.store.reading() as s:
        assert len(await examples.of_deals(s)) == 2
