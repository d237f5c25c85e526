"""How long: "two weeks", "a fortnight", "10 business days", "an hour and a half", "1w3d2h"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import DAY
from bot.language.quantities.tally import glued

DUR = CLASS["dur"]
_COMPACT = {
    "w": 7 * DAY,
    "d": DAY,
    "h": 3600,
    "hr": 3600,
    "hrs": 3600,
    "m": 60,
    "min": 60,
    "mins": 60,
    "s": 1,
    "mo": 30 * DAY,
    "y": 365 * DAY,
}
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
    if not seconds or (period.word in _LETTERS and not _near(nodes[-2], period)):
        return None
    single = not period.word.endswith("s") and len(period.word) > 2 and period.cls != CLASS["second"]
    if number.name == "spoken" and single:
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


def _near(number: Node, letter: Node) -> bool:
    """ "3h", "3 h"; other letters stand for a period only when they are glued to the figure."""
    return glued(number, letter) or (letter.word == "h" and number.name == "digits")


def _seconds_glued(nodes: Sequence[Node]) -> list[Node] | None:
    """ "45s", but not "the 40s"."""
    number, letter = nodes
    round_one = (number.low or 0) % 10 == 0 and (number.low or 0) >= 20
    if letter.word != "s" or not glued(number, letter) or number.name != "digits" or round_one:
        return None
    made = _of(nodes, number.low, number.high)
    made[0].unit = "s"
    return made


def _one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a month", "another week", "the whole quarter"."""
    seconds = _seconds(nodes[-1])
    return _of(nodes, seconds, seconds) if seconds and len(nodes[-1].word) > 1 else None


def _fortnight(nodes: Sequence[Node]) -> list[Node] | None:
    return [*nodes[:-1], *(_one(nodes[-1:]) or nodes[-1:])] if nodes[-1].word == "fortnight" else None


def _some(nodes: Sequence[Node]) -> list[Node] | None:
    seconds = _seconds(nodes[-1])
    plural = nodes[-1].word.endswith("s") and seconds
    return _of(nodes, 3 * seconds, 3 * seconds, approximate=True) if plural else None


def _part(nodes: Sequence[Node]) -> list[Node] | None:
    """ "half an hour", "1/2 day", "three quarters of an hour"."""
    seconds = _seconds(nodes[-1])
    share = nodes[0].low or 0.5
    return _of(nodes, share * seconds, share * seconds) if seconds else None


def _quarter_hour(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a quarter hour", "quarter of a year"."""
    return _of(nodes, nodes[-1].low / 4, nodes[-1].low / 4) if nodes[-1].low else None


def _and_half_of_one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "hour and a half"."""
    seconds = _seconds(nodes[0])
    return _of(nodes, seconds * 1.5, seconds * 1.5) if seconds and not nodes[0].word.endswith("s") else None


def _or_two(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a week or two", "three weeks, maybe four"."""
    first, last = nodes[0], nodes[-1]
    if first.low is None or first.low != first.high or last.low is None or first.scale <= 1:
        return None
    count = first.low / first.scale
    if not count < last.low <= 3 * count:
        return None
    return [first.over(nodes, high=last.low * first.scale, approximate=True)]


def _part_of(nodes: Sequence[Node]) -> list[Node] | None:
    """ "one and a quarter of an hour"."""
    return _part(nodes) if nodes[0].low and nodes[0].low % 1 and nodes[0].low == nodes[0].high else None


def _compact(nodes: Sequence[Node]) -> list[Node]:
    """ "1w3d2h32m"."""
    value = 0.0
    for count, unit in re.findall(r"(\d+)([a-z]+)", nodes[-1].word.lower()):
        value += int(count) * _COMPACT[unit]
    value *= -1 if nodes[0].cls == CLASS["hyphen"] else 1
    return _of(nodes, value, value)


def _minutes(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2m": minutes; "1.2m" and what is counted are millions."""
    number = nodes[0]
    if not glued(number, nodes[1]) or number.low is None or number.high is None:
        return None
    if "." in number.word:
        return [number.over(nodes, low=number.low * 1e6, high=number.high * 1e6, scale=1e6)]
    made = _of(nodes, number.low * 60, number.high * 60)
    made[0].scale, made[0].unit = 60.0, "m"
    return made


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


def _clock(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2 days, 4:13:02"."""
    first, clock = nodes[0], nodes[-1]
    parts = clock.word.split(":")
    if len(parts) != 3 or first.low is None or first.low != first.high or not all(part.isdigit() for part in parts):
        return None
    value = first.low + int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])
    return [first.over(nodes, low=value, high=value)]


def _sum(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2 years and 3 months", "1w 3d 2h": from the larger to the smaller unit."""
    first, last = nodes[0], nodes[-1]
    if first.low is None or last.low is None or first.low != first.high or last.low != last.high or first.scale <= last.scale:
        return None
    whole_year = first.scale == 365 * DAY and last.scale == 30 * DAY
    base = first.low / 365 * 360 if whole_year else first.low
    value = base + (last.low if first.low >= 0 else -last.low)
    return [first.over(nodes, low=value, high=value, scale=last.scale)]


_PERIOD = "(period|quarter|second)"
COUNTED = (
    Rule("so many weeks", f"num hyphen? (another|more|less|businessword|whole|of){{0,2}} hyphen? {_PERIOD}", _counted),
    Rule("so many seconds", "num other", _seconds_glued),
    Rule("a quarter hour", "a? quarter of? a? period", _quarter_hour),
    Rule("part of an hour", f"share of? a? {_PERIOD}", _part),
    Rule("number of an hour", f"num of a? {_PERIOD}", _part_of),
    Rule("compact", "(hyphen|plus)? compact", _compact),
    Rule("minutes", "num mword (?!x)", _minutes),
    Rule("some days", f"some {_PERIOD}", _some),
)
LONE = (
    Rule("hour and a half", "(?<!a)(?<!the)(?<!per)(?<!num)(?<!each)(?<!every)(?<!slash) period and a? (half|share)", _and_half_of_one),
    Rule(
        "a month",
        "(?<!num)(?<!unit)(?<!pack)(?<!once)(?<!rate)(?<!times_)(?<!dur) (a|another) (whole|businessword)? (period|quarter)",
        _one,
    ),
    Rule("the whole week", f"the? whole {_PERIOD}", _one),
    Rule(
        "the fortnight",
        f"(the|that|next|last|ord) {_PERIOD}",
        _fortnight,
    ),
    Rule("a week or two", "dur comma? or num (?!unit|pack|period|percent|measure)", _or_two),
    Rule("and a half", "dur and a? (share|half|quarter)", _and_half),
    Rule("weeks and days", "dur comma? and? dur", _sum),
    Rule("weeks and days more", "dur comma? and? dur", _sum),
    Rule("weeks and days and more", "dur comma? and? dur", _sum),
    Rule("days and hours on the clock", "dur comma? and? time", _clock),
    Rule("hours and minutes", "dur and? num (?!unit|pack|measure|percent|people|gear|label|other|hyphen)", _smaller),
)
