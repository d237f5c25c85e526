"""One record of the CRM taken in: it waits for its rep, is compared with its deal, or is none of our business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.clock import stages
from handlers.crm.compared import STAGE, Compared, compare, last_set, said
from handlers.crm.connected import Crm
from handlers.crm.notices import show_again, tell_differences, tell_gone
from handlers.crm.owners import NEAR, slack_id
from handlers.house import House
from store import crm as rows
from store import deals
from store.crm import Known
from store.deals import Entry
from store.records import KnownDeal
from store.sources.crm.mapped import Terms, terms_of
from store.sources.crm.plain import Change, CrmTrouble, Record


@dataclass(frozen=True, slots=True)
class Come:
    """A record with what it says, and the Slack id of its owner."""

    record: Record
    terms: Terms
    rep: str | None

    @property
    def near(self) -> bool:
        """Whether it is at a stage that matters."""
        return self.terms.stage in NEAR and not self.record.gone

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept of it."""
        told = {"values": said(self.terms), "notes": list(self.terms.notes), "missing": list(self.terms.missing)}
        return {**told, "unclear": list(self.terms.unclear.values())}


async def take(house: House, crm: Crm, record: Record) -> str:
    """Take in a record; the same once more changes nothing. What came of it, in a word. Raises CrmTrouble and what Slack raises."""
    terms = terms_of(record, crm.mapping)
    async with house.store.reading() as s:
        known = await _find(s, crm, record)
    if known is None and (terms.stage not in NEAR or record.gone):
        return "far"
    come = Come(record, terms, await slack_id(house, crm, record.owner))
    who: Mapping[str, Change] = {}
    if known is not None and known.state == "linked" and not record.gone:
        who = await _who(house, crm, known, come)
    async with house.store.writing() as s:
        known = await _find(s, crm, record)
        if known is None:
            outcome = await _enter(house, s, crm, come)
        elif known.state == "linked":
            outcome = await _compare(house, s, known, come, who)
        else:
            outcome = await _again(house, s, known, come)
    house.wake.set()
    return outcome


async def recheck(house: House, crm: Crm) -> int:
    """Differences that are none any more because the deal has changed here: close them, and say so where they were told."""
    async with house.store.reading() as s:
        open_now = await rows.with_differences(s, crm.source.name)
    settled = 0
    for number in open_now:
        async with house.store.writing() as s:
            known = await rows.hold(s, number)
            there = await deals.deal_by_id(s, known.deal_id) if known is not None and known.deal_id else None
            if known is None or there is None:
                continue
            same = compare(there.deal, known.terms.get("values", {}), known.base).same
            if await rows.decide(s, known.id, list(same), ("settled", None), house.now()):
                settled += 1
                await rows.change(s, known.id, base={**known.base, **same}, version=known.version + 1)
                await show_again(house, s, known.id, known.version + 1)
    if settled:
        house.wake.set()
    return settled


async def _find(s: AsyncSession, crm: Crm, record: Record) -> Known | None:
    """The record as it is known: by its id, or as one that was merged into it."""
    known = await rows.record(s, crm.source.name, record.id)
    for merged in record.merged if known is None else ():
        known = known or await rows.record(s, crm.source.name, merged)
    return known


async def _enter(house: House, s: AsyncSession, crm: Crm, come: Come) -> str:
    """A record that is new: for a customer that has a deal it follows that one, or is a second one."""
    record = come.record
    values: dict[str, Any] = {
        "source": crm.source.name,
        "external": record.id,
        "customer": come.terms.customer,
        "stage": _stage(crm, record),
    }
    values |= {"url": record.url, "owner": record.owner, "rep": come.rep, "terms": come.kept, "modified": record.modified}
    there = await deals.deal_named(s, come.terms.customer)
    if there is None:
        await rows.add(s, {**values, "state": "waiting"}, house.now())
        return "waiting"
    await deals.hold(s, there.id)
    if await rows.of_deal(s, there.id) is not None:
        await rows.add(s, {**values, "state": "second", "deal_id": there.id}, house.now())
        return "second"
    await rows.add(s, {**values, "state": "linked", "deal_id": there.id, "told": True}, house.now())
    known = await rows.record(s, crm.source.name, record.id)
    return "linked" if known is None else await _compare(house, s, known, come, {})


