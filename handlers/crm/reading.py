"""Reads the CRM in passes: all of it once, then what has changed; page by page, so that a pass goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from handlers.crm.connected import Crm
from handlers.crm.notices import tell_new, tell_trouble
from handlers.crm.owners import NEAR, tellers
from handlers.crm.sending import MOST, gather, send
from handlers.crm.taking import recheck, take
from handlers.house import House
from store import crm as rows
from store.crm import Pass
from store.sources.crm.mapping import trouble
from store.sources.crm.plain import Busy, CrmTrouble, KeyRefused, NotAllowed, Record, RecordGone, Wanted

OVERLAP = timedelta(minutes=5)
"""What each pass reads again: clocks differ, and a CRM's search finds a change some seconds after it was made."""
LEASE = timedelta(minutes=5)
"""How long a process has the turn without a sign of life."""
LOOK_AGAIN = timedelta(hours=1)
"""How often fields and stages are compared with the mapping."""


async def run(house: House) -> None:
    """Read every so many minutes for as long as the bot lives; whatever goes wrong, the next time tries again."""
    crm = house.crm
    assert crm is not None
    looked: datetime | None = None
    while True:
        pause = crm.minutes * 60
        try:
            if looked is None or house.now() - looked >= LOOK_AGAIN:
                await look(house, crm)
                looked = house.now()
            with house.traces.span("crm-read") as span:
                came = await once(house, crm)
                span.note(records=came["read"] if came else None)
            with house.traces.span("crm-write"):
                await back(house, crm)
        except Busy as busy:
            pause = max(pause, busy.seconds)
        except CrmTrouble as wrong:
            looked = None  # as soon as it works again, those who were told of the trouble are to have peace
            house.log.warning("crm not read", error=type(wrong).__name__)
        except Exception as failed:
            house.log.warning("crm not read", exc_info=failed)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await crm.wake.wait()
        crm.wake.clear()


async def back(house: House, crm: Crm) -> None:
    """Write to the CRM what has happened; a key that may not is told to those who look after it. Raises CrmTrouble."""
    await gather(house, crm)
    try:
        while await send(house, crm) == MOST:
            pass
    except (KeyRefused, NotAllowed) as wrong:
        await _troubled(house, crm, [str(wrong)])
        raise


async def look(house: House, crm: Crm) -> list[str]:
    """What in the CRM is not as the mapping has it; those who look after it are told. Raises CrmTrouble."""
    try:
        told = trouble(crm.mapping, await crm.source.fields(), await crm.source.steps())
    except CrmTrouble as wrong:
        await _troubled(house, crm, [str(wrong)])
        raise
    await _troubled(house, crm, told)
    return told


async def once(house: House, crm: Crm) -> Counter[str] | None:
    """One pass, or what was left of one; what came of its records. None while another process reads. Raises CrmTrouble."""
    source = crm.source.name
    async with house.store.writing() as s:
        stands = await rows.take_turn(s, source, crm.owner, house.now(), LEASE)
    if stands is None:
        return None
    came: Counter[str] = Counter()
    try:
        await _pages(house, crm, stands, came)
    except CrmTrouble as wrong:
        if not isinstance(wrong, Busy):
            await _troubled(house, crm, [str(wrong)])
        raise
    finally:
        await recheck(house, crm)
        await tell_new(house, crm)
        async with house.store.writing() as s:
            await rows.note(s, source, crm.owner, owner=None, lease_until=None)
    house.log.info("crm read", **{name.replace(" ", "_"): count for name, count in came.items()})
    return came


async def _pages(house: House, crm: Crm, stands: Pass, came: Counter[str]) -> None:
    source = crm.source.name
    began = stands.began if stands.began is not None else house.now()
    after = stands.after if stands.began is not None else None
    wanted = Wanted(crm.mapping.fields, frozenset(one for one, stage in crm.mapping.stages.items() if stage in NEAR), stands.since)
    while True:
        page = await crm.source.page(wanted, after)
        for record in await _that_matter(house, crm, page.records):
            came[await take(house, crm, record)] += 1
        came["read"] += len(page.records)
        after = page.after
        values = {"after": after, "began": began, "more": len(page.records), "lease_until": house.now() + LEASE}
        if after is None:
            values |= {"since": began - OVERLAP, "began": None, "polled_at": house.now()}
        async with house.store.writing() as s:
            if not await rows.note(s, source, crm.owner, **values):
                return  # we were slow, and somebody else goes on
        if after is None:
            return


async def _that_matter(house: House, crm: Crm, records: Sequence[Record]) -> list[Record]:
    """Those at a stage that matters, and those that are known: most of a CRM's deals are neither, and cost one question a page."""
    ids = {one for record in records for one in (record.id, *record.merged)}
    async with house.store.reading() as s:
        known = await rows.known_ids(s, crm.source.name, ids)
    found = []
    for one in records:
        if crm.mapping.stages.get(one.stage) in NEAR:
            found.append(one)
        elif not known.isdisjoint((one.id, *one.merged)):
            found.append(await _whole(crm, one))
    return found


async def _whole(crm: Crm, record: Record) -> Record:
    """A record that has left the stages that matter: pages give customer and owner only of those."""
    try:
        return record if record.gone else await crm.source.get(record.id, crm.mapping.fields)
    except RecordGone:
        return replace(record, gone=True)


async def _troubled(house: House, crm: Crm, told: list[str]) -> None:
    """Note what is wrong (nothing: it is well again), and tell those who look after it when it is new."""
    text = "\n".join(told) or None
    people = await tellers(house, crm) if text else []
    async with house.store.writing() as s:
        stands = await rows.take_turn(s, crm.source.name, crm.owner, house.now(), LEASE)
        if stands is None or stands.trouble == text:
            return
        await rows.note(s, crm.source.name, crm.owner, trouble=text, trouble_at=house.now() if text else None)
        if text:
            await tell_trouble(house, s, people, sha256(text.encode()).hexdigest()[:12])
    house.wake.set()
