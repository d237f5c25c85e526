"""What has figures and is no count: money, weights and sizes, identifiers, times of day, ordinals, pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import words
from bot.language.quantities.tally import glued

NUM, IDENT, MEAS, TIME, MONEY = (CLASS[name] for name in ("num", "ident", "meas", "time", "money"))


def _numbers(nodes: Sequence[Node]) -> list[Node]:
    return [node for node in nodes if node.cls == NUM]


_SIZES = {"in": 25.4, "inch": 25.4, "inches": 25.4, "''": 25.4, '"': 25.4, "ft": 304.8, "foot": 304.8, "feet": 304.8, "'": 304.8}
_SIZES |= {"yd": 914.4, "yard": 914.4, "yards": 914.4, "mm": 1.0, "millimeter": 1.0, "millimeters": 1.0, "cm": 10.0, "cms": 10.0}
_SIZES |= {"centimeter": 10.0, "centimeters": 10.0, "meter": 1e3, "meters": 1e3, "metre": 1e3, "metres": 1e3, "km": 1e6, "kms": 1e6}
_WEIGHTS = {"mg": 1e-3, "g": 1.0, "gram": 1.0, "grams": 1.0, "kg": 1e3, "kgs": 1e3, "kilo": 1e3, "kilos": 1e3, "oz": 28.349523125}
_WEIGHTS |= {"ounce": 28.349523125, "ounces": 28.349523125, "lb": 453.59237, "lbs": 453.59237, "pound": 453.59237, "pounds": 453.59237}


_SIZES |= {"centimetre": 10.0, "centimetres": 10.0, "millimetre": 1.0, "millimetres": 1.0, "kilometer": 1e6, "kilometers": 1e6, "m": 1e3}
_SIZES |= {"kilometre": 1e6, "kilometres": 1e6, "dm": 100.0, "mi": 1_609_344.0, "mile": 1_609_344.0, "miles": 1_609_344.0}
_VOLUMES = dict.fromkeys(("l", "liter", "liters", "litre", "litres"), 1e3) | {"dl": 100.0, "cl": 10.0}
_VOLUMES |= dict.fromkeys(("ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres"), 1.0)
_METRIC = words(
    """
    mm millimeter millimeters millimetre millimetres cm cms centimeter centimeters centimetre centimetres dm m meter meters metre metres
    km kms kilometer kilometers kilometre kilometres mg g gram grams kg kgs kilo kilos
    """
)
_MODIFIERS = words("square cubic metric short nautical fluid fl sq cu linear running")


def _composed(nodes: Sequence[Node]) -> list[Node] | None:
    """ "7 feet 10 inches", "2 lb 3 oz": all of it in the smaller unit; where metric and imperial meet, in the first."""
    first, last = nodes[0], nodes[-1]
    if first.low is None or first.low != first.high or last.low is None:
        return None
    for factors in (_SIZES, _WEIGHTS, _VOLUMES):
        large, small = factors.get(first.unit or ""), factors.get(last.unit or "")
        if large and small and large > small:
            if (first.unit in _METRIC) != (last.unit in _METRIC):
                value = first.low + last.low * small / large
                return [first.over(nodes, low=value, high=value)]
            value = first.low * large / small + last.low
            return [last.over(nodes, low=value, high=value)]
    return None


def _whole(cls: str, nodes: Sequence[Node]) -> list[Node]:
    return [Node(CLASS[cls], nodes[0].start, nodes[-1].end, "".join(node.word for node in nodes))]


_NUMBERED = words(
    """
    sku line row station doors docks bays lanes stations scanner printer lines rows
    """
)
_VERBS = frozenset(("route", "store", "model", "rule", "page", "zip", "ship", "slide", "code", "zone"))


_PAPERS = words("bol bols po invoice inv pro tracking awb ref reference account acct ticket number no. nr nrs num tel phone mobile fax pin")


def _ident(nodes: Sequence[Node]) -> list[Node]:
    return _whole("ident", nodes)


def _ident_number(nodes: Sequence[Node]) -> list[Node] | None:
    """ "dock 6", "BOL no. 5510392": the number names something."""
    numbers = _numbers(nodes)
    number = numbers[0]
    if len(numbers) > 1 and not (glued(number, nodes[-2]) and glued(nodes[-2], nodes[-1])):
        return None
    if nodes[0].word in _VERBS and number.name != "digits":
        return None
    if number.name == "spelled" and (number.low or 0) > 99 and nodes[0].word not in ("route", "highway", "zip", "ext"):
        return None
    if number.low != number.high and nodes[0].word in ("number", "num", "no", "no."):
        return None
    made = _ident(nodes)
    made[0].low, made[0].high = number.low, number.high
    return made


def _in_groups(nodes: Sequence[Node]) -> list[Node] | None:
    """ "PRO number 15 40 15", "tracking 7714 0092 31": the groups are one name; "week 2 31 30 29" are three figures."""
    groups = _numbers(nodes)
    near = all(right.start - left.end == 1 for left, right in pairwise(groups))
    return _ident(nodes) if nodes[0].word in _PAPERS and near and all(one.name == "digits" for one in groups) else None


def _line_number(nodes: Sequence[Node]) -> list[Node] | None:
    """ "SKU 8842", "line 3"."""
    return _ident(nodes) if nodes[0].word in _NUMBERED and nodes[1].name == "digits" else None


def _week_number(nodes: Sequence[Node]) -> list[Node] | None:
    """ "week one", "day 3": which one, not how many."""
    period, number = nodes
    if period.name not in ("day", "week", "month", "year", "quarter") or period.word.endswith("s") or len(period.word) < 3:
        return None
    if number.low is None or number.low != number.high or number.low > 60 or number.approximate:
        return None
    return _ident(nodes)


def _plus_one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "+1": agreement, not a count."""
    return _ident(nodes) if nodes[1].word == "1" and glued(nodes[0], nodes[1]) else None


