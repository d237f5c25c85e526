"""A chart in words: a line of bars for any message, and the alternative text that says what the picture shows."""

from __future__ import annotations

from bot.playbook.arithmetic import shown
from bot.playbook.course import Course, Point
from templates.figures import rate, short_day
from templates.quote import clean

BARS = "▁▂▃▄▅▆▇█"
NO_DATA = "·"

LAST = 20
"""Points of a line of text: more are wider than a phone."""


def sparkline(course: Course, most: int = LAST) -> str:
    """The last points as bars beside the agreed figure: a full bar is what was agreed, or more; "·" is a day without data."""
    points = course.points[-most:]
    return "".join(_bar(point) for point in points)


def in_a_line(course: Course) -> str:
    """The bars and what they are: "▂▂·▅ 12 to 80 packages a day since 2 Nov, agreed 150"; "" where there are no data."""
    points = course.points[-LAST:]
    known = [point for point in points if point.actual is not None]
    if not known:
        return ""
    low, high = min(_actual(point) for point in known), max(_actual(point) for point in known)
    figures = f"{shown((round(low), round(high))).replace('-', ' to ')} a day"
    return f"`{sparkline(course)}` {figures} since {short_day(points[0].day)}, agreed {agreed_words(points)}"


def alt(course: Course) -> str:
    """What the chart shows, for those who do not see it."""
    name = clean(course.customer, 80)
    known = course.known
    if not known:
        return f"{name}: no volume data yet. Agreed: {agreed_words(course.points)} packages a day."
    last = known[-1]
    under = sum(_actual(point) < point.agreed * 0.9 for point in known)
    what = "weeks" if course.weekly else "days"
    missing = len(course.points) - len(known)
    said = [f"{rate(point.stated)} on {short_day(point.day)}" for point in course.points if point.stated][-3:]
    span = f"{short_day(course.points[0].day)} to {short_day(course.points[-1].day)}"
    parts = [
        f"{name}: packages shipped {'a day, by week' if course.weekly else 'by day'}, {span}",
        f"Agreed {agreed_words(course.points)}",
        f"Latest {_actual(last):,.0f} ({short_day(last.day)})",
        f"{under} of {len(known)} {what} with data more than 10% under the agreement",
        f"{missing} {what if missing != 1 else what[:-1]} without data" if missing else "",
        f"Stated: {', '.join(said)}" if said else "",
    ]
    return ". ".join(part for part in parts if part) + "."


def agreed_words(points: tuple[Point, ...]) -> str:
    """The agreed levels in their order: "150, then 500"."""
    levels: list[int] = []
    for point in points:
        if not levels or levels[-1] != point.agreed:
            levels.append(point.agreed)
    return ", then ".join(f"{level:,}" for level in levels[-4:])


def _bar(point: Point) -> str:
    if point.actual is None:
        return NO_DATA
    share = point.actual / point.agreed if point.agreed else 1.0
    return BARS[min(len(BARS) - 1, int(share * (len(BARS) - 1) + 0.05))]


def _actual(point: Point) -> float:
    return point.actual or 0.0
