"""Deals: the terms in force, their ledger and history, and the channels they are linked to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, exists, func
from sqlalchemy import select as sa_select
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Amendment, Deal, Term
from bot.ledger import Agreement, amended, disagreements, joined
from store import deal_people, ledger
from store.columns import storable, terms_json
from store.records import KnownDeal, Terms
from store.statements import add_unless_there, held
from store.tables import AmendmentRow, DealRow, LinkRow, TermsRow

_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]+")
_BY_ID = (
    sa_select(col(DealRow.terms), col(LinkRow.channel), exists().where(col(AmendmentRow.deal_id) == bindparam("deal")))
    .outerjoin(LinkRow, and_(col(LinkRow.deal_id) == col(DealRow.id), col(LinkRow.channel).is_not(None)))
    .where(col(DealRow.id) == bindparam("deal"))
    .order_by(col(LinkRow.id))
)
_CHANNELS = (
    sa_select(col(LinkRow.deal_id), col(LinkRow.channel))
    .where(col(LinkRow.deal_id).in_(bindparam("deals", expanding=True)), col(LinkRow.channel).is_not(None))
    .order_by(col(LinkRow.id))
)
_HELD = "deals held"
"""Where a session keeps which deals it holds."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a deal came to."""

    id: int
    outcome: Literal["new", "updated", "unchanged"]


