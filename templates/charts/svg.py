"""A chart as an SVG figure for pages: sharp at any size, with its alternative text inside."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from bot.playbook.course import Course
from templates.charts.layout import WIDE, Bar, Dot, Line, Shape, Words, drawn
from templates.charts.words import alt

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"


def svg(course: Course, title: str | None = None) -> Markup:
    """The figure; "" where there is nothing to draw."""
    if not course.points:
        return Markup("")
    inside = "".join(_element(shape) for shape in drawn(course, title, WIDE))
    told = escape(alt(course))
    head = f'<svg viewBox="0 0 {WIDE[0]} {WIDE[1]}" role="img" aria-label="{told}" font-family="{escape(_FONT)}">'
    return Markup(f"{head}{inside}</svg>")  # noqa: S704 - every text in it was escaped


def _element(shape: Shape) -> str:
    match shape:
        case Bar():
            return f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" fill="{shape.color}"/>'
        case Line():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            return f'<polyline points="{points}" fill="none" stroke="{shape.color}" stroke-width="{shape.width:g}"/>'
        case Dot():
            x, y, size = shape.x, shape.y, shape.size
            corners = f"{x:.1f},{y - size:.1f} {x + size:.1f},{y:.1f} {x:.1f},{y + size:.1f} {x - size:.1f},{y:.1f}"
            return f'<polygon points="{corners}" fill="{shape.color}" stroke="#fff" stroke-width="2"/>'
        case Words():
            weight = ' font-weight="600"' if shape.bold else ""
            weight += ' stroke="#fff" stroke-width="6" stroke-linejoin="round" paint-order="stroke"' if shape.halo else ""
            place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" text-anchor="{shape.at}"'
            return f'<text {place} font-size="{shape.size:g}" fill="{shape.color}"{weight}>{escape(shape.text)}</text>'
