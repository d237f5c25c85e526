"""Findings: recorded once, counted when said again, changed by people, withdrawn with their message; never deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, true
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.deeds import FEED
from bot.playbook.finding import MUTED, VETOED, Finding, Raised
from store import shown
from store.finding_rows import finding_of, key_values, said_pair, same_figure, stored, values_of
from store.records import FindingState, Origin, StoredFinding
from store.statements import add_unless_there, added_unless_there, held
from store.tables import EchoRow, EventRow, FindingRow

_KEY = ("deal_id", "channel", "ts", "scenario", "subject")
_THIS = select(FindingRow).where(*(FindingRow.__table__.c[name] == bindparam(name) for name in _KEY))  # type: ignore[attr-defined]

_STEP = insert(EventRow.__table__)  # type: ignore[attr-defined]
_BY_ID = select(FindingRow).where(col(FindingRow.id) == bindparam("finding"))


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a finding's state: `before` is None where it began; `by` None where the message itself changed it.

    `reason`, `until` and `link` are those of the state that it came to.
    """

    before: FindingState | None
    after: FindingState
    by: str | None
    at: datetime
    reason: str | None = None
    until: datetime | None = None
    link: str | None = None
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a finding comes to: its state, by whom, until when a snooze lasts, why it is no issue, and what settled it."""

    state: FindingState
    by: str | None = None
    until: datetime | None = None
    reason: str | None = None
    link: str | None = None


async def record(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, now: datetime) -> tuple[StoredFinding, bool]:
    """Keep a finding; the bool says whether it is news: new, said with another figure after an edit, or back after it was withdrawn."""
    key = key_values(deal_id, finding, origin)
    state: FindingState = "suppressed" if finding.suppressed else "open"
    values = {**key, **values_of(finding, origin), "state": state, "raised_at": now, "changed_at": now, "count": 1, "version": 1}
    made = await added_unless_there(s, FindingRow, values, _KEY)
    if made is not None:
        await (await s.connection()).execute(_STEP, {"finding_id": made.id, "new_state": state, "at": now})
        return stored(made), True
    row = (await s.exec(held(select(FindingRow).filter_by(**key)))).one()
    news = row.state == "withdrawn" or not same_figure(finding_of(row), finding)
    for name, value in values_of(finding, origin).items():
        if (name != "permalink" or value is not None) and (name != "suppressed" or news):
            setattr(row, name, value)
    if news:
        turn(s, row, Turn(state), now)
    s.add(row)
    await s.flush()
    return stored(row), news


async def repeat(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin, now: datetime) -> StoredFinding | None:
    """Count that a finding was said again, and keep the words; None where there is none, or where this message was counted so already.

    It counts whatever people have decided, until it is settled: what is said after that is news.
    """
    same = select(FindingRow).where(
        FindingRow.deal_id == deal_id,
        FindingRow.scenario == finding.scenario,
        FindingRow.subject == (finding.subject or ""),
        FindingRow.side == finding.side,
        col(FindingRow.state).in_(("open", "snoozed", "used", "not-an-issue", "escalated")),
    )
    row = (await s.exec(held(same.order_by(col(FindingRow.id).desc()).limit(1)))).first()
    if row is None or (row.channel, row.ts) == (origin.channel, origin.ts):
        return None
    echo = {"finding_id": row.id, "channel": origin.channel, "ts": origin.ts}
    words = {"quote": finding.quote, "speaker": origin.speaker, "said_at": origin.said_at}
    if await add_unless_there(s, EchoRow, {**echo, **words}, list(echo)):
        row.count += 1
    elif not await _reworded(s, echo, finding.quote):
        return None
    else:
        row.version += 1
    row.ambiguous = row.ambiguous and finding.ambiguous
    if row.state == "open":
        row.changed_at = now
    s.add(row)
    await s.flush()
    return stored(row)


async def withdraw(
    s: AsyncSession,
    channel: str,
    ts: str,
    *,
    keep: frozenset[tuple[str, str | None]] = frozenset(),
    now: datetime,
    deal_id: int | None = None,
) -> list[StoredFinding]:
    """A message was deleted, or edited so that only `keep` (scenario, subject) still holds: withdraw the rest and forget its words.

    With `deal_id` only what that deal's findings are; a message may be about several deals, and each keeps its own.

    Gives back every finding that changed, also those that this message had only said again and that now count one less.
    """
    kept = {(scenario, subject or "") for scenario, subject in keep}
    said = select(FindingRow).where(FindingRow.channel == channel, FindingRow.ts == ts, FindingRow.state != "withdrawn", _of(deal_id))
    rows = (await s.exec(held(said.order_by(col(FindingRow.id))))).all()
    gone = [row for row in rows if (row.scenario, row.subject) not in kept]
    words: dict[int, list[str]] = {}
    for row in gone:
        words.setdefault(row.deal_id, []).append(row.quote)
        row.quote = row.why = ""
        turn(s, row, Turn("withdrawn"), now)
        s.add(row)
    less = await _uncount(s, (channel, ts), kept, words, deal_id=deal_id)
    for number, quotes in words.items():
        await shown.strip(s, number, quotes)
    return [stored(row) for row in [*gone, *less]]


async def _reworded(s: AsyncSession, echo: dict[str, Any], quote: str) -> bool:
    """Whether a message that was counted has been edited to other words, which are kept now."""
    row = (await s.exec(select(EchoRow).filter_by(**echo))).one()
    if row.quote == quote:
        return False
    row.quote = quote
    s.add(row)
    return True


async def _uncount(
    s: AsyncSession, message: tuple[str, str], kept: set[tuple[str, str]], words: dict[int, list[str]], *, deal_id: int | None
) -> list[FindingRow]:
    """What a message had only said again counts one less; its words go to those that are gone, by deal."""
    channel, ts = message
    echoes = select(EchoRow.finding_id).where(EchoRow.channel == channel, EchoRow.ts == ts)
    again = select(FindingRow).where(col(FindingRow.id).in_(echoes), FindingRow.state != "withdrawn", _of(deal_id))
    rows = [row for row in (await s.exec(held(again.order_by(col(FindingRow.id))))).all() if (row.scenario, row.subject) not in kept]
    for row in rows:
        row.count -= 1
        row.version += 1
        s.add(row)
        this = (col(EchoRow.finding_id) == row.id, col(EchoRow.channel) == channel, col(EchoRow.ts) == ts)
        words.setdefault(row.deal_id, []).extend((await s.exec(select(EchoRow.quote).where(*this))).all())
        await s.exec(delete(EchoRow).where(*this))
    await s.flush()
    return rows


async def change(
    s: AsyncSession,
    finding_id: int,
    state: FindingState,
    *,
    by: str | None,
    now: datetime,
    until: datetime | None = None,
    reason: str | None = None,
    link: str | None = None,
) -> StoredFinding:
    """Somebody decided on a finding; deciding the same again changes nothing. Raises LookupError for an unknown id."""
    row = await s.get(FindingRow, finding_id, with_for_update=True)
    if row is None:
        raise LookupError(f"no finding {finding_id}")
    if (row.state, row.until) != (state, until) or (reason is not None and row.reason != reason):
        turn(s, row, Turn(state, by, until, reason, link), now)
        s.add(row)
        await s.flush()
    return stored(row)


async def find(s: AsyncSession, deal_id: int, finding: Finding, origin: Origin) -> StoredFinding | None:
    """What is kept already of this message, scenario and subject."""
    row = (await s.exec(_THIS, params=key_values(deal_id, finding, origin))).first()
    return None if row is None else stored(row)


async def deals_of(s: AsyncSession, channel: str, ts: str) -> list[int]:
    """The deals in which a message raised something or said it again, by id."""
    said = select(FindingRow.deal_id).where(FindingRow.channel == channel, FindingRow.ts == ts)
    echoes = select(EchoRow.finding_id).where(EchoRow.channel == channel, EchoRow.ts == ts)
    again = select(FindingRow.deal_id).where(col(FindingRow.id).in_(echoes))
    return sorted({*(await s.exec(said)).all(), *(await s.exec(again)).all()})


async def came_of(s: AsyncSession, channel: str, ts: str) -> bool:
    """Whether a message has raised anything that still has its words."""
    first = select(FindingRow.id).where(FindingRow.channel == channel, FindingRow.ts == ts, FindingRow.state != "withdrawn")
    again = select(EchoRow.finding_id).where(EchoRow.channel == channel, EchoRow.ts == ts)
    return any([(await s.exec(query.limit(1))).first() is not None for query in (first, again)])


async def get(s: AsyncSession, finding_id: int) -> StoredFinding | None:
    """The finding with this id."""
    row = (await s.exec(_BY_ID, params={"finding": finding_id})).first()
    return None if row is None else stored(row)


async def raised(
    s: AsyncSession, deal_id: int, *, besides: tuple[str, str] | None = None, besides_all_of: str | None = None
) -> list[Raised]:
    """What has been raised for a deal and stands, oldest first; `besides`: the (channel, ts) of a message to leave out;
    `besides_all_of`: a channel of which all is left out.

    What was settled meanwhile, or raised nothing because it was muted, makes no repetition of what is said now.
    """
    # asked for each message that may raise something: plain columns come ten times faster than whole rows
    what, asked = _RAISED, dict[str, Any](deal=deal_id)
    if besides is not None:
        what, asked = _RAISED_ELSEWHERE, {**asked, "channel": besides[0], "ts": besides[1]}
    if besides_all_of is not None:
        what = what.where(col(FindingRow.channel) != besides_all_of)
    rows = await (await s.connection()).execute(what, asked)
    return [Raised(scenario, subject or None, side, said_pair(low, high), said) for scenario, subject, side, low, high, said in rows]


async def open_findings(s: AsyncSession, deal_id: int) -> list[StoredFinding]:
    """What still waits for somebody, snoozed and escalated ones included, oldest first; signals wait for nobody."""
    waiting = (col(FindingRow.state).in_(("open", "snoozed", "escalated")), FindingRow.urgency != "log")
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, *waiting)
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.said_at), col(FindingRow.id)))).all()]


async def of_feed(s: AsyncSession, deal_id: int) -> list[StoredFinding]:
    """What the volume feed has raised for a deal and was not withdrawn, the latest first."""
    said = select(FindingRow).where(FindingRow.deal_id == deal_id, FindingRow.channel == FEED, FindingRow.state != "withdrawn")
    return [stored(row) for row in (await s.exec(said.order_by(col(FindingRow.ts).desc()))).all()]


async def latest_stated(s: AsyncSession, deal_id: int, limit: int = 3) -> list[StoredFinding]:
    """The figures stated last, newest first: findings and signals that name packages per shipping day."""
    spoken = (col(FindingRow.said_low).is_not(None), FindingRow.rule != FEED)
    query = select(FindingRow).where(FindingRow.deal_id == deal_id, *spoken)
    newest = query.where(_stands()).order_by(col(FindingRow.said_at).desc(), col(FindingRow.id).desc()).limit(limit)
    return [stored(row) for row in (await s.exec(newest)).all()]


async def due_snoozes(s: AsyncSession, now: datetime) -> list[StoredFinding]:
    """Snoozed findings whose time has come, the longest due first."""
    query = select(FindingRow).where(FindingRow.state == "snoozed", col(FindingRow.until) <= now)
    return [stored(row) for row in (await s.exec(query.order_by(col(FindingRow.until), col(FindingRow.id)))).all()]


async def note_permalink(s: AsyncSession, finding_id: int, permalink: str) -> None:
    """Keep the address of the message, once Slack has told it."""
    await s.exec(update(FindingRow).where(col(FindingRow.id) == finding_id).values(permalink=permalink))


async def steps(s: AsyncSession, finding_id: int) -> list[Step]:
    """What became of a finding, from the beginning."""
    rows = (await s.exec(select(EventRow).where(EventRow.finding_id == finding_id).order_by(col(EventRow.id)))).all()
    return [Step(row.old_state, row.new_state, row.by, row.at, row.reason, row.until, row.link, row.id or 0) for row in rows]


def _of(deal_id: int | None) -> ColumnElement[bool]:
    return true() if deal_id is None else col(FindingRow.deal_id) == deal_id


def _stands() -> ColumnElement[bool]:
    """Neither withdrawn nor found to be nothing."""
    return and_(col(FindingRow.state) != "withdrawn", or_(col(FindingRow.suppressed).is_(None), col(FindingRow.suppressed) != VETOED))


_UNHEARD = or_(col(FindingRow.state).in_(("resolved", "terms-changed")), func.coalesce(col(FindingRow.suppressed), "") == MUTED)
_RAISED = (
    sa_select(*(col(getattr(FindingRow, name)) for name in ("scenario", "subject", "side", "said_low", "said_high", "said")))
    .where(col(FindingRow.deal_id) == bindparam("deal"), _stands(), ~_UNHEARD)
    .order_by(col(FindingRow.said_at), col(FindingRow.id))
)
_RAISED_ELSEWHERE = _RAISED.where(or_(col(FindingRow.channel) != bindparam("channel"), col(FindingRow.ts) != bindparam("ts")))


def turn(s: AsyncSession, row: FindingRow, to: Turn, now: datetime) -> None:
    """Bring a finding into another state, and note the step."""
    before, row.state = row.state, to.state
    row.changed_at, row.changed_by = now, to.by
    row.until, row.reason, row.link = to.until, to.reason, to.link
    row.version += 1
    log(s, row, before, to, now)


def log(s: AsyncSession, row: FindingRow, before: FindingState | None, to: Turn, now: datetime) -> None:
    """Note a step of a finding."""
    assert row.id is not None
    step = EventRow(
        finding_id=row.id, old_state=before, new_state=to.state, by=to.by, at=now, reason=to.reason, until=to.until, link=to.link
    )
    s.add(step)