class Disagreement(ValueError):
    """Terms that differ from what the deal's ledger says was agreed last; `lines` say which, one each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def customer_key(name: str) -> str:
    """A customer's name without regard to case, width and spacing; two deals never share one."""
    return storable(" ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def channel_id(given: str) -> str | None:
    """The channel id if `given` is one: Slack's ids are capitals and digits, its channel names never have capitals."""
    return given if _CHANNEL_ID.fullmatch(given) else None


async def save_deal(s: AsyncSession, deal: Deal, *, by: str, source: str, now: datetime) -> Saved:
    """Store a deal under its customer's name. Changed terms add a line to its history; its listed channels replace those listed before.

    What the ledger holds stays; amendments that it lacks are added. Raises Disagreement where the terms contradict the ledger.
    """
    key = customer_key(deal.customer)
    new = await add_unless_there(s, DealRow, {"customer_key": key, "terms": deal}, ["customer_key"])
    row = (await s.exec(held(select(DealRow).where(DealRow.customer_key == key)))).one()
    assert row.id is not None
    kept = (await ledger.of_deals(s, [row.id])).get(row.id, ())
    deal = deal.model_copy(update={"amendments": joined(kept, deal.amendments)})
    wrong = disagreements(deal)
    if wrong:
        raise Disagreement(wrong)
    if not new and terms_json(row.terms) == terms_json(deal) and len(kept) == len(deal.amendments):
        return Saved(row.id, "unchanged")
    await _keep(s, row, deal, len(kept), Entry(by, source, now))
    return Saved(row.id, "new" if new else "updated")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters something into the store, from where, and when (UTC)."""

    by: str
    source: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Amended:
    """What amending a deal came to: the deal as it stands now; `moved`: the terms entered meanwhile, for which nothing was changed."""

    known: KnownDeal
    changed: bool = False
    moved: tuple[Terms, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Terms to be amended: the new plain values, what was agreed about them, and the version of the terms that somebody had before them."""

    values: Mapping[Term, Any]
    agreed: Agreement
    version: int


async def amend(s: AsyncSession, deal_id: int, wish: Wish, entry: Entry) -> Amended:
    """Add to a deal's ledger what was agreed, unless its terms have changed since the wish's version (see terms_version).

    Terms that are as wanted already change nothing, whoever entered them. Raises LookupError for an unknown deal, ValueError, in words,
    for values that no deal can have.
    """
    row = (await s.exec(held(select(DealRow).where(DealRow.id == deal_id)))).first()
    if row is None or row.id is None:
        raise LookupError(f"no deal {deal_id}")
    [before] = await _known(s, [row])
    after = amended(before.deal, wish.values, wish.agreed)
    if after is before.deal:
        return Amended(before)
    since = _moved(await _lines(s, row.id), wish.version)
    if since:
        return Amended(before, moved=tuple(since))
    await _keep(s, row, after, len(before.deal.amendments), entry)
    [known] = await _known(s, [row])
    return Amended(known, changed=True)


@dataclass(frozen=True, slots=True)
class Altered:
    """A deal before and after it was altered."""

    before: KnownDeal
    after: KnownDeal


async def alter(s: AsyncSession, deal_id: int, change: Callable[[Deal], Deal], entry: Entry) -> Altered | None:
    """Change what is not agreed with the customer (the stage, the calls noted) as the deal stands now; None where there is no such deal."""
    row = (await s.exec(held(select(DealRow).where(DealRow.id == deal_id)))).first()
    if row is None:
        return None
    [before] = await _known(s, [row])
    made = change(before.deal)
    if made == before.deal:
        return Altered(before, before)
    await _keep(s, row, made, len(before.deal.amendments), entry)
    [after] = await _known(s, [row])
    return Altered(before, after)


async def rename(s: AsyncSession, deal_id: int, customer: str) -> bool:
    """Find the deal under another name from now on; its terms are altered apart. False where another deal has that name."""
    there = (await s.exec(select(DealRow.id).where(DealRow.customer_key == customer_key(customer)))).first()
    if there is not None:
        return there == deal_id
    row = (await s.exec(held(select(DealRow).where(DealRow.id == deal_id)))).one()
    row.customer_key = customer_key(customer)
    s.add(row)
    await s.flush()
    return True


async def terms_at(s: AsyncSession, deal_id: int, version: int) -> Deal | None:
    """The terms of a version, without their ledger; None where the deal has no such version."""
    return next((terms.deal for number, terms in await _lines(s, deal_id) if number == version), None)


async def terms_version(s: AsyncSession, deal_id: int) -> int:
    """A number that grows with each change of a deal's terms."""
    return max((number for number, _ in await _lines(s, deal_id)), default=0)


async def _keep(s: AsyncSession, row: DealRow, deal: Deal, known: int, entry: Entry) -> None:
    """Put a deal's terms in place, with a line of history, and add what its ledger lacks: all beyond the first `known` lines."""
    assert row.id is not None
    row.terms = deal
    s.add(row)
    s.add(TermsRow(deal_id=row.id, terms=deal, since=entry.now, by=entry.by, source=entry.source))
    await s.flush()
    await ledger.add(s, row.id, deal.amendments[known:], by=entry.by, now=entry.now)
    await deal_people.keep(s, row.id, deal)
    await _list_channels(s, row.id, deal.channels)


async def _list_channels(s: AsyncSession, deal_id: int, listed: Sequence[str]) -> None:
    """A name that has its id already keeps it; links made from Slack are not the file's to take away."""
    await s.exec(delete(LinkRow).where(col(LinkRow.deal_id) == deal_id, col(LinkRow.listed).is_(True), col(LinkRow.given).not_in(listed)))
    for given in listed:
        link = {"deal_id": deal_id, "given": given, "channel": channel_id(given), "listed": True}
        await add_unless_there(s, LinkRow, link, ["deal_id", "given"])


async def unlink(s: AsyncSession, deal_id: int, channel: str, entry: Entry) -> bool:
    """Take a channel (id) off a deal; False when it was not linked. Where the terms list it, they do so no more, with a line of history."""
    row = (await s.exec(held(select(DealRow).where(DealRow.id == deal_id)))).first()
    links = (await s.exec(select(LinkRow).where(LinkRow.deal_id == deal_id, LinkRow.channel == channel))).all()
    if row is None or row.id is None or not links:
        return False
    named = {link.given for link in links}
    await s.exec(delete(LinkRow).where(col(LinkRow.deal_id) == deal_id, col(LinkRow.channel) == channel))
    left = tuple(given for given in row.terms.channels if given not in named)
    if left != row.terms.channels:
        row.terms = row.terms.model_copy(update={"channels": left})
        s.add(row)
        s.add(TermsRow(deal_id=row.id, terms=row.terms, since=entry.now, by=entry.by, source=entry.source))
    await s.flush()
    return True


async def all_deals(s: AsyncSession) -> list[KnownDeal]:
    """Every deal, by customer."""
    return await _known(s, (await s.exec(select(DealRow).order_by(DealRow.customer_key))).all())


async def deal_named(s: AsyncSession, customer: str) -> KnownDeal | None:
    """The deal of a customer, without regard to case and spacing."""
    rows = (await s.exec(select(DealRow).where(DealRow.customer_key == customer_key(customer)))).all()
    return next(iter(await _known(s, rows)), None)


async def deal_by_id(s: AsyncSession, deal_id: int) -> KnownDeal | None:
    """The deal with this row id; one whose terms were never amended is read in one question."""
    rows = (await (await s.connection()).execute(_BY_ID, {"deal": deal_id})).all()
    if not rows:
        return None
    terms, _, amended = rows[0]
    lines = (await ledger.of_deals(s, [deal_id])).get(deal_id, ()) if amended else ()
    return KnownDeal(deal_id, _with_ledger(terms, lines), tuple(dict.fromkeys(str(channel) for _, channel, _ in rows if channel)))


async def deals_of_person(s: AsyncSession, user_id: str) -> list[KnownDeal]:
    """The deals that this person may see by their people, by customer."""
    found = await deals_by_id(s, list(await deal_people.names(s, user_id)))
    return [known for known in found if known.deal.may_see(user_id)]


async def deals_by_id(s: AsyncSession, ids: Sequence[int]) -> list[KnownDeal]:
    """The deals with these row ids, by customer; an unknown id is passed over."""
    rows = (await s.exec(select(DealRow).where(col(DealRow.id).in_(ids)).order_by(DealRow.customer_key))).all() if ids else ()
    return await _known(s, rows)


async def deals_after(s: AsyncSession, deal_id: int, limit: int) -> list[KnownDeal]:
    """The next deals by row id, so many at most: for those who look through all of them without holding up everybody else."""
    rows = (await s.exec(select(DealRow).where(col(DealRow.id) > deal_id).order_by(col(DealRow.id)).limit(limit))).all()
    return await _known(s, rows)


async def deals_of_channel(s: AsyncSession, channel: str) -> list[KnownDeal]:
    """The deals linked to a channel, oldest first."""
    linked = select(LinkRow.deal_id).where(LinkRow.channel == channel)
    rows = (await s.exec(select(DealRow).where(col(DealRow.id).in_(linked)).order_by(col(DealRow.id)))).all()
    return await _known(s, rows)


async def stamp(s: AsyncSession) -> tuple[int, ...]:
    """Numbers that change whenever a deal, its ledger or a link of a channel does: what was read before the change is old then.

    Rows are counted too: a number that was drawn earlier may be committed later.
    """
    history, lines, links = (col(row.id) for row in (TermsRow, AmendmentRow, LinkRow))
    ends = ((history, func.max), (history, func.count), (lines, func.max), (lines, func.count), (links, func.max), (links, func.count))
    counted = [sa_select(func.coalesce(what(number), 0)).scalar_subquery() for number, what in ends]
    known = sa_select(func.count(col(LinkRow.channel))).scalar_subquery()
    row = (await (await s.connection()).execute(sa_select(*counted, known))).one()
    return tuple(int(number) for number in row)


async def hold(s: AsyncSession, *deal_ids: int) -> None:
    """Hold deals until the transaction ends: what is decided about the findings of one deal is decided one after the other.

    Whoever holds several takes them in one call, so that two processes cannot block each other for good. On SQLite the writing
    transaction holds everything anyway.
    """
    ours: set[int] = s.info.setdefault(_HELD, set())
    if s.get_bind().dialect.name == "sqlite" or ours.issuperset(deal_ids):
        return
    ours.update(deal_ids)
    await s.exec(select(DealRow.id).where(col(DealRow.id).in_(deal_ids)).order_by(col(DealRow.id)).with_for_update())


async def history(s: AsyncSession, deal_id: int) -> list[Terms]:
    """All terms a deal has had, oldest first."""
    return [terms for _, terms in await _lines(s, deal_id)]


async def _lines(s: AsyncSession, deal_id: int) -> list[tuple[int, Terms]]:
    rows = (await s.exec(select(TermsRow).where(TermsRow.deal_id == deal_id).order_by(col(TermsRow.id)))).all()
    return [(row.id or 0, Terms(row.terms, row.since, row.by, row.source)) for row in rows]


def _moved(lines: Sequence[tuple[int, Terms]], version: int) -> list[Terms]:
    """What was entered after a version, but for changes of the channels, which are no terms."""
    moved, before = list[Terms](), next((terms.deal for number, terms in lines if number == version), None)
    for number, terms in lines:
        if number <= version:
            continue
        if before is None or before.model_copy(update={"channels": terms.deal.channels}) != terms.deal:
            moved.append(terms)
        before = terms.deal
    return moved


async def _known(s: AsyncSession, rows: Sequence[DealRow]) -> list[KnownDeal]:
    if not rows:
        return []
    channels: dict[int, dict[str, None]] = {}
    for deal_id, channel in await (await s.connection()).execute(_CHANNELS, {"deals": [row.id for row in rows]}):
        channels.setdefault(deal_id, {})[str(channel)] = None
    amendments = await ledger.of_deals(s, [row.id for row in rows if row.id is not None])
    numbered = [(row.id, row) for row in rows if row.id is not None]
    return [
        KnownDeal(number, _with_ledger(row.terms, amendments.get(number, ())), tuple(channels.get(number, ()))) for number, row in numbered
    ]


def _with_ledger(terms: Deal, amendments: tuple[Amendment, ...]) -> Deal:
    return terms.model_copy(update={"amendments": amendments})
