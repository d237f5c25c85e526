"""The rows of a volume file added up by account and day, as they are written; what is odd is counted, with its first row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from store.sources.volume_cells import Counts, blank, day_part, number_of
from store.sources.volume_heads import Role

Kind = Literal[
    "void",
    "label-twice",
    "no-day",
    "total-row",
    "no-count",
    "bad-count",
    "negative",
    "too-many",
    "future",
    "no-account",
    "corrected",
    "repeated",
    "added-up",
    "outlier",
    "live-cell",
    "order-guessed",
    "names-guessed",
    "sheet-unread",
]
"""What may be odd about a file; docs/volumes.md says what is done about each."""

SHARES: tuple[Role, ...] = ("on_time", "billed_right", "transit_days")
_VOID = frozenset({"void", "voided", "cancelled", "canceled", "refunded", "deleted", "yes", "y", "true", "1"})
_TOTALS = ("total", "grand total", "subtotal", "sum", "gesamt", "average", "avg", "mean")

Key = tuple[str, str]
"""Account and day, as written."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd: how many rows (or days), the first of them, and what stands there."""

    kind: Kind
    count: int
    row: int | None = None
    text: str = ""


class Oddities:
    """What was odd so far."""

    def __init__(self) -> None:
        self._found: dict[Kind, Odd] = {}

    def note(self, kind: Kind, row: int | None = None, text: str = "", count: int = 1) -> None:
        """Count it; its first place is kept."""
        before = self._found.get(kind)
        self._found[kind] = Odd(kind, count + before.count, before.row, before.text) if before else Odd(kind, count, row, text[:60])

    def all(self) -> tuple[Odd, ...]:
        """In the order in which they came up."""
        return tuple(self._found.values())


@dataclass(slots=True)
class Sum:
    """Packages of an account's day, and sums with their weights: on time and billed right in shares, transit in days."""

    packages: int = 0
    row: int = 0
    disputes: float | None = None
    shares: dict[Role, tuple[float, int]] = field(default_factory=dict)
    rest: tuple[str, ...] = ()

    def weigh(self, role: Role, value: float, weight: int) -> None:
        """Add a value of so many packages."""
        total, weights = self.shares.get(role, (0.0, 0))
        self.shares[role] = (total + value * weight, weights + weight)

    def take(self, other: Sum) -> None:
        """Add another sum to this one."""
        self.packages += other.packages
        if other.disputes is not None:
            self.disputes = (self.disputes or 0) + other.disputes
        for role, (total, weights) in other.shares.items():
            mine, my_weights = self.shares.get(role, (0.0, 0))
            self.shares[role] = (mine + total, my_weights + weights)


@dataclass(slots=True)
class Tally:
    """All rows of a file: the sums, or (of daily totals) each row of an account's day, the rows read, and what was odd."""

    by_day: dict[Key, list[Sum]] = field(default_factory=dict)
    rows: int = 0
    odd: Oddities = field(default_factory=Oddities)


def labels(rows: Iterable[Sequence[str]], at: Mapping[Role, int], first: int) -> Tally:
    """Rows of which each is a label (or a shipment of several packages). A tracking number counts once; void labels do not count."""
    tally, seen, width = Tally(), set[int](), max(at.values()) + 1
    tracking, day_at, account_at, status = at["tracking"], at["day"], at.get("account"), at.get("status")
    by_day, odd, counts, more = tally.by_day, tally.odd, Counts(), _more(at)
    number = first
    for number, row in enumerate(rows, first + 1):
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]  # noqa: PLW2901 - a short row is one with empty cells at its end
        label, day = row[tracking], row[day_at]
        if not label and not day:
            if any(row):
                odd.note("no-day", number, " ".join(row))
            continue
        if status is not None and row[status].strip().lower() in _VOID:
            odd.note("void", number, label)
            continue
        if label:
            mark = hash(label)
            if mark in seen:
                odd.note("label-twice", number, label)
                continue
            seen.add(mark)
        key = (row[account_at] if account_at is not None else "", day_part(day) if ":" in day else day)
        sums = by_day.get(key)
        if sums is None:
            sums = by_day[key] = [Sum(row=number)]
        packages = 1 if "packages" not in at else _packages(row[at["packages"]], counts, odd, number)
        sums[0].packages += packages
        if more:
            _add_more(sums[0], row, more, packages)
    tally.rows = number - first
    return tally


