"""What is counted, how often, and on which days: "40 boxes a day", "daily 150", "60 each on Tuesdays and Thursdays", "6 pallets of 40"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node, Rule
from bot.language.quantities.lexicon import words

NUM, COUNT, RATE = CLASS["num"], CLASS["count"], CLASS["rate"]
_PACKED = words(
    """
    pallet pallets cage cages crate crates truck trucks trailer trailers container containers bag bags sack sacks tote totes gaylord
    gaylords skid skids van vans bin bins load loads carton cartons box boxes case cases layer layers rack racks bundle bundles basket
    baskets cart carts sprinter plt truckload truckloads ctn ctns rolls stops order orders site sites
    """
)
_ANY = words(
    """
    typical normal average usual regular given good bad slow busy single full quiet ordinary standard
    """
)
_AMOUNTS = {NUM, COUNT, RATE}
_THINGS = {CLASS[name] for name in ["unit", "pack", "people", "gear", "label"]}
_ROLES = {CLASS["people"]: "count of people", CLASS["gear"]: "count of equipment", CLASS["label"]: "count of labels or lines"}
_PER_DAY = {"weekday": 5.0, "night": None, "morning": None, "afternoon": None, "evening": None, "weekend": 2.0}


def _amount(nodes: Sequence[Node]) -> Node:
    return next(node for node in nodes if node.cls in _AMOUNTS)


def _unit(nodes: Sequence[Node]) -> list[Node]:
    """ "40 small boxes": the unit, with the words between left out of it."""
    number, thing = nodes[0], nodes[-1]
    every = next((node.name for node in nodes if node.cls == CLASS["daily"]), None)
    return [number.over(nodes, cls=RATE if every else COUNT, unit=thing.word, per=every, role=_ROLES.get(thing.cls))]


def _european(nodes: Sequence[Node]) -> list[Node] | None:
    """ "1.200 packages": nobody ships 1.2 of them, so the dot parts thousands."""
    number = nodes[0]
    head, dot, tail = number.word.partition(".")
    if not dot or len(tail) != 3 or not 1 <= len(head) <= 3 or head == "0":
        return None
    value = float(head + tail)
    return [number.over(nodes[:1], low=value, high=value), *nodes[1:]]


def _unit_before(nodes: Sequence[Node]) -> list[Node]:
    """ "parcels: 388", "count = 40"."""
    number, thing = nodes[-1], nodes[0]
    return [number.over(nodes, cls=COUNT, unit=thing.word, role=_ROLES.get(thing.cls))]


def _every_word(node: Node) -> str:
    return "quarter" if node.cls == CLASS["quarter"] else node.name or node.word


def _rate(nodes: Sequence[Node]) -> list[Node] | None:
    amount = _amount(nodes)
    if amount.word == "single":
        return None
    said = nodes[-1] if nodes[-1] is not amount else nodes[0]
    period = next((node for node in nodes if node.cls in (CLASS["period"], CLASS["quarter"], CLASS["daily"], CLASS["adv"])), said)
    if period.word in ("d", "w", "h", "y") and not any(node.cls in (CLASS["slash"], CLASS["per"]) for node in nodes):
        return None
    per = _every_word(period)
    days = amount.days
    if per in _PER_DAY:
        days, per = _PER_DAY[per] or days, "day"
    return [amount.over(nodes, cls=RATE, per=per, days=days)]


def _times_a_week(nodes: Sequence[Node]) -> list[Node] | None:
    """ "40 boxes three times a week": a day's figure, on three days."""
    times = next((node for node in nodes[1:] if node.cls in (NUM, CLASS["once"], CLASS["ord"])), None)
    if times is None or not times.low or nodes[-1].name != "week" or times.low > 7:
        return None
    return [nodes[0].over(nodes, cls=RATE, per="day", days=times.low)]


def _other_day(nodes: Sequence[Node]) -> list[Node] | None:
    at = next(place for place, node in enumerate(nodes) if node.cls in (CLASS["every"], CLASS["each"]))
    if nodes[at + 1].word.lower() not in ("other", "second") or nodes[at + 2].name != "day":
        return None
    return [_amount(nodes).over(nodes, cls=RATE, per="day", days=2.5)]


def _days(nodes: Sequence[Node]) -> list[Node] | None:
    """ "Tuesdays and Thursdays": the weekdays named, when they come again each week."""
    names = [node for node in nodes if node.cls == CLASS["dayname"]]
    if not any(node.name == "plural" for node in names):
        return None
    made = Node(CLASS["daylist"], nodes[0].start, nodes[-1].end, "", float(len({node.low for node in names})))
    return [made]


