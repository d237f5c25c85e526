"""Scripts that people had posted for them: one for each finding, and the first one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store import outbox
from store.records import Errand, ErrandState
from store.statements import add_unless_there, held
from store.tables import ErrandRow, PostRow

TAKEN_BACK = "taken-back"
"""Why the errand of a script did not last: whoever had confirmed it undid that."""

_COLUMNS = ("finding_id", "by", "at", "text", "channel", "thread_ts")


@dataclass(frozen=True, slots=True)
class Posted:
    """A script that a person (`by`) had posted for them at a time (UTC): its text, and the thread that it goes to.

    `state` is that of its delivery; `ts` is where it stands in the channel, once it is sent.
    """

    finding_id: int
    by: str
    at: datetime
    text: str
    channel: str
    thread_ts: str
    state: ErrandState = "waiting"
    ts: str | None = None


async def leave(s: AsyncSession, wish: Posted) -> Posted | None:
    """Leave a script for the courier; None when that is done, else the one that was there before and is not changed.

    One that could not be delivered gives way to the next.
    """
    values = {name: getattr(wish, name) for name in _COLUMNS}
    if await add_unless_there(s, PostRow, values, ["finding_id"]):
        await outbox.enqueue(s, first_key(wish.finding_id), "post", wish.finding_id, wish.by, wish.at)
        return None
    row = (await s.exec(held(select(PostRow).where(PostRow.finding_id == wish.finding_id)))).one()
    tried = await _errands(s, wish.finding_id)
    if any(errand.state != "failed" for errand in tried):
        return _posted(row, tried)
    for name, value in values.items():
        setattr(row, name, value)
    s.add(row)
    await s.flush()
    await outbox.enqueue(s, f"{first_key(wish.finding_id)}:{len(tried)}", "post", wish.finding_id, wish.by, wish.at)
    return None


async def of_finding(s: AsyncSession, finding_id: int) -> Posted | None:
    """What somebody had posted for a finding, whatever came of it."""
    row = await s.get(PostRow, finding_id)
    return None if row is None else _posted(row, await _errands(s, finding_id))


async def took_back(s: AsyncSession, finding_id: int, now: datetime) -> bool:
    """The script was taken out of the channel: another one may be posted. False where none stood there."""
    standing = (col(ErrandRow.finding_id) == finding_id, col(ErrandRow.kind) == "post", col(ErrandRow.state) == "sent")
    statement = update(ErrandRow).where(*standing).values(state="failed", error=TAKEN_BACK, done_at=now)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount > 0


def first_key(finding_id: int) -> str:
    """The key of the first try; whatever is posted for a finding carries it, so that it is found in the thread."""
    return f"post:{finding_id}"


async def _errands(s: AsyncSession, finding_id: int) -> list[Errand]:
    return [errand for errand in await outbox.of_finding(s, finding_id) if errand.kind == "post"]


def _posted(row: PostRow, tried: Sequence[Errand]) -> Posted:
    """With the state of the last try."""
    state, ts = (tried[-1].state, tried[-1].ts) if tried else ("failed", None)
    return Posted(row.finding_id, row.by, row.at, row.text, row.channel, row.thread_ts, state, ts)
