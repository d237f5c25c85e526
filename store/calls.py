"""Calls in the store: each known once by its words, its turns for a few days, and what people said of speakers and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.call_tables import CallNameRow, CallRow, CallTurnRow, HeardMailRow, MeetingRow
from store.sources.conversation import Conversation, Turn
from store.statements import add_unless_there, held, insert
from store.tables import EchoRow, FindingRow

EMAIL = "email"
"""The medium of mail threads."""

_AT_ONCE = 500
_TURN = ("text", "speaker", "thread", "name", "side", "bot", "moment", "email")


@dataclass(frozen=True, slots=True)
class Call:
    """A call as kept. `deal_id`: None while it is not known whose it is; `channel`, `ts`: the message that brought it, where one did.

    `notes`: lines that could not be read; `by`: who brought it;
    `meeting`: the room that a call which streams is held in. Such a call was brought by nobody.
    """

    id: int
    key: str
    deal_id: int | None
    medium: str
    name: str
    state: str
    channel: str | None
    ts: str | None
    by: str | None
    meeting: str | None
    began: datetime
    last_at: datetime
    notes: tuple[str, ...]

    @property
    def streams(self) -> bool:
        """Whether its turns are stretches of speech as a service cut them."""
        return self.by is None

    @property
    def place(self) -> str:
        """The channel of its findings, which is none of Slack's: "call:7", "email:8"."""
        return f"{self.medium}:{self.id}"


@dataclass(frozen=True, slots=True)
class New:
    """A call that was handed in: who brought it, with which message, when it began (UTC), and what could not be read."""

    by: str | None
    channel: str | None
    ts: str | None
    began: datetime
    notes: tuple[str, ...] = ()
    state: str = "asked"
    meeting: str | None = None


def mark_of(conversation: Conversation) -> str:
    """The same for the same words, in whatever kind of file they come."""
    words = " ".join(" ".join(turn.text.split()) for turn in conversation.turns).casefold()
    return f"{conversation.medium}:{sha256(words.encode('utf-8', 'replace')).hexdigest()[:32]}"


async def bring(
    s: AsyncSession, key: str, conversation: Conversation, new: New, now: datetime, *, again: bool = False
) -> tuple[Call, bool]:
    """Keep a call with its turns; False where it is known: then only words that were forgotten are kept again. One that was left alone
    comes as if for the first time.

    `again`: where the message that brings it brought one with other words before, that one has these words now, and waits to be heard.
    """
    if again:
        await _reword(s, key, new)
    values = {
        "key": key,
        "medium": conversation.medium,
        "name": conversation.id,
        "state": new.state,
        "deal_id": None,
        "channel": new.channel,
        "ts": new.ts,
        "by": new.by,
        "meeting": new.meeting,
        "began": new.began,
        "last_at": now,
        "notes": list(new.notes),
    }
    fresh = await add_unless_there(s, CallRow, values, ["key"])
    row = (await s.exec(held(select(CallRow).where(CallRow.key == key)))).one()
    row.last_at = now
    fresh |= row.state == "left"
    row.state = "asked" if row.state == "left" else row.state
    s.add(row)
    await s.flush()
    call = _call(row)
    await add_turns(s, call.id, conversation.turns)
    return call, fresh


async def _reword(s: AsyncSession, key: str, new: New) -> None:
    here = (CallRow.channel == new.channel, CallRow.ts == new.ts, CallRow.key != key, CallRow.state != "left")
    row = (await s.exec(held(select(CallRow).where(*here)))).first()
    if row is None or (await s.exec(select(CallRow.id).where(CallRow.key == key))).first() is not None:
        return
    row.key, row.state, row.notes = key, "asked", list(new.notes)
    s.add(row)
    await drop_words_of(s, row.id or 0)
    await s.flush()


async def get(s: AsyncSession, call_id: int) -> Call | None:
    """The call with this id."""
    row = await s.get(CallRow, call_id)
    return None if row is None else _call(row)


async def with_key(s: AsyncSession, key: str) -> Call | None:
    """The call with this key."""
    row = (await s.exec(select(CallRow).where(CallRow.key == key))).first()
    return None if row is None else _call(row)


async def brought_with(s: AsyncSession, channel: str, ts: str) -> Call | None:
    """The call, or the mails, that a message brought, where its words were not left alone."""
    here = (CallRow.channel == channel, CallRow.ts == ts, CallRow.state != "left")
    row = (await s.exec(select(CallRow).where(*here))).first()
    return None if row is None else _call(row)


async def change(s: AsyncSession, call_id: int, **values: Any) -> None:
    """Change fields of a call: state, deal_id, last_at, name, by, channel, ts."""
    await s.exec(update(CallRow).where(col(CallRow.id) == call_id).values(**values))


async def settle(s: AsyncSession, call_id: int, deal_id: int | None) -> bool:
    """Somebody said whose call it is (None: nobody's); False where that is settled already."""
    row = (await s.exec(held(select(CallRow).where(CallRow.id == call_id)))).first()
    if row is None or row.deal_id is not None or row.state == "left":
        return False
    row.deal_id = deal_id
    row.state = "left" if deal_id is None else row.state
    s.add(row)
    await s.flush()
    return True


async def add_turns(s: AsyncSession, call_id: int, turns: Sequence[Turn], first: int = 0) -> int:
    """Keep turns; one whose key is known is not added. How many were new. Their places go on from `first`."""
    rows = [{"call_id": call_id, "key": turn.key, "place": first + place, "said": _plain(turn)} for place, turn in enumerate(turns)]
    new = 0
    for at in range(0, len(rows), _AT_ONCE):
        statement = insert(s, CallTurnRow).values(rows[at : at + _AT_ONCE]).on_conflict_do_nothing(index_elements=["call_id", "key"])
        new += (await s.exec(statement)).rowcount
    return new


