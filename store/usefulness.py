"""Of what use findings were, as people decided; what waits, sleeps or was withdrawn does not count."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, func, or_, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.usefulness import LAST, Usefulness
from store.columns import Words
from store.tables import DealRow, FindingRow

USEFUL = ("used", "terms-changed", "escalated")
"""States in which a finding was of use; so was one that a person resolved. "not-an-issue" is the opposite."""


async def of_deals(s: AsyncSession, deal_ids: Collection[int]) -> dict[tuple[int, str], Usefulness]:
    """Usefulness so far of each scenario of these deals, by (deal, scenario); those without a decision are left out."""
    keys = (col(FindingRow.deal_id), col(FindingRow.scenario))
    query = sa_select(*keys, func.sum(_useful()), func.count()).where(col(FindingRow.deal_id).in_(deal_ids), _decided()).group_by(*keys)
    rows = (await (await s.connection()).execute(query)).all()
    return {(deal_id, scenario): Usefulness(int(useful), decided) for deal_id, scenario, useful, decided in rows}


async def lately(s: AsyncSession, deal_ids: Collection[int], scenario: str | None = None, last: int = LAST) -> dict[str, Usefulness]:
    """Usefulness of the last findings of each scenario over all these deals together; `scenario`: of that one alone."""
    newest = (col(FindingRow.changed_at).desc(), col(FindingRow.id).desc())
    place = func.row_number().over(partition_by=col(FindingRow.scenario), order_by=newest)
    inner = sa_select(col(FindingRow.scenario).label("scenario"), _useful().label("useful"), place.label("place"))
    inner = inner.where(col(FindingRow.deal_id).in_(deal_ids), _decided())
    if scenario is not None:
        inner = inner.where(col(FindingRow.scenario) == scenario)
    ranked = inner.subquery()
    query = sa_select(ranked.c.scenario, func.sum(ranked.c.useful), func.count()).where(ranked.c.place <= last).group_by(ranked.c.scenario)
    rows = (await (await s.connection()).execute(query)).all()
    return {name: Usefulness(int(useful), decided) for name, useful, decided in rows}


async def deals_naming(s: AsyncSession, user_id: str) -> list[tuple[int, Deal]]:
    """The deals (row id, terms without their ledger) among whose people this person is."""
    terms = type_coerce(col(DealRow.terms), Words)
    # people lie within the terms: the text says which deals may name somebody, the deal itself whether it does
    named = terms.contains(f'"id":{json.dumps(user_id)}', autoescape=True)
    rows = (await (await s.connection()).execute(sa_select(col(DealRow.id), terms).where(named).order_by(col(DealRow.id)))).all()
    found = [(int(number or 0), Deal.model_validate_json(text)) for number, text in rows]
    return [(number, deal) for number, deal in found if deal.person(user_id) is not None]


def _useful() -> ColumnElement[int]:
    return case((col(FindingRow.state) == "not-an-issue", 0), else_=1)


def _decided() -> ColumnElement[bool]:
    """Decided by somebody: what a later message resolved by itself has a link to it, or nobody's name."""
    resolved = and_(
        col(FindingRow.state) == "resolved",
        col(FindingRow.link).is_(None),
        or_(col(FindingRow.changed_by).startswith("U"), col(FindingRow.changed_by).startswith("W")),
    )
    return or_(col(FindingRow.state).in_((*USEFUL, "not-an-issue")), resolved)
