"""A file of what was shipped (daily totals, or a row for each label) into a line for each account and day, with all that is odd about it.

Nothing is guessed in silence: the columns taken, the order of days and what was left out are told, to be confirmed before anything is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Literal

from bot.cells import LIVE
from store.sources.plain import NotReadable
from store.sources.volume_cells import Counts, Days, Order, day_part, ends_in_thousandths, is_day, number_of, packages_of, read_days
from store.sources.volume_heads import Heads, Role, find_heads, score
from store.sources.volume_rows import HEAD_ROWS, Progress, Row, Table, opened
from store.sources.volume_tally import SHARES, Key, Odd, Sum, Tally, labels, parts_apart, settle_totals, totals
from store.volume_records import MOST, Line

MOST_ACCOUNTS = 20_000
"""Accounts of one file; more are no accounts."""

FAR_ABOVE = 10
"""Times the usual day of an account that make a day look wrong."""


class NoColumns(NotReadable):
    """A table of something else: it has no days, or nothing that counts packages."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a file says of one account: its days and packages."""

    name: str
    days: int
    packages: int


@dataclass(frozen=True, slots=True)
class VolumeFile:
    """What was understood of a file: what its rows are, the columns by role, its lines, and what is odd.

    `order` is that of days which can be read two ways.
    """

    kind: Literal["labels", "totals"]
    columns: Mapping[Role, str]
    rows: int
    lines: tuple[Line, ...]
    odd: tuple[Odd, ...]
    order: Order | None = None
    sheet: str | None = None

    @property
    def first(self) -> date:
        """Its first day."""
        return min(line.day for line in self.lines)

    @property
    def last(self) -> date:
        """Its last day."""
        return max(line.day for line in self.lines)

    @property
    def packages(self) -> int:
        """All of its packages."""
        return sum(line.packages for line in self.lines)

    def accounts(self) -> list[Account]:
        """The accounts, the largest first."""
        sums: dict[str, list[int]] = {}
        for line in self.lines:
            there = sums.setdefault(line.account, [0, 0])
            there[0] += 1
            there[1] += line.packages
        found = [Account(name, days, packages) for name, (days, packages) in sums.items()]
        return sorted(found, key=lambda one: (-one.packages, one.name))


def read_volumes(path: Path, today: date, progress: Progress = lambda _rows, _share: None) -> VolumeFile:
    """Read a file; days after `today` are left out. `progress` is told rows and share read. Raises NotReadable, in one sentence.

    A million rows of CSV take some seconds: call it in a process of its own where others must not wait (see handlers.volumes).
    """
    with opened(path, score, progress) as table:
        return understood(table, today)


def understood(table: Table, today: date) -> VolumeFile:
    """What the rows of a table say was shipped. Raises NotReadable, in one sentence."""
    head = list(islice(table.rows, HEAD_ROWS))
    heads = find_heads(head)
    if heads is None:
        raise NoColumns(_unclear(head))
    names = head[heads.row - 1] if heads.row else [f"column {place + 1}" for place in range(len(head[0]))]
    tally = _tallied(chain(head[heads.row :], table.rows), heads, names, head)
    if heads.guessed:
        tally.odd.note("names-guessed")
    for name in table.unread[:1]:
        tally.odd.note("sheet-unread", text=name, count=len(table.unread))
    by_labels = "tracking" in heads.at
    days = _days(tally, today)
    lines = tuple(_lines(tally, _sums(tally, heads, names, by_labels=by_labels), days, today))
    if not lines:
        raise NotReadable("holds no row with a day and a count that can be used")
    _outliers(tally, lines)
    return VolumeFile("labels" if by_labels else "totals", heads.names, tally.rows, lines, tally.odd.all(), days.order, table.sheet)


def _tallied(rows: Iterator[Row], heads: Heads, names: Sequence[str], head: Sequence[Row]) -> Tally:
    if "tracking" in heads.at:
        return labels(rows, heads.at, heads.row)
    place = heads.at["packages"]
    counts = Counts(ends_in_thousandths(row[place] for row in head[heads.row :] if len(row) > place))
    return totals(rows, heads.at, heads.row, names, counts)


def _days(tally: Tally, today: date) -> Days:
    days = read_days(dict.fromkeys(day.strip() for _, day in tally.by_day), today)
    if days.mixed:
        one, other = days.mixed
        raise NotReadable(f'writes its days in two orders ("{one}" and "{other}"); write them all one way, best as 2026-11-30')
    if not days.sure:
        tally.odd.note("order-guessed", text=days.order or "")
    return days


