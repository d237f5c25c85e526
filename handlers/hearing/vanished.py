"""What was deleted while the bot was away. Slack tells of that once: later it is seen only by what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from handlers.deals.linked import deals_of
from handlers.hearing.asking import UNANSWERED, Message, replies
from handlers.hearing.message import Change, Said, just_before, micros
from handlers.hearing.reread import ShutChannel, shown_at
from handlers.house import House
from store import looking_back

MOST = 20
"""Missing messages, and threads, that are asked for one by one at a time; more are looked for the next time."""


async def vanished(house: House, channel: str, there: Mapping[str, Message], since: str) -> list[Change]:
    """The deletions of what stands as said in a channel, outside threads, from `since` (ts) on and is not `there` any more, by ts.

    Each is asked for by itself before it counts as deleted: to withdraw what still stands would be worse than to keep what does not.
    """
    kept = await _kept(house, channel, since)
    missing = [ts for ts, thread in kept.items() if thread is None and _is_tombstone(there.get(ts))]
    return await _deletions(house, channel, dict.fromkeys(missing[:MOST]))


async def vanished_replies(house: House, channel: str, there: Collection[str], since: str) -> list[Change]:
    """The same of replies that are not `there`, with a call for each thread in which something stands, the newest threads first; and of
    what is kept of messages without a word on where they stood.
    """
    kept = {ts: thread for ts, thread in (await _kept(house, channel, since)).items() if ts not in there}
    threads: dict[str, list[str]] = {}
    for ts, thread in kept.items():
        if thread:
            threads.setdefault(thread, []).append(ts)
    missing: dict[str, str | None] = {}
    for thread in sorted(threads, key=micros, reverse=True)[:MOST]:
        missing |= dict.fromkeys(await _missing_in(house, channel, thread, threads[thread]), thread)
    elsewhere = [ts for ts, thread in kept.items() if thread == ""]
    return await _deletions(house, channel, missing | dict.fromkeys(elsewhere[-MOST:]))


async def _kept(house: House, channel: str, since: str) -> dict[str, str | None]:
    numbers = [known.id for known in await deals_of(house, channel)]
    async with house.store.reading() as s:
        heard = await looking_back.heard_since(s, channel, numbers, datetime.fromtimestamp(float(since), UTC))
    return {ts: thread for ts, thread in heard.items() if micros(ts) >= micros(since)}


async def _missing_in(house: House, channel: str, thread: str, kept: list[str]) -> list[str]:
    try:
        shown = {str(one.get("ts")): one for one in await replies(house, channel, thread, oldest=just_before(kept[0]), latest=kept[-1])}
    except UNANSWERED:
        return kept  # each is asked for by itself
    return [ts for ts in kept if _is_tombstone(shown.get(ts))]


async def _deletions(house: House, channel: str, missing: Mapping[str, str | None]) -> list[Change]:
    gone = [ts for ts, thread in sorted(missing.items()) if await _is_gone(house, channel, ts, thread)]
    return [Change("deleted", Said(channel, ts, thread_ts=missing[ts])) for ts in gone]


async def _is_gone(house: House, channel: str, ts: str, thread: str | None) -> bool:
    await house.pace.turn()
    try:
        return _is_tombstone(await shown_at(house, channel, ts, thread))
    except ShutChannel:
        pass
    except UNANSWERED as silence:
        house.log.warning("whether a message stands is not told", channel=channel, ts=ts, exc_info=silence)
    return False


def _is_tombstone(message: Message | None) -> bool:
    """Whether nothing is left of a message, or only what Slack leaves where there were replies."""
    return message is None or message.get("subtype") == "tombstone"
