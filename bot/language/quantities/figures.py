"""Figures that stand in pieces, made one before numbers are read: "1 234", "two point five", "8 50 a day", "four-four-seven"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.tally import glued, read_run

_ONES, _TENS, _HUNDRED, _SCALE, _DIG, _OH = (CLASS[name] for name in ("ones", "tens", "hundred", "scale", "dig", "oh"))


def _plural(nodes: Sequence[Node]) -> list[Node]:
    """ "thirty-five thousands", "the seven hundreds": after a number, the plural counts like the singular."""
    last = nodes[-1]
    last.cls = {CLASS["hundreds"]: _HUNDRED, CLASS["scales"]: _SCALE}[last.cls]
    return list(nodes)


def _broken_off(nodes: Sequence[Node]) -> list[Node] | None:
    """ "8 50 a day", as calls are transcribed: eight fifty."""
    first, second = nodes[0], nodes[1]
    if len(first.word) != 1 or first.word == "0" or len(second.word) != 2 or second.word[0] == "0" or second.start - first.end != 1:
        return None
    value = (first.low or 0) * 100 + (second.low or 0)
    return [first.over(nodes[:2], low=value, high=value, word=first.word + second.word), *nodes[2:]]


def _five_and_twenty(nodes: Sequence[Node]) -> list[Node]:
    value = (nodes[0].low or 0) + (nodes[2].low or 0)
    return [Node(_DIG, nodes[0].start, nodes[2].end, "", value)]


_NO_COUNT = 1e8
"""Nobody counts that many: "210 214 219" are three days' figures."""


def _spaced(nodes: Sequence[Node]) -> list[Node] | None:
    """ "1 234 567": groups of three with single blanks between."""
    groups = nodes if nodes[0].cls == _DIG else nodes[1:]
    first, *rest = groups
    whole = len(first.word) <= 3 and first.word.isdigit() and all(len(node.word) == 3 and node.word.isdigit() for node in rest)
    near = all(right.start - left.end == 1 for left, right in pairwise(groups))
    if not whole or not near or first.word.startswith("0"):
        return None
    value = float("".join(node.word for node in groups))
    if value >= _NO_COUNT:
        return None
    return [first.over(groups, low=value, high=value, word="".join(node.word for node in groups))]


def _point(nodes: Sequence[Node]) -> list[Node] | None:
    """ "two point three", "point seventy seven", "1 point 1", "three hundred point zero four"."""
    at = next(place for place, node in enumerate(nodes) if node.cls == CLASS["point"])
    whole = 0.0
    if at:
        before = [nodes[0]] if at == 1 else read_run(nodes[:at])
        if len(before) != 1 or before[0].low is None:
            return None
        whole = before[0].low
    after = [node for node in nodes[at + 1 :] if node.cls != CLASS["hyphen"]]
    figures = "".join(f"{node.low or 0:.0f}" for node in after)
    if len(after) == 2 and after[0].cls == _TENS and after[1].cls == _ONES:
        figures = f"{(after[0].low or 0) + (after[1].low or 0):.0f}"
    made = Node(_DIG, nodes[0].start, nodes[-1].end, f"{whole:.0f}.{figures}", float(f"{whole:.0f}.{figures}"))
    return [made]


def _suffixed(nodes: Sequence[Node]) -> list[Node] | None:
    """ "12m packages": glued m for million where what is counted cannot be metres or minutes."""
    if not glued(nodes[0], nodes[1]) or nodes[1].word != "m":
        return None
    value = (nodes[0].low or 0) * 1e6
    made = Node(CLASS["num"], nodes[0].start, nodes[1].end, "", value)
    made.scale, made.name = 1e6, "digits"
    return [made, *nodes[2:]]


