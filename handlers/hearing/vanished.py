"""What was deleted while the bot was away. Slack tells of that once: later it is seen only by what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from handlers.deals.linked import deals_of
from handlers.hearing.asking import UNANSWERED, Message
from handlers.hearing.message import Change, Said, micros
from handlers.hearing.reread import NotRead, ShutChannel, message_at
from handlers.house import House
from store import looking_back

MOST = 20
"""Missing messages that are asked for one by one at a time; more are looked for the next time."""


async def vanished(house: House, channel: str, there: Mapping[str, Message], since: str) -> list[Change]:
    """The deletions of what stands as said in a channel from `since` (ts) on and is not `there` any more, by ts;
    replies are not looked for.

    Each is asked for by itself before it counts as deleted: to withdraw what still stands would be worse than to keep what does not.
    """
    numbers = [known.id for known in await deals_of(house, channel)]
    async with house.store.reading() as s:
        heard = await looking_back.heard_since(s, channel, numbers, datetime.fromtimestamp(float(since), UTC))
    missing = [ts for ts in heard if micros(ts) >= micros(since) and there.get(ts, {"subtype": "tombstone"}).get("subtype") == "tombstone"]
    return [Change("deleted", Said(channel, ts)) for ts in missing[:MOST] if await _is_gone(house, channel, ts)]


async def _is_gone(house: House, channel: str, ts: str) -> bool:
    await house.pace.turn()
    try:
        await message_at(house, channel, ts)
    except ShutChannel:
        return False
    except NotRead:
        return True
    except UNANSWERED as silence:
        house.log.warning("whether a message stands is not told", channel=channel, ts=ts, exc_info=silence)
    return False
