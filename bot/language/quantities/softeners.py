"""How firmly: "about", "or so", "-ish", "give or take 50", "at least", "up to", "100+"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import words

_QUANTITIES = {CLASS[name] for name in ["num", "count", "rate", "pct", "share", "money", "dur", "meas", "ord"]}


_OVER_VERBS = words(
    """
    hand handed hands handing send sent sends sending bring brought carry carried turn turned pass passed take took roll rolled come
    came
    """
)


def _inner(nodes: Sequence[Node]) -> Node:
    return next(node for node in nodes if node.cls in _QUANTITIES)


def _said(nodes: Sequence[Node]) -> str:
    return " ".join(node.word for node in nodes if node.cls not in _QUANTITIES and node.word not in (",", "-"))


def _hedged(nodes: Sequence[Node]) -> list[Node] | None:
    """ "about 20", "20 or so", "25ish"."""
    inner = _inner(nodes)
    return [inner.over(nodes, approximate=True, hedges=(*inner.hedges, _said(nodes)))]


def _glued_ish(nodes: Sequence[Node]) -> list[Node] | None:
    return _hedged(nodes)


def _at_least(nodes: Sequence[Node]) -> list[Node] | None:
    """An open end above; a length of time keeps its length, and the bound as a hedge: "more than two weeks" is said of two weeks."""
    inner = _inner(nodes)
    over_time = inner.cls == CLASS["dur"] and nodes[0].word == "over"
    if over_time or (inner.high is None and inner.low is not None):
        return None
    if inner.cls == CLASS["dur"]:
        return _hedged(nodes)
    return [inner.over(nodes, high=None if inner.low == inner.high else inner.high)]


def _at_most(nodes: Sequence[Node]) -> list[Node] | None:
    inner = _inner(nodes)
    if inner.low is None:
        return None
    if inner.cls == CLASS["dur"]:
        return _hedged(nodes)
    return [inner.over(nodes, low=None if inner.low == inner.high else inner.low)]


def _exactly(nodes: Sequence[Node]) -> list[Node]:
    return [_inner(nodes).over(nodes)]


def _give_or_take(nodes: Sequence[Node]) -> list[Node] | None:
    """ "150 give or take 50", "100 ± 10": both ends."""
    inside = [node for node in nodes if node.cls in _QUANTITIES]
    inner, margin = inside[0], inside[-1]
    if inner is margin or inner.low is None or inner.high is None or margin.low is None:
        return None
    if margin.cls == CLASS["dur"] and inner.cls != margin.cls:
        return None
    share = margin.low / 100 if margin.cls == CLASS["pct"] and inner.cls != CLASS["pct"] else None
    low = inner.low * (1 - share) if share else inner.low - margin.low
    high = inner.high * (1 + share) if share else inner.high + margin.low
    said = " ".join(node.word for node in nodes if node.cls not in _QUANTITIES)
    return [inner.over(nodes, low=low, high=high, approximate=True, hedges=(*inner.hedges, said), unit=inner.unit or margin.unit)]


def _or_more(nodes: Sequence[Node]) -> list[Node] | None:
    bare = nodes[-1].cls == CLASS["bound_low"] and nodes[-2].cls not in (CLASS["or"], CLASS["and"])
    return None if bare and nodes[-1].word not in ("minimum", "above", "min") else _at_least(nodes)


def _both_bounds(nodes: Sequence[Node]) -> list[Node] | None:
    """ "more than 30 and less than 40"."""
    first, last = (node for node in nodes if node.cls in _QUANTITIES)
    low, high = (first, last) if first.high is None else (last, first)
    if low.high is not None or high.low is not None or low.low is None or high.high is None or low.low >= high.high:
        return None
    return [first.over(nodes, low=low.low, high=high.high, unit=first.unit or last.unit, per=first.per or last.per)]


def _north_of(nodes: Sequence[Node]) -> list[Node] | None:
    word = nodes[0].word.lower()
    if word in ("north", "upwards", "upward", "excess"):
        return _at_least(nodes)
    return _at_most(nodes) if word in ("south", "short", "shy") else None


def _capped(nodes: Sequence[Node]) -> list[Node] | None:
    if nodes[0].word.lower() in ("capped", "cap", "limited", "ceiling"):
        inner = _inner(nodes)
        return [*nodes[:-1], *(_at_most([inner]) or [inner])]
    return None


def _near_words(nodes: Sequence[Node]) -> list[Node] | None:
    """ "close to 90", "something like 20", "in the region of 100", "on the order of 50"."""
    words = {node.word.lower() for node in nodes}
    return (
        _hedged(nodes)
        if words & {"close", "something", "region", "neighborhood", "neighbourhood", "vicinity", "order", "ballpark", "kind", "sort"}
        else None
    )


def _and_up(nodes: Sequence[Node]) -> list[Node] | None:
    """ "100+": the sign belongs to the figure; in "5 boxes + tubes" it adds."""
    return _at_least(nodes) if nodes[1].word == "plus" or nodes[0].end == nodes[1].start else None


def _handed_over(nodes: Sequence[Node]) -> list[Node] | None:
    """ "handed over 1,655": over belongs to the verb."""
    if nodes[1].word != "over" or nodes[0].word.lower() not in _OVER_VERBS:
        return None
    nodes[1].cls = CLASS["other"]
    return list(nodes)


def _and_change(nodes: Sequence[Node]) -> list[Node] | None:
    """ "thirty-one and change": a little more."""
    return _hedged(nodes) if nodes[-1].word.lower() in ("change", "some") else None


def _either_way(nodes: Sequence[Node]) -> list[Node] | None:
    return _give_or_take(nodes) if nodes[1].word == "±" else None


def _more_or_less_than(nodes: Sequence[Node]) -> list[Node] | None:
    return _at_least(nodes) if nodes[0].cls == CLASS["more"] else _at_most(nodes)


def _minimum(nodes: Sequence[Node]) -> list[Node] | None:
    return _at_least(nodes) if nodes[0].word == "min" else None


_Q = "(num|count|rate|pct|share|money|dur|meas)"
_ALL = "(num|count|rate|pct|share|money|dur|meas|ord)"
_SOFT = "(hedge|tilde){0,3}"
EARLY = (
    Rule("handed over", "(other|change) bound_low (num|count)", _handed_over),
    Rule("100+", "(num|count) plus (?!num|count|currency|other num|or|minus|hyphen|slash|the|that|fn|some)", _and_up),
    Rule("and change", "(num|count) and (other|change) (?!num|count)", _and_change),
)
HEDGES = (
    Rule("-ish", f"{_Q} hyphen? ish", _glued_ish),
    Rule("odd", "(num|count) hyphen? odd", _hedged),
    Rule("or so", f"{_Q} comma? (or so|or thereabouts|more or less|give or take (?!num|count|pct|dur|money)|thereabouts)", _hedged),
    Rule(
        "more or less, by the day", f"{_Q} plus (or|slash)? (minus|hyphen) (?=(a|per|slash|each|every) businessword? period|daily)", _hedged
    ),
    Rule("give or take", f"{_Q} comma? (give or take|plus (or|slash)? (minus|hyphen)) a? {_Q}", _give_or_take),
    Rule(
        "so and so much either way",
        "(num|count) other (num|count|pct)",
        _either_way,
    ),
    Rule("just over, just under", f"(a? just other? (bound_low|bound_high|more than|less than|of)) {_Q}", _hedged),
    Rule("about", f"(hedge|tilde|some){{1,3}} {_Q}", _hedged),
    Rule("close to", f"(other|in the other|on the unit) (to|of|hedge) {_SOFT} {_Q}", _near_words),
)
BOUNDS = (
    Rule("at least", f"(at least|no less than|not less than|least) (or equal to?)? {_SOFT} {_ALL}", _at_least),
    Rule("at most", f"(at (the)? most|(no|not) (more|bound_low) (than)?|up to|bound_high of) (or equal to?)? {_SOFT} {_ALL}", _at_most),
    Rule("more than", f"(more than|bound_low (of|than)?|gt) (or equal (to|than)?)? {_SOFT} {_Q} | more than the? ord", _at_least),
    Rule(
        "more or equal",
        f"((more|less) or equal (to|than)) {_SOFT} {_ALL}",
        _more_or_less_than,
    ),
    Rule("less than", f"(less than|bound_high than?|lt) (or equal (to|than)?)? {_SOFT} {_Q} | less than the? ord", _at_most),
    Rule("minimum", f"period {_SOFT} (num|count)", _minimum),
    Rule("north of", f"(other|hyphen) of {_SOFT} {_Q}", _north_of),
    Rule("short of", f"other (to|at) {_SOFT} {_Q}", _capped),
    Rule(
        "or more",
        f"{_Q} comma? (or more than? | or bound_low (?!{_Q}) | and up | and bound_low (?!{_Q}) "
        f"| plus (?!{_Q}|or|minus|hyphen|the|that|fn) | at least | bound_low (?!of|the|a|{_Q}|more|fn)) (or equal to?)?",
        _or_more,
    ),
    Rule("or less", f"{_Q} comma? (or less than? (?!{_Q}) | tops | at most | bound_high (?!of|the|a|that|{_Q}|other|fn))", _at_most),
    Rule("or equal", f"{_Q} or equal to?", _exactly),
    Rule("bounds on both sides", f"{_ALL} comma? (and|fn)? {_ALL}", _both_bounds),
)