def _one_by_one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "four-four-seven", "six two oh five": three make a number, more an identifier."""
    figures = [node for node in nodes if node.cls in (_ONES, _OH)]
    if figures[0].cls == _OH or (figures[-1].cls == _OH and not glued(*nodes[-2:])) or any(node.word == "single" for node in figures):
        return None
    if len(figures) > 3:
        return [Node(CLASS["ident"], nodes[0].start, nodes[-1].end, "spoken digits")]
    value = float("".join(f"{node.low or 0:.0f}" for node in figures))
    return [Node(_DIG, nodes[0].start, nodes[-1].end, "", value)]


def _oh(nodes: Sequence[Node]) -> list[Node]:
    """ "eighteen-oh-five", "seven oh six"."""
    return [Node(_DIG, nodes[0].start, nodes[-1].end, "", (nodes[0].low or 0) * 100 + (nodes[-1].low or 0))]


def _power(nodes: Sequence[Node]) -> list[Node] | None:
    """ "10^5"."""
    base, sign, exponent = nodes
    if sign.word != "^" or not (glued(base, sign) and glued(sign, exponent)) or (exponent.low or 0) > 30 or (base.low or 0) > 1000:
        return None
    return [Node(_DIG, base.start, exponent.end, f"{base.word}^{exponent.word}", (base.low or 0) ** (exponent.low or 0))]


def _misread(nodes: Sequence[Node]) -> list[Node]:
    """ "l5O parcels": letters that a scan or a tired hand took for figures, where what follows is counted; else some code."""
    first = nodes[0]
    if len(nodes) == 1:
        return [Node(CLASS["ident"], first.start, first.end, first.word)]
    digits = first.word.translate(_LOOKALIKES)
    return [Node(_DIG, first.start, first.end, digits, float(digits)), *nodes[1:]]


def _comma_in_thousands(nodes: Sequence[Node]) -> list[Node] | None:
    """ "seven thousand, eight hundred": one number with a comma where figures would have one."""
    scale = nodes[0].low or 0
    size = max((node.low or 0 for node in nodes[2:] if node.cls in (_HUNDRED, _SCALE)), default=0.0)
    return [nodes[0], *nodes[2:]] if len(nodes[0].word) > 2 and 0 < size < scale else None


def _twenty_and_three(nodes: Sequence[Node]) -> list[Node]:
    """ "twenty and three and three fifths"."""
    return [Node(_DIG, nodes[0].start, nodes[2].end, "", (nodes[0].low or 0) + (nodes[2].low or 0)), *nodes[3:]]


_LOOKALIKES = str.maketrans("lIOo", "1100")
_WHOLE = "(ones|teen|tens|hundred|scale)"
RULES = (
    Rule("misread figures", "misread ((unit|pack|daily|adv)|(a|per|slash|each) period)?", _misread),
    Rule("power", "dig other dig", _power),
    Rule(
        "spoken decimal",
        f"(a? {_WHOLE} ((hyphen|and)? {_WHOLE}){{0,8}} | dig)? point ((ones|dig){{1,8}}|teen|tens (hyphen? ones)?)",
        _point,
    ),
    Rule("comma in thousands", f"scale comma (ones|teen|tens) (hyphen? ones)? (hundred|scale) (and? {_WHOLE})?", _comma_in_thousands),
    Rule("twenty and three", "(?<!between)(?<!from) tens and ones and (share|(ones|a) (nth|half|quarter))", _twenty_and_three),
    Rule("digits one by one", "(ones|oh)(hyphen? (ones|oh)){2,15} (?!hundred|scale|tens|teen|hyphen)", _one_by_one),
    Rule("eighteen-oh-five", "(ones|teen|tens) hyphen? oh hyphen? ones (?!hundred|scale)", _oh),
    Rule("plural after a number", "(ones|teen|tens|dig) hyphen? (hundreds|scales)", _plural),
    Rule(
        "five and twenty",
        "(?<!between)(?<!tens)(?<!hundred)(?<!scale)(?<!from) ones and tens (?!ones|hyphen|hundred|scale)",
        _five_and_twenty,
    ),
    Rule("broken off", "(?<!idword)(?<!hash)(?<!dig)(?<!x) dig dig (a period|per|slash|daily|unit)", _broken_off),
    Rule("digits in groups", "(?<!idword)(?<!hash)(?<!dig) dig dig{1,5} (?!dig)", _spaced),
    Rule("m for million", "dig mword (unit|pack|of|per|slash|a (period|unit))", _suffixed),
)
