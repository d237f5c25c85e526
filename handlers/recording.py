"""Records findings: the finding, its errands, and what is told after the commit; always within the transaction of the caller."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from handlers import errands, learning
from handlers.house import House
from handlers.message import Said
from store import examples, findings, opinions
from store.records import KnownDeal, Origin, StoredFinding
from store.sources.slack_text import plain_text


def origin_of(said: Said) -> Origin:
    """Where a message was said."""
    return Origin(said.channel, said.ts, said.speaker, said.at, said.thread_ts)


async def record(house: House, s: AsyncSession, known: KnownDeal, said: Said, finding: Finding) -> tuple[StoredFinding | None, bool]:
    """The finding as stored if it is news, and whether the courier has anything to do."""
    now = house.now()
    if await examples.settles(s, known.id, said.channel, said.ts, plain_text(said.text)):
        return None, False
    finding, rings_for = await learning.ringing(house, s, known, finding)
    if finding.suppressed == "repeat":
        return None, await _again(house, s, known, said, finding, rings_for)
    if finding.suppressed is not None:
        return None, False
    stored, new = await findings.record(s, known.id, finding, origin_of(said), now)
    if not new:
        return None, False
    return stored, finding.urgency == "now" and await errands.alert(s, known, stored, now, rings_for)


async def _again(  # noqa: PLR0917 - where, what, and for whom
    house: House, s: AsyncSession, known: KnownDeal, said: Said, finding: Finding, rings_for: tuple[str, ...]
) -> bool:
    """It was said again: the DM counts it; what had only waited becomes a DM where it is sure now."""
    now = house.now()
    again = await findings.repeat(s, known.id, finding, origin_of(said), now)
    if again is None:
        return False
    if finding.urgency == "now" and again.finding.urgency == "digest":
        again = await opinions.raise_again(s, again)
        return again.finding.urgency == "now" and await errands.alert(s, known, again, now, rings_for)
    return await errands.update(s, again, now)


def tell(house: House, news: list[StoredFinding], *, waiting: bool) -> None:
    """After the commit: count, log, and wake the courier."""
    for stored in news:
        house.counts.findings.labels(stored.finding.scenario).inc()
        house.log.info("finding", finding=stored.id, deal=stored.deal_id, scenario=stored.finding.scenario, urgency=stored.finding.urgency)
    if waiting:
        house.wake.set()
