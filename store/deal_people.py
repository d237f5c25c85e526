"""Which deals a person is on: kept with the terms, so that only the asker's deals need be read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import OWN_SIDE, Deal
from store.tables import DealPersonRow, DealRow, LinkRow


async def keep(s: AsyncSession, deal_id: int, deal: Deal) -> None:
    """Note the people of a deal as its terms have them now."""
    await s.exec(delete(DealPersonRow).where(col(DealPersonRow.deal_id) == deal_id))
    roles = {person.id: person.role for person in reversed(deal.people)}  # named twice, the first counts, as in Deal.person
    s.add_all(DealPersonRow(user_id=user_id, deal_id=deal_id, role=role) for user_id, role in roles.items())
    await s.flush()


async def names(s: AsyncSession, user_id: str) -> dict[int, str]:
    """The deals whose own side this person is on: row id -> customer's name as in store.deals.customer_key, by name."""
    query = sa_select(col(DealRow.id), col(DealRow.customer_key)).join(DealPersonRow, col(DealPersonRow.deal_id) == col(DealRow.id))
    rows = await (await s.connection()).execute(query.where(_sees(user_id)).order_by(col(DealRow.customer_key)))
    return {deal_id: name for deal_id, name in rows if deal_id is not None}


async def in_channel(s: AsyncSession, user_id: str, channel: str) -> list[int]:
    """Of those, the ones that are linked to a channel: row ids."""
    on_it = select(DealPersonRow.deal_id).where(_sees(user_id))
    linked = select(LinkRow.deal_id).where(LinkRow.channel == channel, col(LinkRow.deal_id).in_(on_it))
    return sorted((await s.exec(linked.distinct())).all())


def _sees(user_id: str) -> ColumnElement[bool]:
    return and_(col(DealPersonRow.user_id) == user_id, col(DealPersonRow.role).in_(sorted(OWN_SIDE)))