async def _again(house: House, s: AsyncSession, known: Known, come: Come) -> str:
    """A record that no deal follows: it may have been deleted, have moved back, or come near again."""
    state, told = known.state, known.told
    if come.record.gone:
        state = "gone"
    elif known.state == "waiting" and not come.near:
        state = "left"
    elif known.state == "left" and known.by is None and come.near:
        state, told = "waiting", False
    now_rep = come.rep if come.near else known.rep
    told = told and now_rep == known.rep
    was = (known.state, known.terms, known.customer, known.rep, known.told)
    if was == (state, come.kept, come.terms.customer, now_rep, told) and known.external == come.record.id:
        return "same"
    values = _values(come) | {"state": state, "rep": now_rep, "told": told, "version": known.version + 1}
    await rows.change(s, known.id, **values)
    await show_again(house, s, known.id, known.version + 1)
    return state


async def _compare(house: House, s: AsyncSession, known: Known, come: Come, who: Mapping[str, Change]) -> str:
    """A record whose deal is in the book."""
    assert known.deal_id is not None
    if come.record.gone:
        await rows.change(s, known.id, state="gone", version=known.version + 1, at=house.now())
        await tell_gone(house, s, known)
        return "gone"
    await deals.hold(s, known.deal_id)
    there = await deals.deal_by_id(s, known.deal_id)
    assert there is not None
    found = compare(there.deal, said(come.terms), known.base)
    base = {**known.base, **found.same}
    if STAGE in found.theirs:
        base[STAGE] = found.theirs[STAGE]
        await _move(house, s, known, there, come)
    await rows.decide(s, known.id, list(found.same), ("settled", None), house.now())
    new = await _note(house, s, known, there, found, who)
    await rows.change(s, known.id, **_values(come), base=base, version=known.version + new)
    if new or found.same.keys() - known.base.keys():
        await tell_differences(house, s, known, there, known.version + new)
    return "differs" if new else "linked"


async def _note(  # noqa: PLR0917 - both sides and what is between them
    house: House, s: AsyncSession, known: Known, there: KnownDeal, found: Compared, who: Mapping[str, Change]
) -> bool:
    """Note what has to be decided; whether anything of it is new."""
    entered = await deals.history(s, there.id) if found.differing else []
    new = False
    for name, (here, theirs) in found.differing.items():
        by, at = last_set(entered, name)
        change = who.get(name, Change(None, None))
        both = name in found.both
        values = {"term": name, "ours": here, "theirs": theirs, "ours_by": by, "ours_at": at, "both": both}
        new |= await rows.differ(s, known.id, {**values, "theirs_by": change.by, "theirs_at": change.at}, house.now())
    return new


async def _move(house: House, s: AsyncSession, known: Known, there: KnownDeal, come: Come) -> None:
    """The stage is the CRM's to tell where nobody has changed it here."""
    stage = come.terms.stage
    assert stage is not None
    entry = Entry(come.record.owner or known.source, f"{known.source} {known.external}", house.now())
    altered = await deals.alter(s, there.id, lambda deal: deal.model_copy(update={"stage": stage}), entry)
    if altered is not None:
        await stages.announce(s, altered.before.deal.stage, altered.after, house.now())


async def _who(house: House, crm: Crm, known: Known, come: Come) -> dict[str, Change]:
    """Who set in the CRM what differs now; asked only when something does that did not before, and never in the way of the rest."""
    async with house.store.reading() as s:
        there = await deals.deal_by_id(s, known.deal_id or 0)
        if there is None:
            return {}
        found = compare(there.deal, said(come.terms), known.base)
        open_now = {one.term: one.theirs for one in await rows.differences(s, known.id, None)}
    fields = {term.field: name for name, term in crm.mapping.terms.items() if term.field}
    wanted = [name for name, (_, theirs) in found.differing.items() if open_now.get(name, ...) != theirs]
    asked = [field for field, name in fields.items() if name in wanted]
    try:
        told = await crm.source.who(come.record.id, asked) if asked else {}
    except CrmTrouble:
        return {}
    return {fields[field]: change for field, change in told.items() if field in fields}


def _values(come: Come) -> dict[str, Any]:
    record = come.record
    kept = {"external": record.id, "customer": come.terms.customer, "url": record.url, "owner": record.owner}
    return {**kept, "terms": come.kept, "modified": record.modified}


def _stage(crm: Crm, record: Record) -> str:
    return crm.mapping.names.get(record.stage, record.stage)
