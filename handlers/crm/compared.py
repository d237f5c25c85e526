"""A deal of the book beside its record in the CRM: pure, by the values that both sides had last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.deal import Deal, plain_term
from bot.ledger import TERMS
from store.records import Terms as Entered
from store.sources.crm.mapped import Terms

STAGE, CUSTOMER = "stage", "customer"
"""What a record says beside its terms."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`same`: values that both sides have, by name; `theirs`: changed there alone; `differing`: what a person has to decide.

    `both` names those of `differing` that were changed on both sides.
    """

    same: Mapping[str, Any]
    theirs: Mapping[str, Any]
    differing: Mapping[str, tuple[Any, Any]]
    both: frozenset[str]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {name: _plain(value) for name, value in values.items()}


def said(terms: Terms) -> dict[str, Any]:
    """All that a record says, as plain values."""
    more: dict[str, Any] = {CUSTOMER: terms.customer} | ({STAGE: terms.stage} if terms.stage else {})
    return {**plain(terms.values), **more}


def ours(deal: Deal, name: str) -> Any:
    """What the deal says, as a plain value; None for nothing."""
    if name in TERMS:
        return plain_term(deal, name)
    part, _, inner = name.partition(".")
    value = getattr(deal, part, None)
    return _plain(getattr(value, inner, None) if inner else value)


def compare(deal: Deal, theirs: Mapping[str, Any], base: Mapping[str, Any]) -> Compared:
    """Each value that the record has beside the deal's. A field that is empty there says nothing: it takes nothing away here."""
    same, moved, differing, both = dict[str, Any](), dict[str, Any](), dict[str, tuple[Any, Any]](), set[str]()
    for name, value in theirs.items():
        here = ours(deal, name)
        if _alike(name, here, value):
            same[name] = value
        elif name in base and _alike(name, base[name], value):
            continue  # changed here alone: that may go back, and is nothing to decide
        elif name in base and _alike(name, base[name], here) and name == STAGE:
            moved[name] = value
        else:
            differing[name] = (here, value)
            if name in base and not _alike(name, base[name], here):
                both.add(name)
    return Compared(same, moved, differing, frozenset(both))


def changed_here(deal: Deal, names: Sequence[str], base: Mapping[str, Any]) -> dict[str, Any]:
    """What the deal says now of these terms where both sides had something else."""
    return {name: ours(deal, name) for name in names if name in base and not _alike(name, base[name], ours(deal, name))}


def last_set(entered: Sequence[Entered], name: str) -> tuple[str | None, datetime | None]:
    """Who gave a term the value that it has, and when, by the deal's history (oldest first)."""
    by: tuple[str | None, datetime | None] = (None, None)
    before: Any = ...
    for one in entered:
        value = ours(one.deal, name)
        if value != before:
            by, before = (one.by, one.since), value
    return by


def _alike(name: str, one: Any, other: Any) -> bool:
    if name == CUSTOMER:
        return " ".join(str(one).split()).casefold() == " ".join(str(other).split()).casefold()
    return bool(one == other)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