def _day_span(nodes: Sequence[Node]) -> list[Node] | None:
    """ "Monday to Friday", "Mon-Fri", "each Tuesday"."""
    names = [node for node in nodes if node.cls == CLASS["dayname"]]
    count = 1.0 if len(names) == 1 else ((names[1].low or 0) - (names[0].low or 0)) % 7 + 1
    name = "span" if len(names) > 1 else "every" if nodes[0].cls in (CLASS["every"], CLASS["each"]) else ""
    return [Node(CLASS["daylist"], nodes[0].start, nodes[-1].end, "", count, name=name)]


def _named_days(nodes: Sequence[Node]) -> list[Node] | None:
    """ "sat + sun, 200 each"."""
    if not any(node.cls == CLASS["each"] for node in nodes):
        return None
    days = float(len({node.low for node in nodes if node.cls == CLASS["dayname"]}))
    return [_amount(nodes).over(nodes, cls=RATE, per="day", days=days)]


def _coded_days(nodes: Sequence[Node]) -> list[Node] | None:
    """ "60 a day Tue/Thu"."""
    if not any(node.name == "day" for node in nodes if node.cls in (CLASS["period"], CLASS["daily"])):
        return None
    days = float(len({node.low for node in nodes if node.cls == CLASS["dayname"]}))
    return [_amount(nodes).over(nodes, cls=RATE, per="day", days=days)]


def _any_day(nodes: Sequence[Node]) -> list[Node] | None:
    """ "660 on a typical day"."""
    return _rate(nodes) if nodes[-2].word.lower() in _ANY else None


def _on_days(nodes: Sequence[Node]) -> list[Node] | None:
    amount = _amount(nodes)
    listed = next(node for node in nodes if node.cls == CLASS["daylist"])
    each = any(node.cls == CLASS["each"] for node in nodes)
    bare = amount.cls == NUM and nodes[1] is listed and amount is nodes[0] and listed.name != "every"
    if listed.role or amount.days or bare or (listed.name == "span" and not (amount.per or each)):
        return None
    return [amount.over(nodes, cls=RATE, per="day", days=listed.low)]


def _product(nodes: Sequence[Node]) -> list[Node] | None:
    """ "6 pallets of 40", "3 cages x 50 boxes": as many as both make, with the inner unit."""
    amounts = [node for node in nodes if node.cls in _AMOUNTS]
    outer, inner = amounts
    if outer.low is None or inner.low is None or outer.high is None or inner.high is None or outer.role:
        return None
    changes = {
        "low": outer.low * inner.low,
        "high": outer.high * inner.high,
        "cls": RATE if outer.per or inner.per else COUNT,
        "per": outer.per or inner.per,
        "days": outer.days or inner.days,
        "approximate": outer.approximate or inner.approximate,
        "hedges": outer.hedges + inner.hedges,
    }
    return [inner.over(nodes, **changes)]


def _packed(nodes: Sequence[Node]) -> list[Node] | None:
    if nodes[0].unit not in _PACKED:
        return None
    joint = nodes[1]
    inner = next(node for node in nodes[1:] if node.cls in _AMOUNTS)
    each = nodes[-1].cls in (CLASS["each"], CLASS["pack"])
    loose = joint.cls in (CLASS["at"], CLASS["comma"], CLASS["by"], CLASS["fn"])
    if (loose and not each and not (joint.word == "with" and inner.unit)) or (joint.cls == CLASS["fn"] and joint.word != "with"):
        return None
    return _product(nodes)


def _in_each(nodes: Sequence[Node]) -> list[Node] | None:
    """ "6 cages a night, 85 pieces in each"."""
    return _product(nodes) if nodes[0].unit in _PACKED else None


def _sum(nodes: Sequence[Node]) -> list[Node] | None:
    """ "60 plus 40", "3,800 on top of the 2,900"."""
    first, last = (node for node in nodes if node.cls in _AMOUNTS)
    if None in (first.low, first.high, last.low, last.high) or (first.unit and last.unit and first.unit != last.unit):
        return None
    if first.role or last.role:
        return None
    base = last if last.unit or last.per else first
    changes = {"per": first.per or last.per, "cls": RATE if first.per or last.per else base.cls}
    low, high = (first.low or 0) + (last.low or 0), (first.high or 0) + (last.high or 0)
    return [base.over(nodes, low=low, high=high, unit=first.unit or last.unit, **changes)]


