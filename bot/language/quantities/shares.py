"""Fractions and percentages, and what they are a share of: "half of the 150", "a third of our volume", "ten per cent"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule

NUM, SHARE, PCT = CLASS["num"], CLASS["share"], CLASS["pct"]


def _part(node: Node) -> float:
    """What a half, quarter, third ... is of a whole."""
    value = node.low or 1.0
    return value if node.cls in (CLASS["half"], CLASS["quarter"], SHARE) else 1.0 / value


def _share(nodes: Sequence[Node], value: float) -> list[Node]:
    return [Node(SHARE, nodes[0].start, nodes[-1].end, "", value)]


def _of_ones(nodes: Sequence[Node]) -> list[Node] | None:
    """ "a third", "two thirds", "one-quarter"."""
    first, last = nodes[0], nodes[-1]
    if first.name == "digits" and last.cls == CLASS["quarter"]:
        return None
    if last.cls == CLASS["nth"] and first.cls == NUM and first.low != 1:
        return None
    if first.cls == NUM and (first.low is None or first.low != first.high):
        return None
    times = (first.low or 0.0) if first.cls == NUM else 1.0
    return _share(nodes, times * _part(last))


def _shared_scale(number: Node, *, large: bool, said: bool) -> float:
    """What a part after a number is a part of: of its scale ("two thousand and a half", "nine million and five ninths") or of one."""
    whole = number.scale > 1 and number.low is not None and not number.low % number.scale
    return number.scale if whole and (said or (large and number.scale >= 1e6)) else 1.0


def _mixed(nodes: Sequence[Node]) -> list[Node] | None:
    """ "two and a half", "2½", "10 1/2": a number again."""
    number, part = nodes[0], nodes[-1]
    if number.low is None or number.low != number.high:
        return None
    if part.cls == CLASS["slashdate"]:
        top, bottom = (int(piece) for piece in part.word.split("/")[:2])
        if not 0 < top < bottom or part.word.count("/") > 1 or bottom > 16:
            return None
        value = top / bottom
    else:
        value = _part(part)
    scale = _shared_scale(number, large=part.cls == SHARE and nodes[1].cls == CLASS["and"], said=part.cls != SHARE)
    return [number.over(nodes, low=number.low + value * scale, high=number.low + value * scale, word="")]


def _and_share(nodes: Sequence[Node]) -> list[Node] | None:
    """ "nine and three quarters", "two million and a third", "nine million and five ninths"."""
    number, share = nodes[0], nodes[-1]
    if number.low is None or number.low != number.high or (share.low or 1) >= 1:
        return None
    scale = _shared_scale(number, large=nodes[-2].cls == CLASS["and"], said=nodes[-2].cls == CLASS["a"])
    value = number.low + (share.low or 0) * scale
    return [number.over(nodes, low=value, high=value, word="")]


def _times_scale(nodes: Sequence[Node]) -> list[Node]:
    """ "half a million", "quarter million", "two thirds of a million"."""
    value = nodes[0].low or 1.0
    for node in nodes:
        if node.cls in (CLASS["scale"], CLASS["hundred"]) or (node.cls == NUM and node is not nodes[0]):
            value *= node.low or 1.0
    return [Node(NUM, nodes[0].start, nodes[-1].end, "", value)]


def _bare(nodes: Sequence[Node]) -> list[Node]:
    return _share(nodes, _part(nodes[-1]))


def _twice(nodes: Sequence[Node]) -> list[Node] | None:
    if (nodes[0].low or 1) < 2:
        return None
    return [*_share(nodes[:1], nodes[0].low or 2.0), *nodes[1:]]


def _over(nodes: Sequence[Node]) -> list[Node] | None:
    """ "one over three", "142 / 11"."""
    top, bottom = nodes[0], nodes[-1]
    if not bottom.low or top.low is None or top.low != top.high:
        return None
    spelled = "digits" not in (top.name, bottom.name)
    mixed = top.name != bottom.name and nodes[1].cls != CLASS["slash"]
    if not (spelled or mixed) or (nodes[1].cls != CLASS["slash"] and top.low >= bottom.low):
        return None
    return _share(nodes, top.low / bottom.low)


def _out_of(nodes: Sequence[Node]) -> list[Node] | None:
    """ "1 in 5", "two out of three"."""
    top, bottom = nodes[0], nodes[-1]
    if top.low is None or not bottom.low or top.low != top.high or not 0 < top.low < bottom.low <= 20:
        return None
    return _share(nodes, top.low / bottom.low)


def _few_of(nodes: Sequence[Node]) -> list[Node] | None:
    """ "one in five orders", "2 out of every 10 parcels"."""
    return _out_of(nodes) if (nodes[0].low or 9) <= 3 or any(node.cls == CLASS["every"] for node in nodes) else None


def _times(nodes: Sequence[Node]) -> list[Node] | None:
    """ "three times that", "2.5 times the 60"."""
    return _share(nodes, nodes[0].low) if nodes[0].low and nodes[0].low == nodes[0].high else None


def _percent(nodes: Sequence[Node]) -> list[Node]:
    number = nodes[0]
    made = number.over(nodes, cls=PCT, unit="%")
    return [made]


def _percent_times(nodes: Sequence[Node]) -> list[Node] | None:
    """ "ten per cent"."""
    return _percent(nodes) if nodes[-1].word == "cent" else None


def _of_figure(nodes: Sequence[Node]) -> list[Node] | None:
    """ "half of the 150", "20 % of those 1,200": the part in figures, with the unit and rate of the whole."""
    share, whole = nodes[0], nodes[-1]
    if whole.low is None or share.low is None or whole.low < 4 or len(nodes) < 3:
        return None
    factor = 0.01 if share.cls == PCT else 1.0
    high = (share.high if share.high is not None else share.low) * factor * (whole.high if whole.high is not None else whole.low)
    return [
        whole.over(
            nodes,
            low=share.low * factor * whole.low,
            high=high,
            approximate=whole.approximate or share.approximate,
            hedges=share.hedges + whole.hedges,
        )
    ]


def _of(nodes: Sequence[Node]) -> list[Node] | None:
    """Notes what the share is of, up to five words; the words stay in the row."""
    share = nodes[0]
    if share.of:
        return None
    share.of = (nodes[2 if nodes[1].cls == CLASS["of"] else 1].start, nodes[-1].end)
    share.rule = ""
    return list(nodes)


def _scale_share(nodes: Sequence[Node]) -> list[Node]:
    share = next(node for node in nodes if node.cls in (CLASS["half"], CLASS["quarter"]))
    return _times_scale([*_share([nodes[0]], _part(share)), *nodes[nodes.index(share) + 1 :]])


def _large_scale(nodes: Sequence[Node]) -> list[Node] | None:
    return _times_scale(nodes) if (nodes[-1].low or 0) >= 1e6 else None


def _quarter_more(nodes: Sequence[Node]) -> list[Node] | None:
    return None if nodes[2].cls == NUM and nodes[2].low != 1 else _mixed(nodes)


def _plural_parts(nodes: Sequence[Node]) -> list[Node] | None:
    """ "three fifths", "two thirds": the plural tells that these are parts."""
    return _share(nodes, (nodes[0].low or 0) * _part(nodes[-1])) if nodes[-1].word.endswith("s") else None


def _half_scale(nodes: Sequence[Node]) -> list[Node]:
    made = Node(CLASS["dig"], nodes[0].start, nodes[-1].end, "", ((nodes[0].low or 0) + 0.5) * (nodes[-1].low or 1))
    return [made]


def _one_part(nodes: Sequence[Node]) -> list[Node] | None:
    """ "seven million and one half": the one counts halves, it does not end the million."""
    return _share(nodes, _part(nodes[-1])) if nodes[0].cls == CLASS["ones"] and nodes[0].low == 1 else None


def _tens_parts(nodes: Sequence[Node]) -> list[Node] | None:
    """ "one twenty-fifth", "three twenty-firsts"."""
    tens, last = next(node for node in nodes[1:] if node.cls == CLASS["tens"]), nodes[-1]
    if nodes[0].low != 1 and last.cls != CLASS["nths"]:
        return None
    return _share(nodes, (nodes[0].low or 0) / ((tens.low or 0) + (last.low or 0)))


def _hundredth_parts(nodes: Sequence[Node]) -> list[Node] | None:
    """ "one one hundred fifth", "two one hundred and tenths"."""
    last = nodes[-1]
    if nodes[0].low != 1 and last.cls != CLASS["nths"]:
        return None
    hundreds = nodes[1] if nodes[1].cls != CLASS["hyphen"] else nodes[2]
    rest = sum(node.low or 0 for node in nodes if node.cls == CLASS["tens"])
    return _share(nodes, (nodes[0].low or 0) / ((hundreds.low or 1) * 100 + rest + (last.low or 0)))


def _every_tenth(nodes: Sequence[Node]) -> list[Node] | None:
    """ "every tenth order", "every 2nd of the 500", "every other order": one in so many."""
    which = nodes[1]
    if which.cls == CLASS["other"]:
        which.low = 2.0 if which.word.lower() == "other" else None
    if not which.low or which.low < 2:
        return None
    made = _share(nodes[:2], 1.0 / which.low)
    if nodes[-1].cls != CLASS["of"]:
        made[0].of = (nodes[-1].start, nodes[-1].end)
    return [*made, *nodes[2:]]


def _doubled(nodes: Sequence[Node]) -> list[Node]:
    """ "double that", "halve the volume"."""
    return [*_share(nodes[:1], nodes[0].low or 1.0), *nodes[1:]]


def _percentage_points(nodes: Sequence[Node]) -> list[Node] | None:
    return _percent(nodes) if nodes[-1].word.lower().startswith("point") else None


FIRST = (
    Rule("and one half", "(?<=and) ones hyphen? (half|quarter|nth) (?!unit|pack)", _one_part),
    Rule("six and a half hundred", "(ones|teen|tens|dig) and a? half (hundred|scale)", _half_scale),
    Rule("parts of hundreds", "(?<!tens)(?<!hyphen) ones hyphen? ones hundred and? (tens hyphen?)? (nth|nths)", _hundredth_parts),
    Rule("parts of tens", "ones hyphen? tens hyphen (nth|nths) | (ones|teen|tens) tens hyphen? nths", _tens_parts),
    Rule("share of a scale", "(?<!and)(?<!a) a? (half|quarter) of? a? (scale|hundred)", _scale_share),
    Rule("parts, plural", "(?<!tens)(?<!hyphen)(?<!hundred) ones hyphen? (nths|quarter|half)", _plural_parts),
)
MIXED = (
    Rule("a number and a half", "num (and a? | hyphen) half | num (and a? | hyphen)? share", _mixed),
    Rule("a number and a quarter", "num and (a|num) (quarter|nth)", _quarter_more),
    Rule("a number and a slashed part", "num (hyphen|and)? slashdate", _mixed),
    Rule("so many parts", "num hyphen? (half|quarter|nth|nths)", _of_ones),
    Rule("a part", "(?<!num)(?<!unit)(?<!pack) a (half|quarter|nth) (?!unit|pack|people|gear|period)", _of_ones),
    Rule("half", "half (?!past) | (?<!the)(nths|quarter) (?=of) | (?<!the)(?<!num)(?<!every) nth (?=of (a|that)(?!period))", _bare),
    Rule("a number and parts", "num and share", _and_share),
    Rule("part of a scale", "share of (a scale | num)", _large_scale),
    Rule("twice that", "once (that|the|of|other)", _twice),
    Rule("double that", "factor (that|the)", _doubled),
    Rule("one over three", "num (slash|bound_low) num", _over),
    Rule("three times that", "num times_ (?=that|the (num|count|rate))", _times),
    Rule("one in five orders", "num (in|out of) every? num (?=unit)", _few_of),
    Rule("one in five", "num (in|out of) every? num (?!unit|pack|period|percent|measure)", _out_of),
)
PERCENTS = (
    Rule("percentage points", "(num|share) hyphen? percent other", _percentage_points),
    Rule("percent", "(num|share) hyphen? percent", _percent),
    Rule("part of a percent", "share of? a percent", _percent),
    Rule("per cent", "num per (other|currencyword)", _percent_times),
)
EVERY_TENTH = (Rule("every tenth", "(every|each) (nth|second|ord|other) (unit|pack|of)", _every_tenth),)
OF_FIGURE = (Rule("share of a figure", "pct of (the|that){0,2} (num|count|rate) | share of? (the|that){0,2} (num|count|rate)", _of_figure),)
OF_WORDS = (
    Rule("share of what is said", "(share|pct) of (the|that|a|whole){0,2} (other|daily|unit|pack|fn|that){1,4}", _of),
    Rule("half that", "share (the|that|whole) (other|daily|unit|pack){0,3}", _of),
)
