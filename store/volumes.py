"""Actual volumes: lines in, by deal, day and source, with what they replace kept; and one figure for each day of a deal out.

Sources are "pull" (the carrier's own database), "hook:NAME" (a system that sends) and "file" (what a person brings). Where several speak
of a deal's day, the most trusted counts, in this order, never their sum; of equally trusted ones the one that changed last. Within a
source the accounts of a deal are added up; a line of the whole deal and lines of its accounts exclude each other: the later ones count.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.playbook.clock.history import Actual, Actuals
from store import statements, volumes_touched
from store.deals import customer_key, hold
from store.engine import Store
from store.tables import metadata
from store.volume_records import Came, Counts, Import, Line, Replaced
from store.volume_tables import ImportRow, ReplacedRow, VolumeRow, WaitingRow

TRUSTED = ("pull", "hook", "file")
"""Kinds of sources, the most trusted first."""

DEALS_AT_ONCE = 500
"""Deals in one question."""

ONE_BY_ONE = 100
"""Deals in a question that names a day for each."""

COMES_WITHIN = timedelta(minutes=10)
"""How long the lines of one arrival may take to come in."""

ROWS_AT_ONCE = 500
"""Rows decoded in one go, so that nobody waits for a large portfolio."""

LINES_AT_ONCE = 500
"""Lines in one transaction, so that a large file does not keep others from writing."""

_FIGURES = ("packages", "on_time", "billed_right", "transit_days")
_KEY = ("deal_id", "day", "source", "account")
_VOLUMES, _DEALS, _ACCOUNTS = (metadata.tables[name].c for name in ("volumes", "deals", "volume_accounts"))
_READ = tuple(_VOLUMES[name] for name in (*_KEY, *_FIGURES, "import_id"))
_DEAL, _DAY, _SOURCE, _ACCOUNT, _PACKAGES, _ON_TIME, _BILLED, _TRANSIT, _IMPORT = range(len(_READ))

Values = dict[str, Any]


async def of_deal(s: AsyncSession, deal_id: int, first: date | None = None, last: date | None = None) -> Actuals | None:
    """What a deal really shipped, by day, from `first` to `last` (None: no limit); None where there are no data of these days."""
    return (await of_deals(s, [deal_id], first, last)).get(deal_id)


async def of_deals(s: AsyncSession, ids: Sequence[int], first: date | None = None, last: date | None = None) -> dict[int, Actuals]:
    """The same of many deals, by their ids; a deal without data is left out. A day that is not there is one without data, never zero."""
    found: dict[int, Actuals] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), DEALS_AT_ONCE):
        where: list[ColumnElement[bool]] = [_VOLUMES.deal_id.in_(wanted[start : start + DEALS_AT_ONCE])]
        where += [_VOLUMES.day >= first] if first else []
        where += [_VOLUMES.day <= last] if last else []
        found |= await _days(s, and_(*where))
    return found


async def since_the_first(s: AsyncSession, begins: Mapping[int, date], since: date) -> dict[int, Actuals]:
    """The days from `since` on of many deals, and before them each deal's first day with packages, from the day in `begins` on.

    So much the clock needs each morning, and two years of days of thousands of deals need not be read for it.
    """
    found = await of_deals(s, list(begins), since)
    old = sorted(deal_id for deal_id, day in begins.items() if day < since)
    for start in range(0, len(old), ONE_BY_ONE):
        some = old[start : start + ONE_BY_ONE]
        ours = or_(*(and_(_VOLUMES.deal_id == one, _VOLUMES.day >= begins[one]) for one in some))
        what = select(_VOLUMES.deal_id, func.min(_VOLUMES.day)).where(ours, _VOLUMES.packages > 0).group_by(_VOLUMES.deal_id)
        first = [(deal_id, day) for deal_id, day in await (await s.connection()).execute(what) if day < since]
        if first:
            early = await _days(s, or_(*(and_(_VOLUMES.deal_id == deal_id, _VOLUMES.day == day) for deal_id, day in first)))
            found |= {deal_id: Actuals((*days.days, *found.get(deal_id, Actuals()).days)) for deal_id, days in early.items()}
    return found


async def _days(s: AsyncSession, where: ColumnElement[bool]) -> dict[int, Actuals]:
    """The settled days of the lines that are asked for."""
    found: dict[int, list[Actual]] = {}
    lines: list[Row[Any]] = []
    async for row in _in_parts(await s.connection(), select(*_READ).where(where).order_by(_VOLUMES.deal_id, _VOLUMES.day)):
        if lines and (lines[0][_DEAL], lines[0][_DAY]) != (row[_DEAL], row[_DAY]):
            found.setdefault(lines[0][_DEAL], []).append(settled(lines))
            lines = []
        lines.append(row)
    if lines:
        found.setdefault(lines[0][_DEAL], []).append(settled(lines))
    return {deal_id: Actuals(tuple(days)) for deal_id, days in found.items()}


async def take(
    store: Store,
    came: Came,
    lines: Iterable[Line],
    deal_id: int | None = None,
    *,
    among: Sequence[int] | None = None,
    progress: Callable[[int, int], None] = lambda _kept, _of: None,
) -> Import:
    """Take lines in, all of them for one deal or each for the deal that its account belongs to. An arrival taken before changes nothing.

    One that broke off half way is taken again from the start, which is harmless. `among`: the deals that lines may go to; those of any
    other wait, as those of unknown accounts do. `progress` is told how many lines are kept, of how many.
    """
    async with store.writing() as s:
        arrival = await begin(s, came)
    if arrival.done:
        return arrival
    counts, kept = Counts(), 0
    portions = await asyncio.to_thread(_portions, lines)
    total = sum(map(len, portions))
    for some in portions:
        async with store.writing() as s:
            counts += await add(s, arrival, some, deal_id, among=among)
        kept += len(some)
        progress(kept, total)
    async with store.writing() as s:
        return await finish(s, arrival, counts, came.at)


async def begin(s: AsyncSession, came: Came) -> Import:
    """An arrival, new or, by its key, the one that is known already."""
    values: Values = {"source": came.source, "name": came.name, "by": came.by, "at": came.at, "key": came.key}
    values |= dict.fromkeys(("new", "replaced", "same", "waiting", "ignored"), 0)
    if came.key is not None:
        await statements.add_unless_there(s, ImportRow, values, ["key"])
        row = (await s.exec(statements.held(select_rows(ImportRow).where(ImportRow.key == came.key)))).one()
    else:
        row = ImportRow(**values)
        s.add(row)
        await s.flush()
    return import_of(row)


async def add(
    s: AsyncSession, arrival: Import, lines: Sequence[Line], deal_id: int | None = None, *, among: Sequence[int] | None = None
) -> Counts:
    """Some lines of an arrival; of two for the same account and day the last counts."""
    keyed = {(customer_key(line.account), line.day): line for line in lines}
    owners: Mapping[str, int | None] = {} if deal_id is not None else await owners_of(s, {key for key, _ in keyed})
    if among is not None:
        owners = {key: owner for key, owner in owners.items() if owner is None or owner in among}
    known: list[Values] = []
    waiting: list[Values] = []
    ignored = 0
    for (key, day), line in keyed.items():
        values = {"day": day, "source": arrival.came.source, **{name: getattr(line, name) for name in _FIGURES}, "import_id": arrival.id}
        owner = deal_id if deal_id is not None else owners.get(key)
        if owner is not None:
            known.append({**values, "deal_id": owner, "account": key})
        elif key in owners:
            ignored += 1
        else:
            waiting.append({**values, "account_key": key, "account": line.account})
    if waiting:
        await statements.upsert(s, WaitingRow, waiting, ("account_key", "day", "source"))
    return await put(s, known, _while_it_comes(arrival)) + Counts(waiting=len(waiting), ignored=ignored)


async def finish(s: AsyncSession, arrival: Import, counts: Counts, now: datetime) -> Import:
    """All lines are in: the deals that they change can be looked at."""
    await volumes_touched.release(s, _while_it_comes(arrival))
    row = (await s.exec(select_rows(ImportRow).where(ImportRow.id == arrival.id))).one()
    row.new, row.replaced, row.same, row.waiting, row.ignored = counts.new, counts.replaced, counts.same, counts.waiting, counts.ignored
    row.done_at = now
    s.add(row)
    await s.flush()
    return import_of(row)


async def put(s: AsyncSession, rows: Sequence[Values], due_at: datetime = volumes_touched.AT_ONCE) -> Counts:
    """Put lines of deals in place. A line that says something else than before leaves the former one in the history.

    The deals that change are to be looked at from `due_at` on.
    """
    if not rows:
        return Counts()
    ids = sorted({row["deal_id"] for row in rows})
    await hold(s, *ids)
    before = await there(s, ids, {row["source"] for row in rows}, min(row["day"] for row in rows), max(row["day"] for row in rows))
    fresh, gone, same = list[Values](), list[Values](), 0
    for row in rows:
        old = before.get(_key_of(row))
        if old is not None and all(old[name] == row[name] for name in _FIGURES):
            same += 1
            continue
        fresh.append(row)
        if old is not None:
            gone.append({**old, "replaced_by": row["import_id"]})
    await set_aside(s, gone)
    if fresh:
        await statements.upsert(s, VolumeRow, fresh, _KEY)
        await volumes_touched.touch(s, sorted({row["deal_id"] for row in fresh}), due_at)
    return Counts(new=len(fresh) - len(gone), replaced=len(gone), same=same)


async def set_aside(s: AsyncSession, rows: Sequence[Values]) -> None:
    """Keep lines as history; each names the import that took its place."""
    if rows:
        await (await s.connection()).execute(insert(ReplacedRow), list(rows))


async def owners_of(s: AsyncSession, keys: Iterable[str]) -> dict[str, int | None]:
    """The deals of accounts, by the accounts' keys: as mapped, else the customer of that name. None: ignored; absent: unknown."""
    wanted, found = sorted(keys), dict[str, int | None]()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        named = select(_DEALS.customer_key, _DEALS.id).where(_DEALS.customer_key.in_(some))
        mapped = select(_ACCOUNTS.account_key, _ACCOUNTS.deal_id).where(_ACCOUNTS.account_key.in_(some))
        for what in (named, mapped):
            found.update((key, deal_id) for key, deal_id in await (await s.connection()).execute(what))
    return found


