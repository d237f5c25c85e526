"""Records findings: the finding, its errands, and what is told after the commit; always within the transaction of the caller."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import MUTED, Finding
from bot.playbook.judge import matter
from bot.playbook.scenarios import SIGNALS
from handlers.clock import daily
from handlers.findings import learning
from handlers.hearing import ringing, settling
from handlers.hearing.message import Said
from handlers.house import House
from store import before as befores
from store import deals, examples, findings, life, looking_back, opinions
from store.before import Before, When
from store.records import KnownDeal, Origin, StoredFinding
from store.sources.slack_text import plain_text


def origin_of(said: Said) -> Origin:
    """Where a message was said."""
    return Origin(said.channel, said.ts, said.speaker, said.at, said.thread_ts, said.link)


async def record(
    house: House, s: AsyncSession, known: KnownDeal, said: Said, finding: Finding, *, aloud: bool = True
) -> tuple[StoredFinding | None, bool]:
    """The finding as stored if it is news, and whether the courier has anything to do. Not `aloud`: it is told with others."""
    await deals.hold(s, known.id)
    now = house.now()
    when = When(now, last_said(said), daily.may_change_since(now))
    before = await befores.before(s, known.id, finding, origin_of(said), when)
    if before.heard and await examples.settles(s, known.id, said.channel, said.ts, plain_text(said.text)):
        return None, False
    finding, awake = await learning.ringing(house, s, known, finding)
    if finding.suppressed == "repeat":
        own = await _raised_by_itself(s, known.id, said, finding) if before.heard else None
        if own is None or (own != finding.scenario and said.edited_ts):
            return None, await _again(house, s, known, said, finding, aloud=aloud)
        if own != finding.scenario:
            return None, False
        finding = replace(finding, suppressed=None)
    if finding.suppressed is not None:
        return None, False
    if finding.scenario in SIGNALS:
        return await _signal(house, s, known, said, finding)
    return await _finding(house, s, known, said, finding, before, awake=awake if aloud else None)


async def _finding(  # noqa: PLR0917 - what a finding comes from, and what was before it
    house: House, s: AsyncSession, known: KnownDeal, said: Said, finding: Finding, before: Before, *, awake: Collection[str] | None
) -> tuple[StoredFinding | None, bool]:
    """`awake`: for whom its scenario rings; None where it is told with others."""
    there = await findings.find(s, known.id, finding, origin_of(said)) if before.heard else None
    if there is None and before.heard and await life.counted(s, known.id, finding, origin_of(said)):
        return None, False
    if (there is None or there.finding.suppressed == MUTED) and before.muted:
        finding = replace(finding, suppressed=MUTED)
    stored, new = await findings.record(s, known.id, finding, origin_of(said), house.now())
    # heard again by another process, or after a restart, with more of its context: what had only waited is sure now
    surer = there is not None and (there.finding.urgency, stored.finding.urgency) == ("digest", "now")
    if not (new or surer) or stored.state != "open":
        return stored if new else None, False
    if before.after and await settling.already(house, s, known, stored, last_said(said)):
        return stored, True
    if awake is None or stored.finding.urgency != "now":
        return stored, False
    return stored, await ringing.ring(
        house, s, known, stored, before=before if there is None and stored.version == 1 else None, awake=awake
    )


async def withdraw(
    house: House, s: AsyncSession, said: Said, keep: frozenset[tuple[str, str | None]] = frozenset(), deal_id: int | None = None
) -> bool:
    """A message was deleted, or edited so that only `keep` still holds (in one deal, or in all): what it raised is withdrawn, what it
    settled is open again, and what did not ring beside it rings. Whether the courier has anything to do.
    """
    numbers = [one for one in await findings.deals_of(s, said.channel, said.ts) if deal_id in (None, one)]
    await deals.hold(s, *numbers)
    there = {number: await deals.deal_by_id(s, number) for number in numbers}
    waiting = False
    for gone in await findings.withdraw(s, said.channel, said.ts, keep=keep, now=house.now(), deal_id=deal_id):
        known = there.get(gone.deal_id)
        if known is None:
            continue
        if gone.finding.scenario in SIGNALS:
            waiting |= await settling.look_again(house, s, known, gone)
            continue
        waiting |= await ringing.changed(house, s, known, gone)
        if gone.state == "withdrawn":
            waiting |= await ringing.next_in_line(house, s, known, gone)
    return waiting


async def _signal(house: House, s: AsyncSession, known: KnownDeal, said: Said, signal: Finding) -> tuple[StoredFinding | None, bool]:
    """A signal is told nobody, but it settles what it confirms."""
    stored, new = await findings.record(s, known.id, signal, origin_of(said), house.now())
    waiting = await settling.look_again(house, s, known, stored)
    if not new:
        return None, waiting
    return stored, await settling.confirm(house, s, known, stored, last_said(said)) or waiting


async def _again(house: House, s: AsyncSession, known: KnownDeal, said: Said, finding: Finding, *, aloud: bool) -> bool:
    """It was said again: the DM counts it; what had only waited becomes a DM where it is sure now."""
    again = await findings.repeat(s, known.id, finding, origin_of(said), house.now())
    if again is None:
        return False
    if again.state == "open" and finding.urgency == "now" and again.finding.urgency == "digest":
        raised = await opinions.raise_again(s, again)
        return aloud and raised.finding.urgency == "now" and await ringing.ring(house, s, known, raised)
    return await ringing.changed(house, s, known, again)


async def _raised_by_itself(s: AsyncSession, deal_id: int, said: Said, finding: Finding) -> str | None:
    """The scenario of what stands of this very message about the same matter: heard once more it repeats nothing that was said since."""
    there = await looking_back.of_message(s, said.channel, said.ts, deal_id)
    same = [
        one.finding.scenario
        for one in there
        if one.state != "withdrawn" and (one.finding.subject, matter(one.finding.scenario)) == (finding.subject, matter(finding.scenario))
    ]
    return finding.scenario if finding.scenario in same else next(iter(same), None)


def last_said(said: Said) -> datetime:
    """When a message came to the words that it has: it was said, or edited."""
    return datetime.fromtimestamp(float(said.edited_ts), UTC) if said.edited_ts else said.at


def tell(house: House, news: list[StoredFinding], *, waiting: bool) -> None:
    """After the commit: count, log, and wake the courier."""
    for stored in news:
        house.counts.findings.labels(stored.finding.scenario).inc()
        what = {"scenario": stored.finding.scenario, "urgency": stored.finding.urgency, "state": stored.state}
        where = {"channel": stored.origin.channel, "ts": stored.origin.ts}
        house.log.info("finding", finding=stored.id, deal=stored.deal_id, **where, **what)
    if waiting:
        house.wake.set()
