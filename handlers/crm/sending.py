"""What happened goes back to the CRM: gathered, written once under a lease, waiting while it is away; conflicts are never written over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from handlers.crm.compared import changed_here, last_set, said
from handlers.crm.connected import Crm
from handlers.crm.notices import tell_differences, tell_gone
from handlers.house import House
from handlers.people import user_of
from store import crm as rows
from store import crm_gather, crm_out, deals, findings, ledger, volumes
from store.clock import finding_number
from store.crm import Known
from store.crm_out import Leave, Out
from store.records import KnownDeal
from store.sources.crm.mapped import terms_of, text_of
from store.sources.crm.plain import Away, Busy, CrmTrouble, FieldGone, KeyRefused, NotAllowed, Outgoing, RecordGone, Refused
from templates import crm_notes
from templates.crm_notes import Words

LEASE = timedelta(minutes=3)
"""How long one thing may take to be written; a process that was killed is followed by another one after that."""
LONGEST = timedelta(hours=1)
"""Between two tries while the CRM is away."""
MOST = 50
"""Things written in one go."""


async def gather(house: House, crm: Crm) -> int:
    """Leave for the CRM what has happened since the last look; how many things."""
    source, now = crm.source.name, house.now()
    async with house.store.writing() as s:
        found = await crm_gather.happened(s, source, crm.mapping.send, now)
        if "terms" in crm.mapping.send:
            found += await _terms(s, crm)
        left = [await crm_out.leave(s, one, now) for one in found]
    return sum(left)


async def _terms(s: AsyncSession, crm: Crm) -> list[Leave]:
    """Mapped terms that were changed here alone; one that differs already waits for the rep."""
    mapped = [name for name, term in crm.mapping.terms.items() if term.field]
    found: list[Leave] = []
    after = 0
    while page := await rows.in_state(s, crm.source.name, "linked", after=after):
        there = {one.id: one for one in await deals.deals_by_id(s, [known.deal_id for known in page if known.deal_id])}
        for known in page:
            deal = there.get(known.deal_id or 0)
            changed = changed_here(deal.deal, mapped, known.base) if deal is not None else {}
            if changed and deal is not None:
                open_now = {one.term for one in await rows.differences(s, known.id)}
                wanted = {name: value for name, value in changed.items() if name not in open_now}
                version = await deals.terms_version(s, deal.id)
                entered = await deals.history(s, deal.id)
                by = last_set(entered, next(iter(wanted)))[0] if wanted else None
                found += [Leave(f"terms:{known.id}:{version}:{known.version}", known.id, "terms", {"values": wanted}, by)] if wanted else []
        after = page[-1].id
    return found


async def send(house: House, crm: Crm) -> int:
    """Write what is due; how many things. Raises CrmTrouble when nothing can be written just now: all of it waits."""
    async with house.store.writing() as s:
        taken = await crm_out.claim(s, crm.source.name, crm.owner, house.now(), LEASE, limit=MOST)
    done = 0
    for place, out in enumerate(taken):
        try:
            done += await _one(house, crm, out)
        except (KeyRefused, NotAllowed, Busy, Away) as wrong:
            for rest in taken[place:]:
                await _again(house, rest, wrong)
            raise
    return done


async def _one(house: House, crm: Crm, out: Out) -> bool:
    """Write one thing; whether it stands there now."""
    async with house.store.reading() as s:
        known = await rows.by_id(s, out.record_id)
        there = await deals.deal_by_id(s, known.deal_id) if known is not None and known.deal_id else None
    if known is None or there is None or known.state != "linked" or out.kind not in crm.mapping.send:
        return await _drop(house, out, "switched off, or followed no more")
    try:
        made = await (_fields(house, crm, out, known, there) if out.kind == "terms" else _words(house, crm, out, known, there))
        if made is None:
            return await _drop(house, out, "nothing to say any more")
        # An earlier try may have come through though its answer was lost: fields are simply set again, notes and tasks are looked for.
        written = await crm.source.find(made) if out.tries > 1 else None
        written = written or await crm.source.send(made)
    except RecordGone:
        await _gone(house, known)
        return await _drop(house, out, "the record is gone")
    except (Refused, FieldGone) as wrong:
        return await _drop(house, out, str(wrong))
    async with house.store.writing() as s:
        if out.kind == "terms":
            now_known = await rows.hold(s, known.id)
            assert now_known is not None
            await rows.change(s, known.id, base={**now_known.base, **out.about["values"]})
        await crm_out.done(s, out, written, house.now())
    house.log.info("written to the crm", out=out.id, kind=out.kind, record=known.id, user=out.by)
    return True


async def _fields(house: House, crm: Crm, out: Out, known: Known, there: KnownDeal) -> Outgoing | None:
    """Values of fields, unless somebody has changed them in the CRM meanwhile: then the rep decides."""
    wanted: Mapping[str, Any] = out.about["values"]
    now_there = said(terms_of(await crm.source.get(known.external, crm.mapping.fields), crm.mapping))
    moved = {name: now_there[name] for name in wanted if name in now_there and now_there[name] not in (known.base.get(name), wanted[name])}
    fields = {name: term.field for name, term in crm.mapping.terms.items() if term.field}
    if moved:
        who = await crm.source.who(known.external, [fields[name] for name in moved])
        async with house.store.writing() as s:
            entered = await deals.history(s, there.id)
            for name, theirs in moved.items():
                by, at = last_set(entered, name)
                change = who.get(fields[name])
                values = {"term": name, "ours": wanted[name], "theirs": theirs, "ours_by": by, "ours_at": at, "both": True}
                values |= {"theirs_by": change.by if change else None, "theirs_at": change.at if change else None}
                await rows.differ(s, known.id, values, house.now())
            await rows.change(s, known.id, version=known.version + 1)
            await tell_differences(house, s, known, there, known.version + 1)
        house.wake.set()
    left = {fields[name]: text_of(name, value) for name, value in wanted.items() if name not in moved}
    return Outgoing(out.key, known.external, "fields", fields=left) if left and not moved else None


async def _words(house: House, crm: Crm, out: Out, known: Known, there: KnownDeal) -> Outgoing | None:
    """A note or task, in words."""
    who = await _name(house, there.deal, out.by)
    about = out.about
    words: Words | None = None
    day: date | None = None
    if out.kind == "amendments":
        words = await _amended(house, there, about.get("amendments", ()), who)
    elif out.kind == "findings":
        words = await _used(house, crm, int(about["finding"]), who)
    elif out.kind == "milestones":
        async with house.store.reading() as s:
            step = await crm_gather.next_step(s, int(about["next"]))
        if step is not None:
            title, day, delay = step
            words = crm_notes.next_step(title, day, await _objection(house, delay), who)
    elif out.kind == "checklists":
        words = crm_notes.ticked(about["boxes"], date.fromisoformat(about["day"]), who)
    elif out.kind == "actuals":
        words = await _shipped(house, there, date.fromisoformat(about["monday"]))
    if words is None:
        return None
    return Outgoing(out.key, known.external, "task" if out.kind == "milestones" else "note", words.title, words.text, day)


async def _amended(house: House, there: KnownDeal, ids: list[int], who: str) -> Words | None:
    async with house.store.reading() as s:
        lines = await ledger.lines(s, there.id, ids)
    return crm_notes.amended(lines, who) if lines else None


async def _used(house: House, crm: Crm, number: int, who: str) -> Words | None:
    async with house.store.reading() as s:
        stored = await findings.get(s, number)
    if stored is None or stored.state == "withdrawn":
        return None
    finding = stored.finding
    quote = finding.quote if crm.mapping.quotes else None
    said_there = f"{finding.said_per_day[0]:,.0f}/day" if finding.said_per_day else None
    agreed = f"{finding.agreed_per_day:,.0f}/day" if finding.agreed_per_day else None
    return crm_notes.used(finding.scenario, (said_there, agreed), quote, stored.origin.permalink, who)


async def _objection(house: House, delay: str) -> str | None:
    """The scenario of the objection that a next step follows, where it was heard."""
    if not delay.startswith("finding:"):
        return None
    async with house.store.reading() as s:
        stored = await findings.get(s, finding_number(delay))
    return stored.finding.scenario if stored else None


async def _shipped(house: House, there: KnownDeal, monday: date) -> Words | None:
    async with house.store.reading() as s:
        actuals = await volumes.of_deal(s, there.id, monday, monday + timedelta(days=6))
    days = actuals.days if actuals else ()
    if not days:
        return None
    agreed = sum(there.deal.agreed_on(one.day).per_day for one in days) / len(days)
    return crm_notes.shipped(monday, len(days), sum(one.packages for one in days), agreed)


async def _name(house: House, deal: Deal, user: str | None) -> str:
    """What to call whoever did it; "" where nobody knows."""
    if not user:
        return ""
    person = deal.person(user)
    if person is not None:
        return person.name
    try:
        return (await user_of(house, user)).name or ""
    except SlackApiError:
        return ""


async def _gone(house: House, known: Known) -> None:
    async with house.store.writing() as s:
        now_known = await rows.hold(s, known.id)
        if now_known is not None and now_known.state == "linked":
            await rows.change(s, known.id, state="gone", at=house.now(), version=known.version + 1)
            await tell_gone(house, s, known)
    house.wake.set()


async def _drop(house: House, out: Out, why: str) -> bool:
    async with house.store.writing() as s:
        await crm_out.dropped(s, out, why, house.now())
    house.log.info("not written to the crm", out=out.id, kind=out.kind)
    return False


async def _again(house: House, out: Out, wrong: CrmTrouble) -> None:
    pause = timedelta(seconds=wrong.seconds) if isinstance(wrong, Busy) else min(LONGEST, timedelta(seconds=30 * 2 ** min(out.tries, 8)))
    async with house.store.writing() as s:
        await crm_out.again(s, out, house.now() + pause, type(wrong).__name__)
