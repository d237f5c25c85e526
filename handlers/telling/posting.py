"""Delivers a script that somebody had posted for them: into the thread, once, if all still holds; and what comes of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.hearing.ringing import changed
from handlers.home.preferences import scripts_for
from handlers.house import House
from handlers.people import may_receive
from handlers.telling import errands
from handlers.telling.dm import name_of
from handlers.telling.outcome import FAILURES, Never, Outcome, Sent, of_failure
from handlers.telling.post import Ours, Place, Post
from store import deals, findings, outbox, posts
from store.posts import Posted
from store.records import Errand, FindingState, KnownDeal, StoredFinding
from templates.kit import Message
from templates.post_form import message, stays, taken_back

OVER: frozenset[FindingState] = frozenset({"withdrawn", "resolved", "terms-changed", "not-an-issue"})
"""States in which there is nothing to post any more."""

IN_TIME = timedelta(minutes=10)
"""How long after it was confirmed a script may still be posted: later the talk has moved on."""

NOT_POSTED = "not-posted"
"""The notice to whoever confirmed a script that could not be posted."""


async def deliver(house: House, post: Post, errand: Errand, ours: Ours) -> Outcome:
    """One try, and how it ended. What a try before may have posted is looked for before anything else."""
    async with house.store.reading() as s:
        stored = await findings.get(s, errand.finding_id) if errand.finding_id else None
        known = await deals.deal_by_id(s, stored.deal_id) if stored else None
        wish = await posts.of_finding(s, stored.id) if stored else None
    if stored is None or known is None or wish is None:
        return Never("gone")
    place, key = Place(wish.channel, wish.thread_ts), posts.first_key(stored.id)
    try:
        if (errand.tries > 1 or errand.key != key) and (found := await post.find(place, key, stored.raised_at)):
            return found
        wrong = await why_not(house, stored, known, wish.by) or _too_late(house, wish)
        if wrong is not None:
            return Never(wrong)
        name = await name_of(house, known.deal, wish.by)
    except FAILURES as failure:
        return of_failure(failure)
    above = await asyncio.to_thread((await scripts_for(house, wish.by)).on_behalf, name or wish.by)
    return await post.send(place, key, house.dress(message(wish.text, above)), since=stored.raised_at, ours=ours)


async def why_not(house: House, stored: StoredFinding, known: KnownDeal, by: str) -> str | None:
    """Why a script of this person's may not be posted for this finding now; None when it may."""
    if not await may_receive(house, known.deal, by):
        return "not-allowed"
    if not house.post_for_me:
        return "switched-off"
    if stored.state in OVER or (stored.state == "used" and stored.changed_by != by):
        return stored.state
    return None if stored.origin.channel in known.channels else "not-linked"


async def note(house: House, s: AsyncSession, errand: Errand, outcome: Outcome) -> None:
    """What follows from a delivered script, or from one given up, in the transaction that notes it."""
    now, finding_id = house.now(), errand.finding_id
    stored = await findings.get(s, finding_id) if finding_id else None
    if stored is None:
        return
    await deals.hold(s, stored.deal_id)
    if isinstance(outcome, Sent):
        await _used(house, s, stored, errand.recipient)
    else:
        error = outcome.error if isinstance(outcome, Never) else "unanswered"
        about = {"what": NOT_POSTED, "finding": stored.id, "error": error}
        await outbox.notify(s, f"{NOT_POSTED}:{errand.id}", errand.recipient, about, now)
    await errands.show_anew(s, stored, f"post-{errand.id}", now)
    house.log.info("script posted" if isinstance(outcome, Sent) else "script not posted", finding=stored.id, user=errand.recipient)


async def take_back(house: House, posted: Posted, by: str) -> Message:
    """The decision that came with a script is undone: whoever had it posted gets it out of the thread, too; nobody else does."""
    if posted.by != by or posted.ts is None:
        return stays(posted.by)
    try:
        await house.slack.chat_delete(channel=posted.channel, ts=posted.ts)
    except FAILURES as failure:
        outcome = of_failure(failure)
        if outcome != Never("message_not_found"):
            house.log.warning("script not taken back", finding=posted.finding_id, user=by, error=outcome.error)
            return stays(None)
    async with house.store.writing() as s:
        stored = await findings.get(s, posted.finding_id)
        if await posts.took_back(s, posted.finding_id, house.now()) and stored is not None:
            await errands.show_anew(s, stored, f"taken-back-{posted.ts}", house.now())
    house.log.info("script taken back", finding=posted.finding_id, user=by)
    return taken_back()


async def _used(house: House, s: AsyncSession, stored: StoredFinding, by: str) -> None:
    known = await deals.deal_by_id(s, stored.deal_id)
    if stored.state not in OVER and known is not None:
        await changed(house, s, known, await findings.change(s, stored.id, "used", by=by, now=house.now()))


def _too_late(house: House, wish: Posted) -> str | None:
    return "too-late" if house.now() - wish.at > IN_TIME else None
