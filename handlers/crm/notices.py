"""Direct messages about the CRM: left within the transaction that records what they are about, and what they show when they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.crm.connected import Crm
from handlers.crm.owners import may_confirm, tellers
from handlers.house import House
from handlers.people import is_member, may_receive, recipients
from handlers.telling.dm import zone_of
from store import crm as rows
from store import deals, outbox
from store.crm import Known
from store.records import Errand, KnownDeal
from templates.crm import (
    MOST,
    Differing,
    Differs,
    Kept,
    Waiting,
    differs_card,
    gone_card,
    many_card,
    second_card,
    trouble_card,
    waiting_card,
)
from templates.kit import Message

ONE, MANY, SECOND, DIFFERS, GONE, TROUBLE = "crm-one", "crm-many", "crm-second", "crm-differs", "crm-gone", "crm-trouble"
"""What the errands are about."""

ONE_BY_ONE = 3
"""More deals that come to a rep at once make one message."""


def register(house: House) -> None:
    """What each of them shows."""

    async def one(errand: Errand) -> Message | None:
        known = await _record(house, errand)
        if known is None or not await may_confirm(house, known, errand.recipient):
            return None
        return waiting_card(waiting_view(known))

    async def several(errand: Errand) -> Message | None:
        return await many_message(house, errand)

    async def second(errand: Errand) -> Message | None:
        known, there = await _with_deal(house, errand)
        if known is None or there is None or known.state != "second":
            return None
        async with house.store.reading() as s:
            followed = await rows.of_deal(s, there.id)
        return second_card(known.id, known.source, there.deal.customer, followed.url if followed else None, known.url)

    async def differs(errand: Errand) -> Message | None:
        known, there = await _with_deal(house, errand)
        return None if known is None or there is None else await differing(house, known, there)

    async def gone(errand: Errand) -> Message | None:
        known, there = await _with_deal(house, errand)
        return None if known is None or there is None else gone_card(known.source, there.deal.customer)

    async def trouble(errand: Errand) -> Message | None:
        if house.crm is None or errand.recipient not in await tellers(house, house.crm) or not await is_member(house, errand.recipient):
            return None
        async with house.store.reading() as s:
            stands = await rows.standing(s, house.crm.source.name)
        return trouble_card(stands.source, stands.trouble.split("\n")) if stands.trouble else None

    house.notices |= {ONE: one, MANY: several, SECOND: second, DIFFERS: differs, GONE: gone, TROUBLE: trouble}


def waiting_view(known: Known) -> Waiting:
    """A record as its card shows it."""
    outcome: tuple[str, str | None] | None = None
    if known.state == "linked":
        outcome = ("✅ in the deal book, confirmed", known.by)
    elif known.state == "gone":
        outcome = ("deleted there, so there is nothing to confirm", None)
    elif known.state in ("left", "second"):
        outcome = ("left alone", known.by) if known.by else ("moved back, so there is nothing to confirm now", None)
    values = {name: value for name, value in known.terms.get("values", {}).items() if name not in ("customer", "stage")}
    return Waiting(
        known.id,
        known.source,
        known.customer,
        known.stage,
        known.url,
        values,
        known.terms.get("notes", ()),
        known.terms.get("missing", ()),
        known.terms.get("unclear", ()),
        outcome,
        None if known.rep else known.owner or "nobody",
    )


async def many_message(house: House, errand: Errand) -> Message | None:
    """Those of the deals that still wait for this person."""
    async with house.store.reading() as s:
        found = [known for one in errand.about.get("records", ()) if (known := await rows.by_id(s, int(one))) is not None]
    mine = [one for one in found if one.state == "waiting" and await may_confirm(house, one, errand.recipient)]
    if not mine:
        return None
    shown = [(one.id, one.customer, one.stage) for one in mine[:MOST]]
    return many_card(mine[0].source, shown, len(mine) - len(shown))


async def differing(house: House, known: Known, there: KnownDeal) -> Message:
    """The open differences of a record's deal, and those that stay because somebody decided so."""
    async with house.store.reading() as s:
        found = await rows.differences(s, known.id)
        kept = {one.term: one for one in await rows.differences(s, known.id, "ours")}
    values = known.terms.get("values", {})
    stay = [Kept(one.term, one.ours, one.theirs, one.decided_by) for one in kept.values() if values.get(one.term) == one.theirs]
    names = ("term", "ours", "theirs", "ours_by", "ours_at", "theirs_by", "theirs_at", "both")
    told = [Differs(**{name: getattr(one, name) for name in names}) for one in found]
    goes_back = house.crm is not None and "terms" in house.crm.mapping.send
    zone = zone_of(house, there.deal)
    return differs_card(Differing(known.id, known.source, there.deal.customer, known.url, told, goes_back, stay, zone))


