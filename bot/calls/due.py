"""What was due to come up on a call, by where the deal stands on its day, and did not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Literal

from bot.calls.line import Line
from bot.deal import Deal
from bot.language.quantities import find_quantities

Due = Literal["test-volume", "test-start", "pickup", "actual-volume", "criteria", "ramp", "next-step"]
"""What may be due: the agreed test volume and start, the pickup, the volume as it runs, the test's results, the ramp, a dated next step."""

SOON = timedelta(days=14)
"""From two weeks before its first day on, the test is talked of."""

NEAR_THE_END = timedelta(days=7)
"""In the last week of the test the ramp is due."""

_RAMP = re.compile(
    r"\bramp\w*|\bfull (?:volume|amount|quantity|load)|\bcommit(?:ted|ment)\b|\bafter the (?:test|trial|pilot)|"
    r"\bwhen the (?:test|trial|pilot) (?:is|ends)|\bstep(?:ping)? up\b|\bscal(?:e|ing) up\b|\bnext phase\b",
    re.IGNORECASE,
)
_PICKUP = re.compile(r"\bpick(?:ed|ing)?[ -]?ups?\b|\bdrivers?\b|\btrucks?\b|\bcollect(?:ed|ion)\b|\btrailers?\b", re.IGNORECASE)
_RUNNING = re.compile(
    r"\b(?:did|do|doing|running|ran|shipped|ship|sent|moved|averag\w+|came in|picked up|scanned|we're at|we are at|so far|per day|a day|"
    r"daily|this week|last week)\b",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"\b(?:results?|on[- ]time|late|delays?|damage[sd]?|invoic\w+|bill(?:ed|ing)|scorecard|numbers look|performance|transit)\b",
    re.IGNORECASE,
)
_START = re.compile(r"\b(?:go[- ]?live|first (?:day|truck|pickup|shipment)|kick ?off|start\w*|begin\w*|launch)\b", re.IGNORECASE)
_VOLUME_SCENARIOS = frozenset(("volume-bait-and-switch", "start-small-and-ramp", "volume-gap", "volume-confirmed"))
_RAMP_SCENARIOS = frozenset(
    ("not-ramping", "ramp-confirmed", "wait-and-see", "objection-extend-test", "objection-peak-season", "objection-too-busy")
)


def not_said(lines: Sequence[Line], deal: Deal, day: date, *, dated: bool) -> tuple[Due, ...]:
    """What was due on `day` and nobody said. `dated`: whether a next step with a day was named."""
    deal = deal.on(day)
    talk = _Talk(lines, day)
    said: dict[Due, Callable[[], bool]] = {
        "test-volume": lambda: talk.figure(deal.test.volume_per_day) or talk.found(_VOLUME_SCENARIOS),
        "test-start": lambda: talk.holds(_START) or talk.names(deal.test.starts),
        "pickup": lambda: talk.holds(_PICKUP),
        "actual-volume": lambda: talk.running() or talk.found(_VOLUME_SCENARIOS),
        "criteria": lambda: talk.holds(_RESULTS) or any(talk.holds(_telling(one)) for one in deal.test.success),
        "ramp": lambda: talk.holds(_RAMP) or talk.figure(deal.ramp_per_day) or talk.found(_RAMP_SCENARIOS),
        "next-step": lambda: dated,
    }
    return tuple(one for one in _due(deal, day) if not said[one]())


def _due(deal: Deal, day: date) -> tuple[Due, ...]:
    if day < deal.test.starts - SOON:
        return ("next-step",)
    if day < deal.test.starts:
        return ("test-volume", "test-start", *(("pickup",) if deal.pickup else ()), "next-step")
    if day < deal.test_ends - NEAR_THE_END:
        return ("actual-volume", "next-step")
    return ("actual-volume", "criteria", "ramp", "next-step") if day <= deal.ramp_starts else ("actual-volume", "ramp", "next-step")


def _telling(criterion: str) -> re.Pattern[str]:
    words = [word for word in re.findall(r"\w+", criterion) if len(word) > 4]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words or [criterion.strip() or '$.']))})", re.IGNORECASE)


class _Talk:
    """All that was said, to be asked what stands in it."""

    def __init__(self, lines: Sequence[Line], day: date) -> None:
        self._lines = lines
        self._day = day
        self._text = "\n".join(line.text for line in lines)
        self._figures = [quantity for line in lines for quantity in find_quantities(line.text)]

    def holds(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self._text) is not None

    def figure(self, per_day: int) -> bool:
        return any(one.kind == "number" and per_day in (one.low, one.high) for one in self._figures)

    def running(self) -> bool:
        """Whether a count is said in a turn about how it runs."""
        return any(
            any(one.kind == "number" and (one.low or one.high or 0) > 1 for one in find_quantities(line.text))
            for line in self._lines
            if _RUNNING.search(line.text)
        )

    def names(self, day: date) -> bool:
        return any(one.kind == "date" and one.low == day.toordinal() for one in self._figures)

    def found(self, scenarios: frozenset[str]) -> bool:
        return any(finding.scenario in scenarios for line in self._lines for finding in line.findings)
