"""Deals: the terms in force, their history, and the channels they are linked to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from store.columns import storable, terms_json
from store.records import KnownDeal, Terms
from store.statements import add_unless_there, held
from store.tables import DealRow, LinkRow, TermsRow

_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a deal came to."""

    id: int
    outcome: Literal["new", "updated", "unchanged"]


def customer_key(name: str) -> str:
    """A customer's name without regard to case, width and spacing; two deals never share one."""
    return storable(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def channel_id(given: str) -> str | None:
    """The channel id if `given` is one: Slack's ids are capitals and digits, its channel names never have capitals."""
    return given if _CHANNEL_ID.fullmatch(given) else None


async def save_deal(s: AsyncSession, deal: Deal, *, by: str, source: str, now: datetime) -> Saved:
    """Store a deal under its customer's name. Changed terms add a line to its history; its listed channels replace those listed before."""
    key = customer_key(deal.customer)
    new = await add_unless_there(s, DealRow, {"customer_key": key, "terms": deal}, ["customer_key"])
    row = (await s.exec(held(select(DealRow).where(DealRow.customer_key == key)))).one()
    assert row.id is not None
    if not new and terms_json(row.terms) == terms_json(deal):
        return Saved(row.id, "unchanged")
    row.terms = deal
    s.add(row)
    s.add(TermsRow(deal_id=row.id, terms=deal, since=now, by=by, source=source))
    await s.flush()
    await _list_channels(s, row.id, deal.channels)
    return Saved(row.id, "new" if new else "updated")


async def _list_channels(s: AsyncSession, deal_id: int, listed: Sequence[str]) -> None:
    """A name that has its id already keeps it; links made from Slack are not the file's to take away."""
    await s.exec(delete(LinkRow).where(col(LinkRow.deal_id) == deal_id, col(LinkRow.listed).is_(True), col(LinkRow.given).not_in(listed)))
    for given in listed:
        link = {"deal_id": deal_id, "given": given, "channel": channel_id(given), "listed": True}
        await add_unless_there(s, LinkRow, link, ["deal_id", "given"])


async def all_deals(s: AsyncSession) -> list[KnownDeal]:
    """Every deal, by customer."""
    return await _known(s, (await s.exec(select(DealRow).order_by(DealRow.customer_key))).all())


async def deal_named(s: AsyncSession, customer: str) -> KnownDeal | None:
    """The deal of a customer, without regard to case and spacing."""
    rows = (await s.exec(select(DealRow).where(DealRow.customer_key == customer_key(customer)))).all()
    return next(iter(await _known(s, rows)), None)


async def deal_by_id(s: AsyncSession, deal_id: int) -> KnownDeal | None:
    """The deal with this row id."""
    rows = (await s.exec(select(DealRow).where(DealRow.id == deal_id))).all()
    return next(iter(await _known(s, rows)), None)


async def deals_of_channel(s: AsyncSession, channel: str) -> list[KnownDeal]:
    """The deals linked to a channel, oldest first."""
    linked = select(LinkRow.deal_id).where(LinkRow.channel == channel)
    rows = (await s.exec(select(DealRow).where(col(DealRow.id).in_(linked)).order_by(col(DealRow.id)))).all()
    return await _known(s, rows)


async def history(s: AsyncSession, deal_id: int) -> list[Terms]:
    """All terms a deal has had, oldest first."""
    rows = (await s.exec(select(TermsRow).where(TermsRow.deal_id == deal_id).order_by(col(TermsRow.id)))).all()
    return [Terms(row.terms, row.since, row.by, row.source) for row in rows]


async def _known(s: AsyncSession, rows: Sequence[DealRow]) -> list[KnownDeal]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    linked = select(LinkRow).where(col(LinkRow.deal_id).in_(ids)).order_by(col(LinkRow.id))
    channels: dict[int, dict[str, None]] = {}
    for link in (await s.exec(linked)).all():
        if link.channel is not None:
            channels.setdefault(link.deal_id, {})[link.channel] = None
    return [KnownDeal(row.id, row.terms, tuple(channels.get(row.id, ()))) for row in rows if row.id is not None]
