"""The chart as Slack draws it: a data_visualization block, within its limits (docs.slack.dev, data visualization block)."""

from __future__ import annotations

from bot.playbook.arithmetic import shown
from bot.playbook.course import Course
from templates.figures import short_day
from templates.kit import Block
from templates.quote import clean

KIND = "data_visualization"

TITLE, LABEL, CATEGORIES = 50, 20, 20
"""Slack's limits: characters of a title and of a label, and points of a line."""

FEWEST = 2
"""Points below which a line says nothing."""


def native(course: Course) -> Block | None:
    """Slack's own chart of the last days with data, stated figures in the labels of their days; None where there is too little to draw.

    Every line needs a value at every point, so that days without data are left out.
    """
    points = course.known[-CATEGORIES:]
    if len(points) < FEWEST:
        return None
    labels = [_label(short_day(point.day), shown(point.stated) if point.stated else "") for point in points]

    def line(name: str, values: list[int]) -> Block:
        return {"name": name, "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]}

    return {
        "type": KIND,
        "title": clean(f"{clean(course.customer, TITLE - 16)}: packages a day", TITLE),
        "chart": {
            "type": "line",
            "series": [
                line("Shipped", [round(point.actual or 0) for point in points]),
                line("Agreed", [point.agreed for point in points]),
            ],
            "axis_config": {"categories": labels, "x_label": "Week of" if course.weekly else "Day", "y_label": "Packages a day"},
        },
    }


def without_charts(blocks: list[Block]) -> list[Block]:
    """The same blocks for a Slack that does not take charts; what they show stands in words beside them."""
    return [block for block in blocks if block.get("type") != KIND]


def _label(day: str, said: str) -> str:
    label = f"{day} · said {said}" if said else day
    return label if len(label) <= LABEL else f"{day} · {said}"[:LABEL]
