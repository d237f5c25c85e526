"""What stands before and beside a finding is told in one question, each thing by itself, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Happened, Mark
from store import before, beside, clock, examples, findings, mutes, posts, preferences
from store.before import Before, When
from store.beside import Beside, Days
from store.clock_tables import ToldRow
from store.engine import Store
from store.examples import Example
from store.posts import Posted
from store.statements import upsert
from store.volume_tables import ImportRow, VolumeRow
from tests.store.samples import NOON, acme, after, finding_id, low, said, save

DAY = date(2026, 11, 4)
EARLIEST = date(2026, 10, 12)

Fact = Callable[[AsyncSession, int], Awaitable[Any]]
"""Keeps something of a deal."""


async def shipped(s: AsyncSession, deal: int, day: date = DAY, packages: int = 20) -> None:
    key = {"key": f"{day}", "source": "feed", "name": "f", "by": "U", "at": NOON, "new": 1, "replaced": 0, "same": 0}
    await upsert(s, ImportRow, [{**key, "id": 7, "waiting": 0, "ignored": 0}], ["id"])
    line = {"deal_id": deal, "day": day, "source": "feed", "account": "", "packages": packages, "import_id": 7}
    await upsert(s, VolumeRow, [line], ["deal_id", "day", "source", "account"])


async def corrected(s: AsyncSession, deal: int, ts: float = 9.0) -> None:
    await examples.put(s, Example(deal, said(ts), "customer", "words", (), (), "URILEY", NOON), None)


async def repeated(s: AsyncSession, deal: int) -> None:
    await findings.record(s, deal, low(scenario="wait-and-see"), said(1), NOON)
    await findings.repeat(s, deal, low(scenario="wait-and-see"), said(9), NOON)


async def told(s: AsyncSession, deal: int, day: date = DAY) -> None:
    s.add(ToldRow(deal_id=deal, person="URILEY", key="pickup", day=day))
    await s.flush()


async def post(s: AsyncSession, deal: int) -> None:
    [stored] = await findings.open_findings(s, deal)
    await posts.leave(s, Posted(stored.id, "URILEY", NOON, "words", "CACME", said(1).ts))


def found(ts: float, scenario: str, **other: Any) -> Fact:
    return lambda s, deal: findings.record(s, deal, low(scenario=scenario, **other), said(ts), NOON)


def muted(scenario: str, **until: float) -> Fact:
    return lambda s, deal: mutes.mute(s, deal, scenario, after(**until), by="URILEY", now=after(hours=-2))


BAIT = "volume-bait-and-switch"

STANDS_BEFORE: dict[str, tuple[Fact, set[str]]] = {
    "nothing": (lambda _s, _deal: nothing(), set()),
    "the message raised something": (found(9, "wait-and-see"), {"heard"}),
    "the message repeated something": (repeated, {"heard"}),
    "somebody corrected it": (corrected, {"heard"}),
    "somebody corrected another": (lambda s, deal: corrected(s, deal, 8.0), set()),
    "the matter came up": (found(1, BAIT), {"came_up"}),
    "another matter came up": (found(1, BAIT, subject="price"), set()),
    "muted": (muted(BAIT, hours=1), {"muted"}),
    "muted until just now": (muted(BAIT, hours=-1), set()),
    "another is muted": (muted("wait-and-see", hours=1), set()),
    "a signal came after": (found(10, "volume-confirmed", urgency="log"), {"after"}),
    "a signal came before": (found(8, "volume-confirmed", urgency="log"), set()),
    "told of this morning": (told, {"told"}),
    "told of long ago": (lambda s, deal: told(s, deal, DAY - timedelta(days=2)), set()),
}


async def test_before_a_finding_stands(store: Store) -> None:
    when, seen = When(NOON, said(9).said_at, DAY - timedelta(days=1)), dict[str, set[str]]()
    async with store.writing() as s:
        other = (await save(s, acme(customer="Other"))).id
        for what, (keep, _) in STANDS_BEFORE.items():
            async with tried(s):
                deal = (await save(s)).id
                await keep(s, deal)
                seen[what] = true_of(await before.before(s, deal, low(), said(9), when))
                assert true_of(await before.before(s, other, low(), said(9, "COTHER"), when)) == set(), what
    assert seen == {what: expected for what, (_, expected) in STANDS_BEFORE.items()}


STANDS_BESIDE: dict[str, tuple[Fact, set[str]]] = {
    "nothing": (lambda _s, _deal: nothing(), set()),
    "its matter came up again": (found(2, BAIT), {"others"}),
    "it came up again, not so surely": (found(2, BAIT, urgency="digest"), set()),
    "another matter came up": (found(2, BAIT, subject="price"), set()),
    "muted": (muted(BAIT, hours=1), {"muted"}),
    "muted until just now": (muted(BAIT, hours=-1), set()),
    "a pickup was entered": (lambda s, deal: enter(s, deal, DAY), {"begun"}),
    "a pickup was entered that is too early": (lambda s, deal: enter(s, deal, EARLIEST - timedelta(days=1)), set()),
    "a pickup was heard of": (found(2, "pickup-confirmed"), {"begun"}),
    "a volume was heard of": (found(2, "volume-confirmed"), set()),
    "the start was marked": (lambda s, deal: clock.mark(s, deal, Mark("test-start", "done", DAY), NOON), {"begun"}),
    "the kickoff was marked": (lambda s, deal: clock.mark(s, deal, Mark("kickoff", "done", DAY), NOON), set()),
    "packages were shipped": (shipped, {"begun"}),
    "a day without packages came": (lambda s, deal: shipped(s, deal, packages=0), set()),
    "packages were shipped too early": (lambda s, deal: shipped(s, deal, EARLIEST - timedelta(days=1)), set()),
    "a script was posted": (post, {"posted"}),
    "the recipient has chosen": (lambda s, _deal: preferences.choose(s, "URILEY", {"tone": "warm"}, NOON), {"chosen"}),
    "somebody else has chosen": (lambda s, _deal: preferences.choose(s, "UOTHER", {"tone": "warm"}, NOON), set()),
}


async def test_beside_a_finding_stands(store: Store) -> None:
    days, seen = Days(after(hours=-9), EARLIEST, DAY), dict[str, set[str]]()
    async with store.writing() as s:
        for what, (keep, _) in STANDS_BESIDE.items():
            async with tried(s):
                stored = await findings.get(s, await finding_id(s))
                assert stored is not None
                await keep(s, stored.deal_id)
                there = await beside.beside(s, stored, "URILEY", days, NOON)
                seen[what] = true_of(there)
                assert there.chosen == ({"tone": "warm"} if "chosen" in seen[what] else {}), what
    assert seen == {what: expected for what, (_, expected) in STANDS_BESIDE.items()}


@asynccontextmanager
async def tried(s: AsyncSession) -> AsyncIterator[None]:
    """What is done here is undone at the end."""
    point = await s.begin_nested()
    yield
    await point.rollback()
    s.expunge_all()


async def nothing() -> None:
    """Keeps nothing."""


def enter(s: AsyncSession, deal: int, day: date) -> Awaitable[bool]:
    return clock.happened(s, deal, Happened("pickup", day), "form:1", by="URILEY", now=NOON)


def true_of(there: Before | Beside) -> set[str]:
    return {one.name for one in fields(there) if getattr(there, one.name)}
