"""What comes to pass in a rehearsal, as people write it down: one line per event, days as dates or as days of the test ("day3").

The format is described in docs/clock.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.deal import Deal
from bot.playbook.clock.calendar import WorkingDays
from bot.playbook.clock.history import Actual, Delay, Happened, Mark, Next, OpenFinding, Own, RungMark, Stated
from bot.playbook.clock.rehearsal import Beat, Closed, Value
from bot.playbook.scenarios import FINDINGS
from store.sources import values
from store.sources.plain import NotReadable, load
from store.sources.values import Wrong, closest, shown

_DAY = re.compile(r"day\s?(-?\d{1,4})", re.IGNORECASE)
_PACKAGES = values.whole("packages a day", "140", 0)
_WORDS = values.words("a few words", 300)
_RANGE = re.compile(r"(\d{1,7})\s*[-–]\s*(\d{1,7})")

KINDS = (
    "pickup", "volume", "satisfied", "affirmed", "ramped", "short", "sent", "called", "done", "postponed", "add", "heard", "settled",
    "objection", "acknowledged", "resolved", "stated", "packages", "down",
)  # fmt: skip
"""What may happen: each entry has one of these beside its day."""

_MORE: Mapping[str, tuple[str, ...]] = {
    "done": ("reason",),
    "postponed": ("to", "reason"),
    "add": ("for",),
    "heard": ("said", "waits"),
    "objection": ("next", "by"),
    "resolved": (),
    "stated": ("by",),
    "packages": ("on_time", "billed_right"),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {"postponed": ("to",), "add": ("for",)}


@dataclass(frozen=True, slots=True)
class EventsFile:
    """The events in their order, the days on which the bot was down, and one line per mistake."""

    beats: tuple[Beat, ...] = ()
    down: frozenset[date] = frozenset()
    mistakes: tuple[str, ...] = ()


def parse_events(text: str, name: str, deal: Deal) -> EventsFile:
    """An events file for a deal; `name` stands in front of every mistake. Never raises."""
    try:
        plain = load(text, name)
    except NotReadable as reason:
        return EventsFile(mistakes=(f"{name}: {reason}",))
    if not isinstance(plain, list):
        return EventsFile(mistakes=(f"{name}: holds no list; write one line per event, such as - {{on: day1, pickup: BOL 4711}}",))
    beats: list[Beat] = []
    down: set[date] = set()
    wrong: list[str] = []
    for number, entry in enumerate(plain[:5000], start=1):
        try:
            days, made = _entry(entry, deal, str(number))
        except Wrong as reason:
            wrong.append(f"{name}: entry {number}: {reason}")
            continue
        down |= set(days) if made is None else set()
        beats += [Beat(day, value) for day in days for value in made(day)] if made else []
    return EventsFile(tuple(sorted(beats, key=lambda beat: beat.day)), frozenset(down), tuple(wrong))


def day_of(value: object, deal: Deal) -> date:
    """A date, or a day of the test: "day1" is its first as agreed. Raises Wrong."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    return deal.test.starts + timedelta(days=int(found[1]) - 1) if found else values.day(value)


Make = Callable[[date], list[Value]]


def _entry(entry: object, deal: Deal, number: str) -> tuple[list[date], Make | None]:
    """The days of an entry and what makes its values for each; None in place of that for days on which the bot was down."""
    if not isinstance(entry, dict):
        raise Wrong(f"{shown(entry)} is not an event; write for instance {{on: day1, pickup: BOL 4711}}")
    kinds = [key for key in entry if key in KINDS]
    if len(kinds) != 1:
        unknown = next((str(key) for key in entry if key not in KINDS and key not in ("on", "from", "through")), "")
        meant = closest(unknown, KINDS) if unknown else None
        raise Wrong(f"says not what happens; write one of {', '.join(KINDS)}" + (f" (did you mean {meant}?)" if meant else ""))
    [kind] = kinds
    allowed = (*(("on", "from", "through", kind)), *_MORE.get(kind, ()))
    for key in entry:
        if key not in allowed:
            raise Wrong(f"{shown(key)} does not go with {kind}; beside its day there may be {', '.join(allowed[3:])}")
    for key in _NEEDED.get(kind, ()):
        if entry.get(key) in (None, ""):
            raise Wrong(f"{key} is missing; {kind} needs it")
    days = list(_days(entry, deal, kind))
    return days, None if kind == "down" else _make(kind, entry, deal, number)


