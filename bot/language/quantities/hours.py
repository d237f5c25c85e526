"""Rates that need a second figure: so many an hour for eight hours, two shifts of 45, three days a week, every two days."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import DAY

NUM, COUNT, RATE, DUR, DAYLIST = (CLASS[name] for name in ("num", "count", "rate", "dur", "daylist"))
_AMOUNTS = {NUM, COUNT, RATE}
_HOUR = 3600.0


def _scaled(amount: Node, nodes: Sequence[Node], low: float, high: float) -> list[Node]:
    """The amount so many times a day."""
    changes = {
        "low": None if amount.low is None else amount.low * low,
        "high": None if amount.high is None else amount.high * high,
        "cls": RATE,
        "per": "day",
    }
    return [amount.over(nodes, **changes)]


def _hours(nodes: Sequence[Node]) -> list[Node] | None:
    """ "12 an hour for 8 hours", "8 hours a day at 12 an hour": a day's work."""
    rate = next((node for node in nodes if node.cls == RATE and node.per == "hour"), None)
    worked = next((node for node in nodes if node.cls == DUR and node.scale == _HOUR), None)
    if rate is None or worked is None or worked.low is None or worked.high is None or not _HOUR < worked.low <= DAY:
        return None
    return _scaled(rate, nodes, worked.low / _HOUR, worked.high / _HOUR)


def _shifts(nodes: Sequence[Node]) -> list[Node] | None:
    """ "45 a shift, two shifts", "two shifts of 45"."""
    shift = next((node for node in nodes if node.cls == CLASS["period"] and node.word == "shifts"), None)
    if shift is None:
        return None
    count = nodes[nodes.index(shift) - 1]
    amount = next((node for node in nodes if node.cls in _AMOUNTS and node is not count), None)
    if amount is None or count.cls != NUM or count.low is None or count.high is None or count.low > 4:
        return None
    if amount.cls == RATE and amount.per != "shift":
        return None
    return _scaled(amount, nodes, count.low, count.high)


def _every_days(nodes: Sequence[Node]) -> list[Node] | None:
    """ "40 every two days", "300 every 2 weeks": per so many."""
    amount, span = nodes[0], nodes[-1]
    part = "week" if "week" in (span.unit or "") else "day" if "day" in (span.unit or "") else None
    if part is None or not span.low or span.low != span.high or span.scale <= 1:
        return None
    return [amount.over(nodes, cls=RATE, per=f"{span.low / span.scale:g} {part}s")]


def _days_a_week(nodes: Sequence[Node]) -> list[Node] | None:
    """ "three days a week": days on which a day's figure holds."""
    days, period = nodes[0], nodes[-1]
    if period.name != "week" or "day" not in (days.unit or "") or days.low is None or days.low != days.high or days.low > 7 * DAY:
        return None
    return [days.over(nodes, cls=DAYLIST, role="days a week")]


def _only_days(nodes: Sequence[Node]) -> list[Node] | None:
    """ "40 a day, three days a week", "we ship 3 days a week, 40 each"."""
    amount = next(node for node in nodes if node.cls in _AMOUNTS)
    listed = next(node for node in nodes if node.cls == DAYLIST)
    each = any(node.cls == CLASS["each"] for node in nodes)
    if listed.role != "days a week" or (amount.per != "day" and not each) or amount.days:
        return None
    return [amount.over(nodes, cls=RATE, per="day", days=(listed.low or 0) / DAY)]


def _alone(nodes: Sequence[Node]) -> list[Node] | None:
    """Days a week with no figure beside them are a length of time again."""
    listed = nodes[0]
    if listed.role != "days a week":
        return None
    listed.cls = DUR
    return [listed]


_SOFT = "(hedge|tilde|just){0,3}"
_JOINT = "(comma|hyphen|for|x|by|bound_low|of|in|at|fn|open|and|times_){0,2}"
_AMOUNT = "(num|count|rate)"
DAYS = (Rule("days a week", "dur (a|per|slash|each|every) period", _days_a_week),)
RULES = (
    Rule("so many an hour for hours", f"rate {_JOINT} (a|the|that)? dur (daily|(a|per|slash|each) period)?", _hours),
    Rule("hours at so many an hour", f"dur (daily|(a|per|slash|each) period)? {_JOINT} {_SOFT} rate", _hours),
    Rule("so many a shift, so many shifts", f"{_AMOUNT} (comma|x|by|for|open){{0,2}} {_SOFT} num period", _shifts),
    Rule("so many shifts of", f"num period (of|comma|x|at|by|fn) {_SOFT} {_AMOUNT} each?", _shifts),
    Rule("every two days", f"{_AMOUNT} every dur", _every_days),
    Rule("a day's figure and its days a week", f"{_AMOUNT} each? {_JOINT} daylist", _only_days),
    Rule("days a week and their figure", f"daylist (comma|hyphen|colon|at|of|fn){{0,2}} {_SOFT} {_AMOUNT} each?", _only_days),
)
LAST = (Rule("days a week, no figure", "daylist", _alone),)
