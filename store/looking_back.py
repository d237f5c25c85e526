"""What a message brought about, for those who ask later: its findings, the DMs about them, and what kept others from ringing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import VETOED, Raised
from store.call_tables import CallRow
from store.finding_rows import said_pair, stored
from store.records import StoredFinding
from store.tables import EchoRow, ExampleRow, FindingRow, MuteRow


async def of_message(s: AsyncSession, channel: str, ts: str, deal_id: int | None = None) -> list[StoredFinding]:
    """The findings and signals that a message raised, of all deals or of one, whatever became of them."""
    query = select(FindingRow).where(FindingRow.channel == channel, FindingRow.ts == ts)
    if deal_id is not None:
        query = query.where(FindingRow.deal_id == deal_id)
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.id)))).all()]


async def heard_since(s: AsyncSession, channel: str, deal_ids: Collection[int], since: datetime) -> dict[str, str | None]:
    """The messages of a channel from a time (UTC) on of which something is kept in one of these deals, by ts, oldest first, with the
    thread of a reply: what they raised or said again, and what somebody corrected; and those that brought a call.

    None: it is no reply; "": that is not kept.
    """
    theirs, somewhere = col(FindingRow.deal_id).in_(deal_ids), literal("")
    here = (col(FindingRow.channel) == channel, theirs, col(FindingRow.said_at) >= since, col(FindingRow.state) != "withdrawn")
    raised = sa_select(col(FindingRow.ts), col(FindingRow.thread_ts)).where(*here)
    again = sa_select(col(EchoRow.ts), somewhere).join(FindingRow, col(FindingRow.id) == EchoRow.finding_id)
    again = again.where(col(EchoRow.channel) == channel, theirs, col(EchoRow.said_at) >= since)
    corrected = sa_select(col(ExampleRow.ts), somewhere).where(col(ExampleRow.channel) == channel, col(ExampleRow.said_at) >= since)
    corrected = corrected.where(col(ExampleRow.deal_id).in_(deal_ids))
    brought = sa_select(col(CallRow.ts), somewhere).where(col(CallRow.channel) == channel, col(CallRow.state) != "left")
    found: dict[str, str | None] = {}
    for query in (brought.where(col(CallRow.last_at) >= since), corrected, again, raised):
        found |= {ts: thread for ts, thread in (await (await s.connection()).execute(query)) if ts is not None}  # the last one knows best
    return dict(sorted(found.items()))


async def said_again(s: AsyncSession, deal_id: int, channel: str, ts: str) -> list[StoredFinding]:
    """The findings that a message only said again, and that count it."""
    echoes = select(EchoRow.finding_id).where(EchoRow.channel == channel, EchoRow.ts == ts)
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, col(FindingRow.id).in_(echoes)).order_by(col(FindingRow.id))
    return [stored(row) for row in (await s.exec(query)).all()]


async def raised_before(s: AsyncSession, deal_id: int, at: datetime) -> list[Raised]:
    """What had been raised for a deal by messages before this time (UTC), oldest first."""
    stands = (col(FindingRow.state) != "withdrawn", or_(col(FindingRow.suppressed).is_(None), col(FindingRow.suppressed) != VETOED))
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, FindingRow.said_at < at, *stands)
    rows = (await s.exec(query.order_by(col(FindingRow.said_at), col(FindingRow.id)))).all()
    return [Raised(row.scenario, row.subject or None, row.side, said_pair(row.said_low, row.said_high), row.said) for row in rows]


async def muted_at(s: AsyncSession, deal_id: int, scenario: str, at: datetime) -> datetime | None:
    """Until when (UTC) a scenario of a deal was muted at a time; None where it was not."""
    there = (MuteRow.deal_id == deal_id, MuteRow.scenario == scenario, MuteRow.at <= at, MuteRow.until > at)
    query = select(MuteRow.until).where(*there, or_(col(MuteRow.ended_at).is_(None), col(MuteRow.ended_at) > at))
    return (await s.exec(query.order_by(col(MuteRow.until).desc()).limit(1))).first()
