"""The report of a call: what departs from the deal, what was confirmed, promised, asked, and left unsaid. One value, for one message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.calls.belongs import about_shipping
from bot.calls.due import Due, not_said
from bot.calls.line import Line
from bot.calls.next_steps import NextDate, Promise, next_dates, promises
from bot.calls.questions import Question, left_open
from bot.deal import Deal
from bot.playbook.finding import Finding
from bot.playbook.scenarios import SIGNALS
from bot.speakers import Face

FEWEST_WORDS = 3
"""Words of an unsure finding without a figure."""

AROUND = 4
"""Turns before and after an unsure finding in which the talk must be about shipping."""


@dataclass(frozen=True, slots=True)
class Point:
    """A finding or signal, where on the call it was said, and how often."""

    finding: Finding
    line: Line
    count: int = 1


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who spoke, and how many turns."""

    face: Face
    turns: int


@dataclass(frozen=True, slots=True)
class CallReport:
    """All that a rep should know of a call. `day`: the customer's calendar; `seconds`: how long it was, where known.

    `points` are to be set right today; `perhaps` are worth a look; `confirmed` are signals. `strangers` are not of the deal's people,
    or may be one of several. `unsaid` was due and did not come up.
    """

    day: date
    seconds: float | None
    turns: int
    voices: tuple[Voice, ...]
    points: tuple[Point, ...] = ()
    perhaps: tuple[Point, ...] = ()
    confirmed: tuple[Point, ...] = ()
    promises: tuple[Promise, ...] = ()
    dates: tuple[NextDate, ...] = ()
    questions: tuple[Question, ...] = ()
    unsaid: tuple[Due, ...] = ()

    @property
    def strangers(self) -> tuple[Voice, ...]:
        """Who spoke and is not surely one of the deal's people."""
        return tuple(voice for voice in self.voices if voice.face.person is None)


def report(lines: Sequence[Line], deal: Deal, seen: Collection[Face], day: date) -> CallReport:
    """The report of a call whose turns were heard (`lines`, with their findings), on `day`."""
    points = _points(lines)
    made = promises(lines, day)
    dates = next_dates(lines, day, made)
    counts = Counter(line.name for line in lines)
    spoke = sorted((one for one in seen if one.speaker.name), key=lambda one: -counts[_shown(one)])
    return CallReport(
        day=day,
        seconds=_length(lines),
        turns=len(lines),
        voices=tuple(Voice(one, counts[_shown(one)]) for one in spoke),
        points=tuple(one for one in points if one.finding.urgency == "now"),
        perhaps=tuple(one for one in points if one.finding.urgency == "digest" and _at_home(lines, one) and not _settled(points, one)),
        confirmed=tuple(one for one in points if one.finding.urgency == "log"),
        promises=made,
        dates=dates,
        questions=left_open(lines),
        unsaid=not_said(lines, deal, day, dated=bool(dates) or any(promise.by for promise in made)),
    )


def _shown(face: Face) -> str:
    return face.person.name if face.person else face.speaker.name


def _points(lines: Sequence[Line]) -> list[Point]:
    """Findings and signals in the order said; a repetition counts for the one that it repeats."""
    found: list[Point] = []
    for line in lines:
        for finding in line.findings:
            earlier = next((place for place, one in enumerate(found) if _again(finding, one.finding)), None)
            if earlier is not None:
                found[earlier] = Point(found[earlier].finding, found[earlier].line, found[earlier].count + 1)
            elif finding.suppressed is None:
                found.append(Point(finding, line))
    return found


def _again(finding: Finding, earlier: Finding) -> bool:
    if (finding.scenario, finding.subject, finding.side) != (earlier.scenario, earlier.subject, earlier.side):
        return False
    return finding.suppressed == "repeat" or (finding.scenario in SIGNALS and finding.said_per_day == earlier.said_per_day)


def _at_home(lines: Sequence[Line], point: Point) -> bool:
    """Whether it says something, amid talk about shipping: what is unsure and stands among other talk, or is a hum, is left out."""
    if len(point.finding.quote.split()) < FEWEST_WORDS and point.finding.said_per_day is None:
        return False
    at = next(place for place, line in enumerate(lines) if line is point.line)
    around = " ".join(line.text for line in lines[max(0, at - AROUND) : at + AROUND + 1])
    return about_shipping(around) > 1


def _settled(points: Sequence[Point], point: Point) -> bool:
    """Whether the words that put the start in doubt say that packages are picked up: it has started."""
    here = {one.finding.scenario for one in points if one.line is point.line}
    return point.finding.subject == "test.start" and "pickup-confirmed" in here


def _length(lines: Sequence[Line]) -> float | None:
    times: list[datetime] = [line.at for line in lines if line.at]
    return (max(times) - min(times)).total_seconds() if len(times) > 1 and max(times) > min(times) else None
