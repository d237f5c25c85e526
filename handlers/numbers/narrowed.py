"""Which numbers somebody wants: out of typed words, or out of the marks that menus carry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.playbook.clock.calendar import months_after
from bot.playbook.numbers.facts import Facts
from bot.playbook.numbers.metrics import BY, By, choices
from templates.numbers.card import Wanted, mark
from templates.numbers.words import BY_NAMES, NAMELESS

Choices = Mapping[By, Sequence[str]]

_GROUPED = re.compile(r"\bby (rep|trade|size|quarter)s?\b")
_QUARTER = re.compile(r"\bq([1-4]) ?(\d{4})\b")
_FILLERS = re.compile(r"\b(?:all|my|the|of|deals?|numbers?|for|and|in)\b|[,;]")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """By what to group (None: nothing said), what to narrow down to, and typed words that are neither."""

    by: By | None = None
    chosen: dict[By, str] = field(default_factory=dict)
    unknown: str = ""


def choices_of(there: Sequence[Facts]) -> dict[By, tuple[str, ...]]:
    """What there is to choose among these deals."""
    return {by: choices(there, by) for by in BY}


def understood(text: str, known: Choices, today: date) -> Narrowed:
    """What was typed, in any order and case: names of the asker's own deals, "by trade", "last quarter"."""
    left = f" {_quarters(text.casefold(), today)} "
    by, chosen = None, dict[By, str]()
    grouped = _GROUPED.search(left)
    if grouped:
        by = next(one for one in BY if one == grouped[1])
        left = left.replace(grouped[0], " ")
    names = [(one or NAMELESS[kind], kind, one) for kind in BY for one in known[kind]]
    for shown, kind, name in sorted(names, key=lambda one: -len(one[0])):
        found = re.search(rf"(?<!\w){re.escape(shown.casefold())}(?!\w)", left)
        if found and kind not in chosen:
            chosen[kind] = name
            left = f"{left[: found.start()]} {left[found.end() :]}"
    left = _first_names(left, known, chosen)
    for kind in chosen:
        left = re.sub(rf"\b{BY_NAMES[kind].casefold()}\b", " ", left)
    return Narrowed(by, chosen, " ".join(_FILLERS.sub(" ", left).split()))


def chosen_by(wanted: Wanted, known: Choices) -> Narrowed | None:
    """What the marks of menus stand for; None where one stands for nothing among these deals."""
    chosen: dict[By, str] = {}
    for kind, marked in wanted.marks.items():
        name = next((one for one in known[kind] if mark(one) == marked), None)
        if name is None:
            return None
        chosen[kind] = name
    return Narrowed(wanted.by, chosen)


def _quarters(text: str, today: date) -> str:
    """With quarters as they are called: "Q4 2026" is "2026 q4"."""
    text = _QUARTER.sub(r"\2 q\1", text)
    for words, ago in (("this quarter", 0), ("last quarter", 3)):
        day = months_after(today.replace(day=1), -ago)
        text = text.replace(words, f"{day.year} q{(day.month + 2) // 3}")
    return text


def _first_names(left: str, known: Choices, chosen: dict[By, str]) -> str:
    """A rep may be called by any part of the name that no other rep has."""
    if "rep" in chosen:
        return left
    for word in left.split():
        meant = [name for name in known["rep"] if word in name.casefold().split()]
        if len(meant) == 1:
            chosen["rep"] = meant[0]
            return left.replace(f" {word} ", " ")
    return left
