"""Where everything of a chart stands, in units of a 750-wide picture: bars shipped, agreed steps, figures stated, axes and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.playbook.arithmetic import shown
from bot.playbook.course import Course, Point
from templates.figures import short_day
from templates.quote import clean

WIDTH, HEIGHT = 750, 430
"""A picture twice as wide as a phone's column."""

WIDE = 1_180, 400
"""The same for a page: wider and lower, its letters smaller beside the text."""

LEFT, RIGHT, TOP, BOTTOM = 74, 24, 104, 56

INK, SOFT, GRID, SHIPPED, AGREED, STATED = "#1d2733", "#5d6b7a", "#e3e8ee", "#3b7dc4", "#1d2733", "#c23b2e"

TITLE_SIZE, WORD_SIZE = 26, 22
"""Sizes of letters; at half width they are still read."""

MOST_STATED = 6
"""Stated figures with their number beside; further ones are marks alone."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A diamond of a size around its middle."""

    x: float
    y: float
    size: float
    color: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text that begins, ends, or has its middle at x; y is its base line. `halo`: it stands over other things, on a white seam."""

    x: float
    y: float
    text: str
    size: float
    color: str
    at: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    halo: bool = False


Shape = Bar | Line | Dot | Words


def drawn(course: Course, title: str | None = None, size: tuple[int, int] = (WIDTH, HEIGHT)) -> list[Shape]:
    """The shapes of a chart in the order in which they are painted. It wants one point at least."""
    points = course.points
    width, height = size
    high = _top(points)
    step = (width - LEFT - RIGHT) / len(points)

    def x(number: float) -> float:
        return LEFT + number * step

    def y(value: float) -> float:
        return height - BOTTOM - (height - BOTTOM - TOP) * min(value, high) / high

    shapes: list[Shape] = [
        Words(LEFT - 58, 38, clean(title or f"{clean(course.customer, 34)}: packages a day", 52), TITLE_SIZE, INK, bold=True)
    ]
    shapes += _legend(course)
    for value in _marks(high):
        shapes.append(Line(((LEFT, y(value)), (width - RIGHT, y(value))), GRID, 2))
        shapes.append(Words(LEFT - 10, y(value) + 7, _short(value), WORD_SIZE - 2, SOFT, "end"))
    wide = max(1.5, step * 0.68)
    for number, point in enumerate(points):
        if point.actual is not None:
            shapes.append(Bar(x(number + 0.5) - wide / 2, y(point.actual), wide, max(2.0, y(0) - y(point.actual)), SHIPPED))
    shapes.append(Line(((LEFT, y(0)), (width - RIGHT, y(0))), SOFT, 2))
    shapes.append(Line(tuple(_steps([(x(number), x(number + 1), y(point.agreed)) for number, point in enumerate(points)])), AGREED, 4))
    shapes += _days(points, [x(number + 0.5) for number in range(len(points))], weekly=course.weekly, size=size)
    shapes += _said(points, step, y, width)
    return shapes


def _said(points: Sequence[Point], step: float, y: Callable[[float], float], width: int) -> Iterator[Shape]:
    told = [number for number, point in enumerate(points) if point.stated]
    before = -1e9
    for number in told:
        low, high = points[number].stated or (0.0, 0.0)
        middle = LEFT + (number + 0.5) * step
        if high > low:
            yield Line(((middle, y(low)), (middle, y(high))), STATED, 5)
        place = y((low + high) / 2)
        yield Dot(middle, place, 11, STATED)
        words = f"said {shown((low, high))}"
        if number in told[-MOST_STATED:] and middle - before > 12 * len(words):
            end = middle + 12 * len(words) > width - RIGHT
            yield Words(
                middle + (-16 if end else 16), place - 12, words, WORD_SIZE, STATED, "end" if end else "start", bold=True, halo=True
            )
            before = middle


def _legend(course: Course) -> Iterator[Shape]:
    base, left = 76.0, LEFT - 58.0
    yield Bar(left, base - 16, 16, 16, SHIPPED)
    yield Words(left + 24, base, "shipped" + (" (weekly mean)" if course.weekly else ""), WORD_SIZE, SOFT)
    left += 312 if course.weekly else 146
    yield Line(((left, base - 8), (left + 26, base - 8)), AGREED, 4)
    yield Words(left + 34, base, "agreed", WORD_SIZE, SOFT)
    left += 144
    if any(point.stated for point in course.points):
        yield Dot(left + 8, base - 8, 10, STATED)
        yield Words(left + 26, base, "stated", WORD_SIZE, SOFT)
        left += 132
    if any(point.actual is None for point in course.points):
        yield Words(left, base, "gap: no data", WORD_SIZE, SOFT)


def _steps(levels: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float]]:
    for left, right, height in levels:
        yield left, height
        yield right, height


def _days(points: Sequence[Point], middles: Sequence[float], *, weekly: bool, size: tuple[int, int]) -> Iterator[Shape]:
    """Days under the axis, as many as fit: the first, and then where a week or month begins."""
    right = -1e9
    for point, middle in zip(points, middles, strict=True):
        begins = weekly or point.day.weekday() == 0 or len(points) <= 7
        label = short_day(point.day) if (points[-1].day - points[0].day).days < 200 else _month(point.day)
        half = 6.2 * len(label)
        if (begins or point is points[0]) and middle - half > right and middle + half < size[0]:
            yield Words(max(middle, half + 4), size[1] - BOTTOM + 32, label, WORD_SIZE - 2, SOFT, "middle")
            right = middle + half + 18


def _month(day: date) -> str:
    return f"{day:%b %Y}"


def _top(points: Sequence[Point]) -> float:
    """The height of the chart: a little over the highest figure; one absurd day may run out of it rather than flatten the others."""
    agreed = max(point.agreed for point in points)
    actual = max((point.actual or 0.0 for point in points), default=0.0)
    stated = max((point.stated[1] for point in points if point.stated), default=0.0)
    return max(agreed * 1.12, min(max(actual, stated) * 1.08, agreed * 4), 1.0)


def _marks(high: float) -> list[float]:
    """Round values for the grid lines, three to five of them."""
    size = 10.0 ** (len(str(int(high))) - 1)
    step = next(unit * size for unit in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5) if high / (unit * size) <= 5)
    step = max(step, 1.0)
    return [step * number for number in range(int(high / step) + 1)]


def _short(value: float) -> str:
    return f"{value / 1000:,.3g}k" if value >= 10_000 else f"{value:,.0f}"