def _days(entry: dict[Any, Any], deal: Deal, kind: str) -> Iterator[date]:
    if "on" in entry:
        yield day_of(entry["on"], deal)
        return
    if entry.get("from") is None or entry.get("through") is None:
        raise Wrong("has no day; write on: day3, or from: day1 with through: day14")
    first, last = day_of(entry["from"], deal), day_of(entry["through"], deal)
    if not 0 <= (last - first).days <= 1000:
        raise Wrong(f"{first} to {last} is no stretch of days; write the earlier one first")
    shipping = WorkingDays.of(deal)
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if kind == "down" or shipping.works(day):
            yield day


def _make(kind: str, entry: dict[Any, Any], deal: Deal, number: str) -> Make:
    """Reads what an entry says, and gives what makes its values on a day. Raises Wrong."""
    if kind == "packages":
        return _packages(entry)
    if kind in ("heard", "objection", "settled"):
        return _said(kind, entry, deal, number)
    if kind in ("done", "postponed", "add"):
        return _milestone(kind, entry, deal, number)
    if kind == "stated":
        return _stated(entry)
    if kind in ("acknowledged", "resolved"):
        rung = int(str(values.whole("the round", "1", 1, 3)(entry[kind]))) if kind == "acknowledged" else 1
        return lambda day: [RungMark("acknowledged" if kind == "acknowledged" else "resolved", day, rung)]
    return _happened(kind, entry)


def _happened(kind: str, entry: dict[Any, Any]) -> Make:
    if kind == "volume":
        figure = float(str(_PACKAGES(entry[kind])))
        return lambda day: [Happened("volume", day, f"{figure:,.0f} a day", figure)]
    words = str(_WORDS(entry[kind]))
    if kind == "sent":
        return lambda day: [Happened("email", day, "email sent", about=words)]
    if kind == "called":
        return lambda day: [Happened("call", day, words)]
    made: Mapping[str, Make] = {
        "pickup": lambda day: [Happened("pickup", day, words)],
        "satisfied": lambda day: [Happened("performance", day, words)],
        "affirmed": lambda day: [Happened("ramp-affirmed", day, words)],
        "ramped": lambda day: [Happened("ramped", day, words)],
        "short": lambda day: [Happened("short", day, words)],
    }
    return made[kind]


def _milestone(kind: str, entry: dict[Any, Any], deal: Deal, number: str) -> Make:
    words = str(_WORDS(entry[kind]))
    reason = str(_WORDS(entry["reason"])) if entry.get("reason") else ""
    if kind == "done":
        return lambda day: [Mark(words, "done", day, reason)]
    then = day_of(entry["to" if kind == "postponed" else "for"], deal)
    if kind == "postponed":
        return lambda _day: [Mark(words, "postponed", then, reason)]
    return lambda _day: [Own(f"own-{number}", words, then)]


def _said(kind: str, entry: dict[Any, Any], deal: Deal, number: str) -> Make:
    scenario = str(values.one_of("scenario", tuple(FINDINGS))(entry[kind]))
    if kind == "settled":
        return lambda _day: [Closed(scenario)]
    if kind == "heard":
        said = str(_WORDS(entry["said"])) if entry.get("said") else None
        waits = str(entry.get("waits", "")).casefold() in ("true", "yes")
        return lambda day: [OpenFinding(f"heard-{number}", scenario, day, said, waits=waits)]
    if (entry.get("next") is None) != (entry.get("by") is None):
        raise Wrong("next and by go together: the next milestone, and its day")
    following = Next(str(_WORDS(entry["next"])), day_of(entry["by"], deal)) if entry.get("next") else None
    return lambda day: [Delay(f"delay-{number}", scenario, day, following)]


def _stated(entry: dict[Any, Any]) -> Make:
    found = _RANGE.fullmatch(str(entry["stated"]).strip())
    ends = (float(found[1]), float(found[2])) if found else (float(str(_PACKAGES(entry["stated"]))),) * 2
    by = str(_WORDS(entry["by"])) if entry.get("by") else ""
    return lambda day: [Stated(ends, day, by)]


def _packages(entry: dict[Any, Any]) -> Make:
    packages = int(str(_PACKAGES(entry["packages"])))
    on_time = values.share(entry["on_time"]) if entry.get("on_time") else None
    billed = values.share(entry["billed_right"]) if entry.get("billed_right") else None
    return lambda day: [Actual(day, packages, on_time, billed)]
