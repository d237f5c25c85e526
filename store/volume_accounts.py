"""Whose accounts volumes are of: those that wait for somebody to say so, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col, delete
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from store import statements, volumes_touched
from store.deals import customer_key, hold
from store.tables import metadata
from store.volume_records import Came, Counts, Mapped, Waiting
from store.volume_tables import AccountRow, VolumeRow, WaitingRow
from store.volumes import begin, finish, owners_of, put, set_aside

_MOVED = ("day", "source", "packages", "on_time", "billed_right", "transit_days", "import_id")

MAPPING = "mapping"
"""The source, in the list of imports, of an account that was given to another deal."""


async def waiting(s: AsyncSession, accounts: Sequence[str] | None = None) -> list[Waiting]:
    """The accounts that nobody has mapped (or those of these names), the largest first."""
    row = metadata.tables["volumes_waiting"].c
    sums = (func.max(row.account), func.count(), func.sum(row.packages), func.min(row.day), func.max(row.day))
    what = select(row.account_key, *sums).group_by(row.account_key)
    kinds = select(row.account_key, row.source).distinct()
    if accounts is not None:
        among = row.account_key.in_([customer_key(account) for account in accounts])
        what, kinds = what.where(among), kinds.where(among)
    connection = await s.connection()
    sources: dict[str, list[str]] = {}
    for key, source in await connection.execute(kinds.order_by(row.source)):
        sources.setdefault(key, []).append(source)
    rows = (await connection.execute(what)).all()
    found = [Waiting(account, days, int(packages), first, last, tuple(sources[key])) for key, account, days, packages, first, last in rows]
    return sorted(found, key=lambda one: (-one.packages, one.account))


async def mapped(s: AsyncSession) -> list[Mapped]:
    """What was said of accounts, by their names."""
    rows = (await s.exec(select_rows(AccountRow).order_by(AccountRow.account_key))).all()
    return [Mapped(row.account, row.deal_id, row.by, row.at) for row in rows]


async def map_account(s: AsyncSession, account: str, deal_id: int | None, *, by: str, now: datetime) -> Counts:
    """An account belongs to a deal, or (None) to nobody whom we follow. Its lines, waiting or with the deal before, go there."""
    key = customer_key(account)
    before = (await owners_of(s, [key])).get(key)
    await hold(s, *{number for number in (before, deal_id) if number is not None})
    row = {"account_key": key, "account": account, "deal_id": deal_id, "by": by, "at": now}
    await statements.upsert(s, AccountRow, [row], ("account_key",))
    counts = Counts()
    if before is not None and before != deal_id:
        counts += await _moved(s, key, before, deal_id, Came(MAPPING, account, by, now))
    kept = (await s.exec(select_rows(WaitingRow).where(WaitingRow.account_key == key))).all()
    await s.exec(delete(WaitingRow).where(col(WaitingRow.account_key) == key))
    if deal_id is None:
        return counts + Counts(ignored=len(kept))
    return counts + await put(s, [{**_values(one), "deal_id": deal_id, "account": key} for one in kept])


async def adopt(s: AsyncSession, accounts: Sequence[str], deal_id: int, *, by: str, now: datetime) -> tuple[list[str], Counts]:
    """A file was taken for a deal as a whole: those of its accounts that nobody knows are the deal's from now on, whatever brings them.

    Which ones, and what became of lines that waited for them. Call it before the file is taken, whose lines are newer.
    """
    known = await owners_of(s, {customer_key(account) for account in accounts})
    fresh = [account for account in accounts if account and customer_key(account) not in known]
    counts = Counts()
    for account in fresh:
        counts += await map_account(s, account, deal_id, by=by, now=now)
    return fresh, counts


async def _moved(s: AsyncSession, key: str, before: int, deal_id: int | None, came: Came) -> Counts:
    """Take an account's lines from the deal that had them to another (None: to none)."""
    there = (await s.exec(select_rows(VolumeRow).where(VolumeRow.deal_id == before, VolumeRow.account == key))).all()
    if not there:
        return Counts()
    arrival = await begin(s, came)
    await set_aside(s, [{**_values(one), "deal_id": before, "account": key, "replaced_by": arrival.id} for one in there])
    await s.exec(delete(VolumeRow).where(col(VolumeRow.deal_id) == before, col(VolumeRow.account) == key))
    await volumes_touched.touch(s, [before])
    rows = [{**_values(one), "deal_id": deal_id, "account": key} for one in there]
    counts = Counts(ignored=len(rows)) if deal_id is None else await put(s, rows)
    await finish(s, arrival, counts, came.at)
    return counts


def _values(row: VolumeRow | WaitingRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _MOVED}
