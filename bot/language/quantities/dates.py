"""Days and dates as said, and which days they are when it is known when they were said."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule

DATE = CLASS["date"]
_DATED = frozenset(
    "starting start starts since effective week until before after dated date launch live begins beginning ends ending deadline due through mon".split()
)
_NUMBERED = re.compile(r"(\d{1,4})\D(\d{1,2})\D(\d{1,4})")


def _whole(nodes: Sequence[Node], name: str, low: float | None = None, word: str = "") -> list[Node]:
    """A date node: `name` says how it is resolved, `low` and `word` with what."""
    made = Node(DATE, nodes[0].start, nodes[-1].end, word, low, name)
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
    made = _whole(nodes, "month day", None, f"{year} {int(month.low or 1)} {int(day.low)} {int(day.high)}")
    return made


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
    return _day_of_month(nodes) if (nodes[-1].low or 0) > 3 and nodes[-1].name == "figures" else None


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
        f"(dayname dot? comma?)? (the)? (month|may) dot? the? {_DAY} (?!unit|pack|percent|people|measure|other unit) (comma? num(?!unit|pack|daily|a|per|comma|other|fn))?",
        _month_day,
    ),
    Rule("month and day, no year", f"(dayname dot? comma?)? (month|may) dot? the? {_DAY} (?!unit|pack|percent|people|measure)", _month_day),
    Rule(
        "day and month", f"(dayname dot? comma?)? (the)? {_DAY} (of|hyphen)? (month|may) (comma? num(?!unit|pack|daily|a|per))?", _month_day
    ),
    Rule("day and month, no year", f"(dayname dot? comma?)? (the)? {_DAY} (of|hyphen)? (month|may)", _month_day),
    Rule("year", "(in|of|by|fn|to|from|past) num (?!unit|pack|percent|people|measure|daily|a|per|label|gear|hedge)", _year),
    Rule("weekday and day of month", "(on|by|from|to)? dayname comma? the ord (?!unit|pack|people|period)", _day_of_month),
    Rule(
        "day of month",
        "(on|by|from|to|past|for|of|and|in) the (ord) (?!unit|pack|people|gear|label|period|businessword|num)",
        _day_of_month,
    ),
    Rule("the 16th", "the ord (?!unit|pack|people|gear|label|period|businessword|of|num|x)", _sure_day),
    Rule(
        "month",
        "(month | (?<=in)may | (?<=of)may | (?<=by)may | (?<=to)may | (?<=from)may | (?<=level)may | (?<=next)may | (?<=last)may) (comma? num (?!unit|pack|daily|a|per|percent))?",
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


def resolve(node: Node, today: date | None) -> None:
    """Sets low and high of a date node to day numbers, or to None when they hang on a day that is not known."""
    try:
        days = _days(node, today)
    except (ValueError, OverflowError):
        days = None
    node.low, node.high = (days[0].toordinal(), days[1].toordinal()) if days else (None, None)


def _days(node: Node, today: date | None) -> tuple[date, date] | None:
    figures = [int(piece) for piece in re.findall(r"\d{1,4}", node.word)]
    if node.name == "numbered":
        return _numbered_days(node, figures, today)
    if node.name == "year named":
        return date(figures[0], 1, 1), date(figures[0], 12, 31)
    if node.name == "month day":
        year, month, first, last = figures
        if not year and today is None:
            return None
        begin = date(year, month, first) if year else _near(today or date.min, month, first)
        return begin, date(begin.year, month, last)
    if node.name == "month" and figures:
        year, month = figures
        if not year and today is None:
            return None
        begin = date(year, month, 1) if year else _near(today or date.min, month, 1)
        return begin, begin.replace(day=monthrange(begin.year, month)[1])
    return _relative(node, today) if today else None


def _numbered_days(node: Node, figures: list[int], today: date | None) -> tuple[date, date] | None:
    if len(figures) > 2 and figures[0] > 31:
        day = date(*figures[:3])
        return day, day
    year = (figures[2] + 2000 if figures[2] < 100 else figures[2]) if len(figures) > 2 else 0
    if not year and today is None:
        return None
    pairs = [(figures[0], figures[1]), (figures[1], figures[0])]
    if "." in node.word:
        pairs.reverse()
    fits = [(month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31]
    made = [date(year, month, day) if year else _near(today or date.min, month, day) for month, day in fits]
    weekday = node.low
    best = next((day for day in made if weekday is not None and day.weekday() == weekday), made[0] if made else None)
    return (best, best) if best else None


def _near(today: date, month: int, day: int) -> date:
    """The day of that name nearest to today, a coming one preferred: at most four months past."""
    made = [date(today.year + shift, month, day) for shift in (-1, 0, 1) if day <= monthrange(today.year + shift, month)[1]]
    return next(one for one in made if one >= today - timedelta(days=120))


def _month_on(today: date, months: int) -> date:
    at = today.year * 12 + today.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _relative(node: Node, today: date) -> tuple[date, date] | None:
    shift = int(node.low or 0)
    if node.name == "today":
        day = today + timedelta(days=shift)
        return day, day
    if node.name == "weekday":
        day = _weekday_of(today, shift, node.word)
        return day, day
    if node.name == "day of month":
        months = [_month_on(today, ahead) for ahead in (-1, 0, 1, 2)]
        days = [month.replace(day=shift) for month in months if shift <= monthrange(month.year, month.month)[1]]
        day = next(one for one in days if one >= today - timedelta(days=7))
        return day, day
    if node.name == "quarter named":
        begin = _near(today, shift * 3 - 2, 1)
        return begin, _month_on(begin, 3) - timedelta(days=1)
    return _spell_days(node.name, shift, today)


def _weekday_of(today: date, weekday: int, how: str) -> date:
    ahead = (weekday - today.weekday()) % 7
    if how == "last":
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    if how == "next" and ahead + today.weekday() < 7:
        ahead += 7
    return today + timedelta(days=ahead)


def _spell_days(name: str, shift: int, today: date) -> tuple[date, date] | None:
    name = name.removeprefix("end of ") if (at_end := name.startswith("end of ")) else name
    if name == "week":
        begin = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        end = begin + timedelta(days=6)
    else:
        months = {"month": 1, "quarter": 3, "year": 12}.get(name)
        if months is None:
            return None
        first = _month_on(today, 0)
        begin = _month_on(first, shift * months - (first.month - 1) % months)
        end = _month_on(begin, months) - timedelta(days=1)
    return (end, end) if at_end else (begin, end)