def _total(nodes: Sequence[Node]) -> list[Node] | None:
    """ "11,050 parcels in 13 working days", "2,800 over the first two weeks": a total, per so many days or weeks."""
    amount, span = nodes[0], nodes[-1]
    days = next((part for part in ("day", "week") if part in (span.unit or "")), None)
    if days is None or span.low is None or span.low != span.high or amount.role or amount.per or amount.low is None:
        return None
    joint = next(node for node in nodes[1:] if node.cls in (CLASS["in"], CLASS["bound_low"], CLASS["slash"]))
    bare_weeks = joint.cls == CLASS["in"] and days == "week" and nodes[-2] is joint
    count = span.low / span.scale
    if joint.word not in ("in", "over", "/") or bare_weeks or amount.low < 2 * count or count < 2:
        return None
    return [amount.over(nodes, cls=RATE, per=f"{count:g} {days}s")]


def _whole_period(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2,000 over the quarter", "900 for the whole week"."""
    amount, period = nodes[0], nodes[-1]
    whole = nodes[1].word == "over" or any(node.cls == CLASS["whole"] for node in nodes)
    per = _every_word(period)
    if not whole or amount.role or amount.low is None or amount.low < 10 or per not in ("week", "month", "quarter", "year"):
        return None
    return [amount.over(nodes, cls=RATE, per=per)]


def _european_bare(nodes: Sequence[Node]) -> list[Node] | None:
    """ "2.200": with a nought for a third decimal, the dot parts thousands."""
    return _european(nodes) if nodes[0].word.endswith("0") and nodes[0].word.count(".") == 1 else None


def _to_a_container(nodes: Sequence[Node]) -> list[Node] | None:
    """ "eight pallets a day, 105 boxes a pallet"."""
    outer, inner = nodes[0], nodes[-1]
    if outer.unit not in _PACKED or (inner.per or "").rstrip("s") != (outer.unit or "").rstrip("s"):
        return None
    inner.per = None
    return _product(nodes)


def _on_top(nodes: Sequence[Node]) -> list[Node] | None:
    return _sum(nodes) if any(node.word.lower() == "top" for node in nodes) else None


def _container(nodes: Sequence[Node]) -> list[Node]:
    """ "a pallet a day", "one cage": a single one, where a rate follows."""
    made = Node(COUNT, nodes[0].start, nodes[1].end, "", 1.0)
    made.unit = nodes[1].word
    return [made, *nodes[2:]]


_SOFT = "(hedge|tilde|just|some){0,3}"
_EACH = "(per|slash|a|each|every|in a|in the|at the|by|on a|of a|on each|on every|for each|for every|the|lt slash)"
_AMOUNT = "(num|count|rate)"
_PERIOD = "(period|quarter)"
_NO_AMOUNT = "(?<!num)(?<!count)(?<!rate)"
UNITS = (
    Rule("thousands parted by a dot", "num (?=(other|daily|level){0,1} (unit|pack)|(a|per|slash|each|every) period|daily)", _european),
    Rule(
        "count with unit",
        "num hyphen? (more|less|of|the|another|daily|level|so){0,2} (other hyphen? ){0,2} (unit|pack|people|gear|label) (?!hyphen other)",
        _unit,
    ),
    Rule("unit before its figure", f"(unit|pack|label) (colon|eq|hyphen) {_SOFT} num (?!other|measure)", _unit_before),
    Rule("one of a kind", f"a pack (?={_EACH} {_PERIOD}|daily|of num)", _container),
)
PRODUCTS = (
    Rule("so many to a pallet", f"(count|rate) other? comma? fn? {_SOFT} rate", _to_a_container),
    Rule(
        "so many of so many",
        f"count (of|x|at|fn|by|comma) {_SOFT} (num|count) ((in|on|to|per)? (each|a pack))?",
        _packed,
    ),
    Rule(
        "so many, so many in each",
        f"(count|rate) other? comma? (fn|at|of)? {_SOFT} (num|count) (in|on|to|per)? each (?!period|businessword)",
        _in_each,
    ),
    Rule("so many times so many", "num x (num|count)", _product),
)
DAYLISTS = (
    Rule(
        "named days, each",
        f"(on|the)? dayname ((and|plus|comma|slash|hyphen|comma and)? dayname){{1,6}} (comma|colon|hyphen|fn)? {_SOFT} {_AMOUNT} each?",
        _named_days,
    ),
    Rule(
        "a figure each, named days",
        f"{_AMOUNT} each comma? on? dayname ((and|plus|comma|slash|hyphen|comma and)? dayname){{1,6}}",
        _named_days,
    ),
    Rule(
        "a day's figure, days parted by strokes",
        f"{_AMOUNT} (unit|pack)? ((a|per|slash|each) period|daily) (comma|open)? on? dayname (slash dayname){{1,6}}",
        _coded_days,
    ),
    Rule("plural weekdays", "(every|each)? dayname ((comma|and|slash|comma and|or) dayname){0,6}", _days),
    Rule("weekday to weekday", "(dayname (to|hyphen) dayname | (every|each|per|a) dayname)", _day_span),
)
RULES = (
    Rule(
        "days and their figure",
        f"{_NO_AMOUNT} (on|the)? (?<!on) daylist (comma|colon|hyphen|fn|that){{0,2}} {_SOFT} {_AMOUNT} each?",
        _on_days,
    ),
    Rule("a figure and its days", f"{_AMOUNT} each? comma? (on|every|each)? the? daylist", _on_days),
    Rule("so many times a week", f"{_AMOUNT} comma? (num times_|once) {_EACH} period", _times_a_week),
    Rule("every other day", f"{_AMOUNT} comma? (every|each) (other|second) period", _other_day),
    Rule("every other day, then the figure", f"(every|each) (other|second) period (comma|colon|hyphen)? {_SOFT} {_AMOUNT}", _other_day),
    Rule("a rate", f"{_AMOUNT} comma? {_EACH} businessword? {_PERIOD}", _rate),
    Rule("a rate, any day", f"{_AMOUNT} (in|on)? (a|each|every|the) other {_PERIOD}", _any_day),
    Rule("a rate, daily", f"{_AMOUNT} other? (daily|adv)", _rate),
    Rule(
        "a rate, some words between",
        f"{_AMOUNT} (other|of|the|in|on|from|to|out|fn|up|for|at|change|idword){{1,5}} (per|slash|a|each|every) businessword? {_PERIOD}",
        _rate,
    ),
    Rule("a rate for an order", f"{_AMOUNT} (per|slash|each|every|a) (unit|pack)", _rate),
    Rule(
        "daily, then the figure",
        f"(daily|adv) (other|unit|level|colon|of|fn|eq|that|at|to){{0,4}} {_SOFT} (bound_low|bound_high)? (num|count)",
        _rate,
    ),
    Rule(
        "per day, then the figure",
        f"(per|each|every) businessword? period (comma|colon|eq|fn|that|hyphen){{0,3}} {_SOFT} (num|count)",
        _rate,
    ),
)
TOTALS = (
    Rule("a total over the quarter", "(num|count) (bound_low|in|for) (the|that) whole? (period|quarter)", _whole_period),
    Rule("a total over days", "(num|count) other? (in|bound_low|slash) (the|that|last|ord){0,2} dur", _total),
    Rule("thousands parted by a dot, bare", "num", _european_bare),
)


def _taken(nodes: Sequence[Node]) -> list[Node] | None:
    """ "20 less than the 150", "150 minus 30", "30% below the 150", "10 % more than 150": what is left, or what it comes to."""
    part, whole = nodes[0], nodes[-1]
    if any(node.cls == CLASS["minus"] for node in nodes):
        part, whole = whole, part
    if None in (part.low, part.high, whole.low, whole.high) or part.role or whole.role or (part.per and part.per != whole.per):
        return None
    sign = 1 if any(node.cls == CLASS["more"] for node in nodes) else -1
    ends = []
    for value, base in ((part.high if sign < 0 else part.low, whole.low), (part.low if sign < 0 else part.high, whole.high)):
        step = (value or 0) * (base or 0) / 100 if part.cls == CLASS["pct"] else value or 0
        ends.append((base or 0) + sign * step)
    if ends[0] <= 0 or ends[0] > ends[1]:
        return None
    return [whole.over(nodes, low=ends[0], high=ends[1], unit=whole.unit or (part.unit if part.cls != CLASS["pct"] else None))]


LESS = (
    Rule("less than the figure", f"(pct|num|count) (less|more) than (the|that)? {_AMOUNT}", _taken),
    Rule("below the figure", f"(pct bound_high|pct less|num bound_high) (the|that) {_AMOUNT}", _taken),
    Rule("minus", f"{_AMOUNT} minus (num|count|pct)", _taken),
)
SUMS = (
    Rule("sum", f"{_AMOUNT} plus (another|the)? {_SOFT} {_AMOUNT} (?!equal|eq)", _sum),
    Rule(
        "on top of",
        f"{_AMOUNT} (more)? on other of (the|that)? {_AMOUNT}",
        _on_top,
    ),
)
