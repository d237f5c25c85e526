"""What is said about volumes that come in: what was understood, what is odd, what became of them. Plain lines, not yet for Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MOST_ACCOUNTS = 12
"""Accounts named one by one."""

_ROLES = {
    "day": "day",
    "account": "account",
    "packages": "packages",
    "tracking": "tracking number",
    "status": "status",
    "on_time": "on time",
    "billed_right": "billed right",
    "disputes": "billing disputes",
    "transit_days": "transit days",
}

_ODD: Mapping[str, tuple[str, str]] = {
    "void": ("{n} void label is not counted", "{n} void labels are not counted"),
    "label-twice": ("{n} label stands twice and counts once", "{n} labels stand twice and count once"),
    "no-day": ("{n} row has no day that I can read{at}", "{n} rows have no day that I can read, the first{at}"),
    "total-row": ("{n} total row is left out", "{n} total rows are left out"),
    "no-count": ("{n} day has no figure, so it stays without data", "{n} days have no figure, so they stay without data"),
    "bad-count": ("{n} row has no whole number of packages{at}", "{n} rows have no whole number of packages, the first{at}"),
    "negative": ("{n} row is below zero and left out{at}", "{n} rows are below zero and left out, the first{at}"),
    "too-many": ("{n} day has more packages than can be{at}", "{n} days have more packages than can be, the first{at}"),
    "future": ("{n} day lies ahead and is left out{at}", "{n} days lie ahead and are left out, the first{at}"),
    "no-account": ("{n} day names no account and is left out{at}", "{n} days name no account and are left out, the first{at}"),
    "corrected": (
        "{n} day stands twice with different figures; the last one counts{at}",
        "{n} days stand twice with different figures; the last one counts; the first{at}",
    ),
    "repeated": ("{n} row stands twice and counts once", "{n} rows stand twice and count once"),
    "added-up": ("{n} day comes in parts, which I added up", "{n} days come in parts, which I added up"),
    "outlier": (
        "{n} day is far above the others, please check it{at}",
        "{n} days are far above the others, please check them, the first{at}",
    ),
    "live-cell": ("{n} account name begins like a formula{at}", "{n} account names begin like a formula, the first{at}"),
    "sheet-unread": ("{n} other sheet was not read{at}", "{n} other sheets were not read, the first{at}"),
    "names-guessed": (
        "the columns have no names, so I went by what stands in them",
        "the columns have no names, so I went by what stands in them",
    ),
    "order-guessed": ("the days can be read two ways; I took them as {text}", "the days can be read two ways; I took them as {text}"),
}


@dataclass(frozen=True, slots=True)
class OddView:
    """Something odd: what kind, how often, its first row, and what stands there."""

    kind: str
    count: int
    row: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account of a file: its days and packages, and whose it is: a customer's name, "ignored", or None while nobody knows."""

    name: str
    days: int
    packages: int
    deal: str | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a file."""

    name: str
    labels: bool
    columns: Mapping[str, str]
    rows: int
    first: date
    last: date
    days: int
    packages: int
    accounts: Sequence[AccountView]
    odd: Sequence[OddView] = ()
    sheet: str | None = None


def summary(view: Understood) -> list[str]:
    """What was understood, line by line, the most telling first."""
    sheet = f", sheet “{view.sheet}”" if view.sheet else ""
    what = f"{_count(view.rows, 'row')}, {'a row for each label' if view.labels else 'daily totals'}{sheet}"
    found = [
        f"{view.packages:,} packages on {_count(view.days, 'day')}, {span(view.first, view.last)} ({what})",
        "Columns: " + ", ".join(f"{_ROLES[role]} = “{name}”" for role, name in view.columns.items()),
    ]
    found += [_account(one) for one in view.accounts[:MOST_ACCOUNTS] if one.name or one.deal]
    more = len(view.accounts) - MOST_ACCOUNTS
    return [*found, *([f"… and {_count(more, 'account')} more"] if more > 0 else [])]


def oddities(odd: Sequence[OddView]) -> list[str]:
    """What is odd, a line each."""
    return [odd_line(one) for one in odd]


def odd_line(one: OddView) -> str:
    """As "2 days lie ahead and are left out, the first in row 17: 2026-12-24"."""
    text = one.text.replace("-", " ") if one.kind == "order-guessed" else one.text
    place = f" in row {one.row}" if one.row else ""
    at = f"{place}: {text}" if text else place
    line = _ODD[one.kind][one.count != 1].format(n=f"{one.count:,}", at=at, text=text)
    return line[:1].upper() + line[1:]


def changing(days: Sequence[tuple[date, int, int]]) -> list[str]:
    """Days that are known already and would change, as day, packages before and after: the first one with its figures."""
    if not days:
        return []
    day, before, after = days[0]
    figures = f"{day.day} {day:%b %Y}, {before:,} → {after:,}"
    return [
        f"1 day known already changes: {figures}" if len(days) == 1 else f"{len(days):,} days known already change, the first {figures}"
    ]


def counted(new: int, replaced: int, same: int, waiting: int, ignored: int) -> str:
    """What became of an import: "12 days new, 1 corrected, 30 as before, 5 kept until their account has a deal"."""
    parts = [
        (new, f"{_count(new, 'day')} new"),
        (replaced, f"{replaced:,} corrected"),
        (same, f"{same:,} as before"),
        (waiting, f"{waiting:,} kept until their account has a deal"),
        (ignored, f"{ignored:,} of accounts that are ignored"),
    ]
    return ", ".join(words for number, words in parts if number) or "nothing in it"


def span(first: date, last: date) -> str:
    """As "2 - 13 Nov 2026"."""
    if first == last:
        return f"{first.day} {first:%b %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
    return f"{first.day}{month}{year} - {last.day} {last:%b %Y}"


def _account(one: AccountView) -> str:
    whose = "ignored" if one.ignored else one.deal or "no deal yet"
    name = f"“{one.name}”" if one.name else "No account named"
    return f"{name}: {one.packages:,} packages on {_count(one.days, 'day')} → {whose}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
