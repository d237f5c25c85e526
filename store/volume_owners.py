"""Before anything of a file is kept: whose its accounts are, and whether all of it may go to the one deal that it was brought for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from store.deals import customer_key, deals_by_id
from store.sources.volume_file import Account, VolumeFile
from store.volumes import owners_of, there


@dataclass(frozen=True, slots=True)
class Owned:
    """An account of a file and whose it is: a deal's (`deal_id`, `customer`), ignored, or unknown."""

    account: Account
    deal_id: int | None = None
    customer: str | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Owners:
    """The accounts of a file with their owners; `whole`: all lines may go to the deal that the file was brought for.

    `other`: why not: the accounts that are another deal's, or (`several`) there are several accounts to be told apart.
    """

    accounts: tuple[Owned, ...]
    whole: bool = False
    other: tuple[Owned, ...] = ()

    @property
    def unknown(self) -> tuple[Owned, ...]:
        """Accounts that nobody has given to a deal."""
        return tuple(one for one in self.accounts if one.deal_id is None and not one.ignored)


async def owners(s: AsyncSession, file: VolumeFile, deal_id: int | None = None, among: Sequence[int] | None = None) -> Owners:
    """Whose the accounts of a file are that was brought for a deal (None: for whichever).

    `among`: the deals that whoever brings it may see; an account of any other is as good as unknown to them.
    """
    there = file.accounts()
    known = await owners_of(s, {customer_key(one.name) for one in there})
    visible = {key: owner for key, owner in known.items() if owner is None or among is None or owner in among}
    names = {one.id: one.deal.customer for one in await deals_by_id(s, sorted({owner for owner in visible.values() if owner}))}
    found = tuple(_owned(one, visible, names) for one in there)
    if deal_id is None:
        return Owners(found)
    other = tuple(one for one in found if known.get(customer_key(one.account.name)) not in (None, deal_id))
    return Owners(found, whole=len(found) == 1 and not other, other=other)


@dataclass(frozen=True, slots=True)
class Change:
    """A day that is known already with another figure from the same source: before and after, in packages."""

    day: date
    before: int
    after: int


async def changes(s: AsyncSession, file: VolumeFile, whose: Owners, deal_id: int | None, source: str = "file") -> list[Change]:
    """What taking a file in would change of what was brought before, by day."""
    owner = {customer_key(one.account.name): deal_id or one.deal_id for one in whose.accounts}
    now = {
        (owned, line.day, source, key): line
        for line in file.lines
        for key in (customer_key(line.account),)
        if (owned := owner[key]) is not None
    }
    ids = sorted({one[0] for one in now})
    before = await there(s, ids, {source}, file.first, file.last) if ids else {}
    found = [(line.day, before[key]["packages"], line.packages) for key, line in now.items() if key in before]
    return [Change(*one) for one in sorted(found) if one[1] != one[2]]


def _owned(one: Account, known: Mapping[str, int | None], names: Mapping[int, str]) -> Owned:
    key = customer_key(one.name)
    owner = known.get(key)
    return Owned(one, owner, names.get(owner) if owner else None, ignored=key in known and owner is None)