def _dollars_and_cents(nodes: Sequence[Node]) -> list[Node] | None:
    """ "two dollars and fifty cents"."""
    whole, cents = nodes[0], nodes[-1]
    if cents.unit not in ("cent", "cents") or whole.unit in ("cent", "cents") or whole.low is None or whole.low != whole.high:
        return None
    value = whole.low + (cents.low or 0) / 100
    return [whole.over(nodes, low=value, high=value)]


def _thousands_of_money(nodes: Sequence[Node]) -> list[Node] | None:
    """ "€1.200": where cents have two places, three after the dot part thousands."""
    number = _numbers(nodes)[0]
    sign = next(node.word for node in nodes if node.cls in (CLASS["currency"], CLASS["currencyword"]))
    head, dot, tail = number.word.partition(".")
    if sign not in ("€", "eur", "euro", "euros", "chf") or not dot or len(tail) != 3 or head == "0" or len(head) > 3:
        return None
    number.low = number.high = float(head + tail)
    return _money(nodes)


def _money(nodes: Sequence[Node]) -> list[Node]:
    number = _numbers(nodes)[0]
    sign = next(node.word for node in nodes if node.cls in (CLASS["currency"], CLASS["currencyword"]))
    return [number.over(nodes, cls=MONEY, unit=sign)]


def _decimal_comma(nodes: Sequence[Node]) -> list[Node] | None:
    """ "4,85 €", "7,5 t": a comma for the decimals where what follows or stands before cannot be counted in whole pieces."""
    parts = [node for node in nodes if node.cls == CLASS["dig"]]
    left, right = parts[0], parts[-1]
    comma = nodes[nodes.index(left) + 1]
    if not (glued(left, comma) and glued(comma, right)) or len(right.word) > 2 or not (left.word + right.word).isdigit():
        return None
    value = float(f"{left.word}.{right.word}")
    begin, end = nodes.index(left), nodes.index(right)
    made = Node(CLASS["dig"], left.start, right.end, f"{left.word}.{right.word}", value)
    return [*nodes[:begin], made, *nodes[end + 1 :]]


def _zeros(nodes: Sequence[Node]) -> list[Node] | None:
    return _decimal_comma(nodes) if nodes[2].word == "00" else None


