"""The ledger of a deal's terms: amendments made, what they leave settled, and where a deal and its ledger do not agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from pydantic import ValidationError

from bot.deal import Amendment, Deal, Term, plain_term, with_terms

TERMS: tuple[Term, ...] = get_args(Term)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is common to all changes agreed at once: from which day they hold, who agreed, where it stands, who recorded it and when."""

    effective: date
    ours: str
    theirs: str
    link: str | None = None
    by: str | None = None
    at: datetime | None = None


def amended(deal: Deal, values: Mapping[Term, Any], agreed: Agreement) -> Deal:
    """The deal with a line in its ledger for each value that differs from what holds on the effective day, and the terms agreed last.

    Raises ValueError, in words, for values that no deal can have. A deal that comes back as it was had nothing to change.
    """
    before = deal.on(agreed.effective)
    try:
        wanted = _as_kept(before, values)
    except ValidationError as wrong:
        raise ValueError(_reason(wrong)) from None
    made = tuple(
        Amendment(
            term=term,
            old=plain_term(before, term),
            new=new,
            effective=agreed.effective,
            ours=agreed.ours,
            theirs=agreed.theirs,
            link=agreed.link,
            by=agreed.by,
            at=agreed.at,
        )
        for term, new in wanted.items()
        if new != plain_term(before, term)
    )
    if not made:
        return deal
    after = deal.model_copy(update={"amendments": (*deal.amendments, *made)})
    return _whole(after.on(date.max))


def changes(before: Deal, after: Deal) -> list[tuple[Term, Any, Any]]:
    """Every term that differs between two states of a deal, with its plain values."""
    found = ((term, plain_term(before, term), plain_term(after, term)) for term in TERMS)
    return [(term, old, new) for term, old, new in found if old != new]


def joined(kept: Sequence[Amendment], told: Sequence[Amendment]) -> tuple[Amendment, ...]:
    """A ledger with the lines that it does not hold yet; nothing is ever taken out of it."""
    known = [_what(one) for one in kept]
    return (*kept, *(one for one in told if _what(one) not in known))


def disagreements(deal: Deal) -> list[str]:
    """One line for each term that differs from what the deal's ledger says was agreed last."""
    latest = deal.on(date.max)
    return [
        f"{term}: {_shown(stands)} is not what the last amendment says ({_shown(last)}); write {_shown(last)}, or record an amendment"
        for term, stands, last in changes(deal, latest)
    ]


def _whole(deal: Deal) -> Deal:
    """The deal, checked as a whole. Raises ValueError, in words."""
    try:
        return Deal.model_validate(deal.model_dump())
    except ValidationError as wrong:
        raise ValueError(_reason(wrong)) from None


def _reason(wrong: ValidationError) -> str:
    first = wrong.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ").removeprefix("Value error, ")


def _as_kept(deal: Deal, values: Mapping[Term, Any]) -> dict[Term, Any]:
    """Values as a deal keeps them, so that 2 and [2, 2], or a date and its text, compare equal."""
    there = with_terms(deal, values)
    return {term: plain_term(there, term) for term in values}


def _what(amendment: Amendment) -> tuple[Any, ...]:
    return amendment.term, amendment.old, amendment.new, amendment.effective, amendment.ours, amendment.theirs, amendment.link


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
