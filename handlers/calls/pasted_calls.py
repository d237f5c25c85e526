"""Transcripts pasted as the text of a message, to the bot or into a deal's channel by one of us: heard as a call like a dropped file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.calls.taking import Brought, bring, deals_of_person, fits_among, turns_of_mails
from handlers.files.door import first_of, is_ours, may_see_any, theirs_in
from handlers.hearing.asking import UNANSWERED, lately
from handlers.hearing.message import Change, Said, from_history, micros
from handlers.hearing.reread import SHUT
from handlers.house import House
from handlers.refused import code_of
from store import calls, outbox
from store.records import Errand, KnownDeal
from store.sources.conversation import Conversation, Found
from store.sources.mail import LARGEST as MOST_OF_A_MAIL
from store.sources.mail import is_mail, mails
from store.sources.pasted import is_pasted_call, parse_pasted_call
from store.sources.plain import NotReadable
from store.sources.slack_text import plain_text
from templates.call_doors import unreadable
from templates.kit import Message

WHAT = "call-pasted"
"""What the errand about a pasted transcript is."""

CUT_AT = 3_500
"""Characters from which a message may go on in the next one: Slack cuts at 4,000, where a word ends."""

TOGETHER = timedelta(seconds=3)
"""Between two messages of one paste; nobody types so fast."""

_AROUND = 120
"""Seconds around a message in which the other parts of its paste are looked for."""

_MOST, _MOST_PARTS = 100, 20
_MICROS = TOGETHER // timedelta(microseconds=1)


def register(house: House) -> None:
    """The courier's errand. Pastes are left here by the one listener for messages."""
    house.notices[WHAT] = lambda errand: looked_at(house, errand)


async def left(house: House, change: Change, deals: Sequence[KnownDeal] = (), before: Sequence[Said] = ()) -> bool:
    """Leave a transcript that one of us pasted for the courier: into a channel of these deals, or (none) to the bot. Whether it is one.

    What customers write is always their own words. Where somebody may not see the deal, its first recipient has brought the call.
    `before`: what was said just before, in its order, where another process may have heard it.
    """
    said = change.said
    if change.what == "deleted" or not said.user or said.bot_id:
        return False
    names = tuple(person.name for known in deals for person in known.deal.people)
    goes_on = _goes_on(house, said)
    if before and not goes_on:
        goes_on = await asyncio.to_thread(_goes_on_after, said, before, names, surely=bool(deals))
    if (not goes_on and said.text.count("\n") < 2) or not await is_ours(house, said):
        return False  # nearly every message ends here
    if not goes_on and not await asyncio.to_thread(_is_talk, said.text, names, surely=bool(deals)):
        return False
    to = said.user if not deals or may_see_any(deals, said.user) else await first_of(house, deals)
    if to is None:
        return False
    long = len(said.text) >= CUT_AT
    if long:
        house.pastes.put((said.channel, said.user), said.ts)
    due = house.now() + (TOGETHER if long else timedelta())
    about = {"what": WHAT, "channel": said.channel, "ts": said.ts, "thread": said.thread_ts, "by": said.user}
    async with house.store.writing() as s:
        new = await outbox.notify(s, f"{WHAT}:{said.channel}:{said.ts}:{said.edited_ts or ''}", to, about, due)
    if new:
        house.log.info("transcript pasted", channel=said.channel, user=said.user)
        house.wake.set()
    return True


async def without_calls(house: House, change: Change, deals: Sequence[KnownDeal], before: Sequence[Said] = ()) -> Change:
    """The message without the transcript that it is: those are the words of others. `before` as in left()."""
    return replace(change, said=replace(change.said, text="")) if await left(house, change, deals, before) else change


async def left_to_us(house: House, change: Change) -> bool:
    """The same of a message to the bot alone. Where others take some of them, Slack is asked for what came just before; not for long."""
    if await left(house, change):
        return True
    said = change.said
    if change.what == "deleted" or not house.replicas.heard_after(None):
        return False
    try:
        async with asyncio.timeout(house.replicas.patience):
            messages = await lately(house, said.channel, before=said.ts, limit=_MOST_PARTS, at_once=True)
    except UNANSWERED:
        return False
    told = [one.said for message in reversed(messages) if (one := from_history(said.channel, message)) is not None]
    return await left(house, change, before=told)


