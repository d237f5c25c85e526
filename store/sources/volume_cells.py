"""The cells of a volume file: days, their order decided over the whole column, and counts and shares as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Order = Literal["month-first", "day-first"]

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_TWO_WAYS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,9},?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?[-\s./]*([^\W\d_]{3,10})|([^\W\d_]{3,10})[-\s./]*(\d{1,2})(?:st|nd|rd|th)?)\.?,?[-\s/]*(\d{4}|\d{2})"
)
_SERIAL = re.compile(r"[345]\d{4}")
_TIME = re.compile(r"[T\s,]+\d{1,2}:\d\d.*$")
_FIRST_SERIAL = date(1899, 12, 30)
_MONTH_NAMES = """jan ene janv, feb fev febr, mar mrz mars, apr abr avr, may mai, jun juin, jul juil, aug ago aout, sep sept set, oct okt,
nov, dec dic dez"""
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(","), 1) for name in names.split()}
_GROUPED = re.compile(r"\d{1,3}([.,'\u2019 \u00a0\u202f]\d{3})(?:\1?[.,'\u2019 \u00a0\u202f]\d{3})*(?:[.,]0{1,2})?")
_WHOLE = re.compile(r"\d{1,15}(?:[.,]0{1,6})?")
_UNIT = re.compile(r"\s*(?:packages?|pkgs?|parcels?|pcs|pieces?|labels?|boxes)\.?$", re.IGNORECASE)
_BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "nan", "#n/a", "."})
_YES, _NO = frozenset({"y", "yes", "true", "1", "on time", "ontime"}), frozenset({"n", "no", "false", "0", "late"})


def day_part(cell: str) -> str:
    """A cell without the time of day that may follow the day."""
    return _TIME.sub("", cell.strip()) if ":" in cell else cell.strip()


def is_day(cell: str) -> bool:
    """Whether a cell can be a day, in whichever order."""
    return any(_read(day_part(cell), order) is not None for order in ("month-first", "day-first"))


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a column by how they are written; `order` where some can be read two ways, `sure` whether the column itself tells it."""

    by_text: Mapping[str, date]
    order: Order | None = None
    sure: bool = True
    mixed: tuple[str, str] | None = None
    """Two cells that cannot be of the same order."""


def read_days(texts: Iterable[str], today: date) -> Days:
    """Read a column of days (see day_part). What is no day is left out.

    The order of 03/04/2026 is decided by the whole column: a number over 12, dots, days that would lie ahead, else the shorter stretch of
    days; month first when nothing tells.
    """
    there = list(texts)
    both = [(text, found) for text in there if (found := _TWO_WAYS.fullmatch(text)) and not _ISO.fullmatch(text)]
    if not both:
        return Days({text: day for text in there if (day := _read(text, "month-first"))})
    day_first = next((text for text, found in both if int(found[1]) > 12), None)
    month_first = next((text for text, found in both if int(found[3]) > 12), None)
    if day_first and month_first:
        return Days({}, mixed=(day_first, month_first))
    sure = bool(day_first or month_first) or all(found[2] == "." for _, found in both)
    order: Order = "day-first" if day_first or (sure and not month_first) else "month-first"
    if not sure:
        order = _likelier([text for text, _ in both], today)
    return Days({text: day for text in there if (day := _read(text, order))}, order, sure)


def _likelier(texts: list[str], today: date) -> Order:
    orders: tuple[Order, Order] = ("month-first", "day-first")
    read = {order: [day for text in texts if (day := _read(text, order))] for order in orders}
    ahead = {order: sum(day > today for day in days) for order, days in read.items()}
    if ahead["month-first"] != ahead["day-first"]:
        return min(orders, key=lambda order: ahead[order])
    spans = {order: max(days) - min(days) if days else timedelta(0) for order, days in read.items()}
    return min(orders, key=lambda order: spans[order])


def _read(text: str, order: Order) -> date | None:
    if (found := _ISO.fullmatch(text) or _PACKED.fullmatch(text)) is not None:
        return _day(found[1], found[2], found[3])
    if (found := _TWO_WAYS.fullmatch(text)) is not None:
        month, number = (found[1], found[3]) if order == "month-first" else (found[3], found[1])
        return _day(found[4], month, number)
    if (found := _NAMED.fullmatch(text)) is not None:
        name = (found[2] or found[3]).lower()
        month_number = _MONTHS.get(name) or _MONTHS.get(name[:3]) or _MONTHS.get(name[:4])
        return _day(found[5], month_number, found[1] or found[4]) if month_number else None
    if _SERIAL.fullmatch(text):
        return _FIRST_SERIAL + timedelta(days=int(text))
    return None


def _day(year: str, month: str | int, day: str) -> date | None:
    whole = int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(whole, int(month), int(day))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2099 else None


@dataclass(slots=True)
class Counts:
    """Reads a column of counts, each way of writing once. `thousandths` tells that its numbers end in decimals: 150.000 is 150."""

    thousandths: bool = False
    known: dict[str, int | None] = field(default_factory=dict)

    def read(self, cell: str) -> int | None:
        """Packages, negative ones too; None for what is no whole number."""
        if cell not in self.known:
            self.known[cell] = packages_of(cell.replace(".000", "") if self.thousandths else cell)
        return self.known[cell]


def ends_in_thousandths(cells: Iterable[str]) -> bool:
    """Whether every number of a column ends in .000, which no column of thousands does unless it is short."""
    dotted = [cell.strip() for cell in cells if not blank(cell)]
    return len(dotted) >= 3 and all(re.fullmatch(r"\d+\.000", cell) for cell in dotted)


def packages_of(cell: str) -> int | None:
    """A whole number: 1172, "1,172", "1 172", "1.172", "1172.0", "150 pkgs", "(5)" and "-5" for less than none; None for anything else."""
    if len(cell) > 40:
        return None
    text = _UNIT.sub("", cell.strip())
    negative = text.startswith(("-", "\u2212")) or (text.startswith("(") and text.endswith(")"))
    text = text.strip("-\u2212+() ")
    if _GROUPED.fullmatch(text):
        whole = re.sub(r"[.,]0{1,2}$", "", text) if re.search(r"[.,]0{1,2}$", text) else text
        number = int(re.sub(r"\D", "", whole))
    elif _WHOLE.fullmatch(text):
        number = int(re.split(r"[.,]", text)[0])
    else:
        return None
    return -number if negative else number


def number_of(cell: str) -> float | None:
    """A number with decimals, "98.5 %", "98,5" or "2.1 days"; yes and no are 1 and 0. None for anything else."""
    text = cell.strip().lower().removesuffix("days").rstrip("% ").strip()
    if text in _YES or text in _NO:
        return float(text in _YES)
    try:
        found = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return None
    return found if 0 <= found < 1e9 else None


def blank(cell: str) -> bool:
    """Whether a cell says nothing."""
    return cell.strip().lower() in _BLANK