async def tell_new(house: House, crm: Crm) -> int:
    """Leave the DMs about records of which nobody was told yet; how many records."""
    spare = await tellers(house, crm)
    async with house.store.writing() as s:
        new = await rows.untold(s, crm.source.name)
        waiting: dict[str, list[Known]] = {}
        for known in new:
            if known.state == "second":
                await _tell_second(house, s, known)
                continue
            for person in [known.rep] if known.rep else spare:
                waiting.setdefault(person, []).append(known)
        for person, theirs in waiting.items():
            await _tell_waiting(house, s, person, theirs)
        for known in new:
            await rows.change(s, known.id, told=True)
    if new:
        house.wake.set()
    return len(new)


async def tell_one(house: House, s: AsyncSession, known: Known, person: str) -> None:
    """The DM about one record."""
    about = {"what": ONE, "record": known.id}
    await outbox.notify(s, f"{ONE}:{known.id}:{person}", person, about, house.now())


async def show_again(house: House, s: AsyncSession, record_id: int, version: int) -> None:
    """Bring the DMs about a record up to date where they stand."""
    for what in (ONE, SECOND, DIFFERS):
        await _anew(house, s, f"{what}:{record_id}:", version)


async def tell_differences(house: House, s: AsyncSession, known: Known, there: KnownDeal, version: int) -> None:
    """The DM about differences; whoever has one of an earlier state gets that one brought up to date as well."""
    await _anew(house, s, f"{DIFFERS}:{known.id}:", version)
    if await rows.differences(s, known.id):
        about = {"what": DIFFERS, "record": known.id}
        for person in recipients(there.deal):
            await outbox.notify(s, f"{DIFFERS}:{known.id}:{person}:{version}", person, about, house.now())


async def tell_gone(house: House, s: AsyncSession, known: Known) -> None:
    """The DM about a record that was deleted, to the people of its deal."""
    there = await deals.deal_by_id(s, known.deal_id or 0)
    for person in recipients(there.deal) if there else ():
        await outbox.notify(s, f"{GONE}:{known.id}:{person}", person, {"what": GONE, "record": known.id}, house.now())


async def tell_trouble(house: House, s: AsyncSession, people: Iterable[str], key: str) -> None:
    """The DM to those who look after the connection, once for each trouble and day."""
    for person in people:
        await outbox.notify(s, f"{TROUBLE}:{house.now().date()}:{key}:{person}", person, {"what": TROUBLE}, house.now())


async def _tell_waiting(house: House, s: AsyncSession, person: str, theirs: list[Known]) -> None:
    if len(theirs) <= ONE_BY_ONE:
        for known in theirs:
            await tell_one(house, s, known, person)
        return
    about: Mapping[str, Any] = {"what": MANY, "records": [one.id for one in theirs]}
    await outbox.notify(s, f"{MANY}:{theirs[0].id}:{theirs[-1].id}:{len(theirs)}:{person}", person, about, house.now())


async def _tell_second(house: House, s: AsyncSession, known: Known) -> None:
    there = await deals.deal_by_id(s, known.deal_id or 0)
    for person in recipients(there.deal) if there else ():
        await outbox.notify(s, f"{SECOND}:{known.id}:{person}", person, {"what": SECOND, "record": known.id}, house.now())


async def _anew(house: House, s: AsyncSession, beginning: str, version: int) -> None:
    for errand in await outbox.notices(s, beginning):
        if "of" not in errand.about and errand.state != "failed":
            await outbox.notify(s, f"{errand.key}:v{version}", errand.recipient, {**errand.about, "of": errand.id}, house.now())


async def _record(house: House, errand: Errand) -> Known | None:
    number = errand.about.get("record")
    async with house.store.reading() as s:
        return await rows.by_id(s, number) if isinstance(number, int) else None


async def _with_deal(house: House, errand: Errand) -> tuple[Known | None, KnownDeal | None]:
    """The record and its deal, when the recipient may see that."""
    known = await _record(house, errand)
    async with house.store.reading() as s:
        there = await deals.deal_by_id(s, known.deal_id) if known is not None and known.deal_id else None
    return known, there if there is not None and await may_receive(house, there.deal, errand.recipient) else None
