"""The quantity grammar: numbers, rates, ranges, shares, dates, and the decoys that only look like them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from bot.language.quantities.classes import CLASS
from bot.language.quantities.days import resolve
from bot.language.quantities.engine import Node, rewrite
from bot.language.quantities.grammar import cascade
from bot.language.quantities.lexer import nodes_of
from bot.language.statement import Kind, Quantity

_KINDS: dict[str, tuple[Kind, str | None]] = {
    CLASS["num"]: ("number", None),
    CLASS["count"]: ("number", None),
    CLASS["rate"]: ("number", None),
    CLASS["pct"]: ("percent", None),
    CLASS["share"]: ("fraction", None),
    CLASS["money"]: ("money", "money"),
    CLASS["dur"]: ("duration", "duration"),
    CLASS["date"]: ("date", "date"),
    CLASS["time"]: ("time", "time of day"),
    CLASS["meas"]: ("measure", "weight or size"),
    CLASS["ord"]: ("ordinal", "rank"),
    CLASS["ident"]: ("identifier", "identifier"),
}


def find_quantities(text: str, *, said_at: datetime | None = None) -> tuple[Quantity, ...]:
    """The quantities said in `text`, in order, none over another. `said_at` tells which day "Monday" is.

    What is no count of ours stands there too, with its kind and why it was set aside in `role`. Only the first 8,000 characters and
    150 figures are looked at.
    """
    row = nodes_of(text)
    if not row:
        return ()
    found = []
    for node in rewrite(row, cascade()):
        if node.cls in _KINDS:
            if node.cls == CLASS["date"]:
                resolve(node, said_at.date() if said_at else None)
            found.append(_quantity(node, text))
    return tuple(found)


@lru_cache(maxsize=512)
def found_before(text: str) -> tuple[Quantity, ...]:
    """The quantities of what was said before, on whatever day: several readers of the next utterances look at them again."""
    return find_quantities(text)


def _quantity(node: Node, text: str) -> Quantity:
    kind, role = _KINDS[node.cls]
    return Quantity(
        span=text[node.start : node.end],
        start=node.start,
        end=node.end,
        kind=kind,
        low=node.low,
        high=node.high,
        approximate=node.approximate,
        unit=node.unit,
        per=node.per,
        role=node.role or role,
        days_per_week=node.days,
        hedges=node.hedges,
        of=text[node.of[0] : node.of[1]] if node.of else None,
        rule=node.rule,
    )
