"""How long: "two weeks", "a fortnight", "10 business days", "an hour and a half", "1w3d2h"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import DAY
from bot.language.quantities.numbers import glued

DUR = CLASS["dur"]
_QUARTER_SECONDS = 90 * DAY
_LETTERS = frozenset("hdwmsy")


def _seconds(node: Node) -> float:
    return _QUARTER_SECONDS if node.cls == CLASS["quarter"] else 1.0 if node.cls == CLASS["second"] else node.low or 0.0


def _of(nodes: Sequence[Node], low: float | None, high: float | None, approximate: bool = False) -> list[Node]:
    made = Node(DUR, nodes[0].start, nodes[-1].end, "", low)
    made.high, made.approximate = high, approximate
    made.unit = " ".join(
        node.word for node in nodes if node.cls in (CLASS["businessword"], CLASS["period"], CLASS["quarter"], CLASS["second"])
    )
    made.scale = _seconds(nodes[-1]) if nodes[-1].cls in (CLASS["period"], CLASS["quarter"], CLASS["second"]) else 1.0
    return [made]


def _counted(nodes: Sequence[Node]) -> list[Node] | None:
    number, period = nodes[0], nodes[-1]
    seconds = _seconds(period)
    if not seconds or (period.word in _LETTERS and not glued(nodes[-2], period)):
        return None
    low, high = number.low, number.high
    if (
        number.approximate
        and number.word == ""
        and low is not None
        and high is not None
        and high > low
        and high <= 9
        and not number.hedges
        and low in (2, 3)
    ):
        low = high = 3.0
    made = _of(nodes, None if low is None else low * seconds, None if high is None else high * seconds, number.approximate)
    made[0].hedges = number.hedges
    return made


def _one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a month", "another week", "the whole quarter"."""
    seconds = _seconds(nodes[-1])
    return _of(nodes, seconds, seconds) if seconds and len(nodes[-1].word) > 1 else None


def _some(nodes: Sequence[Node]) -> list[Node] | None:
    seconds = _seconds(nodes[-1])
    plural = nodes[-1].word.endswith("s") and seconds
    return _of(nodes, 3 * seconds, 3 * seconds, approximate=True) if plural else None


def _part(nodes: Sequence[Node]) -> list[Node] | None:
    """ "half an hour", "1/2 day", "three quarters of an hour"."""
    seconds = _seconds(nodes[-1])
    share = nodes[0].low or 0.5
    return _of(nodes, share * seconds, share * seconds) if seconds else None


def _and_half(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a month and a half", "one hour and half"."""
    first = nodes[0]
    if first.low is None or first.low != first.high:
        return None
    share = nodes[-1].low or 0.5
    value = first.low + share * first.scale
    return [first.over(nodes, low=value, high=value)]


def _smaller(nodes: Sequence[Node]) -> list[Node] | None:
    """ "1 hour fifteen", "2 hours and 10"."""
    first, number = nodes[0], nodes[-1]
    if first.low is None or number.low is None or number.low >= 60 or first.scale not in (3600.0, 60.0):
        return None
    value = first.low + number.low * first.scale / 60
    return [first.over(nodes, low=value, high=value)]


def _sum(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2 years and 3 months", "1w 3d 2h": from the larger to the smaller unit."""
    first, last = nodes[0], nodes[-1]
    if first.low is None or last.low is None or first.low != first.high or last.low != last.high or first.scale <= last.scale:
        return None
    value = first.low + (last.low if first.low >= 0 else -last.low)
    return [first.over(nodes, low=value, high=value, scale=last.scale)]


_PERIOD = "(period|quarter|second)"
COUNTED = (
    Rule("so many weeks", f"num hyphen? (another|more|less|businessword|whole|the){{0,2}} hyphen? {_PERIOD}", _counted),
    Rule("part of an hour", f"share of? a? {_PERIOD}", _part),
    Rule("some days", f"some {_PERIOD}", _some),
)
LONE = (
    Rule("a month", f"(?<!num)(?<!unit)(?<!pack)(?<!once)(?<!rate)(?<!times_) (a|another) (whole|businessword|other)? {_PERIOD}", _one),
    Rule("the whole week", f"the? whole {_PERIOD}", _one),
    Rule(
        "the fortnight",
        f"(the|that|next|last|ord) {_PERIOD}",
        lambda nodes: [*nodes[:-1], *(_one(nodes[-1:]) or nodes[-1:])] if nodes[-1].word == "fortnight" else None,
    ),
    Rule("and a half", "dur and a? (share|half|quarter)", _and_half),
    Rule("weeks and days", "dur comma? and? dur", _sum),
    Rule("weeks and days more", "dur comma? and? dur", _sum),
    Rule("weeks and days and more", "dur comma? and? dur", _sum),
    Rule("hours and minutes", "dur and? num (?!unit|pack|measure|percent|people|gear|label|other|hyphen)", _smaller),
)
