"""Of what use findings were, as people decided; what waits, sleeps or was withdrawn does not count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Select, Subquery, bindparam, case, exists, func, or_, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.deal import Deal
from bot.playbook.scenarios import FINDINGS
from bot.playbook.usefulness import LAST, Usefulness
from store.columns import Words, deal_of
from store.tables import DealPersonRow, DealRow, DemotionRow, FindingRow

USEFUL = ("used", "terms-changed", "escalated")
"""States in which a finding was of use; so was one that a person resolved. "not-an-issue" is the opposite."""


async def of_deals(s: AsyncSession, deal_ids: Collection[int]) -> dict[tuple[int, str], Usefulness]:
    """Usefulness so far of each scenario of these deals, by (deal, scenario); those without a decision are left out."""
    found = _decided(deal_ids, tuple(FINDINGS))
    keys = (found.c.deal_id, found.c.scenario)
    query = sa_select(*keys, func.sum(found.c.useful), func.count()).group_by(*keys)
    rows = (await (await s.connection()).execute(query)).all()
    return {(deal_id, scenario): Usefulness(int(useful), decided) for deal_id, scenario, useful, decided in rows}


async def lately(s: AsyncSession, deal_ids: Collection[int], scenario: str | None = None, last: int = LAST) -> dict[str, Usefulness]:
    """Usefulness of the last findings of each scenario over all these deals together; `scenario`: of that one alone."""
    query = _last(_decided(deal_ids, tuple(FINDINGS) if scenario is None else (scenario,)), last)
    rows = (await (await s.connection()).execute(query)).all()
    return {name: Usefulness(int(useful), decided) for name, useful, decided in rows}


async def decided_naming(s: AsyncSession, user_id: str, scenario: str) -> tuple[int, bool]:
    """How many of the last LAST findings of a scenario somebody decided, over all deals among whose people this person is, in whatever
    role; and whether the scenario has ever rested for them.
    """
    asked = {"person": user_id, "scenarios": [scenario], "scenario": scenario}
    decided, rested = (await (await s.connection()).execute(_DECIDED_NAMING, asked)).one()
    return decided, rested


def _last(found: Subquery, last: int) -> Select[Any]:
    """By scenario, of how many of the last findings how many were of use."""
    place = func.row_number().over(partition_by=found.c.scenario, order_by=found.c.changed_at.desc())
    ranked = sa_select(found.c.scenario, found.c.useful, place.label("place")).subquery()
    return sa_select(ranked.c.scenario, func.sum(ranked.c.useful), func.count()).where(ranked.c.place <= last).group_by(ranked.c.scenario)


async def deals_naming(s: AsyncSession, user_id: str) -> list[tuple[int, Deal]]:
    """The deals (row id, terms without their ledger) among whose people this person is."""
    terms = type_coerce(col(DealRow.terms), Words)
    theirs = sa_select(col(DealRow.id), terms).join(DealPersonRow, col(DealPersonRow.deal_id) == col(DealRow.id))
    named = theirs.where(col(DealPersonRow.user_id) == user_id).order_by(col(DealRow.id))
    rows = (await (await s.connection()).execute(named)).all()
    found = [(int(number or 0), deal_of(text)) for number, text in rows]
    return [(number, deal) for number, deal in found if deal.person(user_id) is not None]


def _decided(deal_ids: Collection[int] | Select[Any], scenarios: Collection[str] | BindParameter[Any]) -> Subquery:
    """What somebody decided; what a later message resolved by itself bears nobody's name."""
    row, by = FindingRow, col(FindingRow.changed_by)
    person = or_(by.startswith("U"), by.startswith("W"))
    return (
        sa_select(
            col(row.deal_id).label("deal_id"),
            col(row.scenario).label("scenario"),
            col(row.changed_at).label("changed_at"),
            case((col(row.state) == "not-an-issue", 0), else_=1).label("useful"),
        )
        .where(
            col(row.deal_id).in_(deal_ids),
            # every scenario is named, for the index to be used to its end: else SQLite takes the one on states and reads the whole table
            col(row.scenario).in_(scenarios),
            col(row.state).in_((*USEFUL, "resolved", "not-an-issue")),
            or_(col(row.state) != "resolved", person),
        )
        .subquery()
    )


_NAMING = sa_select(col(DealPersonRow.deal_id)).where(col(DealPersonRow.user_id) == bindparam("person"))
_DECIDED = _last(_decided(_NAMING, bindparam("scenarios", expanding=True)), LAST).subquery()
_RESTED = exists().where(col(DemotionRow.owner) == bindparam("person"), col(DemotionRow.scenario) == bindparam("scenario"))
_DECIDED_NAMING = sa_select(func.coalesce(sa_select(_DECIDED.c[2]).scalar_subquery(), 0), _RESTED)