async def say(s: AsyncSession, call_id: int, turn: Turn, place: int) -> None:
    """Keep a stretch of speech of a call that streams; one whose key is known has other words now, and keeps its place and time."""
    row = {"call_id": call_id, "key": turn.key, "place": place, "said": _plain(turn)}
    if not await add_unless_there(s, CallTurnRow, row, ["call_id", "key"]):
        here = (col(CallTurnRow.call_id) == call_id, col(CallTurnRow.key) == turn.key)
        there = (await s.exec(held(select(CallTurnRow).where(*here)))).one()
        there.said = {**dict(there.said), "text": turn.text}
        s.add(there)
        await s.flush()


async def tail(s: AsyncSession, call_id: int, most: int) -> tuple[Turn, ...]:
    """The last stretches of speech of a call, in their order."""
    query = select(CallTurnRow).where(CallTurnRow.call_id == call_id).order_by(col(CallTurnRow.place).desc(), col(CallTurnRow.key).desc())
    return tuple(_turn(row) for row in reversed((await s.exec(query.limit(most))).all()))


async def turns(s: AsyncSession, call_id: int) -> tuple[Turn, ...]:
    """The turns of a call in their order; none once they have been dropped."""
    query = select(CallTurnRow).where(CallTurnRow.call_id == call_id).order_by(col(CallTurnRow.place), col(CallTurnRow.key))
    return tuple(_turn(row) for row in (await s.exec(query)).all())


async def drop_words(s: AsyncSession, before: datetime) -> int:
    """Forget what was said on calls of which nothing was heard since `before` (UTC), and what could not be read; how many turns."""
    await s.exec(update(CallRow).where(col(CallRow.last_at) < before).values(notes=[]))
    old = select(CallRow.id).where(CallRow.last_at < before)
    return (await s.exec(delete(CallTurnRow).where(col(CallTurnRow.call_id).in_(old)))).rowcount


async def drop_words_of(s: AsyncSession, call_id: int) -> None:
    """Forget what was said on a call."""
    await s.exec(delete(CallTurnRow).where(col(CallTurnRow.call_id) == call_id))


async def silent(s: AsyncSession, since: datetime) -> list[Call]:
    """Calls that stream, and of which nothing was heard since a time (UTC)."""
    query = select(CallRow).where(CallRow.state == "live", col(CallRow.last_at) < since).order_by(col(CallRow.id))
    return [_call(row) for row in (await s.exec(query)).all()]


async def names(s: AsyncSession, deal_id: int) -> dict[str, str]:
    """What was answered about speakers on a deal's calls: name as bot.names.told() writes it -> an id of its people, or a role."""
    rows = (await s.exec(select(CallNameRow).where(CallNameRow.deal_id == deal_id))).all()
    return {row.name: row.answer for row in rows}


async def name(s: AsyncSession, deal_id: int, answers: Mapping[str, str], by: str, now: datetime) -> None:
    """Remember who speaks under names; a later answer takes the place of an earlier one."""
    for said, answer in sorted(answers.items()):
        await s.merge(CallNameRow(deal_id=deal_id, name=said, answer=answer, by=by, at=now))
    await s.flush()


async def meeting(s: AsyncSession, key: str) -> int | None:
    """The deal that a meeting is of."""
    return (await s.exec(select(MeetingRow.deal_id).where(MeetingRow.meeting == key))).first()


async def tie(s: AsyncSession, key: str, deal_id: int, by: str, now: datetime) -> None:
    """A meeting is of a deal; a later word takes the place of an earlier one."""
    await s.merge(MeetingRow(meeting=key, deal_id=deal_id, by=by, at=now))
    await s.flush()


async def hear_mail(s: AsyncSession, deal_id: int, mark: str, now: datetime) -> bool:
    """A mail is heard for a deal; False where it was."""
    return await add_unless_there(s, HeardMailRow, {"deal_id": deal_id, "mark": mark, "at": now}, ["deal_id", "mark"])


async def moments(s: AsyncSession, place: str) -> list[str]:
    """The ts of all turns of a call that raised something, or said it again."""
    first = select(FindingRow.ts).where(FindingRow.channel == place, FindingRow.state != "withdrawn")
    again = select(EchoRow.ts).where(EchoRow.channel == place)
    return sorted({*(await s.exec(first)).all(), *(await s.exec(again)).all()})


def _plain(turn: Turn) -> dict[str, Any]:
    found = {name: getattr(turn, name) for name in _TURN}
    return {name: value for name, value in found.items() if value} | ({"at": turn.at.isoformat()} if turn.at else {})


def _turn(row: CallTurnRow) -> Turn:
    said = dict(row.said)
    at = said.pop("at", None)
    return Turn(key=row.key, at=datetime.fromisoformat(at) if at else None, **{"text": "", **said})


def _call(row: CallRow) -> Call:
    assert row.id is not None
    return Call(
        id=row.id,
        key=row.key,
        deal_id=row.deal_id,
        medium=row.medium,
        name=row.name,
        state=row.state,
        channel=row.channel,
        ts=row.ts,
        by=row.by,
        meeting=row.meeting,
        began=row.began,
        last_at=row.last_at,
        notes=tuple(row.notes or ()),
    )