async def looked_at(house: House, errand: Errand) -> Message | None:
    """Read what was pasted, as it stands in Slack now, and let it be heard; what to tell whoever pasted it."""
    channel, by, wrote = str(errand.about["channel"]), errand.recipient, str(errand.about["by"])
    in_dm = channel.startswith("D")
    theirs = () if in_dm else await theirs_in(house, channel, by)
    if not in_dm and not theirs:
        return None
    parts = await _parts(house, channel, str(errand.about["ts"]), errand.about.get("thread"), wrote)
    if not parts:
        return None
    mine = await deals_of_person(house, by)
    candidates = theirs or mine
    names = tuple(person.name for known in candidates[:20] for person in known.deal.people)
    found = await asyncio.to_thread(_read, "\n".join(plain_text(part.text) for part in parts), names)
    talks = [one for one in found.conversations if one.turns]
    if len(talks) != 1:
        return unreadable("your paste", found.mistakes or ("holds no speech that could be read",)) if in_dm else None
    fits = await asyncio.to_thread(fits_among, talks[0], candidates, mine)
    first = parts[0].ts
    brought = Brought(by, channel, first, theirs, f"{channel}:{first}", talks[0].id, found.mistakes, pasted=True)
    said = await bring(house, brought, talks[0], fits)
    return said if by == wrote else None


def _goes_on(house: House, said: Said) -> bool:
    """Whether a message goes on where the one before it, by the same person, was cut."""
    before = house.pastes.get((said.channel, said.user or ""))
    return before is not None and 0 <= micros(said.ts) - micros(before) < _MICROS and bool(said.text.strip())


def _goes_on_after(said: Said, before: Sequence[Said], names: Sequence[str], *, surely: bool) -> bool:
    """Whether a message goes on with a transcript that the same person began in those before it."""
    parts = [said]
    for one in reversed([one for one in before if one.user == said.user]):
        if not _goes_on_in(one, parts[-1]):
            break
        parts.append(one)
    return len(parts) > 1 and bool(said.text.strip()) and _is_talk(parts[-1].text, names, surely=surely)


def _is_talk(text: str, names: Sequence[str], *, surely: bool) -> bool:
    plain = plain_text(text)
    return is_pasted_call(plain, names, surely=surely) or (not surely and is_mail(plain))


def _read(text: str, names: Sequence[str]) -> Found:
    if is_mail(text):
        thread = mails(text[:MOST_OF_A_MAIL])
        subject = next((one.subject for one in reversed(thread) if one.subject), None)
        return Found((Conversation(subject or "pasted email", calls.EMAIL, turns_of_mails(thread)),))
    try:
        return parse_pasted_call(text, names)
    except NotReadable as reason:
        return Found(mistakes=(str(reason),))


async def _parts(house: House, channel: str, ts: str, thread: str | None, by: str) -> list[Said]:
    """The messages of one paste, the first first; none where it was deleted, or Slack does not show it."""
    around: dict[str, Any] = {"oldest": f"{float(ts) - _AROUND:.6f}", "latest": f"{float(ts) + _AROUND:.6f}", "limit": _MOST}
    await house.pace.turn()
    try:
        if thread:
            answer = await house.slack.conversations_replies(channel=channel, ts=thread, **around)
        else:
            answer = await house.slack.conversations_history(channel=channel, **around)
    except SlackApiError as refused:
        if code_of(refused) in SHUT:
            return []
        raise
    changes = (from_history(channel, message) for message in answer.get("messages") or ())
    mine = sorted((one.said for one in changes if one and one.said.user == by), key=lambda said: micros(said.ts))
    place = next((n for n, said in enumerate(mine) if said.ts == ts), None)
    if place is None:
        return []
    first, last = place, place
    while first > 0 and _goes_on_in(mine[first - 1], mine[first]):
        first -= 1
    while last + 1 < len(mine) and _goes_on_in(mine[last], mine[last + 1]):
        last += 1
    return mine[first : last + 1]


def _goes_on_in(one: Said, after: Said) -> bool:
    return len(one.text) >= CUT_AT and 0 <= micros(after.ts) - micros(one.ts) < _MICROS
