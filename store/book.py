"""The deal book of one person: their deals and what became of the findings, in a fixed number of queries however many deals there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import String, case, func, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.book import Gap, Standing, Tally
from bot.playbook.deeds import FEED
from bot.playbook.finding import VETOED
from store import ledger
from store.clock_tables import MarkRow
from store.columns import Words
from store.finding_rows import said_pair, stored
from store.records import StoredFinding
from store.tables import DealPersonRow, DealRow, ErrandRow, EventRow, FindingRow, LinkRow, SeenRow, TermsRow

WAITING = frozenset({"open", "snoozed"})
_NO_MATTER = frozenset({"withdrawn", "suppressed"})

EXAMPLE = "example:"
"""Beginning of the key of the errand that brings somebody an example."""

LOOK_BACK = 100
"""Events before the last one known that are looked at again: a transaction that began earlier may end later."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far somebody is: the bot hears a channel of a deal of theirs, and a jump-in DM, or an example of one, has reached them."""

    invited: bool
    told: bool


async def versions(s: AsyncSession, user_id: str) -> dict[int, int]:
    """The deals on which this person is named, by row id, with a number that grows with each change of a deal's terms."""
    theirs, newest = col(DealPersonRow.deal_id), func.coalesce(func.max(col(TermsRow.id)), 0)
    query = sa_select(theirs, newest).outerjoin(TermsRow, col(TermsRow.deal_id) == theirs)
    rows = await (await s.connection()).execute(query.where(col(DealPersonRow.user_id) == user_id).group_by(theirs))
    return {number: version or 0 for number, version in rows}


async def deals_by_id(s: AsyncSession, ids: Collection[int]) -> dict[int, Deal]:
    """Deals with their ledgers, without their links, by row id."""
    if not ids:
        return {}
    terms = type_coerce(col(DealRow.terms), Words)
    rows = await (await s.connection()).execute(sa_select(col(DealRow.id), terms).where(col(DealRow.id).in_(ids)))
    found = {number or 0: Deal.model_validate_json(text) for number, text in rows}
    amended = await ledger.of_deals(s, list(found))
    return found | {number: found[number].model_copy(update={"amendments": lines}) for number, lines in amended.items()}


async def standings(s: AsyncSession, ids: Collection[int], since: datetime) -> dict[int, Standing]:
    """These deals' findings in figures; "this week" begins at `since`. A deal without findings has none."""
    row = FindingRow
    raised, changed = (case((col(at) >= since, 1), else_=0) for at in (row.raised_at, row.changed_at))
    state, urgency = (type_coerce(col(of_few), String) for of_few in (row.state, row.urgency))
    what = (col(row.deal_id), col(row.id), col(row.scenario), col(row.subject), state, urgency, col(row.suppressed))
    spoken = case((col(row.rule) != FEED, 1), else_=0)
    query = sa_select(*what, col(row.said_low), col(row.said_high), col(row.agreed_per_day), raised, changed, spoken)
    in_order = query.where(col(row.deal_id).in_(ids)).order_by(col(row.deal_id), col(row.said_at), col(row.id))
    rows = (await (await s.connection()).execute(in_order)).all() if ids else ()
    return {number: _standing(of_deal) for number, of_deal in groupby(rows, lambda one: one[0])}


async def events_since(s: AsyncSession, event: int | None) -> tuple[int, frozenset[int]]:
    """The newest event of any finding, and the deals whose findings changed after that one, or shortly before it (None: no deals)."""
    newest = (await s.exec(select(func.max(EventRow.id)))).one() or 0
    if event is None or newest == event:
        return newest, frozenset()
    # not by a join: SQLite would go through all findings for it
    later = select(EventRow.finding_id).where(col(EventRow.id) > event - LOOK_BACK)
    return newest, frozenset((await s.exec(select(FindingRow.deal_id).where(col(FindingRow.id).in_(later)).distinct())).all())


async def findings_by_id(s: AsyncSession, ids: Collection[int]) -> dict[int, StoredFinding]:
    """Several findings at once."""
    rows = (await s.exec(select(FindingRow).where(col(FindingRow.id).in_(ids)))).all() if ids else ()
    return {row.id: stored(row) for row in rows if row.id is not None}


async def begun(s: AsyncSession, user_id: str, ids: Collection[int]) -> Begun:
    """How far somebody with these deals is."""
    heard = sa_select(col(LinkRow.id)).join(SeenRow, col(SeenRow.channel) == col(LinkRow.channel)).where(col(LinkRow.deal_id).in_(ids))
    sent = sa_select(col(ErrandRow.id)).where(col(ErrandRow.recipient) == user_id, col(ErrandRow.state) == "sent")
    shown = sent.where((col(ErrandRow.kind) == "alert") | col(ErrandRow.key).startswith(EXAMPLE, autoescape=True))
    invited, told = (await (await s.connection()).execute(sa_select(heard.exists(), shown.exists()))).one()
    return Begun(bool(invited), bool(told))


async def stamp(s: AsyncSession) -> tuple[int, ...]:
    """Numbers that grow with each finding, decision, DM, change of terms, and mark on a milestone or box: the same stamp, and nothing
    has happened.
    """
    newest = (func.max(EventRow.id), func.max(TermsRow.id), func.max(ErrandRow.id), func.max(MarkRow.id))
    return tuple([(await s.exec(select(number))).one() or 0 for number in newest])


def _standing(rows: Iterable[Any]) -> Standing:
    """A deal's findings put together, oldest first. Plain lists and ints: this runs over every finding of hundreds of deals."""
    counts: dict[str, list[int]] = {}
    gaps: dict[tuple[str, str], tuple[float | None, float | None, float | None, int]] = {}
    newest = stated = None
    for _, number, scenario, subject, state, urgency, suppressed, low, high, agreed, raised, changed, spoken in rows:
        if spoken and low is not None and state != "withdrawn" and suppressed != VETOED:
            stated = number
        if urgency == "log" or state in _NO_MATTER:
            continue
        count = counts.setdefault(scenario, [0] * len(_COUNTED))
        count[1] += raised
        for place, recent in _COUNTS.get(state, ()):
            count[place] += changed if recent else 1
        if state in WAITING:
            newest = number
            before = gaps.get((scenario, subject))
            # said again without a figure, the figure said before still stands
            gaps[scenario, subject] = (*before[:3], raised) if low is None and before else (low, high, agreed, raised)
    return Standing(
        tuple(Tally(scenario, *count) for scenario, count in counts.items()),
        tuple(Gap(scenario, said_pair(low, high), agreed, bool(fresh)) for (scenario, _), (low, high, agreed, fresh) in gaps.items()),
        newest,
        stated,
    )


_COUNTED = ("waiting", "raised", "used", "not_an_issue", "resolved", "useful", "decided")
_WAIT, _USED, _NOT, _DONE, _OF_USE, _DECIDED = (0, False), (2, True), (3, True), (4, True), (5, False), (6, False)
_COUNTS: dict[str, tuple[tuple[int, bool], ...]] = {
    "open": (_WAIT,),
    "snoozed": (_WAIT,),
    "used": (_USED, _OF_USE, _DECIDED),
    "escalated": (_USED, _OF_USE, _DECIDED),
    "not-an-issue": (_NOT, _DECIDED),
    "resolved": (_DONE,),
    "terms-changed": (_DONE, _OF_USE, _DECIDED),
}
"""State -> the counts (their places in _COUNTED) that it adds to, and whether only where it came to that state this week."""
