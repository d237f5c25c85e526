"""Facts about the installation: the key that its words are sealed with, when its app was removed, and which daily work is done."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from store.sealing import NO_KEY, SEALED, WRONG_KEY, Seal, Unsealable
from store.statements import add_unless_there
from store.tables import InstallationRow

_SEAL, _REMOVED, _CHORE = "sealed", "removed", "chore:"
_PROOF = "jumpin"
"""What is sealed to tell whether a key fits."""


async def check_key(s: AsyncSession, seal: Seal, now: datetime) -> bool:
    """Note the key with which words are sealed from now on; whether it is new here. Raises Unsealable where it does not fit."""
    if await key_fits(s, seal) or not seal.closes:
        return False
    return await add_unless_there(s, InstallationRow, {"name": _SEAL, "value": seal.close(_PROOF), "at": now}, ["name"])


async def key_fits(s: AsyncSession, seal: Seal) -> bool:
    """Whether words here are sealed with a key that we have; False where none are. Raises Unsealable where we have not got it."""
    proof = (await s.exec(select(InstallationRow.value).where(InstallationRow.name == _SEAL))).first()
    if proof is None:
        return False
    if not seal.closes:
        raise Unsealable(NO_KEY)
    if not proof.startswith(SEALED) or seal.open(proof) != _PROOF:
        raise Unsealable(WRONG_KEY)
    return True


async def changed_key(s: AsyncSession, seal: Seal, now: datetime) -> None:
    """All words are sealed with the first key now, or with none."""
    await s.exec(delete(InstallationRow).where(col(InstallationRow.name) == _SEAL))
    if seal.closes:
        await add_unless_there(s, InstallationRow, {"name": _SEAL, "value": seal.close(_PROOF), "at": now}, ["name"])


async def removed(s: AsyncSession, now: datetime) -> None:
    """The Slack app was removed, or its token taken away; the first time counts."""
    await add_unless_there(s, InstallationRow, {"name": _REMOVED, "value": "", "at": now}, ["name"])


async def welcome_again(s: AsyncSession) -> bool:
    """Slack lets us in; whether the app had been removed meanwhile."""
    return bool((await s.exec(delete(InstallationRow).where(col(InstallationRow.name) == _REMOVED))).rowcount)


async def removed_at(s: AsyncSession) -> datetime | None:
    """Since when (UTC) the Slack app is gone; None while it is there."""
    return (await s.exec(select(InstallationRow.at).where(InstallationRow.name == _REMOVED))).first()


async def first_today(s: AsyncSession, chore: str, today: date, now: datetime) -> bool:
    """Whether nobody has begun this day's work yet: then it is ours. Of rival processes one gets it."""
    name = _CHORE + chore
    if await add_unless_there(s, InstallationRow, {"name": name, "value": today.isoformat(), "at": now}, ["name"]):
        return True
    older = (col(InstallationRow.name) == name, col(InstallationRow.value) < today.isoformat())
    statement = update(InstallationRow).where(*older).values(value=today.isoformat(), at=now)
    return (await s.exec(statement.execution_options(synchronize_session=False))).rowcount == 1