def totals(rows: Iterable[Sequence[str]], at: Mapping[Role, int], first: int, names: Sequence[str], counts: Counts) -> Tally:
    """Rows of which each is a day's total, or a part of it; those of a day are kept apart, to be settled by settle_totals."""
    tally, width, more = Tally(), max(at.values()) + 1, _more(at)
    day_at, account_at, packages_at = at["day"], at.get("account"), at["packages"]
    rest = [place for place in range(len(names)) if place not in at.values()]
    number = first
    for number, row in enumerate(rows, first + 1):
        if not any(row):
            continue
        if len(row) < max(width, len(names)):
            row = [*row, *[""] * (max(width, len(names)) - len(row))]  # noqa: PLW2901 - as above
        cell, day = row[packages_at], row[day_at].strip()
        account = row[account_at] if account_at is not None else ""
        if not day or day.lower().startswith(_TOTALS) or account.strip().lower() in _TOTALS:
            tally.odd.note("total-row" if any(one.strip().lower().startswith(_TOTALS) for one in row) else "no-day", number, " ".join(row))
            continue
        if blank(cell):
            tally.odd.note("no-count", number, day)
            continue
        packages = counts.read(cell)
        if packages is None:
            tally.odd.note("bad-count", number, cell)
            continue
        found = Sum(packages, number, rest=tuple([row[place] for place in rest]))
        if more:
            _add_more(found, row, more, packages)
        tally.by_day.setdefault((account, day_part(day)), []).append(found)
    tally.rows = number - first
    return tally


def settle_totals(tally: Tally, key: Key, apart: Sequence[int]) -> Sum:
    """The total of an account's day. Rows that differ in one of the columns `apart` (a service, a warehouse) are parts and add up.

    Of rows that do not, the last is a correction of the ones before it.
    """
    there = tally.by_day[key]
    if len(there) == 1:
        return there[0]
    parts: dict[tuple[str, ...], Sum] = {}
    for one in there:
        part = tuple(one.rest[place].strip().lower() for place in apart)
        if part in parts:
            same = parts[part].packages == one.packages
            tally.odd.note("repeated" if same else "corrected", one.row, f"{parts[part].packages:,} → {one.packages:,}")
        parts[part] = one
    if len(parts) > 1:
        tally.odd.note("added-up", there[0].row)
    first, *others = parts.values()
    for one in others:
        first.take(one)
    return first


def parts_apart(tally: Tally, names: Sequence[str], is_fact: Callable[[str], bool]) -> list[int]:
    """The columns (places in Sum.rest) that tell parts of a day apart: words, not numbers, days or notes, where a day has several rows."""
    several = [one for there in tally.by_day.values() if len(there) > 1 for one in there]
    found = []
    for place, name in enumerate(names):
        cells = {one.rest[place].strip() for one in several} - {""}
        if len(cells) > 1 and not any(map(is_fact, cells)) and not _NOTES.intersection(name.lower().replace("_", " ").split()):
            found.append(place)
    return found


_NOTES = frozenset({"note", "notes", "comment", "comments", "remark", "remarks", "updated", "modified", "by", "user", "weekday", "source"})


def _more(at: Mapping[Role, int]) -> list[tuple[Role, int]]:
    return [(role, at[role]) for role in (*SHARES, "disputes") if role in at]


def _add_more(found: Sum, row: Sequence[str], more: Sequence[tuple[Role, int]], packages: int) -> None:
    for role, place in more:
        value = None if blank(row[place]) else number_of(row[place])
        if value is None:
            continue
        if role == "disputes":
            found.disputes = (found.disputes or 0) + value
        else:
            found.weigh(role, value, max(packages, 1))


def _packages(cell: str, counts: Counts, odd: Oddities, row: int) -> int:
    """The packages of one shipment; a row of it that says none is one package."""
    if blank(cell):
        return 1
    read = counts.read(cell)
    if read is None or read < 0:
        odd.note("bad-count" if read is None else "negative", row, cell)
        return 0
    return read