def _measure(nodes: Sequence[Node]) -> list[Node] | None:
    number, unit = _numbers(nodes)[0], nodes[-1]
    if len(unit.word) == 1 and not glued(nodes[-2], unit) and unit.word not in "gtlmg°":
        return None
    return [number.over(nodes, cls=MEAS, unit=unit.word)]


def _inches(nodes: Sequence[Node]) -> list[Node] | None:
    number = _numbers(nodes)[0]
    if not glued(number, nodes[1]) and nodes[-1] is nodes[1]:
        return None
    return [number.over(nodes[:2], cls=MEAS, unit="in"), *nodes[2:]]


def _more_inches(nodes: Sequence[Node]) -> list[Node]:
    return [nodes[0], nodes[2].over(nodes[2:], cls=MEAS, unit="in")]


def _quoted(nodes: Sequence[Node]) -> list[Node] | None:
    """ "5''", "7'": feet and inches."""
    number = nodes[0]
    if not glued(number, nodes[1]) or number.name != "digits":
        return None
    return [number.over(nodes, cls=MEAS, unit="".join(node.word for node in nodes[1:]))]


def _a_measure(nodes: Sequence[Node]) -> list[Node]:
    """ "a mile", "half a mile"."""
    made = Node(MEAS, nodes[0].start, nodes[-1].end, "", (nodes[0].low if nodes[0].cls == CLASS["share"] else None) or 1.0)
    made.unit = nodes[-1].word
    return [made]


