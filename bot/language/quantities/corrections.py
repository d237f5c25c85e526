"""Slips that the speaker takes back at once: "150 — sorry, 50", "~150~ 50"; the figure taken back is marked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule

_QUANTITIES = {CLASS[name] for name in ["num", "count", "rate", "pct", "share", "money", "dur", "date", "time", "meas", "ord"]}


def _corrected(nodes: Sequence[Node]) -> list[Node] | None:
    first, last = (node for node in nodes if node.cls in _QUANTITIES)
    kinds = {CLASS["num"], CLASS["count"], CLASS["rate"]}
    if first.cls != last.cls and not {first.cls, last.cls} <= kinds:
        return None
    first.role = "corrected"
    if last.cls in kinds:
        last.unit = last.unit or first.unit
        last.per = last.per or first.per
    return list(nodes)


def _struck(nodes: Sequence[Node]) -> list[Node] | None:
    if nodes[0].end != nodes[1].start or nodes[1].end != nodes[2].start:
        return None
    nodes[1].role = "corrected"
    return [nodes[1].over(nodes)]


_Q = "(num|count|rate|pct|money|dur|date|time)"
_STOP = "(hyphen|comma|dot|semi|open|colon|nl){0,3}"
STRUCK = (Rule("struck through", "tilde (num|count|rate) tilde", _struck),)
RULES = (
    Rule(
        "taken back",
        f"{_Q} {_STOP} (no {_STOP}|other {_STOP}){{0,1}} (sorry that?|wait|no "
        f"wait|it mean|that mean|no sorry|make that|mean|no that) {_STOP} "
        f"(sorry|that|it|mean|make|no|fn|hedge|other|the){{0,3}} {_STOP} (the|that|hedge|fn){{0,2}} {_Q}",
        _corrected,
    ),
    Rule("no, the other", f"{_Q} {_STOP} no comma {_Q}", _corrected),
)
