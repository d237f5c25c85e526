"""Examples: messages whose reading somebody corrected, with what should have been heard; one for each deal and message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.language.statement import Side
from store.columns import storable
from store.records import Origin
from store.statements import add_unless_there, held
from store.tables import ExampleRow

Expected = tuple[dict[str, Any], ...]
"""What is, or should be, heard: entries as `expect` of a conversation file has them."""


_ONE = (
    select(ExampleRow)
    .where(ExampleRow.deal_id == bindparam("deal"), ExampleRow.channel == bindparam("channel"), ExampleRow.ts == bindparam("ts"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Example:
    """A message with what was heard and what should have been; `by` whom and when (UTC) it was last corrected."""

    deal_id: int
    origin: Origin
    side: Side
    text: str
    heard: Expected
    expected: Expected
    by: str
    at: datetime


async def put(s: AsyncSession, example: Example, before: Expected | None) -> bool:
    """Keep an example in place of `before`, what it said until now (None: there was none); it is held until the transaction ends.

    False, and nothing is kept, where somebody else has said something else meanwhile. The same once more is kept already.
    """
    key = {"deal_id": example.deal_id, "channel": example.origin.channel, "ts": example.origin.ts}
    values = {
        "speaker": example.origin.speaker,
        "side": example.side,
        "said_at": example.origin.said_at,
        "text": example.text,
        "heard": list(example.heard),
        "expected": list(example.expected),
        "by": example.by,
        "at": example.at,
    }
    if await add_unless_there(s, ExampleRow, {**key, **values}, list(key)):
        return before is None
    row = (await s.exec(held(select(ExampleRow).filter_by(**key)))).one()
    now = _plain(row.expected)
    if now == example.expected:
        return True
    if now != before:
        return False
    for name, value in values.items():
        if name != "heard":  # what was first heard stays, however often it is corrected
            setattr(row, name, value)
    s.add(row)
    await s.flush()
    return True


async def get(s: AsyncSession, deal_id: int, channel: str, ts: str) -> Example | None:
    """The example that a message of a deal has become."""
    row = (await s.exec(_ONE, params={"deal": deal_id, "channel": channel, "ts": ts})).first()
    return None if row is None else _example(row)


async def of_deals(s: AsyncSession, deal_ids: Sequence[int] | None = None) -> list[Example]:
    """All examples, or those of these deals: by deal, and in the order said."""
    query = select(ExampleRow)
    if deal_ids is not None:
        query = query.where(col(ExampleRow.deal_id).in_(deal_ids))
    rows = (await s.exec(query.order_by(col(ExampleRow.deal_id), col(ExampleRow.said_at), col(ExampleRow.id)))).all()
    return [_example(row) for row in rows]


async def settles(s: AsyncSession, deal_id: int, channel: str, ts: str, text: str) -> bool:
    """Whether somebody has said what is to be heard in a message, and its words are still those."""
    example = await get(s, deal_id, channel, ts)
    return example is not None and example.text == storable(text)


async def forget(s: AsyncSession, channel: str, ts: str, *, unless: str | None = None) -> None:
    """A message was deleted, or has other words than `unless` now: what it said is kept no longer."""
    of_message = select(ExampleRow).where(ExampleRow.channel == channel, ExampleRow.ts == ts)
    for row in (await s.exec(of_message)).all():
        if unless is None or row.text != storable(unless):
            await s.delete(row)
    await s.flush()


def _example(row: ExampleRow) -> Example:
    origin = Origin(row.channel, row.ts, row.speaker, row.said_at)
    return Example(row.deal_id, origin, row.side, row.text, _plain(row.heard), _plain(row.expected), row.by, row.at)


def _plain(kept: Any) -> Expected:
    return tuple(dict(one) for one in kept if isinstance(one, dict)) if isinstance(kept, list) else ()
