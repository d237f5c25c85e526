"""Somebody tries to make a deal for a customer that has one: they learn only that it is not saved, its own people learn who tried."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Role
from handlers.house import House
from handlers.people import is_slack_id, may_receive
from store import deals, outbox
from store.records import Errand, KnownDeal
from templates.kit import Message
from templates.new_form import tried_again

TAKEN = "name-taken"
"""The notice to a deal's own people."""

_TOLD_FIRST: tuple[Role, ...] = ("leadership", "account-manager", "rep")


def register(house: House) -> None:
    """The notice."""

    async def say(errand: Errand) -> Message | None:
        number = errand.about.get("deal")
        async with house.store.reading() as s:
            known = await deals.deal_by_id(s, number) if isinstance(number, int) else None
        if known is None or not await may_receive(house, known.deal, errand.recipient):
            return None
        return tried_again(known.deal.customer, str(errand.about.get("user")))

    house.notices[TAKEN] = say


async def tell(house: House, s: AsyncSession, known: KnownDeal, user_id: str) -> None:
    """Tell who leads the deal, else who manages the account, else its reps, once a day for each who tried; nobody for its own people."""
    house.log.info("name taken", deal=known.id, user=user_id)
    if known.deal.may_see(user_id):
        return
    about = {"what": TAKEN, "deal": known.id, "user": user_id}
    for recipient in _told(known):
        await outbox.notify(s, f"{TAKEN}:{known.id}:{user_id}:{house.now().date()}:{recipient}", recipient, about, house.now())


def _told(known: KnownDeal) -> list[str]:
    for role in _TOLD_FIRST:
        told = [person.id for person in known.deal.people if person.role == role and is_slack_id(person.id)]
        if told:
            return told
    return []
