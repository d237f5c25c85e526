"""What the live bot made of a message when it was said: recorded, told to whom, and where to nobody, why not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import Finding
from handlers.findings.learning import choice_of
from handlers.hearing.reread import Reread
from handlers.home.preferences import rings
from handlers.house import House
from handlers.people import recipients
from store import demotions, looking_back, outbox
from store.records import Errand, KnownDeal, StoredFinding
from templates.why import Held, Kept

SOON = timedelta(seconds=1)
"""A rest that began with a finding, in the same transaction, held for it already."""


async def became(house: House, of: Reread | tuple[KnownDeal, Sequence[StoredFinding]]) -> list[Kept]:
    """What was recorded of a message that is read again, or of one of which only the findings are left."""
    async with house.store.reading() as s:
        if not isinstance(of, Reread):
            known, found = of
            return [await _of_finding(s, known, stored, ()) for stored in found]
        known, said = of.known, of.said
        found = await looking_back.of_message(s, said.channel, said.ts, known.id)
        kept = [await _of_finding(s, known, stored, of.findings) for stored in found]
        again = await looking_back.said_again(s, known.id, said.channel, said.ts)
        return kept + [Kept(one.finding, one.state, one.origin.said_at, one.count, again=True) for one in again]


async def _of_finding(s: AsyncSession, known: KnownDeal, stored: StoredFinding, read: Sequence[Finding]) -> Kept:
    asked = [errand for errand in await outbox.of_finding(s, stored.id) if errand.kind == "alert"]
    told, waiting, failed = (tuple(_people(asked, states)) for states in ({"sent"}, {"waiting", "sending"}, {"failed"}))
    missing = [one for one in recipients(known.deal) if one not in {errand.recipient for errand in asked}]
    held = () if stored.finding.urgency == "log" else tuple([one async for one in _held(s, known, stored, missing, read)])
    kept = Kept(stored.finding, stored.state, stored.origin.said_at, stored.count, stored.changed_by, told, waiting)
    return replace(kept, failed=tuple(one for one in failed if one not in told), held=held)


def _people(asked: Sequence[Errand], states: set[str]) -> Iterator[str]:
    yield from dict.fromkeys(errand.recipient for errand in asked if errand.state in states)


async def _held(
    s: AsyncSession, known: KnownDeal, stored: StoredFinding, missing: Sequence[str], read: Sequence[Finding]
) -> AsyncIterator[Held]:
    """Why those who should have had a DM have none."""
    muted = await looking_back.muted_at(s, known.id, stored.finding.scenario, stored.raised_at)
    if stored.finding.suppressed is not None:
        yield Held("muted", at=muted) if stored.finding.suppressed == "muted" else Held("vetoed")
        return
    if not recipients(known.deal):
        yield Held("nobody")
    if not missing:
        return
    scenario, raised = stored.finding.scenario, stored.raised_at
    if muted is not None:
        yield Held("muted", at=muted)
        return
    explained = 0
    rests = {one.owner: one for one in await demotions.standing(s, missing, raised + SOON) if one.scenario == scenario}
    for person in missing:
        if person in rests:
            yield Held("rests", person, rests[person].since, rests[person].usefulness)
        elif await choice_of(s, person, scenario) == "digest":
            yield Held("chosen", person)
        elif stored.finding.urgency == "now" and not await rings(s, [person], stored.finding, raised):
            yield Held("unwanted", person)
        else:
            continue
        explained += 1
    if explained:
        return
    sure = stored.finding.urgency == "now" or any(one.scenario == scenario and one.urgency == "now" for one in read)
    yield Held("same-day" if sure else "unsure")