def _sums(tally: Tally, heads: Heads, names: Sequence[str], *, by_labels: bool) -> dict[Key, Sum]:
    if by_labels:
        return {key: there[0] for key, there in tally.by_day.items()}
    rest = [name for place, name in enumerate(names) if place not in heads.at.values()]
    apart = parts_apart(tally, rest, lambda cell: packages_of(cell) is not None or number_of(cell) is not None or is_day(day_part(cell)))
    return {key: settle_totals(tally, key, apart) for key in tally.by_day}


def _lines(tally: Tally, sums: Mapping[Key, Sum], days: Days, today: date) -> Iterator[Line]:
    """A line for each account and day; ways of writing the same account or day come together."""
    together: dict[tuple[str, date], Sum] = {}
    named: dict[str, str] = {}
    several = len({key[0].strip() for key in sums} - {""}) > 1
    only = next((key[0] for key in sums if key[0].strip()), "") if not several else ""
    for (written, text), one in sums.items():
        day = days.by_text.get(text.strip())
        account = " ".join((written if written.strip() else only).split())[:200]
        wrong = _wrong(one, day, text, today) or (("no-account", text) if several and not account else None)
        if wrong is not None:
            tally.odd.note(wrong[0], one.row, wrong[1])
            continue
        assert day is not None
        account = named.setdefault(account.casefold(), account)
        there = together.setdefault((account, day), one)
        if there is not one:
            there.take(one)
    for name in named.values():
        if LIVE.match(name):
            tally.odd.note("live-cell", text=name)
    if len(named) > MOST_ACCOUNTS:
        raise NotReadable(f"names {len(named):,} accounts, which cannot be; is the column of accounts the right one?")
    scale = {role: _scale(role, together.values()) for role in SHARES}
    for (account, day), one in sorted(together.items(), key=lambda item: item[0]):
        yield _line(account, day, one, scale)


def _wrong(one: Sum, day: date | None, text: str, today: date) -> tuple[Literal["no-day", "future", "negative", "too-many"], str] | None:
    if day is None:
        return "no-day", text
    if day > today:
        return "future", day.isoformat()
    if one.packages < 0:
        return "negative", f"{one.packages:,}"
    return ("too-many", f"{one.packages:,}") if one.packages > MOST else None


def _scale(role: Role, sums: Iterable[Sum]) -> float:
    """What a column of shares is divided by: 100 where it is in percent, which any figure above 1 tells."""
    if role == "transit_days":
        return 1.0
    means = [total / weights for one in sums for total, weights in [one.shares.get(role, (0.0, 0))] if weights]
    return 100.0 if any(mean > 1 for mean in means) else 1.0


def _line(account: str, day: date, one: Sum, scale: Mapping[Role, float]) -> Line:
    shares: dict[Role, float | None] = {}
    for role in SHARES:
        total, weights = one.shares.get(role, (0.0, 0))
        mean = total / weights / scale[role] if weights else None
        most = 60.0 if role == "transit_days" else 1.0
        shares[role] = round(mean, 6) if mean is not None and mean <= most else None
    if shares["billed_right"] is None and one.disputes is not None and one.packages:
        shares["billed_right"] = round(max(0.0, 1 - one.disputes / one.packages), 6)
    return Line(account, day, one.packages, shares["on_time"], shares["billed_right"], shares["transit_days"])


def _outliers(tally: Tally, lines: Sequence[Line]) -> None:
    """Days that are far above the others of their account: kept, and told."""
    by_account: dict[str, list[int]] = {}
    for line in lines:
        by_account.setdefault(line.account, []).append(line.packages)
    usual = {account: median(there) for account, there in by_account.items() if len(there) >= 3}
    for line in lines:
        if line.packages >= 1000 and line.packages > FAR_ABOVE * max(usual.get(line.account, line.packages), 1):
            tally.odd.note("outlier", text=f"{line.day.isoformat()}: {line.packages:,}")


def _unclear(head: Sequence[Row]) -> str:
    """Why no columns were found, and how to mend it."""
    widest = max(head, key=lambda row: sum(bool(cell.strip()) for cell in row), default=[])
    if sum(is_day(cell) for cell in widest) >= 3:
        return "has its days side by side; put each day in a row of its own: date, account, packages"
    named = ", ".join(_shown(cell) for cell in widest[:6] if cell.strip())
    there = f" (it has: {named})" if named else ""
    return f"has no column for the day and for packages or tracking numbers{there}; name them, for instance, date, account, packages"


def _shown(cell: str) -> str:
    return "".join(sign for sign in cell.strip() if sign.isprintable())[:30]
