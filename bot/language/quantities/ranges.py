"""From one to another: "10 to 15", "between 10 and 15", "ten or fifteen", "10, maybe 15", "4-5k"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule

_HEDGES = (CLASS["hedge"], CLASS["tilde"])


def _ends(nodes: Sequence[Node], cls: str) -> tuple[Node, Node]:
    first, last = (node for node in nodes if node.cls == cls)
    return first, last


def _scaled_low(first: Node, last: Node) -> float | None:
    """ "4-5k", "two to three hundred": the scale said once holds for both."""
    low, high = first.low, last.low
    if low is not None and high is not None and first.scale == 1 and last.scale > 1 and low < 1000 and low * last.scale <= high:
        return low * last.scale
    return low


def _joined(nodes: Sequence[Node], first: Node, last: Node) -> list[Node] | None:
    low = _scaled_low(first, last)
    if low is None or last.high is None or low >= last.high or (first.unit and last.unit and first.unit != last.unit):
        return None
    hedges = first.hedges + tuple(node.word for node in nodes if node.cls in _HEDGES) + last.hedges
    made = last if last.unit or last.cls != first.cls else first
    return [
        made.over(
            nodes,
            low=low,
            high=last.high,
            per=first.per or last.per,
            hedges=hedges,
            approximate=bool(hedges) or first.approximate or last.approximate,
            word="",
            scale=last.scale,
        )
    ]


def _is_code(first: Node, last: Node) -> bool:
    """ "0001-4471", "55-2094": nobody ranges so widely, or from a nought."""
    far = (last.low or 0) > 20 * (first.low or 0) and last.scale == 1 and len(last.word) >= 4 and "," not in last.word
    return (len(first.word) > 1 and first.word.startswith("0")) or far


def _to(cls: str, nodes: Sequence[Node]) -> list[Node] | None:
    first, last = _ends(nodes, cls)
    if len(nodes) == 3 and nodes[1].cls == CLASS["hyphen"] and first.name == last.name == "digits" and _is_code(first, last):
        return [Node(CLASS["ident"], first.start, last.end, f"{first.word}-{last.word}")]
    return _joined(nodes, first, last)


def _num_to(nodes: Sequence[Node]) -> list[Node] | None:
    return _to(CLASS["num"], nodes)


def _or(nodes: Sequence[Node]) -> list[Node] | None:
    """ "ten or fifteen": near each other."""
    first, last = _ends(nodes, CLASS["num"])
    low = _scaled_low(first, last)
    if low is None or last.low is None or not low < last.low <= 3 * low:
        return None
    return _joined(nodes, first, last)


def _listed(nodes: Sequence[Node]) -> list[Node] | None:
    """ "forty, fifty boxes", "a hundred and thirty-five, hundred and forty": two spelled numbers in a row, near each other."""
    first, last = _ends(nodes, CLASS["num"])
    if "digits" in (first.name, last.name):
        return None
    low = _scaled_low(first, last)
    if low is None or last.low is None or low < 2 or not low < last.low <= 1.6 * low:
        return None
    made = _joined(nodes, first, last)
    if made:
        made[0].approximate = True
    return made


def _kinds(nodes: Sequence[Node]) -> list[Node] | None:
    inside = [node for node in nodes if node.low is not None and node.cls in _QUANTITIES]
    return _joined(nodes, inside[0], inside[-1]) if len(inside) == 2 else None


def _maybe(nodes: Sequence[Node]) -> list[Node] | None:
    """ "10 a day, maybe 15", "six forty, maybe seven hundred"."""
    inside = [node for node in nodes if node.low is not None and node.cls in _QUANTITIES]
    if len(inside) != 2 or (inside[-1].low or 0) > 3 * (inside[0].low or 0):
        return None
    made = _kinds(nodes)
    if made is None:
        return None
    made[0].approximate = True
    return made


def _maybe_hedged(nodes: Sequence[Node]) -> list[Node] | None:
    """ "40ish, maybe 50": the second carries the hedge."""
    return _maybe(nodes) if set(nodes[-1].hedges) & _FURTHER else None


_FURTHER = {"maybe", "perhaps", "possibly"}
_QUANTITIES = {CLASS[name] for name in ["num", "count", "rate", "pct", "money", "dur", "meas", "ord", "share"]}
_SOFT = "(hedge|tilde|just){0,2}"
_TO = "(to|hyphen|tilde|hyphen hyphen)"


def _apart(nodes: Sequence[Node]) -> list[Node]:
    """ "go from 50 to 150" is a change between two figures, not a range."""
    for node in nodes:
        if node.cls == CLASS["to"]:
            node.cls = CLASS["other"]
    return list(nodes)


RULES = (
    Rule(
        "a change, no range",
        f"change (other|fn|that|the|unit|up|of){{0,3}} from {_SOFT} num (unit|daily|per period|a period){{0,2}} to",
        _apart,
    ),
    Rule("between", f"between the? {_SOFT} num (and|to|hyphen) {_SOFT} num", _num_to),
    Rule("from to", f"from {_SOFT} num (to|hyphen|up to) {_SOFT} num", _num_to),
    Rule("to", f"(?<!hash)num {_TO} {_SOFT} num", _num_to),
    Rule("or", f"num comma? or {_SOFT} num (?!less|more)", _or),
    Rule("maybe more", f"num (comma|dot)? (hedge|tilde) {_SOFT} num", _or),
    Rule("in a row", "(?<!comma) num comma num (?!comma num|and num|comma and num)", _listed),
)
KINDS = tuple(
    Rule(f"between two of {name}", f"between {name} and {_SOFT} {name} | from? {name} (to|hyphen|or) {_SOFT} {name}", _kinds)
    for name in ("count", "rate", "pct", "money", "dur", "meas", "ord")
)


def _topped(nodes: Sequence[Node]) -> list[Node] | None:
    """ "15, 20 tops", "maybe 40, up to 60 a day": from the one to the other."""
    inside = [node for node in nodes if node.low is not None or node.high is not None]
    first, last = inside[0], inside[-1]
    if last.low is not None or first.low is None or first.low != first.high or last.high is None or first.role or last.role:
        return None
    if not first.low < last.high <= 3 * first.low or (first.unit and last.unit and first.unit != last.unit):
        return None
    if first.per and last.per and first.per != last.per:
        return None
    last.low = last.high
    made = _joined(nodes, first, last)
    return made or [first, *nodes[1:]]


TOPPED = (Rule("so many, so many at most", "(num|count|rate) comma (and|or|fn)? (num|count|rate)", _topped),)
LATE = (
    Rule("number to the same with its unit", f"(between|from)? num {_TO} {_SOFT} (count|rate|pct|money|dur|meas)", _kinds),
    Rule("maybe more, hedged", "(count|rate|num) comma? (count|rate|num)", _maybe_hedged),
    Rule("maybe more, late", f"(count|rate|num) comma? (hedge|tilde|or){{1,2}} {_SOFT} (num|count|rate)", _maybe),
)
