"""Hears what was missed: reads linked channels from the last message handled, and gives failed messages another try."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from handlers.deals.channel_life import heard_again, not_shown
from handlers.deals.linked import resolve
from handlers.hearing import completing
from handlers.hearing.asking import UNANSWERED, Message, history, lately, replies
from handlers.hearing.message import Change, from_history, micros
from handlers.hearing.vanished import vanished, vanished_replies
from handlers.hearing.watch import take
from handlers.house import House
from handlers.refused import code_of
from handlers.telling import together
from store import channels

KEEP_EVERY = 3.0
"""Seconds between two writings of the marks, and between two tries of failed messages."""

AGAIN_AFTER = 30.0
"""Seconds until a channel that could not be read is tried again."""

LOOK_BACK = 200
"""Messages before the mark that are looked at for new replies in their threads and for later edits."""

LOOK_BACK_OVER = timedelta(days=30)
"""In a channel with fewer messages, what was said so long before the mark and is missing was deleted: Slack hides none so young."""

LOOK_AGAIN_EVERY, LOOK_AGAIN_OVER = timedelta(minutes=30), timedelta(minutes=40)
"""How often what was said lately is read once more, and how far back at least.

Slack gives up on an event that nobody takes, and tells nobody.
"""

_NOT_OURS = frozenset({"channel_not_found", "not_in_channel", "is_archived", "missing_scope"})


async def run(house: House) -> None:
    """Catch up with the channels of the backlog, one after the other, for as long as the bot runs."""
    while True:
        channel = await house.backlog.next()
        try:
            await _try(house, channel)
        except Exception as failed:
            house.log.warning("catching up failed", channel=channel, exc_info=failed)
            house.backlog.later(channel, AGAIN_AFTER)
        else:
            house.backlog.done(channel)


async def _try(house: House, channel: str) -> None:
    """Catch up with a channel; one that Slack does not let us read is left, and the deal's people told if it was heard before."""
    try:
        heard = await catch_up(house, channel)
    except SlackApiError as refused:
        if not _not_ours(refused):
            raise
        house.log.warning("channel cannot be read", channel=channel, error=code_of(refused))
        await not_shown(house, channel, code_of(refused))
        await together.gather(house, channel, heard=False)
    else:
        await heard_again(house, channel, "left", "gone", *(("archived",) if heard else ()))


async def after_gaps(house: House) -> None:
    """After start and after each loss of connection, let every watched channel be caught up with, for as long as the bot runs."""
    while True:
        await house.backlog.gap()
        try:
            await _queue_all(house)
        except Exception as failed:
            house.log.warning("store does not answer", exc_info=failed)
            await asyncio.sleep(KEEP_EVERY)
            house.backlog.missed_something()
        else:
            house.backlog.gap_queued()


async def look_again(house: House) -> None:
    """Every half hour: hear what was said in watched channels and never came, for as long as the bot runs."""
    began, looked = house.now(), dict[str, datetime]()
    while True:
        await asyncio.sleep(LOOK_AGAIN_EVERY.total_seconds())
        try:
            await look_at_all(house, looked, began)
        except Exception as failed:
            house.log.warning("looking again failed", exc_info=failed)


async def look_at_all(house: House, looked: dict[str, datetime], began: datetime) -> None:
    """Look again at each watched channel; one that Slack does not answer for keeps none of the others from being looked at.

    `looked`: when (UTC) that was done last, by channel, to be kept until the next time; else since the bot `began`. With thousands of
    channels it takes hours to look at all of them, and there is no hole between two looks at one.
    """
    async with house.store.reading() as s:
        watched = await channels.watched(s)
    for one in watched:
        now, before = house.now(), looked.get(one.channel, began)
        try:
            await overlooked(house, one.channel, max(LOOK_AGAIN_OVER, now - before + LOOK_AGAIN_OVER - LOOK_AGAIN_EVERY))
        except Exception as failed:
            if not _not_ours(failed):
                house.log.warning("looking again failed", channel=one.channel, exc_info=failed)
        else:
            looked[one.channel] = now


async def overlooked(house: House, channel: str, over: timedelta = LOOK_AGAIN_OVER) -> int:
    """Hear what was said in a channel within the last `over` and did not come to this process; how many messages that were.

    What another replica has heard is heard again, which changes nothing. A channel without a mark is left to catch_up().
    """
    if channel in house.backlog or await _mark(house, channel) is None:
        return 0
    since = f"{(house.now() - over).timestamp():.6f}"
    known = {str(message["ts"]): message for message in await history(house, channel, oldest=since) if "ts" in message}
    gone = await vanished(house, channel, known, since)
    known |= await _answers(house, channel, known, since)
    changes = [change for message in known.values() if (change := from_history(channel, message)) is not None]
    missed = [change for change in changes if not house.handled.get(change.key) and micros(change.said.ts) > micros(since)]
    with completing.at_hand(house, channel, changes):
        for change in sorted(missed, key=lambda change: micros(change.said.ts)):
            await _take(house, change)
    for change in [*gone, *await vanished_replies(house, channel, {change.said.ts for change in changes}, since)]:
        await _take(house, change)
    return len(missed)


