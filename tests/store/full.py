"""A store with something in every place that holds words or people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Happened, Mark, Next, Own
from bot.playbook.clock.survey import Survey
from bot.playbook.workshop import Note as WorkshopNote
from store import calls, clock, examples, findings, outbox, posts, preferences, workshop
from store.calls import New
from store.clock import Asking
from store.engine import Store
from store.examples import Example
from store.posts import Posted
from store.records import Origin
from store.sources.conversation import Conversation, Turn
from tests.store.samples import NOON, acme, after, low, said, save

SAID = {
    "quote": "we would rather begin with a trickle",
    "why": "a trickle is a tenth of the agreed test volume",
    "figure": "a trickle per day",
    "echo": "as I told you, a mere trickle",
    "example": "the whole sentence about the trickle",
    "post": "let us talk about that trickle",
    "survey": "the onboarding felt like a trickle",
    "evidence": "driver came and took a trickle",
    "shown": "morning line with the trickle",
    "reason": "postponed because of the trickle",
    "title": "review of the trickle",
    "next": "meeting about the trickle",
    "turn": "on the phone I said trickle",
    "note": "line 7 of the trickle call is garbled",
    "subject": "Re: only a trickle for now",
    "theirs": "how large is that trickle",
    "workshop": "what works is that we heard of the trickle",
}
"""Place -> words that stand in it and nowhere else."""


async def fill(store: Store, customer: str = "Acme", *, days_ago: float = 0.0) -> tuple[int, int]:
    """A deal and its finding, everything said so many days before noon; their ids."""
    at = after(days=-days_ago)
    async with store.writing() as s:
        saved = await save(s, acme(customer=customer, channels=(f"C{customer.upper()}",)))
        where = said(1.0, channel=f"C{customer.upper()}")
        finding = low(quote=SAID["quote"], why=SAID["why"], said=SAID["figure"])
        stored, _ = await findings.record(s, saved.id, finding, _at(where, at), at)
        echo = _at(said(2.0, channel=where.channel), at)
        await findings.repeat(s, saved.id, low(quote=SAID["echo"], said=SAID["figure"]), echo, at)
        await _entered(s, saved.id, at.date())
        expected = ({"scenario": "volume-gap", "quote": SAID["example"]},)
        kept = Example(saved.id, _at(said(3.0, channel=where.channel), at), "customer", SAID["example"], expected, expected, "URILEY", at)
        await examples.put(s, kept, None)
        await posts.leave(s, Posted(stored.id, "URILEY", at, SAID["post"], where.channel, where.ts))
        await outbox.enqueue(s, f"alert:{stored.id}:URILEY", "alert", stored.id, "URILEY", at)
        await outbox.notify(s, f"lost:{saved.id}", "URILEY", {"what": "channel-lost", "deal": saved.id}, at)
        await preferences.choose(s, "URILEY", {"dms": "all"}, at)
        shown = {"deals": {str(saved.id): [{"detail": f"{SAID['shown']}: {SAID['quote']}"}]}, "order": [str(saved.id)], "more": {}}
        await clock.ask(s, [Asking("URILEY", at.date(), {saved.id: [f"finding:{stored.id}"]}, shown)], at)
        turns = (Turn("1", SAID["turn"], "Dana", name="Dana", email="dana@acme.example"), Turn("2", SAID["theirs"], "UIVAN"))
        conversation = Conversation(SAID["subject"], "call", turns)
        call, _ = await calls.bring(s, customer, conversation, New("URILEY", None, None, at, (SAID["note"],)), at)
        await calls.settle(s, call.id, saved.id)
        await workshop.note(s, [WorkshopNote("plus", SAID["workshop"], at.date(), "URILEY")], f"form:{saved.id}", at)
    return saved.id, stored.id


async def _entered(s: AsyncSession, deal_id: int, day: date) -> None:
    now = NOON - timedelta(days=(NOON.date() - day).days)
    await clock.happened(s, deal_id, Happened("pickup", day, SAID["evidence"], 15.0), "form", by="URILEY", now=now)
    await clock.record_survey(s, deal_id, Survey("nps", 3, day, SAID["survey"], "Dana"), "form", by="URILEY", now=now)
    await clock.mark(s, deal_id, Mark("ramp-day", "postponed", day, SAID["reason"], "URILEY"), now)
    await clock.add_own(s, deal_id, Own("own-1", SAID["title"], day), by="URILEY", now=now)
    await clock.agree_next(s, deal_id, "delay:1", Next(SAID["next"], day), by="URILEY", now=now)


def _at(origin: Origin, at: datetime) -> Origin:
    return replace(origin, said_at=at)
