"""Whether a finding rings now, for whom, and if not, why: each reason is a short function of its own in REASONS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.finding import MUTED, Finding
from bot.playbook.pace import BusinessDays, worsened
from handlers.clock import daily
from handlers.findings import learning
from handlers.hearing.standing import groups, is_to_come
from handlers.home.preferences import rings
from handlers.house import House
from handlers.people import recipients
from handlers.telling import errands, together
from store import deals, mutes, outbox, tellings
from store.before import Before
from store.records import KnownDeal, StoredFinding
from store.tellings import Matter, Told

TOLD_TODAY = "told-today"
"""Why a finding does not ring: a direct message about the same matter went to the same person on this business day; that one shows it."""

UNWANTED = "unwanted"
"""Why a finding does not ring: the person wants only the surest as direct messages, or none; it stands in Home."""


RESTS = "scenario-rests"
"""Why a finding does not ring for somebody: its scenario was of too little use to them lately, or they want it in the digest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding that would ring, and what the reasons against it look at: its deal, the time (UTC), what was told this business day.

    `fresh`: it was recorded just now, its scenario not being muted. `awake`: those for whom its scenario is known to ring.
    """

    house: House
    s: AsyncSession
    known: KnownDeal
    stored: StoredFinding
    now: datetime
    told: tuple[Told, ...]
    fresh: bool = False
    awake: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Ringing:
    """For whom a finding rings now, and why not for the other recipients of its deal; `alone`: nobody was told of its matter that day."""

    rings_for: tuple[str, ...]
    quiet_for: Mapping[str, str]
    alone: bool


Reason = Callable[[Asked, str], Awaitable[str | None]]
"""Why a finding does not ring for a recipient (Slack id) now; None where nothing speaks against it."""


async def is_muted(house: House, s: AsyncSession, known: KnownDeal, finding: Finding) -> bool:
    """Whether somebody has muted this scenario on this deal; then a new finding is recorded as such, and nobody is told."""
    return (known.id, finding.scenario) in await mutes.active(s, [known.id], house.now())


async def ring(
    house: House,
    s: AsyncSession,
    known: KnownDeal,
    stored: StoredFinding,
    *,
    before: Before | None = None,
    awake: Collection[str] | None = None,
) -> bool:
    """Ask for a DM to everybody for whom a finding rings, and for a change of the DMs that show it. Whether there is anything to do.

    The deal is held, so that two findings at once cannot both be the first of their day. `before`: what there was before a finding that
    was recorded in this very transaction; it has been told to nobody, and need not be looked for among what was. `awake` as in Asked.
    """
    await deals.hold(s, known.id)
    fresh = before is not None
    verdict = await ringing(house, s, known, stored, before=before, awake=awake)
    for recipient, why in verdict.quiet_for.items():
        house.log.info("not rung", finding=stored.id, deal=known.id, scenario=stored.finding.scenario, recipient=recipient, why=why)
    hold = together.hold_of(house, stored)
    asked = await errands.alert(s, known, stored, house.now(), verdict.rings_for, hold=hold, fresh=fresh)
    if before is not None and verdict.alone:
        return (before.told and await daily.refresh(s, known, house.now())) or asked
    return await changed(house, s, known, stored, besides=verdict.rings_for) or asked


async def ringing(
    house: House,
    s: AsyncSession,
    known: KnownDeal,
    stored: StoredFinding,
    *,
    before: Before | None = None,
    awake: Collection[str] | None = None,
) -> Ringing:
    """For whom a finding rings that they have not been told of yet; `before` as in ring(), `awake` as in Asked."""
    there, now, fresh = BusinessDays.of(known.deal, house.timezone), house.now(), before is not None
    came_up = before is None or before.came_up
    today = await tellings.told(s, Matter.of(stored), there.begins(there.day(now))) if came_up else []
    standing = tuple(one for one in today if one.found.id != stored.id and not is_to_come(one.errand, now) and _stands(one.found))
    asked = Asked(house, s, known, stored, now, standing, fresh, awake)
    there_are = () if fresh else await outbox.of_finding(s, stored.id)
    have_it = {errand.recipient for errand in there_are if errands.rang(errand) and errand.state != "failed"}
    rings_for, quiet_for = list[str](), dict[str, str]()
    for recipient in recipients(known.deal):
        if recipient in have_it:
            continue
        why = await _why_not(asked, recipient)
        if why is None:
            rings_for.append(recipient)
        else:
            quiet_for[recipient] = why
    return Ringing(tuple(rings_for), quiet_for, alone=not today)


async def changed(house: House, s: AsyncSession, known: KnownDeal, stored: StoredFinding, besides: Collection[str] = ()) -> bool:
    """Ask for a change of all DMs that show a finding: its own, those of others, and the daily ones. Whether there is anything to do.

    `besides`: Slack ids of those whose DM is only being asked for.
    """
    now = house.now()
    asked = await errands.update(s, stored, now, besides)
    asked |= await daily.refresh(s, known, now)
    for group in await groups(house, s, known, stored):
        if any(one.id == stored.id for one in group.behind):
            asked |= await errands.show_with(s, group.told, group.recipient, stored, now)
    return asked


async def next_in_line(house: House, s: AsyncSession, known: KnownDeal, gone: StoredFinding) -> bool:
    """A finding was withdrawn: what did not ring because of it rings now, in its order. Whether there is anything to do."""
    asked = False
    behind = {found.id: found for group in await groups(house, s, known, gone) if group.told.id == gone.id for found in group.behind}
    for found in behind.values():
        if found.state == "open":
            asked |= await ring(house, s, known, found)
    return asked


async def _why_not(asked: Asked, recipient: str) -> str | None:
    for reason in REASONS:
        why = await reason(asked, recipient)
        if why is not None:
            return why
    return None


async def _muted(asked: Asked, _recipient: str) -> str | None:
    return MUTED if not asked.fresh and await is_muted(asked.house, asked.s, asked.known, asked.stored.finding) else None


async def _told_today(asked: Asked, recipient: str) -> str | None:
    told = [one.found.finding.said_per_day for one in asked.told if one.errand.recipient == recipient]
    return TOLD_TODAY if told and not worsened(asked.stored.finding.said_per_day, told) else None


async def _rests(asked: Asked, recipient: str) -> str | None:
    if asked.awake is not None:
        return None if recipient in asked.awake else RESTS
    return RESTS if await learning.rests_for(asked.house, asked.s, recipient, asked.stored.finding.scenario) else None


def _stands(found: StoredFinding) -> bool:
    """What was withdrawn or settled holds nothing back: to say it after all is news."""
    return found.state not in ("withdrawn", "resolved")


async def _unwanted(asked: Asked, recipient: str) -> str | None:
    return None if await rings(asked.s, [recipient], asked.stored.finding, asked.now) else UNWANTED


REASONS: tuple[Reason, ...] = (_muted, _unwanted, _rests, _told_today)
"""Asked in this order; the first that speaks against it is the reason."""