async def catch_up(house: House, channel: str) -> int:
    """Handle what was said, edited, deleted and answered in a channel since its mark, oldest first; how many messages that were.

    A channel that has no mark yet is new to us: its mark is set to its newest message, and what was said before is context only.
    Replies, edits and deletions are found under the last LOOK_BACK messages before the mark.
    """
    mark = await _mark(house, channel)
    if mark is None:
        await _first_sight(house, channel)
        await together.gather(house, channel, heard=False)
        return 0
    missed, shown, since = await _missed(house, channel, mark)
    for change in missed:
        house.seen.begin(change)
    house.backlog.reading.add(channel)
    try:
        with completing.at_hand(house, channel, shown, whole=micros(since) < min((micros(one.said.ts) for one in shown), default=0)):
            failures = [failed for change in missed if (failed := await _take(house, change)) is not None]
    finally:
        house.backlog.reading.discard(channel)
    await together.gather(house, channel, heard=bool(missed))
    missed += await _gone_from_threads(house, channel, shown, since)
    if missed:
        house.log.info("caught up", channel=channel, messages=len(missed), failed=len(failures), exc_info=failures[0] if failures else None)
    return len(missed)


async def keep(house: House) -> None:
    """Every few seconds: write the marks that moved, and try failed messages again."""
    while True:
        await asyncio.sleep(KEEP_EVERY)
        try:
            await write_marks(house)
            await try_again(house)
        except Exception as failed:
            house.log.warning("store does not answer", exc_info=failed)


async def write_marks(house: House) -> None:
    """Write how far each channel is handled."""
    marks = house.seen.marks(house.backlog.holds)
    if marks:
        async with house.store.writing() as s:
            await channels.note_seen(s, marks)
        house.seen.written(marks)


async def try_again(house: House) -> int:
    """Handle failed messages again, oldest first, up to the first that fails; how many went well."""
    tried = 0
    for change in house.seen.again():
        await take(house, change)
        tried += 1
    for channel in tuple(house.seen.behind):
        house.seen.behind.discard(channel)
        house.backlog.add(channel)
    return tried


async def _take(house: House, change: Change) -> Exception | None:
    """One message; a failed one waits for its next try and must not keep the others from being heard."""
    try:
        await take(house, change)
    except Exception as failed:  # noqa: BLE001 - take() keeps the message
        return failed
    return None


def _not_ours(failed: Exception) -> bool:
    return isinstance(failed, SlackApiError) and code_of(failed) in _NOT_OURS


async def _queue_all(house: House) -> None:
    """First the channel names of deal files get their ids: the bot may have been invited while it was away."""
    await _resolve_names(house)
    async with house.store.reading() as s:
        watched = await channels.watched(s)
    for channel in watched:
        house.backlog.add(channel.channel)


async def _mark(house: House, channel: str) -> str | None:
    async with house.store.reading() as s:
        return next((watched.seen_ts for watched in await channels.watched(s) if watched.channel == channel), None)


async def _first_sight(house: House, channel: str) -> None:
    await house.pace.turn()
    newest = [str(message["ts"]) for message in await lately(house, channel, before=None, limit=1)]
    async with house.store.writing() as s:
        await channels.note_seen(s, {channel: max(newest, key=micros, default="0.000001")})


async def _gone_from_threads(house: House, channel: str, shown: Sequence[Change], since: str) -> list[Change]:
    """Withdraw what replies raised that were deleted meanwhile; nobody's direct message waits for that look."""
    gone = await vanished_replies(house, channel, {change.said.ts for change in shown}, since)
    for change in gone:
        await _take(house, change)
    return gone


async def _missed(house: House, channel: str, mark: str) -> tuple[list[Change], list[Change], str]:
    """All that changed after the mark: messages, replies in old and new threads, edits and deletions of older messages.

    And all that Slack showed, and from which ts on.
    """
    newer = await history(house, channel, oldest=mark)
    await house.pace.turn()
    older = await lately(house, channel, before=mark, limit=LOOK_BACK, inclusive=True)  # what was handled last is answered most
    known: dict[str, Message] = {str(message["ts"]): message for message in [*older, *newer] if "ts" in message}
    since = _looked_back_to(older, mark)
    gone = await vanished(house, channel, known, since)
    known |= await _answers(house, channel, known, mark)
    shown = [change for message in known.values() if (change := from_history(channel, message)) is not None]
    missed = [change for change in shown if micros(change.said.edited_ts or change.said.ts) > micros(mark)]
    return sorted([*gone, *missed], key=lambda change: micros(change.said.ts)), shown, since


def _looked_back_to(older: Sequence[Message], mark: str) -> str:
    """From which ts on all that was said before the mark is among `older`: where that is not full, from long before its first."""
    first = min((str(message["ts"]) for message in older if "ts" in message), key=micros, default=mark)
    return first if len(older) == LOOK_BACK else min(first, f"{max(0.0, float(mark) - LOOK_BACK_OVER.total_seconds()):.6f}", key=micros)


async def _answers(house: House, channel: str, known: Mapping[str, Message], after: str) -> dict[str, Message]:
    """The replies after a ts in the threads of these messages."""
    found: dict[str, Message] = {}
    for thread, parent in known.items():
        latest = parent.get("latest_reply")
        if parent.get("reply_count") and (latest is None or micros(str(latest)) > micros(after)):
            found |= {str(reply["ts"]): reply for reply in await replies(house, channel, thread, oldest=after)}
    return found


async def _resolve_names(house: House) -> None:
    async with house.store.reading() as s:
        wanted = await channels.unresolved_names(s)
    cursor: str | None = None
    while wanted:
        try:
            answer = await house.slack.users_conversations(types="public_channel,private_channel", limit=200, cursor=cursor)
        except UNANSWERED as unknown:
            house.log.warning("channel names unknown", exc_info=unknown)
            return
        for channel in answer.get("channels") or ():
            await resolve(house, str(channel["id"]), str(channel.get("name") or ""), wanted)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return
