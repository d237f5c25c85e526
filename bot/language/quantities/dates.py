"""Days and dates as they are said: "June 5", "the 16th", "5/6", "next week", "Monday"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import words

DATE = CLASS["date"]
_DATED = words(
    """
    starting start starts since effective week until before after dated date launch live begins beginning ends ending deadline due
    through mon
    """
)


def _whole(nodes: Sequence[Node], name: str, low: float | None = None, word: str = "") -> list[Node]:
    """A date node: `name` says how it is resolved, `low` and `word` with what."""
    made = Node(DATE, nodes[0].start, nodes[-1].end, word, low, name=name)
    made.role = "date"
    return [made]


def _number(nodes: Sequence[Node]) -> Node | None:
    return next((node for node in nodes if node.cls in (CLASS["num"], CLASS["ord"])), None)


def _month_day(nodes: Sequence[Node]) -> list[Node] | None:
    """ "June 5", "5th of June", "Jun 5-7, 2026"."""
    month = next(node for node in nodes if node.cls in (CLASS["month"], CLASS["may"]))
    day = _number(nodes)
    if day is None or day.low is None or day.high is None or not 1 <= day.low <= day.high <= 31 or "." in day.word:
        return None
    years = [node for node in nodes if node is not day and node.cls == CLASS["num"]]
    if years and not (years[-1].low and 1900 <= years[-1].low < 2200):
        return None
    year = int(years[-1].low or 0) if years else 0
    return _whole(nodes, "month day", None, f"{year} {int(month.low or 1)} {int(day.low)} {int(day.high)}")


def _month_only(nodes: Sequence[Node]) -> list[Node] | None:
    month = next(node for node in nodes if node.cls in (CLASS["month"], CLASS["may"]))
    year = _number(nodes)
    if year is not None and not (year.low and 1900 <= year.low < 2200 and year.low == year.high):
        return None
    return _whole(nodes, "month", None, f"{int(year.low or 0) if year else 0} {int(month.low or 1)}")


def _year(nodes: Sequence[Node]) -> list[Node] | None:
    number = nodes[-1]
    if number.low is None or number.low != number.high or not 2000 <= number.low < 2100 or len(number.word) != 4:
        return None
    made = _whole(nodes[-1:], "year named", None, number.word)
    return [*nodes[:-1], *made]


def _numbered(nodes: Sequence[Node]) -> list[Node]:
    weekday = next((node.low for node in nodes if node.cls == CLASS["dayname"]), None)
    return _whole(nodes, "numbered", weekday, nodes[-1].word)


def _slashed(nodes: Sequence[Node]) -> list[Node] | None:
    """ "5/6": a date, unless it reads as a part such as 3/4 and nothing says that it is a day."""
    word = nodes[-1].word
    parts = [int(piece) for piece in word.split("/")]
    said = len(nodes) > 1
    if not said and len(parts) == 2 and 0 < parts[0] == parts[1]:
        return [Node(CLASS["share"], nodes[0].start, nodes[0].end, word, 1.0)]
    if not said and len(parts) == 2 and 0 < parts[0] < parts[1] and parts[1] in (2, 3, 4, 5, 8, 10, 12, 16, 20):
        return [Node(CLASS["share"], nodes[0].start, nodes[0].end, word, parts[0] / parts[1])]
    if not any(0 < first <= 12 and 0 < second <= 31 for first, second in ((parts[0], parts[1]), (parts[1], parts[0]))):
        if len(parts) == 3 or not parts[1]:
            return [Node(CLASS["ident"], nodes[-1].start, nodes[-1].end, word)]
        return [*nodes[:-1], Node(CLASS["share"], nodes[-1].start, nodes[-1].end, word, parts[0] / parts[1])]
    keep = [] if nodes[0].cls == CLASS["dayname"] else list(nodes[:-1])
    return [*keep, *_numbered(nodes[len(keep) :])]


def _weekday(nodes: Sequence[Node]) -> list[Node] | None:
    name = next(node for node in nodes if node.cls == CLASS["dayname"])
    if name.name == "plural" or (name.word in ("sat", "sun", "wed", "mon", "fri") and name.end - name.start > 3):
        return None
    how = {CLASS["next"]: "next", CLASS["last"]: "last"}.get(nodes[0].cls, "coming")
    return _whole(nodes, "weekday", name.low, how)


def _today(nodes: Sequence[Node]) -> list[Node]:
    return _whole(nodes, "today", nodes[-1].low)


def _day_of_month(nodes: Sequence[Node]) -> list[Node] | None:
    """ "the 16th", "on the twenty second"."""
    day = nodes[-1]
    if day.low is None or not 1 <= day.low <= 31 or day.low != day.high:
        return None
    weekday = next((node.low for node in nodes if node.cls == CLASS["dayname"]), None)
    keep = list(nodes[:-2]) if weekday is None else []
    return [*keep, *_whole(nodes[len(keep) :], "day of month", day.low)]


def _sure_day(nodes: Sequence[Node]) -> list[Node] | None:
    """ "the 16th" without a word such as "on": only figures, and not a low rank as in "the 2nd truck"."""
    return _day_of_month(nodes) if (nodes[-1].low or 0) > (3 if nodes[-1].name == "figures" else 10) else None


def _later_day(nodes: Sequence[Node]) -> list[Node] | None:
    return _day_of_month(nodes) if (nodes[-1].low or 0) > 3 else None


def _bare_day(nodes: Sequence[Node]) -> list[Node] | None:
    return _sure_day(nodes) if nodes[-1].name == "figures" else None


def _spell(nodes: Sequence[Node]) -> list[Node] | None:
    """ "next week", "this month", "last quarter"."""
    name = nodes[-1].name
    if name not in ("week", "month", "quarter", "year"):
        return None
    shift = {CLASS["next"]: 1, CLASS["last"]: -1}.get(nodes[0].cls, 0)
    return _whole(nodes, name, shift)


def _end_of(nodes: Sequence[Node]) -> list[Node] | None:
    """ "end of the month", "end of Q1" keep what they end."""
    inner = nodes[-1]
    name = inner.name
    if inner.cls == DATE:
        return None
    return _whole(nodes, f"end of {name}", 0) if name in ("week", "month", "quarter", "year") else None


def _ended(nodes: Sequence[Node]) -> list[Node] | None:
    return _end_of(nodes) if nodes[0].word.lower() in ("end", "beginning", "start") else None


def _slashed_after(nodes: Sequence[Node]) -> list[Node] | None:
    return _slashed(nodes) if nodes[0].cls != CLASS["other"] or nodes[0].word.lower() in _DATED else None


def _quarter(nodes: Sequence[Node]) -> list[Node] | None:
    code = nodes[0].word.upper()
    return _whole(nodes, "quarter named", float(code[1])) if re.fullmatch(r"Q[1-4]", code) else None


_PREP = "(on|by|from|to|before|past|for|of|at|in|this|that|last|next|eq|colon|fn)"
_DAY = "(num|ord)"
RULES = (
    Rule("quarter", "code", _quarter),
    Rule("date in figures", "(dayname dot? comma?)? isodate", _numbered),
    Rule(
        "slashed date after a day or a word",
        "(dayname dot? comma?|on|by|from|to|past|at|for|in|of|that|other|close|the) slashdate (?!unit|pack)",
        _slashed_after,
    ),
    Rule("slashed", "slashdate", _slashed),
    Rule(
        "month and day",
        f"(dayname dot? comma?)? (the)? (month|may) dot? the? {_DAY} (?!unit|pack|percent|people|measure|other "
        "unit) (comma? num(?!unit|pack|daily|a|per|comma|other|fn))?",
        _month_day,
    ),
    Rule("month and day, no year", f"(dayname dot? comma?)? (month|may) dot? the? {_DAY} (?!unit|pack|percent|people|measure)", _month_day),
    Rule(
        "day and month", f"(dayname dot? comma?)? (the)? {_DAY} (of|hyphen)? (month|may) (comma? num(?!unit|pack|daily|a|per))?", _month_day
    ),
    Rule("day and month, no year", f"(dayname dot? comma?)? (the)? {_DAY} (of|hyphen)? (month|may)", _month_day),
    Rule("year", "(in|of|by|fn|to|from|past) num (?!unit|pack|percent|people|measure|daily|a|per|label|gear|hedge)", _year),
    Rule("weekday and day of month", "(on|by|from|to)? dayname comma? the? ord (?!unit|pack|people|period)", _day_of_month),
    Rule(
        "day of month",
        "(on|by|from|to|past|for|of|and|in) the (ord) (?!unit|pack|people|gear|label|period|businessword|num|other)",
        _day_of_month,
    ),
    Rule("day of month, then a word", "(on|by|from|to|past|for) the ord (?=other)", _later_day),
    Rule(
        "16th", "(?<!the)(?<!every)(?<!each)(?<!a) ord (?!unit|pack|people|gear|label|period|businessword|of|num|x|other|slash)", _bare_day
    ),
    Rule("the 16th", "(?<!more than)(?<!less than) the ord (?!unit|pack|people|gear|label|period|businessword|of|num|x)", _sure_day),
    Rule(
        "month",
        "(month | (?<=in)may | (?<=of)may | (?<=by)may | (?<=to)may | (?<=from)may | (?<=level)may "
        "| (?<=next)may | (?<=last)may) (comma? num (?!unit|pack|daily|a|per|percent))?",
        _month_only,
    ),
    Rule("month, no year", "(month | (?<=in)may | (?<=of)may | (?<=by)may | (?<=to)may)", _month_only),
    Rule("weekday", "(next|last|that)? dayname", _weekday),
    Rule("today", "today", _today),
    Rule("next week", "(next|last|that) (period|quarter)", _spell),
    Rule(
        "end of the month",
        "other of (the|that)? (period|quarter)",
        _ended,
    ),
)