async def is_done(s: AsyncSession, key: str) -> bool:
    """Whether an arrival of this key has been taken in."""
    row = (await s.exec(select_rows(ImportRow).where(ImportRow.key == key))).first()
    return row is not None and row.done_at is not None


async def imports(s: AsyncSession, limit: int = 20) -> list[Import]:
    """The arrivals, the latest first."""
    rows = (await s.exec(select_rows(ImportRow).order_by(col(ImportRow.id).desc()).limit(limit))).all()
    return [import_of(row) for row in rows]


async def replaced(s: AsyncSession, deal_id: int, first: date | None = None, last: date | None = None) -> list[Replaced]:
    """What was corrected in a deal, by day, the oldest correction of a day first."""
    what = select_rows(ReplacedRow).where(ReplacedRow.deal_id == deal_id)
    what = what.where(col(ReplacedRow.day) >= first) if first else what
    what = what.where(col(ReplacedRow.day) <= last) if last else what
    rows = (await s.exec(what.order_by(col(ReplacedRow.day), col(ReplacedRow.id)))).all()
    ids = {number for row in rows for number in (row.import_id, row.replaced_by)}
    came = {row.id: import_of(row) for row in (await s.exec(select_rows(ImportRow).where(col(ImportRow.id).in_(ids)))).all()}
    return [
        Replaced(
            row.source, Line(row.account, row.day, *(getattr(row, name) for name in _FIGURES)), came[row.import_id], came[row.replaced_by]
        )
        for row in rows
    ]