def _metres(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2m by 80cm": beside another length m is metres; "30 m", with a blank, where nothing is counted."""
    unit = next((node.word for node in nodes if node.cls == CLASS["measure"]), None)
    if nodes[1].word != "m" or (unit is not None and unit not in _SIZES) or (unit is None and glued(nodes[0], nodes[1])):
        return None
    return [nodes[0].over(nodes[:2], cls=MEAS, unit="m"), *nodes[2:]]


def _modified(nodes: Sequence[Node]) -> list[Node] | None:
    """ "200 square feet", "5 metric tons", "12 fl oz"."""
    return [nodes[0].over(nodes, cls=MEAS, unit=nodes[-1].word)] if nodes[1].word.lower() in _MODIFIERS else None


def _in_quotes(nodes: Sequence[Node]) -> list[Node] | None:
    """ "we said "15" a day": quoting marks, no inches."""
    if not (glued(nodes[0], nodes[1]) and glued(nodes[1], nodes[2])) or nodes[0].word != nodes[2].word:
        return None
    return [nodes[1].over(nodes)]


def _size(nodes: Sequence[Node]) -> list[Node] | None:
    """ "10x8x6", "4 x 6 labels" is a size; "6 x 40 boxes" is left to be multiplied."""
    numbers = _numbers(nodes)
    tight = all(glued(left, right) for left, right in pairwise(nodes))
    if len(numbers) == 2 and not (tight and all((node.low or 0) < 100 for node in numbers)):
        return None
    return _sized(nodes)


def _sized(nodes: Sequence[Node]) -> list[Node]:
    made = _whole("meas", nodes)
    made[0].unit = "x"
    return made


def _size_of_one(nodes: Sequence[Node]) -> list[Node] | None:
    """ "8 x 6 carton" is one of that size, "8 x 6 cartons" so many."""
    thing = nodes[-1] if nodes[-1].cls in (CLASS["unit"], CLASS["pack"]) else None
    if thing is None:
        return _size(nodes)
    if thing.word.endswith("s") or any((node.low or 0) >= 100 for node in _numbers(nodes)):
        return None
    return [*_sized(nodes[:-1]), thing]


def _time(nodes: Sequence[Node]) -> list[Node] | None:
    number = _numbers(nodes)
    if number and (number[0].low is None or not 0 <= number[0].low < 2401 or 24 < number[0].low < 100):
        return None
    return _whole("time", nodes)


def _half_past(nodes: Sequence[Node]) -> list[Node] | None:
    """ "half three", "half past 3", "quarter to five"."""
    hour = nodes[-1].low
    if hour is None or not 1 <= hour <= 12 or nodes[-1].high != hour or "." in nodes[-1].word:
        return None
    return _whole("time", nodes)


def _around_clock(nodes: Sequence[Node]) -> list[Node] | None:
    """ "between 3 and 4pm", "from 9:30 to 5"."""
    return _whole("time", nodes)


def _glued_code(nodes: Sequence[Node]) -> list[Node] | None:
    """ "4PX", "26a": letters glued to figures that are no known unit."""
    if not glued(nodes[0], nodes[1]) or nodes[1].word in ("s", "ish") or not nodes[1].word.isalpha() or nodes[0].name != "digits":
        return None
    return _ident(nodes)


def _ordinal(nodes: Sequence[Node]) -> list[Node] | None:
    """ "3rd", "twenty second", "two hundred and third", "the fifth"."""
    last = nodes[-1]
    if last.name in ("figures", "words"):
        return None
    if last.cls == CLASS["other"]:
        if last.word.lower() not in ("st", "nd", "rd", "th") or not glued(nodes[0], last):
            return None
        value = nodes[0].low
    else:
        if nodes[0] is not last and (nodes[0].name == "digits" or (nodes[0].low or 1) % 10):
            return None
        value = (nodes[0].low or 0 if nodes[0] is not last and nodes[0].cls == NUM else 0) + (last.low or 0)
    return [Node(CLASS["ord"], nodes[0].start, nodes[-1].end, "", value, name="figures" if nodes[0].name == "digits" else "words")]


def _ordinal_of_hundreds(nodes: Sequence[Node]) -> list[Node] | None:
    number = nodes[0]
    return _ordinal([number, nodes[-1]]) if number.scale >= 100 and number.low == number.high and number.name != "digits" else None


def _ranks(nodes: Sequence[Node]) -> list[Node] | None:
    """ "between the tenth and the fifteenth", in words; in figures these are days."""
    first, last = (node for node in nodes if node.cls in (CLASS["ord"], CLASS["second"]))
    if last.name == "figures" or first.low is None or last.low is None or first.low >= last.low:
        return None
    return [last.over(nodes, low=first.low, high=last.low)]


def _pronoun(nodes: Sequence[Node]) -> list[Node] | None:
    """ "the other one", "this one": stands for a thing, counts nothing."""
    if nodes[-1].word != "one":
        return None
    nodes[-1].role = "pronoun"
    nodes[-1].cls = CLASS["count"]
    return list(nodes)


def _loose_one(nodes: Sequence[Node]) -> list[Node] | None:
    return _pronoun([nodes[0]]) and list(nodes) if nodes[0].word == "one" else None


def _negative(nodes: Sequence[Node]) -> list[Node] | None:
    sign, number = nodes[-2], nodes[-1]
    if (sign.cls == CLASS["hyphen"] and not glued(sign, number)) or number.low is None or number.high is None:
        return None
    if len(nodes) > 2 and glued(nodes[0], sign) and nodes[0].cls not in (CLASS["lt"], CLASS["gt"], CLASS["eq"]):
        return list(nodes)
    return [*nodes[:-2], number.over([sign, number], low=-number.high, high=-number.low)]


DECIMALS = (
    Rule(
        "decimal comma before its unit",
        "(?<!comma) dig comma dig (?=currency|currencyword|percent|measure|mword|scale|(per|slash) (unit|pack))",
        _decimal_comma,
    ),
    Rule("decimal comma after its sign", "currency dig comma dig (?!comma)", _decimal_comma),
    Rule("decimal comma, even", "(?<!comma) dig comma dig (?!comma)", _zeros),
)
CODES = (
    Rule("code", "code", _ident),
    Rule("phone", "phone", _ident),
    Rule("masked", "mask", _ident),
)
ORDINALS = (
    Rule("ordinal in figures", "num other", _ordinal),
    Rule("ordinal in words", "num hyphen? (nth|ord|second) (?!of (the|that|a|unit|pack))", _ordinal),
    Rule("ordinal of hundreds", "num and (nth|ord|second) (?!of (the|that|a|unit|pack))", _ordinal_of_hundreds),
    Rule("ordinal", "(nth|ord)", _ordinal),
    Rule("second in order", "(?<=the) second (?!period)", _ordinal),
    Rule("between two ranks", "(between|from) the? (ord|second) (and|to) the? ord (?!of|month|may)", _ranks),
)
TIMES = (
    Rule("clock", "clock (ampm|oclock)?", _time),
    Rule("half past", "(half|quarter | num period) (past|to) num (?!unit|pack|percent|num|daily|a period|per)", _half_past),
    Rule("half three", "(?<!and)(?<!a) half num (?!unit|pack|percent|measure|scale|people|daily|a|per|slash)", _half_past),
    Rule("am, pm", "num dot? (ampm|oclock)", _time),
    Rule("so late o'clock", "num oclock", _time),
    Rule("from when to when", "(from|between)? (num|time) (to|and|hyphen) time", _around_clock),
    Rule("from then on", "time (to|hyphen) num (?!unit|pack|percent|measure|people)", _around_clock),
)
SIZES = (
    Rule("size in three", "num x num x num", _size),
    Rule("size", "num x num (unit|pack)?", _size_of_one),
)
RULES = (
    Rule(
        "minus",
        "(?<!num)(?<!count)(?<!plus)(?<!slash)(?<!or) (?:(?!num|count|plus|slash|or) .)? (minus|hyphen) (num|share)",
        _negative,
    ),
    Rule("number in quotes", "(?<!num)quote num quote", _in_quotes),
    Rule("thousands of money", "currency num | num hyphen? (currency|currencyword)", _thousands_of_money),
    Rule("money", "currency num (currencyword)?", _money),
    Rule("money in words", "num hyphen? (currency|currencyword)", _money),
    Rule("dollars and cents", "money (and|comma)? money", _dollars_and_cents),
    Rule("metres", "num mword (and|comma|x|by|fn|equal|to|other){0,4} num measure | num mword (?=dot|comma|close|nl)", _metres),
    Rule("part of a measure", "share of? a? measure", _a_measure),
    Rule("square feet", "num hyphen? other measure", _modified),
    Rule("weight, size", "num hyphen? (open|lt)? measure", _measure),
    Rule("inches", "num in (x|(?=other|dot))?", _inches),
    Rule("feet and inches", "num quote{1,2}", _quoted),
    Rule("feet, then inches", "meas comma num in (?!the|a|that|num)", _more_inches),
    Rule("feet and inches in one", "meas comma? and? meas", _composed),
    Rule("feet and inches in one more", "meas comma? and? meas", _composed),
    Rule("a measure", "(?<!num)(?<!unit)(?<!pack) a measure", _a_measure),
)
IDENTIFIERS = (
    Rule("plus one", "(?<!num)(?<!count)(?<!rate) plus num (?!period|measure|unit|pack|mword|dur)", _plus_one),
    Rule(
        "named by groups of figures",
        "idword idword? (hash|dot|colon|colon hash)? num num{2,4} (?!num|unit|pack|percent|a|per|slash|daily|measure|period|hyphen)",
        _in_groups,
    ),
    Rule("named by number", "idword idword? (hash|dot|colon|colon hash)? num (hyphen num)?", _ident_number),
    Rule("line of a list", "(label|gear) num (?!unit|pack|label|other|percent)", _line_number),
    Rule(
        "week one",
        "(?<!per)(?<!a)(?<!each)(?<!every)(?<!slash)(?<!num)(?<!last)(?<!next)(?<!that)(?<!daily)(?<!in) "
        "period num (?!unit|pack|other unit|percent|a|per|people|hyphen|slash)",
        _week_number,
    ),
    Rule("day two, with its colon", "(?<!per)(?<!a)(?<!each)(?<!every)(?<!slash) period num (?=colon|eq)", _week_number),
    Rule("numbered", "hash num", _ident),
    Rule("figures with letters", "num other", _glued_code),
)
PRONOUNS = (
    Rule("no one", "no num (?!unit|pack|people)", _pronoun),
    Rule(
        "pronoun",
        "(the|that|another|fn|not|no|every|each|last|next|other|ord) num (?!unit|pack|people|gear|label|measure|other|period)",
        _pronoun,
    ),
)
