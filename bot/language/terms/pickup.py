"""When the driver is said to come: at a time of day ("noon sharp"), on days of the week ("Tuesdays and Thursdays")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language.clauses import Clause
from bot.language.evidence import Scene
from bot.language.statement import Statement
from bot.language.terms.spot import sentences
from bot.language.wording import words

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

PICKUP = words(
    """
    pickup, pickups, pick-up, pick-ups, pick up, picks up, picked up, collect, collects, collection, collections, driver, truck, van,
    trailer, lorry, slot, collecting
    """
)
_HAPPENED = words(
    """
    came, was here, was at, left, arrived, showed up, picked up at, collected at, today, yesterday, this morning, this afternoon, late,
    early, missed, waited, rang, tomorrow, this week, next week, running, behind, delayed, eta, out at, rolled, pulled, dropped
    """
)
_HABIT = words(
    """
    every day, each day, always, comes, pickup time, pickup is, pickups are, collection is, collections are, sharp, slot,
    that's when, from now on, going forward, as in the contract, window
    """
)
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
_PLURAL = re.compile(r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s\b", re.IGNORECASE)
_SPAN_OF_DAYS = re.compile(rf"\b{_DAY}\.?\s?(?:-|–|to|till|until|thru|through)\s?{_DAY}\b", re.IGNORECASE)
_LISTED = re.compile(rf"\b{_DAY}\.?(?:\s?(?:,|and|&|/|\+|-)\s?(?:and )?{_DAY}\b)+", re.IGNORECASE)
_WEEKEND = re.compile(
    r"\b(saturday|sunday)s?\s+(?:pick-?ups?|collections?)\b|\b(?:pick|collect)s?(?: up)?(?: \w+){0,2} (saturday|sunday)s\b", re.IGNORECASE
)
_ONE_DAY = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b(?P<noon>noon|midday)\b|\b(?P<half>half past|quarter past|quarter to) (?P<word>[a-z]+|\d{1,2})\b"
    r"|\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<noon_side>[ap]\.?m\b\.?)"
    r"|\b(?P<full_hour>[01]?\d|2[0-3]):(?P<full_minute>[0-5]\d)\b",
    re.IGNORECASE,
)
_HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


def clock_times(text: str) -> list[tuple[int, ...]]:
    """The times of day in `text`, each as the minutes of the day that it may mean (3:30 may be half past three at night)."""
    return [minutes for match in _CLOCK.finditer(text) if (minutes := _minutes(match))]


def _minutes(match: re.Match[str]) -> tuple[int, ...]:
    if match["noon"]:
        return (720,)
    if match["half"]:
        word = match["word"].lower()
        hour = int(word) if word.isdigit() else _HOURS.index(word) if word in _HOURS else None
        if hour is None or hour > 24:
            return ()
        at = hour * 60 + {"half past": 30, "quarter past": 15, "quarter to": -15}[match["half"].lower()]
        return tuple(sorted({at % 1440, (at + 720) % 1440} if hour <= 12 else {at % 1440}))
    if match["hour"]:
        at = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0)
        return (at + (720 if match["noon_side"].lower().startswith("p") else 0),)
    hour, at = int(match["full_hour"]), int(match["full_hour"]) * 60 + int(match["full_minute"])
    return (at,) if hour > 12 or match["full_hour"].startswith("0") else tuple(sorted({at, (at + 720) % 1440}))


def week_days(text: str) -> frozenset[str]:
    """The days of the week that `text` names as a rule: a span, a list, or plurals; empty where none."""
    spans = _SPAN_OF_DAYS.search(text)
    if spans:
        first, last = (WEEK.index(day.capitalize()) for day in spans.groups())
        return frozenset(WEEK[(first + ahead) % 7] for ahead in range((last - first) % 7 + 1))
    listed = _LISTED.search(text)
    if listed:
        return frozenset(match[1].capitalize() for match in _ONE_DAY.finditer(listed[0]))
    return frozenset(match[1][:3].capitalize() for match in _PLURAL.finditer(text))


def pickup_claims(pieces: list[Clause], scene: Scene) -> Iterator[Statement]:
    """Each sentence that says when is picked up as a rule, not when it was once; `notes` carry "time" or "days" and the values."""
    for sentence in sentences(pieces, scene, PICKUP):
        days = week_days(sentence.text) or frozenset(_named(found) for found in _WEEKEND.finditer(sentence.text))
        if days:
            yield sentence.claim("pickup", ("days", *sorted(days, key=WEEK.index)), 0.55, "pickup days")
        times = clock_times(sentence.text)
        at = sorted(set.intersection(*map(set, times))) if times else []
        if at and (sentence.claimed or (scene.has(_HABIT, sentence.text) and not scene.has(_HAPPENED, sentence.text))):
            yield sentence.claim("pickup", ("time", *map(str, at)), 0.55, "pickup time")


def _named(found: re.Match[str]) -> str:
    return (found[1] or found[2])[:3].capitalize()