def import_of(row: ImportRow) -> Import:
    """An arrival as a plain value."""
    came = Came(row.source, row.name, row.by, row.at, row.key)
    return Import(row.id or 0, came, Counts(row.new, row.replaced, row.same, row.waiting, row.ignored), row.done_at is not None)


def _while_it_comes(arrival: Import) -> datetime:
    """Until when its deals are left alone: half of a deal's lines would look like a shortfall. One that broke off is not waited for."""
    return arrival.came.at + COMES_WITHIN


def settled(lines: Sequence[Sequence[Any]]) -> Actual:
    """The one figure of a day of a deal, of lines with the values that are read here; see the head of this file."""
    if len(lines) > 1:
        best = min(_rank(line) for line in lines)
        lines = [line for line in lines if _rank(line) == best]
        latest = max(lines, key=itemgetter(_IMPORT))
        whole = latest[_ACCOUNT] == ""
        lines = [line for line in lines if line[_SOURCE] == latest[_SOURCE] and (line[_ACCOUNT] == "") == whole]
    if len(lines) == 1:
        return Actual(lines[0][_DAY], *lines[0][_PACKAGES:_IMPORT])
    shares = [_mean([(line[_PACKAGES], line[place]) for line in lines]) for place in (_ON_TIME, _BILLED, _TRANSIT)]
    return Actual(lines[0][_DAY], sum(line[_PACKAGES] for line in lines), *shares)


def _rank(line: Sequence[Any]) -> int:
    kind = line[_SOURCE].partition(":")[0]
    return TRUSTED.index(kind) if kind in TRUSTED else len(TRUSTED)


def _mean(parts: Sequence[tuple[int, float | None]]) -> float | None:
    """The mean by packages, of the accounts that know it."""
    known = [(packages, share) for packages, share in parts if share is not None and packages]
    total = sum(packages for packages, _ in known)
    return sum(packages * share for packages, share in known) / total if total else None


async def there(s: AsyncSession, ids: Sequence[int], sources: Iterable[str], first: date, last: date) -> dict[tuple[Any, ...], Values]:
    """The lines of deals as they stand, by their keys."""
    found: dict[tuple[Any, ...], Values] = {}
    for start in range(0, len(ids), 500):
        what = select(*_READ).where(
            _VOLUMES.deal_id.in_(ids[start : start + 500]),
            _VOLUMES.source.in_(list(sources)),
            _VOLUMES.day.between(first, last),
        )
        for row in await (await s.connection()).execute(what):
            values = dict(zip((*_KEY, *_FIGURES, "import_id"), row, strict=True))
            found[_key_of(values)] = values
    return found


def _key_of(values: Values) -> tuple[Any, ...]:
    return tuple(values[name] for name in _KEY)


def _portions(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines account by account, so that each portion is of few deals. (One sort of all would hold everybody up while it lasts.)"""
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        by_name.setdefault(line.account, []).append(line)
    there = [line for name in sorted(by_name) for line in by_name[name]]
    return [there[start : start + LINES_AT_ONCE] for start in range(0, len(there), LINES_AT_ONCE)]


async def _in_parts(connection: AsyncConnection, what: Select[Any]) -> AsyncIterator[Row[Any]]:
    """The rows of a question, decoded part by part with room for others in between."""
    async for part in (await connection.stream(what)).partitions(ROWS_AT_ONCE):
        await asyncio.sleep(0)
        for row in part:
            yield row
