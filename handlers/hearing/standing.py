"""Which findings stand behind a direct message that was sent the same business day, and are shown in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.pace import BusinessDays
from handlers.house import House
from handlers.telling.errands import is_escalation, is_reminder
from store import tellings
from store.records import Errand, KnownDeal, StoredFinding
from store.tellings import Matter, Told


@dataclass(frozen=True, slots=True)
class Group:
    """A direct message: whom it went to, the finding that it is about, and those that it shows beside, oldest first."""

    recipient: str
    told: StoredFinding
    behind: tuple[StoredFinding, ...]


async def groups(house: House, s: AsyncSession, known: KnownDeal, stored: StoredFinding) -> list[Group]:
    """The direct messages about the matter of a finding, from its day on, that show others beside.

    What was withdrawn is shown no more and shows nothing; of the finding itself it is told where it was shown, and what it showed.
    """
    there = BusinessDays.of(known.deal, house.timezone)
    since = there.begins(there.day(stored.raised_at))
    matter, now = Matter.of(stored), house.now()
    told = [one for one in await tellings.told(s, matter, since) if not is_to_come(one.errand, now)]
    told = [one for one in told if one.found.state != "withdrawn" or one.found.id == stored.id]
    fit = await tellings.for_a_dm(s, matter, since) if told else []
    if stored.finding.urgency == "now" and all(one.id != stored.id for one in fit):
        fit.append(stored)
    found: dict[tuple[str, int], list[StoredFinding]] = {}
    by_id = {one.found.id: one.found for one in told}
    for recipient in sorted({one.errand.recipient for one in told}):
        theirs = [one for one in told if one.errand.recipient == recipient]
        for behind in fit:
            owner = _owner(behind, theirs, there)
            if owner is not None:
                found.setdefault((recipient, owner), []).append(behind)
    return [Group(recipient, by_id[owner], tuple(behind)) for (recipient, owner), behind in found.items()]


def is_to_come(errand: Errand, now: datetime) -> bool:
    """Whether the time of a reminder or an escalation has not come: as long as that is so, nobody has been told by it."""
    return (
        (is_reminder(errand.key) or is_escalation(errand.key)) and errand.state == "waiting" and errand.tries == 0 and errand.due_at > now
    )


def _owner(behind: StoredFinding, told: list[Told], there: BusinessDays) -> int | None:
    """The finding whose message shows this one: of the same day's the last before it. None where it was told by itself, or none was."""
    if any(one.found.id == behind.id for one in told):
        return None
    days = {there.day(behind.raised_at), there.day(behind.changed_at)}
    same_day = sorted({one.found.id for one in told if _days(one, there) & days})
    return next((number for number in reversed(same_day) if number < behind.id), min(same_day, default=None))


def _days(told: Told, there: BusinessDays) -> set[date]:
    return {there.day(moment) for moment in (told.found.raised_at, told.at) if moment is not None}
