"""Numbers that are said loosely: dozens, a couple of hundred, a handful, low double digits, twenty odd."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule

NUM = CLASS["num"]
_WIDTH = {"couple": (2.0, 2.0), "few": (2.0, 5.0), "several": (3.0, 9.0)}
_SPREAD = {"low": (0.1, 0.3), "lower": (0.1, 0.3), "early": (0.1, 0.3), "mid": (0.4, 0.6), "middle": (0.4, 0.6)}
_DIGITS = {"single": 1.0, "double": 2.0, "two": 2.0, "triple": 3.0, "three": 3.0, "four": 4.0, "2": 2.0, "3": 3.0, "4": 4.0}


def _number(nodes: Sequence[Node], low: float, high: float | None, approximate: bool = True) -> list[Node]:
    made = Node(NUM, nodes[0].start, nodes[-1].end, "", low)
    made.high, made.approximate, made.name = high, approximate, "spelled"
    return [made]


def _loose(nodes: Sequence[Node]) -> list[Node]:
    """ "a couple of hundred", "several dozen", "a few"."""
    low, high, exact = 1.0, 1.0, False
    for node in nodes:
        for name, (least, most) in _WIDTH.items():
            if node.cls == CLASS[name]:
                low, high, exact = least, most, node.word == "pair"
    times = 1.0
    for node in nodes:
        if node.cls in (CLASS["dozen"], CLASS["hundred"], CLASS["scale"], CLASS["dozens"]):
            times *= node.low or 1
    return _number(nodes, low * times, high * times, not exact)


def _dozens(nodes: Sequence[Node]) -> list[Node]:
    """ "a dozen", "two dozen", "half a dozen", "a dozen and a half", "10 to 12 dozen"."""
    low = high = 1.0
    halves = [node for node in nodes if node.cls == CLASS["half"]]
    if nodes[0].cls == NUM:
        low, high = nodes[0].low or 0, nodes[0].high or 0
    elif nodes[0].cls == CLASS["half"]:
        low = high = 0.5
    elif halves:
        low = high = 1.5
    size = next(node.low or 12 for node in nodes if node.cls in (CLASS["dozen"], CLASS["dozens"]))
    return _number(nodes, low * size, high * size, approximate=nodes[0].approximate)


def _dozen_or_two(nodes: Sequence[Node]) -> list[Node]:
    """ "a dozen or two"."""
    return _number(nodes, nodes[1].low or 12, (nodes[1].low or 12) * (nodes[-1].low or 2))


def _plenty(nodes: Sequence[Node]) -> list[Node]:
    """ "dozens", "hundreds of thousands": two of them at least."""
    value = 2.0
    for node in nodes:
        value *= node.low or 1
    return _number(nodes, value, None)


def _handful(nodes: Sequence[Node]) -> list[Node]:
    return _number(nodes, 3.0, 7.0)


def _something(nodes: Sequence[Node]) -> list[Node] | None:
    """ "sixty-something", "fifty-some", "20-odd"."""
    number, last = nodes[0], nodes[-1]
    hyphened = nodes[1].cls == CLASS["hyphen"]
    if last.word.lower() not in ("something", "somethings", "sth", "odd", "some") or (last.word == "some" and not hyphened):
        return None
    low = number.low or 0
    if low < 20 or low % 10:
        return None
    step = 10 if low < 100 else 500 if not low % 1000 else 100
    return _number(nodes, low, low + step - 1)


def _double_digits(nodes: Sequence[Node]) -> list[Node] | None:
    """ "low double digits", "high single digits", "three figures"."""
    places = next((_DIGITS[node.word] for node in nodes if node.word in _DIGITS), None)
    counted = any(node.word in ("digit", "digits", "figure", "figures") for node in nodes)
    vague = nodes[0].cls == CLASS["level"] or any(node.word in ("single", "double", "triple") for node in nodes)
    if places is None or not (counted and vague):
        return None
    bottom, top = (1.0 if places == 1 else 10 ** (places - 1)), 10**places
    level = nodes[0].word if nodes[0].cls == CLASS["level"] else ""
    low, high = _SPREAD.get(level, (0.7, 1.0) if level else (0.0, 1.0))
    return _number(nodes, max(bottom, top * low), top * high if high < 1 else top - 1)


def _decade(nodes: Sequence[Node]) -> list[Node]:
    """ "low twenties", "mid forties", "the high hundreds", "mid-20s"."""
    bottom = nodes[-1].low or 0
    size = 10.0 if bottom < 100 else bottom * 9
    if nodes[-1].word == "teens":
        size = 7.0
    level = nodes[0].word if nodes[0].cls == CLASS["level"] else ""
    low, high = {"": (0.0, 0.9), "low": (0.1, 0.3), "early": (0.1, 0.3), "lower": (0.1, 0.3), "mid": (0.4, 0.6), "middle": (0.4, 0.6)}.get(
        level, (0.7, 0.9)
    )
    if bottom >= 100:
        low, high = {"low": (0.0, 0.3), "lower": (0.0, 0.3), "": (0.0, 1.0)}.get(level, (low, high))
    return _number(nodes, bottom + low * size, bottom + high * size)


def _digit_decade(nodes: Sequence[Node]) -> list[Node] | None:
    """ "the 20s", "mid 30s"."""
    if nodes[-1].word != "s" or nodes[-2].end != nodes[-1].start or (nodes[-2].low or 1) % 10 or (nodes[-2].low or 0) > 900:
        return None
    size = 10.0 if (nodes[-2].low or 0) < 100 else 100.0
    low, high = _SPREAD.get(nodes[0].word, (0.7, 0.9))
    base = nodes[-2].low or 0
    return _number(nodes, base + low * size, base + high * size)


RULES = (
    Rule("single, double digits", "level? hyphen? (ones|other|num|factor) hyphen? digit", _double_digits),
    Rule("low twenties", "(level hyphen? | (?<=the)) (tensplural|hundreds|scales)", _decade),
    Rule("mid 20s", "level hyphen? dig other", _digit_decade),
    Rule("a few hundred", "(a|the)? (couple|few|several) (hyphen? of? (hundred|dozen|dozens|scale) scale?)?", _loose),
    Rule("dozens of thousands", "(?<!ones|teen|tens|dig|some) (dozens|hundreds|scales) (of (hundreds|scales|dozens))?", _plenty),
    Rule("a handful", "a? handful", _handful),
)
DOZENS = (
    Rule("a dozen or two", "a (dozen) or num", _dozen_or_two),
    Rule("sixty-something", "num hyphen? (other|some|odd) (?!num)", _something),
    Rule("dozen", "(num|a|half a?)? hyphen? dozen (and a half)?", _dozens),
    Rule("dozens of", "num dozens", _dozens),
)
